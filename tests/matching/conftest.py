"""A jobseeker, a firm with two members and an open vacancy, and strangers on both sides."""

from uuid import UUID

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Membership
from core.references import seal
from matching import operations
from matching.models import Application, ApplicationEvent
from tests.factories import make_cv, make_organisation, make_skill, make_user, make_vacancy

WHY = "Ik werk graag buiten en met mijn handen."
DID = "Ik liep twee dagen mee bij een hovenier."


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def sawing(db):
    return make_skill("hout zagen")


@pytest.fixture
def painting(db):
    return make_skill("verven")


@pytest.fixture
def person(db):
    return make_user("zoeker.geheim@example.org", name="Wiebe Onthuld", phone="0612345678")


@pytest.fixture
def cv(person, sawing):
    return make_cv(person, {sawing: 4}, ready_to_learn=3)


@pytest.fixture
def other_person(db, painting):
    user = make_user("ander@example.org", name="Iemand Anders")
    make_cv(user, {painting: 3})
    return user


@pytest.fixture
def owner(db):
    return make_user("baas@example.org", name="De Baas")


@pytest.fixture
def firm(owner):
    return make_organisation(member=owner, name="Bouw en Co")


@pytest.fixture
def teammate(firm):
    user = make_user("collega@example.org")
    Membership.objects.create(organisation=firm, user=user)
    return user


@pytest.fixture
def stranger(db):
    """Belongs to another firm."""
    user = make_user("vreemde@example.org")
    make_organisation(member=user, name="Heel Iets Anders")
    return user


@pytest.fixture
def operator(db):
    return make_user("beheer@example.org", is_staff=True)


@pytest.fixture
def vacancy(firm, sawing, painting):
    return make_vacancy(firm, {sawing: 3, painting: 3}, title="Timmerman")


@pytest.fixture
def sent(cv, vacancy, person, now):
    return operations.apply(cv=cv, vacancy=vacancy, why=WHY, did=DID, actor=person, now=now)


@pytest.fixture
def approached(cv, vacancy, owner, now):
    return operations.approach(cv=cv, vacancy=vacancy, actor=owner, now=now)


@pytest.fixture
def api():
    return APIClient()


def ref_of(cv, vacancy) -> UUID:
    """What the firm calls this person for this vacancy."""
    return seal(vacancy.pk, cv.pk)


def put_in(application: Application, status: str) -> Application:
    """The application as if it had come to this status."""
    reason = "skills" if status == "rejected" else ""
    Application.objects.filter(pk=application.pk).update(status=status, reason=reason)
    application.refresh_from_db()
    return application


def steps(application: Application) -> list[str]:
    return list(
        ApplicationEvent.objects.filter(application=application).order_by("id").values_list("status", flat=True)
    )
