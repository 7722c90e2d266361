"""A generated region as the matcher's arrays, without a database: what loading a saved region would give (a test says so).

Ids are rows: person 7 is candidate 7. Only what a CV or a vacancy shows goes in; abilities, tastes and drive stay behind.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.choices import Language, Sector
from matching.engine import Candidates, Programmes, SkillSpace, Vacancies
from matching.engine.scale import STEPS_PER_LEVEL
from profiles.interests import score
from simulation.firms import Post
from simulation.people import Person
from simulation.schools import Course
from simulation.world import World

LANGUAGES = {code: column for column, code in enumerate(Language.values)}
SECTORS = {code: bit for bit, code in enumerate(Sector.values)}
TRAVEL_MODES = {"bike": 0, "transit": 1, "car": 2}


@dataclass(frozen=True)
class Scene:
    """How rows of the world are called in the engine: skills in a space, papers as bits."""

    world: World
    space: SkillSpace
    skill_row: NDArray[np.int64]  # (n_s,) row in the space
    bits: dict[str, int]

    @property
    def words(self) -> int:
        """How many 64-bit words a mask of papers takes."""
        return max(1, -(-len(self.bits) // 64))


def scene_of(world: World, space: SkillSpace) -> Scene:
    """Raises ValueError when the space lacks a skill of the world."""
    rows = np.searchsorted(space.ids, world.skill_ids)
    if len(world.skill_ids) and (rows.max() >= len(space.ids) or (space.ids[rows] != world.skill_ids).any()):
        raise ValueError("the skill space lacks a skill of the world")
    ordered = sorted(world.papers, key=world.papers.__getitem__)
    return Scene(world, space, rows.astype(np.int64), {key: bit for bit, key in enumerate(ordered)})


def candidates_of(scene: Scene, people: list[Person], year: int) -> Candidates:
    """CVs of these people as of `year`."""
    world = scene.world
    skills = [sorted((scene.skill_row[s], *fields) for s, fields in person.skills.items()) for person in people]
    wishes = [sorted(set(person.wishes)) for person in people]
    flat = [entry for one in skills for entry in one]
    wished = np.array([row for one in wishes for row in one], dtype=np.int64)
    place = np.array([person.place for person in people], dtype=np.int64)
    return Candidates(
        ids=np.arange(len(people), dtype=np.int64),
        indptr=_indptr(skills),
        skill=_ints([entry[0] for entry in flat]),
        level=_ints([entry[1] * STEPS_PER_LEVEL for entry in flat]),
        joy=_ints([entry[2] for entry in flat]),
        years_unused=_ints([min(99, max(0, year - entry[3])) for entry in flat]),
        education=_ints([person.education or 0 for person in people]),
        languages=_languages([person.languages for person in people], empty=-1),
        certificates=_masks(scene, [person.papers for person in people]),
        interests=_table([score(person.interest_answers) for person in people]),
        values=_table([person.values for person in people]),
        wish_indptr=_indptr(wishes),
        wish=world.occupation_ids[wished],
        wish_isco=_ints([world.isco[row] or 0 for row in wished]),
        wished_sectors=np.zeros(len(people), dtype=np.uint64),
        hours_min=_ints([person.hours[0] for person in people]),
        hours_max=_ints([person.hours[1] for person in people]),
        days=_ints([person.days for person in people]),
        latitude=world.latitude[place],
        longitude=world.longitude[place],
        max_minutes=_ints([person.travel_minutes for person in people]),
        travel_mode=_ints([TRAVEL_MODES[person.travel_mode] for person in people]),
        ready_to_learn=_ints([person.ready_to_learn for person in people]),
        initiatives=_ints([len(person.initiatives) for person in people]),
    )


def vacancies_of(scene: Scene, posts: list[Post]) -> Vacancies:
    """Vacancies and functions, open or not."""
    world = scene.world
    asked = [sorted((scene.skill_row[s], *fields) for s, fields in post.requirements.items()) for post in posts]
    flat = [entry for one in asked for entry in one]
    place = np.array([post.place for post in posts], dtype=np.int64)
    occupation = np.array([post.occupation for post in posts], dtype=np.int64)
    spoken = [{code: level for code, (level, _hard) in post.languages.items()} for post in posts]
    strict = [{code: int(hard) for code, (_level, hard) in post.languages.items()} for post in posts]
    return Vacancies(
        ids=np.arange(len(posts), dtype=np.int64),
        indptr=_indptr(asked),
        skill=_ints([entry[0] for entry in flat]),
        importance=_ints([entry[1] for entry in flat]),
        min_level=_ints([entry[2] * STEPS_PER_LEVEL for entry in flat]),
        hard=np.array([entry[3] for entry in flat], dtype=bool),
        education=_ints([post.education or 0 for post in posts]),
        education_hard=np.array([post.education_hard for post in posts], dtype=bool),
        languages=_languages(spoken, empty=0),
        languages_hard=_languages(strict, empty=0) > 0,
        certificates=_masks(scene, [list(post.papers) for post in posts]),
        certificates_hard=_masks(scene, [[key for key, hard in post.papers.items() if hard] for post in posts]),
        interests=np.rint(world.interests[occupation]).astype(np.int32),
        values=_table([post.values for post in posts]),
        occupation=world.occupation_ids[occupation],
        isco=_ints([world.isco[row] or 0 for row in occupation]),
        sector=_ints([SECTORS.get(world.sectors[row]) for row in occupation]),
        hours_min=_ints([post.hours[0] for post in posts]),
        hours_max=_ints([post.hours[1] for post in posts]),
        days=_ints([post.days for post in posts]),
        latitude=world.latitude[place],
        longitude=world.longitude[place],
        remote=np.array([post.remote for post in posts], dtype=bool),
    )


def programmes_of(scene: Scene, courses: list[Course]) -> Programmes:
    """What schools offer; skills as rows of the space."""
    taught = [sorted((scene.skill_row[s], level) for s, level in course.skills.items()) for course in courses]
    flat = [entry for one in taught for entry in one]
    return Programmes(
        ids=np.arange(len(courses), dtype=np.int64),
        indptr=_indptr(taught),
        skill=_ints([entry[0] for entry in flat]),
        level=_ints([entry[1] * STEPS_PER_LEVEL for entry in flat]),
        certificates=_masks(scene, [course.papers for course in courses]),
        languages=_languages([{} for _course in courses], 0),
        entry_languages=_languages([{} for _course in courses], 0),
        grants_education=_ints([(course.level or 0) if course.grants_level else 0 for course in courses]),
        entry_education=_ints([course.entry_level or 0 for course in courses]),
    )


def _indptr(rows: list[list]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)


def _ints(values: list) -> NDArray[np.int32]:
    return np.array([-1 if value is None else value for value in values], dtype=np.int32)


def _table(rows: list) -> NDArray[np.int32]:
    filled = [[-1 if value is None else round(value) for value in row] for row in rows]
    return np.array(filled, dtype=np.int32).reshape(-1, 6)


def _languages(rows: list[dict[str, int]], empty: int) -> NDArray[np.int32]:
    table = np.full((len(rows), len(LANGUAGES)), empty, dtype=np.int32)
    for row, levels in enumerate(rows):
        for code, level in levels.items():
            table[row, LANGUAGES[code]] = level
    return table


def _masks(scene: Scene, rows: list[list[str]]) -> NDArray[np.uint64]:
    table = np.zeros((len(rows), scene.words), dtype=np.uint64)
    for row, keys in enumerate(rows):
        for key in keys:
            table[row, scene.bits[key] // 64] |= np.uint64(1 << (scene.bits[key] % 64))
    return table
