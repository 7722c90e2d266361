"""A firm is never asked more than it allows, whatever happens and in whatever order."""

import contextlib
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from core.exceptions import Refused
from partners import operations, queries
from partners.calendar import calendar_of
from partners.models import Activity, Booking, Terms
from partners.tasks import notify
from tests.factories import make_organisation
from tests.partners.conftest import TODAY

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 10)


def book(school, firm, day=DAY, kind="guest_lesson", **fields):
    return operations.book(school=school, firm=firm, actor=None, today=TODAY, kind=kind, day=day, **fields)


def test_a_month_holds_what_the_firm_allows(terms, school, firm):
    assert book(school, firm).status == "booked"
    assert book(school, firm, DAY + timedelta(days=1)).status == "booked"
    with pytest.raises(Refused, match="vol"):
        book(school, firm, DAY + timedelta(days=2))
    assert Booking.objects.count() == 2
    assert book(school, firm, date(2027, 1, 5)).status == "booked", "another month has room of its own"


def test_who_waits_longest_moves_up_when_somebody_cancels(terms, school, other_school, firm):
    first = book(school, firm)
    book(school, firm, DAY + timedelta(days=1))
    waits = book(other_school, firm, DAY + timedelta(days=2), wait=True)
    later = book(school, firm, DAY + timedelta(days=3), wait=True)
    assert (waits.status, later.status) == ("waiting", "waiting")
    operations.cancel(booking=first, by=firm, actor=None, reason="Ziek", today=TODAY)
    waits.refresh_from_db()
    later.refresh_from_db()
    assert (waits.status, later.status) == ("booked", "waiting")


def test_cancelling_a_place_on_the_waiting_list_or_twice_moves_nobody(terms, school, other_school, firm):
    book(school, firm)
    book(school, firm, DAY + timedelta(days=1))
    waits = book(other_school, firm, DAY + timedelta(days=2), wait=True)
    operations.cancel(booking=waits, by=other_school, actor=None, reason="", today=TODAY)
    operations.cancel(booking=waits, by=other_school, actor=None, reason="", today=TODAY)
    assert Booking.objects.booked().count() == 2


def test_more_room_is_for_who_waits_less_room_cancels_nothing(terms, school, other_school, firm, owner):
    book(school, firm)
    book(school, firm, DAY + timedelta(days=1))
    waits = book(other_school, firm, DAY + timedelta(days=2), wait=True)
    operations.save_terms(firm=firm, values={"contacts_per_month": 3}, actor=owner, today=TODAY)
    waits.refresh_from_db()
    assert waits.status == "booked"
    operations.save_terms(firm=firm, values={"contacts_per_month": 1}, actor=owner, today=TODAY)
    assert Booking.objects.booked().count() == 3


def test_places_for_an_internship_are_counted_over_all_its_days(terms, school, other_school, firm, owner):
    operations.save_terms(firm=firm, values={"contacts_per_month": 9}, actor=owner, today=TODAY)
    book(school, firm, kind="internship", people=2, until=date(2027, 2, 1))
    with pytest.raises(Refused, match="vol"):
        book(other_school, firm, date(2027, 1, 20), kind="internship", until=date(2027, 3, 1))
    assert book(other_school, firm, date(2027, 2, 2), kind="internship", until=date(2027, 3, 1)).status == "booked"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"day": TODAY}, "vanaf morgen"),
        ({"day": TODAY - timedelta(days=3)}, "vanaf morgen"),
        ({"day": TODAY + timedelta(days=500)}, "vanaf morgen"),
        ({"people": 31}, "30 mensen"),
        ({"kind": "bbl"}, "biedt dat niet meer"),
    ],
)
def test_what_cannot_be_is_refused_in_words(terms, school, firm, fields, words):
    with pytest.raises(Refused, match=words):
        book(school, firm, **fields)
    assert not Booking.objects.exists()


def test_the_same_twice_is_refused_but_not_after_cancelling(terms, school, firm):
    first = book(school, firm)
    with pytest.raises(Refused, match="al gevraagd"):
        book(school, firm)
    operations.cancel(booking=first, by=school, actor=None, reason="", today=TODAY)
    assert book(school, firm).status == "booked"


def test_what_has_been_is_not_cancelled(terms, school, firm):
    booking = book(school, firm)
    with pytest.raises(Refused, match="al geweest"):
        operations.cancel(booking=booking, by=school, actor=None, reason="", today=DAY + timedelta(days=1))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_schools_at_the_same_moment(terms, firm):
    schools = [make_organisation("school", sector="education") for _ in range(8)]
    start = threading.Barrier(len(schools))

    def one(school):
        start.wait()
        try:
            book(school, firm, wait=True)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(school,)) for school in schools]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Booking.objects.booked().count() == terms.contacts_per_month
    assert Booking.objects.filter(status="waiting").count() == 6


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("book"), st.integers(0, 1), st.integers(0, 40)),
        st.tuples(st.just("cancel"), st.integers(0, 30), st.integers(0, 1)),
        st.tuples(st.just("most"), st.integers(0, 3), st.just(0)),
    ),
    max_size=14,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_after_any_steps_nobody_waits_beside_an_empty_place(firm, school, other_school, owner, monkeypatch, steps):
    monkeypatch.setattr(operations, "MOST_BOOKINGS", 10_000)
    Booking.objects.all().delete()
    Activity.objects.get_or_create(firm=firm, kind="guest_lesson", defaults={"places": 30})
    Terms.objects.update_or_create(firm=firm, defaults={"contacts_per_month": 2})
    most, schools = 2, (school, other_school)
    booked_before: dict[tuple[int, int], int] = {}
    for step, first, second in steps:
        if step == "book":
            with contextlib.suppress(Refused):  # the same day twice
                book(schools[first], firm, TODAY + timedelta(days=1 + second), wait=True)
        elif step == "cancel":
            booking = Booking.objects.order_by("id")[first : first + 1].first()
            if booking is not None:
                operations.cancel(booking=booking, by=schools[second], actor=None, reason="", today=TODAY)
        else:
            most = first
            operations.save_terms(firm=firm, values={"contacts_per_month": most}, actor=owner, today=TODAY)
        for room in queries.rooms_of(firm, queries.months_from(TODAY, 4)):
            key = (room.month.year, room.month.month)
            assert room.booked <= max(most, booked_before.get(key, 0)), "never more than allowed, or than before"
            assert not room.waiting or not room.left, "nobody waits beside an empty place"
            booked_before[key] = room.booked


def test_letters_go_to_the_other_side_with_the_appointment(terms, school, firm, owner, teacher):
    booking = book(school, firm, starts_at=None, message="Twintig leerlingen van jaar 2")
    assert notify(booking.pk, "booked", school.pk) == 1
    letter = mail.outbox[0]
    assert letter.to == [owner.email]
    assert "Noorderschool" in letter.body
    name, content, _kind = letter.attachments[0]
    assert name == "afspraak.ics"
    assert "Twintig leerlingen" not in content, "what was written stays on the site"
    assert notify(booking.pk, "promoted", None) == 2
    assert notify(booking.pk, "waiting", school.pk) == 0


def test_the_calendar_reads_back(terms, school, firm):
    booking = book(school, firm, kind="internship", until=date(2027, 1, 29), people=2)
    event = next(iter(Calendar.from_ical(calendar_of(school, [booking])).walk("VEVENT")))
    assert event["uid"] == f"{booking.ref}@zelf-aan-het-werk"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (DAY, date(2027, 1, 30))
    assert firm.name in event["summary"]
    operations.cancel(booking=booking, by=firm, actor=None, reason="", today=TODAY)
    booking.refresh_from_db()
    again = next(iter(Calendar.from_ical(calendar_of(firm, [booking])).walk("VEVENT")))
    assert (str(again["status"]), again["sequence"]) == ("CANCELLED", 2)


def test_a_firm_that_leaves_leaves_no_open_ends(terms, school, other_school, firm, owner):
    booking = book(school, firm)
    operations.end_contacts(firm=firm, actor=owner, now=datetime(2026, 11, 28, tzinfo=UTC))
    booking.refresh_from_db()
    assert booking.status == "cancelled"
    assert not Terms.objects.exists()
    assert not Activity.objects.exists()
