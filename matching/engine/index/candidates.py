"""The index of people: made once, asked by every vacancy."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.engine.index import search
from matching.engine.index.formulas import COLUMNS
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
from matching.engine.index.question import Filters, journeys
from matching.engine.index.topk import best_first, key_of, merge
from matching.engine.pool import Candidates, SkillSpace, Vacancies

NOBODY = np.zeros(0, dtype=np.int64)
EVERYBODY = np.zeros(0, dtype=np.uint8)
PLAIN = Filters()


@dataclass(frozen=True)
class Asked:
    """Vacancies as the index reads them."""

    work: Work
    places: Places


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
        return n_bytes(self.people, self.places, self.postings) / max(1, len(self.people.ids))

    def scratch(self) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
        """Room for who is eligible, kept by each thread."""
        if not hasattr(self._own, "room"):
            n = len(self.people.ids)
            self._own.room = (np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int16))
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
    return Asked(*lay_out_work(vacancies, space))


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
    limit = -1 if filters.max_minutes is None or asked.work.remote[v] else filters.max_minutes
    place = asked.work.place[v]
    latitude, longitude = asked.places.latitude[place], asked.places.longitude[place]
    minutes = journeys(index.places, latitude, longitude, None if limit < 0 else limit)
    allowed = EVERYBODY if filters.allowed is None else filters.allowed
    told = np.array(sorted(motivation or ()), dtype=np.int64)
    apart = np.union1d(told, without) if len(told) or len(without) else NOBODY
    keys, rows, size, n_eligible, n_scored = search.top_rows(
        index.people, index.postings, index.places, index.nearness, asked.work, v, minutes, limit, filters.hours, allowed,
        apart, k, index.scratch(),
    )  # fmt: skip
    keys, rows = best_first(keys, rows, size)
    if len(keys) < k and not only_passing:
        more = search.failing_rows(
            index.people, index.nearness, asked.work, v, minutes, limit, filters.hours, allowed, apart, k - len(keys)
        )
        keys, rows = (np.concatenate(two) for two in zip((keys, rows), best_first(*more), strict=True))
    strength = np.zeros(len(rows), dtype=np.int64)
    if len(told):
        keys, rows, strength = _with_applicants(
            index, asked, v, k, minutes, filters, limit, told[~np.isin(told, without)], motivation or {}, keys, rows,
            only_passing,
        )  # fmt: skip
    if not scored:
        return Top(keys, rows, np.zeros((0, COLUMNS), dtype=np.int64), n_eligible, n_scored)
    scores = search.score_rows(index.people, index.nearness, asked.work, v, minutes, rows, strength)
    return Top(keys, rows, scores, n_eligible, n_scored)


def _with_applicants(index, asked, v, k, minutes, filters, limit, told, motivation, keys, rows, only_passing):
    """Put who applied in their place among the others."""
    strength = np.array([motivation[row] for row in told.tolist()], dtype=np.int64)
    shown = [
        search.shown(
            index.people, row, asked.work, v, minutes[index.people.place[row], index.people.mode[row]], limit,
            filters.hours, EVERYBODY if filters.allowed is None else filters.allowed,
        )
        for row in told.tolist()
    ]  # fmt: skip
    told, strength = told[shown], strength[shown]
    scores = search.score_rows(index.people, index.nearness, asked.work, v, minutes, told, strength)
    passes = scores[:, search.FAILURES] == 0
    if only_passing:
        told, strength, scores, passes = told[passes], strength[passes], scores[passes], passes[passes]
    own = [
        key_of(bool(ok), int(fit), int(index.people.ids[row]))
        for ok, fit, row in zip(passes, scores[:, search.FIT], told, strict=True)
    ]
    every = np.concatenate([keys, np.array(own, dtype=np.int64)])
    best = merge([every], k)
    place = np.argsort(-every)[: len(best)]
    every_row = np.concatenate([rows, told])
    every_strength = np.concatenate([np.zeros(len(rows), dtype=np.int64), strength])
    return best, every_row[place], every_strength[place]
