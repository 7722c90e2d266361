"""What a firm can learn about people: nothing that tells who somebody is before they apply, nothing long after."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from core.exceptions import Refused
from matching import operations, queries
from tests.factories import make_cv, make_place, make_user, make_vacancy
from tests.matching.conftest import put_in, ref_of
from vacancies.models import Vacancy
from vacancies.operations import publish_vacancy

pytestmark = pytest.mark.django_db
SEEN = "see anonymous cv"


def list_of(vacancy) -> str:
    return reverse("matching:candidates", args=[vacancy.pk])


def page_of(cv, vacancy) -> str:
    return reverse("matching:candidate", args=[vacancy.pk, ref_of(cv, vacancy)])


def api_of(cv, vacancy) -> str:
    return f"/api/v1/vacancies/{vacancy.pk}/candidates/{ref_of(cv, vacancy)}/"


def close(vacancy, *, days: int) -> None:
    closed = timezone.now() - timedelta(days=days)
    Vacancy.objects.filter(pk=vacancy.pk).update(status="closed", closed_at=closed)
    vacancy.refresh_from_db()


# References.


def test_a_person_has_another_reference_for_every_vacancy_and_the_own_one_opens_nothing(
    client, cv, vacancy, firm, owner, sawing
):
    second = make_vacancy(firm, {sawing: 2})
    client.force_login(owner)
    here, there = (client.get(list_of(each)).content.decode() for each in (vacancy, second))
    assert str(ref_of(cv, vacancy)) in here
    assert str(ref_of(cv, vacancy)) not in there
    assert str(cv.ref) not in here + there
    for path in (reverse("matching:candidate", args=[second.pk, ref_of(cv, vacancy)]),
                 reverse("matching:candidate", args=[vacancy.pk, cv.ref]),
                 f"/api/v1/vacancies/{second.pk}/candidates/{ref_of(cv, vacancy)}/"):  # fmt: skip
        assert client.get(path).status_code == 404
        assert client.post(path, {"decision": "approach"}).status_code in {404, 405}


# The journey.


@pytest.mark.parametrize("minutes, code", [(0, "under-15"), (14, "under-15"), (15, "15-30"), (44, "30-45"), (59, "45-60"),
                                           (60, "over-60"), (300, "over-60"), (-1, "")])  # fmt: skip
def test_every_journey_is_in_one_band(minutes, code):
    assert queries.journey_band(minutes) == code


def test_a_firm_reads_the_journey_to_the_minute_only_of_who_applied(client, cv, vacancy, owner, person, now):
    cv.place = make_place("9722", latitude=53.2010, longitude=6.5850)
    cv.save()
    minutes = queries.match_for(cv, vacancy).minutes
    client.force_login(owner)

    def shown() -> tuple[str, dict]:
        pages = client.get(list_of(vacancy)).content.decode() + client.get(page_of(cv, vacancy)).content.decode()
        return pages, client.get(api_of(cv, vacancy)).json()

    pages, row = shown()
    assert f"{minutes} minu" not in pages + json.dumps(row)
    assert (row["minutes"], row["journey"]) == (None, "under-15")
    assert "Minder dan 15 minuten reizen." in pages
    operations.apply(cv=cv, vacancy=vacancy, why="", did="", actor=person, now=now)
    pages, row = shown()
    assert f"{minutes} minu" in pages
    assert row["minutes"] == minutes


# While the vacancy is open.


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_people_who_did_not_apply_are_shown_only_while_the_vacancy_is_open(
    client, status, sent, vacancy, owner, painting
):
    other = make_cv(make_user(), {painting: 4})
    client.force_login(owner)
    assert str(ref_of(other, vacancy)) in client.get(list_of(vacancy)).content.decode()
    Vacancy.objects.filter(pk=vacancy.pk).update(status=status, closed_at=timezone.now())
    listed = client.get(list_of(vacancy)).content.decode()
    assert str(ref_of(other, vacancy)) not in listed
    assert str(ref_of(sent.cv, vacancy)) in listed
    for path in (page_of(other, vacancy), api_of(other, vacancy)):
        assert client.get(path).status_code == 404
    client.post(page_of(other, vacancy), {"decision": "approach"})
    assert not other.applications.exists()


def test_people_see_which_firm_opened_their_cv_without_a_name_once_for_each_vacancy(
    client, cv, vacancy, firm, owner, teammate, person, sawing
):
    second = make_vacancy(firm, {sawing: 2})
    for user in (owner, teammate):
        client.force_login(user)
        client.get(page_of(cv, vacancy))
        client.get(api_of(cv, vacancy))
    client.get(page_of(cv, second))
    entries = AuditEntry.objects.filter(verb=SEEN).order_by("id")
    assert [(entry.actor, entry.details["vacancy"]) for entry in entries] == [
        (owner, vacancy.pk),
        (teammate, second.pk),
    ]
    client.force_login(person)
    sights = client.get(reverse("accounts:settings")).context["sights"]
    assert [(who, what) for _at, who, what in sights] == [(firm.name, "las een slim cv zonder naam")] * 2


def test_reading_an_application_with_a_name_is_not_written_down_as_one_without(client, sent, cv, vacancy, owner):
    client.force_login(owner)
    client.get(page_of(cv, vacancy))
    assert not AuditEntry.objects.filter(verb=SEEN).exists()


def test_who_applied_is_read_in_full(client, cv, vacancy, owner, person, now):
    cv.jobs.create(title="Zager", employer="Zagerij De Plank", start_year=2001, end_year=2009)
    client.force_login(owner)
    page = client.get(page_of(cv, vacancy)).content.decode()
    assert "Zagerij De Plank" not in page
    assert "2001" not in page
    operations.apply(cv=cv, vacancy=vacancy, why="", did="", actor=person, now=now)
    page = client.get(page_of(cv, vacancy)).content.decode()
    assert "Zagerij De Plank" in page
    assert "2001–2009" in page


# After it closed.


@pytest.mark.parametrize("days, visible", [(1, True), (27, True), (29, False)])
def test_applications_are_shown_until_four_weeks_after_closing(client, days, visible, sent, cv, vacancy, owner, person):
    close(vacancy, days=days)
    client.force_login(owner)
    listed = client.get(list_of(vacancy)).content.decode()
    assert (person.name in listed) == visible
    assert (str(ref_of(cv, vacancy)) in listed) == visible
    rows = client.get(f"/api/v1/vacancies/{vacancy.pk}/candidates/").json()
    assert (rows["applications"], len(rows["results"])) == (1, int(visible))
    for path in (page_of(cv, vacancy), api_of(cv, vacancy)):
        assert client.get(path).status_code == (200 if visible else 404)
    if not visible:
        assert "Er solliciteerde 1 mens." in listed
        client.post(page_of(cv, vacancy), {"decision": "shortlist"})
        sent.refresh_from_db()
        assert sent.status in {"sent", "seen"}


def test_who_was_hired_stays_visible_and_people_keep_their_own_history(client, sent, cv, vacancy, owner, person):
    put_in(sent, "hired")
    close(vacancy, days=400)
    client.force_login(owner)
    assert person.name in client.get(list_of(vacancy)).content.decode()
    assert client.get(page_of(cv, vacancy)).status_code == 200
    put_in(sent, "rejected")
    assert client.get(page_of(cv, vacancy)).status_code == 404
    client.force_login(person)
    assert client.get(reverse("matching:application", args=[sent.ref])).status_code == 200


def test_opening_an_old_vacancy_again_does_not_bring_its_applications_back(sent, vacancy, owner, now):
    close(vacancy, days=29)
    with pytest.raises(Refused):
        publish_vacancy(vacancy=vacancy, actor=owner, now=now)
    close(vacancy, days=27)
    assert publish_vacancy(vacancy=vacancy, actor=owner, now=now).is_open


def test_the_privacy_page_says_what_happens(client):
    page = client.get(reverse("privacy")).content.decode()
    assert "tot vier weken nadat de vacature sluit" in page
    assert "of een jaar" not in page


# Steps.


@pytest.mark.parametrize("status, part", [("declined", "nee"), ("rejected", "nee"), ("withdrawn", "trok"),
                                          ("sent", "al gesolliciteerd"), ("hired", "al gesolliciteerd")])  # fmt: skip
def test_asking_somebody_again_says_why_not(client, status, part, approached, cv, vacancy, owner):
    put_in(approached, status)
    client.force_login(owner)
    page = client.post(page_of(cv, vacancy), {"decision": "approach"}, follow=True)
    assert page.status_code == 200
    [message] = page.context["messages"]
    assert message.level_tag == "error"
    assert part in message.message
    approached.refresh_from_db()
    assert approached.status in {status, "seen" if status == "sent" else status}


def test_hiring_more_people_than_asked_warns_but_happens(client, sent, cv, vacancy, owner):
    client.force_login(owner)
    second = make_cv(make_user())
    second.applications.create(vacancy=vacancy, status="hired")
    put_in(sent, "invited")
    page = client.post(page_of(cv, vacancy), {"decision": "hire"}, follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["success", "warning"]
    sent.refresh_from_db()
    assert sent.status == "hired"


def test_accepting_waits_for_who_is_closing_the_vacancy(approached, person, now):
    """The vacancy is locked before the application, as `apply` does, so that the two never wait for each other."""
    with pytest.MonkeyPatch.context() as patch:
        order = []
        locked = operations.steps._locked
        patch.setattr(operations.steps, "_locked", lambda *args: order.append("application") or locked(*args))
        select = Vacancy.objects.select_for_update
        patch.setattr(Vacancy.objects, "select_for_update", lambda **how: order.append("vacancy") or select(**how))
        operations.accept_approach(application=approached, actor=person, now=now)
    assert order == ["vacancy", "application"]
