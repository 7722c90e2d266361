"""The index of vacancies: the best work for one person, and the standing lists that one changed CV enters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.index import mirror
from matching.engine.index.candidates import PeopleIndex
from matching.engine.index.layout import Nearness, Places, Work, lay_out_nearness, lay_out_work
from matching.engine.index.mirror import WorkPostings, post_work
from matching.engine.index.question import journeys
from matching.engine.index.topk import best_first
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
    longest = int(np.diff(work.start).max(initial=0))
    by_id = np.argsort(vacancies.ids)
    isco = vacancies.isco[by_id[np.searchsorted(vacancies.ids, work.ids, sorter=by_id)]].astype(np.int64)
    return WorkIndex(work, places, post_work(work, len(space.ids)), lay_out_nearness(space), longest, isco)


def top_work(
    index: WorkIndex, people: PeopleIndex, c: int, k: int = 50, max_minutes: int | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(keys, rows) of the best k vacancies for the person in row `c`, who passes all that is indispensable for them."""
    heap = mirror.top_work_rows(
        people.people, c, index.work, index.postings, index.nearness, minutes_to(index, people, c),
        -1 if max_minutes is None else max_minutes, k, index.longest,
    )  # fmt: skip
    return best_first(*heap[:3])


def enters(
    index: WorkIndex, people: PeopleIndex, c: int, floors: NDArray[np.int64], max_minutes: int | None = None
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """(rows, keys) of the vacancies in whose list the person in row `c` belongs: key above the list's floor."""
    rows, keys, n = mirror.entering(
        people.people, c, index.work, index.postings, index.nearness, minutes_to(index, people, c),
        -1 if max_minutes is None else max_minutes, floors, index.longest,
    )  # fmt: skip
    return rows[:n], keys[:n]


def minutes_to(index: WorkIndex, people: PeopleIndex, c: int) -> NDArray[np.int32]:
    """Minutes one way from the person in row `c` to every place of work, (n_places,) int32."""
    place = people.people.place[c]
    where = people.places.latitude[place], people.places.longitude[place]
    return np.ascontiguousarray(journeys(index.places, *where, None)[:, people.people.mode[c]])
