"""The figures of the first CockpitWerk page: supply, demand and how they meet, without anybody in person.

Every figure counts people or outcomes in groups; what falls under `settings.SMALLEST_GROUP` people is None and shown as
hidden. Percentages are whole numbers, times are in days.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils.translation import get_language

from cockpit.privacy import share, suppress
from core.choices import Sector
from matching.models import Application

CACHE_SECONDS = 300
YEAR = timedelta(days=365)
INDEPENDENT = 3  # a skill counts as offered from this level on
TOP = 10


@dataclass(frozen=True)
class SectorRow:
    """One sector: people who work or last worked there, and people that open vacancies ask for."""

    sector: str
    supply: int | None
    demand: int
    tightness: float | None  # vacancies per jobseeker


@dataclass(frozen=True)
class SkillRow:
    label: str
    asked: int  # open vacancies
    offered: int | None  # people at the level of working on their own; None: hidden
    taught: int  # published programmes


@dataclass(frozen=True)
class ReasonRow:
    reason: str
    count: int | None


@dataclass(frozen=True)
class Figures:
    """The state of the region at `computed_at`; None stands for hidden or unknown."""

    computed_at: datetime
    jobseekers: int | None
    vacancies: int
    places_of_work: int
    functions: int
    employers: int
    programmes: int
    tightness: float | None
    sectors: tuple[SectorRow, ...]
    scarce_skills: tuple[SkillRow, ...]
    unused_skills: tuple[SkillRow, ...]
    people_with_unused_skills: int | None  # percentage of people with a job
    applications: int | None
    invited: int | None  # percentage of decided applications
    hired: int | None
    hires: int | None
    median_chance: int | None  # percentage, at the moment of applying
    chance_low: int | None  # a quarter had less
    chance_high: int | None  # a quarter had more
    days_to_decision: int | None
    days_to_fill: int | None
    reasons: tuple[ReasonRow, ...]
    gained_by_training: int


def figures(now: datetime) -> Figures:
    """The figures, at most five minutes old."""
    key = f"cockpit:figures:{get_language()}"
    found = cache.get(key)
    if found is None:
        found = compute_figures(now)
        cache.set(key, found, CACHE_SECONDS)
    return found


def compute_figures(now: datetime) -> Figures:
    """Count everything anew, in a dozen statements."""
    smallest = settings.SMALLEST_GROUP
    since = now - YEAR
    (people,) = _one("SELECT count(*) FROM profiles_cv WHERE owner_id IS NOT NULL")
    vacancies, openings, functions, employers = _one(
        """SELECT count(*) FILTER (WHERE kind = 'vacancy'),
                  coalesce(sum(openings) FILTER (WHERE kind = 'vacancy'), 0),
                  count(*) FILTER (WHERE kind = 'function'),
                  count(DISTINCT organisation_id)
           FROM vacancies_vacancy WHERE status = 'open'"""
    )
    (programmes,) = _one("SELECT count(*) FROM education_programme WHERE status = 'published'")
    applied, decided, invited, hired = _one(
        """SELECT count(*), count(decided_at), count(*) FILTER (WHERE was_invited AND decided_at IS NOT NULL),
                  count(*) FILTER (WHERE status = 'hired')
           FROM matching_application WHERE applied_at >= %s AND applied_at <= %s""",
        [since, now],
    )
    n_chance, low, median, high = _one(
        """SELECT count(*), percentile_cont(0.25) WITHIN GROUP (ORDER BY p),
                  percentile_cont(0.5) WITHIN GROUP (ORDER BY p), percentile_cont(0.75) WITHIN GROUP (ORDER BY p)
           FROM (SELECT (snapshot #>> '{chance,p}')::float AS p FROM matching_application
                 WHERE applied_at >= %s AND applied_at <= %s) AS chances WHERE p IS NOT NULL""",
        [since, now],
    )
    (to_decision,) = _one(
        """SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM decided_at - applied_at) / 86400)
           FROM matching_application WHERE applied_at >= %s AND decided_at <= %s""",
        [since, now],
    )
    (to_fill,) = _one(
        """SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.decided_at - v.published_at) / 86400)
           FROM matching_application a JOIN vacancies_vacancy v ON v.id = a.vacancy_id
           WHERE a.status = 'hired' AND v.kind = 'vacancy' AND a.applied_at >= %s AND a.decided_at <= %s""",
        [since, now],
    )
    employed, with_unused = _one(
        """SELECT count(*), count(*) FILTER (WHERE unused >= 3) FROM (
               SELECT cv.id, (SELECT count(*) FROM profiles_cvskill s
                              WHERE s.cv_id = cv.id AND s.unused_at_work AND s.level >= %s) AS unused
               FROM profiles_cv cv WHERE cv.owner_id IS NOT NULL
                 AND EXISTS (SELECT 1 FROM profiles_job j WHERE j.cv_id = cv.id AND j.is_current)) AS people""",
        [INDEPENDENT],
    )
    return Figures(
        computed_at=now,
        jobseekers=_group(people),
        vacancies=vacancies,
        places_of_work=openings,
        functions=functions,
        employers=employers,
        programmes=programmes,
        tightness=round(openings / people, 1) if people >= smallest else None,
        sectors=_sectors(smallest),
        scarce_skills=_skills("asked::float / (offered + 1) DESC", "asked >= 5", smallest),
        unused_skills=_unused_skills(smallest),
        people_with_unused_skills=share(with_unused, employed, smallest),
        applications=_group(applied),
        invited=share(invited, decided, smallest),
        hired=share(hired, decided, smallest),
        hires=_group(hired),
        median_chance=_percentage(median, n_chance),
        chance_low=_percentage(low, n_chance),
        chance_high=_percentage(high, n_chance),
        days_to_decision=round(to_decision) if to_decision is not None and decided >= smallest else None,
        days_to_fill=round(to_fill) if to_fill is not None and hired >= smallest else None,
        reasons=_reasons(since, now, smallest),
        gained_by_training=_trainable_gaps(),
    )


def _one(sql: str, parameters: list | None = None) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()


def _all(sql: str, parameters: list | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _group(count: int) -> int | None:
    return count if count == 0 or count >= settings.SMALLEST_GROUP else None


def _percentage(value: float | None, n: int) -> int | None:
    return round(value) if value is not None and n >= settings.SMALLEST_GROUP else None


def _sectors(smallest: int) -> tuple[SectorRow, ...]:
    """People by the sector of their latest job, beside openings by the sector of the occupation."""
    supply = dict(
        _all(
            """SELECT o.sector, count(*) FROM (
                   SELECT DISTINCT ON (j.cv_id) j.cv_id, j.occupation_id FROM profiles_job j
                   JOIN profiles_cv cv ON cv.id = j.cv_id
                   WHERE cv.owner_id IS NOT NULL AND j.occupation_id IS NOT NULL
                   ORDER BY j.cv_id, j.is_current DESC, j.end_year DESC NULLS FIRST, j.id DESC) AS latest
               JOIN taxonomy_occupation o ON o.id = latest.occupation_id WHERE o.sector <> '' GROUP BY o.sector"""
        )
    )
    demand = dict(
        _all(
            """SELECT o.sector, sum(v.openings) FROM vacancies_vacancy v
               JOIN taxonomy_occupation o ON o.id = v.occupation_id
               WHERE v.status = 'open' AND v.kind = 'vacancy' AND o.sector <> '' GROUP BY o.sector"""
        )
    )
    shown = suppress(supply, smallest)
    rows = []
    for sector in {*supply, *demand}:
        people = shown.get(sector, 0)
        asked = int(demand.get(sector, 0))
        tightness = round(asked / people, 1) if people else None
        rows.append(SectorRow(str(Sector(sector).label), people, asked, tightness))
    return tuple(sorted(rows, key=lambda row: (-row.demand, row.sector)))


def _label() -> str:
    first, second = ("label_en", "label_nl") if get_language() == "en" else ("label_nl", "label_en")
    return f"coalesce(nullif(skill.{first}, ''), skill.{second})"


def _skills(order: str, condition: str, smallest: int) -> tuple[SkillRow, ...]:
    rows = _all(
        f"""SELECT {_label()}, asked, offered, taught FROM (
                SELECT skill_id, count(*) AS asked FROM vacancies_requirement r
                JOIN vacancies_vacancy v ON v.id = r.vacancy_id
                WHERE v.status = 'open' AND v.kind = 'vacancy' GROUP BY skill_id) AS demand
            JOIN LATERAL (SELECT count(*) AS offered FROM profiles_cvskill s JOIN profiles_cv cv ON cv.id = s.cv_id
                WHERE s.skill_id = demand.skill_id AND s.level >= %s AND cv.owner_id IS NOT NULL) AS supply ON true
            JOIN LATERAL (SELECT count(*) AS taught FROM education_programmeskill t
                JOIN education_programme p ON p.id = t.programme_id
                WHERE t.skill_id = demand.skill_id AND t.confirmed AND p.status = 'published') AS teaching ON true
            JOIN taxonomy_skill skill ON skill.id = demand.skill_id
            WHERE {condition} ORDER BY {order}, 1 LIMIT {TOP}""",  # noqa: S608 - only our own constants
        [INDEPENDENT],
    )
    hidden = suppress({label: offered for label, _, offered, _ in rows}, smallest, total_is_known=False)
    return tuple(SkillRow(label, asked, hidden[label], taught) for label, asked, _, taught in rows)


def _unused_skills(smallest: int) -> tuple[SkillRow, ...]:
    """Skills that most people have and do not use in their work; groups that are too small are left out."""
    rows = _all(
        f"""SELECT {_label()}, (SELECT count(*) FROM vacancies_requirement r JOIN vacancies_vacancy v
                ON v.id = r.vacancy_id WHERE r.skill_id = skill.id AND v.status = 'open'), people,
                (SELECT count(*) FROM education_programmeskill t JOIN education_programme p ON p.id = t.programme_id
                 WHERE t.skill_id = skill.id AND t.confirmed AND p.status = 'published')
            FROM (SELECT s.skill_id, count(*) AS people FROM profiles_cvskill s JOIN profiles_cv cv ON cv.id = s.cv_id
                  WHERE s.unused_at_work AND s.level >= %s AND cv.owner_id IS NOT NULL
                  GROUP BY s.skill_id HAVING count(*) >= %s ORDER BY 2 DESC, 1 LIMIT {TOP}) AS unused
            JOIN taxonomy_skill skill ON skill.id = unused.skill_id ORDER BY people DESC, 1""",  # noqa: S608
        [INDEPENDENT, smallest],
    )
    return tuple(SkillRow(label, asked, people, taught) for label, asked, people, taught in rows)


def _reasons(since: datetime, now: datetime, smallest: int) -> tuple[ReasonRow, ...]:
    counts = dict(
        _all(
            """SELECT reason, count(*) FROM matching_application
               WHERE status = 'rejected' AND reason <> '' AND applied_at >= %s AND applied_at <= %s GROUP BY reason""",
            [since, now],
        )
    )
    shown = suppress(counts, smallest)
    order = sorted(counts, key=lambda reason: (-counts[reason], reason))
    return tuple(ReasonRow(str(Application.Reason(reason).label), shown[reason]) for reason in order)


def _trainable_gaps() -> int:
    """Skills that at least five open vacancies ask and no published programme teaches."""
    (count,) = _one(
        """SELECT count(*) FROM (
               SELECT r.skill_id FROM vacancies_requirement r JOIN vacancies_vacancy v ON v.id = r.vacancy_id
               WHERE v.status = 'open' AND v.kind = 'vacancy' GROUP BY r.skill_id HAVING count(*) >= 5
               EXCEPT SELECT t.skill_id FROM education_programmeskill t JOIN education_programme p
               ON p.id = t.programme_id WHERE t.confirmed AND p.status = 'published') AS gaps"""
    )
    return count


def figures_as_of(day: date) -> str:
    """The name of a download of this day."""
    return f"cockpitwerk-{day.isoformat()}.csv"
