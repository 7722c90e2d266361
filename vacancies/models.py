"""Vacancies and functions of employers, and what they ask."""

from datetime import date, datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.choices import WEEKDAYS, EducationLevel, Importance, Language, LanguageLevel, Level
from core.models import Located, SixValues, Timestamped
from taxonomy.models import Certificate, Occupation, Skill

APPLICATIONS_SHOWN = timedelta(weeks=4)  # after closing, the firm no longer sees who applied


class VacancyQuerySet(models.QuerySet):
    def open(self) -> "VacancyQuerySet":
        return self.filter(status=Vacancy.Status.OPEN)


class Vacancy(Timestamped, Located, SixValues):
    """A vacancy, or a *function*: a role without an opening, shown for spontaneous applications and labelled so."""

    class Kind(models.TextChoices):
        VACANCY = "vacancy", _("vacancy")
        FUNCTION = "function", _("function")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="vacancies")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.VACANCY)
    status = models.CharField(_("status"), max_length=6, choices=Status, default=Status.DRAFT, db_index=True)
    title = models.CharField(_("title"), max_length=120)
    occupation = models.ForeignKey(Occupation, models.PROTECT, related_name="vacancies", verbose_name=_("occupation"))
    text = models.TextField(_("text"), max_length=8000, blank=True)
    hours_min = models.PositiveSmallIntegerField(_("hours a week from"))
    hours_max = models.PositiveSmallIntegerField(_("hours a week to"))
    days = models.PositiveSmallIntegerField(_("days"), default=WEEKDAYS)
    pay_min = models.PositiveIntegerField(_("pay from"))  # EUR gross a month, full-time
    pay_max = models.PositiveIntegerField(_("pay to"))
    education_level = models.PositiveSmallIntegerField(_("education"), choices=EducationLevel, null=True, blank=True)
    education_is_hard = models.BooleanField(_("this diploma is required by law"), default=False)
    remote = models.BooleanField(_("can be done from home"), default=False)
    openings = models.PositiveSmallIntegerField(_("people needed"), default=1)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    closes_on = models.DateField(_("closes"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = VacancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("vacancy")
        verbose_name_plural = _("vacancies")
        constraints = [
            models.CheckConstraint(condition=models.Q(pay_min__lte=models.F("pay_max")), name="vacancy_pay_in_order"),
            models.CheckConstraint(
                condition=models.Q(hours_min__lte=models.F("hours_max")), name="vacancy_hours_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(place__isnull=False) | models.Q(status="draft"), name="vacancy_open_has_place"
            ),
        ]
        indexes = [models.Index(fields=["status", "-published_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    def is_settled(self, now: datetime) -> bool:
        """Whether it closed so long ago that the firm no longer sees who applied."""
        if self.status != self.Status.CLOSED:
            return False
        return (self.closed_at or self.updated_at) + APPLICATIONS_SHOWN < now

    def days_open_on(self, today: date) -> int | None:
        """How many days it has been open; None unless it is open now."""
        if not self.is_open or self.published_at is None:
            return None
        return (today - timezone.localdate(self.published_at)).days


class Requirement(models.Model):
    """A skill that a vacancy asks for. Hard only where the employer marks it as indispensable."""

    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="requirements")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    importance = models.PositiveSmallIntegerField(_("importance"), choices=Importance, default=Importance.IMPORTANT)
    min_level = models.PositiveSmallIntegerField(_("level"), choices=Level, default=Level.INDEPENDENT)
    is_hard = models.BooleanField(_("indispensable"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vacancy", "skill"], name="requirement_once"),
            models.CheckConstraint(condition=models.Q(importance__range=(1, 3)), name="requirement_importance_range"),
            models.CheckConstraint(condition=models.Q(min_level__range=(1, 5)), name="requirement_level_range"),
        ]


class LanguageRequirement(models.Model):
    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="language_requirements")
    language = models.CharField(_("language"), max_length=3, choices=Language)
    level = models.PositiveSmallIntegerField(_("level"), choices=LanguageLevel)
    is_hard = models.BooleanField(_("indispensable"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vacancy", "language"], name="language_requirement_once")]


class CertificateRequirement(models.Model):
    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="certificate_requirements")
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="+")
    is_hard = models.BooleanField(_("indispensable"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vacancy", "certificate"], name="certificate_requirement_once")]
