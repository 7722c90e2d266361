"""The index of people: made once, asked by every vacancy."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.engine.index import search
from matching.engine.index.formulas import COLUMNS, FAILURES, FIT
from matching.engine.index.gather import Scratch, make_scratch
from matching.engine.index.layout import (
    Nearness,
    People,
    Places,
    Work,
    lay_out_nearness,
    lay_out_people,
    lay_out_work,
    n_bytes,
)
from matching.engine.index.postings import Postings, post
from matching.engine.index.question import Filters
from matching.engine.index.topk import merge, order_key
from matching.engine.pool import Candidates, SkillSpace, Vacancies

NOBODY = np.zeros(0, dtype=np.int64)
EVERYBODY = np.zeros(0, dtype=np.uint8)
PLAIN = Filters()
FAILING_AT_ONCE = 65_536


@dataclass(frozen=True)
class Asked:
    """Vacancies as the index reads them."""

    work: Work
    places: Places
    n_skills: int


@dataclass(frozen=True)
class PeopleIndex:
    """People, their posting lists, and the skill space in which both are written."""

    people: People
    places: Places
    postings: Postings
    nearness: Nearness
    _own: threading.local = field(default_factory=threading.local, repr=False, compare=False)

    @property
    def bytes_per_person(self) -> float:
        """Memory of all columns, in bytes for each person (the skill space, some megabytes, is not counted)."""
        return n_bytes(self.people, self.places, self.postings) / max(1, len(self.people.row))

    def scratch(self) -> Scratch:
        """Room for who is eligible, kept by each thread."""
        if not hasattr(self._own, "room"):
            self._own.room = make_scratch(len(self.people.row), len(self.places.x), len(self.nearness.indptr) - 1)
        return self._own.room


@dataclass(frozen=True)
class Top:
    """The best, in order. keys: as `topk.key_of`. n_eligible and n_scored: of how many, and how many were scored whole."""

    keys: NDArray[np.int64]
    rows: NDArray[np.int64]
    scores: NDArray[np.int64]  # (k, COLUMNS), see `formulas`
    n_eligible: int
    n_scored: int


def index_people(candidates: Candidates, space: SkillSpace) -> PeopleIndex:
    """Make the index. Raises ValueError for what no score is defined on (see `layout`)."""
    nearness = lay_out_nearness(space)
    people, places = lay_out_people(candidates, space)
    return PeopleIndex(people, places, post(people, len(space.ids)), nearness)


def ask(vacancies: Vacancies, space: SkillSpace) -> Asked:
    """Vacancies, ready to be asked for, in their own order. Raises ValueError as `index_people` does."""
    return Asked(*lay_out_work(vacancies, space), len(space.ids))


def top_candidates(
    index: PeopleIndex,
    asked: Asked,
    v: int,
    k: int = 50,
    filters: Filters = PLAIN,
    motivation: Mapping[int, int] | None = None,
    without: NDArray[np.int64] = NOBODY,
    only_passing: bool = False,
    scored: bool = True,
) -> Top:
    """The best k people for vacancy `v`: who passes what is indispensable, then fit, ties by id, as `score.rank`.

    motivation: by row, of who applied and told why (1-2). without: rows that are left out. only_passing: never fill up with
    who fails something indispensable. scored: False leaves the breakdown out (`scores` is then empty).
    """
    told = np.array(sorted(motivation or ()), dtype=np.int64)
    apart = np.union1d(told, without) if len(told) or len(without) else NOBODY
    lists = best_lists(index, asked, np.array([v], dtype=np.int64), k, filters, apart)
    size, n_eligible, n_looked = lists.counts[0].tolist()
    keys, rows = lists.keys[0, :size], lists.rows[0, :size]
    if size < k and not only_passing:
        more = _failing(index, asked, v, k - size, filters, apart)
        keys, rows = np.concatenate([keys, more[0]]), np.concatenate([rows, more[1]])
    strength = np.zeros(len(rows), dtype=np.int64)
    if len(told):
        keys, rows, strength = _with_applicants(
            index, asked, v, k, filters, told[~np.isin(told, without)], motivation or {}, keys, rows, only_passing
        )
    scores = score_rows(index, asked, v, rows if scored else NOBODY, strength)
    return Top(keys, rows, scores, n_eligible, n_looked)


@dataclass(frozen=True)
class Lists:
    """The best people of n vacancies, who pass: keys and rows (n, k), best first.

    counts: (n, 3) how many are in the list, were eligible, and were looked at after their competence.
    """

    keys: NDArray[np.int64]
    rows: NDArray[np.int64]
    counts: NDArray[np.int64]


def best_lists(
    index: PeopleIndex, asked: Asked, chosen: NDArray[np.int64], k: int, filters: Filters, apart: NDArray[np.int64]
) -> Lists:
    """The lists of the vacancies chosen; `apart`: rows, ascending, that are left out.

    Raises ValueError when the vacancies were laid out in another skill space than the index.
    """
    n = len(chosen)
    same_space(asked.n_skills, index)
    made = Lists(*(np.zeros((n, width), dtype=np.int64) for width in (k, k, 3)))
    search.best_lists(
        index.people, index.postings, index.places, index.nearness, asked.work, asked.places, chosen, *limits(filters),
        apart, made.keys, made.rows, made.counts, index.scratch(),
    )  # fmt: skip
    return made


def same_space(n_skills: int, index: PeopleIndex) -> None:
    """Raises ValueError when people stand in another skill space; compiled loops do not look where they read."""
    known = len(index.nearness.indptr) - 1
    if n_skills != known:
        raise ValueError(f"the people know {known} skills and the work {n_skills}: make the index anew")


def score_rows(
    index: PeopleIndex, asked: Asked, v: int, rows: NDArray[np.int64], motivation: NDArray[np.int64]
) -> NDArray[np.int64]:
    """(n, COLUMNS) all that the score of vacancy `v` says of these rows, whoever is shown; motivation: (n,) 0-2."""
    out = np.empty((len(rows), COLUMNS), dtype=np.int64)
    if len(rows):
        search.score_rows(
            index.people, index.places, index.nearness, asked.work, asked.places, v, rows, motivation,
            index.scratch().head, out,
        )  # fmt: skip
    return out


def limits(filters: Filters) -> tuple[int, bool, NDArray[np.uint8]]:
    """Filters as the loops read them."""
    return (
        -1 if filters.max_minutes is None else filters.max_minutes,
        filters.hours,
        EVERYBODY if filters.allowed is None else filters.allowed,
    )


def _failing(index, asked, v, k, filters, apart):
    """(keys, rows) of the best k who are shown but fail something indispensable; scores everybody who is shown."""
    keys, rows = NOBODY, NOBODY
    for low in range(0, len(index.people.row), FAILING_AT_ONCE):
        some = np.setdiff1d(np.arange(low, min(low + FAILING_AT_ONCE, len(index.people.row))), apart)
        some = some[_shown(index, asked, v, some, filters)]
        scores = score_rows(index, asked, v, some, np.zeros(len(some), dtype=np.int64))
        some, scores = some[scores[:, FAILURES] > 0], scores[scores[:, FAILURES] > 0]
        rows = np.concatenate([rows, some])
        keys = np.concatenate([keys, _keys(index, some, scores)])
        best = np.argsort(-keys)[:k]
        keys, rows = keys[best], rows[best]
    return keys, rows


def _shown(index, asked, v, rows, filters):
    return search.shown(index.people, index.places, asked.work, asked.places, v, rows, *limits(filters))


def _keys(index, rows, scores):
    who = zip(scores[:, FAILURES] == 0, scores[:, FIT].tolist(), index.people.ids[rows].tolist(), strict=True)
    return np.array([order_key(bool(passes), fit, pk) for passes, fit, pk in who], dtype=np.int64)


def _with_applicants(index, asked, v, k, filters, told, motivation, keys, rows, only_passing):
    """Put who applied in their place among the others."""
    told = told[_shown(index, asked, v, told, filters)]
    strength = np.array([motivation[row] for row in told.tolist()], dtype=np.int64)
    scores = score_rows(index, asked, v, told, strength)
    if only_passing:
        passes = scores[:, FAILURES] == 0
        told, strength, scores = told[passes], strength[passes], scores[passes]
    every = np.concatenate([keys, _keys(index, told, scores)])
    best = merge([every], k)
    place = np.argsort(-every)[: len(best)]
    every_row = np.concatenate([rows, told])
    every_strength = np.concatenate([np.zeros(len(rows), dtype=np.int64), strength])
    return best, every_row[place], every_strength[place]
