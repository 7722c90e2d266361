"""Vacancies for a person."""

from dataclasses import replace

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from matching import loading
from matching.engine import (
    index_candidates,
    predict,
    rank,
    score_candidates,
    score_vacancies,
)
from matching.engine.almost import almost_vacancies
from matching.engine.index.candidates import index_people
from matching.engine.index.topk import merge, read_keys
from matching.engine.index.vacancies import enters, top_work
from matching.models import Application, Bookmark
from matching.open_market import Market, floors, open_market, openings
from matching.queries.building import (
    MOST_TOLD,
    build_match,
    candidate_index,
    count_applicants,
    inputs_of,
    motivation_of,
)
from matching.queries.chances import live_parameters, shown_chance
from matching.queries.market import order_by_market
from matching.queries.shown import Match, MatchFilters, Near
from matching.queries.wording import PAGES, Words, obstacle_words, to_per_mille
from profiles.models import CV
from vacancies.models import Vacancy

ALMOST_PAGES = PAGES | {"hours": "hours", "journey": "travel"}


def matches_for_cv(
    cv: CV, *, filters: MatchFilters | None = None, limit: int = 50, by_market: bool = False
) -> list[Match]:
    """Open vacancies for this CV: who passes the hard requirements first, then by fit, ties by id.

    `by_market`: in the market order instead, as long as there are fresh prices (`market_prices` says so); by fit otherwise.
    """
    filters = filters or MatchFilters()
    market = open_market()
    asked = market.index.vacancies
    if not len(asked.ids):
        return []
    index = candidate_index(cv, market.index)
    applications = {row.vacancy_id: row for row in Application.objects.filter(cv=cv, vacancy__status="open")}
    told = np.array([motivation_of(applications.get(pk)) for pk in asked.ids.tolist()])
    scores = score_vacancies(index, 0, market.index, motivation=told)
    bookmarks = dict(Bookmark.objects.filter(cv=cv).values_list("vacancy_id", "hidden"))
    keep = _kept(market, scores.minutes, bookmarks, filters)
    order = rank(scores)
    order = order[keep[order]]
    if by_market:
        moved = order_by_market(scores, order, live_parameters()[0])
        order = order if moved is None else moved
    order = order[:limit]
    chosen = asked.ids[order].tolist()
    vacancies = Vacancy.objects.select_related("organisation", "place", "occupation").in_bulk(chosen)
    words = Words(market.index)
    applicants, model = count_applicants(chosen, cv), live_parameters()
    hire_model = live_parameters("hired")[0]
    return [
        build_match(
            cv, vacancies[pk], index, 0, market.index, int(row), words, applicants.get(pk, 0), model,
            motivation=int(told[row]), saved=bookmarks.get(pk) is False,
            application=applications.get(pk), hire_model=hire_model,
        )
        for pk, row in zip(chosen, order.tolist(), strict=True)
        if pk in vacancies
    ]  # fmt: skip


def almost_for_cv(cv: CV, limit: int = 5) -> list[Near]:
    """Open vacancies with one thing in the way, those that would then fit best; hidden ones and applications left out."""
    market = open_market()
    asked = market.index.vacancies
    if not len(asked.ids):
        return []
    index = candidate_index(cv, market.index)
    gone = set(Bookmark.objects.filter(cv=cv, hidden=True).values_list("vacancy_id", flat=True))
    gone |= set(Application.objects.filter(cv=cv).values_list("vacancy_id", flat=True))
    rows = np.flatnonzero(~np.isin(asked.ids, list(gone)))
    found = almost_vacancies(index, 0, market.index, rows, limit)
    vacancies = Vacancy.objects.select_related("organisation", "place", "occupation").in_bulk(
        [int(asked.ids[one.vacancy_row]) for one in found]
    )
    words = Words(market.index)
    return [
        Near(
            cv=cv,
            vacancy=vacancies[pk],
            words=obstacle_words(one.obstacle, words, "you"),
            kind=one.obstacle.kind,
            fit=to_per_mille(one.fit),
            fit_then=to_per_mille(one.fit_then),
            page=ALMOST_PAGES.get(one.obstacle.kind, ""),
        )
        for one in found
        if (pk := int(asked.ids[one.vacancy_row])) in vacancies
    ]


def places_of_cv(cv: CV, limit: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """(vacancy id, fit in parts of 10,000) of what passes all that is indispensable: the best in order; whose lists it reaches."""
    held, known = openings(), floors()
    if len(held) < settings.WORK_INDEX_FROM:
        market = held.market
        scores = score_vacancies(candidate_index(cv, market.index), 0, market.index)
        order = rank(scores)
        order = order[scores.passed[order]]
        ids, fits = scores.ids[order], scores.fit[order]
        inside = known.reached(ids, fits)
        best, reached = ((ids[some].tolist(), fits[some].tolist()) for some in (slice(limit), inside))
        return list(zip(*best, strict=True)), list(zip(*reached, strict=True))
    loaded, best, reached = loading.load_candidates([cv.pk]), [], []
    for work, space in held.parts:
        person = index_people(loading.project(loaded, space), space)
        best.append(top_work(work, person, 0, limit)[0])
        rows, keys = enters(work, person, 0, known.of(work.work))
        reached += zip(work.work.ids[rows].tolist(), read_keys(keys).fit.tolist(), strict=True)
    top = read_keys(merge(best, limit))
    return list(zip(top.ids.tolist(), top.fit.tolist(), strict=True)), reached


def everybody_for_vacancy(vacancy_id: int) -> list[tuple[int, int]]:
    """(CV id, fit in parts of 10,000) of everybody with an account who passes what is indispensable; [] when not open."""
    if not Vacancy.objects.open().filter(pk=vacancy_id).exists():
        return []
    vacancies = loading.index_of([vacancy_id])
    index = index_candidates(loading.project(loading.all_candidates(), vacancies.space), vacancies.space)
    scores = score_candidates(vacancies, 0, index)
    return [
        (int(pk), int(fit)) for pk, fit, passed in zip(scores.ids, scores.fit, scores.passed, strict=True) if passed
    ]


def match_for(cv: CV, vacancy: Vacancy, *, who: str = "you", motivation: int | None = None) -> Match:
    """This person and this vacancy, whether it is open or not."""
    vacancies = loading.index_of([vacancy.pk])
    index = candidate_index(cv, vacancies)
    application = Application.objects.filter(cv=cv, vacancy=vacancy).first()
    if motivation is None:
        motivation = motivation_of(application)
    bookmark = Bookmark.objects.filter(cv=cv, vacancy=vacancy).first()
    applicants = count_applicants([vacancy.pk], cv).get(vacancy.pk, 0)
    model = live_parameters()
    match = build_match(
        cv, vacancy, index, 0, vacancies, 0, Words(vacancies), applicants, model, who=who, motivation=motivation,
        saved=bookmark is not None and not bookmark.hidden, application=application,
        hire_model=live_parameters("hired")[0] if who == "you" else None,
    )  # fmt: skip
    can_tell = vacancy.is_open and (application is None or application.status == Application.Status.APPROACHED)
    if who != "you" or not can_tell:
        return match
    scores = score_vacancies(index, 0, vacancies, motivation=MOST_TOLD)
    told = predict(model[0], inputs_of(scores, vacancy, applicants, application), scores.isco)
    return replace(match, if_told=shown_chance(told, model[1]))


def _kept(market: Market, minutes, bookmarks: dict[int, bool], filters: MatchFilters) -> NDArray[np.bool_]:
    """Which open vacancies pass the filters."""
    asked = market.index.vacancies
    marks = np.array([bookmarks.get(pk) for pk in asked.ids.tolist()], dtype=object)
    if filters.saved:
        keep = marks == False  # noqa: E712 - an array of True, False and None
    elif filters.hidden:
        keep = marks == True  # noqa: E712
    else:
        keep = marks != True  # noqa: E712
    keep = keep.astype(bool)
    if filters.text:
        words = filters.text.lower().split()
        keep &= np.array([all(word in title for word in words) for title in market.titles], dtype=bool)
    if filters.sector:
        keep &= asked.sector == loading.SECTORS.get(filters.sector, -2)
    if filters.max_minutes is not None:
        keep &= ((minutes >= 0) & (minutes <= filters.max_minutes)) | asked.remote
    if filters.hours is not None:
        keep &= (market.hours_min <= filters.hours) & (filters.hours <= market.hours_max)
    if filters.min_pay is not None:
        keep &= market.pay_max >= filters.min_pay
    if filters.kind:
        keep &= market.is_function == (filters.kind == "function")
    return keep
