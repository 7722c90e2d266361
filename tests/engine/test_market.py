"""The market order: prices that keep vacancies from being crowded, and nobody who loses much fit by it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from matching.engine import capacities, expected_benefit, market_order, prices
from matching.engine.market import FIRST, LARGEST_LOSS
from matching.engine.scale import ONE


def a_market(seed: int, people: int = 30, vacancies: int = 12):
    """Benefits of all pairs: everybody likes the first vacancies best, each in their own way."""
    rng = np.random.default_rng(seed)
    benefit = np.clip(np.linspace(0.8, 0.2, vacancies) + rng.normal(0, 0.1, (people, vacancies)), 0, 1)
    person, vacancy = (rows.ravel() for rows in np.indices(benefit.shape))
    return person, vacancy, benefit


def attention(benefit, price, temperature):
    """What everybody's attention comes to at these prices, (people, vacancies)."""
    z = (benefit - price) / temperature
    weight = np.exp(z - z.max(axis=1, keepdims=True))
    return weight / weight.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(5))
def test_no_vacancy_gets_more_attention_than_it_takes_and_only_the_crowded_have_a_price(seed):
    person, vacancy, benefit = a_market(seed)
    capacity = capacities(np.ones(12), 30, room=1.3)
    found = prices(person, vacancy, benefit.ravel(), capacity, 0.05)
    asked = attention(benefit, found, 0.05).sum(axis=0)
    assert (asked <= capacity * 1.02).all()
    priced = found > 1e-6
    np.testing.assert_allclose(asked[priced], capacity[priced], rtol=0.02)
    assert priced.any()
    assert not priced.all()


def test_at_a_low_temperature_it_is_the_best_assignment_there_is():
    person, vacancy, benefit = a_market(3, people=8, vacancies=6)
    capacity = np.full(6, 2.0)
    rows = np.zeros((8, 48))
    rows[person, np.arange(48)] = 1
    columns = np.zeros((6, 48))
    columns[vacancy, np.arange(48)] = 1
    best = -linprog(-benefit.ravel(), A_ub=columns, b_ub=capacity, A_eq=rows, b_eq=np.ones(8)).fun
    found = prices(person, vacancy, benefit.ravel(), capacity, 0.01)
    assert (attention(benefit, found, 0.01) * benefit).sum() == pytest.approx(best, rel=0.02)


def test_prices_do_not_depend_on_the_order_of_pairs():
    person, vacancy, benefit = a_market(4)
    shuffled = np.random.default_rng(1).permutation(len(person))
    capacity = capacities(np.ones(12), 30)
    one = prices(person, vacancy, benefit.ravel(), capacity)
    other = prices(person[shuffled], vacancy[shuffled], benefit.ravel()[shuffled], capacity)
    np.testing.assert_allclose(one, other, atol=1e-9)


def test_a_market_without_people_or_without_a_crowd_has_no_prices():
    nobody = np.array([], dtype=np.int64)
    assert prices(nobody, nobody, nobody, np.ones(3)).tolist() == [0, 0, 0]
    assert prices(np.array([0]), np.array([2]), np.array([0.9]), np.ones(3)).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "arguments",
    [
        (np.array([0]), np.array([0]), np.array([np.nan]), np.ones(1)),
        (np.array([0]), np.array([0]), np.array([0.5]), np.zeros(1)),
        (np.array([0, 1]), np.array([0]), np.array([0.5]), np.ones(1)),
    ],
)
def test_what_is_no_market_is_refused(arguments):
    with pytest.raises(ValueError):
        prices(*arguments)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_nobody_loses_more_than_two_percent_of_fit_in_the_first_ten(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 60))
    ids, fit = rng.permutation(1000)[:n], rng.integers(0, ONE, n)
    benefit, price, passed = rng.random(n), rng.random(n) * rng.integers(0, 2, n), rng.random(n) < 0.8
    order = market_order(ids, fit, benefit, price, passed)
    assert sorted(order.tolist()) == list(range(n))
    k = min(FIRST, passed.sum())
    assert passed[order[: passed.sum()]].all()
    if k:
        best = np.sort(fit[passed])[-k:].mean()
        assert fit[order[:k]].mean() >= (1 - LARGEST_LOSS) * best - 1e-6
    again = rng.permutation(n)
    moved = market_order(ids[again], fit[again], benefit[again], price[again], passed[again])
    assert ids[again][moved].tolist() == ids[order].tolist()


def test_a_crowded_vacancy_gives_way_to_a_nearly_as_good_one_and_never_to_a_bad_one():
    ids, fit = np.arange(3), np.array([8000, 7950, 3000])
    benefit = expected_benefit(np.array([0.6, 0.55, 0.5]), np.array([8000, 8000, 9000]))
    crowded = np.array([0.3, 0.0, 0.0])
    assert market_order(ids, fit, benefit, np.zeros(3), first=1)[0] == 0
    assert market_order(ids, fit, benefit, crowded, first=1)[0] == 1
    assert market_order(ids, fit, benefit, np.array([0.9, 0.9, 0.0]), first=1)[0] != 2
