"""What one vacancy asks of the index: its requirements with all that counts for them, and who may be shown at all."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.index.compile import kernel
from matching.engine.index.layout import Places
from matching.engine.scale import STEPS
from matching.engine.travel import DETOUR, OVERHEAD_MINUTES, SPEED_KM_PER_HOUR, distance_km, travel_minutes

TOO_FAR = 2**30  # minutes, for places that the filter excludes without measuring
KM_PER_DEGREE = 111.0  # of latitude; a little less than it is


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


@kernel
def pairs_of(work, v, nearness):
    """The pairs of vacancy v."""
    first, last = work.start[v], work.start[v + 1]
    start = np.zeros(last - first + 1, dtype=np.int64)
    for r in range(last - first):
        skill = work.skill[first + r]
        start[r + 1] = start[r] + nearness.indptr[skill + 1] - nearness.indptr[skill]
    n = start[-1]
    skills, tables = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    requirements, similarities = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int8)
    head, after = np.full(len(nearness.indptr) - 1, -1, dtype=np.int32), np.empty(n, dtype=np.int32)
    for r in range(last - first):
        skill, level = work.skill[first + r], np.int64(work.min_level[first + r])
        for i in range(start[r + 1] - start[r]):
            at, near = start[r] + i, nearness.indptr[skill] + i
            other, similarity = nearness.near[near], nearness.similarity[near]
            skills[at], similarities[at], requirements[at] = other, similarity, r
            tables[at] = similarity * (STEPS + 1) + level
            after[at] = head[other]
            head[other] = at
    return Pairs(start, skills, tables, requirements, similarities, head, after)


def journeys(places: Places, latitude: float, longitude: float, max_minutes: int | None) -> NDArray[np.int32]:
    """Minutes one way from every place by every mode, (n_places, 3) int32, -1 unknown; TOO_FAR far beyond `max_minutes`."""
    minutes = np.full((len(places.latitude), 3), -1, dtype=np.int32)
    if np.isnan(latitude) or np.isnan(longitude):
        return minutes
    if max_minutes is None:
        near = np.arange(len(minutes))
    else:
        km = (max_minutes + 1 - OVERHEAD_MINUTES.min()) / 60 * SPEED_KM_PER_HOUR.max() / DETOUR
        minutes[:-1] = TOO_FAR
        near = np.flatnonzero(np.abs(places.latitude[:-1] - latitude) <= km / KM_PER_DEGREE)
        narrow = np.cos(np.radians(min(abs(latitude) + km / KM_PER_DEGREE, 90.0)))
        near = near[np.abs(places.longitude[near] - longitude) * narrow <= km / KM_PER_DEGREE]
    far = distance_km(places.latitude[near], places.longitude[near], latitude, longitude)
    for mode in range(3):
        minutes[near, mode] = travel_minutes(far, np.full(len(near), mode))
    return minutes
