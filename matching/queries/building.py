"""One match from the engine, the live chance model and the words."""

from bisect import bisect_left
from datetime import datetime

import numpy as np
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone
from numpy.typing import NDArray

from matching import loading
from matching.engine import (
    CandidateIndex,
    ChanceParameters,
    Scores,
    VacancyIndex,
    both,
    explain,
    features,
    index_candidates,
    predict,
)
from matching.models import Application
from matching.open_market import Market
from matching.queries.chances import shown_chance
from matching.queries.shown import NOT_COMPETING, Match, Missing, is_known
from matching.queries.wording import COVERED, Words, fit_lines, journey_band, reasons_for, to_per_mille
from profiles.models import CV
from vacancies.models import Vacancy

WEEK = 7 * 24 * 3600.0
SHORTEST_MOTIVATION = 10  # letters
MOST_TOLD = 2  # questions of the motivation


def candidate_index(cv: CV, vacancies: VacancyIndex) -> CandidateIndex:
    pool = loading.project(loading.load_candidates([cv.pk]), vacancies.space)
    return index_candidates(pool, vacancies.space)


def count_applicants(vacancy_ids: list[int] | None, cv: CV | None = None) -> dict[int, int]:
    """How many people applied so far; None for all open vacancies.

    With a CV: how many others, and for what this person applied to, how many before them.
    """
    rows = Application.objects.exclude(status__in=NOT_COMPETING)
    rows = rows.filter(vacancy__status="open") if vacancy_ids is None else rows.filter(vacancy_id__in=vacancy_ids)
    if cv is not None:
        mine = Application.objects.filter(cv=cv, vacancy_id=OuterRef("vacancy_id"))
        rows = rows.exclude(cv=cv).annotate(at=Subquery(mine.values("applied_at")), own=Subquery(mine.values("id")))
        earlier = Q(applied_at__lt=F("at")) | Q(applied_at=F("at"), id__lt=F("own"))
        rows = rows.filter(Q(at=None) | earlier)
    return dict(rows.order_by().values_list("vacancy_id").annotate(n=Count("id")))


def count_before(queue: list[tuple[datetime, int]], application: Application) -> int:
    """How many in the sorted (moment of applying, id) stand before this application; all when it has no moment."""
    if application.applied_at is None:
        return len(queue)
    return bisect_left(queue, (application.applied_at, application.pk))


def motivation_of(application: Application | None) -> int:
    """How many of the two questions of the motivation were answered."""
    return 0 if application is None else answered(application.why, application.did)


def answered(*texts: str) -> int:
    """How many of these are an answer: some words, not a row of dots."""
    return sum(sum(map(str.isalpha, text)) >= SHORTEST_MOTIVATION for text in texts)


def age_weeks(vacancy: Vacancy, application: Application | None) -> float:
    """Weeks from publication to the moment of applying, or to now."""
    if vacancy.published_at is None:
        return 0.0
    until = application.applied_at if application is not None and application.applied_at else timezone.now()
    return max(0.0, (until - vacancy.published_at).total_seconds() / WEEK)


def market_inputs(cv: CV, market: Market) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """(n_vacancies,) each, of every open vacancy: others who applied for each opening, weeks since publication, and how much was
    told (0-2); of what this person applied to as of then, so as its own page says it."""
    ids, applicants = market.index.vacancies.ids.tolist(), count_applicants(None, cv)
    queue = np.array([applicants.get(pk, 0) for pk in ids], dtype=float) / np.maximum(market.openings, 1)
    sent = {row.vacancy_id: row for row in Application.objects.filter(cv=cv, vacancy__status="open")}
    until, told = np.full(len(ids), timezone.now().timestamp()), np.zeros(len(ids), dtype=np.int64)
    for row, pk in enumerate(ids):
        if (mine := sent.get(pk)) is not None:
            told[row] = motivation_of(mine)
            until[row] = mine.applied_at.timestamp() if mine.applied_at else until[row]
    return queue, np.maximum(until - market.published, 0) / WEEK, told


def inputs_of(
    scores: Scores, vacancy: Vacancy, applicants: int, application: Application | None
) -> NDArray[np.float64]:
    """(1, n_features) what the chance of one scored pair is read from, as of applying."""
    return features(scores, applicants / max(1, vacancy.openings), age_weeks(vacancy, application))


def build_match(
    cv: CV,
    vacancy: Vacancy,
    index: CandidateIndex,
    row: int,
    vacancies: VacancyIndex,
    vacancy_row: int,
    words: Words,
    applicants: int,
    model: tuple[ChanceParameters, int],
    *,
    who: str = "you",
    motivation: int = 0,
    saved: bool = False,
    application: Application | None = None,
    hire_model: ChanceParameters | None = None,
) -> Match:
    """`hire_model` adds the chance to be hired, for the person's own pages."""
    story = explain(index, row, vacancies, vacancy_row, motivation)
    status = application.status if application else ""
    exact = who == "you" or (application is not None and is_known(application.status))
    inputs = inputs_of(story.scores, vacancy, applicants, application)
    parameters, version = model
    said = predict(parameters, inputs, story.scores.isco)
    hired = both(said, predict(hire_model, inputs, story.scores.isco)) if hire_model is not None else None
    known = {part.key: part.known for part in story.parts}
    score = {part.key: to_per_mille(part.score) for part in story.parts}
    per_mille, contributions, breakdown = fit_lines(story, who, words)
    items = [
        (cover, Missing(
            cover.kind, words.requirement(cover), words.skill_id(cover.item) if cover.kind == "skill" else None,
            cover.asked, cover.has, cover.hard, words.is_foreign(cover),
        ))
        for cover in story.requirements
    ]  # fmt: skip
    items.sort(key=lambda pair: -pair[0].weight)
    return Match(
        cv=cv,
        vacancy=vacancy,
        fit=per_mille,
        can=score["competence"] if known["competence"] else -1,
        want=score["passion"] if known["passion"] else -1,
        do=score["drive"] if known["drive"] else -1,
        reasons=reasons_for(story, index, row, words, who, exact),
        missing=[item for cover, item in items if cover.coverage < COVERED],
        covered=[item for cover, item in items if cover.coverage >= COVERED],
        failing=[item for cover, item in items if cover.fails],
        distance_km=round(story.km, 1) if exact and not np.isnan(story.km) else None,
        minutes=story.minutes if exact and story.minutes >= 0 else None,
        chance=shown_chance(said, version),
        hire=shown_chance(hired, version) if hired is not None else None,
        contributions=contributions,
        breakdown=breakdown,
        applicants=applicants,
        saved=saved,
        status=status,
        features=tuple(round(float(x), 6) for x in inputs[0]),
        journey=journey_band(story.minutes),
    )
