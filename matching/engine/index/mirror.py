"""The index of work, asked by one person: the mirror of `search`, from the same formulas.

A posting list holds, for one skill, every requirement for it. What a person can do is first spread over what it counts for,
so that one walk over the lists gives the coverage of every requirement at once: the best evidence is taken before
the walk, and no list is walked twice.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.index.compile import kernel, part
from matching.engine.index.formulas import (
    COLUMNS,
    COVERAGE,
    FAILURES,
    FIT,
    beside_skills,
    combine_fit,
    divide,
    failures_beside_skills,
    joy_key,
    pair,
)
from matching.engine.index.layout import Work, frozen
from matching.engine.index.search import most_passion
from matching.engine.index.topk import key_of, push
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
    most: NDArray[np.int16]  # (n, 16) the most that passion can be, see `search.most_passion`


def post_work(work: Work, n_skills: int) -> WorkPostings:
    """The posting lists of this work."""
    n = len(work.ids)
    owner = np.repeat(np.arange(n), np.diff(work.start))
    order = np.argsort(work.skill, kind="stable")
    asked = np.bitwise_count(work.certificates).sum(axis=1, dtype=np.int64)
    beside = 20 * (work.languages > 0).sum(axis=1) + 24 * asked + 20 * (work.education > 0)
    hard = np.bincount(owner, weights=work.hard, minlength=n).astype(np.int32)
    flags = HARD * work.hard + CORE * (work.importance == 3) + IMPORTANCE * work.importance
    most = np.zeros((n, 16), dtype=np.int16)
    _fill_most(work, most)
    return frozen(
        WorkPostings(
            np.searchsorted(work.skill[order], np.arange(n_skills + 1)).astype(np.int64), owner[order].astype(np.int32),
            work.min_level[order].astype(np.uint8), work.weight[order].astype(np.uint8), flags[order].astype(np.uint8),
            beside + np.bincount(owner, weights=work.weight, minlength=n).astype(np.int64), beside, hard, most,
        )
    )  # fmt: skip


@kernel
def _fill_most(work, most):
    for v in range(len(work.ids)):
        most[v] = most_passion(work, v)


@part
def spread(people, c, nearness, best, joys, reached):
    """Spread what person c can do over what it counts for; how many skills were reached.

    best[skill, level] becomes coverage of a requirement for the skill at that level, joys[skill] the joy key (start: 0, -1).
    """
    n = 0
    for i in range(people.start[c], people.start[c + 1]):
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
            v, cover = postings.vacancy[at], np.int64(best[skill, postings.level[at]])
            total[v] += np.int64(postings.weight[at]) * cover
            if postings.flags[at] & HARD and cover >= HARD_COVERAGE:
                hard_met[v] += 1


@part
def pair_of(people, c, work, v, best, joys, minutes, covered, joy_keys, out):
    """The whole score of the person and vacancy v."""
    first = work.start[v]
    for r in range(work.start[v + 1] - first):
        covered[r] = best[work.skill[first + r], work.min_level[first + r]]
        joy_keys[r] = joys[work.skill[first + r]]
    pair(people, c, work, v, covered, joy_keys, minutes, 0, out)


@kernel
def entering(people, c, work, postings, nearness, journeys, max_minutes, floors, longest):
    """(rows, keys, n): vacancies in whose list person c belongs, passing all that is indispensable: key above floors[v].

    journeys: (n_places,) minutes by this person's way of travelling. longest: the most requirements of a vacancy.
    """
    n = len(work.ids)
    best = np.zeros((len(nearness.indptr) - 1, LEVELS), dtype=np.uint16)
    joys = np.full(len(nearness.indptr) - 1, -1, dtype=np.int8)
    reached = np.empty(len(nearness.indptr) - 1, dtype=np.int32)
    total, hard_met = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int32)
    n_reached = spread(people, c, nearness, best, joys, reached)
    walk(postings, best, reached, n_reached, total, hard_met)
    rows, keys = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int64)
    covered, joy_keys = np.empty(longest, dtype=np.uint16), np.empty(longest, dtype=np.int64)
    out = np.empty(COLUMNS, dtype=np.int64)
    known, drive = people.known[c] & 15, np.int64(people.drive[c])
    found = 0
    for v in range(n):
        if hard_met[v] < postings.hard[v]:
            continue
        minutes = np.int64(journeys[work.place[v]])
        if max_minutes >= 0 and not work.remote[v] and not 0 <= minutes <= max_minutes:
            continue
        least = (floors[v] >> 47) & 16_383  # a fit under this cannot enter
        if postings.whole[v] > 0:
            # Without a division: can x whole <= total + what lies beside skills, covered in full.
            needed = (200 * least - 101 - 70 * np.int64(postings.most[v, known]) - 30 * drive) // 100 - 1
            if (total[v] + ONE * postings.beside[v]) < needed * postings.whole[v]:
                continue
            if failures_beside_skills(people, c, work, v):
                continue
            beside, _whole = beside_skills(people, c, work, v)
            can = divide(total[v] + beside, postings.whole[v])
        else:
            can = NEUTRAL
        if combine_fit(can, np.int64(postings.most[v, known]), drive) < least:
            continue
        pair_of(people, c, work, v, best, joys, minutes, covered, joy_keys, out)
        key = key_of(True, out[FIT], people.ids[c])
        if out[FAILURES] == 0 and key > floors[v]:
            rows[found], keys[found] = v, key
            found += 1
    return rows, keys, found


@kernel
def top_work_rows(people, c, work, postings, nearness, journeys, max_minutes, k, longest):
    """(keys, rows, n, n_seen): the best k vacancies that person c may have, as a heap; keys carry ids of vacancies."""
    n = len(work.ids)
    best = np.zeros((len(nearness.indptr) - 1, LEVELS), dtype=np.uint16)
    joys = np.full(len(nearness.indptr) - 1, -1, dtype=np.int8)
    reached = np.empty(len(nearness.indptr) - 1, dtype=np.int32)
    total, hard_met = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int32)
    n_reached = spread(people, c, nearness, best, joys, reached)
    walk(postings, best, reached, n_reached, total, hard_met)
    bounds, histogram = np.full(n, -1, dtype=np.int16), np.zeros(ONE + 2, dtype=np.int64)
    covered, joy_keys = np.empty(longest, dtype=np.uint16), np.empty(longest, dtype=np.int64)
    out, keys, rows = np.empty(COLUMNS, dtype=np.int64), np.empty(k, dtype=np.int64), np.empty(k, dtype=np.int64)
    known, drive, seen = people.known[c] & 15, np.int64(people.drive[c]), 0
    for v in range(n):
        minutes = np.int64(journeys[work.place[v]])
        if hard_met[v] < postings.hard[v] or (
            max_minutes >= 0 and not work.remote[v] and not 0 <= minutes <= max_minutes
        ):
            continue
        if failures_beside_skills(people, c, work, v):
            continue
        beside, _whole = beside_skills(people, c, work, v)
        can = divide(total[v] + beside, postings.whole[v]) if postings.whole[v] > 0 else NEUTRAL
        bound = combine_fit(can, np.int64(postings.most[v, known]), drive)
        bounds[v] = bound
        histogram[bound] += 1
        seen += 1
    cut, above = len(histogram) - 1, 0
    while cut > 0 and above < k:
        cut -= 1
        above += histogram[cut]
    lowest, highest, size = cut, ONE + 1, 0
    for _half in range(2):
        for v in range(n):
            if lowest <= bounds[v] < highest:
                if size == k and bounds[v] < keys[0] >> 47 & 16_383:
                    continue
                minutes = np.int64(journeys[work.place[v]])
                pair_of(people, c, work, v, best, joys, minutes, covered, joy_keys, out)
                size = push(keys, rows, size, key_of(True, out[FIT], work.ids[v]), v)
        lowest, highest = 0, lowest
    return keys, rows, size, seen
