"""What is known about contacts between firms and schools."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from accounts.models import Organisation, User
from core.geo import distance_km
from partners.models import Activity, Booking, CalendarKey, Example, Terms

MONTHS_SHOWN = 6
Status = Booking.Status


@dataclass(frozen=True)
class Room:
    """How much a firm can still bear in a month."""

    month: date  # its first day
    booked: int
    most: int
    waiting: int

    @property
    def left(self) -> int:
        return max(0, self.most - self.booked)

    @property
    def pips(self) -> range:
        """One for each contact that the month has or may have."""
        return range(max(self.most, self.booked))


@dataclass(frozen=True)
class FirmCard:
    """A firm in the list of schools."""

    firm: Organisation
    activities: list[Activity]
    room: Room
    km: float | None  # from the school; None when either place is unknown
    booked_by: list[str]  # names of schools that come in this month


@dataclass(frozen=True)
class Wanted:
    """What a school looks for; empty values do not narrow."""

    month: date
    kind: str = ""
    sector: str = ""
    max_km: int | None = None
    with_room: bool = False
    text: str = ""


def months_from(today: date, n: int = MONTHS_SHOWN) -> list[date]:
    """The first days of this month and the ones after it.

    >>> [str(month) for month in months_from(date(2026, 11, 28), 3)]
    ['2026-11-01', '2026-12-01', '2027-01-01']
    """
    return [date(today.year + (today.month - 1 + i) // 12, (today.month - 1 + i) % 12 + 1, 1) for i in range(n)]


def terms_of(firm: Organisation) -> Terms | None:
    return Terms.objects.filter(firm=firm).first()


def activities_of(firm: Organisation) -> list[Activity]:
    return list(Activity.objects.filter(firm=firm).order_by("kind"))


def activity_of(firm: Organisation, pk: int) -> Activity | None:
    """This firm's activity; None when it is another's or does not exist."""
    return Activity.objects.filter(firm=firm, pk=pk).first()


def firm_for_schools(ref) -> Organisation | None:
    """A firm that schools may ask; None when it has no terms."""
    return (
        Organisation.objects.filter(ref=ref, kind=Organisation.Kind.EMPLOYER, contact_terms__isnull=False)
        .select_related("place", "contact_terms")
        .first()
    )


def rooms_of(firm: Organisation, months: list[date]) -> list[Room]:
    """How much room a firm has in these months; none at all for a firm without terms."""
    terms = terms_of(firm)
    counts = _counts([firm.pk], months)
    most = terms.contacts_per_month if terms else 0
    return [Room(month, counts[firm.pk, month, "booked"], most, counts[firm.pk, month, "waiting"]) for month in months]


def find_firms(school: Organisation, wanted: Wanted) -> list[FirmCard]:
    """Firms that schools may ask, with room first, then the nearest, ties by id."""
    found = Organisation.objects.filter(contact_terms__contacts_per_month__gt=0, activities__isnull=False)
    if wanted.kind:
        found = found.filter(activities__kind=wanted.kind)
    if wanted.sector:
        found = found.filter(sector=wanted.sector)
    for word in wanted.text.split()[:6]:
        found = found.filter(Q(name__icontains=word) | Q(place__name__icontains=word))
    firms = list(found.select_related("place", "contact_terms").distinct().order_by("id"))
    counts = _counts([firm.pk for firm in firms], [wanted.month])
    cards = []
    for firm in firms:
        booked, waiting = (counts[firm.pk, wanted.month, status] for status in ("booked", "waiting"))
        room = Room(wanted.month, booked, firm.contact_terms.contacts_per_month, waiting)
        km = _km(school, firm)
        near = wanted.max_km is None or (km is not None and km <= wanted.max_km)
        if near and (room.left or not wanted.with_room):
            cards.append(FirmCard(firm, [], room, km, []))
    return sorted(cards, key=lambda card: (not card.room.left, card.km is None, card.km or 0.0, card.firm.pk))


def filled_in(cards: Iterable[FirmCard], month: date) -> list[FirmCard]:
    """The cards of one page with their activities, and with the schools that come in this month."""
    cards = list(cards)
    pks = [card.firm.pk for card in cards]
    activities, schools = defaultdict(list), defaultdict(list)
    for activity in Activity.objects.filter(firm_id__in=pks).order_by("kind"):
        activities[activity.firm_id].append(activity)
    booked = Booking.objects.booked().in_month(month).filter(firm_id__in=pks).order_by("day", "id")
    for firm_id, name in booked.values_list("firm_id", "school__name"):
        if name not in schools[firm_id]:
            schools[firm_id].append(name)
    return [FirmCard(card.firm, activities[card.firm.pk], card.room, card.km, schools[card.firm.pk]) for card in cards]


def coming_to(firm: Organisation, today: date) -> QuerySet[Booking]:
    """All that schools booked or wait for at a firm from today on, in order of day: for the firm itself."""
    return _coming(Booking.objects.filter(firm=firm), today)


def coming_of(school: Organisation, today: date) -> QuerySet[Booking]:
    """All that a school booked or waits for from today on, in order of day: for the school itself."""
    return _coming(Booking.objects.filter(school=school), today)


def been(organisation: Organisation, today: date) -> QuerySet[Booking]:
    """What took place in the year before today, newest first: to tell about."""
    return (
        Booking.objects.booked()
        .filter(Q(firm=organisation) | Q(school=organisation), day__lte=today, day__gt=today - timedelta(days=365))
        .select_related("firm", "school", "example")
        .order_by("-day", "-id")
    )


@dataclass(frozen=True)
class OthersBooking:
    """What a school may know of another's booking: who, what and when, nothing of what was written."""

    school: str
    kind: str
    day: date
    until: date | None


def booked_by_others(firm: Organisation, school: Organisation, today: date) -> list[OthersBooking]:
    rows = Booking.objects.booked().filter(firm=firm, day__gte=today).exclude(school=school)
    return [
        OthersBooking(row.school.name, row.get_kind_display(), row.day, row.until)
        for row in rows.select_related("school").order_by("day", "id")
    ]


def booking_for(organisation: Organisation, ref) -> Booking | None:
    """A booking of this firm or school; None when it is somebody else's or does not exist."""
    return (
        Booking.objects.filter(Q(firm=organisation) | Q(school=organisation), ref=ref)
        .select_related("firm__place", "firm__contact_terms", "school__place")
        .first()
    )


def booking_of(user: User, ref) -> tuple[Booking, Organisation] | None:
    """A booking of any of the person's organisations, with the side that they are on; None when it is not theirs."""
    for organisation in Organisation.objects.filter(memberships__user=user).order_by("id"):
        booking = booking_for(organisation, ref)
        if booking is not None:
            return booking, organisation
    return None


def bookings_by_key(key) -> tuple[Organisation, list[Booking]] | None:
    """Whose calendar this is and what stands in it: the last three months and all to come; None for an unknown key."""
    owner = CalendarKey.objects.filter(key=key).select_related("organisation").first()
    if owner is None:
        return None
    organisation = owner.organisation
    rows = Booking.objects.filter(Q(firm=organisation) | Q(school=organisation)).exclude(status=Status.WAITING)
    return organisation, list(rows.select_related("firm__place", "firm__contact_terms", "school").order_by("day", "id"))


def calendar_key(organisation: Organisation) -> CalendarKey | None:
    return CalendarKey.objects.filter(organisation=organisation).first()


def examples() -> QuerySet[Example]:
    """Good examples that both sides agreed to share, newest first."""
    return (
        Example.objects.filter(agreed_at__isnull=False)
        .select_related("booking__firm__place", "booking__school")
        .order_by("-agreed_at", "-id")
    )


def example_of(booking: Booking) -> Example | None:
    return Example.objects.filter(booking=booking).select_related("author").first()


def export_of(user: User) -> list[dict]:
    """The bookings that a person made, as plain values."""
    fields = ("firm__name", "school__name", "kind", "status", "day", "until", "people", "message", "created_at")
    return list(Booking.objects.filter(booked_by=user).order_by("id").values(*fields))


def _coming(bookings: QuerySet[Booking], today: date) -> QuerySet[Booking]:
    still = Q(day__gte=today) | Q(until__gte=today)
    return (
        bookings.filter(still).exclude(status=Status.CANCELLED).select_related("firm", "school").order_by("day", "id")
    )


def _counts(firm_ids: list[int], months: list[date]) -> defaultdict[tuple[int, date, str], int]:
    """How many bookings each firm has in each month, by status."""
    counts: defaultdict[tuple[int, date, str], int] = defaultdict(int)
    if not months:
        return counts
    first, last = min(months), max(months) + timedelta(days=31)
    rows = (
        Booking.objects.filter(firm_id__in=firm_ids, day__gte=first, day__lt=last)
        .exclude(status=Status.CANCELLED)
        .order_by()
        .values_list("firm_id", "day__year", "day__month", "status")
        .annotate(n=Count("id"))
    )
    for firm_id, year, month, status, n in rows:
        counts[firm_id, date(year, month, 1), status] += n
    return counts


def _km(school: Organisation, firm: Organisation) -> float | None:
    if school.place is None or firm.place is None:
        return None
    here, there = school.place, firm.place
    return round(float(distance_km(here.latitude, here.longitude, there.latitude, there.longitude)), 1)
