"""The open vacancies, kept in the process and true at every reading, at the cost of what changed.

A large table is made once. What changed since stands beside it in a small one: rows of the large one that are no longer true are
passed over, and both are asked (as fresh CVs are, see `indexing`). When the small one grows, a thread makes the next large one
out of the two, while everybody reads on.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import numpy as np
import structlog
from numpy.typing import NDArray

from core.changes import Follower
from matching import loading
from matching.engine import SkillSpace, Vacancies, VacancyIndex, index_vacancies
from matching.engine.index.layout import Work
from matching.engine.index.topk import key_under
from matching.engine.index.vacancies import WorkIndex, index_work, without
from matching.engine.pool import join_spaces, join_vacancies, take_vacancies
from matching.models import Standing
from vacancies.models import Vacancy

ASIDE = 500  # changed vacancies beside the large table, from which on the two are made one
SHARE = 4  # when more than one in so many changed at once, everything is read anew

MOST_HELD = 8  # indexes for which floors are laid out: the large one, and small ones that came and went
NONE = np.zeros(0, dtype=np.int64)

log = structlog.get_logger(__name__)
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="open-market")


@dataclass(frozen=True)
class Columns:
    """What pages filter and count with, beside what the engine scores; in order of the ids of the vacancies."""

    published: NDArray[np.float64]  # seconds since 1970
    openings: NDArray[np.int64]
    pay_max: NDArray[np.int64]
    hours_min: NDArray[np.int64]
    hours_max: NDArray[np.int64]
    is_function: NDArray[np.bool_]
    titles: NDArray[np.object_]  # lower case, with the name of the firm, for the text filter


@dataclass(frozen=True)
class Market(Columns):
    """The open vacancies, ready to be scored; arrays beside it in the same order."""

    index: VacancyIndex


@dataclass(frozen=True)
class Table:
    """Open vacancies in order of id; skills by id. The space knows all of them."""

    pool: Vacancies
    columns: Columns
    space: SkillSpace

    @cached_property
    def work(self) -> WorkIndex:
        """In a compiled index, for markets in which a loop over all is slow."""
        return index_work(loading.project(self.pool, self.space), self.space)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Where each vacancy stands in `work`."""
        return np.argsort(self.work.work.ids)

    def only(self, rows: NDArray[np.int64]) -> "Table":
        columns = {one.name: getattr(self.columns, one.name)[rows] for one in fields(Columns)}
        return Table(take_vacancies(self.pool, rows), Columns(**columns), self.space)

    def replaced(self, ids: NDArray[np.int64], now: "Table") -> "Table":
        """With the rows of another table, and its space, in place of these ids."""
        rest = self.only(np.flatnonzero(~np.isin(self.pool.ids, ids)))
        columns = {
            one.name: np.concatenate([getattr(rest.columns, one.name), getattr(now.columns, one.name)])
            for one in fields(Columns)
        }
        both = Table(join_vacancies(rest.pool, now.pool), Columns(**columns), now.space)
        return both.only(np.argsort(both.pool.ids))


@dataclass(frozen=True)
class Openings:
    """The large table, and what is no longer true of it."""

    base: Table
    changed: NDArray[np.int64]  # ids, ascending: what the base says of them no longer holds
    fresh: Table  # those of them that are open, as they are now
    asked: NDArray[np.int64]  # skills, by id, for which the space of `fresh` holds all that is near
    later: NDArray[np.int64]  # what changed since the next base was begun
    coming: Future[Table] | None = None  # the next base

    def __len__(self) -> int:
        return len(self.base.pool.ids) - len(self.gone) + len(self.fresh.pool.ids)

    @cached_property
    def gone(self) -> NDArray[np.int64]:
        """Rows of the base that no longer hold."""
        ids = self.base.pool.ids
        at = np.searchsorted(ids, self.changed)
        at = at[at < len(ids)]
        return at[ids[at] == self.changed[: len(at)]]

    @cached_property
    def whole(self) -> Table:
        """Both tables in one."""
        return self.base.replaced(self.changed, self.fresh) if len(self.changed) else self.base

    @cached_property
    def market(self) -> Market:
        whole = self.whole
        index = index_vacancies(loading.project(whole.pool, whole.space), whole.space)
        return Market(index=index, **{one.name: getattr(whole.columns, one.name) for one in fields(Columns)})

    @cached_property
    def parts(self) -> list[tuple[WorkIndex, SkillSpace]]:
        """The compiled indexes that hold every open vacancy once, each with its skill space."""
        large = (without(self.base.work, self.base.rows[self.gone]), self.base.space)
        return [large, (self.fresh.work, self.fresh.space)] if len(self.fresh.pool.ids) else [large]


@dataclass(frozen=True)
class Floors:
    """Floors of lists by id of the vacancy, -1 where no list stands."""

    floor: NDArray[np.int32]
    _held: dict[int, tuple[NDArray, NDArray[np.int64]]] = field(default_factory=dict, compare=False, repr=False)

    def of(self, work: Work) -> NDArray[np.int64]:
        """The same per row of this work, reckoned once."""
        held = self._held.get(id(work.row))
        if held is None:
            if len(self._held) > MOST_HELD:
                self._held.clear()
            held = self._held[id(work.row)] = (work.row, self.keys(work.ids))
        return held[1]

    def keys(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Per vacancy the key above which somebody belongs in its list."""
        held = self._at(ids)
        return np.where(held >= 0, key_under(held), np.iinfo(np.int64).max)

    def reached(self, ids: NDArray[np.int64], fits: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether somebody with this fit belongs in the list of each vacancy."""
        held = self._at(ids)
        return (held >= 0) & (fits >= held)

    def _at(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        held = np.full(len(ids), -1)
        inside = ids < len(self.floor)
        held[inside] = self.floor[ids[inside]]
        return held


def open_market() -> Market:
    """The open vacancies and functions, as arrays over all of them."""
    return openings().market


def openings() -> Openings:
    """The open vacancies and functions."""
    return _openings.read(*loading.vacancies_stamp())


def floors() -> Floors:
    """The floors of all lists."""
    return _floors.read()


def forget() -> None:
    """Read everything anew, after a change that nothing tells of (nearness without a new edition)."""
    _openings.forget()
    _floors.forget()


def _load() -> Openings:
    pool, columns = _rows(None)
    asked = np.unique(pool.skill)
    base = Table(pool, columns, loading.space_for(asked))
    return Openings(base, NONE, base.only(NONE), asked, NONE)


def _update(held: Openings, ids: list[int]) -> Openings:
    """The same, with these vacancies as they are now."""
    if len(ids) > max(ASIDE, len(held.base.pool.ids) // SHARE):
        return _load()
    pool, columns = _rows(ids)
    space, unknown = held.fresh.space, np.setdiff1d(pool.skill, held.asked)
    if len(unknown):
        space = join_spaces(space, loading.space_for(unknown))
    news = np.array(ids, dtype=np.int64)
    now = replace(
        held,
        changed=np.union1d(held.changed, news),
        fresh=held.fresh.replaced(news, Table(pool, columns, space)),
        asked=np.union1d(held.asked, unknown),
        later=np.union1d(held.later, news),
    )
    if now.coming is not None and now.coming.done():
        now = _take_over(now, now.coming)
    if now.coming is None and len(now.changed) > ASIDE:
        now = replace(now, coming=_worker.submit(_merged, now), later=NONE)
    return now


def _merged(held: Openings) -> Table:
    """One table of both, with its index where the large one has it."""
    if "work" in held.base.__dict__:
        _ = held.whole.rows
    return held.whole


def _take_over(held: Openings, coming: Future[Table]) -> Openings:
    """With the next base, and beside it only what changed since that was begun."""
    if coming.exception() is not None:
        log.error("market_not_merged", exc_info=coming.exception())
        return replace(held, coming=None)
    fresh = held.fresh.only(np.flatnonzero(np.isin(held.fresh.pool.ids, held.later)))
    return replace(held, base=coming.result(), changed=held.later, fresh=fresh, later=NONE, coming=None)


def _rows(vacancy_ids: Sequence[int] | None) -> tuple[Vacancies, Columns]:
    """Those of these vacancies that are open (None: all)."""
    names = ("published_at", "openings", "pay_max", "hours_min", "hours_max", "kind", "title", "organisation__name")
    chosen = Vacancy.objects.open() if vacancy_ids is None else Vacancy.objects.open().filter(id__in=vacancy_ids)
    found = {row[0]: row[1:] for row in chosen.values_list("id", *names)}
    pool = loading.load_vacancies(None if vacancy_ids is None else list(found))
    gone = (None, 1, 0, 0, 0, "", "", "")  # opened between two statements: the next reading tells
    beside = [found.get(pk, gone) for pk in pool.ids.tolist()]
    numbers = np.array([row[1:5] for row in beside], dtype=np.int64).reshape(-1, 4)
    columns = Columns(
        published=np.array([row[0].timestamp() if row[0] else 0.0 for row in beside], dtype=np.float64),
        openings=numbers[:, 0],
        pay_max=numbers[:, 1],
        hours_min=numbers[:, 2],
        hours_max=numbers[:, 3],
        is_function=np.array([row[5] == "function" for row in beside], dtype=bool),
        titles=np.array([f"{row[6]} {row[7]}".lower() for row in beside], dtype=object),
    )
    return pool, columns


def _load_floors() -> Floors:
    return Floors(_put(NONE.astype(np.int32), Standing.objects.values_list("vacancy_id", "floor")))


def _update_floors(held: Floors, ids: list[int]) -> Floors:
    known = np.array([pk for pk in ids if pk < len(held.floor)], dtype=np.int64)
    floor = held.floor.copy()
    floor[known] = -1
    return Floors(_put(floor, Standing.objects.filter(vacancy_id__in=ids).values_list("vacancy_id", "floor")))


def _put(floor: NDArray[np.int32], rows: Iterable[tuple[int, int]]) -> NDArray[np.int32]:
    """Floors with these rows; room for ids to come."""
    table = np.array(list(rows), dtype=np.int64).reshape(-1, 2)
    most = int(table[:, 0].max(initial=-1))
    if most >= len(floor):
        floor = np.concatenate([floor, np.full(most + 1 + most // 8 - len(floor), -1, dtype=np.int32)])
    floor[table[:, 0]] = table[:, 1]
    return floor


_openings: Follower[Openings] = Follower("vacancy", _load, _update)
_floors: Follower[Floors] = Follower("floor", _load_floors, _update_floors)
