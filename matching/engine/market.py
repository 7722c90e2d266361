"""The market order: recommend work that somebody has a chance at and would like, where people who suit are still needed.

When everybody gets the same ten vacancies nobody wins: one has thirty who suit it, the next has none. What counts is
how many vacancies find three people who **suit** them, that is, whose own chance of an invitation is at least even. Of one pair
it is not known whether that is so; the chance said and how far own chances lie around it (`hidden`) give how likely::

    suits_ij = Phi(z_ij / hidden),   z_ij the log-odds of i's chance at j when nobody else applied

What a vacancy gains is suits × wish: how likely somebody suits who also wants it. Summed over all people within reach it says how
many who suit a vacancy may expect, whoever is recommended what, beside those whom its employer has invited already::

    s_j = invited_j + sum_(i waits for an answer) suits_ij + sum_(i has not applied) suits_ij wish_ij

Its **price** is how sure it is of K without one more, and one more adds suits × wish × (1 - price) to E[min(K, Poisson(s_j))], the
number of its first K places that are filled. What the person gains is the **expected benefit**, chance × wish. A recommendation is
worth both, beside the fit::

    price_j = P(Poisson(s_j) >= K),   worth_ij = fit_ij + B chance_ij wish_ij + N suits_ij wish_ij (1 - price_j)

So the price is 0 where nobody is in sight and 1 where there is a crowd. It is one number a vacancy, so the order of a CV that
changed a second ago is right too, with just so much weight on fit that the first ten of nobody lose more than two percent in
mean fit. For who has no chance anywhere, what is left is the order of fit.

It moves only what a person is recommended. How an employer sees people never passes here.

References: G. Bied and others, Congestion-Avoiding Job Recommendation with Optimal Transport, 2021; the same, A Job I Like or a Job
I Can Get, 2026 (field experiments of a public employment service: wish and chance together beat either alone); A. Roth, Who Gets
What and Why, 2015 (congestion).
"""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, logit, ndtr

from matching.engine.hidden import own_scale
from matching.engine.scale import ONE

NEED = 10.0  # N: in units of fit; who surely suits work that nobody else suits comes before any difference in fit
BENEFIT = 0.5  # B: in units of fit; more brings a few more hires, and fewer vacancies with three who suit (ADR 31)
WANTED = 3  # K: how many who suit a vacancy hopes for
FIRST = 10  # recommendations that somebody looks at
LARGEST_LOSS = 0.02  # of the mean fit of those
HALVINGS = 24


class Step(IntEnum):
    """How far somebody is with a vacancy."""

    FREE = 0  # has not applied
    WAITS = 1  # for an answer
    INVITED = 2
    GONE = 3  # turned down, or withdrawn


def expected_benefit(p: NDArray[np.float64], passion: NDArray[np.int64]) -> NDArray[np.float64]:
    """Chance × wish, [0, 1]; passion in [0, ONE], neutral where nothing is known of it.

    >>> expected_benefit(np.array([0.5, 0.2]), np.array([10_000, 5_000])).tolist()
    [0.5, 0.1]
    """
    return np.asarray(p, dtype=np.float64) * np.asarray(passion) / ONE


def suits(p: NDArray[np.float64], hidden: float) -> NDArray[np.float64]:
    """How likely the own chance behind each chance said is at least even, (0, 1).

    p: chances in (0, 1) of an invitation when nobody else applied; hidden: spread of own log-odds around them, 0 for none.

    >>> suits(np.array([0.2, 0.5, 0.8]), 0.6).round(2).tolist()
    [0.01, 0.5, 0.99]

    Raises ValueError for NaN, or chances outside (0, 1).
    """
    p = np.asarray(p, dtype=np.float64)
    if not ((p > 0) & (p < 1)).all():
        raise ValueError("chances lie between 0 and 1")
    return ndtr(own_scale(hidden) * logit(p) / max(hidden, 1e-3))


def in_sight(
    suited: NDArray[np.float64], gain: NDArray[np.float64], passed: NDArray[np.bool_], step: NDArray[np.int64]
) -> NDArray[np.float64]:
    """What each person adds to the people that each vacancy may expect, [0, 1]; sum over people. Arrays of one shape.

    gain: suits × wish.

    >>> in_sight(np.full(4, 0.8), np.full(4, 0.4), np.ones(4, dtype=bool), np.array(list(Step))).tolist()
    [0.4, 0.8, 1.0, 0.0]
    """
    free = np.where(passed, gain, 0.0)
    step = np.asarray(step)
    return np.select([step == Step.FREE, step == Step.WAITS, step == Step.INVITED], [free, suited, 1.0], 0.0)


def price_at(expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """The price at so many expected people who suit: the chance that there are three or more, [0, 1].

    >>> price_at(np.array([0.0, 3.0, 12.0])).round(2).tolist()
    [0.0, 0.58, 1.0]

    Raises ValueError for NaN or less than nobody.
    """
    expected = np.asarray(expected, dtype=np.float64)
    if not (expected >= 0).all():
        raise ValueError("expected people are numbers that are not negative")
    return gammainc(WANTED, expected)


def for_both(
    fit: NDArray[np.int64], benefit: NDArray[np.float64], gain: NDArray[np.float64], price: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What it is worth to person and vacancy: ``fit + BENEFIT x benefit + NEED x gain x (1 - price)``; arrays broadcast.

    fit in [0, ONE]; benefit: chance × wish, gain: suits × wish, both in [0, 1].

    >>> for_both(np.array([5_000, 5_000]), np.array([0.4, 0.4]), np.array([0.25, 0.25]), np.array([0.0, 1.0])).tolist()
    [3.2, 0.7]
    """
    needed = np.asarray(gain) * (1 - np.asarray(price))
    return np.asarray(fit) / ONE + BENEFIT * np.asarray(benefit) + NEED * needed


def market_order(
    ids: NDArray[np.int64],
    fit: NDArray[np.int64],
    worth: NDArray[np.float64],
    passed: NDArray[np.bool_] | None = None,
    first: int = FIRST,
    largest_loss: float = LARGEST_LOSS,
) -> NDArray[np.int64]:
    """Positions in the market order for one person: who passes first, then ``worth + m x fit``, ties by id.

    worth: (n,) as `for_both` gives it.
    m >= 0 is the smallest weight (by halving) with which the first ten keep 98 % of the mean fit that the ten best-fitting have.
    The mean fit of the first ten never falls as m grows, so there is one.

    >>> ids, fit = np.arange(3), np.array([9000, 8950, 100])
    >>> market_order(ids, fit, np.array([0.3, 0.45, 0.44]), first=1).tolist()
    [1, 2, 0]
    """
    ids, value = np.asarray(ids), np.asarray(fit, dtype=np.float64) / ONE
    passed = np.ones(len(ids), dtype=bool) if passed is None else np.asarray(passed)
    net = np.asarray(worth, dtype=np.float64)

    def order(weight: float) -> NDArray[np.int64]:
        return np.lexsort((ids, -(net + weight * value), ~passed))

    k = min(first, int(passed.sum()))
    if k == 0:
        return order(1.0)
    least = (1 - largest_loss) * np.sort(value[passed])[-k:].mean() - 1e-12

    def keeps(weight: float) -> bool:
        return bool(value[order(weight)[:k]].mean() >= least)

    if keeps(0.0):
        return order(0.0)
    low, high = 0.0, 1.0
    while not keeps(high) and high < 2.0**HALVINGS:
        low, high = high, 2 * high
    for _halving in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if keeps(middle) else (middle, high)
    return order(high)
