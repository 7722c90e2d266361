"""What firms of the region offer to schools, and what schools booked: some firms are full, most have room."""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from accounts.models import Organisation
from partners.models import LASTING, Activity, Booking, Example, Kind, Terms

SHARE_OF_FIRMS = 0.15
KIND_SHARES = {
    Kind.INTERNSHIP: 0.8, Kind.BBL: 0.5, Kind.GUEST_LESSON: 0.3, Kind.COMPANY_VISIT: 0.4, Kind.TEACHER_PLACEMENT: 0.15,
    Kind.PRIMARY_VISIT: 0.1, Kind.SECONDARY_VISIT: 0.2,
}  # fmt: skip
GROUP = 24  # people in a class that visits
TOLD = (
    "Dit ging goed: een ochtend op de werkvloer",
    "We begonnen met koffie en een rondleiding. Daarna werkten de leerlingen in kleine groepjes mee. Wat het verschil "
    "maakte: vooraf hadden ze zelf vragen bedacht, en iedere groep had een eigen vakman.",
)


def save_contacts(
    rng: np.random.Generator,
    firms: list[Organisation],
    schools: list[Organisation],
    shown: tuple[Organisation, Organisation],
    today: date,
) -> None:
    """Terms, activities and bookings; `shown` (a firm and a school) have something to look at for certain."""
    firm, school = shown
    open_firms = [one for one in firms if one == firm or rng.random() < SHARE_OF_FIRMS]
    terms, activities = [], []
    for one in open_firms:
        most = int(rng.choice([1, 2, 3, 4], p=[0.4, 0.3, 0.2, 0.1]))
        terms.append(
            Terms(
                firm=one,
                contacts_per_month=max(most, 2) if one == firm else most,
                practical="Neem dichte schoenen mee.",
            )
        )
        for kind, share in KIND_SHARES.items():
            if rng.random() < share or (one == firm and kind == Kind.COMPANY_VISIT):
                places = int(rng.integers(1, 4)) if kind in LASTING else GROUP
                direction = "wants" if rng.random() < 0.3 else "offers"
                activities.append(Activity(firm=one, kind=kind, places=places, direction=direction))
    Terms.objects.bulk_create(terms)
    Activity.objects.bulk_create(activities)
    Booking.objects.bulk_create(_bookings(rng, terms, activities, schools, shown, today))
    been = Booking.objects.filter(firm=firm, school=school, day__lt=today).order_by("-day").first()
    title, text = TOLD
    Example.objects.create(
        booking=been, author=school, title=title, text=text, agreed_at=datetime.combine(today, time(9), tzinfo=UTC)
    )


def _bookings(
    rng: np.random.Generator,
    terms: list[Terms],
    activities: list[Activity],
    schools: list[Organisation],
    shown: tuple[Organisation, Organisation],
    today: date,
) -> list[Booking]:
    """Never more a month than the firm allows; for the shown pair one that has been and one to come."""
    most = {one.firm_id: one.contacts_per_month for one in terms}
    used: dict[tuple[int, int, int], int] = {}
    days: set[tuple[int, int, str, date]] = set()
    bookings = []

    def add(activity: Activity, school: Organisation, day: date) -> None:
        month = (activity.firm_id, day.year, day.month)
        key = (activity.firm_id, school.pk, activity.kind, day)
        if used.get(month, 0) >= most[activity.firm_id] or key in days:
            return
        used[month] = used.get(month, 0) + 1
        days.add(key)
        until = day + timedelta(weeks=10) if activity.kind in LASTING else None
        people = 1 if activity.kind in LASTING else GROUP
        bookings.append(
            Booking(firm_id=activity.firm_id, school=school, kind=activity.kind, day=day, until=until, people=people)
        )

    firm, school = shown
    visit = next(one for one in activities if one.firm_id == firm.pk and one.kind == Kind.COMPANY_VISIT)
    add(visit, school, today - timedelta(days=40))
    add(visit, school, today + timedelta(days=12))
    for activity in activities:
        if rng.random() < 0.45:
            chosen = schools[int(rng.integers(len(schools)))]
            add(activity, chosen, today + timedelta(days=int(rng.integers(2, 90))))
    return bookings
