"""Who may see CockpitWerk, and what is written down."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from cockpit.computing import refresh
from cockpit.models import Computed, DataPoint
from cockpit.overview import overview
from education.models import Programme
from tests.factories import make_cv, make_programme, make_skill, make_user, make_vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    """12 people who can weld and 5 vacancies that ask it."""
    welding = make_skill("lassen")
    for _ in range(12):
        make_cv(make_user(), {welding: 4})
    make_cv(None, {welding: 5})  # a draft counts for nothing
    for _ in range(5):
        make_vacancy(skills={welding: 3})
    make_programme()
    refresh(now=timezone.now(), only=["jobseekers", "vacancies", "programmes"])


def test_analysts_see_the_page_and_strangers_learn_nothing(client, region):
    url = reverse("cockpit:home")
    assert client.get(url).status_code == 302
    client.force_login(make_user())
    assert client.get(url).status_code == 404
    assert client.get(reverse("cockpit-indicator", args=["jobseekers"])).status_code == 403
    client.force_login(make_user(is_analyst=True))
    assert b"CockpitWerk" in client.get(url).content
    assert client.get(reverse("cockpit-indicator", args=["jobseekers"])).json()["total"]["value"] == 12


def test_the_page_works_before_anything_was_computed(client):
    client.force_login(make_user(is_analyst=True))
    assert client.get(reverse("cockpit:home")).status_code == 200
    assert len(overview()) == 10
    page = client.get(reverse("cockpit:explore", args=["jobseekers"])).text
    assert "Nog niet geteld" in page
    assert "<td" not in page


def test_a_refresh_computes_only_what_changed(region, capsys):
    some = ["jobseekers", "vacancies", "programmes"]
    again = refresh(now=timezone.now(), only=some)
    assert again.computed == 0
    assert again.points == DataPoint.objects.filter(suppressed=False).count() > 0
    make_programme(Programme.objects.get().school)
    assert refresh(now=timezone.now(), only=some).computed == 1
    assert DataPoint.objects.get(indicator="programmes", breakdown="", period=None).value == 2
    assert Computed.objects.get(indicator="jobseekers").points > 0
    call_command("cockpit_refresh", "jobseekers", "--force", "--stats")
    assert "data points" in capsys.readouterr().out
    with pytest.raises(CommandError, match="No such indicator: ghosts"):
        call_command("cockpit_refresh", "ghosts")
