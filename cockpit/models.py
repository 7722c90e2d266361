"""What CockpitWerk keeps: safe numbers only. A suppressed data point holds neither its value nor its count."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DataPoint(models.Model):
    """One indicator at one breakdown. `breakdown` names its dimensions ("sector", "province,sector", "" for the whole region);
    `first` and `second` are their codes. `period` is the first day of a month, or null for the latest value."""

    indicator = models.CharField(max_length=60)
    breakdown = models.CharField(max_length=60, blank=True)
    first = models.CharField(max_length=80, blank=True)
    second = models.CharField(max_length=80, blank=True)
    period = models.DateField(null=True)
    value = models.FloatField(null=True)
    n = models.PositiveIntegerField(null=True)
    suppressed = models.BooleanField(default=False)
    computed_at = models.DateTimeField()
    version = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("data point")
        verbose_name_plural = _("data points")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "breakdown", "period", "first", "second"],
                name="data_point_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(suppressed=False) | models.Q(value=None, n=None),
                name="data_point_suppressed_is_empty",
            ),
        ]


class Computed(models.Model):
    """When an indicator was last computed, and from what: the same fingerprint and version need no new computing."""

    indicator = models.CharField(max_length=60, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    computed_at = models.DateTimeField()
    points = models.PositiveIntegerField(default=0)
    suppressed = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)


class Forecast(models.Model):
    """Expected openings in a month for a sector or occupation group, with an 80 % interval."""

    dimension = models.CharField(max_length=20)
    code = models.CharField(max_length=20, blank=True)
    period = models.DateField()
    expected = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dimension", "code", "period"], name="forecast_once")]


class Backtest(models.Model):
    """How well the forecast of one series would have done, beside the naive seasonal one; `method` is what is used."""

    dimension = models.CharField(max_length=20)
    code = models.CharField(max_length=20, blank=True)
    method = models.CharField(max_length=30, blank=True)
    months = models.PositiveSmallIntegerField()  # of history
    tried = models.PositiveSmallIntegerField(default=0)  # forecasts that were checked
    error = models.FloatField(null=True)  # mean absolute error, openings a month
    naive_error = models.FloatField(null=True)
    inside = models.FloatField(null=True)  # share of outcomes within the interval
    refused_because = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dimension", "code"], name="backtest_once")]


class Signal(models.Model):
    """Something that changed more in a month than chance explains, after correction for how much was looked at."""

    period = models.DateField()
    indicator = models.CharField(max_length=60)
    breakdown = models.CharField(max_length=60, blank=True)
    first = models.CharField(max_length=80, blank=True)
    observed = models.FloatField()
    expected = models.FloatField()
    test = models.CharField(max_length=20)
    p = models.FloatField()
    q = models.FloatField()  # Benjamini-Hochberg over everything tested in the period
    tested = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        constraints = [
            models.UniqueConstraint(fields=["period", "indicator", "breakdown", "first"], name="signal_once")
        ]


class Region(models.Model):
    """A municipality with a point, and an outline (GeoJSON geometry, WGS84) where borders were imported."""

    code = models.CharField(max_length=12, unique=True)  # GM0014, or the name where no code is known
    name = models.CharField(_("name"), max_length=80, unique=True)
    province = models.CharField(_("province"), max_length=40, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    outline = models.JSONField(null=True)
    source = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")

    def __str__(self) -> str:
        return self.name


class OutsideTable(models.Model):
    """A table of figures from elsewhere, with what its publisher says of it."""

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    source = models.CharField(_("source"), max_length=200)
    licence = models.CharField(_("licence of the data"), max_length=120, blank=True)
    measures = models.JSONField(default=dict)  # {column: {"title": …, "unit": …}}
    compares = models.JSONField(default=dict)  # {column: key of the indicator of ours that it is held against}
    imported_at = models.DateTimeField()

    class Meta:
        verbose_name = _("outside table")
        verbose_name_plural = _("outside tables")

    def __str__(self) -> str:
        return self.title


class OutsideFigure(models.Model):
    table = models.ForeignKey(OutsideTable, models.CASCADE, related_name="figures")
    measure = models.CharField(max_length=60)
    breakdown = models.CharField(max_length=60, blank=True)  # "municipality", "sbi" …
    code = models.CharField(max_length=80, blank=True)
    period = models.DateField()
    value = models.FloatField(null=True)  # null where the publisher shows none

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table", "measure", "breakdown", "code", "period"], name="outside_figure_once"
            )
        ]
