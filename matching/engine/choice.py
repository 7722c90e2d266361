"""What somebody wants, from choices between two jobs: a Bayesian logit with a Gaussian prior.

Every job is a row of attributes; a pair is the difference ``x = a - b`` of two of them. Somebody with taste ``w`` chooses the
first with chance::

    P(first) = sigmoid(w . x),    w ~ N(m, S)

which is the Bradley-Terry model with attributes (a binary logit). The posterior of ``w`` is approximated by a Gaussian at its
mode (Laplace), found with Newton's method in a few steps: the log posterior is concave, so there is one mode. With a
dozen attributes and answers this takes well under a millisecond; nothing is sampled, so the same answers give the same
result.

References: R. Bradley and M. Terry, Rank Analysis of Incomplete Block Designs, Biometrika 39, 1952; K. Train, Discrete Choice
Methods with Simulation, 2nd ed. 2009, ch. 2-3; D. MacKay, The Evidence Framework Applied to Classification Networks,
Neural Computation 4, 1992 (prediction under a Gaussian posterior).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtr

STEPS = 50
CLOSE = 1e-10


@dataclass(frozen=True)
class Taste:
    """What is known of somebody's taste: a Gaussian. mean: (d,), covariance: (d, d), both in log-odds; n: answers used."""

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]
    n: int = 0

    @property
    def spread(self) -> NDArray[np.float64]:
        """(d,) standard deviations."""
        return np.sqrt(np.diag(self.covariance))


def prior_taste(mean: NDArray[np.float64], covariance: NDArray[np.float64]) -> Taste:
    """Before any answer. mean: (d,), covariance: (d, d) or the (d,) variances of independent attributes.

    Raises ValueError for NaN, lengths that differ, or a covariance that is not positive definite.

    >>> prior_taste(np.zeros(2), np.array([4.0, 1.0])).spread.tolist()
    [2.0, 1.0]
    """
    mean, covariance = np.asarray(mean, dtype=float), np.asarray(covariance, dtype=float)
    covariance = np.diag(covariance) if covariance.ndim == 1 else covariance
    if mean.ndim != 1 or covariance.shape != (len(mean), len(mean)):
        raise ValueError("a prior needs a covariance for its means")
    if not (np.isfinite(mean).all() and np.isfinite(covariance).all()) or np.linalg.eigvalsh(covariance).min() <= 0:
        raise ValueError("a prior needs finite means and a positive definite covariance")
    return Taste(mean, covariance)


def fit_taste(prior: Taste, x: NDArray[np.float64], first: NDArray[np.bool_]) -> Taste:
    """The posterior after n answers. x: (n, d) differences of the pairs, first: (n,) whether the first job was chosen.

    No answers give the prior back. Raises ValueError for NaN or shapes that do not fit.

    >>> before = prior_taste(np.zeros(2), np.ones(2))
    >>> after = fit_taste(before, np.array([[1.0, 0.0], [1.0, -1.0]]), np.array([True, True]))
    >>> after.mean.round(2).tolist(), after.spread.round(2).tolist()
    ([0.63, -0.29], [0.85, 0.92])
    """
    x, y = np.asarray(x, dtype=float).reshape(-1, len(prior.mean)), np.asarray(first, dtype=float).ravel()
    if len(x) != len(y):
        raise ValueError("as many answers as pairs are needed")
    if not np.isfinite(x).all():
        raise ValueError("a pair may not hold NaN")
    if len(y) == 0:
        return prior
    precision = np.linalg.inv(prior.covariance)
    taste = prior.mean.copy()
    for _step in range(STEPS):
        p = expit(x @ taste)
        slope = x.T @ (y - p) - precision @ (taste - prior.mean)
        bend = precision + x.T @ (x * (p * (1 - p))[:, None])
        move = np.linalg.solve(bend, slope)
        # A full step may overshoot far from the mode; half steps until the posterior rises are always enough.
        size, here = 1.0, _log_posterior(prior, precision, x, y, taste)
        while _log_posterior(prior, precision, x, y, taste + size * move) < here - CLOSE and size > CLOSE:
            size /= 2
        taste = taste + size * move
        if np.abs(size * move).max() < CLOSE:
            break
    p = expit(x @ taste)
    covariance = np.linalg.inv(precision + x.T @ (x * (p * (1 - p))[:, None]))
    return Taste(taste, (covariance + covariance.T) / 2, len(y))


def chance_of_first(taste: Taste, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) chances in [0, 1] that the first job of each pair is chosen; what is not known pulls towards a half.

    >>> chance_of_first(prior_taste(np.array([2.0]), np.array([0.01])), np.array([[1.0]])).round(2).tolist()
    [0.88]
    >>> chance_of_first(prior_taste(np.array([2.0]), np.array([9.0])), np.array([[1.0]])).round(2).tolist()
    [0.72]
    """
    centre, variance = _along(taste, x)
    return expit(centre / np.sqrt(1 + np.pi * variance / 8))


def sureness(taste: Taste, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) in [0.5, 1]: how sure it is which of the two somebody really likes better, apart from the noise of one answer.

    >>> sureness(prior_taste(np.zeros(1), np.ones(1)), np.array([[1.0]])).tolist()
    [0.5]
    """
    centre, variance = _along(taste, x)
    return ndtr(np.abs(centre) / np.sqrt(np.maximum(variance, CLOSE)))


def share_above(taste: Taste, group: slice) -> NDArray[np.float64]:
    """For each attribute of a group, how probable it is that it counts for more than the group's mean; in [0, 1].

    >>> share_above(prior_taste(np.array([1.0, 0.0, -1.0]), np.full(3, 0.25)), slice(0, 3)).round(2).tolist()
    [0.99, 0.5, 0.01]
    """
    mean, covariance = taste.mean[group], taste.covariance[group, group]
    n = len(mean)
    centring = np.eye(n) - 1 / n
    gap = centring @ mean
    spread = np.sqrt(np.maximum(np.diag(centring @ covariance @ centring), CLOSE))
    return ndtr(gap / spread)


def _along(taste: Taste, x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x = np.asarray(x, dtype=float).reshape(-1, len(taste.mean))
    return x @ taste.mean, (x @ taste.covariance * x).sum(axis=1)


def _log_posterior(prior: Taste, precision, x, y, taste) -> float:
    z = x @ taste
    gap = taste - prior.mean
    return float(np.sum(y * z - np.logaddexp(0, z)) - 0.5 * gap @ precision @ gap)
