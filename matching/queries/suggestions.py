"""Programmes that raise a chance."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from django.utils import timezone

from education.models import Programme
from matching import loading
from matching.engine import (
    Candidates,
    ChanceParameters,
    VacancyIndex,
    gains,
    index_candidates,
    opens,
)
from matching.engine.training import Gain
from matching.engine.travel import distance_km, travel_minutes
from matching.models import Application
from matching.queries.building import WEEK, age_weeks, count_applicants, motivation_of
from matching.queries.chances import live_parameters, shown_chance
from matching.queries.matches import matches_for_cv
from matching.queries.shown import Suggestion
from matching.queries.wording import Words
from profiles.models import CV
from vacancies.models import Vacancy

LEAST_GAIN = 0.03  # less is lost in the margin of the estimate
SUGGESTION_MINUTES = 75  # further than this a course in a classroom is no help


def suggestions_for(cv: CV, vacancy: Vacancy | None = None, limit: int = 3) -> list[Suggestion]:
    """Programmes that raise the chance most for what they ask in time and money.

    The gain is in the chance of this vacancy, or of the best match when none is given. What a programme costs is written
    as ``1 + months / 6 + euros / 2,000``; gain divided by that decides the order. X
    """
    if vacancy is None:
        best = matches_for_cv(cv, limit=1)
        return suggestions_for(cv, best[0].vacancy, limit) if best else []
    vacancies = loading.index_of([vacancy.pk])
    person = loading.load_candidates([cv.pk])
    index = index_candidates(loading.project(person, vacancies.space), vacancies.space)
    programmes = loading.project(loading.programmes(), vacancies.space)
    parameters, version = live_parameters()
    application = Application.objects.filter(cv=cv, vacancy=vacancy).first()
    applicants = count_applicants([vacancy.pk], cv).get(vacancy.pk, 0)
    found = gains(
        index, 0, vacancies, 0, programmes, parameters, applicants / max(1, vacancy.openings),
        age_weeks(vacancy, application), motivation_of(application),
    )  # fmt: skip
    found = [gain for gain in found if gain.gain >= LEAST_GAIN]
    rows = Programme.objects.select_related("school", "place").in_bulk(
        [int(programmes.ids[gain.programme_row]) for gain in found]
    )
    today = timezone.localdate()
    open_now = [
        gain for gain in found
        if (row := rows.get(int(programmes.ids[gain.programme_row]))) is not None and _reachable(cv, row)
        and row.can_start(today)
    ]  # fmt: skip
    worth = partial(_worth, programmes, rows)
    best_first = sorted(open_now, key=lambda gain: (-worth(gain), programmes.ids[gain.programme_row]))
    best = _without_doubles(best_first, programmes, rows)[:limit]
    words = Words(vacancies)
    opened = _opens(cv, person, best, programmes.ids, parameters)
    return [
        Suggestion(
            programme=rows[int(programmes.ids[gain.programme_row])],
            chance_before=shown_chance(gain.before, version),
            chance_after=shown_chance(gain.after, version),
            opens=number,
            skills=_taught(gain, programmes, vacancies, words),
            starts_on=rows[int(programmes.ids[gain.programme_row])].next_start(today),
        )
        for gain, number in zip(best, opened, strict=True)
    ]


def _worth(programmes, rows: dict[int, Programme], gain: Gain) -> float:
    programme = rows[int(programmes.ids[gain.programme_row])]
    return gain.gain / (1 + programme.weeks / 26 + float(programme.price) / 2000)


def _without_doubles(found: list[Gain], programmes, rows: dict[int, Programme]) -> list[Gain]:
    """The first of each title, and of each set of skills, papers and diploma that this vacancy has to do with."""
    kept, seen = [], set()
    for gain in found:
        row = gain.programme_row
        taught = programmes.skill[programmes.indptr[row] : programmes.indptr[row + 1]]
        papers = programmes.certificates[row]
        same = {
            rows[int(programmes.ids[row])].title.lower(),
            (*sorted(taught.tolist()), -1, *papers.tolist(), int(programmes.grants_education[row])),
        }
        if not same & seen:
            kept.append(gain)
        seen |= same
    return kept


def _reachable(cv: CV, programme: Programme) -> bool:
    if programme.mode == Programme.Mode.ONLINE or programme.place is None or cv.place is None:
        return True
    here, there = cv.place, programme.place
    km = distance_km(here.latitude, here.longitude, there.latitude, there.longitude)
    mode = loading.TRAVEL_MODES[cv.travel_mode]
    return int(travel_minutes(np.array([km]), np.array([mode]))[0]) <= SUGGESTION_MINUTES


def _opens(cv: CV, person: Candidates, best: Sequence[Gain], programme_ids, parameters: ChanceParameters) -> list[int]:
    if not best:
        return []
    market = loading.market()
    index = index_candidates(loading.project(person, market.index.space), market.index.space)
    programmes = loading.project(loading.programmes(), market.index.space)
    position = {int(pk): row for row, pk in enumerate(programmes.ids)}
    applicants = count_applicants(None, cv)
    asked = market.index.vacancies.ids
    competition = np.array([applicants.get(pk, 0) for pk in asked.tolist()]) / np.maximum(market.openings, 1)
    ages = np.maximum(timezone.now().timestamp() - market.published, 0) / WEEK
    chosen = np.array([position[int(programme_ids[gain.programme_row])] for gain in best])
    return opens(index, 0, market.index, programmes, chosen, parameters, competition, ages)


def _taught(gain: Gain, programmes, vacancies: VacancyIndex, words: "Words") -> list[str]:
    """What the programme teaches of what this vacancy asks."""
    row = gain.programme_row
    entries = slice(programmes.indptr[row], programmes.indptr[row + 1])
    taught = [words.skill(int(skill)) for skill in programmes.skill[entries]]
    papers = [words.certificate(bit) for bit in words.bits(programmes.certificates[row])]
    return [*papers, *taught][:6]
