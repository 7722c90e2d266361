"""Every latest data point in words, to search and to leaf through."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

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


def search(text: str = "", subject: str = "") -> list[NamedPoint]:
    """Data points whose words (of the indicator and of its place in the table) hold every word of `text`."""
    words: dict[str, dict[str, str]] = {}
    wanted = [key for key, indicator in INDICATORS.items() if not subject or indicator.subject == subject]
    rows = (
        DataPoint.objects.filter(indicator__in=wanted, period=None)
        .order_by("indicator", "breakdown", "first", "second")
        .values_list("indicator", "breakdown", "first", "second", "value", "suppressed")
    )
    spoken = {key: (str(INDICATORS[key].name), str(INDICATORS[key].definition)) for key in wanted}
    sought = text.lower().split()
    found = []
    for key, breakdown, first, second, value, suppressed in rows:
        names = breakdown.split(",") if breakdown else []
        for name in names:
            if name not in words:
                words[name] = words_of(name)
        parts = [label(words[name], code) for name, code in zip(names, (first, second), strict=False)]
        where = " · ".join(parts) or _("whole region")
        name, definition = spoken[key]
        if sought and not all(word in f"{name} {where} {key}".lower() for word in sought):
            continue
        unit = INDICATORS[key].unit
        found.append(
            NamedPoint(
                key, name, breakdown, first, second, where, definition, value, unit.decimals, str(UNITS[Unit(unit)]),
                suppressed, Asked(key, breakdown, (first,) if first else ()).as_query(),
            )
        )  # fmt: skip
    return found


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
