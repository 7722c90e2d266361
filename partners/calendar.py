"""Bookings as iCalendar (RFC 5545), for the calendar programs of firms and schools."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.models import Organisation
from partners.models import Booking

HOURS_OF_A_VISIT = 2  # nobody is asked how long it takes; a calendar needs an end


def calendar_of(organisation: Organisation, bookings: Iterable[Booking]) -> bytes:
    """All bookings as one calendar; cancelled ones stay in it as cancelled, so that programs take them out."""
    calendar = Calendar()
    calendar.add("prodid", "-//Zelf aan het Werk//bookings//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Firms and schools"))
    for booking in bookings:
        calendar.add_component(_event(booking, organisation))
    return calendar.to_ical()


def _event(booking: Booking, reader: Organisation) -> Event:
    other = booking.school if booking.firm_id == reader.pk else booking.firm
    event = Event()
    event.add("uid", f"{booking.ref}@zelf-aan-het-werk")
    event.add("sequence", booking.version)
    event.add("dtstamp", booking.updated_at)
    event.add("summary", f"{booking.get_kind_display()}: {other.name}")
    if booking.starts_at is not None:
        start = datetime.combine(booking.day, booking.starts_at, tzinfo=ZoneInfo(settings.TIME_ZONE))
        event.add("dtstart", start)
        event.add("dtend", start + timedelta(hours=HOURS_OF_A_VISIT))
    else:
        event.add("dtstart", booking.day)
        event.add("dtend", booking.last_day + timedelta(days=1))  # RFC 5545: the end of a day's event is not in it
    place = booking.firm.place.name if booking.firm.place else ""
    location = ", ".join(part for part in (booking.firm.name, booking.firm.street, place) if part)
    event.add("location", location)
    event.add("status", "CANCELLED" if booking.status == Booking.Status.CANCELLED else "CONFIRMED")
    event.add("description", _("How many people: %(people)s") % {"people": booking.people})
    return event
