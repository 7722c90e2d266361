"""Reading CockpitWerk: everything here comes from the series table, which holds safe numbers only.

All results are frozen and ready to show: labels are in the language of the page, hidden values are None with `suppressed`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q

from cockpit.catalogue import INDICATORS
from cockpit.catalogue.indicator import Indicator, Subject
from cockpit.dimensions import DIMENSIONS, label, words_of
from cockpit.models import Computed, DataPoint


@dataclass(frozen=True)
class Category:
    """One code of a dimension with its label; `code` is "" in the total."""

    code: str
    label: str


@dataclass(frozen=True)
class Point:
    """A value in one month; `period` is its first day."""

    period: date
    value: float | None
    n: int | None
    suppressed: bool


@dataclass(frozen=True)
class Entry:
    """An indicator as the catalogue shows it, with its latest value for the whole region and how it went.

    `before` is the value twelve months before the last month of `months` (the oldest shown one where there are fewer).
    """

    key: str
    subject: str
    subject_name: str
    name: str
    question: str
    definition: str
    unit: str
    decimals: int
    higher_is: str
    owner: str
    version: int
    is_protected: bool
    dimensions: tuple[Category, ...]
    breakdowns: tuple[str, ...]
    sources: tuple[str, ...]
    value: float | None
    n: int | None
    suppressed: bool
    months: tuple[Point, ...]
    before: float | None
    points: int
    hidden: int
    computed_at: datetime | None


@dataclass(frozen=True)
class Cell:
    """One data point of a view; `second` is None in a table of one dimension."""

    first: Category
    second: Category | None
    value: float | None
    n: int | None
    suppressed: bool


@dataclass(frozen=True)
class View:
    """One table of an indicator. `period` None is the latest value; `months` are the periods that can be asked for."""

    indicator: Entry
    breakdown: str
    dimensions: tuple[Category, ...]
    period: date | None
    months: tuple[date, ...]
    cells: tuple[Cell, ...]
    total: Cell | None


@dataclass(frozen=True)
class Series:
    """One category month by month."""

    category: Category
    points: tuple[Point, ...]


def catalogue(text: str = "", subject: str = "") -> tuple[Entry, ...]:
    """Indicators whose words hold every word of `text`, in the order of the catalogue; three statements."""
    wanted = [i for i in INDICATORS.values() if (not subject or i.subject == subject) and _says(i, text)]
    return _entries(wanted)


def entry(key: str) -> Entry | None:
    """One indicator; None when there is none of that key."""
    return next(iter(_entries([INDICATORS[key]])), None) if key in INDICATORS else None


def subjects() -> tuple[Category, ...]:
    return tuple(Category(str(value), str(name)) for value, name in Subject.choices)


def dimensions() -> tuple[Category, ...]:
    return tuple(Category(key, str(dimension.name)) for key, dimension in DIMENSIONS.items())


def _says(indicator: Indicator, text: str) -> bool:
    spoken = f"{indicator.key} {indicator.name} {indicator.question} {indicator.definition}".lower()
    return all(word in spoken for word in text.lower().split())


def _entries(indicators: Sequence[Indicator]) -> tuple[Entry, ...]:
    keys = [indicator.key for indicator in indicators]
    computed = Computed.objects.in_bulk(keys)
    latest: dict[str, tuple] = {}
    months: dict[str, list[Point]] = defaultdict(list)
    whole = DataPoint.objects.filter(indicator__in=keys, breakdown="").order_by("period")
    for key, period, *shown in whole.values_list("indicator", "period", "value", "n", "suppressed"):
        if period is None:
            latest[key] = tuple(shown)
        else:
            months[key].append(Point(period, *shown))
    return tuple(
        _entry(i, latest.get(i.key, (None, None, False)), tuple(months[i.key]), computed.get(i.key)) for i in indicators
    )


def _entry(indicator: Indicator, latest: tuple, months: tuple[Point, ...], computed: Computed | None) -> Entry:
    value, n, suppressed = latest
    return Entry(
        key=indicator.key, subject=str(indicator.subject), subject_name=str(Subject(indicator.subject).label),
        name=str(indicator.name), question=str(indicator.question), definition=str(indicator.definition),
        unit=str(indicator.unit), decimals=indicator.unit.decimals, higher_is=indicator.higher_is, owner=indicator.owner,
        version=indicator.version, is_protected=indicator.is_protected,
        dimensions=tuple(Category(key, str(DIMENSIONS[key].name)) for key in indicator.dimensions),
        breakdowns=tuple(",".join(breakdown) for breakdown in indicator.breakdowns),
        sources=tuple(sorted(indicator.sources)), value=value, n=n, suppressed=suppressed, months=months,
        before=_before(months), points=computed.points if computed else 0, hidden=computed.suppressed if computed else 0,
        computed_at=computed.computed_at if computed else None,
    )  # fmt: skip


def _before(months: Sequence[Point]) -> float | None:
    """The value a year before the last month, or the oldest known one."""
    shown = [point for point in months if point.value is not None]
    if len(shown) < 2:
        return None
    last = shown[-1].period
    year_ago = last.replace(year=last.year - 1)
    earlier = [point for point in shown[:-1] if point.period >= year_ago]
    return earlier[0].value if earlier else shown[-2].value


def view(
    key: str,
    breakdown: str = "",
    *,
    first: Collection[str] | None = None,
    second: Collection[str] | None = None,
    period: date | None = None,
) -> View | None:
    """One table of an indicator, largest value first; `first` and `second` keep only these codes.

    None when there is no such indicator or it is not broken down so.
    """
    indicator = INDICATORS.get(key)
    if indicator is None or breakdown not in {
        ",".join(b) for b in (*indicator.breakdowns, *indicator.history_breakdowns)
    }:
        return None
    names = tuple(breakdown.split(",")) if breakdown else ()
    words = [words_of(name) for name in names]
    rows = DataPoint.objects.filter(indicator=key)
    asked = rows.filter(breakdown=breakdown, period=period)
    if first is not None:
        asked = asked.filter(first__in=first)
    if second is not None:
        asked = asked.filter(second__in=second)
    cells = [
        Cell(
            Category(one, label(words[0], one) if words else ""),
            Category(other, label(words[1], other)) if len(words) > 1 else None,
            *shown,
        )
        for one, other, *shown in asked.values_list("first", "second", "value", "n", "suppressed")
    ]
    cells.sort(
        key=lambda cell: (cell.value is None, -(cell.value or 0), cell.first.label, cell.second and cell.second.label)
    )
    whole = rows.filter(breakdown="", period=period).values_list("value", "n", "suppressed").first()
    months = rows.filter(breakdown=breakdown, period__isnull=False).order_by("period").values_list("period", flat=True)
    return View(
        indicator=_entries([indicator])[0],
        breakdown=breakdown,
        dimensions=tuple(Category(name, str(DIMENSIONS[name].name)) for name in names),
        period=period,
        months=tuple(months.distinct()),
        cells=tuple(cells),
        total=Cell(Category("", ""), None, *whole) if whole else None,
    )


def series(key: str, breakdown: str = "", codes: Iterable[str] | None = None) -> tuple[Series, ...]:
    """The months of an indicator, one series for each category of (one-dimensional) `breakdown`; oldest month first."""
    words = words_of(breakdown) if breakdown else {}
    rows = DataPoint.objects.filter(indicator=key, breakdown=breakdown, period__isnull=False)
    if codes is not None:
        rows = rows.filter(first__in=list(codes))
    points: dict[str, list[Point]] = defaultdict(list)
    for code, *shown in rows.order_by("period").values_list("first", "period", "value", "n", "suppressed"):
        points[code].append(Point(*shown))
    found = [Series(Category(code, label(words, code)), tuple(months)) for code, months in points.items()]
    return tuple(sorted(found, key=lambda one: one.category.label))


def last_computed() -> datetime | None:
    """When anything was last computed; None before the first refresh."""
    return Computed.objects.aggregate(at=Max("computed_at"))["at"]


def values(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str, str, str], tuple[float | None, int | None, bool]]:
    """Latest values of several tables at once: {(indicator, breakdown, first, second): (value, n, suppressed)}."""
    asked = Q()
    for key, breakdown in wanted:
        asked |= Q(indicator=key, breakdown=breakdown)
    if not asked:
        return {}
    rows = DataPoint.objects.filter(asked, period=None)
    names = ("indicator", "breakdown", "first", "second", "value", "n", "suppressed")
    return {tuple(row[:4]): tuple(row[4:]) for row in rows.values_list(*names)}
