"""People and occupations that the tests of the smart CV share."""

import pytest

from tests import factories


@pytest.fixture
def skills(db):
    return [
        factories.make_skill(label) for label in ("wonden verzorgen", "luisteren", "plannen", "tillen met een lift")
    ]


@pytest.fixture
def carer(skills):
    """An occupation with four core skills that search finds."""
    occupation = factories.make_occupation("verzorgende IG", tuple(skills))
    occupation.labels.create(
        language="nl", kind="preferred", text="verzorgende IG", normalized="verzorgende ig", source="core"
    )
    return occupation


@pytest.fixture
def owner(db):
    return factories.make_user("owner@example.org")


@pytest.fixture
def stranger(db):
    return factories.make_user("stranger@example.org")


@pytest.fixture
def cv(owner):
    return factories.make_cv(owner)
