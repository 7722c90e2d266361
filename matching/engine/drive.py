"""Doen: what somebody says and shows for this step, in [0, ONE].

Readiness to learn (0-4), initiatives written down (two count in full), and for an application whether there is a reason
why and something already done. Only presence counts, never wording, spelling or clicks. What is unanswered is neutral with half
its weight, exactly as in passion. Having written nothing about initiatives is unanswered too: people are not
punished for an empty box.
"""

import numpy as np
from numpy.typing import NDArray

from matching.engine.scale import NEUTRAL, ONE, divide

PARTS = ("ready_to_learn", "initiatives", "motivation")
PART_WEIGHTS = np.array([30, 40, 30], dtype=np.int64)
INITIATIVE_SCORES = np.array([-1, 8_000, ONE], dtype=np.int64)  # none (unanswered), one, two or more
MOTIVATION_SCORES = np.array([-1, 7_500, ONE], dtype=np.int64)  # nothing told, why or did, both


def parts(
    ready_to_learn: NDArray[np.int32], initiatives: NDArray[np.int32], motivation: NDArray[np.int32]
) -> NDArray[np.int64]:
    """The three parts on the last axis, in [0, ONE] or -1. motivation: how many of why and did were told, 0-2."""
    ready = np.asarray(ready_to_learn, dtype=np.int64)
    return np.stack(
        np.broadcast_arrays(
            np.where(ready < 0, -1, NEUTRAL + divide(NEUTRAL * np.clip(ready, 0, 4), 4)),
            INITIATIVE_SCORES[np.clip(initiatives, 0, 2)],
            MOTIVATION_SCORES[np.clip(motivation, 0, 2)],
        ),
        axis=-1,
    )


def combine(scores: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(drive, weights) over the last axis of three parts.

    >>> score, weights = combine(parts(np.array(4), np.array(2), np.array(0)))
    >>> int(score), weights.tolist()
    (9118, [60, 80, 30])
    """
    known = scores >= 0
    weights = np.where(known, 2 * PART_WEIGHTS, PART_WEIGHTS)
    values = np.where(known, scores, NEUTRAL)
    return divide((weights * values).sum(axis=-1), weights.sum(axis=-1)), weights
