"""Which pair of jobs to put before somebody next, and when enough is known.

The next pair is the one that is expected to shrink the posterior most (Bayesian D-optimality, one step ahead). One answer to
pair x adds ``v x x'`` to the precision, with ``v`` the expected variance of the answer, so the log determinant grows by::

    log(1 + v x' S x),    v = E[p (1 - p)]  under the present posterior N(m, S)

It asks about what is unknown (``x' S x`` large) where the answer is not obvious (``v`` large).

It stops between `Rules.least` and `Rules.most` answers, as soon as the posterior is on average sure enough which of two jobs
this person likes better (`choice.sureness` over reference pairs).

References: K. Chaloner and I. Verdinelli, Bayesian Experimental Design: A Review, Statistical Science 10, 1995; Z. Sandor and
M. Wedel, Designing Conjoint Choice Experiments Using Managers' Prior Beliefs, Journal of Marketing Research 38, 2001.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from matching.engine.choice import Taste, sureness

# Nodes and weights of the expectation over a Gaussian (probabilists' Gauss-Hermite).
NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True)
class Rules:
    """When to stop: never before `least` answers, always at `most`, between them once `sure` is reached."""

    least: int = 4
    most: int = 12
    sure: float = 0.75  # mean sureness over the reference pairs, in [0.5, 1]


RULES = Rules()


def information(taste: Taste, pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) how much each pair is expected to tell, in nats (half the growth of the log determinant).

    >>> from matching.engine.choice import prior_taste
    >>> taste = prior_taste(np.array([0.0, 3.0]), np.array([1.0, 0.25]))
    >>> information(taste, np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])).round(3).tolist()
    [0.094, 0.006, 0.0]
    """
    pairs = np.asarray(pairs, dtype=float).reshape(-1, len(taste.mean))
    centre = pairs @ taste.mean
    variance = (pairs @ taste.covariance * pairs).sum(axis=1)
    p = expit(centre[:, None] + np.sqrt(variance)[:, None] * NODES)
    return 0.5 * np.log1p((p * (1 - p)) @ WEIGHTS * variance)


def next_pair(taste: Taste, pairs: NDArray[np.float64], allowed: NDArray[np.bool_]) -> int | None:
    """The row of the allowed pair that tells most, the first of equals; None when none is allowed.

    >>> from matching.engine.choice import prior_taste
    >>> pairs = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> next_pair(prior_taste(np.zeros(2), np.ones(2)), pairs, np.array([True, True, False]))
    0
    """
    if not np.any(allowed):
        return None
    told = np.where(allowed, information(taste, pairs), -1.0)
    return int(np.argmax(np.round(told, 12)))


def mean_sureness(taste: Taste, reference: NDArray[np.float64]) -> float:
    """In [0.5, 1]: of how many of the reference pairs it is known which somebody likes better, on average."""
    return float(sureness(taste, reference).mean())


def is_enough(taste: Taste, reference: NDArray[np.float64], rules: Rules = RULES) -> bool:
    """Whether to stop asking."""
    if taste.n < rules.least:
        return False
    return taste.n >= rules.most or mean_sureness(taste, reference) >= rules.sure
