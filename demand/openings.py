"""What learning would open, counted for everybody: for the nightly numbers of schools."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from education.models import Programme
from matching import loading
from matching.engine import Programmes, index_vacancies
from matching.engine.pool import Candidates, take_vacancies
from matching.engine.training import EVEN_ODDS, enters
from matching.engine.training_batch import everybody
from matching.engine.training_ground import lay_out
from matching.engine.training_market import After, Now
from matching.engine.travel import distance_km, travel_minutes
from matching.queries import WEEK, count_applicants, live_tables
from matching.queries.suggestions import SUGGESTION_MINUTES

BEST = 3  # suggestions that a person gets to see
HIGHEST = 15  # steps: a skill learned to the full


@dataclass(frozen=True)
class Opened:
    """Per programme (rows as in `taught`): people with at least one vacancy more, and people for whom it is a top one.

    `somebody`: (n_vacancies,) whether anybody has even odds for a vacancy now.
    """

    people_over: NDArray[np.int64]
    people_top: NDArray[np.int64]
    somebody: NDArray[np.bool_]


def per_programme(market: loading.Market, people: Candidates, taught: Programmes, now: datetime) -> Opened:
    """Count for all people and programmes which vacancies they would bring over even odds.

    Only programmes count that somebody can enter and get to. Top suggestions are the three that open most vacancies, ties
    to the shortest and then the lower id.
    """
    over, top = np.zeros(len(taught.ids), dtype=np.int64), np.zeros(len(taught.ids), dtype=np.int64)
    weeks = dict(Programme.objects.filter(id__in=taught.ids.tolist()).values_list("id", "weeks"))
    length = np.array([weeks[pk] for pk in taught.ids.tolist()])
    near = reachable(people, taught)
    courses = loading.project(taught, market.index.space)
    somebody = np.zeros(len(market.index.vacancies.ids), dtype=bool)
    for row, (here, after) in enumerate(_learning(market, people, courses, now, ~market.is_function)):
        somebody |= here.p >= EVEN_ODDS
        may = enters(people, row, taught) & near[row]
        opened = np.where(may, after.opens(len(taught.ids)), 0)
        over += opened > 0
        order = np.lexsort((taught.ids, length, -opened))[:BEST]
        top[order[opened[order] > 0]] += 1
    return Opened(over, top, somebody)


def filled_by_one_skill(
    market: loading.Market, people: Candidates, now: datetime, somebody: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """(n_skills of the space,): vacancies with nobody over even odds that get somebody who learns just that skill."""
    whole = market.index
    empty = np.flatnonzero(~(somebody | market.is_function))
    index = index_vacancies(take_vacancies(whole.vacancies, empty), whole.space)
    asked = np.unique(index.vacancies.skill)
    none = np.zeros(len(asked), dtype=np.int32)
    each = Programmes(
        ids=index.space.ids[asked], indptr=np.arange(len(asked) + 1), skill=asked.astype(np.int32),
        level=np.full(len(asked), HIGHEST, dtype=np.int32),
        certificates=np.zeros((len(asked), index.vacancies.certificates.shape[1]), dtype=np.uint64),
        languages=np.zeros((len(asked), index.vacancies.languages.shape[1]), dtype=np.int32),
        grants_education=none, entry_education=none,
        entry_languages=np.zeros((len(asked), index.vacancies.languages.shape[1]), dtype=np.int32),
    )  # fmt: skip
    few = replace(market, index=index, openings=market.openings[empty], published=market.published[empty])
    crossed = np.zeros((len(asked), len(empty)), dtype=bool)
    for _here, after in _learning(few, people, each, now):
        crossed[after.bundle[after.crossed], after.vacancy[after.crossed]] = True
    owner = np.repeat(np.arange(len(empty)), np.diff(index.vacancies.indptr))
    exact = np.zeros_like(crossed)
    exact[np.searchsorted(asked, index.vacancies.skill), owner] = True  # not what only lies near
    fills = np.zeros(len(index.space.ids), dtype=np.int64)
    fills[asked] = (crossed & exact).sum(axis=1)
    return fills


def _learning(
    market: loading.Market,
    people: Candidates,
    courses: Programmes,
    now: datetime,
    wanted: NDArray[np.bool_] | None = None,
) -> Iterator[tuple[Now, After]]:
    """For each person: where they stand, and what each single course brings over even odds (of the vacancies wanted)."""
    applicants = count_applicants(None)
    counts = np.array([applicants.get(pk, 0) for pk in market.index.vacancies.ids.tolist()])
    ages = np.maximum(now.timestamp() - market.published, 0) / WEEK
    return everybody(
        lay_out(market.index, courses), loading.project(people, market.index.space), live_tables(),
        counts / np.maximum(market.openings, 1), ages, [(row,) for row in range(len(courses.ids))], wanted,
    )  # fmt: skip


def reachable(people: Candidates, taught: Programmes) -> NDArray[np.bool_]:
    """(n_people, n_programmes): who can get to the lessons: always online, and where either place is unknown."""
    places = {
        pk: (mode, latitude, longitude)
        for pk, mode, latitude, longitude in Programme.objects.filter(id__in=taught.ids.tolist()).values_list(
            "id", "mode", "place__latitude", "place__longitude"
        )
    }
    known = [places[pk] for pk in taught.ids.tolist()]
    online = np.array([mode == Programme.Mode.ONLINE for mode, _, _ in known], dtype=bool)
    latitude = np.array([np.nan if value is None else value for _, value, _ in known], dtype=float)
    longitude = np.array([np.nan if value is None else value for _, _, value in known], dtype=float)
    km = distance_km(people.latitude[:, None], people.longitude[:, None], latitude[None, :], longitude[None, :])
    minutes = travel_minutes(km, np.broadcast_to(people.travel_mode[:, None], km.shape))
    return (minutes <= SUGGESTION_MINUTES) | online[None, :]
