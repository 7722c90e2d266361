"""What all tests share."""

from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.cache import cache
from django.utils import translation
from rest_framework.test import APIClient
from zeal.constants import initialize_app_registry
from zeal.patch import patch

from accounts.models import Membership
from core.management.commands.prepare import compile_texts
from tests.factories import make_organisation, make_place, make_user
from tests.site import WORKER


def pytest_sessionstart() -> None:
    """A fresh checkout has only the readable catalogues."""
    compile_texts()


# What `zeal` does as an installed app, which it is in tests only; from here on it can see every query.
initialize_app_registry()
patch()

collect_ignore = ["bench"]  # importing locust patches the whole process


@pytest.fixture(autouse=True)
def _settings_for_tests(settings, tmp_path):
    """No test reads another's mail, files or cache; each process has a Valkey database of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.TITLES_DIR = tmp_path / "titles"
    own = urlunsplit(urlsplit(settings.REDIS_URL)._replace(path=f"/{1 + WORKER}"))
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": own}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)  # a request of the test before may have left another language


@pytest.fixture(autouse=True)
def _no_query_per_row(settings):
    """A request that asks the same of the database for row after row fails with the line that does it."""
    settings.ZEAL_RAISE = True
    settings.ZEAL_ALLOWLIST = [
        {"model": "profiles.CV", "field": "get()"},  # saving several parts at once reads each part's own columns
    ]
    settings.MIDDLEWARE = ["zeal.middleware.zeal_middleware", *settings.MIDDLEWARE]


# A firm with two members, and a stranger with a firm of their own; rooms with other people have their own fixtures.


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
def api():
    """A client of the API, acting for somebody or for nobody."""

    def as_(user=None) -> APIClient:
        client = APIClient()
        if user is not None:
            client.force_authenticate(user)
        return client

    return as_
