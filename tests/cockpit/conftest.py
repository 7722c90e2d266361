"""A small region that was computed, for pages and the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cockpit.operations import refresh_all
from matching.models import Application
from profiles.models import Job
from tests.factories import (
    make_cv,
    make_occupation,
    make_organisation,
    make_place,
    make_programme,
    make_skill,
    make_user,
    make_vacancy,
)

SHOWN = (
    "jobseekers", "in_work", "share_in_work", "vacancies", "openings", "new_openings", "tightness", "applications", "invited",
    "skills_offered", "used_skills", "unused_skills", "skills_asked", "unused_share", "unused_reasons", "programmes", "firms",
    "skills_taught", "skill_scarcity", "skills_untaught",
)  # fmt: skip


@pytest.fixture
def analyst(db):
    return make_user(is_analyst=True)


@pytest.fixture
def computed(db):
    """24 carers in Groningen, 12 of them in work, and 3 welders in Assen; 6 vacancies; every carer applied once."""
    assen = make_place("9401", name="Assen", municipality="Assen", province="Drenthe", latitude=52.99, longitude=6.56)
    welding, caring = make_skill("=lassen"), make_skill("wassen en aankleden")
    welder = make_occupation("lasser", sector="metal", isco="7212")
    carer = make_occupation("verzorgende", sector="care", isco="5321")
    vacancies = [
        make_vacancy(make_organisation(sector="care"), {caring: 3}, occupation=carer, openings=2) for _ in range(6)
    ]
    make_programme(skills={caring: 3})
    month_ago = timezone.now().replace(day=15) - timedelta(days=31)
    for number in range(27):
        is_carer = number < 24
        why = ["care"] if number < 12 else []
        cv = make_cv(
            make_user(),
            {caring if is_carer else welding: 4},
            unused_because=why,
            place=make_place() if is_carer else assen,
        )
        cv.cv_skills.update(unused_at_work=number < 10)
        Job.objects.create(cv=cv, title="werk", occupation=carer if is_carer else welder, is_current=number < 12)
        if is_carer:
            Application.objects.create(
                cv=cv, vacancy=vacancies[number % 6], applied_at=month_ago, decided_at=month_ago + timedelta(days=3),
                status="invited" if number % 2 else "rejected", was_invited=bool(number % 2),
                reason="" if number % 2 else "skills", snapshot={"chance": {"p": 50, "low": 40, "high": 60}},
            )  # fmt: skip
    refresh_all(now=timezone.now(), only=SHOWN)
