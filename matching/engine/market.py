"""The market order: recommend what helps a person, where somebody who suits is still needed.

The **expected benefit** of vacancy j for person i is chance × wish, ``b_ij = p_ij x want_ij``, both in [0, 1]. An invitation is
worth something to the vacancy too, and less with each that it already has: of those who suit it, the first K count. With s_j
invitations expected (Poisson), of who applied and of who is shown it, its worth is ``V(s) = N E[min(K, Poisson(s))]``, which is
concave. Let every person divide one unit of attention, pi_ij, of which come A applications::

    max  sum_ij A pi_ij b_ij + sum_j V(s_j) + A e H(pi)
    subject to   sum_j pi_ij = 1,   s_j = invited_j + A sum_i pi_ij p_ij

The maximum is unique, and each pi_i a soft choice by ``p_ij (want_ij + N - price_j)``, where N - price_j is what one more
invitation is worth (the derivative of V)::

    price_j = N P(Poisson(s_j) >= K)

So the **price** of a vacancy says how sure it is to find K people without this one: 0 where nobody is in sight, N where it is
crowded. One number a vacancy is all that is kept, so the order of a CV that changed a second ago is right too, with
just so much weight on fit that the first ten of nobody lose more than two percent in mean fit.

It moves only what a person is recommended. How an employer sees people never passes here.

References: A. Galichon and B. Salanié, Cupid's Invisible Hand, Review of Economic Studies 89, 2022 (entropic matching and its
dual); M. Cuturi, Sinkhorn Distances, NeurIPS 2013; G. Bied and others, congestion-avoiding job recommendation with optimal
transport, 2021, and the field experiments of a public employment service, 2026.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import gamma, gammainc

from matching.engine.scale import ONE

TEMPERATURE = 0.03  # e: benefits nearer than this are nearly alike
NEED = 1.5  # N: what a first invitation is worth to a vacancy; 1 is what it is worth to who wants nothing more
WANTED = 3  # K: how many who suit a vacancy hopes for
APPLICATIONS = 3.0  # A: that somebody sends out of what is recommended in a month
SWEEPS = 200
CLOSE_ENOUGH = 1e-3  # largest step of a price
FIRST = 10  # recommendations that somebody looks at
LARGEST_LOSS = 0.02  # of the mean fit of those
HALVINGS = 24


def expected_benefit(p: NDArray[np.float64], passion: NDArray[np.int64]) -> NDArray[np.float64]:
    """Chance × wish, [0, 1]; passion in [0, ONE], neutral where nothing is known of it.

    >>> expected_benefit(np.array([0.5, 0.2]), np.array([10_000, 5_000])).tolist()
    [0.5, 0.1]
    """
    return np.asarray(p, dtype=np.float64) * np.asarray(passion) / ONE


def for_both(benefit: NDArray[np.float64], p: NDArray[np.float64], price: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a recommendation is worth to person and vacancy together: ``p x (want + NEED - price)``; arrays broadcast.

    >>> for_both(np.array([0.25, 0.25]), np.array([0.5, 0.5]), np.array([0.0, 1.5])).tolist()
    [1.0, 0.25]
    """
    return np.asarray(benefit) + np.asarray(p) * (NEED - np.asarray(price))


def price_at(invitations: NDArray[np.float64]) -> NDArray[np.float64]:
    """The price at so many expected invitations: NEED times the chance that three or more come of them.

    >>> price_at(np.array([0.0, 3.0])).round(2).tolist()
    [0.0, 0.87]
    """
    return NEED * gammainc(WANTED, np.maximum(invitations, 0.0))


def prices(
    person: NDArray[np.int64],
    vacancy: NDArray[np.int64],
    p: NDArray[np.float64],
    benefit: NDArray[np.float64],
    invited: NDArray[np.float64],
    temperature: float = TEMPERATURE,
) -> NDArray[np.float64]:
    """The price of every vacancy, (n_vacancies,) float64 in [0, NEED], in units of wish.

    person, vacancy: (n_pairs,) rows of the pairs that come into question (leave out what nobody would look at); p, benefit:
    (n_pairs,). invited: (n_vacancies,) invitations expected of who applied so far. Newton steps by vacancy, halved as long as the
    worst price moves further; tens of passes over the pairs, no matrix.

    >>> pairs = np.repeat(np.arange(20), 2), np.tile([0, 1], 20)
    >>> p = np.tile([0.6, 0.5], 20)
    >>> found = prices(*pairs, p, 0.8 * p, np.array([4.0, 0.0]))
    >>> bool(found[0] > found[1])
    True

    Raises ValueError for NaN, arrays that differ in length, or negative invitations.
    """
    person, vacancy = np.asarray(person, dtype=np.int64), np.asarray(vacancy, dtype=np.int64)
    p, benefit = np.asarray(p, dtype=np.float64), np.asarray(benefit, dtype=np.float64)
    invited = np.asarray(invited, dtype=np.float64)
    if not len(person) == len(vacancy) == len(benefit) == len(p):
        raise ValueError("as many people, vacancies and chances as benefits are needed")
    if np.isnan(benefit).any() or np.isnan(p).any() or not (invited >= 0).all():
        raise ValueError("benefits and chances are numbers and invitations are not negative")
    price = price_at(invited)
    if not len(person):
        return price
    n, size, last = int(person.max()) + 1, 1.0, np.inf
    for _sweep in range(SWEEPS):
        z = for_both(benefit, p, price[vacancy]) / temperature
        best = np.full(n, -np.inf)
        np.maximum.at(best, person, z)
        weight = np.exp(z - best[person])
        share = weight / np.bincount(person, weight, n)[person]
        expected = invited + APPLICATIONS * np.bincount(vacancy, share * p, len(price))
        spread = APPLICATIONS / temperature * np.bincount(vacancy, share * (1 - share) * p * p, len(price))
        slope = NEED * np.exp(-expected) * expected ** (WANTED - 1) / gamma(WANTED)  # of `price_at`
        gap = price_at(expected) - price
        worst = float(np.abs(gap).max())
        size, last = (size / 2 if worst > last else min(1.0, 1.2 * size)), worst
        step = size * gap / (1 + slope * spread)
        price = price + step
        if np.abs(step).max() < CLOSE_ENOUGH * size:
            break
    return price


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
