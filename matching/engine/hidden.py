"""What nobody sees: how far the chance of one person lies from that of all who look like them.

Three spreads on the log-odds add up in squares: of people (an ability that no CV shows), of firms (tastes), and of pairs (this
person in that work: what the features say too roughly). Those of people and firms are measured by marginal likelihood from
how much more alike their outcomes are than the features explain (Gauss-Hermite quadrature), with a guess that speaks while
there are few repeated applications. The third cannot be measured, since a pair meets once: it is a written-down guess, set
on the development seeds of the simulated region and checked on others (docs/evaluation.md).

References: P. Diggle, P. Heagerty, K.-Y. Liang and S. Zeger, Analysis of Longitudinal Data, 2002, ch. 7 and 9 (random
intercepts; average and own log-odds).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

PERSON, FIRM, PAIR = 0.30, 0.25, 0.55  # log-odds: the guesses
PRIOR_SPREAD = 0.15  # how sure those of people and firms are
GRID = np.arange(0.0, 1.51, 0.05)
OWN_SCALE = 256 / (75 * np.pi**2)  # average log-odds are own ones divided by sqrt(1 + OWN_SCALE hidden^2)
NODES = 15


def total(person: float = PERSON, firm: float = FIRM) -> float:
    """All three together, log-odds.

    >>> round(total(0.3, 0.4) ** 2 - PAIR**2, 6)
    0.25
    """
    return float(np.sqrt(person**2 + firm**2 + PAIR**2))


def own_scale(hidden: float) -> float:
    """How much further from even the log-odds of one of them lie than those of all together.

    >>> own_scale(0.0)
    1.0
    """
    return float(np.sqrt(1 + OWN_SCALE * hidden**2))


def spread_of(z: NDArray[np.float64], y: NDArray[np.float64], groups: NDArray, guess: float) -> float:
    """Spread of an intercept per group on the log-odds: where marginal likelihood times prior is highest.

    z: (n,) log-odds said, y: (n,) outcomes, groups: (n,) who belongs together.

    >>> spread_of(np.zeros(2), np.array([0.0, 1.0]), np.array([1, 2]), 0.3)
    0.3
    """
    _, member = np.unique(groups, return_inverse=True)
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    log_weights = np.log(weights / weights.sum())

    def badness(spread: float) -> float:
        own = z[:, None] * own_scale(spread) + spread * nodes
        each = y[:, None] * own - np.logaddexp(0, own)
        joint = np.zeros((member.max() + 1, len(nodes)))
        np.add.at(joint, member, each)
        gap = (spread - guess) / PRIOR_SPREAD
        return 0.5 * gap**2 - float(np.sum(logsumexp(joint + log_weights, axis=1)))

    return round(float(min(GRID, key=badness)), 2)
