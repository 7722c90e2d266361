"""Firms and schools together over the API."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import Activity, Booking

pytestmark = pytest.mark.django_db


def test_the_whole_road(api, owner, firm, teacher, school):
    boss, teaches = api(owner), api(teacher)
    assert boss.get(reverse("api-firm-terms")).status_code == 404
    assert boss.put(reverse("api-firm-terms"), {"contacts_per_month": 1}).status_code == 200
    answer = boss.post(reverse("api-firm-activities"), {"kind": "bbl", "places": 2, "direction": "wants"})
    assert answer.status_code == 201
    found = teaches.get(reverse("api-partner-firms"), {"kind": "bbl"}).json()["results"]
    assert [(one["name"], one["room"]["left"]) for one in found] == [(firm.name, 1)]
    day = timezone.localdate() + timedelta(days=12)
    data = {"firm": found[0]["ref"], "kind": "bbl", "day": day.isoformat(), "people": 1}
    booked = teaches.post(reverse("api-school-bookings"), data)
    assert (booked.status_code, booked.json()["status"]) == (201, "booked")
    full = teaches.post(reverse("api-school-bookings"), data | {"day": (day + timedelta(days=1)).isoformat()})
    assert full.status_code in (201, 409)  # the next day may be in another month
    assert boss.get(reverse("api-firm-bookings")).json()["results"][0]["school"] == school.name
    cancelled = boss.post(reverse("api-booking-cancel", args=[booked.json()["ref"]]), {"reason": "Verbouwing"})
    assert cancelled.json()["status"] == "cancelled"


def test_errors_are_said_at_the_field(api, terms, teacher, school, firm):
    answer = api(teacher).post(
        reverse("api-school-bookings"), {"firm": firm.ref, "kind": "bbl", "day": "2027-13-01", "people": 0}
    )
    assert answer.status_code == 400
    assert {error["attr"] for error in answer.json()["errors"]} == {"day", "people"}
    assert not Booking.objects.exists()


@pytest.mark.parametrize("name", ["api-partner-firms", "api-school-bookings"])
def test_only_schools_look_for_firms(api, owner, firm, name):
    assert api(owner).get(reverse(name)).status_code == 403
    assert api().get(reverse(name)).status_code == 401


def test_a_kind_stands_once_on_the_list(api, owner, terms, firm):
    answer = api(owner).post(reverse("api-firm-activities"), {"kind": "internship", "places": 1, "direction": "offers"})
    assert answer.status_code == 409
    assert Activity.objects.count() == 2
