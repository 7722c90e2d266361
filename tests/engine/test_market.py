"""The market order: prices that keep vacancies from being crowded, and nobody who loses much fit by it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from matching.engine import expected_benefit, for_both, market_order, prices
from matching.engine.market import APPLICATIONS, FIRST, LARGEST_LOSS, NEED, TEMPERATURE, WANTED
from matching.engine.scale import ONE


def a_market(seed: int, people: int = 30, vacancies: int = 12):
    """(person, vacancy, chance, benefit) of all pairs: the first vacancies are easiest, wishes differ."""
    rng = np.random.default_rng(seed)
    p = np.clip(np.linspace(0.7, 0.1, vacancies) + rng.normal(0, 0.1, (people, vacancies)), 0.01, 0.99)
    person, vacancy = (rows.ravel() for rows in np.indices(p.shape))
    return person, vacancy, p.ravel(), p.ravel() * rng.random(p.size)


def attention(p, benefit, price, shape):
    """What everybody's attention comes to at these prices, (people, vacancies)."""
    z = for_both(benefit.reshape(shape), p.reshape(shape), price) / TEMPERATURE
    weight = np.exp(z - z.max(axis=1, keepdims=True))
    return weight / weight.sum(axis=1, keepdims=True)


def welfare(share, p, benefit, invited):
    """What the prices should make as large as possible: benefit, the first three of every vacancy, and entropy."""
    s = invited + APPLICATIONS * (share * p).sum(axis=0)
    tail = np.arange(60)
    first = np.minimum(WANTED, tail) @ poisson.pmf(tail[:, None], s)
    entropy = -np.sum(share * np.log(np.maximum(share, 1e-300)))
    return APPLICATIONS * ((share * benefit).sum() + TEMPERATURE * entropy) + NEED * first.sum()


@pytest.mark.parametrize("seed", range(5))
def test_a_price_says_how_sure_a_vacancy_is_of_three_invitations_without_one_more(seed):
    person, vacancy, p, benefit = a_market(seed)
    invited = np.random.default_rng(seed).random(12) * 3
    found = prices(person, vacancy, p, benefit, invited)
    s = invited + APPLICATIONS * (attention(p, benefit, found, (30, 12)) * p.reshape(30, 12)).sum(axis=0)
    np.testing.assert_allclose(found, NEED * poisson.sf(WANTED - 1, s), atol=0.02)
    assert ((found >= 0) & (found <= NEED)).all()


@pytest.mark.parametrize("seed", range(3))
def test_no_other_way_of_dividing_attention_is_better_for_all_together(seed):
    person, vacancy, p, benefit = a_market(seed, people=20, vacancies=8)
    rng, shape, invited = np.random.default_rng(seed), (20, 8), np.zeros(8)
    best = attention(p, benefit, prices(person, vacancy, p, benefit, invited), shape)
    p, benefit = p.reshape(shape), benefit.reshape(shape)
    reached = welfare(best, p, benefit, invited)
    for _other in range(12):
        other = rng.dirichlet(np.full(8, 0.3), 20)
        for part in (0.02, 0.3, 1.0):
            assert welfare((1 - part) * best + part * other, p, benefit, invited) <= reached + 1e-2


def test_prices_do_not_depend_on_the_order_of_pairs():
    pairs = a_market(4)
    shuffled = np.random.default_rng(1).permutation(len(pairs[0]))
    one, other = prices(*pairs, np.zeros(12)), prices(*(part[shuffled] for part in pairs), np.zeros(12))
    np.testing.assert_allclose(one, other, atol=1e-9)


def test_who_applied_makes_a_vacancy_dearer_and_nobody_in_sight_makes_it_free():
    nobody = np.array([], dtype=np.int64)
    found = prices(nobody, nobody, nobody, nobody, np.array([0.0, 1.0, 9.0]))
    assert found[0] == 0
    assert found[0] < found[1] < found[2] < NEED
    pairs = a_market(5)
    assert (prices(*pairs, np.full(12, 2.0)) > prices(*pairs, np.zeros(12))).all()


@pytest.mark.parametrize(
    "arguments",
    [
        (np.array([0]), np.array([0]), np.array([0.5]), np.array([np.nan]), np.zeros(1)),
        (np.array([0]), np.array([0]), np.array([np.nan]), np.array([0.5]), np.zeros(1)),
        (np.array([0]), np.array([0]), np.array([0.5]), np.array([0.5]), -np.ones(1)),
        (np.array([0, 1]), np.array([0]), np.array([0.5]), np.array([0.5]), np.zeros(1)),
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
    ids, fit, p = np.arange(3), np.array([8000, 7950, 3000]), np.array([0.6, 0.55, 0.5])
    benefit = expected_benefit(p, np.array([8000, 8000, 9000]))

    def first(*price: float) -> int:
        return int(market_order(ids, fit, for_both(benefit, p, np.array(price)), first=1)[0])

    assert first(0, 0, 0) == 0
    assert first(0.9, 0, 0) == 1
    assert first(NEED, NEED, 0) != 2
