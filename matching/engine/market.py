"""The market order: recommend what helps a person, without sending everybody to the same ten vacancies.

The **expected benefit** of vacancy j for person i is chance × wish, ``b_ij = p_ij x want_ij``, both in [0, 1]. Let every person
divide one unit of attention, pi_ij, over the vacancies, and let a vacancy take at most its capacity c_j of it::

    max  sum_ij pi_ij b_ij + e H(pi)    subject to   sum_j pi_ij = 1,   sum_i pi_ij <= c_j

With K_ij = exp(b_ij / e) the answer is pi_ij = u_i K_ij v_j, found by scaling in turns (Sinkhorn)::

    u_i = 1 / sum_j K_ij v_j            v_j = min(1, c_j / sum_i u_i K_ij)

``-e log v_j`` is the **price** of a vacancy: what it costs in benefit that it is crowded, 0 where there is room. One number
a vacancy is all that is kept, so the order of a CV that changed a second ago is right too: by ``b_ij - price_j``, with
just so much weight on fit that the first ten of nobody lose more than two percent in mean fit.

It moves only what a person is recommended. How an employer sees people never passes here.

References: M. Cuturi, Sinkhorn Distances, NeurIPS 2013; J.-D. Benamou and others, Iterative Bregman Projections for
Regularized Transportation Problems, SIAM J. Sci. Comput. 37, 2015; A. Galichon and B. Salanié, Cupid's Invisible Hand,
Review of Economic Studies 89, 2022; G. Bied and others, congestion-avoiding job recommendation with optimal transport,
2021, and the field experiments of a public employment service, 2026.
"""

import numpy as np
from numpy.typing import NDArray

from matching.engine.scale import ONE

TEMPERATURE = 0.03  # e: benefits nearer than this are nearly alike
ROOM = 1.0  # attention that all vacancies together take, per unit there is; 1 leaves none to spare
SWEEPS = 200
CLOSE_ENOUGH = 1e-3  # largest change of a price in a sweep, in temperatures
FIRST = 10  # recommendations that somebody looks at
LARGEST_LOSS = 0.02  # of the mean fit of those
HALVINGS = 24


def expected_benefit(p: NDArray[np.float64], passion: NDArray[np.int64]) -> NDArray[np.float64]:
    """Chance × wish, [0, 1]; passion in [0, ONE], neutral where nothing is known of it.

    >>> expected_benefit(np.array([0.5, 0.2]), np.array([10_000, 5_000])).tolist()
    [0.5, 0.1]
    """
    return np.asarray(p, dtype=np.float64) * np.asarray(passion) / ONE


def capacities(openings: NDArray[np.int64], n_people: int, room: float = ROOM) -> NDArray[np.float64]:
    """How much attention each vacancy takes: what there is, divided by openings, at least an equal share.

    >>> capacities(np.array([1, 3]), 8).tolist()
    [2.0, 6.0]
    """
    share = np.maximum(np.asarray(openings, dtype=np.float64), 1)
    return room * n_people * share / max(1.0, share.sum())


def prices(
    person: NDArray[np.int64],
    vacancy: NDArray[np.int64],
    benefit: NDArray[np.float64],
    capacity: NDArray[np.float64],
    temperature: float = TEMPERATURE,
) -> NDArray[np.float64]:
    """The price of every vacancy, (n_vacancies,) float64 >= 0 in units of benefit.

    person, vacancy: (n_pairs,) rows of the pairs that come into question (leave out what nobody would look at); benefit:
    (n_pairs,). Cost: a hundred or so passes over the pairs, no matrix. People without pairs do not count.

    >>> pairs = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 0, 1, 0, 1])
    >>> crowded = prices(*pairs, np.array([0.5, 0.4, 0.5, 0.3, 0.5, 0.2]), np.array([1.0, 5.0]))
    >>> bool(crowded[0] > 0.1), float(crowded[1])
    (True, 0.0)

    Raises ValueError for NaN, arrays that differ in length, or a capacity that is not above zero.
    """
    person, vacancy = np.asarray(person, dtype=np.int64), np.asarray(vacancy, dtype=np.int64)
    benefit, capacity = np.asarray(benefit, dtype=np.float64), np.asarray(capacity, dtype=np.float64)
    if not len(person) == len(vacancy) == len(benefit):
        raise ValueError("as many people and vacancies as benefits are needed")
    if np.isnan(benefit).any() or not (capacity > 0).all():
        raise ValueError("benefits are numbers and capacities lie above zero")
    if not len(person):
        return np.zeros(len(capacity))
    n = int(person.max()) + 1
    best = np.full(n, -np.inf)
    np.maximum.at(best, person, benefit)
    kernel = np.exp((benefit - best[person]) / temperature)  # the row's own scale changes nothing in pi
    v = np.ones(len(capacity))
    for _sweep in range(SWEEPS):
        inside = np.bincount(person, kernel * v[vacancy], n)
        u = np.divide(1.0, inside, out=np.zeros(n), where=inside > 0)
        asked = np.bincount(vacancy, kernel * u[person], len(capacity))
        new = np.minimum(1, np.divide(capacity, asked, out=np.ones(len(capacity)), where=asked > 0))
        change = np.abs(np.log(new) - np.log(v)).max()
        v = new
        if change < CLOSE_ENOUGH:
            break
    return -temperature * np.log(v) + 0.0  # no minus zero


def market_order(
    ids: NDArray[np.int64],
    fit: NDArray[np.int64],
    benefit: NDArray[np.float64],
    price: NDArray[np.float64],
    passed: NDArray[np.bool_] | None = None,
    first: int = FIRST,
    largest_loss: float = LARGEST_LOSS,
) -> NDArray[np.int64]:
    """Positions in the market order for one person: who passes first, then ``benefit - price + m x fit``, ties by id.

    m >= 0 is the smallest weight (by halving) with which the first ten keep 98 % of the mean fit that the ten best-fitting have.
    The mean fit of the first ten never falls as m grows, so there is one.

    >>> ids, fit = np.arange(3), np.array([9000, 8950, 100])
    >>> market_order(ids, fit, np.array([0.5, 0.45, 0.44]), np.array([0.2, 0.0, 0.0]), first=1).tolist()
    [1, 2, 0]
    """
    ids, value = np.asarray(ids), np.asarray(fit, dtype=np.float64) / ONE
    passed = np.ones(len(ids), dtype=bool) if passed is None else np.asarray(passed)
    net = np.asarray(benefit, dtype=np.float64) - np.asarray(price, dtype=np.float64)

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
