"""Welders are asked, nobody can weld; a school teaches the baking that two firms ask."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation
from tests.factories import (
    make_cv,
    make_occupation,
    make_organisation,
    make_programme,
    make_skill,
    make_user,
    make_vacancy,
)


@pytest.fixture
def teacher(db):
    return make_user("teacher@example.org", name="Trijn Leraar")


@pytest.fixture
def school(teacher) -> Organisation:
    return make_organisation("school", teacher, name="Noorderschool", sector="education")


@pytest.fixture
def skills(db):
    return {name: make_skill(name) for name in ("lassen", "bakken", "vegen", "slijpen", "meten")}


@pytest.fixture
def region(school, skills, firm):
    """Two firms; four vacancies: three ask to weld, one to bake."""
    other = make_organisation(name="Bakkerij Zon", sector="process_industry")
    for days in (2, 40):
        make_vacancy(
            firm, {skills["lassen"]: 3, skills["slijpen"]: 3}, title="Lasser",
            published_at=timezone.now() - timedelta(days=days),
        )  # fmt: skip
    make_vacancy(firm, {skills["lassen"]: 3, skills["meten"]: 3}, title="Constructielasser", openings=2)
    baker = make_occupation("bakker", sector="process_industry")
    make_vacancy(other, {skills["bakken"]: 3, skills["vegen"]: 3}, title="Bakker", occupation=baker)
    for _ in range(3):
        make_cv(make_user(), {skills["vegen"]: 4, skills["slijpen"]: 4, skills["meten"]: 4})
    make_programme(school, {skills["bakken"]: 4}, title="Brood bakken")
    return school
