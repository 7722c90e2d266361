"""The market order: people go where they suit and are still needed, and nobody loses much fit by it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from scipy.stats import poisson

from matching.engine import Step, expected_benefit, for_both, in_sight, market_order, price_at, suits
from matching.engine.hidden import own_scale
from matching.engine.market import FIRST, LARGEST_LOSS, NEED, WANTED
from matching.engine.scale import ONE


def test_a_price_is_how_sure_a_vacancy_is_of_three():
    expected = np.linspace(0, 15, 40)
    np.testing.assert_allclose(price_at(expected), poisson.sf(WANTED - 1, expected), atol=1e-12)
    assert (np.diff(price_at(expected)) > 0).all()


def test_need_is_what_one_more_adds_to_the_places_that_are_filled():
    def filled(s: float) -> float:
        tail = np.arange(80)
        return float(np.minimum(WANTED, tail) @ poisson.pmf(tail, s))

    for s in (0.1, 1.0, 3.0, 8.0):
        slope = (filled(s + 1e-4) - filled(s - 1e-4)) / 2e-4
        assert 1 - price_at(np.array(s)) == pytest.approx(slope, abs=1e-5)


def test_suits_is_the_share_of_own_chances_that_are_at_least_even():
    rng, hidden = np.random.default_rng(1), 0.7
    for p in (0.2, 0.45, 0.7):
        own = expit(own_scale(hidden) * logit(p) + hidden * rng.normal(size=40_000))
        assert suits(np.array([p]), hidden)[0] == pytest.approx((own >= 0.5).mean(), abs=0.01)
    assert suits(np.array([0.4, 0.6]), 0.0).round(6).tolist() == [0, 1]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.005, 0.995), min_size=2, max_size=20), st.floats(0, 1.5))
def test_a_better_chance_never_makes_somebody_suit_less(chances, hidden):
    found = suits(np.sort(chances), hidden)
    assert (np.diff(found) >= 0).all()
    assert ((found >= 0) & (found <= 1)).all()


def test_who_waits_or_is_invited_counts_more_and_who_was_turned_down_not_at_all():
    sees = in_sight(np.full(4, 0.8), np.full(4, 0.3), np.ones(4, dtype=bool), np.array(list(Step)))
    assert dict(zip(Step, sees.tolist(), strict=True)) == {
        Step.FREE: 0.3, Step.WAITS: 0.8, Step.INVITED: 1.0, Step.GONE: 0.0,
    }  # fmt: skip
    fails = in_sight(np.full(4, 0.8), np.full(4, 0.3), np.zeros(4, dtype=bool), np.array(list(Step)))
    assert fails.tolist() == [0.0, 0.8, 1.0, 0.0]


@pytest.mark.parametrize("p", [0.0, 1.0, np.nan])
def test_what_is_no_chance_is_refused(p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        suits(np.array([0.5, p]), 0.6)


@pytest.mark.parametrize("expected", [-1.0, np.nan])
def test_fewer_than_nobody_is_refused(expected):
    with pytest.raises(ValueError, match="not negative"):
        price_at(np.array([1.0, expected]))


def test_for_who_has_no_chance_anywhere_the_order_is_the_pure_one():
    rng = np.random.default_rng(2)
    ids, fit, price = np.arange(40), rng.integers(0, ONE, 40), rng.random(40)
    order = market_order(ids, fit, for_both(fit, np.zeros(40), np.zeros(40), price))
    assert order.tolist() == np.lexsort((ids, -fit)).tolist()


def test_of_what_fits_alike_and_nobody_needs_comes_first_what_is_likely_and_wanted_together():
    ids, fit, full = np.arange(4), np.full(4, 6000), np.ones(4)
    chance, wish = np.array([0.9, 0.5, 0.2, 0.5]), np.array([3000, 8000, 9000, 7000])
    worth = for_both(fit, expected_benefit(chance, wish), np.zeros(4), full)
    assert market_order(ids, fit, worth).tolist() == [1, 3, 0, 2]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_nobody_loses_more_than_two_percent_of_fit_in_the_first_ten(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 60))
    ids, fit = rng.permutation(1000)[:n], rng.integers(0, ONE, n)
    worth, passed = rng.random(n) * rng.integers(0, 2, n), rng.random(n) < 0.8
    order = market_order(ids, fit, worth, passed)
    assert sorted(order.tolist()) == list(range(n))
    k = min(FIRST, passed.sum())
    assert passed[order[: passed.sum()]].all()
    if k:
        best = np.sort(fit[passed])[-k:].mean()
        assert fit[order[:k]].mean() >= (1 - LARGEST_LOSS) * best - 1e-6
    again = rng.permutation(n)
    moved = market_order(ids[again], fit[again], worth[again], passed[again])
    assert ids[again][moved].tolist() == ids[order].tolist()


def test_a_crowded_vacancy_gives_way_to_a_nearly_as_good_one_and_never_to_a_bad_one():
    ids, fit = np.arange(3), np.array([8000, 7950, 3000])
    chance, wish = np.array([0.6, 0.55, 0.5]), np.array([8000, 8000, 9000])
    benefit, gain = expected_benefit(chance, wish), expected_benefit(suits(chance, 0.6), wish)

    def first(*price: float) -> int:
        return int(market_order(ids, fit, for_both(fit, benefit, gain, np.array(price)), first=1)[0])

    assert NEED > 1
    assert first(0, 0, 0) == 0
    assert first(0.9, 0, 0) == 1
    assert first(1, 1, 0) != 2


def test_people_who_suit_two_vacancies_go_to_the_one_that_nobody_else_suits():
    """Nine people suit the first, whose fit is a little higher for all; one of them also suits the second."""
    suited = np.full((9, 2), 0.01)
    suited[:, 0], suited[0, 1] = 0.9, 0.9
    wish, passed = np.full((9, 2), 7000), np.ones((9, 2), dtype=bool)
    gain, fit = expected_benefit(suited, wish), np.array([6050, 6000])
    benefit = expected_benefit(np.where(suited > 0.5, 0.6, 0.2), wish)
    price = price_at(in_sight(suited, gain, passed, np.full((9, 2), Step.FREE)).sum(axis=0))
    assert price[0] > 0.9 > 0.1 > price[1]
    ids = np.arange(2)
    assert market_order(ids, fit, for_both(fit, benefit[0], gain[0], price), first=1)[0] == 1
    assert market_order(ids, fit, for_both(fit, benefit[1], gain[1], price), first=1)[0] == 0
