"""What one vacancy asks of the index: its requirements with all that counts for them, and where its people live."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.index.compile import inner, part
from matching.engine.index.formulas import apart, minutes_of
from matching.engine.index.layout import MODES
from matching.engine.scale import STEPS
from matching.engine.travel import DETOUR, EARTH_RADIUS_KM, OVERHEAD_MINUTES, SPEED_KM_PER_HOUR


@dataclass(frozen=True)
class Filters:
    """Who is looked at; what is unknown of a person passes hours, and does not pass a journey.

    max_minutes: the longest journey one way, by the person's own way of travelling; everybody for work from home.
    hours: only whose wished hours meet those of the vacancy. allowed: (n,) by row of the index, 0 for who may not be shown.
    """

    max_minutes: int | None = None
    hours: bool = False
    allowed: NDArray[np.uint8] | None = None


class Pairs(NamedTuple):
    """Which skills count for which requirement: pair i belongs to `requirement`, `table` is its row of COVERAGE.

    Pairs of requirement r stand at ``start[r]:start[r + 1]``. Of skill s ``head[s]`` is the first pair, ``after`` chains on.
    """

    start: NDArray[np.int64]
    skill: NDArray[np.int32]
    table: NDArray[np.int32]
    requirement: NDArray[np.int32]
    similarity: NDArray[np.int8]
    head: NDArray[np.int32]
    after: NDArray[np.int32]


@inner
def pairs_of(work, v, nearness, head):
    """The pairs of vacancy v. head: (n_skills,) -1 everywhere; give it back with `forget`."""
    first, n_asks = work.row[v].first, work.row[v].n_asks
    start = np.zeros(n_asks + 1, dtype=np.int64)
    for r in range(n_asks):
        skill = work.asks[first + r].skill
        start[r + 1] = start[r] + nearness.indptr[skill + 1] - nearness.indptr[skill]
    n = start[-1]
    skills, tables = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    requirements, similarities = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int8)
    after = np.empty(n, dtype=np.int32)
    for r in range(n_asks):
        skill, level = work.asks[first + r].skill, np.int64(work.asks[first + r].level)
        for i in range(start[r + 1] - start[r]):
            at, near = start[r] + i, nearness.indptr[skill] + i
            other, similarity = nearness.near[near], nearness.similarity[near]
            skills[at], similarities[at], requirements[at] = other, similarity, r
            tables[at] = similarity * (STEPS + 1) + level
            after[at] = head[other]
            head[other] = at
    return Pairs(start, skills, tables, requirements, similarities, head, after)


@part
def forget(pairs):
    for skill in pairs.skill:
        pairs.head[skill] = -1


@part
def farthest(max_minutes, mode):
    """As `apart`: further than anybody comes in that time, a little widened for rounding."""
    hours = max(max_minutes + 1 - OVERHEAD_MINUTES[mode], 0.0) / 60
    line = 1.001 * hours * SPEED_KM_PER_HOUR[mode] / DETOUR / EARTH_RADIUS_KM
    return line * line


@part
def reach(places, others, other, max_minutes, minutes, near, ranges):
    """How many ranges of rows of `places` lie within `max_minutes` (-1: all) of one of `others`; they ascend.

    minutes: (n_places, 3), filled in for those ranges, -1 unknown. near: (n_places,) room.
    ranges: (3 n_places, 2), first row and the row after the last.
    """
    n_near, n, far, anywhere = 0, 0, 0.0, max_minutes < 0
    for mode in range(MODES):
        far = max(far, farthest(max_minutes, mode))
    x, y, z = others.x[other], others.y[other], others.z[other]
    for place in range(len(places.x)):
        near[n_near] = place
        n_near += anywhere | (apart(places, place, x, y, z) <= far)  # NaN, from nowhere, is not near
    for mode in range(MODES):
        far = farthest(max_minutes, mode)
        for i in range(n_near):
            place = near[i]
            low, high = places.start[mode, place], places.start[mode, place + 1]
            if low == high:
                continue
            square = apart(places, place, x, y, z)
            if not (anywhere or square <= far):
                continue
            took = minutes_of(square, mode)
            if not (anywhere or 0 <= took <= max_minutes):
                continue
            minutes[place, mode] = took
            if n > 0 and ranges[n - 1, 1] == low:
                ranges[n - 1, 1] = high
            else:
                ranges[n, 0], ranges[n, 1] = low, high
                n += 1
    return n


@inner
def reach_of(person, places, work, where, remote, max_minutes):
    """(rows, minutes): work in reach of a person, work from home (rows `remote`) included, and the minutes to each.

    max_minutes: -1 for all work. Minutes to work from home that is out of reach are -1: no score asks for them.
    """
    far, n = farthest(max_minutes, person.mode), 0
    x, y, z = places.x[person.place], places.y[person.place], places.z[person.place]
    rows, minutes = np.empty(len(work.row), dtype=np.int64), np.empty(len(work.row), dtype=np.int32)
    in_reach = np.zeros(len(where.x), dtype=np.uint8)
    for place in range(len(where.x)):
        low, high = where.start[0, place], where.start[0, place + 1]
        square = apart(where, place, x, y, z)
        if low == high or not (max_minutes < 0 or square <= far):
            continue
        took = minutes_of(square, person.mode)
        if max_minutes < 0 or 0 <= took <= max_minutes:
            in_reach[place] = 1
            for v in range(low, high):
                rows[n], minutes[n] = v, took
                n += 1
    for v in remote:
        if not in_reach[work.row[v].place]:
            rows[n], minutes[n] = v, -1
            n += 1
    return rows[:n], minutes[:n]
