"""Tastes from choices: the posterior is the right one, the design beats chance, and it knows when to stop."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit

from matching.engine.choice import Taste, chance_of_first, fit_taste, prior_taste, share_above, sureness
from matching.engine.design import RULES, Rules, information, is_enough, mean_sureness, next_pair
from profiles.pairs import PRIOR_MEAN, Pair, prior_covariance, table

FEW = settings(max_examples=60, deadline=None)
PRIOR = prior_taste(PRIOR_MEAN, prior_covariance())
PAIRS = table()[1]
REFERENCE = PAIRS[::6]
SEED = 20_261_128


def answers(seed: int, n: int):
    rng = np.random.default_rng(seed)
    return PAIRS[rng.choice(len(PAIRS), n, replace=False)], rng.random(n) < 0.5


@FEW
@given(st.integers(0, 10_000), st.integers(1, 14))
def test_the_mean_is_the_mode_of_the_posterior(seed, n):
    x, first = answers(seed, n)
    precision = np.linalg.inv(PRIOR.covariance)

    def loss(w):
        z = x @ w
        return np.sum(np.logaddexp(0, z) - first * z) + 0.5 * (w - PRIOR.mean) @ precision @ (w - PRIOR.mean)

    best = minimize(loss, np.zeros(len(PRIOR.mean)), method="BFGS", options={"gtol": 1e-7})
    assert fit_taste(PRIOR, x, first).mean == pytest.approx(best.x, abs=1e-4)


@FEW
@given(st.integers(0, 10_000), st.integers(2, 14), st.randoms())
def test_neither_the_order_of_answers_nor_the_side_of_a_job_matters(seed, n, random):
    x, first = answers(seed, n)
    order = list(range(n))
    random.shuffle(order)
    turned = np.where(np.array([random.random() < 0.5 for _ in order]), -1, 1)
    one = fit_taste(PRIOR, x, first)
    other = fit_taste(PRIOR, (turned[:, None] * x)[order], np.where(turned > 0, first, ~first)[order])
    assert one.mean == pytest.approx(other.mean, abs=1e-6)
    assert one.covariance == pytest.approx(other.covariance, abs=1e-6)


@FEW
@given(st.integers(0, 10_000), st.integers(1, 13))
def test_an_answer_never_makes_less_sure_of_the_whole(seed, n):
    x, first = answers(seed, n)
    taste = fit_taste(PRIOR, x, first)
    assert np.linalg.slogdet(taste.covariance)[1] < np.linalg.slogdet(PRIOR.covariance)[1]
    assert np.linalg.eigvalsh(PRIOR.covariance - taste.covariance).min() > -1e-9


def test_hard_answers_have_a_defined_result():
    again = np.repeat(PAIRS[:1], 500, axis=0)
    taste = fit_taste(PRIOR, 50 * again, np.ones(500, dtype=bool))
    assert np.isfinite(taste.mean).all()
    assert chance_of_first(taste, PAIRS[:1])[0] > 0.5
    assert fit_taste(PRIOR, np.empty((0, 17)), np.empty(0)) is PRIOR
    with pytest.raises(ValueError, match="NaN"):
        fit_taste(PRIOR, np.full((1, 17), np.nan), np.array([True]))
    with pytest.raises(ValueError, match="as many"):
        fit_taste(PRIOR, PAIRS[:2], np.array([True]))
    with pytest.raises(ValueError, match="positive definite"):
        prior_taste(np.zeros(2), np.zeros((2, 2)))


@pytest.mark.parametrize("code", ["", "a|b", "lab.free|shop.mates|hours2", "lab.x|shop.mates|hours1", 7, None, "|||"])
def test_a_code_that_means_nothing_is_refused(code):
    with pytest.raises(ValueError, match="no code"):
        Pair.read(code)


def test_every_pair_can_be_read_back_and_differs_in_work_and_value():
    pairs, x = table()
    assert len({pair.code for pair in pairs}) == len(pairs)
    for pair, row in zip(pairs, x, strict=True):
        assert Pair.read(pair.code) == pair
        assert sorted(row[:6])[0] == -1
        assert sorted(row[6:12])[-1] == 1
        assert row.sum() == row[12:].sum()
        assert len({card.title for card in pair.cards()}) == 2
    shown = np.abs(x).sum(axis=0)
    assert shown.min() > len(x) / 6, "every attribute is asked about"


def interview(taste: np.ndarray, rng: np.random.Generator, how: str, n: int, rules: Rules | None = None) -> Taste:
    """What is known after n answers of somebody with this taste, or when the rules say to stop."""
    asked, first = [], []
    known = PRIOR
    while len(asked) < n and not (rules and is_enough(known, REFERENCE, rules)):
        free = np.ones(len(PAIRS), dtype=bool)
        free[asked] = False
        row = next_pair(known, PAIRS, free) if how == "design" else int(rng.choice(np.flatnonzero(free)))
        asked.append(row)
        first.append(rng.random() < expit(PAIRS[row] @ taste))
        known = fit_taste(PRIOR, PAIRS[asked], np.array(first))
    return known


def people(n: int, scale: float = 1.0):
    root = np.linalg.cholesky(PRIOR.covariance)
    for number in range(n):
        rng = np.random.default_rng([SEED, number])
        yield PRIOR.mean + scale * root @ rng.normal(size=len(PRIOR.mean)), rng


def right(known: Taste, taste: np.ndarray, pairs: np.ndarray) -> float:
    """Of how many pairs it is known which of the two this person likes better."""
    return float(((pairs @ known.mean > 0) == (pairs @ taste > 0)).mean())


@pytest.mark.slow
def test_the_design_learns_more_than_random_pairs_from_as_many_answers():
    fresh = PAIRS[3::7]
    found = {"design": [], "random": []}
    for taste, rng in people(240):
        for how in found:
            found[how].append(right(interview(taste, rng, how, 12), taste, fresh))
    gain = np.array(found["design"]) - np.array(found["random"])
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    assert gain.mean() > 2 * error, f"{gain.mean():.3f} ± {error:.3f}"
    assert np.mean(found["design"]) > 0.74


@pytest.mark.slow
def test_it_stops_in_time_and_is_as_sure_as_it_may_be():
    strong = [(interview(t, rng, "design", 99, RULES), t) for t, rng in people(40, 1.6)]
    weak = [(interview(t, rng, "design", 99, RULES), t) for t, rng in people(40, 0.2)]
    for known, _taste in strong + weak:
        assert RULES.least <= known.n <= RULES.most
        assert known.n == RULES.most or mean_sureness(known, REFERENCE) >= RULES.sure
    assert np.mean([known.n for known, _ in strong]) < np.mean([known.n for known, _ in weak])
    assert min(known.n for known, _ in strong) < RULES.most

    ordinary = [(interview(t, rng, "design", 99, RULES), t) for t, rng in people(80)]
    said = np.mean([mean_sureness(known, REFERENCE) for known, _ in ordinary])
    happened = np.mean([right(known, taste, REFERENCE) for known, taste in ordinary])
    assert said == pytest.approx(happened, abs=0.05), "what it says of itself is true"


def test_the_next_pair_comes_at_once():
    x, first = answers(1, 12)
    times = []
    for _ in range(9):
        begin = time.perf_counter()
        known = fit_taste(PRIOR, x, first)
        next_pair(known, PAIRS, np.ones(len(PAIRS), dtype=bool))
        is_enough(known, REFERENCE)
        times.append(time.perf_counter() - begin)
    assert min(times) < 0.05


def test_what_is_known_already_tells_less():
    known = fit_taste(PRIOR, np.repeat(PAIRS[:1], 6, axis=0), np.ones(6, dtype=bool))
    assert information(known, PAIRS[:1])[0] < information(PRIOR, PAIRS[:1])[0] / 3
    assert sureness(known, PAIRS[:1])[0] > 0.9
    liked = int(np.argmax(PAIRS[0, :6]))
    assert share_above(known, slice(0, 6)).argmax() == liked
