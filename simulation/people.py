"""Jobseekers whose skills, interests, wishes and papers hang together as in life."""

from dataclasses import dataclass, field

import numpy as np

from profiles.interests import ITEMS, TYPES
from simulation.names import FIRST_NAMES, INITIATIVES, LAST_NAMES
from simulation.world import SECTOR_PAPERS, World

SHARE_IN_WRONG_WORK = 0.3  # whose interests point elsewhere than their work
SHARE_WITH_JOB = 0.55
SHARE_OTHER_MOTHER_TONGUE = 0.14
MOTHER_TONGUES = ["pl", "ar", "tr", "uk", "ti", "en", "de", "fa"]


@dataclass(frozen=True)
class Person:
    """One jobseeker; occupations, skills and places are rows of the world."""

    name: str
    place: int
    jobs: list[tuple[int, int, int | None]]  # (occupation, start year, end year or None for now)
    skills: dict[int, tuple[int, int | None, int, bool]]  # skill -> (level 1-5, joy or None, last year, unused at work)
    true_ability: float  # what no CV shows; the hiring process feels it in part
    interests: np.ndarray  # (6,) 0-100
    interest_answers: dict[str, int]  # what the questionnaire heard of them; empty when it was not filled in
    values: list[int | None]
    education: int
    languages: dict[str, int]
    papers: list[str]
    wishes: list[int]
    hours: tuple[int, int]
    days: int
    travel_mode: str
    travel_minutes: int
    ready_to_learn: int | None
    initiatives: list[tuple[str, str, int]]
    drive: float = field(default=0.0)  # latent, [-2, 2]


def draw_person(world: World, rng: np.random.Generator, year: int) -> Person:
    """One person as of `year`."""
    n = len(world.occupation_ids)
    first = int(rng.choice(n, p=world.demand / world.demand.sum()))
    near = world.nearness[first].copy()
    near[first] = 0
    second = int(rng.choice(n, p=near / near.sum())) if rng.random() < 0.6 and near.sum() > 0 else None
    experience = int(np.clip(rng.gamma(2.2, 4.5), 0, 38))
    ability, drive = rng.normal(), rng.normal()
    wished_from = first if rng.random() > SHARE_IN_WRONG_WORK else int(rng.integers(n))
    interests = np.clip(world.interests[wished_from] + rng.normal(0, 14, 6), 0, 100)
    has_job = rng.random() < SHARE_WITH_JOB

    jobs, skills = _career(world, rng, year, first, second, experience, has_job, ability, interests)
    sector = world.sectors[first]
    papers = [
        key
        for key, share in SECTOR_PAPERS.get(sector, {}).items()
        if key in world.papers and rng.random() < min(0.95, share + 0.25 + 0.01 * experience)
    ]
    if "rijbewijs_b" in world.papers and "rijbewijs_b" not in papers and rng.random() < 0.55:
        papers.append("rijbewijs_b")
    hours_max = int(rng.choice([20, 24, 28, 32, 36, 40], p=[0.08, 0.12, 0.1, 0.25, 0.2, 0.25]))
    days = 31 & ~(int(rng.choice([0, 1, 4, 16])) if hours_max <= 32 else 0)
    mode = str(rng.choice(["bike", "transit", "car"], p=[0.35, 0.2, 0.45]))
    near_wish = np.argsort(-world.nearness[wished_from])[: int(rng.integers(1, 4))]
    return Person(
        name=f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}",
        place=int(rng.choice(len(world.postcodes), p=world.place_weights)),
        jobs=jobs,
        skills=skills,
        true_ability=ability,
        interests=interests,
        interest_answers=_answers(rng, interests) if rng.random() < 0.85 else {},
        values=[int(v) for v in rng.choice([20, 50, 80, 100], 6)] if rng.random() < 0.75 else [None] * 6,
        education=int(np.clip(world.levels[first] + rng.choice([-1, 0, 0, 0, 1]), 1, 8)),
        languages=_languages(rng),
        papers=papers,
        wishes=[int(row) for row in near_wish] if rng.random() < 0.8 else [],
        hours=(max(8, hours_max - int(rng.choice([0, 8, 16]))), hours_max),
        days=days | (32 if rng.random() < 0.3 else 0),
        travel_mode=mode,
        travel_minutes=int(rng.choice([20, 30, 45, 60], p=[0.2, 0.4, 0.3, 0.1])),
        ready_to_learn=int(np.clip(round(2.4 + drive), 0, 4)) if rng.random() < 0.8 else None,
        initiatives=[
            (*INITIATIVES[int(rng.integers(len(INITIATIVES)))], year - int(rng.integers(2)))
            for _ in range(int(np.clip(round(rng.normal(0.4 + 0.7 * drive, 0.5)), 0, 3)))
        ],
        drive=float(np.clip(drive, -2, 2)),
    )


def _answers(rng: np.random.Generator, interests: np.ndarray) -> dict[str, int]:
    """Thirty choices (0, 1 or 2) that follow the interests with the noise of a quick tap."""
    liking = dict(zip(TYPES, interests / 100, strict=True))
    return {item: int(rng.binomial(2, liking[item.partition("_")[0]])) for item in ITEMS}


def _career(world, rng, year, first, second, experience, has_job, ability, interests):
    """Jobs in time and the skills they left, with a level by experience and joy by interest."""
    split = int(experience * rng.uniform(0.3, 0.7)) if second is not None else 0
    gap = 0 if has_job else int(rng.choice([0, 1, 2, 4], p=[0.4, 0.3, 0.2, 0.1]))
    start = year - gap - experience
    jobs = [(first, start + split, None if has_job else year - gap)]
    tastes = _tastes(world, interests)
    if second is not None and split > 0:
        jobs.insert(0, (second, start, start + split))
    skills: dict[int, tuple[int, int | None, int, bool]] = {}
    for occupation, job_start, job_end in jobs:
        years = (job_end or year) - job_start
        for rows, kept in ((world.essential[occupation], 0.86), (world.optional[occupation], 0.38)):
            for skill in rows[rng.random(len(rows)) < kept]:
                skilled = 2.3 + 0.75 * np.log1p(years) + 0.5 * ability + rng.normal(0, 0.6)
                level = min(5, max(1, round(skilled)))
                skills[int(skill)] = (level, _joy(rng, tastes[skill]), job_end or year, False)
    for skill in rng.choice(len(world.skill_ids), size=int(rng.integers(0, 4)), replace=False):
        skills.setdefault(int(skill), (int(rng.integers(1, 4)), 2, year, has_job))
    current = {int(s) for s in [*world.essential[jobs[-1][0]], *world.optional[jobs[-1][0]]]}
    if has_job:
        skills = {s: (lv, joy, last, s not in current) for s, (lv, joy, last, _) in skills.items()}
    return jobs, skills


def _tastes(world: World, interests: np.ndarray) -> np.ndarray:
    """Correlation of somebody's interests with those of each skill, (n_s,)."""
    mine = interests - interests.mean()
    theirs = world.skill_interests - world.skill_interests.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(theirs, axis=1) * np.linalg.norm(mine)
    return (theirs @ mine) / np.maximum(norms, 1e-9)


def _joy(rng: np.random.Generator, correlation: float) -> int | None:
    if rng.random() < 0.45:
        return None
    taste = correlation + rng.normal(0, 0.45)
    return 2 if taste > 0.75 else 0 if taste < -0.2 else 1


def _languages(rng: np.random.Generator) -> dict[str, int]:
    if rng.random() < SHARE_OTHER_MOTHER_TONGUE:
        return {"nl": int(rng.choice([1, 2, 3, 4], p=[0.2, 0.3, 0.3, 0.2])), str(rng.choice(MOTHER_TONGUES)): 6}
    spoken = {"nl": int(rng.choice([4, 5, 6], p=[0.2, 0.4, 0.4])), "en": int(rng.integers(1, 6))}
    if rng.random() < 0.3:
        spoken["de"] = int(rng.integers(1, 5))
    return spoken
