"""The figures against numbers worked out by hand, and who may see them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from cockpit.queries import compute_figures
from matching.models import Application
from profiles.models import Job
from tests.factories import make_cv, make_occupation, make_programme, make_skill, make_user, make_vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    """12 carers and 3 welders; 5 vacancies that ask welding, one of them for two people; one programme."""
    welding, caring = make_skill("lassen"), make_skill("wassen en aankleden")
    welder = make_occupation("lasser", sector="metal")
    carer = make_occupation("verzorgende", sector="care")
    cvs = []
    for number in range(15):
        occupation, skill = (carer, caring) if number < 12 else (welder, welding)
        cv = make_cv(make_user(), {skill: 4})
        Job.objects.create(cv=cv, title="werk", occupation=occupation, is_current=True)
        cvs.append(cv)
    make_cv(None, {welding: 5})  # a draft counts for nothing
    vacancies = [make_vacancy(skills={welding: 3}, occupation=welder, openings=2 if n == 0 else 1) for n in range(5)]
    make_programme(skills={caring: 3})
    return cvs, vacancies


def apply(cv, vacancy, *, days_ago, status="seen", invited=False, p=40, decided_after=None, reason=""):
    now = timezone.now()
    return Application.objects.create(
        cv=cv, vacancy=vacancy, status=status, was_invited=invited, reason=reason,
        applied_at=now - timedelta(days=days_ago),
        decided_at=None if decided_after is None else now - timedelta(days=days_ago - decided_after),
        snapshot={"chance": {"p": p}},
    )  # fmt: skip


def test_supply_and_demand_are_counted(region):
    found = compute_figures(timezone.now())
    assert (found.jobseekers, found.vacancies, found.places_of_work, found.programmes) == (15, 5, 6, 1)
    assert found.tightness == 0.4
    assert found.gained_by_training == 1  # welding is asked five times and taught nowhere


def test_a_small_sector_is_hidden_and_so_is_another_that_would_give_it_away(region):
    supply = {row.sector: row.supply for row in compute_figures(timezone.now()).sectors}
    assert set(supply.values()) == {None}  # 3 welders; with the 12 carers shown, 15 - 12 would tell


def test_few_people_with_a_scarce_skill_are_not_counted_out(region):
    (row,) = compute_figures(timezone.now()).scarce_skills
    assert (row.label, row.asked, row.offered, row.taught) == ("lassen", 5, None, 0)


def test_outcomes_are_counted_over_the_past_year(region):
    cvs, vacancies = region
    for number, cv in enumerate(cvs):
        late = number == 14
        apply(
            cv, vacancies[0], days_ago=400 if late else 30, decided_after=6, invited=number < 10,
            status="hired" if number < 10 else "rejected", reason="" if number < 10 else "skills", p=10 * (number % 5),
        )  # fmt: skip
    found = compute_figures(timezone.now())
    assert found.applications == 14
    assert found.invited is None  # 4 of 14 were not: too few to show a share
    assert found.hires == 10
    assert found.days_to_decision == 6
    assert found.median_chance == 20
    assert [(row.count) for row in found.reasons] == [None]


def test_analysts_see_the_page_and_strangers_learn_nothing(client, region):
    url = reverse("cockpit:home")
    assert client.get(url).status_code == 302
    client.force_login(make_user())
    assert client.get(url).status_code == 404
    assert client.get(reverse("cockpit-figures")).status_code == 403
    client.force_login(make_user(is_analyst=True))
    assert b"CockpitWerk" in client.get(url).content
    assert client.get(reverse("cockpit-figures")).json()["jobseekers"] == 15


def test_a_download_is_written_down(client, region):
    analyst = make_user(is_analyst=True)
    client.force_login(analyst)
    response = client.get(reverse("cockpit:download"))
    assert "lassen" in response.content.decode()
    assert AuditEntry.objects.filter(actor=analyst, verb="download cockpit figures").count() == 1
    client.force_login(make_user())
    assert client.get(reverse("cockpit:download")).status_code == 404
