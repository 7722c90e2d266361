"""Willen: how well the work suits what somebody likes, wishes and finds important, in [0, ONE].

Four parts, each in [0, ONE] or unknown: **interests** (correlation of the RIASEC profiles of person and occupation),
**joy** (how much the person enjoys the skills that are asked), **wishes** (occupation or sector, hours, days, journey) and
**values** (what is important in work against what the work offers). An unknown part counts as neutral with half its weight::

    passion = sum w_i x_i / sum w_i,   with x_i = 5,000 and w_i halved where part i is unknown

so that silence is never a penalty and never decides. References: profile correlation as congruence, see Nye and others 2017
(meta-analysis of interest congruence and performance); O*NET interest and work-value scales.
"""

import numpy as np
from numpy.typing import NDArray

from matching.engine.scale import NEUTRAL, ONE, divide

PARTS = ("interests", "joy", "wishes", "values")
PART_WEIGHTS = np.array([30, 30, 25, 15], dtype=np.int64)  # x 2 below, so that a half is whole
UNKNOWN_SCORE = -1
PROFILE_SCALE = 32_000  # length of a unit profile: finer than one in ONE, and its square fits 32 bits


def unit_profile(interests: NDArray[np.int32]) -> NDArray[np.int16]:
    """RIASEC profiles as whole unit vectors around their own mean, (..., 6) int16; zeros for unknown or flat.

    The mean and the length come from whole numbers, so a profile is the same to the last digit on every path.

    >>> unit_profile(np.array([[90, 40, 10, 20, 30, 50], [50] * 6])).tolist()
    [[25298, 0, -15179, -10119, -5060, 5060], [0, 0, 0, 0, 0, 0]]
    """
    a = np.asarray(interests, dtype=np.int64)
    centred = 6 * a - a.sum(axis=-1, keepdims=True)
    length = np.sqrt((centred * centred).sum(axis=-1, keepdims=True).astype(np.float64))
    usable = (a >= 0).all(axis=-1, keepdims=True) & (length > 0)
    return np.where(usable, np.rint(PROFILE_SCALE * centred / np.where(usable, length, 1.0)), 0).astype(np.int16)


def interest_fit(person: NDArray[np.int32], work: NDArray[np.int32]) -> NDArray[np.int64]:
    """Profile correlation of RIASEC profiles mapped from [-1, 1] to [0, ONE]; -1 where either is unknown or flat.

    person: (..., 6), work: (..., 6), broadcast over the leading axes, 0-100 or negative for unknown.

    >>> interest_fit(np.array([90, 40, 10, 20, 30, 50]), np.array([90, 40, 10, 20, 30, 50])).item()
    10000
    >>> interest_fit(np.array([50] * 6), np.array([90, 40, 10, 20, 30, 50])).item()
    -1
    """
    a, b = unit_profile(person).astype(np.int64), unit_profile(work).astype(np.int64)
    usable = (a != 0).any(axis=-1) & (b != 0).any(axis=-1)
    whole = PROFILE_SCALE * PROFILE_SCALE
    score = divide(ONE * np.maximum(whole + (a * b).sum(axis=-1), 0), 2 * whole)
    return np.where(usable, np.minimum(score, ONE), UNKNOWN_SCORE)


def value_fit(person: NDArray[np.int32], work: NDArray[np.int32]) -> NDArray[np.int64]:
    """How far the work offers what the person finds important, in [0, ONE]; -1 where nothing is known of both.

    Each value counts by how important it is; what the work offers beyond that neither adds nor costs::

        sum_v p_v min(1, o_v / p_v) / sum_v p_v   over values known on both sides with p_v > 0

    >>> value_fit(np.array([100, 0, -1, 50, -1, -1]), np.array([50, 80, 90, 90, -1, 10])).item()
    6667
    """
    p, o = np.asarray(person, dtype=np.int64), np.asarray(work, dtype=np.int64)
    known = (p > 0) & (o >= 0)
    wanted = np.where(known, p, 0).sum(axis=-1)
    met = np.where(known, np.minimum(p, o), 0).sum(axis=-1)
    return np.where(wanted > 0, divide(ONE * met, np.maximum(wanted, 1)), UNKNOWN_SCORE)


def combine(parts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(passion, weights): the weighted mean over the last axis (4 parts, -1 unknown), and the weights used.

    >>> score, weights = combine(np.array([10000, -1, -1, -1]))
    >>> int(score), weights.tolist()
    (7308, [60, 30, 25, 15])
    """
    known = parts >= 0
    weights = np.where(known, 2 * PART_WEIGHTS, PART_WEIGHTS)
    scores = np.where(known, parts, NEUTRAL)
    return divide((weights * scores).sum(axis=-1), weights.sum(axis=-1)), weights
