"""A country of people and work for measuring: nothing in it is anybody, everything has the shape of the real thing.

Skills come through occupations. Where the real data lies (`DATA_DIR`, or beside the checkout as for the tests) these are ESCO's own
relations (3,039 occupations, 13,939 skills) and the country's postcodes; elsewhere a drawn taxonomy and drawn places of the
same size, which let 2 % through where the real ones let 3 %. Every choice comes from the seed.
"""

import csv
import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.engine import Candidates, SkillSpace, Vacancies

N_SKILLS, N_OCCUPATIONS, N_PLACES = 13_939, 3_039, 4_072
NEAR = 8  # most skills beside the skill itself that count for it: 39 skills become 255
SKILLS_OF_PERSON, REQUIREMENTS = 45, 23  # drawn; without what was drawn twice 39 and 20 are left
LANGUAGES, PAPERS = 15, 40
SEED = 20_260_101
DATA = Path(os.environ.get("DATA_DIR") or Path(__file__).resolve().parents[3] / "shared" / "data")


@dataclass(frozen=True)
class Taxonomy:
    """Occupations with their skills (CSR), the skill space, and places with how many people live there."""

    source: str
    indptr: NDArray[np.int64]
    skill: NDArray[np.int32]
    space: SkillSpace
    places: NDArray[np.float64]  # (n_places, 2)
    share: NDArray[np.float64]  # (n_places,)


@cache
def taxonomy() -> Taxonomy:
    rng = np.random.default_rng(SEED)
    if (DATA / "esco/en/occupationSkillRelations_en.csv").exists():
        source = "ESCO relations, real postcodes"
        indptr, skill, groups = _esco(DATA)
        places = np.array([row["c"] for row in json.loads((DATA / "geo/pc4.json").read_text()).values()])
    else:
        source = "drawn taxonomy and places"
        indptr, skill, groups = _drawn(rng)
        towns = np.column_stack([rng.uniform(50.8, 53.5, 700), rng.uniform(3.6, 7.1, 700)])
        size = 1 / (np.arange(700) + 4.0)
        places = towns[rng.choice(700, N_PLACES, p=size / size.sum())] + rng.normal(0, 0.02, (N_PLACES, 2))
    share = rng.lognormal(0, 1, len(places))
    n_skills = len(groups)
    counts = np.bincount(skill, minlength=n_skills)
    idf = np.clip(np.rint(2 * np.log(N_OCCUPATIONS / np.maximum(counts, 1))), 1, 15).astype(np.int32)
    return Taxonomy(source, indptr, skill, _space(rng, groups, idf), places, share / share.sum())


def people(n: int, seed: int = SEED) -> Candidates:
    """People with 39 skills on average from one or two occupations; a fifth of every part is not filled in."""
    facts, rng = taxonomy(), np.random.default_rng((seed, n, 1))
    occupation = _zipf(rng, len(facts.indptr) - 1, (n, 2))
    indptr, skill = _skills(rng, facts, occupation, SKILLS_OF_PERSON)
    k = len(skill)
    place = facts.places[rng.choice(len(facts.places), n, p=facts.share)]
    hours = np.sort(rng.choice([8, 16, 20, 24, 28, 32, 36, 40], (n, 2)), axis=1)
    wishes = rng.integers(0, 3, n)
    wish_indptr = np.concatenate([[0], np.cumsum(wishes)])
    owner = np.repeat(np.arange(n), wishes)
    wish = np.where(rng.random(len(owner)) < 0.6, occupation[owner, 0], occupation[owner, 1]).astype(np.int64)
    return Candidates(
        ids=np.arange(1, n + 1) * 3, indptr=indptr, skill=skill,
        level=(3 * rng.integers(1, 6, k, dtype=np.int32)),
        joy=rng.choice(np.array([-1, -1, -1, 0, 1, 2], dtype=np.int32), k),
        years_unused=rng.choice(np.array([0, 0, 0, 2, 5, 12], dtype=np.int32), k),
        education=rng.integers(0, 8, n, dtype=np.int32),
        languages=_languages(rng, n), certificates=_papers(rng, n, 0.18),
        interests=_known(rng, rng.integers(0, 101, (n, 6), dtype=np.int32)),
        values=_known(rng, rng.integers(0, 101, (n, 6), dtype=np.int32)),
        wish_indptr=wish_indptr, wish=wish, wish_isco=(1000 + wish % 2900 * 3).astype(np.int32),
        wished_sectors=np.where(rng.random(n) < 0.5, 1 << rng.integers(0, 20, n), 0).astype(np.uint64),
        hours_min=hours[:, 0].astype(np.int32), hours_max=hours[:, 1].astype(np.int32),
        days=rng.choice(np.array([31, 31, 31, 127, 7, 96], dtype=np.int32), n),
        latitude=place[:, 0], longitude=place[:, 1],
        max_minutes=_known(rng, rng.choice(np.array([20, 30, 45, 60], dtype=np.int32), n)),
        travel_mode=rng.integers(0, 3, n, dtype=np.int32), ready_to_learn=rng.integers(-1, 5, n, dtype=np.int32),
        initiatives=rng.integers(0, 3, n, dtype=np.int32),
    )  # fmt: skip


def work(n: int, seed: int = SEED, some_hard: bool = True) -> Vacancies:
    """Vacancies with 20 requirements from one occupation; some papers, languages, levels or skills are indispensable."""
    facts, rng = taxonomy(), np.random.default_rng((seed, n, 2))
    occupation = _zipf(rng, len(facts.indptr) - 1, (n, 2))
    occupation[:, 1] = occupation[:, 0]
    indptr, skill = _skills(rng, facts, occupation, REQUIREMENTS)
    k = len(skill)
    place = facts.places[rng.choice(len(facts.places), n, p=facts.share)]
    hours = np.sort(rng.choice([16, 24, 32, 36, 40], (n, 2)), axis=1)
    languages = np.zeros((n, LANGUAGES), dtype=np.int32)
    languages[:, 0] = rng.choice([0, 2, 3, 4], n)
    papers = _papers(rng, n, 0.02)
    hard = rng.random(n) < (0.4 if some_hard else 0.0)
    return Vacancies(
        ids=np.arange(1, n + 1) * 7, indptr=indptr, skill=skill, importance=rng.integers(1, 4, k, dtype=np.int32),
        min_level=3 * rng.integers(1, 6, k, dtype=np.int32),
        hard=(rng.random(k) < 0.01) & some_hard,
        education=rng.integers(0, 7, n, dtype=np.int32), education_hard=hard & (rng.random(n) < 0.3),
        languages=languages, languages_hard=(languages > 0) & hard[:, None],
        certificates=papers, certificates_hard=np.where(hard[:, None], papers, 0).astype(np.uint64),
        interests=_known(rng, rng.integers(0, 101, (n, 6), dtype=np.int32), 0.05),
        values=_known(rng, rng.integers(0, 101, (n, 6), dtype=np.int32), 0.3),
        occupation=occupation[:, 0].astype(np.int64), isco=(1000 + occupation[:, 0] % 2900 * 3).astype(np.int32),
        sector=rng.integers(0, 20, n, dtype=np.int32),
        hours_min=hours[:, 0].astype(np.int32), hours_max=hours[:, 1].astype(np.int32),
        days=rng.choice(np.array([31, 31, 127], dtype=np.int32), n),
        latitude=place[:, 0], longitude=place[:, 1], remote=np.zeros(n, dtype=bool),
    )  # fmt: skip


def _zipf(rng, n: int, shape: tuple[int, int]) -> NDArray[np.int64]:
    """Occupations, the common ones more often: rank r in proportion to 1 / (r + 20)."""
    share = 1 / (np.arange(n) + 20.0)
    order = np.random.default_rng(SEED).permutation(n)
    return order[rng.choice(n, shape, p=share / share.sum())]


def _skills(rng, facts: Taxonomy, occupation: NDArray[np.int64], mean: int) -> tuple[NDArray, NDArray]:
    """Skills of each row: `mean` draws, three of four from the first occupation; every skill once."""
    n = len(occupation)
    indptrs, skills, done = [np.zeros(1, dtype=np.int64)], [], 0
    draws = mean + mean // 2  # twice the same falls away
    for low in range(0, n, 100_000):  # in pieces, for memory
        some = occupation[low : low + 100_000]
        which = some[np.arange(len(some))[:, None], (rng.random((len(some), draws)) < 0.25).astype(int)]
        first, last = facts.indptr[which], facts.indptr[which + 1]
        drawn = np.sort(facts.skill[first + (rng.random(which.shape) * (last - first)).astype(np.int64)], axis=1)
        new = np.diff(drawn, axis=1, prepend=-1) != 0
        most = rng.integers(mean - 12, mean + 24, len(some)) if mean > 20 else np.full(len(some), mean)
        new &= np.cumsum(new, axis=1) <= most[:, None]
        skills.append(drawn[new])
        indptrs.append(done + np.cumsum(new.sum(axis=1)))
        done = int(indptrs[-1][-1])
    return np.concatenate(indptrs), np.concatenate(skills).astype(np.int32)


def _known(rng, values: NDArray[np.int32], unknown: float = 0.2) -> NDArray[np.int32]:
    values[rng.random(len(values)) < unknown] = -1
    return values


def _languages(rng, n: int) -> NDArray[np.int32]:
    spoken = np.full((n, LANGUAGES), -1, dtype=np.int32)
    spoken[:, 0] = rng.choice([2, 3, 4, 5, 6], n, p=[0.05, 0.1, 0.15, 0.2, 0.5])
    spoken[:, 1] = rng.integers(-1, 6, n)
    return _known(rng, spoken)


def _papers(rng, n: int, share: float) -> NDArray[np.uint64]:
    mask = np.zeros((n, 1), dtype=np.uint64)
    for bit in range(PAPERS):
        mask[:, 0] |= (rng.random(n) < share).astype(np.uint64) << np.uint64(bit)
    return mask


def _space(rng, groups: NDArray[np.int64], idf: NDArray[np.int32]) -> SkillSpace:
    """Up to six near skills from the same group, in steps 6-13, the same both ways."""
    n = len(groups)
    order = np.lexsort((np.arange(n), groups))
    a, b, steps = [np.arange(n)], [np.arange(n)], [np.full(n, 15)]
    for gap in range(1, NEAR // 2 + 1):
        left, right = order[:-gap], order[gap:]
        same = groups[left] == groups[right]
        left, right = left[same], right[same]
        step = rng.integers(6, 14, len(left))
        a += [left, right]
        b += [right, left]
        steps += [step, step]
    a, b, steps = np.concatenate(a), np.concatenate(b), np.concatenate(steps)
    sort = np.lexsort((b, a))
    return SkillSpace(
        ids=np.arange(1, n + 1), idf=idf, near_indptr=np.searchsorted(a[sort], np.arange(n + 1)),
        near=b[sort].astype(np.int32), similarity=steps[sort].astype(np.int32),
    )  # fmt: skip


def _drawn(rng) -> tuple[NDArray, NDArray, NDArray]:
    sizes = rng.integers(15, 70, N_OCCUPATIONS)
    indptr = np.concatenate([[0], np.cumsum(sizes)])
    home = np.repeat(rng.integers(0, N_SKILLS, N_OCCUPATIONS), sizes)
    own = (home + rng.integers(0, 120, indptr[-1])) % N_SKILLS
    common = (rng.zipf(1.3, indptr[-1]) - 1) % N_SKILLS
    skill = np.where(rng.random(indptr[-1]) < 0.8, own, common)
    return indptr, skill.astype(np.int32), np.arange(N_SKILLS) // 30


def _esco(folder: Path) -> tuple[NDArray, NDArray, NDArray]:
    pairs = [(row["occupationUri"], row["skillUri"]) for row in _rows(folder, "occupationSkillRelations_en.csv")]
    skills = {uri: row for row, uri in enumerate(sorted({uri for _occupation, uri in pairs}))}
    occupations = {uri: row for row, uri in enumerate(sorted({uri for uri, _skill in pairs}))}
    broader = {row["conceptUri"]: row["broaderUri"] for row in _rows(folder, "broaderRelationsSkillPillar_en.csv")}
    names = {uri: row for row, uri in enumerate(sorted({broader.get(uri, "") for uri in skills}))}
    groups = np.array([names[broader.get(uri, "")] for uri in skills])
    table = np.array(sorted({(occupations[occupation], skills[skill]) for occupation, skill in pairs}))
    return np.searchsorted(table[:, 0], np.arange(len(occupations) + 1)), table[:, 1].astype(np.int32), groups


def _rows(folder: Path, name: str) -> list[dict]:
    with (folder / "esco/en" / name).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
