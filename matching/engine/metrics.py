"""How good probabilities, orders and shares are. `p` are predicted chances in [0, 1], `y` outcomes 0 or 1, both (n,)."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

BINS = 10


def brier(p: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Mean squared error of the chance: ``mean((p - y)^2)``, 0 is perfect.

    >>> brier(np.array([0.8, 0.4]), np.array([1, 0]))
    0.1

    References: G. W. Brier, Monthly Weather Review 78, 1950.
    """
    return round(float(np.mean((np.asarray(p) - np.asarray(y)) ** 2)), 12)


def log_loss(p: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Mean of ``-y log p - (1 - y) log(1 - p)`` with p kept within [1e-6, 1 - 1e-6].

    >>> round(log_loss(np.array([0.5, 0.5]), np.array([1, 0])), 4)
    0.6931
    """
    q = np.clip(p, 1e-6, 1 - 1e-6)
    return float(-np.mean(np.where(np.asarray(y) == 1, np.log(q), np.log(1 - q))))


def auc(p: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Chance that a random success was given more than a random failure; NaN when only one outcome occurs.

    >>> auc(np.array([0.9, 0.8, 0.1]), np.array([1, 0, 0]))
    1.0
    """
    return float(roc_auc_score(y, p)) if len(np.unique(y)) == 2 else float("nan")


def reliability(p: NDArray[np.float64], y: NDArray[np.float64], bins: int = BINS) -> list[tuple[float, float, int]]:
    """(mean chance said, share that happened, count) for groups of equal size, from low to high chances.

    >>> reliability(np.array([0.1, 0.1, 0.7, 0.9]), np.array([0, 0, 1, 1]), bins=2)
    [(0.1, 0.0, 2), (0.8, 1.0, 2)]
    """
    order = np.argsort(p, kind="stable")
    groups = [group for group in np.array_split(order, min(bins, len(order))) if len(group)]
    return [(round(float(np.mean(p[group])), 6), round(float(np.mean(y[group])), 6), len(group)) for group in groups]


def ece(p: NDArray[np.float64], y: NDArray[np.float64], bins: int = BINS) -> float:
    """Expected calibration error: the mean gap between said and happened over groups of equal size, weighted by size.

    >>> round(ece(np.array([0.1, 0.1, 0.7, 0.9]), np.array([0, 0, 1, 1]), bins=2), 3)
    0.15
    """
    rows = reliability(np.asarray(p), np.asarray(y), bins)
    total = sum(n for _, _, n in rows)
    return float(sum(n * abs(said - happened) for said, happened, n in rows) / total) if total else float("nan")


def summary(p: NDArray[np.float64], y: NDArray[np.float64]) -> dict[str, float]:
    """All of the above by name, with the number of outcomes and the base rate."""
    p, y = np.asarray(p, dtype=np.float64), np.asarray(y, dtype=np.float64)
    return {
        "n": len(y), "base_rate": float(y.mean()) if len(y) else float("nan"), "brier": brier(p, y),
        "log_loss": log_loss(p, y), "auc": auc(p, y), "ece": ece(p, y),
    }  # fmt: skip


def ndcg(gains: NDArray[np.float64], order: NDArray[np.int64], k: int = 10) -> float:
    """Discounted gain of the first k in this order, as a share of the best possible; NaN where nothing is worth anything.

    ``sum_i gain_i / log2(i + 1)`` over places i = 1..k. gains: (n,) >= 0 of each item; order: positions, best first.

    >>> ndcg(np.array([0.0, 1.0, 0.5]), np.array([1, 2, 0]))
    1.0
    >>> round(ndcg(np.array([0.0, 1.0]), np.array([0, 1])), 4)
    0.6309

    References: K. Järvelin and J. Kekäläinen, ACM Transactions on Information Systems 20, 2002.
    """
    gains = np.asarray(gains, dtype=np.float64)
    discount = 1 / np.log2(np.arange(2, min(k, len(gains)) + 2))
    best = float(np.sum(np.sort(gains)[::-1][: len(discount)] * discount))
    return float(np.sum(gains[np.asarray(order)[: len(discount)]] * discount)) / best if best > 0 else float("nan")


def reciprocal_rank(relevant: NDArray[np.bool_], order: NDArray[np.int64]) -> float:
    """One divided by the place of the first relevant item; NaN where there is none.

    >>> reciprocal_rank(np.array([False, True]), np.array([0, 1]))
    0.5
    """
    places = np.flatnonzero(np.asarray(relevant)[np.asarray(order)])
    return 1 / (int(places[0]) + 1) if len(places) else float("nan")


def gini(shares: NDArray[np.float64]) -> float:
    """How unevenly something is divided: 0 when all have the same, near 1 when one has everything; NaN without anything.

    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 0.0, 0.0, 4.0]))
    (0.0, 0.75)
    """
    shares = np.sort(np.asarray(shares, dtype=np.float64))
    n, total = len(shares), float(shares.sum())
    return float((2 * np.arange(1, n + 1) - n - 1) @ shares / (n * total)) if total > 0 else float("nan")


def coverage(low: NDArray[np.float64], high: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    """Share of true values within their interval, the ends included.

    >>> coverage(np.array([0.1, 0.1]), np.array([0.3, 0.3]), np.array([0.2, 0.4]))
    0.5
    """
    return float(np.mean((np.asarray(low) <= truth) & (truth <= np.asarray(high))))
