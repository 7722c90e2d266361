"""Firms and schools together: what a firm offers and wants, how much it can bear, and what schools booked."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation
from core.models import Referenced, Timestamped

MOST_CONTACTS = 31  # a month: one a day


class Kind(models.TextChoices):
    """What a firm and a school do together."""

    INTERNSHIP = "internship", _("internship")
    BBL = "bbl", _("place to work and learn (BBL)")
    GUEST_LESSON = "guest_lesson", _("guest lesson")
    TEACHER_PLACEMENT = "teacher_placement", _("teacher works along")
    COMPANY_VISIT = "company_visit", _("company visit")
    PRIMARY_VISIT = "primary_visit", _("visit of a primary school")
    SECONDARY_VISIT = "secondary_visit", _("visit of a secondary school")


LASTING = frozenset({Kind.INTERNSHIP, Kind.BBL, Kind.TEACHER_PLACEMENT})  # these take weeks, the others a day


class Terms(Timestamped):
    """How a firm wants to be asked. Without a row schools cannot ask it anything."""

    firm = models.OneToOneField(Organisation, models.CASCADE, related_name="contact_terms")
    contacts_per_month = models.PositiveSmallIntegerField(
        _("contacts a month, at most"), validators=[MaxValueValidator(MOST_CONTACTS)]
    )
    # Only schools that booked read who to ask for.
    contact_name = models.CharField(_("who to ask for"), max_length=80, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    contact_phone = models.CharField(_("phone number"), max_length=20, blank=True)
    practical = models.TextField(_("good to know beforehand"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("terms of a firm")
        verbose_name_plural = _("terms of firms")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contacts_per_month__lte=MOST_CONTACTS), name="terms_contacts_per_month_range"
            )
        ]

    def __str__(self) -> str:
        return str(self.firm)


class Activity(Timestamped):
    """One kind of contact that a firm offers to schools, or wishes for itself."""

    class Direction(models.TextChoices):
        OFFERS = "offers", _("we offer this")
        WANTS = "wants", _("we would like this")

    firm = models.ForeignKey(Organisation, models.CASCADE, related_name="activities")
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    direction = models.CharField(_("offer or wish"), max_length=6, choices=Direction, default=Direction.OFFERS)
    places = models.PositiveSmallIntegerField(_("people at once"), default=1)
    text = models.CharField(_("tell more"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.UniqueConstraint(fields=["firm", "kind"], name="activity_once_a_firm"),
            models.CheckConstraint(condition=models.Q(places__gte=1), name="activity_has_places"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class BookingQuerySet(models.QuerySet):
    def booked(self) -> "BookingQuerySet":
        return self.filter(status=Booking.Status.BOOKED)

    def in_month(self, month) -> "BookingQuerySet":
        """Those that count for the month of this day."""
        return self.filter(day__year=month.year, day__month=month.month)


class Booking(Timestamped, Referenced):
    """A school's contact with a firm on a day, or its place on the waiting list of that month."""

    class Status(models.TextChoices):
        BOOKED = "booked", _("booked")
        WAITING = "waiting", _("on the waiting list")
        CANCELLED = "cancelled", pgettext_lazy("booking", "cancelled")

    firm = models.ForeignKey(Organisation, models.CASCADE, related_name="bookings_received")
    school = models.ForeignKey(Organisation, models.CASCADE, related_name="bookings_made")
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.BOOKED)
    day = models.DateField(_("day"))  # the first day; its month is the month that it counts for
    until = models.DateField(_("until"), null=True, blank=True)  # the last day of what lasts longer
    starts_at = models.TimeField(_("time"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("how many people"), default=1)
    message = models.TextField(_("message"), max_length=1000, blank=True)
    cancelled_by = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)  # calendars take the highest

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "school", "kind", "day"],
                condition=~models.Q(status="cancelled"),
                name="booking_once_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("day")),
                name="booking_days_in_order",
            ),
        ]
        indexes = [models.Index(fields=["firm", "status", "day"]), models.Index(fields=["school", "status", "day"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.day}"

    @property
    def last_day(self):
        return self.until or self.day


class Example(Timestamped, Referenced):
    """What went well, told by one side; others read it once the other side agrees."""

    booking = models.OneToOneField(Booking, models.CASCADE, related_name="example")
    author = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("what did you do, and what made it work?"), max_length=3000)
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("good example")
        verbose_name_plural = _("good examples")

    def __str__(self) -> str:
        return self.title


class CalendarKey(models.Model):
    """The secret part of the address under which an organisation's own calendar program reads its bookings."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="calendar_key")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
