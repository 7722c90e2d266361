"""Signals: what changed in a month more than chance explains; never noise as news.

Two tests, each against what the series itself lets expect:

- counts (new vacancies, applications, hires …): the number of the month against the mean of the twelve months before it, for
  the season of the whole region (how this month compares with the others in the year before, all categories together). Counts
  of people and firms vary more than a Poisson count does, so the spread is that of the series: a negative binomial
  whose variance is estimated from the months before, and a Poisson where that is not larger.
- shares (invited, hired …): this month against the twelve months before together, by Fisher's exact test.

Everything that was tested in a month counts: Benjamini and Hochberg's procedure keeps the expected share of false signals among
all signals under `RATE`. What is hidden is not tested.

References: Benjamini, Hochberg (1995), Controlling the false discovery rate.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import transaction
from numpy.typing import NDArray
from scipy import stats

from cockpit.models import DataPoint, Signal
from cockpit.months import months_before

COUNTS = ("new_vacancies", "applications", "new_jobseekers", "hires")
SHARES = ("invited", "hired")
BREAKDOWNS = ("", "province", "sbi", "isco1")
BEFORE = 12  # months
LEAST_BEFORE = 6
LEAST_EXPECTED = 5.0
RATE = 0.05  # expected share of false signals


@dataclass(frozen=True)
class Tested:
    """One comparison of a month with what was expected; p is two-sided."""

    __test__ = False  # no test of pytest's

    indicator: str
    breakdown: str
    code: str
    observed: float
    expected: float
    test: str
    p: float


def count_p(before: Sequence[float], now: float, expected: float) -> float:
    """Two-sided p of a count. The variance is at least that of a Poisson, and that of the months before where it is larger.

    That both mean and variance are only known from a few months counts along: p is never below that of Student's t.
    """
    y = np.asarray(before, dtype=float)
    mean = max(float(expected), 1e-9)
    excess = max(0.0, float(y.var(ddof=1)) / max(float(y.mean()), 1e-9) - 1.0)
    # (now - mean) varies by the month itself and by the estimate of the mean
    variance = mean * (1 + excess) * (1 + 1 / len(y))
    if variance <= mean * (1 + 1e-6):
        lower, upper = stats.poisson.cdf(now, mean), stats.poisson.sf(now - 1, mean)
    else:
        size = mean**2 / (variance - mean)
        share = size / (size + mean)
        lower, upper = stats.nbinom.cdf(now, size, share), stats.nbinom.sf(now - 1, size, share)
    student = 2 * stats.t.sf(abs(now - mean) / np.sqrt(variance), len(y) - 1)
    return float(min(1.0, max(2 * min(lower, upper), student)))


def share_p(hits: int, n: int, hits_before: int, n_before: int) -> float:
    """Two-sided p of a share against an earlier share."""
    return float(stats.fisher_exact([[hits, n - hits], [hits_before, n_before - hits_before]])[1])


def corrected(p: Sequence[float]) -> NDArray[np.float64]:
    """Benjamini-Hochberg q values, in the order of `p`.

    >>> corrected([0.01, 0.04, 0.03, 0.5]).round(3).tolist()
    [0.04, 0.053, 0.053, 0.5]
    """
    return stats.false_discovery_control(p, method="bh") if len(p) else np.array([])


def found(tested: Sequence[Tested], rate: float = RATE) -> list[tuple[Tested, float]]:
    """What may be called a signal, with its q value, surest first."""
    q = corrected([one.p for one in tested])
    return sorted(((one, float(x)) for one, x in zip(tested, q, strict=True) if x <= rate), key=lambda pair: pair[1])


@transaction.atomic
def detect(*, month: date) -> int:
    """Test everything in `month` and keep what is significant. Returns how many signals there are."""
    tested = _counts(month) + _shares(month)
    Signal.objects.filter(period=month).delete()
    signals = [
        Signal(
            period=month, indicator=one.indicator, breakdown=one.breakdown, first=one.code, observed=one.observed,
            expected=round(one.expected, 2), test=one.test, p=one.p, q=q, tested=len(tested),
        )
        for one, q in found(tested)
    ]  # fmt: skip
    Signal.objects.bulk_create(signals)
    return len(signals)


Months = dict[tuple[str, str, str], dict[date, tuple[float, int]]]


def _read(indicators: Sequence[str], month: date) -> Months:
    rows = DataPoint.objects.filter(
        indicator__in=indicators, breakdown__in=BREAKDOWNS, suppressed=False,
        period__gte=months_before(month, BEFORE), period__lte=month,
    )  # fmt: skip
    series: Months = defaultdict(dict)
    for *key, period, value, n in rows.values_list("indicator", "breakdown", "first", "period", "value", "n"):
        if value is not None and key[2] != "?":
            series[tuple(key)][period] = (value, n)
    return series


def _counts(month: date) -> list[Tested]:
    series = _read(COUNTS, month)
    tested = []
    for (indicator, breakdown, code), months in series.items():
        before = [months[period][0] for period in sorted(months) if period < month]
        if month not in months or len(before) < LEAST_BEFORE:
            continue
        whole = {period: shown[0] for period, shown in series.get((indicator, "", ""), {}).items()} if breakdown else {}
        expected, around = expectation(before, [p for p in sorted(months) if p < month], whole, month)
        if expected < LEAST_EXPECTED:
            continue
        now = months[month][0]
        tested.append(Tested(indicator, breakdown, code, now, expected, "count", count_p(around, now, expected)))
    return tested


def expectation(
    before: Sequence[float], periods: Sequence[date], whole: Mapping[date, float], month: date
) -> tuple[float, list[float]]:
    """What a category would have had in `month`, and the months before it on the same footing.

    Within the region a category is expected to move with the whole: what is news is what moves otherwise. The whole region
    itself is held against its own trend (a straight line through the months before).
    """
    y = np.asarray(before, dtype=float)
    if whole and whole.get(month):
        share = y.sum() / max(sum(whole.get(period, 0.0) for period in periods), 1e-9)
        scale = [whole[month] / max(whole.get(period, 0.0), 1e-9) for period in periods]
        return float(share * whole[month]), (y * np.array(scale)).tolist()
    x = np.arange(len(y))
    slope, start = np.polyfit(x, y, 1)
    line = start + slope * x
    expected = max(float(start + slope * len(y)), 0.0)
    return expected, np.maximum(0.0, expected + (y - line)).tolist()


def _shares(month: date) -> list[Tested]:
    tested = []
    for (indicator, breakdown, code), months in _read(SHARES, month).items():
        before = [shown for period, shown in months.items() if period < month]
        if month not in months or len(before) < LEAST_BEFORE:
            continue
        value, n = months[month]
        n_before = sum(other for _value, other in before)
        hits, hits_before = round(value * n / 100), sum(round(one * other / 100) for one, other in before)
        expected = 100 * hits_before / max(1, n_before)
        tested.append(
            Tested(indicator, breakdown, code, value, expected, "share", share_p(hits, n, hits_before, n_before))
        )
    return tested
