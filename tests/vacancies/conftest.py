"""A firm with two members, a stranger with a firm of their own, and work to ask for."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from taxonomy.models import Certificate, OccupationLabel
from tests.factories import make_occupation, make_place, make_skill


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """What the matcher is told, as (kind, id)."""
    told: list[tuple] = []
    monkeypatch.setattr("vacancies.operations.changed", lambda kind, pk: told.append((kind, pk)))
    return told


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def tomorrow(today) -> str:
    return (today + timedelta(days=1)).isoformat()


@pytest.fixture
def sawing(db):
    return make_skill("hout zagen")


@pytest.fixture
def measuring(db):
    return make_skill("maten nemen")


@pytest.fixture
def licence(db):
    return Certificate.objects.create(uri="urn:test:vca", label_nl="VCA basis", kind="certificate")


@pytest.fixture
def carpenter(sawing, measuring):
    occupation = make_occupation("timmerman", essential=(sawing, measuring))
    for text in ("timmerman", "timmervrouw"):
        OccupationLabel.objects.create(
            occupation=occupation, language="nl", kind="preferred", text=text, normalized=text, source="core"
        )
    return occupation


@pytest.fixture
def filled(carpenter, sawing):
    """A details page filled in well; keyword arguments overrule, None leaves a field out."""

    def fill(**changes) -> dict:
        make_place("9712", name="Groningen")
        data = {
            "title": "Timmerman", "occupation": carpenter.pk, "kind": "vacancy", "postcode": "9712", "hours_min": 24,
            "hours_max": 36, "days": [1, 2, 4, 8], "pay_min": 2600, "pay_max": 3300, "education_level": 3,
            "text": "Je bouwt mee aan huizen.", "openings": 1, "skill": [sawing.pk],
            f"importance_{sawing.pk}": 3, f"level_{sawing.pk}": 4, f"hard_{sawing.pk}": "on", "language": ["nl"],
            "language_level_nl": 3, "do": "next",
        }  # fmt: skip
        return {key: value for key, value in (data | changes).items() if value is not None}

    return fill


@pytest.fixture
def begun(client, filled):
    """A visitor who filled in the first two pages."""

    def begin(**changes):
        client.post(reverse("vacancies:start"), {"title": "timmerman", "kind": changes.get("kind", "vacancy")})
        response = client.post(reverse("vacancies:details"), filled(**changes))
        assert response.status_code == 302, response.context["form"].errors
        return client

    return begin
