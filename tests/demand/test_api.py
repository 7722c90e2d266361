"""What schools read of demand over the API: the same as on their pages, and only their own."""

import pytest
from django.urls import reverse
from django.utils import timezone

from demand import operations, queries
from demand.models import Proposal
from education.models import Programme
from tests.factories import make_organisation, make_programme, make_user

pytestmark = pytest.mark.django_db
LISTS = ("api-demand-programmes", "api-demand-gaps", "api-demand-proposals")


@pytest.fixture
def counted(region):
    operations.refresh_demand(now=timezone.now())
    return region


@pytest.fixture
def proposal(counted, teacher) -> Proposal:
    return operations.keep_proposal(
        school=counted, draft=queries.draft(counted, "construction", set(), False), title="Keuzedeel lassen", text="",
        sector="construction", actor=teacher, now=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def stranger(db, skills):
    """Somebody of another school, with a programme of its own."""
    other = make_user("ander@example.org")
    make_programme(make_organisation("school", other, name="Anders"), {skills["vegen"]: 3}, title="Vegen")
    return other


def test_demand_of_a_programme_and_its_trend(api, counted, teacher):
    (row,) = api(teacher).get(reverse("api-demand-programmes")).json()["results"]
    assert (row["title"], row["vacancies"], row["open_requests"]) == ("Brood bakken", 1, 0)
    assert (row["people_over"], row["people_top"]) == (None, None), "fewer than ten"
    detail = api(teacher).get(reverse("api-demand-programme", args=[row["programme"]])).json()
    assert (detail["vacancies"], detail["firms"], detail["leavers"], detail["hired"]) == (1, 1, None, [])
    assert [month["vacancies"] for month in detail["months"]] == [0] * 11 + [1]
    asked = {one["skill"]: one["taught"] for one in detail["asked"]}
    assert asked == {"bakken": True, "vegen": False}


def test_people_of_ten_and_over_are_numbers(api, counted, teacher, settings):
    settings.SMALLEST_GROUP = 0
    (row,) = api(teacher).get(reverse("api-demand-programmes")).json()["results"]
    assert isinstance(row["people_over"], int)
    gap = api(teacher).get(reverse("api-demand-gaps")).json()["results"][0]
    assert gap["people"] == 0


def test_before_the_first_night_the_numbers_are_null(api, region, teacher):
    (row,) = api(teacher).get(reverse("api-demand-programmes")).json()["results"]
    assert row["vacancies"] is None


def test_gaps(api, counted, teacher):
    gaps = api(teacher).get(reverse("api-demand-gaps")).json()["results"]
    assert [(gap["label"], gap["vacancies"], gap["openings"], gap["people"]) for gap in gaps] == [
        ("lassen", 3, 4, None)
    ]
    assert api(teacher).get(reverse("api-demand-gaps"), {"sector": "care"}).json()["results"] == []
    assert len(api(teacher).get(reverse("api-demand-gaps"), {"everything": "true"}).json()["results"]) == 5
    refused = api(teacher).get(reverse("api-demand-gaps"), {"sector": "maan"})
    assert refused.status_code == 400
    assert [error["attr"] for error in refused.json()["errors"]] == ["sector"]


def test_a_proposal_with_its_skills_and_firms(api, proposal, teacher, firm):
    (row,) = api(teacher).get(reverse("api-demand-proposals")).json()["results"]
    assert (row["title"], row["n_firms"], row["n_answers"], row["shared_at"]) == ("Keuzedeel lassen", 1, 0, None)
    detail = api(teacher).get(reverse("api-demand-proposal", args=[row["ref"]])).json()
    assert (detail["skills"][0]["label"], detail["skills"][0]["vacancies"]) == ("lassen", 3)
    assert [(one["firm"], one["vacancies"], one["answer"]) for one in detail["firms"]] == [(firm.name, 3, "")]


def test_another_school_sees_nothing_of_it(api, proposal, stranger):
    titles = [row["title"] for row in api(stranger).get(reverse("api-demand-programmes")).json()["results"]]
    assert titles == ["Vegen"]
    assert api(stranger).get(reverse("api-demand-proposals")).json()["results"] == []
    assert api(stranger).get(reverse("api-demand-proposal", args=[proposal.ref])).status_code == 404
    pk = Programme.objects.get(title="Brood bakken").pk
    assert api(stranger).get(reverse("api-demand-programme", args=[pk])).status_code == 404


@pytest.mark.parametrize("name", LISTS)
def test_only_schools(api, region, owner, firm, name):
    assert api(owner).get(reverse(name)).status_code == 403
    assert api(make_user("zoeker@example.org")).get(reverse(name)).status_code == 403
    assert api().get(reverse(name)).status_code == 401
