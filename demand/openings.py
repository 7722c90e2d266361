"""What learning would open, counted for everybody: for the nightly numbers of schools."""

from collections.abc import Iterator, Sequence
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
from matching.open_market import Market
from matching.queries import WEEK, count_applicants, live_tables
from matching.queries.suggestions import SUGGESTION_MINUTES, asks, beside_work
from profiles.models import Job

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


def per_programme(market: Market, people: Candidates, taught: Programmes, now: datetime) -> Opened:
    """Count for all people and programmes which vacancies they would bring over even odds.

    Only programmes count that somebody can enter, still begin, get to, and combine with a job. Top suggestions are the three
    that open most for what they ask, as on that person's own page; ties to the lower id.
    """
    over, top = np.zeros(len(taught.ids), dtype=np.int64), np.zeros(len(taught.ids), dtype=np.int64)
    found = Programme.objects.select_related("place").in_bulk(taught.ids.tolist())
    programmes = [found[pk] for pk in taught.ids.tolist()]
    minutes = journeys(people, programmes)
    begins = np.array([programme.can_start(now.date()) for programme in programmes], dtype=bool)
    alongside = np.array([beside_work(programme) for programme in programmes], dtype=bool)
    weeks = np.array([programme.weeks for programme in programmes], dtype=float)
    euros = np.array([float(programme.price) for programme in programmes])
    working = np.isin(people.ids, list(Job.objects.filter(is_current=True).values_list("cv_id", flat=True)))
    courses = loading.project(taught, market.index.space)
    somebody = np.zeros(len(market.index.vacancies.ids), dtype=bool)
    for row, (here, after) in enumerate(_learning(market, people, courses, now, ~market.is_function)):
        somebody |= here.p >= EVEN_ODDS
        may = enters(people, row, taught) & begins & (minutes[row] <= SUGGESTION_MINUTES) & (alongside | ~working[row])
        opened = np.where(may, after.opens(len(taught.ids)), 0)
        over += opened > 0
        order = np.lexsort((taught.ids, -opened / asks(weeks, euros, np.maximum(minutes[row], 0))))[:BEST]
        top[order[opened[order] > 0]] += 1
    return Opened(over, top, somebody)


def filled_by_one_skill(
    market: Market, people: Candidates, now: datetime, somebody: NDArray[np.bool_]
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
    market: Market,
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


def journeys(people: Candidates, programmes: Sequence[Programme]) -> NDArray[np.int64]:
    """(n_people, n_programmes): minutes to the lessons; 0 for online, -1 where either place is unknown."""
    places = [programme.place for programme in programmes]
    latitude = np.array([np.nan if place is None else place.latitude for place in places], dtype=float)
    longitude = np.array([np.nan if place is None else place.longitude for place in places], dtype=float)
    online = np.array([programme.mode == Programme.Mode.ONLINE for programme in programmes], dtype=bool)
    km = distance_km(people.latitude[:, None], people.longitude[:, None], latitude[None, :], longitude[None, :])
    return np.where(online, 0, travel_minutes(km, np.broadcast_to(people.travel_mode[:, None], km.shape)))
