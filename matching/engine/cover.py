"""Choose a few skills that together cover most of what is needed: the greedy algorithm for facility location.

There are needs, each with a weight, and candidates that cover a need in part or in full. A set S of candidates is worth

    f(S) = sum over needs i of  w_i * max over j in S of  s_ji        with s_ji in [0, 15] steps

which is monotone and submodular: a candidate adds less when more was chosen before it. Taking the candidate that adds most,
again and again, therefore reaches at least 1 - 1/e = 63 % of the best possible set of that size, and in practice much more.
Because what a candidate adds can only shrink, it is computed anew only for the one at the top of the heap (lazy greedy).

References: G. Nemhauser, L. Wolsey and M. Fisher, Mathematical Programming 14, 1978; M. Minoux, 1978 (lazy evaluation).
"""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FULL = 15  # steps of similarity: the need itself


@dataclass(frozen=True)
class Chosen:
    """One candidate of the set, in order of choosing."""

    candidate: int  # row of the candidate
    gain: int  # what it added, in weight x steps
    total: int  # what the set is worth up to and with this one


def greedy_cover(
    weight: NDArray[np.int64],
    indptr: NDArray[np.int64],
    need: NDArray[np.int64],
    similarity: NDArray[np.int64],
    size: int,
) -> list[Chosen]:
    """The best `size` candidates by greedy choice, fewer when no other adds anything; ties to the lower row.

    weight: (n_needs,) whole, not negative. Candidates are CSR over needs: candidate ``j`` covers the needs
    ``need[indptr[j]:indptr[j + 1]]``, each once, by ``similarity`` in [0, 15].

    Two needs of weight 3 and 2; candidate 0 covers both for two thirds, 1 and 2 one of them in full:

    >>> picked = greedy_cover(np.array([3, 2]), np.array([0, 2, 3, 4]), np.array([0, 1, 0, 1]),
    ...                       np.array([10, 10, 15, 15]), 2)
    >>> [(one.candidate, one.gain, one.total) for one in picked]
    [(0, 50, 50), (1, 15, 65)]

    Raises ValueError for a negative weight or size, or a similarity out of range.
    """
    if size < 0 or (weight < 0).any():
        raise ValueError("size and weights are not negative")
    if len(similarity) and (similarity.min() < 0 or similarity.max() > FULL):
        raise ValueError("similarity is in steps from 0 to 15")
    best = np.zeros(len(weight), dtype=np.int64)

    def adds(j: int) -> int:
        mine = slice(indptr[j], indptr[j + 1])
        more = np.maximum(similarity[mine] - best[need[mine]], 0)
        return int((weight[need[mine]] * more).sum())

    heap = [(-adds(j), j) for j in range(len(indptr) - 1)]
    heapq.heapify(heap)
    chosen: list[Chosen] = []
    total = 0
    while heap and len(chosen) < size:
        _, j = heapq.heappop(heap)
        gain = adds(j)
        if heap and (-gain, j) > heap[0]:  # it shrank under the next one: look again later
            heapq.heappush(heap, (-gain, j))
            continue
        if gain == 0:
            break
        mine = slice(indptr[j], indptr[j + 1])
        np.maximum.at(best, need[mine], similarity[mine])
        total += gain
        chosen.append(Chosen(j, gain, total))
    return chosen
