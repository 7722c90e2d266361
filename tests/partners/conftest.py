"""A firm that offers a guest lesson and two internships, two contacts a month; and two schools."""

from datetime import date

import pytest

from accounts.models import Organisation
from partners.models import Activity, Terms
from tests.factories import make_organisation, make_user

TODAY = date(2026, 11, 28)


@pytest.fixture
def terms(firm) -> Terms:
    Activity.objects.create(firm=firm, kind="guest_lesson", places=30)
    Activity.objects.create(firm=firm, kind="internship", places=2, direction="wants")
    return Terms.objects.create(firm=firm, contacts_per_month=2, contact_name="Roelie", contact_phone="050 123")


@pytest.fixture
def teacher(db):
    return make_user("teacher@example.org", name="Trijn Leraar")


@pytest.fixture
def school(teacher) -> Organisation:
    return make_organisation("school", teacher, name="Noorderschool", sector="education")


@pytest.fixture
def other_teacher(db):
    return make_user("other-teacher@example.org")


@pytest.fixture
def other_school(other_teacher) -> Organisation:
    return make_organisation("school", other_teacher, name="Oosterschool", sector="education")
