"""Writing down what firms offer, and booking it.

The one promise: a firm never has more bookings in a month than it allows, whoever asks at the same moment. Every operation
that may change that takes a lock on the firm's terms first.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.operations import audit
from core.events import enqueue
from core.exceptions import Refused
from core.limits import DAY, spend
from partners.models import LASTING, Activity, Booking, CalendarKey, Example, Terms

MOST_BOOKINGS = 40  # that one school makes a day
FARTHEST_DAYS = 400
Status = Booking.Status


@transaction.atomic
def save_terms(*, firm: Organisation, values: Mapping[str, Any], actor: User, today: date) -> Terms:
    """Keep how a firm wants to be asked. Who waits moves up where a higher number makes room; nothing is cancelled."""
    terms = _locked_terms(firm) or Terms(firm=firm)
    for name, value in values.items():
        setattr(terms, name, value)
    terms.save()
    audit(actor=actor, verb="save contact terms", subject=firm)
    for month in sorted({(day.year, day.month) for day in _waiting(firm, today).values_list("day", flat=True)}):
        _promote(terms, date(*month, 1), today)
    return terms


@transaction.atomic
def save_activity(*, firm: Organisation, values: Mapping[str, Any], actor: User, activity: Activity | None) -> Activity:
    """Add an activity, or change one. Raises Refused for a kind that the firm already has."""
    if Activity.objects.filter(firm=firm, kind=values["kind"]).exclude(pk=activity.pk if activity else None).exists():
        raise Refused(_("You already have this on your list. Change that line instead."))
    activity = activity or Activity(firm=firm)
    for name, value in values.items():
        setattr(activity, name, value)
    activity.save()
    audit(actor=actor, verb="save activity", subject=activity)
    return activity


@transaction.atomic
def remove_activity(*, activity: Activity, actor: User) -> None:
    """Take an activity off the list. What schools booked stays booked."""
    audit(actor=actor, verb="remove activity", subject=activity)
    activity.delete()


@transaction.atomic
def book(
    *,
    school: Organisation,
    firm: Organisation,
    actor: User,
    today: date,
    kind: str,
    day: date,
    until: date | None = None,
    starts_at: time | None = None,
    people: int = 1,
    message: str = "",
    wait: bool = False,
) -> Booking:
    """Book a contact. With `wait`, a full month gives a place on its waiting list.

    Raises Refused, with nothing saved, when the firm does not offer this, the day has passed, the school already has this
    on that day, or there is no room and nobody wants to wait.
    """
    spend("book firm", who=school.pk, most=MOST_BOOKINGS, seconds=DAY)
    terms = _locked_terms(firm)
    activity = Activity.objects.filter(firm=firm, kind=kind).first()
    if terms is None or activity is None:
        raise Refused(_("This firm does not offer that any more. Choose something else."))
    if day <= today or (day - today).days > FARTHEST_DAYS:
        raise Refused(_("Choose a day from tomorrow, at most a year ahead."))
    if people > activity.places:
        raise Refused(_("The firm has room for %(places)s people at once.") % {"places": activity.places})
    if Booking.objects.filter(firm=firm, school=school, kind=kind, day=day).exclude(status=Status.CANCELLED).exists():
        raise Refused(_("You already asked this firm for that day."))
    booking = Booking(
        firm=firm, school=school, booked_by=actor, kind=kind, day=day, starts_at=starts_at, people=people,
        until=until if kind in LASTING else None, message=message,
    )  # fmt: skip
    if not _fits(terms, booking):
        if not wait:
            raise Refused(_("That month is full at this firm. Choose another month, or join the waiting list."))
        booking.status = Status.WAITING
    booking.save()
    audit(actor=actor, verb="book firm" if booking.status == Status.BOOKED else "wait for firm", subject=booking)
    enqueue("partners.notify", booking.pk, booking.status, school.pk)
    return booking


@transaction.atomic
def cancel(*, booking: Booking, by: Organisation, actor: User, reason: str, today: date) -> Booking:
    """Cancel, for either side; the first on the waiting list who fits moves up. Cancelling twice changes nothing.

    Raises Refused for what has been.
    """
    terms = _locked_terms(booking.firm)
    current = Booking.objects.select_for_update(of=("self",)).select_related("firm", "school").get(pk=booking.pk)
    if current.status == Status.CANCELLED:
        return current
    if current.last_day < today:
        raise Refused(_("This has already been."))
    was = current.status
    current.status, current.cancelled_by, current.reason = Status.CANCELLED, by, reason
    current.version += 1
    current.save()
    audit(actor=actor, verb="cancel booking", subject=current)
    if was == Status.BOOKED:
        enqueue("partners.notify", current.pk, Status.CANCELLED, by.pk)
        if terms is not None:
            _promote(terms, current.day, today)
    return current


def end_contacts(*, firm: Organisation, actor: User, now: datetime) -> None:
    """A firm or school leaves: what is still to come is cancelled, and who waits at a firm moves up."""
    today = now.date()
    mine = Booking.objects.filter(Q(firm=firm) | Q(school=firm), day__gte=today).exclude(status=Status.CANCELLED)
    Terms.objects.filter(firm=firm).delete()
    Activity.objects.filter(firm=firm).delete()
    CalendarKey.objects.filter(organisation=firm).delete()
    for booking in mine.select_related("firm", "school").order_by("id"):
        cancel(booking=booking, by=firm, actor=actor, reason="", today=today)


@transaction.atomic
def tell_example(*, booking: Booking, author: Organisation, title: str, text: str, actor: User, today: date) -> Example:
    """Write (or rewrite) what went well. The other side has to agree (again) before anybody else reads it.

    Raises Refused before the day, or when the other side told it first.
    """
    if booking.status != Status.BOOKED or booking.day > today:
        raise Refused(_("Tell it after the day itself."))
    example = Example.objects.select_for_update().filter(booking=booking).first() or Example(booking=booking)
    if example.pk and example.author_id != author.pk:
        raise Refused(_("The other side already told about this one."))
    example.author, example.title, example.text, example.agreed_at = author, title, text, None
    example.save()
    audit(actor=actor, verb="tell example", subject=example)
    enqueue("partners.notify", booking.pk, "example", author.pk)
    return example


@transaction.atomic
def answer_example(*, example: Example, agree: bool, actor: User, now: datetime) -> None:
    """The other side says yes, or takes it back: then nobody else reads it."""
    example.agreed_at = now if agree else None
    example.save(update_fields=["agreed_at", "updated_at"])
    audit(actor=actor, verb="agree example" if agree else "hide example", subject=example)


@transaction.atomic
def new_calendar_key(*, organisation: Organisation, actor: User) -> CalendarKey:
    """A new address for the calendar; the old one stops working."""
    key, _created = CalendarKey.objects.update_or_create(organisation=organisation, defaults={"key": uuid.uuid4()})
    audit(actor=actor, verb="make calendar address", subject=organisation)
    return key


def _locked_terms(firm: Organisation) -> Terms | None:
    """The firm's terms, held until the transaction ends: who wants to book meanwhile waits."""
    return Terms.objects.select_for_update().filter(firm=firm).first()


def _fits(terms: Terms, booking: Booking) -> bool:
    """Whether the month has room, and for what lasts longer, whether there are places on all its days."""
    booked = Booking.objects.booked().filter(firm=terms.firm)
    if booked.in_month(booking.day).count() >= terms.contacts_per_month:
        return False
    if booking.kind not in LASTING:
        return True
    activity = Activity.objects.filter(firm=terms.firm, kind=booking.kind).first()
    # Simple and on the safe side: all that overlap at all count, also when they do not overlap each other.
    overlapping = booked.filter(kind=booking.kind, day__lte=booking.last_day).filter(
        Q(until__gte=booking.day) | Q(until=None, day__gte=booking.day)
    )
    taken = overlapping.aggregate(people=Sum("people"))["people"] or 0
    return activity is not None and taken + booking.people <= activity.places


def _waiting(firm: Organisation, today: date):
    return Booking.objects.filter(firm=firm, status=Status.WAITING, day__gt=today)


def _promote(terms: Terms, month: date, today: date) -> None:
    """Book those who wait for this month, first come first served, as far as there is room."""
    for booking in _waiting(terms.firm, today).in_month(month).order_by("created_at", "id"):
        if _fits(terms, booking):
            booking.status = Status.BOOKED
            booking.version += 1
            booking.save()
            audit(actor=None, verb="promote booking", subject=booking)
            enqueue("partners.notify", booking.pk, "promoted", None)
