"""What every table shares."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Timestamped(models.Model):
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True


class Referenced(models.Model):
    """A row that is named by an unguessable reference in addresses."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class Place(models.Model):
    """A four-digit postcode with its place, municipality and centre (WGS84 degrees)."""

    postcode = models.CharField(_("postcode"), max_length=4, primary_key=True)
    name = models.CharField(_("place"), max_length=80)
    municipality = models.CharField(_("municipality"), max_length=80, blank=True, db_index=True)
    province = models.CharField(_("province"), max_length=40, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    source = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")

    def __str__(self) -> str:
        return f"{self.postcode} {self.name}"


class Located(models.Model):
    """Somewhere in the Netherlands: a postcode, and through it a place and coordinates."""

    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("postcode")
    )

    class Meta:
        abstract = True


class SixInterests(models.Model):
    """A RIASEC profile: six scores from 0 to 100, all null while unknown."""

    realistic = models.PositiveSmallIntegerField(null=True, blank=True)
    investigative = models.PositiveSmallIntegerField(null=True, blank=True)
    artistic = models.PositiveSmallIntegerField(null=True, blank=True)
    social = models.PositiveSmallIntegerField(null=True, blank=True)
    enterprising = models.PositiveSmallIntegerField(null=True, blank=True)
    conventional = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def interests(self) -> tuple[int, ...] | None:
        """(R, I, A, S, E, C), or None while unknown."""
        scores = (
            self.realistic, self.investigative, self.artistic, self.social, self.enterprising, self.conventional,
        )  # fmt: skip
        known = tuple(score for score in scores if score is not None)
        return known if len(known) == len(scores) else None


class SixValues(models.Model):
    """Work values (O*NET's six), 0 to 100 each, null while unanswered: what matters in work, or what work offers."""

    achievement = models.PositiveSmallIntegerField(_("using what you can"), null=True, blank=True)
    independence = models.PositiveSmallIntegerField(_("deciding yourself"), null=True, blank=True)
    recognition = models.PositiveSmallIntegerField(_("being seen and growing"), null=True, blank=True)
    relationships = models.PositiveSmallIntegerField(_("nice people, helping others"), null=True, blank=True)
    support = models.PositiveSmallIntegerField(_("a boss who backs you"), null=True, blank=True)
    conditions = models.PositiveSmallIntegerField(_("security and good conditions"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def work_values(self) -> tuple[int | None, ...]:
        """(achievement, independence, recognition, relationships, support, conditions)."""
        return (
            self.achievement, self.independence, self.recognition, self.relationships, self.support, self.conditions,
        )  # fmt: skip


class Change(models.Model):
    """That a row changed: the transaction that did it last (see `core.changes`). Triggers write it; nothing else does."""

    pk = models.CompositePrimaryKey("kind", "row_id")
    kind = models.CharField(max_length=20)
    row_id = models.BigIntegerField()
    transaction = models.BigIntegerField()
    seq = models.BigIntegerField()  # of its own for every change

    class Meta:
        indexes = [models.Index(fields=["kind", "transaction"], name="change_since")]
