"""Standing lists: the best people of every open vacancy, kept true while CVs change, without ranking anybody else anew.

A list is ranked when its vacancy changes, and gets a **floor**: everybody who passes with a fit of the floor or better is in it.
So a changed CV leaves the lists whose floor it no longer reaches and enters those that it does, and every list still
equals one that is ranked anew. More people stand in it than are shown; one that runs low, or grows far, is ranked anew.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from core.events import enqueue
from matching import indexing, queries
from matching.models import Standing
from matching.queries.standing import SHOWN
from profiles.models import CV
from vacancies.models import Vacancy

ROOM = 64  # people who are in a list when it was just ranked
LOW = SHOWN + 4  # some more than are shown: two people may leave at once
AT_ONCE = 500  # lists that one transaction ranks
LISTS_LOCK = 20_001


def lock_lists(*, alone: bool) -> None:
    """Until the end of the transaction: one vacancy at a time (`alone`), or any number of CVs."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{'' if alone else '_shared'}(%s)", [LISTS_LOCK])


@transaction.atomic
def rank_list(*, vacancy_id: int, now: datetime) -> int:
    """Rank the list of one vacancy anew; how many are in it. A vacancy that is not open has none."""
    lock_lists(alone=True)
    return put_lists({vacancy_id: queries.everybody_for_vacancy(vacancy_id)}, now)


def rank_all_lists(*, now: datetime) -> int:
    """Rank every list anew, some at a time, so that CVs that change meanwhile hardly wait; how many people are in them."""
    to_rank = Vacancy.objects.filter(Q(status="open") | Q(standing__isnull=False)).order_by("id")
    ids = list(to_rank.values_list("id", flat=True))
    return sum(_rank_lists(ids[first : first + AT_ONCE], now) for first in range(0, len(ids), AT_ONCE))


@transaction.atomic
def _rank_lists(vacancy_ids: list[int], now: datetime) -> int:
    lock_lists(alone=True)
    found = indexing.lists_of(vacancy_ids, 2 * ROOM)
    for vacancy_id, best in found.items():
        if (
            len(best) == 2 * ROOM and best[-1][1] == best[ROOM - 1][1]
        ):  # more people with the fit of the floor may follow
            found[vacancy_id] = queries.everybody_for_vacancy(vacancy_id)
    return put_lists(found, now)


def put_lists(scored: Mapping[int, list[tuple[int, int]]], now: datetime) -> int:
    """Keep the best of (CV id, fit) who may be found, per vacancy id, with a floor under them. Wants the lock, alone."""
    still_open = set(Vacancy.objects.open().filter(pk__in=list(scored)).values_list("id", flat=True))
    findable = set(CV.objects.matchable().values_list("id", flat=True))
    standing, rows = [], []
    for vacancy_id in sorted(still_open):
        found = sorted((one for one in scored[vacancy_id] if one[0] in findable), key=lambda one: (-one[1], one[0]))
        floor = found[ROOM - 1][1] if len(found) > ROOM else 0
        standing.append(Standing(vacancy_id=vacancy_id, floor=floor))
        rows += [(vacancy_id, pk, fit) for pk, fit in found if fit >= floor]
    Standing.objects.filter(vacancy_id__in=list(scored)).exclude(vacancy_id__in=still_open).delete()
    Standing.objects.bulk_create(
        standing,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["vacancy"],
        update_fields=["floor"],
    )
    vacancies, people, fits = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    values = {"vacancies": vacancies, "people": people, "fits": fits, "all": list(scored), "now": now}
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM matching_listed listed WHERE vacancy_id = ANY(%(all)s) AND NOT EXISTS (
                   SELECT FROM unnest(%(vacancies)s::bigint[], %(people)s::bigint[]) AS new (vacancy_id, cv_id)
                   WHERE new.vacancy_id = listed.vacancy_id AND new.cv_id = listed.cv_id)""",
            values,
        )
        cursor.execute(
            """INSERT INTO matching_listed (vacancy_id, cv_id, fit, since)
               SELECT new.vacancy_id, new.cv_id, new.fit, %(now)s
               FROM unnest(%(vacancies)s::bigint[], %(people)s::bigint[], %(fits)s::int[]) AS new (vacancy_id, cv_id, fit)
               JOIN profiles_cv ON profiles_cv.id = new.cv_id
               ON CONFLICT (cv_id, vacancy_id) DO UPDATE SET fit = EXCLUDED.fit
               WHERE matching_listed.fit <> EXCLUDED.fit""",
            values,
        )
    return len(rows)


def place_in_lists(cv: CV, reached: list[tuple[int, int]], now: datetime) -> None:
    """Put one CV in its place in all lists. Wants the lock, shared.

    reached: (vacancy id, fit) of every list whose floor it reaches and where it passes.
    Lists that run low or grow far are ranked anew by a task of their own.
    """
    touched = put_rows("matching_listed", cv.pk, reached if cv.findable and cv.owner_id else [], since=now)
    if not touched:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT vacancy_id FROM matching_standing standing CROSS JOIN LATERAL (
                   SELECT count(*) AS n FROM matching_listed listed WHERE listed.vacancy_id = standing.vacancy_id) held
               WHERE vacancy_id = ANY(%s) AND ((n < %s AND floor > 0) OR n > %s)""",
            [touched, LOW, 2 * ROOM],
        )
        for (vacancy_id,) in cursor.fetchall():
            enqueue("matching.rank_list", vacancy_id)


def put_rows(table: str, cv_id: int, rows: list[tuple[int, int]], **beside: object) -> list[int]:
    """Make these (vacancy id, fit) the rows of one CV, writing only what differs; ids of vacancies that came or went.

    beside: columns of the table for rows that come. Wants the row of the CV locked.
    """
    names, values = "".join(f", {name}" for name in beside), "".join(f", %({name})s" for name in beside)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH new AS MATERIALIZED (SELECT * FROM unnest(%(vacancies)s::bigint[], %(fits)s::int[]) AS new (vacancy_id, fit)),
                held AS MATERIALIZED (SELECT vacancy_id FROM {table} WHERE cv_id = %(cv)s),
                gone AS (
                    DELETE FROM {table} WHERE cv_id = %(cv)s AND vacancy_id NOT IN (SELECT vacancy_id FROM new)
                    RETURNING vacancy_id),
                moved AS (
                    UPDATE {table} own SET fit = new.fit FROM new
                    WHERE own.cv_id = %(cv)s AND own.vacancy_id = new.vacancy_id AND own.fit <> new.fit),
                come AS (
                    INSERT INTO {table} (cv_id, vacancy_id, fit{names})
                    SELECT %(cv)s, new.vacancy_id, new.fit{values} FROM new JOIN vacancies_vacancy v ON v.id = new.vacancy_id
                    WHERE new.vacancy_id NOT IN (SELECT vacancy_id FROM held) RETURNING vacancy_id)
                SELECT vacancy_id FROM gone UNION ALL SELECT vacancy_id FROM come""",  # noqa: S608 - names from this room
            {
                "cv": cv_id,
                "vacancies": _array(pk for pk, _fit in rows),
                "fits": _array(fit for _pk, fit in rows),
                **beside,
            },
        )
        return [row[0] for row in cursor.fetchall()]


def _array(numbers: Iterable[int]) -> str:
    """As PostgreSQL writes an array: the driver takes seven times as long, for it quotes every number."""
    return "{" + ",".join(map(str, numbers)) + "}"


def look_at_list(*, vacancy: Vacancy, now: datetime) -> None:
    """Somebody of the firm saw the candidates: who comes later is new."""
    Standing.objects.filter(vacancy=vacancy).update(seen_at=now)
