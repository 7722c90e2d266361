"""Outlook: demand by sector and occupation group in the coming months, with intervals, and only where it can be trusted.

Demand is the number of places of work in vacancies that are published in a month: what happened, so that months do not repeat
each other. The method is exponential smoothing with a damped trend and, from three years of history on, a yearly
season (statsmodels' ETS). It is backtested on months it had not seen, beside the naive seasonal forecast (the same month a year
before; the last month where there is less than a year), and is only shown for a series that is long enough.
"""

import warnings
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd
from django.db import transaction
from numpy.typing import NDArray
from scipy import stats
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from cockpit.models import Backtest, DataPoint, Forecast
from cockpit.months import month_after

INDICATOR = "new_openings"
DIMENSIONS = ("", "province", "sbi", "sector", "isco1")
AHEAD = 6  # months
SEASON = 12
PARAMETERS = 5  # smoothing of level and trend, damping, first level and trend
LEAST_MONTHS = 18
LEAST_A_MONTH = 3.0  # on average: below it, a month is mostly chance
TRIES = 6  # origins of the backtest, one month apart
COVERAGE = 0.8


@dataclass(frozen=True)
class Outlook:
    """Expected values (AHEAD,) with their interval, in places of work a month."""

    expected: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True)
class Tried:
    """Errors of forecasts one to three months ahead on months that were held back; `inside` is a share."""

    n: int
    error: float
    naive_error: float
    inside: float


def outlook(history: Sequence[float], ahead: int = AHEAD) -> Outlook:
    """Forecast a series of at least a year; never below zero.

    The interval is that of the model, widened for what its few months leave uncertain: the residuals are divided by the degrees
    of freedom that are left, and the quantile is Student's.
    """
    y = pd.Series(np.asarray(history, dtype=float))
    seasonal = is_seasonal(len(y))
    model = ETSModel(
        y, error="add", trend="add", damped_trend=True, seasonal="add" if seasonal else None,
        seasonal_periods=SEASON if seasonal else None, initialization_method="heuristic" if seasonal else "estimated",
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit that stops early is judged by the backtest, like any other
        fitted = model.fit(disp=False, maxiter=60)
        said = fitted.get_prediction(start=len(y), end=len(y) + ahead - 1).summary_frame(alpha=1 - COVERAGE)
    left = max(3, len(y) - (PARAMETERS + SEASON - 1 if seasonal else PARAMETERS))
    upper = (1 + COVERAGE) / 2
    wider = np.sqrt(len(y) / left) * stats.t.ppf(upper, left) / stats.norm.ppf(upper)
    expected, low, high = (np.nan_to_num(said[name].to_numpy()) for name in ("mean", "pi_lower", "pi_upper"))
    return Outlook(
        *(
            np.maximum(0.0, line)
            for line in (expected, expected - wider * (expected - low), expected + wider * (high - expected))
        )
    )


def is_seasonal(months: int) -> bool:
    """A season is only learned from three years on: from two, it is mostly chance."""
    return months >= 3 * SEASON


def naive(history: Sequence[float], ahead: int) -> NDArray[np.float64]:
    """The same month a year before; the last month where that is not known.

    >>> naive(range(1, 14), 2).tolist()
    [2.0, 3.0]
    """
    y = list(history)
    return np.array([y[len(y) + step - SEASON] if len(y) + step >= SEASON else y[-1] for step in range(ahead)], float)


def backtest(history: Sequence[float], tries: int = TRIES, ahead: int = 3) -> Tried:
    """Forecast from `tries` moments in the past what is known by now."""
    errors, naive_errors, inside = [], [], []
    for back in range(tries + ahead - 1, ahead - 1, -1):
        cut = len(history) - back
        seen, came = history[:cut], np.asarray(history[cut : cut + ahead], dtype=float)
        said = outlook(seen, ahead)
        errors += np.abs(said.expected - came).tolist()
        naive_errors += np.abs(naive(seen, ahead) - came).tolist()
        inside += ((came >= said.low) & (came <= said.high)).tolist()
    return Tried(len(errors), float(np.mean(errors)), float(np.mean(naive_errors)), float(np.mean(inside)))


def refusal(history: Sequence[float]) -> str:
    """Why there is no forecast; "" when there is one."""
    if len(history) < LEAST_MONTHS:
        return "too short"
    if float(np.mean(history)) < LEAST_A_MONTH:
        return "too few"
    return ""


@transaction.atomic
def forecast_all(*, now: datetime) -> int:
    """Replace all forecasts and backtests by those of the series as they are now. Returns how many series have one."""
    Forecast.objects.all().delete()
    Backtest.objects.all().delete()
    forecasts, tests = [], []
    for (dimension, code), (last, history) in _histories().items():
        why_not = refusal(history)
        if why_not:
            tests.append(Backtest(dimension=dimension, code=code, months=len(history), refused_because=why_not))
            continue
        tried, said = backtest(history), outlook(history)
        tests.append(
            Backtest(
                dimension=dimension, code=code, months=len(history), tried=tried.n, error=round(tried.error, 2),
                naive_error=round(tried.naive_error, 2), inside=round(tried.inside, 3),
                method="ETS(A,Ad,A)" if is_seasonal(len(history)) else "ETS(A,Ad,N)",
            )
        )  # fmt: skip
        month = last
        for expected, low, high in zip(said.expected, said.low, said.high, strict=True):
            month = month_after(month)
            forecasts.append(
                Forecast(
                    dimension=dimension, code=code, period=month, expected=round(float(expected), 1),
                    low=round(float(low), 1), high=round(float(high), 1), computed_at=now,
                )
            )  # fmt: skip
    Forecast.objects.bulk_create(forecasts)
    Backtest.objects.bulk_create(tests)
    return sum(not test.refused_because for test in tests)


def _histories() -> dict[tuple[str, str], tuple[date, list[float]]]:
    """{(dimension, code): (last month, values from the first month on)}; a month without a row is a zero."""
    rows = DataPoint.objects.filter(indicator=INDICATOR, breakdown__in=DIMENSIONS, period__isnull=False)
    found: dict[tuple[str, str], dict[date, float]] = defaultdict(dict)
    for dimension, code, period, value in rows.values_list("breakdown", "first", "period", "value"):
        if code != "?":
            found[dimension, code][period] = value or 0.0
    months = sorted({month for series in found.values() for month in series})
    if not months:
        return {}
    return {key: (months[-1], _filled(series, months)) for key, series in found.items()}


def _filled(series: dict[date, float], months: list[date]) -> list[float]:
    """From the first month in which anything of the whole region is known."""
    return [series.get(month, 0.0) for month in months]
