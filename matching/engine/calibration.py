"""Calibration of log-odds by as much as the outcomes can bear: a shrunken line, and from some thousands on a bend.

The **line** is Platt's, ``a + b z``, with the identity counting as so many outcomes: without outcomes it is the identity, with
hundreds it is the data's. The **bend** is isotonic regression over blocks of neighbours, joined at the centres of its steps, so
that better is strictly better; it is mixed with the line in log-odds by ``1 - BEND_FROM / n``, so nothing jumps, and only
where outcomes held out by person say that it is better.

References: J. Platt, Probabilistic Outputs for SVMs, 1999; B. Zadrozny and C. Elkan, KDD 2002 (isotonic calibration);
M. Kull, T. Silva Filho and P. Flach, Beta calibration, AISTATS 2017 (tried: no better than the line here).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression

IDENTITY_COUNTS_AS = 300.0  # outcomes
BEND_FROM = 2_000  # outcomes; with fewer the line alone
BEND_BLOCK = 100  # outcomes at least, and a thirtieth of all
BEYOND = 20.0  # log-odds: how far the bend runs on beside the line at its ends

Folds = Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]]
Bend = tuple[NDArray[np.float64], NDArray[np.float64]]
NO_BEND: Bend = (np.empty(0), np.empty(0))


def fit_line(z: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """(a, b) of the line through held-out log-odds z (n,) and outcomes y (n,); (0, 1) without outcomes.

    >>> fit_line(np.empty(0), np.empty(0))
    (0.0, 1.0)
    >>> few, many = (fit_line(np.zeros(4 * n), np.repeat([1.0, 0.0], [3 * n, n])) for n in (25, 25_000))
    >>> round(float(expit(few[0])), 2), round(float(expit(many[0])), 2)
    (0.52, 0.75)
    """

    def loss(b):
        line = b[0] + b[1] * z
        gap = b - np.array([0.0, 1.0])
        p = expit(line)
        value = np.sum(np.logaddexp(0, line) - y * line) + 0.5 * IDENTITY_COUNTS_AS * np.sum(gap * gap)
        return value, np.array([np.sum(p - y), np.sum((p - y) * z)]) + IDENTITY_COUNTS_AS * gap

    best = minimize(loss, np.array([0.0, 1.0]), jac=True, bounds=[(None, None), (0.05, None)], method="L-BFGS-B").x
    return float(best[0]), float(best[1])


def fit_bend(z: NDArray[np.float64], y: NDArray[np.float64], folds: Folds) -> Bend:
    """The bend on top of the line (log-odds in, log-odds out, both rising), or two empty arrays where it does not help."""
    if len(y) < BEND_FROM or not folds:
        return NO_BEND
    line = bent = 0.0
    for train, test in folds:
        line += surprise(z[test], y[test])
        bent += surprise(np.interp(z[test], *_mixed(z[train], y[train], len(y))), y[test])
    return _mixed(z, y, len(y)) if bent < line else NO_BEND


def calibrated(z: NDArray[np.float64], line: tuple[float, float], bend: Bend) -> NDArray[np.float64]:
    """Log-odds after the line and the bend.

    >>> calibrated(np.array([1.0]), (0.5, 2.0), NO_BEND).tolist()
    [2.5]
    """
    straight = line[0] + line[1] * np.asarray(z, dtype=np.float64)
    return np.interp(straight, *bend) if len(bend[0]) else straight


def surprise(z: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Total log loss of log-odds.

    >>> round(surprise(np.zeros(2), np.array([0.0, 1.0])), 4)
    1.3863
    """
    return float(np.sum(np.logaddexp(0, z) - y * z))


def _mixed(z: NDArray[np.float64], y: NDArray[np.float64], n: int) -> Bend:
    x, bend = _bend(z, y)
    weight = max(0.0, 1 - BEND_FROM / n)
    return x, weight * bend + (1 - weight) * x


def _bend(z: NDArray[np.float64], y: NDArray[np.float64]) -> Bend:
    """Isotonic regression over blocks of neighbours, joined at the centres of its steps."""
    order = np.argsort(z, kind="stable")
    blocks = np.array_split(order, max(2, len(z) // max(BEND_BLOCK, len(z) // 30)))
    weight = np.array([len(block) for block in blocks], dtype=float)
    centre = np.array([z[block].mean() for block in blocks])
    share = np.array([(y[block].sum() + 0.5) / (len(block) + 1) for block in blocks])
    level = IsotonicRegression().fit(centre, share, sample_weight=weight).predict(centre)
    steps = np.unique(level)
    x = np.array([np.average(centre[level == step], weights=weight[level == step]) for step in steps])
    bend = logit(steps)
    ends = np.array([-BEYOND, BEYOND])
    return (
        np.concatenate([[x[0] + ends[0]], x, [x[-1] + ends[1]]]),
        np.concatenate([[bend[0] + ends[0]], bend, [bend[-1] + ends[1]]]),
    )
