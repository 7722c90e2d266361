"""Who is eligible for one vacancy, with competence, joy, and the highest fit that each may have.

Competence and joy come from the lists of the skills that are asked, and drive is known beforehand. What is left open is how
interests, wishes and values suit the vacancy: for that somebody's own record has to be read (`search`).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.competence import CERTIFICATE_WEIGHT, EDUCATION_WEIGHT, LANGUAGE_WEIGHT
from matching.engine.index.compile import count_bits, inner, part
from matching.engine.index.eligible import drop_rows, drop_uncovered, list_rows
from matching.engine.index.formulas import (
    education_cover,
    highest_passion,
    joy_in,
    language_cover,
    weight_asked,
)
from matching.engine.index.layout import BLOCK, JOY_KNOWN, MODES, SAYS_NOTHING
from matching.engine.index.question import reach
from matching.engine.index.scan import Room, make_room, scan_block
from matching.engine.scale import NEUTRAL, ONE, WEIGHTS

_CAN, _WANT, _DO = WEIGHTS.competence, WEIGHTS.passion, WEIGHTS.drive


class Scratch(NamedTuple):
    """Room that one thread keeps between questions."""

    minutes: NDArray[np.int32]  # (n_places, 3)
    near: NDArray[np.int32]  # (n_places,)
    ranges: NDArray[np.int64]  # (3 n_places, 2)
    head: NDArray[np.int32]  # (n_skills,) -1
    seen: NDArray[np.int32]  # (n,) rows that are eligible
    total: NDArray[np.uint32]  # (n,) their weighted coverage
    joy: NDArray[np.int16]  # (n,) their joy in what is asked, -1 unknown
    bound: NDArray[np.int16]  # (n,) their highest possible fit
    order: NDArray[np.int32]  # (n,)
    room: Room


def make_scratch(n_people: int, n_places: int, n_skills: int) -> Scratch:
    return Scratch(
        np.empty((n_places, MODES), dtype=np.int32), np.empty(n_places, dtype=np.int32),
        np.empty((MODES * n_places, 2), dtype=np.int64), np.full(n_skills, -1, dtype=np.int32),
        np.empty(n_people, dtype=np.int32), np.empty(n_people, dtype=np.uint32), np.empty(n_people, dtype=np.int16),
        np.empty(n_people, dtype=np.int16), np.empty(n_people, dtype=np.int32), make_room(),
    )  # fmt: skip


@part
def offer_of(job):
    """(whether a profile of the work is known, whether it tells of any value)."""
    job_known, offers = False, False
    for axis in range(6):
        job_known |= job.profile[axis] != 0
        offers |= job.values[axis] >= 0
    return job_known, offers


@inner
def most_passion(work, v):
    """(16,) the most that passion can be by which parts are known of a person, given what is known of the vacancy."""
    job_known, offers = offer_of(work.row[v])
    most = np.zeros(16, dtype=np.int64)
    for known in range(16):
        joy = np.int64(ONE if known & JOY_KNOWN else -1)
        most[known] = highest_passion(known, job_known, offers, work.row[v].remote != 0, joy)
    return most


@inner
def gather(people, postings, places, work, where, v, pairs, max_minutes, meet_hours, allowed, apart, scratch):
    """(n, whole): everybody eligible into `scratch`; whole: weight of all that is asked."""
    job, room = work.row[v], scratch.room
    whole, hard = weight_asked(work, v), False
    for r in range(job.first, job.first + job.n_asks):
        hard |= work.asks[r].hard != 0
    # The highest fit: by what is known of a person, a part that stands and a part that grows with joy.
    job_known, offers = offer_of(job)
    stands, grows, do = np.empty(32), np.zeros(32), 0.01 * _DO
    for known in range(16):
        stands[known] = 0.01 * _WANT * highest_passion(known, job_known, offers, job.remote != 0, np.int64(-1))
        least = highest_passion(known, job_known, offers, job.remote != 0, np.int64(0))
        most = highest_passion(known, job_known, offers, job.remote != 0, np.int64(ONE))
        stands[16 + known], grows[16 + known] = 0.01 * _WANT * least, 0.01 * _WANT * (most - least) / ONE
    # Two for what rounding adds at most.
    per_weight, already = (0.01 * _CAN / whole, 2.0) if whole > 0 else (0.0, 2 + 0.01 * _CAN * NEUTRAL)
    column, tables = _tables_beside(work, v)
    covered, joys = np.empty(job.n_asks, dtype=np.uint16), np.empty(job.n_asks, dtype=np.int64)
    n_ranges = reach(places, where, job.place, max_minutes, scratch.minutes, scratch.near, scratch.ranges)
    at, n_seen, n_people, block = 0, 0, len(people.row), np.int64(-1)
    while at < n_ranges:
        block = max(block + 1, scratch.ranges[at, 0] // BLOCK)
        low = block * BLOCK
        high = min(low + BLOCK, n_people)
        n, at = list_rows(
            people, work, v, scratch.ranges, n_ranges, at, low, high, meet_hours, allowed, room.keep, room.rows
        )
        if len(apart):
            n = drop_rows(room.rows, n, apart)
        if hard:
            for r in range(job.n_asks):
                if n and work.asks[job.first + r].hard:
                    n = drop_uncovered(postings, block, low, pairs, r, room.keep, room.rows, n)
        if not n:
            continue
        scan_block(people, postings, block, low, work, job, pairs, n, room, covered, joys)
        _add_beside(people, work, v, column, tables, n, room)
        end = n_seen + n
        total, joys_of, bound = scratch.total[n_seen:end], scratch.joy[n_seen:end], scratch.bound[n_seen:end]
        scratch.seen[n_seen:end], total[:] = room.rows[:n], room.total[:n]
        for i in range(n):
            joys_of[i] = joy_in(room.felt[i])
        for i in range(n):
            c, joy = room.rows[i], np.float64(joys_of[i])
            known = people.known[c] & np.uint8(15) | np.uint8(16 * (joy >= 0))
            bound[i] = np.int32(
                already + per_weight * np.float64(total[i]) + stands[known] + grows[known] * joy + do * people.drive[c]
            )
        n_seen = end
    return n_seen, whole


@inner
def _tables_beside(work, v):
    """(column, tables): what education (column -1) and the languages asked (their columns) add, by level in a byte."""
    job, n_languages = work.row[v], work.languages.shape[1]
    column, tables = np.empty(n_languages + 1, dtype=np.int64), np.empty((n_languages + 1, 256), dtype=np.uint32)
    n, asked = 0, np.int64(job.education)
    if asked > 0:
        tables[n, :128], tables[n, 128:] = EDUCATION_WEIGHT * ONE, 0
        for level in range(asked):
            tables[n, level] = EDUCATION_WEIGHT * education_cover(np.int64(level), asked)
        column[n] = -1
        n += 1
    for language in range(n_languages):
        asked = np.int64(work.languages[v, language])
        if asked > 0:
            tables[n, :128], tables[n, 128:] = LANGUAGE_WEIGHT * ONE, 0
            tables[n, SAYS_NOTHING] = LANGUAGE_WEIGHT * NEUTRAL
            for level in range(asked):
                tables[n, level] = LANGUAGE_WEIGHT * language_cover(True, np.int64(level), asked)
            column[n] = language
            n += 1
    return column[:n], tables[:n]


@part
def _add_beside(people, work, v, column, tables, n, room):
    """Add to room.total what languages, papers and education cover."""
    for i in range(len(column)):
        table = tables[i]
        own = people.education if column[i] < 0 else people.languages[column[i]]
        for at in range(n):
            room.total[at] += table[np.uint8(own[room.rows[at]])]
    for word in range(work.certificates.shape[1]):
        papers = work.certificates[v, word]
        if papers:
            own = people.certificates[word]
            for at in range(n):
                room.total[at] += np.uint32(CERTIFICATE_WEIGHT * ONE * count_bits(papers & own[room.rows[at]]))
