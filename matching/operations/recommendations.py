"""The best vacancies of everybody and the best people of every vacancy, kept fresh by tasks."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from core.events import enqueue
from matching import queries
from matching.operations.standing import lock_lists, place_in_lists, put_lists, put_rows
from profiles.models import CV
from vacancies.models import Vacancy

KEPT = 50


@transaction.atomic
def refresh_recommendations(*, cv_id: int, now: datetime) -> int:
    """Compute the best vacancies of one CV anew, and its place in the lists of vacancies.

    Returns how many vacancies are kept; nothing for a CV that is gone.
    """
    lock_lists(alone=False)
    return _refresh(cv_id, now)


def _refresh(cv_id: int, now: datetime) -> int:
    cv = CV.objects.select_for_update(no_key=True).filter(pk=cv_id).only("findable", "owner_id").first()
    if cv is None:
        return 0
    best, reached = queries.places_of_cv(cv, KEPT)
    place_in_lists(cv, reached, now)
    put_rows("matching_recommendation", cv_id, best)
    return len(best)


@transaction.atomic
def refresh_recommendations_of_vacancy(*, vacancy_id: int, now: datetime) -> int:
    """Put one new, changed or closed vacancy in its place in everybody's recommendations, and rank its list of people.

    Afterwards everybody's rows are as if computed anew: only people in whose best fifty it belongs or belonged are touched,
    and who loses a place to it gets the next best. Returns how many people that were.
    """
    lock_lists(alone=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT own.cv_id, own.fit, count(*) FROM matching_recommendation own
               JOIN matching_recommendation every USING (cv_id) WHERE own.vacancy_id = %s GROUP BY own.cv_id, own.fit""",
            [vacancy_id],
        )
        before = {cv_id: (fit, held) for cv_id, fit, held in cursor.fetchall()}
        cursor.execute("DELETE FROM matching_recommendation WHERE vacancy_id = %s", [vacancy_id])
        scored = dict(queries.everybody_for_vacancy(vacancy_id))
        put_lists({vacancy_id: list(scored.items())}, now)
        # A full list from which it sinks may make room for a vacancy that was not kept.
        sunk = {pk for pk, (fit, held) in before.items() if held >= KEPT and scored.get(pk, -1) < fit}
        touched = set(before) - sunk
        chosen = [(pk, fit) for pk, fit in scored.items() if pk not in sunk]
        cursor.execute(
            """INSERT INTO matching_recommendation (cv_id, vacancy_id, fit)
               SELECT new.cv_id, %s, new.fit
               FROM unnest(%s::bigint[], %s::int[]) AS new (cv_id, fit)
               JOIN profiles_cv ON profiles_cv.id = new.cv_id
               LEFT JOIN LATERAL (SELECT count(*) AS n, min(r.fit) AS least FROM matching_recommendation r
                                  WHERE r.cv_id = new.cv_id) AS held ON true
               WHERE held.n < %s OR new.fit >= held.least RETURNING cv_id""",
            [vacancy_id, [pk for pk, _fit in chosen], [fit for _pk, fit in chosen], KEPT],
        )
        touched |= {row[0] for row in cursor.fetchall()}
        cursor.execute(
            """WITH ordered AS (
                   SELECT id, row_number() OVER (PARTITION BY cv_id ORDER BY fit DESC, vacancy_id) AS place
                   FROM matching_recommendation WHERE cv_id = ANY(%s))
               DELETE FROM matching_recommendation r USING ordered WHERE ordered.id = r.id AND place > %s""",
            [list(touched), KEPT],
        )
    for cv_id in sorted(sunk):
        _refresh(cv_id, now)
    return len(touched | sunk)


def close_expired_vacancies(*, now: datetime) -> int:
    """Close open vacancies past their closing date. Returns how many."""
    expired = Vacancy.objects.open().filter(closes_on__lt=timezone.localdate(now))
    ids = list(expired.values_list("id", flat=True))
    Vacancy.objects.filter(id__in=ids).update(
        status=Vacancy.Status.CLOSED, closed_at=now, version=F("version") + 1, updated_at=now
    )
    for pk in ids:
        enqueue("matching.vacancy_changed", pk)
    return len(ids)
