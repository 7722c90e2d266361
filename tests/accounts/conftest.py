"""A firm with two members, a stranger, and somebody without anything."""

import pytest
from rest_framework.test import APIClient

from accounts.models import Membership
from tests.factories import make_organisation, make_place, make_user


@pytest.fixture
def owner(db):
    return make_user("owner@example.org", name="Hiltje Eigen")


@pytest.fixture
def firm(owner):
    return make_organisation("employer", owner, name="Bouwbedrijf De Eems", place=make_place("9711"))


@pytest.fixture
def teammate(firm):
    user = make_user("teammate@example.org", name="Geert Samen")
    Membership.objects.create(organisation=firm, user=user)
    return user


@pytest.fixture
def stranger(db):
    user = make_user("stranger@example.org")
    make_organisation("employer", user, name="Another Firm")
    return user


@pytest.fixture
def newcomer(db):
    make_place("9712")
    return make_user("newcomer@example.org")


@pytest.fixture
def api():
    def as_(user=None) -> APIClient:
        client = APIClient()
        if user is not None:
            client.force_authenticate(user)
        return client

    return as_
