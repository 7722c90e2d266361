"""Somebody without anything; the firm and its people are every room's."""

import pytest

from tests.factories import make_place, make_user


@pytest.fixture
def newcomer(db):
    make_place("9712")
    return make_user("newcomer@example.org")
