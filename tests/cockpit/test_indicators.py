"""Every indicator against a number worked out by hand, on four people, three firms, four vacancies and five applications."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import connection

from cockpit.catalogue import INDICATORS
from cockpit.computing import refresh
from cockpit.models import DataPoint
from education.models import Programme
from matching.models import Application
from profiles.models import CV, CVCertificate, CVLanguage, Initiative, Job, WishedOccupation
from taxonomy.models import Certificate
from tests import factories as make
from vacancies.models import CertificateRequirement, LanguageRequirement, Requirement

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 15, 10, tzinfo=UTC)
INTERESTS = ("realistic", "investigative", "artistic", "social", "enterprising", "conventional")


def day(month: int, of: int, year: int = 2026) -> datetime:
    return datetime(year, month, of, 10, tzinfo=UTC)


def six(*scores: int) -> dict[str, int]:
    return dict(zip(INTERESTS, scores, strict=True))


@pytest.fixture
def scene(settings) -> SimpleNamespace:
    settings.SMALLEST_GROUP = 1  # nothing is hidden here
    groningen = make.make_place()
    assen = make.make_place(
        "9401", name="Assen", municipality="Assen", province="Drenthe", latitude=52.9925, longitude=6.5649
    )
    a, b, c, d = (make.make_skill(label) for label in "abcd")
    paper = Certificate.objects.create(uri="urn:test:paper", label_nl="VCA", kind="certificate")
    welder = make.make_occupation("lasser", isco="7212", sector="metal", **six(80, 40, 10, 20, 30, 50))
    planner = make.make_occupation("planner", isco="4322", sector="administration", **six(20, 40, 30, 40, 60, 80))

    p1 = make.make_cv(
        make.make_user(), {a: 4, b: 3, c: 3, d: 3}, place=groningen, education_level=6, hours_max=32, travel_mode="car",
        travel_minutes=30, ready_to_learn=4, achievement=80, unused_because=["growth", "discrimination"],
        **six(90, 30, 10, 20, 30, 40),
    )  # fmt: skip
    p1.cv_skills.exclude(skill=a).update(unused_at_work=True)
    p1.cv_skills.filter(skill__in=[a, c]).update(joy=2)
    Job.objects.create(cv=p1, title="x", occupation=welder, is_current=True, start_year=2016)
    CVLanguage.objects.create(cv=p1, language="nl", level=4)
    Initiative.objects.create(cv=p1, kind="course", text="x", year=2024)
    WishedOccupation.objects.create(cv=p1, occupation=planner)
    CVCertificate.objects.create(cv=p1, certificate=paper)
    p2 = make.make_cv(
        make.make_user(),
        {a: 3},
        place=assen,
        education_level=1,
        hours_max=24,
        travel_minutes=45,
        findable=False,
        ready_to_learn=1,
    )
    Job.objects.create(cv=p2, title="x", occupation=planner, start_year=2010, end_year=2015)
    Job.objects.create(cv=p2, title="x", occupation=welder, start_year=2015, end_year=2024)
    CVLanguage.objects.create(cv=p2, language="nl", level=2)
    WishedOccupation.objects.create(cv=p2, occupation=welder)
    p3 = make.make_cv(
        make.make_user(), {b: 4, a: 2}, place=assen, education_level=4, hours_max=40, travel_mode="transit", travel_minutes=20,
        achievement=40, **six(10, 50, 20, 30, 70, 60),
    )  # fmt: skip
    Job.objects.create(cv=p3, title="x", occupation=planner, is_current=True)
    p4 = make.make_cv(
        make.make_user(), place=assen, education_level=None, hours_min=None, hours_max=None, travel_minutes=None
    )
    make.make_cv(None, {a: 5})  # a draft counts for nothing
    for cv, made in ((p1, day(3, 10)), (p2, day(9, 5)), (p3, day(1, 15, 2024)), (p4, day(10, 20))):
        CV.objects.filter(pk=cv.pk).update(created_at=made)

    f1 = make.make_organisation(sector="metal", size=1, place=groningen, staffing_problems=["few", "time"])
    f2 = make.make_organisation(sector="administration", size=3, place=assen)
    make.make_organisation(sector="metal", size=2, place=groningen, staffing_problems=["none"])
    v1 = make.make_vacancy(
        f1, {a: 3, c: 3}, occupation=welder, openings=2, hours_max=40, pay_min=2500, pay_max=3500, education_level=3,
        published_at=day(10, 1),
    )  # fmt: skip
    Requirement.objects.filter(vacancy=v1, skill=a).update(is_hard=True)
    CertificateRequirement.objects.create(vacancy=v1, certificate=paper, is_hard=True)
    v2 = make.make_vacancy(
        f2, {b: 3}, occupation=planner, place=assen, hours_min=20, hours_max=24, pay_min=3000, pay_max=4000, remote=True,
        published_at=day(11, 5),
    )  # fmt: skip
    LanguageRequirement.objects.create(vacancy=v2, language="nl", level=5, is_hard=True)
    v3 = make.make_vacancy(
        f1, occupation=welder, hours_max=36, pay_min=2400, pay_max=2600, education_level=6, education_is_hard=True,
        status="closed", published_at=day(5, 1), closed_at=day(6, 20),
    )  # fmt: skip
    make.make_vacancy(f2, occupation=planner, kind="function", place=assen, published_at=day(10, 1))
    school = make.make_organisation("school", sector="education")
    make.make_programme(school, {a: 3}, weeks=10, price=450, mode=Programme.Mode.EVENING, hours_per_week=8)
    make.make_programme(school, {b: 3}, weeks=40, price=1000, hours_per_week=28, kind="degree", level=4)

    def apply(cv, vacancy, at, decided=None, status="sent", said=None, fit=None, **fields):
        snapshot = {} if said is None else {"chance": dict(zip(("p", "low", "high"), said, strict=True)), "fit": fit}
        Application.objects.create(
            cv=cv, vacancy=vacancy, applied_at=at, decided_at=decided, status=status, snapshot=snapshot, **fields
        )

    apply(p1, v1, day(10, 5), day(10, 10), "hired", (60, 50, 70), 800, was_invited=True, why="ja")
    apply(p2, v1, day(10, 6), day(10, 16), "rejected", (40, 30, 60), 500, reason="skills")
    apply(p3, v3, day(5, 10), day(5, 20), "rejected", (20, 10, 30), 300, reason="experience")
    apply(p3, v1, day(10, 20), said=(30, 20, 40), fit=400)
    apply(p4, v2, day(8, 1))
    return SimpleNamespace(a=str(a.pk), b=str(b.pk), paper=str(paper.pk))


WHOLE = {
    # people: P1 works in Groningen; P2, P3 (works) and P4 live in Assen
    "jobseekers": 4, "in_work": 2, "share_in_work": 50, "new_jobseekers": 3, "findable": 75, "education_high": 33.3,
    "education_low": 33.3, "hours_wanted": 32, "part_time": 33.3, "ready_to_learn": 50, "initiative": 25, "dutch_b2": 50,
    # work: V1 for two people and V2 are open, V3 is closed, V4 is a function
    "vacancies": 2, "openings": 3, "new_vacancies": 2, "new_openings": 3, "functions": 1, "vacancy_hours": 32,
    "vacancy_part_time": 50, "pay": 3250, "remote": 50, "vacancy_diploma": 50, "vacancy_law_diploma": 0, "requirements": 1.5,
    "days_open": 27.5, "hard_to_fill": 50,
    # five applications, three answers: hired after 5 days, two times no after 10 days
    "tightness": 0.75, "applications": 5, "applications_per_vacancy": 1.67, "vacancies_without_answer": 0,
    "chance_median": 35, "chance_spread": 17.5, "fit_median": 45, "invited": 33.3, "hired": 33.3, "hires": 1,
    "hired_after_invitation": 100, "days_to_decision": 10, "time_to_fill": 9, "silence": 20, "rejected_for_skills": 66.7,
    "motivated": 20, "nobody_fits": 50, "shut_out": 75,  # (50 + 75 + 100) / 3
    "skills_untaught": 0, "skills_scarce": 0, "skills_per_person": 1, "unused": 50, "unused_share": 60,
    "unused_discrimination": 100,
    "moves": 1, "moves_other_group": 100, "moves_other_sector": 100, "wish_other_sector": 50, "applies_other_sector": 50,
    "hired_other_sector": 0, "distance_applied": 25.2, "distance_hired": 0, "travel_minutes": 30, "by_car": 25,
    "programmes": 2, "programme_weeks": 25, "programme_price": 725, "programmes_flexible": 50, "demand_taught": 66.7,
    "taught_per_asked": 0.67, "learners": 33.3, "gain_predicted": 30, "gain_realised": 100, "loved": 25, "love_idle": 50,
    "firms": 3, "small_firms": 66.7, "firms_hiring": 66.7, "staffing_trouble": 50, "firms_waiting": 50,
    "calibration_said": 40, "calibration_happened": 33.3, "calibration_gap": 6.7, "brier": 12, "chance_width": 20,
    "fairness_language": 80, "fairness_work": 50, "fairness_education": 50, "invited_gap_language": -100,
}  # fmt: skip
PARTS = {  # (breakdown, code): value; "a", "b" and "paper" are rows of the scene
    "initiatives_by_kind": ("initiative", "course", 1), "asked_certificates": ("certificate", "paper", 1),
    "rejection_reasons": ("reason", "skills", 1), "skills_offered": ("skill", "a", 2), "skills_asked": ("skill", "a", 1),
    "skill_scarcity": ("skill", "a", 0.5), "unused_skills": ("skill", "b", 1), "used_skills": ("skill", "a", 1),
    "unused_reasons": ("unused_reason", "growth", 1), "skills_taught": ("skill", "a", 1),
    "offered_certificates": ("certificate", "paper", 1), "interest_people": ("letter", "R", 50),
    "interest_work": ("letter", "R", 60), "interest_gap": ("letter", "R", -10), "strongest_interest": ("interest", "E", 1),
    "values_people": ("work_value", "achievement", 60), "staffing_problems": ("problem", "few", 1),
}  # fmt: skip
MORE = [  # tables and months
    ("jobseekers", "municipality", "Assen", "", None, 3), ("jobseekers", "province,sector", "Groningen", "metal", None, 1),
    ("openings", "sbi", "C", "", None, 2), ("tightness", "sector", "metal", "", None, 1),
    ("shut_out", "shut_out_by", "certificate", "", None, 75), ("moves", "from_isco,to_isco", "43", "72", None, 1),
    ("calibration_said", "band", "60", "", None, 60), ("firms", "size", "1", "", None, 1),
    ("applications", "", "", "", (10, 2026), 3), ("applications", "province", "Groningen", "", (5, 2026), 1),
    ("new_vacancies", "", "", "", (5, 2026), 1), ("vacancies", "", "", "", (5, 2026), 1), ("vacancies", "", "", "", (10, 2026), 1),
    ("jobseekers", "", "", "", (9, 2026), 3), ("jobseekers", "", "", "", (8, 2026), 2),
    ("programmes", "", "", "", (11, 2026), 2),
]  # fmt: skip


def test_every_indicator_is_worked_out_by_hand(scene):
    refresh(now=NOW)
    assert set(WHOLE) | set(PARTS) == set(INDICATORS)
    rows = DataPoint.objects.values_list("indicator", "breakdown", "first", "second", "period", "value")
    found = {tuple(row[:5]): row[5] for row in rows}
    assert not DataPoint.objects.filter(suppressed=True).exists()
    expected = {(key, "", "", "", None): value for key, value in WHOLE.items()}
    for key, (breakdown, code, value) in PARTS.items():
        expected[key, breakdown, getattr(scene, code, code), "", None] = value
    for key, breakdown, first, second, month, value in MORE:
        expected[key, breakdown, first, second, month and day(month[0], 1, month[1]).date()] = value
    wrong = {
        where: (value, found.get(where))
        for where, value in expected.items()
        if found.get(where) != pytest.approx(value)
    }
    assert not wrong


def test_every_formula_runs_as_one_query_over_the_tables_of_the_platform(scene):
    """What the catalogue shows as the formula is what was computed."""
    refresh(now=NOW, only=["tightness", "invited", "nobody_fits"])
    for key in ("tightness", "invited", "nobody_fits"):
        with connection.cursor() as cursor:
            cursor.execute(INDICATORS[key].sql, {"today": NOW.date(), "month": NOW.date().replace(day=1)})
            value, _n = cursor.fetchone()
        assert float(value) == pytest.approx(WHOLE[key], abs=0.05)
