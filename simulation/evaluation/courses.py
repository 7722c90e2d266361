"""What a course was promised to bring, and what it brings: the simulator knows both lives of the same person."""

from dataclasses import replace

import numpy as np

from matching.engine import ChanceParameters, gains, score_vacancies
from simulation.arrays import programmes_of
from simulation.evaluation.setting import TODAY, Setting
from simulation.facts import facts_of, shortfalls
from simulation.people import Person
from simulation.processes import Process
from simulation.schools import Course, draw_courses

COURSES = 300
PEOPLE = 150
LEAST_SHOWN = 0.03  # smaller promises are lost in the margin and are not shown


def judge_courses(setting: Setting, model: ChanceParameters, process: Process) -> list[dict]:
    """Mean promised and true gain in chance, for four ways in which people come to a course.

    "every course": all that matter, nobody chooses. "best promise": everybody takes what was promised most, so that the promise
    that erred upwards is chosen. "who is driven": so do only those with more drive than most. "takers against others": what a
    naive comparison would call the gain, the later chance of the driven who took it less that of the others who did not.
    """
    rng = np.random.default_rng([setting.seed, 3])
    courses = draw_courses(setting.scene.world, rng, COURSES, TODAY)
    programmes = programmes_of(setting.scene, courses)
    told, promises = [], []
    for person in rng.choice(len(setting.persons), min(PEOPLE, len(setting.persons)), replace=False).tolist():
        post = _wanted(setting, person)
        for gain in gains(setting.people, person, setting.work, post, programmes, model, 0.0, 0.0, 2):
            if gain.gain >= LEAST_SHOWN:
                told.append((person, post, gain.bundle[0]))
                promises.append(gain.gain)
    if not told:
        return []
    promised = np.array(promises)
    person, post, course = np.array(told).T
    before = _chance(setting, process, setting.persons, person, post)
    later = [learned(setting.persons[p], courses[k]) for p, k in zip(person, course, strict=True)]
    after = _chance(setting, process, later, np.arange(len(later)), post)
    first = np.concatenate([[True], person[1:] != person[:-1]])  # largest promise first, per person
    drive = setting.facts.drive[person]
    driven = drive > np.median(drive[first])
    real = after - before
    rows = [
        _row(name, promised, real, chosen)
        for name, chosen in (("every course", np.ones(len(real), dtype=bool)), ("best promise", first),
                             ("who is driven", first & driven))
    ]  # fmt: skip
    naive = float(after[first & driven].mean() - before[first & ~driven].mean())
    return [*rows, rows[-1] | {"way": "takers against others", "realised": naive, "bias": rows[-1]["promised"] - naive}]


def learned(person: Person, course: Course) -> Person:
    """The same person after the course: what it teaches at its level, papers and diploma; nothing hidden changes."""
    skills = dict(person.skills)
    for skill, level in course.skills.items():
        had, joy, _last, unused = skills.get(skill, (0, None, 0, False))
        skills[skill] = (max(had, level), joy, TODAY.year, unused)
    education = max(person.education, course.level or 0) if course.grants_level else person.education
    return replace(person, skills=skills, papers=[*person.papers, *course.papers], education=education)


def _wanted(setting: Setting, person: int) -> int:
    """The open vacancy that somebody wants most of those where skills are the question: highest passion."""
    open_rows = np.array([row for row, post in enumerate(setting.posts) if post.closed is None])
    scores = score_vacancies(setting.people, person, setting.work, open_rows)
    return int(open_rows[np.lexsort((scores.ids, -scores.passion))[0]])


def _chance(setting: Setting, process: Process, persons: list[Person], c, v) -> np.ndarray:
    facts = setting.facts if persons is setting.persons else facts_of(
        setting.scene.world, persons, setting.firms, setting.posts
    )  # fmt: skip
    told = np.ones(len(c))
    return process.chance(process.log_odds(facts, c, v, shortfalls(facts, c, v), told, told, np.zeros(len(c))))


def _row(way: str, promised, real, chosen) -> dict:
    return {
        "way": way, "n": int(chosen.sum()), "promised": float(promised[chosen].mean()),
        "realised": float(real[chosen].mean()), "bias": float((promised - real)[chosen].mean()),
    }  # fmt: skip
