"""What changed since the index was made: a small index of its own, scanned beside the large one.

Changed people are left out of the large index and stand in the small one with what is true now; who is gone stands in neither.
The best of both are merged by key, so the list is that of an index made this moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.index.candidates import NOBODY, PLAIN, Asked, PeopleIndex, Top, index_people, top_candidates
from matching.engine.index.question import Filters
from matching.engine.pool import Candidates, SkillSpace


@dataclass(frozen=True)
class Fresh:
    """An index, the rows of it that are no longer true, and the people who are (None: nobody)."""

    index: PeopleIndex
    stale: NDArray[np.int64]  # rows, ascending
    changed: PeopleIndex | None


def refresh(index: PeopleIndex, space: SkillSpace, changed: Candidates, gone: NDArray[np.int64]) -> Fresh:
    """An index with what changed since. changed: as they are now, new people included; gone: ids."""
    stale = np.flatnonzero(np.isin(index.people.ids, np.concatenate([changed.ids, gone])))
    return Fresh(index, stale, index_people(changed, space) if len(changed.ids) else None)


def top_fresh(
    fresh: Fresh,
    asked: Asked,
    v: int,
    k: int = 50,
    filters: Filters = PLAIN,
    allowed: NDArray[np.int64] | None = None,
    motivation: Mapping[int, int] | None = None,
    only_passing: bool = False,
) -> list[tuple[Top, PeopleIndex]]:
    """The best k of both parts, to be merged by `topk.merge`. allowed: ids who may be shown; motivation: by id."""
    parts = [(fresh.index, fresh.stale)] + ([(fresh.changed, NOBODY)] if fresh.changed is not None else [])
    return [
        (
            top_candidates(
                index, asked, v, k, _for(index, filters, allowed), _rows(index, motivation or {}), without, only_passing
            ),
            index,
        )
        for index, without in parts
    ]


def _for(index: PeopleIndex, filters: Filters, allowed: NDArray[np.int64] | None) -> Filters:
    mask = None if allowed is None else np.isin(index.people.ids, allowed).astype(np.uint8)
    return Filters(filters.max_minutes, filters.hours, mask)


def _rows(index: PeopleIndex, motivation: Mapping[int, int]) -> dict[int, int]:
    """The motivation by row; zeros say nothing."""
    told = {pk: strength for pk, strength in motivation.items() if strength}
    if not told:
        return {}
    rows = np.flatnonzero(np.isin(index.people.ids, list(told)))
    return {int(row): told[int(index.people.ids[row])] for row in rows}
