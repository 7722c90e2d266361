"""People for a vacancy."""

from datetime import datetime
from uuid import UUID

import numpy as np
from django.conf import settings
from django.utils import timezone

from core.references import seal, unseal
from matching import indexing, loading
from matching.engine import (
    Candidates,
    index_candidates,
    rank,
    score_candidates,
)
from matching.engine.almost import almost_candidates
from matching.models import Application
from matching.queries.building import build_match, count_before, motivation_of
from matching.queries.chances import live_parameters
from matching.queries.shown import Candidate, Match, Near, is_known
from matching.queries.wording import Words, obstacle_words, to_per_mille
from profiles.models import CV
from vacancies.models import Vacancy


def candidates_for_vacancy(vacancy: Vacancy, limit: int = 50, *, now: datetime | None = None) -> list[Match]:
    """People in order of fit: who applied and, while it is open, who may be found; who withdrew is left out.

    Of a vacancy that closed long ago only who was hired. Pages add names only where `name_is_known`.
    """
    vacancies = loading.index_of([vacancy.pk])
    applications = {row.cv_id: row for row in Application.objects.filter(vacancy=vacancy)}
    sent = {pk for pk, row in applications.items() if is_known(row.status)}
    if vacancy.is_settled(now or timezone.now()):
        sent = {pk for pk in sent if applications[pk].status == Application.Status.HIRED}
    gone = {pk for pk, row in applications.items() if row.status == Application.Status.WITHDRAWN}
    others = set(CV.objects.matchable().values_list("id", flat=True)) if vacancy.is_open else set()
    allowed = (others | sent) - gone
    told = {pk: motivation_of(row) for pk, row in applications.items()}
    pool = loading.project(_pool(vacancy, allowed, sent, told, limit), vacancies.space)
    rows = np.flatnonzero(np.isin(pool.ids, list(allowed)))
    if not len(rows):
        return []
    index = index_candidates(pool, vacancies.space)
    motivation = np.array([told.get(pk, 0) for pk in pool.ids[rows].tolist()])
    scores = score_candidates(vacancies, 0, index, rows, motivation)
    order = rank(scores)
    applied = np.isin(scores.ids, list(sent))
    chosen = np.concatenate([order[applied[order]], order[~applied[order]][:limit]])
    chosen = order[np.isin(order, chosen)]
    cvs = CV.objects.select_related("owner").in_bulk(scores.ids[chosen].tolist())
    words = Words(vacancies)
    queue = sorted((applications[pk].applied_at, applications[pk].pk) for pk in sent if applications[pk].applied_at)
    model = live_parameters()
    found = []
    for position in chosen.tolist():
        pk = int(scores.ids[position])
        application = applications.get(pk)
        applicants = count_before(queue, application) if pk in sent else len(queue)
        found.append(
            build_match(
                cvs[pk], vacancy, index, int(rows[position]), vacancies, 0, words, applicants, model, who="they",
                motivation=motivation_of(application), application=application,
            )
        )  # fmt: skip
    return found


def _pool(vacancy: Vacancy, allowed: set[int], sent: set[int], told: dict[int, int], limit: int) -> Candidates:
    """Everybody; where there are many, who applied and the best of the others as the index names them."""
    if len(allowed) >= settings.INDEX_FROM:
        best = indexing.best_of(vacancy.pk, allowed - sent, told, limit)
        if best is not None:
            return loading.load_candidates(sorted({*best, *(allowed & sent)}))
    return loading.all_candidates()


def almost_for_vacancy(vacancy: Vacancy, limit: int = 5) -> list[Near]:
    """People with one thing in the way who would then fit best; who may be found or applied, while the vacancy is open."""
    if not vacancy.is_open:
        return []
    vacancies = loading.index_of([vacancy.pk])
    pool = loading.project(loading.all_candidates(), vacancies.space)
    applications = dict(Application.objects.filter(vacancy=vacancy).values_list("cv_id", "status"))
    allowed = set(CV.objects.matchable().values_list("id", flat=True))
    allowed |= {pk for pk, status in applications.items() if is_known(status)}
    allowed -= {pk for pk, status in applications.items() if status == Application.Status.WITHDRAWN}
    rows = np.flatnonzero(np.isin(pool.ids, list(allowed)))
    if not len(rows):
        return []
    index = index_candidates(pool, vacancies.space)
    found = almost_candidates(vacancies, 0, index, rows, limit)
    cvs = CV.objects.select_related("owner").in_bulk(pool.ids[[one.row for one in found]].tolist())
    words = Words(vacancies)
    near = []
    for one in found:
        cv = cvs[int(pool.ids[one.row])]
        known = is_known(applications.get(cv.pk, ""))
        near.append(
            Near(
                cv=cv,
                vacancy=vacancy,
                words=obstacle_words(one.obstacle, words, "they"),
                kind=one.obstacle.kind,
                fit=to_per_mille(one.fit),
                fit_then=to_per_mille(one.fit_then),
                page="",
                ref=seal(vacancy.pk, cv.pk),
                name=cv.owner.name if known else "",
            )
        )
    return near


def candidate_for(vacancy: Vacancy, ref: UUID, *, now: datetime | None = None) -> Candidate | None:
    """Whom this vacancy's employer calls `ref`, as they may be seen; None when they may not, or withdrew.

    Without a name people are seen while the vacancy is open; with a name until it closed long ago, when hired for good.
    """
    cv_id = unseal(vacancy.pk, ref)
    if cv_id is None:
        return None
    cv = CV.objects.select_related("owner", "place").filter(pk=cv_id, owner__isnull=False).first()
    if cv is None:
        return None
    application = Application.objects.filter(vacancy=vacancy, cv=cv).first()
    if application is not None and application.status == Application.Status.WITHDRAWN:
        return None
    found = Candidate(cv, application)
    if not found.is_known:
        return found if cv.findable and vacancy.is_open else None
    hired = application is not None and application.status == Application.Status.HIRED
    return found if hired or not vacancy.is_settled(now or timezone.now()) else None


def count_applications(vacancy: Vacancy) -> int:
    """How many people ever applied, whatever came of it."""
    return Application.objects.filter(vacancy=vacancy, applied_at__isnull=False).count()


def count_hired(vacancy: Vacancy) -> int:
    return Application.objects.filter(vacancy=vacancy, status=Application.Status.HIRED).count()
