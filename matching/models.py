"""Applications and their history, recommendations, and versions of the chance model."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Referenced, Timestamped
from matching import refusals
from profiles.models import CV
from vacancies.models import Vacancy


class Application(Timestamped, Referenced):
    """One person and one vacancy. It starts by an application, or by an employer's approach that is accepted."""

    class Status(models.TextChoices):
        APPROACHED = "approached", _("asked to apply")  # the employer made the first step
        DECLINED = "declined", _("approach declined")
        SENT = "sent", _("sent")
        SEEN = "seen", _("seen")
        SHORTLISTED = "shortlisted", _("on the shortlist")
        INVITED = "invited", _("invited")
        REJECTED = "rejected", _("not this time")
        HIRED = "hired", _("hired")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Reason(models.TextChoices):
        SKILLS = "skills", _("somebody else had more of the skills we need")
        EXPERIENCE = "experience", _("we need somebody with more experience")
        CERTIFICATE = "certificate", _("a required paper is missing")
        EDUCATION = "education", _("the diploma does not fit")
        LANGUAGE = "language", _("the work asks for more of a language")
        HOURS = "hours", _("the hours or days do not fit")
        DISTANCE = "distance", _("the journey is too long")
        MOTIVATION = "motivation", _("we did not see why this work")
        FILLED = "filled", _("we already found somebody")
        WITHDRAWN_VACANCY = "vacancy_withdrawn", _("the vacancy was withdrawn")

    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="applications")
    cv = models.ForeignKey(CV, models.CASCADE, related_name="applications")
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.SENT, db_index=True)
    why = models.TextField(_("why this work"), max_length=1500, blank=True)
    did = models.TextField(_("what you already did for it"), max_length=1500, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)  # first invited or rejected
    reason = models.CharField(_("reason"), max_length=18, choices=Reason, blank=True)
    message = models.TextField(_("message to the person"), max_length=2000, blank=True)
    was_invited = models.BooleanField(default=False)  # stays true after hired or rejected
    # What was promised at the moment of applying, with the features that it came from (see matching/engine/features.py).
    snapshot = models.JSONField(default=dict, blank=True)
    engine_version = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.UniqueConstraint(fields=["vacancy", "cv"], name="application_once"),
            models.CheckConstraint(
                condition=~models.Q(status="rejected") | ~models.Q(reason=""), name="application_rejection_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["vacancy", "status"]), models.Index(fields=["cv", "status"])]

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.SENT, self.Status.SEEN, self.Status.SHORTLISTED, self.Status.INVITED)


class ApplicationEvent(models.Model):
    application = models.ForeignKey(Application, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Application.Status)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")


class Recommendation(models.Model):
    """One of the best vacancies for a CV, in order of fit and vacancy: ready for e-mails, never the only source of an answer."""

    cv = models.ForeignKey(CV, models.CASCADE, related_name="recommendations", db_index=False)
    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="recommendations")
    fit = models.PositiveIntegerField()  # in engine units, see matching/engine/scale.py

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cv", "vacancy"], name="recommendation_once")]


class Standing(models.Model):
    """The list of an open vacancy as it stands: everybody who may be found, passes, and fits `floor` or better is `Listed`.

    The floor moves only when the list is ranked anew, so a changed CV concerns nobody else's place in the table.
    """

    vacancy = models.OneToOneField(Vacancy, models.CASCADE, related_name="standing")
    floor = models.PositiveIntegerField()  # in engine units; 0: nobody is left out
    seen_at = models.DateTimeField(null=True)  # when somebody of the firm last looked at the candidates

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(floor__lte=10_000), name="standing_floor_is_a_fit")]


class Listed(models.Model):
    """Somebody in the list of a vacancy. No index holds `fit`, so that a change of it writes no index (ADR 28)."""

    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="+")
    cv = models.ForeignKey(CV, models.CASCADE, related_name="+", db_index=False)
    fit = models.PositiveIntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cv", "vacancy"], name="listed_once")]


class Bookmark(Timestamped):
    """A vacancy that somebody saved or hid."""

    cv = models.ForeignKey(CV, models.CASCADE, related_name="bookmarks")
    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="+")
    hidden = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cv", "vacancy"], name="bookmark_once")]


class ChanceModel(Timestamped):
    """A version of the chance model with its data window, metrics and card. At most one is live."""

    target = models.CharField(max_length=10, default="invited")  # what it predicts: invited or hired
    version = models.PositiveIntegerField()
    is_live = models.BooleanField(default=False)
    window_from = models.DateTimeField(null=True)
    window_to = models.DateTimeField(null=True)
    n_outcomes = models.PositiveIntegerField(default=0)
    parameters = models.JSONField(default=dict)
    metrics = models.JSONField(default=dict)
    card = models.TextField(blank=True)
    refused_because = models.CharField(max_length=200, blank=True)  # why a challenger did not go live, in English

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "version"], name="chance_version_once"),
            models.UniqueConstraint(fields=["target"], condition=models.Q(is_live=True), name="chance_one_live"),
        ]

    @property
    def refusal(self) -> str:
        """Why it did not go live, in the language of the page."""
        return refusals.read(self.refused_because)


class MarketPrice(models.Model):
    """How sure a vacancy is of three people who suit it (see `engine/market.py`)."""

    vacancy = models.OneToOneField(Vacancy, models.CASCADE, related_name="+")
    price = models.FloatField()
    engine_version = models.CharField(max_length=20)
    computed_at = models.DateTimeField()


class DriftCheck(models.Model):
    """How the newest applications and outcomes differ from what the live chance model learned from."""

    model = models.ForeignKey(ChanceModel, models.CASCADE, related_name="drift")
    at = models.DateTimeField()
    n_applications = models.PositiveIntegerField()  # newest, whatever came of them
    n_outcomes = models.PositiveIntegerField()  # newest, decided, that the model did not learn from
    shift = models.JSONField(default=dict)  # {feature: population stability index}
    said = models.FloatField(null=True)  # mean chance said of those outcomes
    happened = models.FloatField(null=True)  # share invited
    alarms = models.JSONField(default=list)  # codes with values; empty: nothing to worry about

    class Meta:
        indexes = [models.Index(fields=["model", "-at"])]
