"""Reading what follows from the data points: signals of a month, and forecasts with how well they did."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from cockpit.catalogue import INDICATORS
from cockpit.dimensions import label, words_of
from cockpit.forecast import INDICATOR
from cockpit.models import Backtest, DataPoint, Forecast, Signal
from cockpit.queries import Category, Entry, Point, entry


@dataclass(frozen=True)
class News:
    """Something that changed significantly. `direction` is "up" or "down"; q is the false discovery rate at which it counts."""

    indicator: Entry
    breakdown: str
    category: Category
    period: date
    observed: float
    expected: float
    direction: str
    test: str
    p: float
    q: float


@dataclass(frozen=True)
class MonthOfNews:
    period: date | None
    tested: int
    news: tuple[News, ...]
    months: tuple[date, ...]


@dataclass(frozen=True)
class Expected:
    """A month to come, in places of work; `low` to `high` holds it in eight of ten cases."""

    period: date
    expected: float
    low: float
    high: float


@dataclass(frozen=True)
class Prospect:
    """One series with its forecast. Without one, `refused_because` is "too short" or "too few".

    `error` and `naive_error` are mean absolute errors in places of work a month, on months that were held back; `better` says
    whether the forecast beat the naive one; `inside` is the share of those months within the interval (0.8 is right).
    """

    dimension: str
    category: Category
    history: tuple[Point, ...]
    months: tuple[Expected, ...]
    method: str
    tried: int
    error: float | None
    naive_error: float | None
    inside: float | None
    better: bool | None
    refused_because: str


def signals(period: date | None = None) -> MonthOfNews:
    """The signals of a month; by default the last month in which any were found."""
    months = tuple(Signal.objects.order_by("-period").values_list("period", flat=True).distinct())
    period = period or (months[0] if months else None)
    rows = list(Signal.objects.filter(period=period).order_by("q", "id"))
    words = {name: words_of(name) for name in {row.breakdown for row in rows} if name}
    entries = {key: entry(key) for key in {row.indicator for row in rows} if key in INDICATORS}
    news = tuple(
        News(
            entries[row.indicator], row.breakdown,
            Category(row.first, label(words[row.breakdown], row.first) if row.breakdown else ""), row.period,
            row.observed, row.expected, "up" if row.observed > row.expected else "down", row.test, row.p, row.q,
        )
        for row in rows
        if row.indicator in entries
    )  # fmt: skip
    return MonthOfNews(period, rows[0].tested if rows else 0, news, months)


def prospects(dimension: str = "", code: str | None = None) -> tuple[Prospect, ...]:
    """Forecasts of new places of work for every category of a dimension ("" is the whole region), largest first."""
    words = words_of(dimension) if dimension else {}
    tests = Backtest.objects.filter(dimension=dimension)
    if code is not None:
        tests = tests.filter(code=code)
    tests = list(tests)
    history: dict[str, list[Point]] = defaultdict(list)
    points = DataPoint.objects.filter(indicator=INDICATOR, breakdown=dimension, period__isnull=False).order_by("period")
    for first, *shown in points.values_list("first", "period", "value", "n", "suppressed"):
        history[first].append(Point(*shown))
    ahead: dict[str, list[Expected]] = defaultdict(list)
    for row in Forecast.objects.filter(dimension=dimension).order_by("period"):
        ahead[row.code].append(Expected(row.period, row.expected, row.low, row.high))
    found = [
        Prospect(
            dimension, Category(test.code, label(words, test.code) if dimension else ""), tuple(history[test.code]),
            tuple(ahead[test.code]), test.method, test.tried, test.error, test.naive_error, test.inside,
            None if test.error is None or test.naive_error is None else test.error < test.naive_error,
            test.refused_because,
        )
        for test in tests
    ]  # fmt: skip
    return tuple(
        sorted(found, key=lambda one: (not one.months, -sum(m.expected for m in one.months), one.category.label))
    )
