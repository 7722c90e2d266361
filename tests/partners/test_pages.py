"""The pages of firms and schools together."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import Activity, Booking, CalendarKey, Example, Terms
from partners.operations import book
from tests.factories import make_organisation, make_place

pytestmark = pytest.mark.django_db
FIRM = reverse("partners:firm")


@pytest.fixture
def booking(terms, school, firm, teacher) -> Booking:
    today = timezone.localdate()
    return book(
        school=school, firm=firm, actor=teacher, today=today, kind="guest_lesson", day=today + timedelta(days=9),
        message="Over zonnepanelen",
    )  # fmt: skip


def test_a_firm_says_what_it_offers_and_a_school_books_it(client, owner, firm, teacher, school):
    client.force_login(owner)
    answer = client.post(FIRM, {"contacts_per_month": 2, "contact_name": "Roelie", "practical": "Neem laarzen mee"})
    assert answer.status_code == 302
    client.post(reverse("partners:activity-new"), {"kind": "company_visit", "direction": "offers", "places": 12})
    client.force_login(teacher)
    page = client.get(reverse("partners:firms"))
    card = page.context["page_obj"].object_list[0]
    assert (card.firm, card.room.left, card.activities[0].kind) == (firm, 2, "company_visit")
    day = timezone.localdate() + timedelta(days=20)
    book_page = reverse("partners:book", args=[firm.ref])
    assert client.get(book_page).status_code == 200
    answer = client.post(book_page, {"kind": "company_visit", "day": day.isoformat(), "people": 12})
    shown = client.get(answer.url).content.decode()
    assert "Neem laarzen mee" in shown
    assert "Roelie" in shown
    client.force_login(owner)
    assert school.name in client.get(FIRM).content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "31-02-2027"}, "day"),
        ({"people": "0"}, "people"),
        ({"people": "veel"}, "people"),
        ({"kind": "bbl"}, "kind"),
        ({"kind": "internship", "until": "2020-01-01"}, "until"),
        ({"message": "x" * 1001}, "message"),
        ({"starts_at": "25:00"}, "starts_at"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(client, terms, teacher, school, firm, change, field):
    client.force_login(teacher)
    day = timezone.localdate() + timedelta(days=5)
    data = {"kind": "guest_lesson", "day": day.isoformat(), "people": "3"} | change
    page = client.post(reverse("partners:book", args=[firm.ref]), data)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {field}
    assert not Booking.objects.exists()


@pytest.mark.parametrize("number", ["-1", "32", "", "veel"])
def test_terms_are_checked(client, owner, firm, number):
    client.force_login(owner)
    page = client.post(FIRM, {"contacts_per_month": number})
    assert page.status_code == 422
    assert "contacts_per_month" in page.context["form"].errors
    assert not Terms.objects.exists()


def test_another_school_sees_who_comes_but_nothing_that_was_written(client, booking, other_teacher, other_school, firm):
    client.force_login(other_teacher)
    shown = client.get(reverse("partners:book", args=[firm.ref])).content.decode()
    assert "Noorderschool" in shown
    assert "zonnepanelen" not in shown
    assert "Roelie" not in shown, "who to ask for is for who booked"
    month = booking.day.replace(day=1).isoformat()
    assert "Noorderschool" in client.get(reverse("partners:firms"), {"month": month}).content.decode()


def test_a_stranger_finds_no_booking(client, booking, stranger, other_teacher, other_school):
    for user in (stranger, other_teacher):
        client.force_login(user)
        for name in ("booking", "event", "example"):
            assert client.get(reverse(f"partners:{name}", args=[booking.ref])).status_code == 404
            assert client.post(reverse(f"partners:{name}", args=[booking.ref])).status_code in (404, 405)
    booking.refresh_from_db()
    assert booking.status == "booked"


@pytest.mark.parametrize("who", ["owner", "teacher"])
def test_either_side_cancels_with_a_word(client, booking, request, who):
    client.force_login(request.getfixturevalue(who))
    client.post(reverse("partners:booking", args=[booking.ref]), {"reason": "Het lukt niet"})
    booking.refresh_from_db()
    assert (booking.status, booking.reason) == ("cancelled", "Het lukt niet")


def test_the_calendar_has_a_secret_address_that_can_be_renewed(client, booking, teacher, school, firm):
    client.force_login(teacher)
    assert client.post(reverse("partners:calendar-key"), {"organisation": str(school.ref)}).status_code == 302
    key = CalendarKey.objects.get().key
    assert client.post(reverse("partners:calendar-key"), {"organisation": str(firm.ref)}).status_code == 404
    client.logout()
    feed = client.get(reverse("partners:feed", args=[key]))
    assert feed["Content-Type"].startswith("text/calendar")
    assert f"UID:{booking.ref}" in feed.content.decode().replace("\r\n ", "")
    client.force_login(teacher)
    client.post(reverse("partners:calendar-key"), {"organisation": str(school.ref)})
    assert client.get(reverse("partners:feed", args=[key])).status_code == 404


def test_an_example_is_read_once_the_other_side_agrees(client, booking, owner, teacher):
    Booking.objects.update(day=timezone.localdate() - timedelta(days=1))
    tell = reverse("partners:example", args=[booking.ref])
    client.force_login(teacher)
    assert client.post(tell, {"title": "Zon op het dak", "text": "Samen panelen gelegd."}).status_code == 302
    assert client.post(tell, {"answer": "agree"}).status_code == 404, "who wrote it cannot agree for the other side"
    assert "Zon op het dak" not in client.get(reverse("partners:examples")).content.decode()
    client.force_login(owner)
    client.post(tell, {"answer": "agree"})
    client.logout()
    assert "Zon op het dak" in client.get(reverse("partners:examples")).content.decode()
    client.force_login(teacher)
    client.post(tell, {"title": "Zon op het dak", "text": "Iets heel anders."})
    assert Example.objects.get().agreed_at is None, "a new text asks for a new yes"


def test_nobody_tells_before_the_day(client, booking, teacher):
    client.force_login(teacher)
    page = client.post(reverse("partners:example", args=[booking.ref]), {"title": "Te vroeg", "text": "Nog niet"})
    assert page.status_code == 422
    assert not Example.objects.exists()


def test_firms_are_found_by_what_they_offer_distance_and_room(client, terms, teacher, school, firm):
    client.force_login(teacher)
    firms = reverse("partners:firms")

    def found(**query):
        return [card.firm for card in client.get(firms, query).context["page_obj"].object_list]

    assert found(kind="guest_lesson", max_km=5) == [firm]
    assert found(kind="bbl") == []
    assert found(text="eems") == [firm]
    assert found(kind="nonsense") == [firm], "a filter with an error does not narrow"
    far = make_place("6211", name="Maastricht", latitude=50.85, longitude=5.69)
    firm.place = far
    firm.save()
    assert found(max_km=40) == []
    Terms.objects.update(contacts_per_month=0)
    assert found() == [], "0 means: not now"


def test_the_list_asks_no_more_for_more_firms(client, teacher, school, django_assert_max_num_queries):
    for _ in range(15):
        firm = make_organisation()
        Terms.objects.create(firm=firm, contacts_per_month=1)
        Activity.objects.create(firm=firm, kind="bbl")
    client.force_login(teacher)
    with django_assert_max_num_queries(14):
        client.get(reverse("partners:firms"))


def test_only_what_has_been_is_told_about(client, booking, teacher, owner):
    """Beside a day that was and one that comes, on the pages of both sides."""
    Booking.objects.create(
        firm=booking.firm,
        school=booking.school,
        kind="guest_lesson",
        day=timezone.localdate() - timedelta(days=9),
        people=1,
    )
    for user, page in ((teacher, reverse("partners:bookings")), (owner, FIRM)):
        client.force_login(user)
        assert client.get(page).content.decode().count("Vertel hoe het ging") == 1, page
