"""Partial pooling: what a kind of work adds to the log-odds, believed as far as its own outcomes go.

Outcome i of a kind of work (ISCO unit group, four digits) within an occupation group (ISCO sub-major group, two digits)::

    logit p_i = z_i + u_group(i) + w_kind(i),    u ~ N(0, t_u^2),    w ~ N(0, t_w^2)

with z_i what the platform as a whole says. A kind with few outcomes leans on its group, a group with few on the platform; a
kind never seen gets its group's offset, an unknown one none. Offsets are found level by level, each by Newton steps on all
groups at once; the spreads t by expectation-maximisation with a prior guess that counts as some groups.

References: A. Gelman and J. Hill, Data Analysis Using Regression and Multilevel/Hierarchical Models, 2007, ch. 12-14.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

LEVELS = (100, 1)  # divisors of a four-digit code: occupation group, kind of work
SPREAD = 0.15  # log-odds: the guess of t at both levels
GUESS_COUNTS_AS = 10.0  # groups
ROUNDS = 8
NEWTON_STEPS = 4
SMALLEST_SPREAD = 0.02


@dataclass(frozen=True)
class Offsets:
    """Per level: codes (n_groups,) ascending, their offset and its variance, and the variance of one never seen."""

    codes: list[list[int]] = field(default_factory=lambda: [[] for _ in LEVELS])
    offset: list[list[float]] = field(default_factory=lambda: [[] for _ in LEVELS])
    variance: list[list[float]] = field(default_factory=lambda: [[] for _ in LEVELS])
    spread: list[float] = field(default_factory=lambda: [SPREAD for _ in LEVELS])


def fit_offsets(z: NDArray[np.float64], y: NDArray[np.float64], kinds: NDArray[np.int64]) -> Offsets:
    """Offsets from log-odds z (n,), outcomes y (n,) 0 or 1, and ISCO codes of four digits (n,), -1 for unknown.

    >>> y = np.array([1] * 90 + [0] * 10 + [1, 0])
    >>> found = fit_offsets(np.zeros(102), y, np.array([5120] * 100 + [9112, 9112]))
    >>> u, _ = offsets_of(found, np.array([5120, 5121, 9112, -1]))
    >>> bool(u[0] > u[1] > u[2] > -0.1), float(u[3])
    (True, 0.0)
    """
    z, y, kinds = np.asarray(z, dtype=np.float64), np.asarray(y, dtype=np.float64), np.asarray(kinds, dtype=np.int64)
    known = kinds >= 0
    z, y, kinds = z[known], y[known], kinds[known]
    groups = [np.unique(kinds // divisor, return_inverse=True) for divisor in LEVELS]
    offset = [np.zeros(len(codes)) for codes, _ in groups]
    variance = [np.full(len(codes), SPREAD**2) for codes, _ in groups]
    spread2 = [SPREAD**2 for _ in LEVELS]
    for _round in range(ROUNDS):
        for level, (codes, member) in enumerate(groups):
            others = z + sum(offset[k][groups[k][1]] for k in range(len(LEVELS)) if k != level)
            for _step in range(NEWTON_STEPS):
                p = expit(others + offset[level][member])
                slope = np.bincount(member, y - p, len(codes)) - offset[level] / spread2[level]
                bend = np.bincount(member, p * (1 - p), len(codes)) + 1 / spread2[level]
                offset[level] = offset[level] + np.clip(slope / bend, -1, 1)
                variance[level] = 1 / bend
            seen = np.sum(offset[level] ** 2 + variance[level])
            mean = (seen + GUESS_COUNTS_AS * SPREAD**2) / (len(codes) + GUESS_COUNTS_AS)
            spread2[level] = max(float(mean), SMALLEST_SPREAD**2)
    return Offsets(
        codes=[codes.tolist() for codes, _ in groups],
        offset=[values.tolist() for values in offset],
        variance=[values.tolist() for values in variance],
        spread=[float(np.sqrt(value)) for value in spread2],
    )


def offsets_of(offsets: Offsets, kinds: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(offset, variance), both (n,) in log-odds, for ISCO codes (n,); -1 for unknown.

    >>> offsets_of(Offsets(), np.array([5120]))[0].tolist()
    [0.0]
    """
    kinds = np.asarray(kinds, dtype=np.int64)
    total, variance = np.zeros(len(kinds)), np.zeros(len(kinds))
    for level, divisor in enumerate(LEVELS):
        codes = np.array(offsets.codes[level], dtype=np.int64)
        row = np.searchsorted(codes, kinds // divisor)
        found = (row < len(codes)) & (kinds >= 0)
        found[found] = codes[row[found]] == kinds[found] // divisor
        unseen = offsets.spread[level] ** 2
        total[found] += np.array(offsets.offset[level])[row[found]]
        variance += unseen
        variance[found] += np.array(offsets.variance[level])[row[found]] - unseen
    return total, variance
