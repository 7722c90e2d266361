"""What nobody sees: how far the chance of one person lies from that of all who look like them.

Three spreads on the log-odds add up in squares: of people (an ability that no CV shows), of firms (tastes), and of pairs (this
person in that work: what the features say too roughly). Beside them stand `POINTS` of chance: where next to nobody is invited,
log-odds lie further apart than anywhere else, and chances hardly.

Those of people and firms are measured from how much more alike their outcomes are than the features explain: the mean of the
posterior over a grid, with the marginal likelihood by Gauss-Hermite quadrature. The prior speaks while few come back; that of
people is sure of itself, since some thousands of applications hardly tell it, that of firms is not. An application that was
turned down because the vacancy was filled before it was looked at tells nothing of a taste, and hides it (one who is hired shuts
the others out), so it is left out: whether the next one is looked at follows from what came before, which may be ignored.
The third and the points cannot be measured, since a pair meets once: they are a written-down guess, set on the development
seeds of the simulated region and checked on others (docs/evaluation.md).

References: P. Diggle, P. Heagerty, K.-Y. Liang and S. Zeger, Analysis of Longitudinal Data, 2002, ch. 7 and 9 (random
intercepts; average and own log-odds); R. Little and D. Rubin, Statistical Analysis with Missing Data, 2002, ch. 6 (what may be
ignored).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logsumexp


@dataclass(frozen=True)
class Belief:
    """A guess of a spread in log-odds, and how unsure of it: a normal density above zero."""

    guess: float
    unsure: float


PERSON, FIRM = Belief(0.30, 0.15), Belief(0.25, 0.25)
PAIR = 0.35  # log-odds
POINTS = 0.01  # of chance
GRID = np.arange(0.0, 1.51, 0.05)
OWN_SCALE = 256 / (75 * np.pi**2)  # average log-odds are own ones divided by sqrt(1 + OWN_SCALE hidden^2)
NODES = 15
FAINTEST = 1e-5  # nothing is certain


def total(person: float, firm: float) -> float:
    """All three together, log-odds.

    >>> round(total(0.3, 0.4) ** 2 - PAIR**2, 6)
    0.25
    """
    return float(np.sqrt(person**2 + firm**2 + PAIR**2))


def unknown() -> float:
    """All three before there are outcomes."""
    nobody = np.empty(0)
    return total(*(spread_of(nobody, nobody, nobody, belief) for belief in (PERSON, FIRM)))


def own_scale(hidden: float) -> float:
    """How much further from even the log-odds of one of them lie than those of all together.

    >>> own_scale(0.0)
    1.0
    """
    return float(np.sqrt(1 + OWN_SCALE * hidden**2))


def around(
    said: NDArray[np.float64], variance: NDArray[np.float64], hidden: float, z: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the chance of one of them lies, `z` standard deviations down and up, with the chance of all in between.

    said: (n,) log-odds of all together; variance: (n,) of what is said, log-odds squared. The margin of the log-odds and that of
    the points add up in squares.

    >>> low, high = around(np.array([0.0]), np.array([0.0]), 0.0, 1.0)
    >>> round(float(low[0]), 3), round(float(high[0]), 3)
    (0.49, 0.51)
    """
    own, p = own_scale(hidden), expit(said)
    reach = z * np.sqrt(own**2 * variance + hidden**2)
    down = np.hypot(np.maximum(p - expit(own * said - reach), 0), z * POINTS)
    up = np.hypot(np.maximum(expit(own * said + reach) - p, 0), z * POINTS)
    return np.maximum(p - down, FAINTEST), np.minimum(p + up, 1 - FAINTEST)


def spread_of(z: NDArray[np.float64], y: NDArray[np.float64], groups: NDArray, belief: Belief) -> float:
    """Spread of an intercept per group on the log-odds: its mean after these outcomes.

    z: (n,) log-odds said, y: (n,) outcomes, groups: (n,) who belongs together. Who stands alone says nothing.

    >>> alone = spread_of(np.zeros(2), np.array([0.0, 1.0]), np.array([1, 2]), PERSON)
    >>> alone == spread_of(np.empty(0), np.empty(0), np.empty(0), PERSON)
    True
    """
    _, member, count = np.unique(groups, return_inverse=True, return_counts=True)
    more = count[member] > 1
    z, y, (codes, member) = z[more], y[more], np.unique(member[more], return_inverse=True)
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    log_weights = np.log(weights / weights.sum())

    def weight(spread: float) -> float:
        own = z[:, None] * own_scale(spread) + spread * nodes
        each = y[:, None] * own - np.logaddexp(0, own)
        joint = np.zeros((len(codes), NODES))
        np.add.at(joint, member, each)
        gap = (spread - belief.guess) / belief.unsure
        return float(np.sum(logsumexp(joint + log_weights, axis=1))) - 0.5 * gap**2

    log_posterior = np.array([weight(spread) for spread in GRID])
    posterior = np.exp(log_posterior - log_posterior.max())
    return round(float(posterior @ GRID / posterior.sum()), 3)
