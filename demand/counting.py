"""Counting over the arrays of the matcher: which programme helps which vacancy, what is scarce, which set closes most.

Words: a programme *helps* a vacancy when it teaches a skill that the vacancy asks (or one that nearly counts as it), or a paper
that it asks. A vacancy is *in reach* of a place when the journey by car takes at most `REACH_MINUTES`; of a programme that is
online, always. All numbers are of open vacancies; functions (no opening yet) do not count.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matching.engine import Programmes
from matching.engine.cover import FULL, greedy_cover
from matching.engine.pool import Candidates
from matching.engine.scale import STEPS_PER_LEVEL
from matching.engine.score import VacancyIndex
from matching.engine.travel import distance_km, travel_minutes
from matching.loading import TRAVEL_MODES, project
from matching.open_market import Market

REACH_MINUTES = 45
NEARLY_THE_SAME = 12  # steps of similarity of 15
INDEPENDENT = 3 * STEPS_PER_LEVEL  # the level from which somebody can do it on their own
HUNDREDTHS = 100
FEWEST, MOST = 4, 8  # skills in a proposal
WORTH_ADDING = 0.02  # of all demand: less than that is no reason for one more skill


def asked_skills(index: VacancyIndex, least: int = NEARLY_THE_SAME) -> csr_array:
    """(n_vacancies, n_skills of the space): similarity in steps of each skill to what a vacancy asks; the best counts."""
    n_requirements = len(index.vacancies.skill)
    requirement = np.repeat(np.arange(n_requirements), np.diff(index.pair_indptr))
    owner = np.repeat(np.arange(len(index.vacancies.ids)), np.diff(index.vacancies.indptr))[requirement]
    near = index.pair_similarity >= least
    rows, columns, steps = owner[near], index.pair_skill[near], index.pair_similarity[near]
    order = np.lexsort((steps, columns, rows))  # of equal places the last, highest, is kept
    rows, columns, steps = rows[order], columns[order], steps[order]
    last = np.ones(len(rows), dtype=bool)
    last[:-1] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    shape = (len(index.vacancies.ids), len(index.space.ids))
    return csr_array((steps[last], (rows[last], columns[last])), shape=shape)


def helps(market: Market, programmes: Programmes) -> NDArray[np.bool_]:
    """(n_programmes, n_vacancies): whether a programme teaches something that an open vacancy asks."""
    index = market.index
    taught = project(programmes, index.space)
    rows = np.repeat(np.arange(len(taught.ids)), np.diff(taught.indptr))
    teaches = csr_array(
        (np.ones(len(rows), dtype=np.int32), (rows, taught.skill)), shape=(len(taught.ids), len(index.space.ids))
    )
    asked = (asked_skills(index) > 0).astype(np.int32)
    found = (teaches @ asked.T).toarray() > 0
    papers = index.vacancies.certificates
    for word in range(papers.shape[1]):
        found |= (programmes.certificates[:, word, None] & papers[None, :, word]) > 0
    return found & ~market.is_function


def in_reach(market: Market, latitude, longitude) -> NDArray[np.bool_]:
    """(n_places, n_vacancies): whether the journey by car is short enough; a place that is unknown (NaN) reaches all."""
    asked = market.index.vacancies
    latitude, longitude = np.atleast_1d(latitude)[:, None], np.atleast_1d(longitude)[:, None]
    return near(latitude, longitude, asked.latitude[None, :], asked.longitude[None, :]) | asked.remote[None, :]


def near(latitude_1, longitude_1, latitude_2, longitude_2) -> NDArray[np.bool_]:
    """Whether the journey by car is short enough, for broadcastable degrees; unknown (NaN) is near."""
    km = distance_km(latitude_1, longitude_1, latitude_2, longitude_2)
    return (travel_minutes(km, np.array(TRAVEL_MODES["car"])) <= REACH_MINUTES) | np.isnan(km)


@dataclass(frozen=True)
class SkillCounts:
    """Per skill of the space: who asks it, who can do it, who teaches it."""

    vacancies: NDArray[np.int64]
    openings: NDArray[np.int64]
    people: NDArray[np.int64]
    programmes: NDArray[np.int64]


def count_skills(market: Market, people: Candidates, programmes: Programmes) -> SkillCounts:
    """Exact for vacancies and people; a programme also counts when it teaches what nearly is the skill."""
    index = market.index
    n = len(index.space.ids)
    owner = np.repeat(np.arange(len(index.vacancies.ids)), np.diff(index.vacancies.indptr))
    real = ~market.is_function[owner]
    asked = index.vacancies.skill[real]
    vacancies = np.bincount(asked, minlength=n)
    openings = np.bincount(asked, weights=market.openings[owner[real]], minlength=n).astype(np.int64)
    can = project(people, index.space)
    offered = np.bincount(can.skill[can.level >= INDEPENDENT], minlength=n)
    taught = project(programmes, index.space)
    row = np.repeat(np.arange(len(taught.ids)), np.diff(taught.indptr))
    teaches = csr_array((np.ones(len(row), dtype=np.int32), (row, taught.skill)), shape=(len(taught.ids), n))
    counts = np.diff(index.space.near_indptr)
    close = index.space.similarity >= NEARLY_THE_SAME
    near = csr_array(
        (close.astype(np.int32), (np.repeat(np.arange(n), counts), index.space.near)), shape=(n, n)
    )  # the skill itself is among those near it
    programmes_near = np.asarray(((teaches @ near.T) > 0).sum(axis=0)).ravel()
    return SkillCounts(vacancies, openings, offered, programmes_near.astype(np.int64))


@dataclass(frozen=True)
class Proposed:
    """One skill of a set: row in the space, what it adds (hundredths of a vacancy), how many vacancies ask exactly it."""

    skill: int
    gain: int
    vacancies: int


@dataclass(frozen=True)
class ProposedSet:
    """What `propose` found; the rows of the vacancies that were looked at come with it."""

    skills: list[Proposed]
    vacancies: NDArray[np.int64]
    demand: int  # hundredths of a vacancy, all that these vacancies lack


def propose(
    market: Market, counts: SkillCounts, chosen: NDArray[np.bool_], without: set[int], untaught_only: bool
) -> ProposedSet:
    """Four to eight skills that together close most of what the chosen vacancies lack.

    What a vacancy lacks is the share of what it asks (by weight) for which the region has fewer people than openings, in
    proportion to how many are short. A skill that is near another closes a part of it too. `chosen`: (n_vacancies,) mask.
    `without` holds rows of skills to leave out; `untaught_only` leaves out what some programme already teaches.
    """
    index = market.index
    rows = np.flatnonzero(chosen & ~market.is_function)
    owner = np.repeat(np.arange(len(index.vacancies.ids)), np.diff(index.vacancies.indptr))
    wanted = np.isin(owner, rows)
    skills = index.vacancies.skill
    short = np.clip(1 - counts.people / np.maximum(counts.openings, 1), 0, 1)
    whole = np.bincount(owner, weights=index.weight, minlength=len(index.vacancies.ids))
    lack = HUNDREDTHS * index.weight * short[skills] / np.maximum(whole[owner], 1)
    by_skill = np.bincount(skills[wanted], weights=lack[wanted], minlength=len(index.space.ids))
    need = np.rint(by_skill).astype(np.int64)
    asking = np.bincount(skills[wanted], minlength=len(index.space.ids))
    allowed = need > 0
    allowed[list(without)] = False
    if untaught_only:
        allowed &= counts.programmes == 0
    candidates = np.flatnonzero(allowed)
    covers, columns, steps = [0], [], []
    for skill in candidates:
        near = slice(index.space.near_indptr[skill], index.space.near_indptr[skill + 1])
        useful = need[index.space.near[near]] > 0
        columns.append(index.space.near[near][useful])
        steps.append(index.space.similarity[near][useful])
        covers.append(covers[-1] + int(useful.sum()))
    picked = greedy_cover(
        need, np.array(covers), np.concatenate([*columns, np.zeros(0, dtype=np.int64)]).astype(np.int64),
        np.concatenate([*steps, np.zeros(0, dtype=np.int64)]).astype(np.int64), MOST,
    )  # fmt: skip
    demand = int(need.sum())
    kept = [one for n, one in enumerate(picked) if n < FEWEST or one.gain >= WORTH_ADDING * demand * FULL]
    return ProposedSet(
        [
            Proposed(int(candidates[one.candidate]), round(one.gain / FULL), int(asking[candidates[one.candidate]]))
            for one in kept
        ],
        rows,
        demand,
    )
