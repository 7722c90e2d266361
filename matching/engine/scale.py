"""Whole numbers for scores: every path through the engine gives the same order, to the last digit.

Scores are parts of `ONE` (10,000). Levels have 15 steps, three for each of the five levels people choose from.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ENGINE_VERSION = "1.4"
ONE = 10_000
NEUTRAL = ONE // 2
STEPS = 15
STEPS_PER_LEVEL = 3


@dataclass(frozen=True)
class Weights:
    """How much each part of the fit counts, in percent; they add up to 100.

    >>> Weights().competence + Weights().passion + Weights().drive
    100
    """

    competence: int = 50
    passion: int = 35
    drive: int = 15


WEIGHTS = Weights()


def divide(numerator: NDArray[np.int64], denominator: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """Integer division rounded to nearest, halves up; non-negative numerators, positive denominators.

    >>> divide(np.array([5, 4, 10]), 4).tolist()
    [1, 1, 3]
    """
    return (2 * numerator + denominator) // (2 * denominator)


def apportion(total: int, shares: list[int]) -> list[int]:
    """Split `total` into whole parts in proportion to `shares`, adding up exactly.

    The largest remainder method: everybody gets the rounded-down share, what is left goes to the largest remainders,
    the earlier of equals first. All-zero shares leave the whole total with the first.

    >>> apportion(10, [1, 1, 1])
    [4, 3, 3]
    >>> apportion(7, [0, 0])
    [7, 0]

    Raises ValueError for a negative total or share.

    References: M. Balinski and H. Young, Fair Representation, 1982 (Hamilton's method).
    """
    if total < 0 or any(share < 0 for share in shares):
        raise ValueError("apportion takes no negative numbers")
    whole = sum(shares)
    if not shares:
        return []
    if whole == 0:
        return [total] + [0] * (len(shares) - 1)
    parts = [total * share // whole for share in shares]
    rest = total - sum(parts)
    order = sorted(range(len(shares)), key=lambda i: (-(total * shares[i] % whole), i))
    for i in order[:rest]:
        parts[i] += 1
    return parts
