"""Ten random data points, counted again from the rows of the platform in plain Python."""

import random
from collections.abc import Callable
from statistics import median

import pytest
from django.db import transaction

from cockpit.computing import refresh
from cockpit.models import DataPoint
from core.choices import SBI_SECTION
from matching.models import Application
from profiles.models import CV, Job
from tests.cockpit.test_attacker import NOW, made_region, people_drawn  # noqa: F401 - a fixture
from vacancies.models import Vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def region(people_drawn, django_db_setup, django_db_blocker):  # noqa: F811
    with django_db_blocker.unblock(), transaction.atomic():
        made_region(people_drawn)
        refresh(now=NOW, only=["vacancies", "openings", "pay"])
        yield
        transaction.set_rollback(True)


def of_work(occupation) -> dict[str, str]:
    if occupation is None:
        return {"sector": "?", "sbi": "?", "isco1": "?", "isco2": "?"}
    return {
        "sector": occupation.sector, "sbi": SBI_SECTION[occupation.sector], "isco1": occupation.isco[:1],
        "isco2": occupation.isco[:2],
    }  # fmt: skip


def of_place(place) -> dict[str, str]:
    return {"province": place.province, "municipality": place.municipality}


def people() -> list[tuple[dict, dict]]:
    """(dimensions, facts) of everybody with an account."""
    rows = []
    for cv in CV.objects.exclude(owner=None).select_related("place"):
        jobs = sorted(Job.objects.filter(cv=cv), key=lambda job: (not job.is_current, -(job.end_year or 9999), -job.pk))
        spoken = {language.language: language.level for language in cv.languages.all()}
        working = bool(jobs and jobs[0].is_current)
        where = of_place(cv.place) | of_work(jobs[0].occupation if jobs else None)
        where |= {
            "education": str(cv.education_level or "?"), "situation": "work" if working else "looking", "interest": "?",
            "dutch": "?" if "nl" not in spoken else "b2" if spoken["nl"] >= 4 else "below",
        }  # fmt: skip
        rows.append(
            (
                where,
                {
                    "pk": cv.pk,
                    "working": working,
                    "hours": cv.hours_max,
                    "findable": cv.findable,
                    "level": cv.education_level,
                },
            )
        )
    return rows


def vacancies() -> list[tuple[dict, dict]]:
    rows = []
    for vacancy in Vacancy.objects.filter(status="open", kind="vacancy").select_related(
        "place", "occupation", "organisation"
    ):
        where = of_place(vacancy.place) | of_work(vacancy.occupation)
        where |= {"education": str(vacancy.education_level or "?"), "size": str(vacancy.organisation.size or "?")}
        rows.append((where, {"openings": vacancy.openings, "pay": (vacancy.pay_min + vacancy.pay_max) / 2}))
    return rows


def answers() -> list[tuple[dict, dict]]:
    """Applications that were answered in the twelve whole months before November 2026."""
    who = {facts["pk"]: where for where, facts in people()}
    rows = []
    beside = ("vacancy__place", "vacancy__occupation", "vacancy__organisation")
    for one in Application.objects.exclude(decided_at=None).select_related(*beside):
        if not (2025, 11) <= (one.decided_at.year, one.decided_at.month) <= (2026, 10):
            continue
        where = of_place(one.vacancy.place) | of_work(one.vacancy.occupation)
        where |= {
            "education": str(one.vacancy.education_level or "?"),
            "size": str(one.vacancy.organisation.size or "?"),
        }
        where |= {name: who[one.cv_id][name] for name in ("situation", "dutch")}
        rows.append((where, {"invited": one.was_invited, "days": (one.decided_at - one.applied_at).days}))
    return rows


def percent(rows, name: str) -> float:
    return 100 * sum(bool(row[name]) for row in rows) / len(rows)


RECOUNT: dict[str, tuple[Callable, Callable]] = {
    "jobseekers": (people, len),
    "in_work": (people, lambda rows: sum(row["working"] for row in rows)),
    "share_in_work": (people, lambda rows: percent(rows, "working")),
    "findable": (people, lambda rows: percent(rows, "findable")),
    "hours_wanted": (people, lambda rows: median(row["hours"] for row in rows if row["hours"])),
    "vacancies": (vacancies, len),
    "openings": (vacancies, lambda rows: sum(row["openings"] for row in rows)),
    "pay": (vacancies, lambda rows: median(row["pay"] for row in rows)),
    "invited": (answers, lambda rows: percent(rows, "invited")),
    "days_to_decision": (answers, lambda rows: median(row["days"] for row in rows)),
}  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_ten_random_data_points_are_counted_again(seed, region):
    shown = DataPoint.objects.filter(indicator__in=RECOUNT, period=None, suppressed=False).order_by("id")
    tables = {read: read() for read in {read for read, _count in RECOUNT.values()}}
    for point in random.Random(seed).sample(list(shown), 10):
        names = point.breakdown.split(",") if point.breakdown else []
        wanted = dict(zip(names, (point.first, point.second), strict=False))
        read, count = RECOUNT[point.indicator]
        rows = [facts for where, facts in tables[read] if all(where[name] == code for name, code in wanted.items())]
        assert round(count(rows), 1) == pytest.approx(point.value, abs=0.051), (point.indicator, wanted)
