"""Letters about bookings."""

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from partners.calendar import calendar_of
from partners.models import Booking


@shared_task(
    name="partners.notify", autoretry_for=(OSError,), max_retries=5, retry_backoff=True,
    soft_time_limit=30, time_limit=40,
)  # fmt: skip
def notify(booking_id: int, what: str, by: int | None) -> int:
    """Tell the other side (both sides when nobody did it) what happened. Returns how many letters went out."""
    booking = Booking.objects.select_related("firm__place", "school").filter(pk=booking_id).first()
    if booking is None or what == Booking.Status.WAITING:
        return 0
    sent = 0
    for side, other in ((booking.firm, booking.school), (booking.school, booking.firm)):
        if side.pk == by:
            continue
        for person in User.objects.filter(memberships__organisation=side, is_active=True).order_by("id"):
            with override(person.language):
                subject, text = _letter(booking, what, other.name)
                letter = EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [person.email])
                if what != "example":
                    letter.attach("afspraak.ics", calendar_of(side, [booking]).decode(), "text/calendar")
                letter.send()
                sent += 1
    return sent


def _letter(booking: Booking, what: str, other: str) -> tuple[str, str]:
    values = {
        "other": other,
        "kind": booking.get_kind_display(),
        "day": date_format(booking.day, "j F Y"),
        "reason": booking.reason,
    }
    texts = {
        "booked": (
            _("Booked: %(kind)s on %(day)s"),
            _("%(other)s booked with you: %(kind)s on %(day)s. Log in to see the message. Does it not suit you? Then "
              "cancel in time."),
        ),
        "promoted": (
            _("There is room: %(kind)s on %(day)s"),
            _("A place came free: %(kind)s with %(other)s on %(day)s is booked now. Does it no longer suit you? Then "
              "cancel in time."),
        ),
        "cancelled": (
            _("Cancelled: %(kind)s on %(day)s"),
            _("%(other)s cancelled: %(kind)s on %(day)s. %(reason)s"),
        ),
        "example": (
            _("%(other)s wrote about what you did together"),
            _("%(other)s wrote about: %(kind)s on %(day)s. Log in to read it. Others only see it when you agree."),
        ),
    }  # fmt: skip
    subject, text = texts[what]
    return subject % values, f"{text % values}\n\nZelf aan het Werk"
