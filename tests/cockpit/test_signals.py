"""Signals: what stands out is found, and noise is not called news."""

from datetime import date

import numpy as np
import pytest
from django.utils import timezone

from cockpit.models import DataPoint, Signal
from cockpit.months import months_before
from cockpit.prospects import signals
from cockpit.signals import Tested, corrected, count_p, detect, expectation, found, share_p

MONTH = date(2026, 10, 1)
BEFORE = [months_before(MONTH, n) for n in range(12, 0, -1)]


def a_month(
    rng, categories: int = 15, overdispersion: float = 0.0, shifted: int = 0, times: float = 1.0
) -> list[Tested]:
    """Thirteen months of counts that share a trend; in the last one `shifted` categories are `times` as large."""
    levels = rng.uniform(10, 80, categories)
    trend = np.linspace(1, 1.4, 13)
    means = levels[:, None] * trend
    if overdispersion:
        means = means * rng.gamma(1 / overdispersion, overdispersion, means.shape)
    means[:shifted, -1] *= times
    counts = rng.poisson(means).astype(float)
    whole = dict(zip([*BEFORE, MONTH], counts.sum(axis=0), strict=True))
    tested = []
    for number, row in enumerate(counts):
        expected, around = expectation(row[:-1], BEFORE, whole, MONTH)
        tested.append(Tested("x", "sbi", str(number), row[-1], expected, "count", count_p(around, row[-1], expected)))
    return tested


@pytest.mark.parametrize("overdispersion", [0.0, 0.05])
def test_where_nothing_changed_a_month_rarely_has_a_signal(overdispersion):
    """With only noise every signal is false: then the rate is the share of months with any. Binomial margin over 80."""
    rng = np.random.default_rng(5)
    alarms = sum(bool(found(a_month(rng, overdispersion=overdispersion))) for _ in range(80))
    assert alarms / 80 <= 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / 80)


def test_among_real_changes_few_signals_are_false_and_most_changes_are_found():
    rng = np.random.default_rng(6)
    false = true = 0
    for _ in range(40):
        for one, _q in found(a_month(rng, categories=30, shifted=2, times=2.2)):
            false, true = false + (int(one.code) >= 2), true + (int(one.code) < 2)
    assert false / (false + true) <= 0.08
    assert true / 80 > 0.5


def test_p_values_of_counts_without_change_are_not_too_small():
    rng = np.random.default_rng(7)
    p = [one.p for _ in range(40) for one in a_month(rng)]
    assert np.mean(np.array(p) < 0.05) <= 0.06
    assert np.mean(np.array(p) < 0.01) <= 0.02


def test_the_tests_against_numbers_worked_out_by_hand():
    # No spread beyond Poisson: mean 4 over 4 months gives a variance of 4 x (1 + 1/4) = 5, so a negative binomial of size 16.
    assert count_p([4, 4, 4, 4], 4, 4) == pytest.approx(1.0, abs=0.15)
    assert count_p([4, 4, 4, 4], 20, 4) < 0.01  # Student: 16 / sqrt(5) with 3 degrees of freedom
    assert share_p(3, 3, 0, 3) == pytest.approx(0.1)  # Fisher: 2 x 1/20
    assert corrected([0.01, 0.02, 0.9]).tolist() == pytest.approx([0.03, 0.03, 0.9])


@pytest.mark.django_db
def test_a_jump_in_one_branch_is_the_only_news_and_what_is_hidden_is_not_tested():
    now, rows = timezone.now(), []

    def add(breakdown, first, period, value, suppressed=False):
        rows.append(
            DataPoint(
                indicator="new_vacancies", breakdown=breakdown, first=first, period=period, computed_at=now, version=1,
                value=None if suppressed else value, n=None if suppressed else value, suppressed=suppressed,
            )
        )  # fmt: skip

    for number, period in enumerate([*BEFORE, MONTH]):
        last, wave = period == MONTH, number % 3
        add("sbi", "F", period, 110 if last else 30 + wave)
        add("sbi", "G", period, 40 + wave)
        add("sbi", "Q", period, 90 - wave)
        add("sbi", "S", period, 500, suppressed=True)
        add("", "", period, (110 if last else 30 + wave) + 130)
    DataPoint.objects.bulk_create(rows)
    detect(month=MONTH)
    assert detect(month=MONTH) == Signal.objects.count()  # again: replaced, not doubled
    told = signals()
    assert told.period == MONTH
    assert told.tested == 4
    first = told.news[0]
    assert {(one.breakdown, one.category.code) for one in told.news if one.direction == "up"} >= {("sbi", "F")}
    assert not any(one.category.code in ("S",) for one in told.news)
    assert first.q <= 0.05
    assert first.indicator.key == "new_vacancies"
    assert signals(date(2020, 1, 1)).news == ()
