"""Every latest data point in words, to search and to leaf through."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cockpit import charts
from cockpit.catalogue import INDICATORS
from cockpit.catalogue.indicator import Unit
from cockpit.dimensions import label, words_of
from cockpit.explore import UNITS, Asked
from cockpit.models import DataPoint


@dataclass(frozen=True)
class NamedPoint:
    """A data point as people read it; `query` leads to the view that it is part of, `trend` is a small SVG or empty."""

    key: str
    name: str
    breakdown: str
    first: str
    second: str
    where: str
    definition: str
    value: float | None
    decimals: int
    unit: str
    suppressed: bool
    query: str
    trend: str = ""


Row = tuple[str, str, str, str, float | None, bool]  # indicator, breakdown, first, second, value, suppressed


def search(text: str = "", subject: str = "") -> Sequence[Row] | QuerySet:
    """Data points whose words (of the indicator and of its place in the table) hold every word of `text`; all without it."""
    wanted = [key for key, indicator in INDICATORS.items() if not subject or indicator.subject == subject]
    rows = (
        DataPoint.objects.filter(indicator__in=wanted, period=None)
        .order_by("indicator", "breakdown", "first", "second")
        .values_list("indicator", "breakdown", "first", "second", "value", "suppressed")
    )
    sought = text.lower().split()
    if not sought:
        return rows
    names = {key: f"{INDICATORS[key].name} {key}".lower() for key in wanted}
    words = _Words()
    found = []
    for row in rows:
        key, breakdown, first, second, *_ = row
        spoken = f"{names[key]} {words.lower(breakdown, first, second)}"
        if all(word in spoken for word in sought):
            found.append(row)
    return found


def named(rows: Iterable[Row]) -> list[NamedPoint]:
    """These data points in words."""
    words = _Words()
    return [
        NamedPoint(
            key, str(INDICATORS[key].name), breakdown, first, second,
            words.of(breakdown, first, second) or _("whole region"), str(INDICATORS[key].definition), value,
            INDICATORS[key].unit.decimals, str(UNITS[Unit(INDICATORS[key].unit)]), suppressed,
            Asked(key, breakdown, (first,) if first else ()).as_query(),
        )
        for key, breakdown, first, second, value, suppressed in rows
    ]  # fmt: skip


class _Words:
    """Labels of places in tables, each looked up once."""

    def __init__(self) -> None:
        self._words: dict[str, dict[str, str]] = {}
        self._said: dict[tuple[str, str], str] = {}

    def of(self, breakdown: str, first: str, second: str) -> str:
        names = breakdown.split(",") if breakdown else []
        return " · ".join(self._one(name, code) for name, code in zip(names, (first, second), strict=False))

    def lower(self, breakdown: str, first: str, second: str) -> str:
        return self.of(breakdown, first, second).lower()

    def _one(self, name: str, code: str) -> str:
        if (name, code) not in self._said:
            if name not in self._words:
                self._words[name] = words_of(name)
            self._said[name, code] = label(self._words[name], code)
        return self._said[name, code]


def with_trends(some: Iterable[NamedPoint]) -> list[NamedPoint]:
    """The points with their months drawn beside them, where months are known; one statement."""
    some = list(some)
    months: dict[tuple[str, str, str, str], list[float | None]] = defaultdict(list)
    rows = DataPoint.objects.filter(indicator__in={one.key for one in some}, period__isnull=False).order_by("period")
    for *place, value in rows.values_list("indicator", "breakdown", "first", "second", "value"):
        months[tuple(place)].append(value)
    return [
        replace(one, trend=charts.spark(months.get((one.key, one.breakdown, one.first, one.second), [])))
        for one in some
    ]
