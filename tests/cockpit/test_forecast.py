"""Forecasts: right about series that can be foretold, modest about noise, silent where there is too little."""

from datetime import date

import numpy as np
import pytest
from django.utils import timezone

from cockpit.forecast import LEAST_MONTHS, backtest, forecast_all, naive, outlook, refusal
from cockpit.models import Backtest, DataPoint, Forecast
from cockpit.months import month_after, months_before
from cockpit.prospects import prospects


def months(n: int, last: date = date(2026, 10, 1)) -> list[date]:
    return [months_before(last, n - 1 - step) for step in range(n)]


def test_a_season_that_comes_back_is_foretold():
    season = 50 + 20 * np.sin(np.arange(48) * 2 * np.pi / 12)
    noise = np.random.default_rng(1).normal(0, 1, 48)
    said = outlook(season + noise, 6)
    coming = 50 + 20 * np.sin(np.arange(48, 54) * 2 * np.pi / 12)
    assert np.abs(said.expected - coming).max() < 4
    assert (said.low < said.expected).all()
    assert (said.expected < said.high).all()


def test_growth_is_foretold_better_than_by_last_year_and_the_backtest_says_so():
    y = 20 + 3 * np.arange(24) + np.random.default_rng(2).normal(0, 2, 24)
    tried = backtest(y)
    assert tried.n == 18
    assert tried.error < 0.2 * tried.naive_error


def test_eight_of_ten_months_fall_within_the_interval():
    rng = np.random.default_rng(3)
    inside = [backtest(rng.poisson(40, 24), tries=1).inside for _ in range(25)]
    assert 0.68 <= np.mean(inside) <= 0.92  # 75 months, three at a time: two standard errors are some 0.11


def test_the_naive_forecast_is_the_same_month_of_last_year():
    assert naive(list(range(24)), 3).tolist() == [12, 13, 14]
    assert naive([7, 9], 2).tolist() == [9, 9]


def test_no_forecast_where_there_is_too_little():
    assert refusal([9] * (LEAST_MONTHS - 1)) == "too short"
    assert refusal([1] * LEAST_MONTHS) == "too few"
    assert refusal([9] * LEAST_MONTHS) == ""


@pytest.mark.django_db
def test_forecasts_are_kept_with_how_well_they_did():
    now = timezone.now()
    rng = np.random.default_rng(4)
    rows = [
        DataPoint(
            indicator="new_openings",
            breakdown=of,
            first=code,
            period=month,
            value=value,
            n=1,
            computed_at=now,
            version=1,
        )
        for of, code, level in (("", "", 90), ("sbi", "F", 60), ("sbi", "R", 1))
        for month, value in zip(months(24), rng.poisson(level, 24), strict=True)
    ]
    DataPoint.objects.bulk_create(rows)
    assert forecast_all(now=now) == 2
    assert forecast_all(now=now) == 2  # again: replaced, not doubled
    assert Forecast.objects.count() == 12
    assert Backtest.objects.get(code="R").refused_because == "too few"
    construction, culture = prospects("sbi")
    assert (construction.category.code, len(construction.months), len(construction.history)) == ("F", 6, 24)
    assert construction.months[0].period == month_after(construction.history[-1].period)
    assert construction.better == (construction.error < construction.naive_error)
    assert (culture.months, culture.refused_because, culture.error) == ((), "too few", None)
