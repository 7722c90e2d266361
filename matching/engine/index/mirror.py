"""The index of work, asked by one person: the mirror of `search`, from the same formulas.

A posting list holds, for one skill, every requirement for it. What a person can do is first spread over what it counts for,
so that one walk over the lists gives the coverage of every requirement at once: the best evidence is taken before
the walk, and no list is walked twice.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.competence import CERTIFICATE_WEIGHT, EDUCATION_WEIGHT, LANGUAGE_WEIGHT
from matching.engine.index.compile import inner, kernel, part
from matching.engine.index.formulas import (
    COVERAGE,
    beside_skills,
    combine_fit,
    combine_passion,
    divide,
    failures_beside_skills,
    interests,
    joy_key,
    joy_of,
    pair,
    values,
    wishes,
)
from matching.engine.index.gather import most_passion
from matching.engine.index.layout import Work, frozen
from matching.engine.index.question import reach_of
from matching.engine.index.topk import fit_in, key_of, push, sort_down
from matching.engine.scale import NEUTRAL, ONE, STEPS
from matching.engine.score import HARD_COVERAGE

LEVELS = STEPS + 1
HARD, CORE, IMPORTANCE = 1, 2, 4  # flags; importance is counted in fours


class WorkPostings(NamedTuple):
    """Requirements by skill, and what every vacancy asks in sum."""

    start: NDArray[np.int64]  # (n_skills + 1,)
    vacancy: NDArray[np.int32]  # row of the work, ascending in a list
    level: NDArray[np.uint8]
    weight: NDArray[np.uint8]
    flags: NDArray[np.uint8]  # HARD, CORE, and IMPORTANCE times 1-3
    whole: NDArray[np.int64]  # (n,) weight of all that is asked, beside skills included
    beside: NDArray[np.int64]  # (n,) of which beside skills
    hard: NDArray[np.int32]  # (n,) how many hard skills
    most: NDArray[np.int16]  # (n, 16) the most that passion can be, see `gather.most_passion`
    remote: NDArray[np.int64]  # rows of work from home


def post_work(work: Work, n_skills: int) -> WorkPostings:
    """The posting lists of this work."""
    n, asks = len(work.row), work.asks
    owner = np.repeat(np.arange(n), work.row["n_asks"])
    order = np.argsort(asks["skill"], kind="stable")
    asked = np.bitwise_count(work.certificates).sum(axis=1, dtype=np.int64)
    beside = LANGUAGE_WEIGHT * (work.languages > 0).sum(axis=1) + CERTIFICATE_WEIGHT * asked
    beside += EDUCATION_WEIGHT * (work.row["education"] > 0)
    hard = np.bincount(owner, weights=asks["hard"], minlength=n).astype(np.int32)
    flags = HARD * asks["hard"] + CORE * (asks["importance"] == 3) + IMPORTANCE * asks["importance"]
    most = np.zeros((n, 16), dtype=np.int16)
    _fill_most(work, most)
    return frozen(
        WorkPostings(
            np.searchsorted(asks["skill"][order], np.arange(n_skills + 1)).astype(np.int64),
            owner[order].astype(np.int32), asks["level"][order].astype(np.uint8), asks["weight"][order].astype(np.uint8),
            flags[order].astype(np.uint8),
            beside + np.bincount(owner, weights=asks["weight"], minlength=n).astype(np.int64), beside, hard, most,
            np.flatnonzero(work.row["remote"]),
        )
    )  # fmt: skip


@kernel
def _fill_most(work, most):
    for v in range(len(work.row)):
        most[v] = most_passion(work, v)


@part
def spread(people, c, nearness, best, joys, reached):
    """Spread what person c can do over what it counts for; how many skills were reached.

    best[skill, level] becomes coverage of a requirement for the skill at that level, joys[skill] the joy key (start: 0, -1).
    """
    n = 0
    person = people.row[c]
    for i in range(np.int64(person.first), np.int64(person.first) + np.int64(person.n_skills)):
        skill, evidence = people.skill[i], people.entry[i] & 255
        joy = np.int64(people.entry[i] >> 8 & 3) - 1
        for at in range(nearness.back_indptr[skill], nearness.back_indptr[skill + 1]):
            asked, similarity = nearness.back[at], np.int64(nearness.back_similarity[at])
            if best[asked, 0] == 0:
                best[asked, 0] = 1  # level 0 is never asked: here it says that the skill was reached
                reached[n] = asked
                n += 1
            for level in range(1, LEVELS):
                best[asked, level] = max(best[asked, level], COVERAGE[similarity * LEVELS + level, evidence])
            joys[asked] = max(joys[asked], joy_key(similarity, joy))
    return n


@part
def walk(postings, best, reached, n_reached, total, hard_met):
    """total[v] becomes the sum of weight x coverage, hard_met[v] how many hard skills are covered."""
    for i in range(n_reached):
        skill = reached[i]
        for at in range(postings.start[skill], postings.start[skill + 1]):
            v, cover = postings.vacancy[at], best[skill, postings.level[at]]
            total[v] += np.uint32(postings.weight[at]) * np.uint32(cover)
            if postings.flags[at] & HARD and cover >= HARD_COVERAGE:
                hard_met[v] += 1


@part
def pair_of(people, c, work, v, best, joys, minutes, covered, joy_keys, out):
    """The whole score of the person and vacancy v."""
    job = work.row[v]
    for r in range(job.n_asks):
        ask = work.asks[job.first + r]
        covered[r] = best[ask.skill, ask.level]
        joy_keys[r] = joys[ask.skill]
    pair(people, c, work, v, covered, joy_keys, minutes, 0, out)


@part
def fit_of(people, c, work, v, can, joys, minutes, joy_keys):
    """Fit of the person and vacancy v, of which competence is known."""
    person, job = people.row[c], work.row[v]
    for r in range(job.n_asks):
        joy_keys[r] = joys[work.asks[job.first + r].skill]
    want = combine_passion(
        interests(person, job), joy_of(work, job, joy_keys), wishes(people, person, job, minutes), values(person, job)
    )
    return combine_fit(can, want, np.int64(person.drive))


@inner
def look(people, c, work, postings, nearness):
    """(joys, total, hard met): what the person's skills mean for all requirements, and for every vacancy in sum."""
    n_skills = len(nearness.indptr) - 1
    best, joys = np.zeros((n_skills, LEVELS), dtype=np.uint16), np.full(n_skills, -1, dtype=np.int8)
    reached = np.empty(n_skills, dtype=np.int32)
    total, hard_met = np.zeros(len(work.row), dtype=np.uint32), np.zeros(len(work.row), dtype=np.uint16)
    n_reached = spread(people, c, nearness, best, joys, reached)
    walk(postings, best, reached, n_reached, total, hard_met)
    return joys, total, hard_met


@part
def possible(people, c, work, v, postings, total, hard_met, least):
    """(whether the person passes and may have a fit of `least` for vacancy v, competence, highest fit)."""
    if hard_met[v] < postings.hard[v]:
        return False, np.int64(0), np.int64(0)
    whole = postings.whole[v]
    most, drive = np.int64(postings.most[v, people.known[c] & 15]), np.int64(people.drive[c])
    # Without a division: can x whole <= total + what lies beside skills, covered in full.
    needed = (200 * least - 101 - 70 * most - 30 * drive) // 100 - 1
    if whole > 0 and np.int64(total[v]) + ONE * postings.beside[v] < needed * whole:
        return False, np.int64(0), np.int64(0)
    if failures_beside_skills(people, c, work, v):
        return False, np.int64(0), np.int64(0)
    can = np.int64(NEUTRAL)
    if whole > 0:
        can = divide(np.int64(total[v]) + beside_skills(people, c, work, v)[0], whole)
    bound = combine_fit(can, most, drive)
    return bound >= least, can, bound


@kernel
def entering(people, places, c, work, where, postings, nearness, max_minutes, floors, longest):
    """(rows, keys): vacancies in whose list person c belongs, passing all that is indispensable: key above floors[v].

    longest: the most requirements of a vacancy.
    """
    person = people.row[c]
    joys, total, hard_met = look(people, c, work, postings, nearness)
    rows, minutes = reach_of(person, places, work, where, postings.remote, max_minutes)
    keys, joy_keys = np.empty(len(rows), dtype=np.int64), np.empty(longest, dtype=np.int64)
    found = 0
    for i in range(len(rows)):
        v = rows[i]
        least = fit_in(floors[v])  # a fit under this cannot enter
        ok, can, _bound = possible(people, c, work, v, postings, total, hard_met, least)
        if ok:
            fit = fit_of(people, c, work, v, can, joys, np.int64(minutes[i]), joy_keys)
            key = key_of(True, fit, person.id)
            if key > floors[v]:
                rows[found], keys[found] = v, key
                found += 1
    return rows[:found], keys[:found]


@kernel
def top_work_rows(people, places, c, work, where, postings, nearness, max_minutes, longest, keys, best_rows):
    """(n, n_seen): the best vacancies that person c may have into keys (k,) and best_rows, best first, ids of vacancies."""
    person = people.row[c]
    joys, total, hard_met = look(people, c, work, postings, nearness)
    rows, minutes = reach_of(person, places, work, where, postings.remote, max_minutes)
    cans, bounds = np.empty(len(rows), dtype=np.int16), np.full(len(rows), -1, dtype=np.int16)
    histogram, joy_keys = np.zeros(ONE + 3, dtype=np.int64), np.empty(longest, dtype=np.int64)
    seen = 0
    for i in range(len(rows)):
        ok, can, bound = possible(people, c, work, rows[i], postings, total, hard_met, np.int64(0))
        if ok:
            cans[i], bounds[i] = can, bound
            histogram[bound] += 1
            seen += 1
    k, cut, above = len(keys), len(histogram) - 1, 0
    while cut > 0 and above < k:
        cut -= 1
        above += histogram[cut]
    lowest, highest, size = cut, ONE + 3, 0
    for _half in range(2):  # first who can be best, then who can still reach the k-th place
        for i in range(len(rows)):
            if lowest <= bounds[i] < highest:
                if size == k and bounds[i] < fit_in(keys[0]):
                    continue
                v = rows[i]
                fit = fit_of(people, c, work, v, np.int64(cans[i]), joys, np.int64(minutes[i]), joy_keys)
                size = push(keys, best_rows, size, key_of(True, fit, work.row[v].id), v)
        lowest, highest = 0, lowest
    sort_down(keys, best_rows, size)
    return size, seen
