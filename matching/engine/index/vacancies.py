"""The index of vacancies: the best work for one person, and the lists of vacancies that one changed CV enters."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.index import mirror
from matching.engine.index.candidates import PeopleIndex, same_space
from matching.engine.index.layout import Nearness, Places, Work, lay_out_nearness, lay_out_work
from matching.engine.index.mirror import WorkPostings, post_work
from matching.engine.pool import SkillSpace, Vacancies


@dataclass(frozen=True)
class WorkIndex:
    """Vacancies in order of place, their requirements by skill, and the skill space."""

    work: Work
    places: Places
    postings: WorkPostings
    nearness: Nearness
    longest: int  # the most requirements that a vacancy has
    isco: NDArray[np.int64]  # (n,) four digits, -1 unknown


def index_work(vacancies: Vacancies, space: SkillSpace) -> WorkIndex:
    """Make the index. Raises ValueError for what no score is defined on (see `layout`)."""
    work, places = lay_out_work(vacancies, space, by_place=True)
    longest = int(work.row["n_asks"].max(initial=0))
    by_id = np.argsort(vacancies.ids)
    isco = vacancies.isco[by_id[np.searchsorted(vacancies.ids, work.ids, sorter=by_id)]].astype(np.int64)
    return WorkIndex(work, places, post_work(work, len(space.ids)), lay_out_nearness(space), longest, isco)


def without(index: WorkIndex, rows: NDArray[np.int64]) -> WorkIndex:
    """The index with these rows passed over: nobody has so many hard skills as they then ask."""
    hard = index.postings.hard.copy()
    hard[rows] = np.iinfo(hard.dtype).max
    hard.setflags(write=False)
    return replace(index, postings=index.postings._replace(hard=hard))


def top_work(
    index: WorkIndex, people: PeopleIndex, c: int, k: int = 50, max_minutes: int | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(keys, rows) of the best k vacancies for the person in row `c`, who passes all that is indispensable for them."""
    same_space(len(index.nearness.indptr) - 1, people)
    keys, rows = np.empty(k, dtype=np.int64), np.empty(k, dtype=np.int64)
    size = mirror.top_work_rows(
        people.people, people.places, c, index.work, index.places, index.postings, index.nearness,
        -1 if max_minutes is None else max_minutes, keys, rows,
    )  # fmt: skip
    return keys[:size], rows[:size]


def enters(
    index: WorkIndex, people: PeopleIndex, c: int, floors: NDArray[np.int64], max_minutes: int | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(rows, keys) of the vacancies in whose list the person in row `c` belongs: key above the list's floor."""
    same_space(len(index.nearness.indptr) - 1, people)
    return mirror.entering(
        people.people, people.places, c, index.work, index.places, index.postings, index.nearness,
        -1 if max_minutes is None else max_minutes, floors,
    )  # fmt: skip
