"""Posting lists: per block of people and per skill, who has it, how well, and with what joy.

Kept unexpanded (a skill, not everything near it): nearness is applied by the query, which asks some 140 short lists in each
block that it needs. That takes a third of the memory of expanded lists, and memory is what a scan waits for.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.index.compile import kernel
from matching.engine.index.layout import BLOCK, EVIDENCE_AT, ROW_WIDTH, People, frozen


class Postings(NamedTuple):
    """Entries of skill s in block b stand at ``start[s, b]:start[s, b + 1]``, rows ascending: neighbours side by side."""

    start: NDArray[np.uint32]  # (n_skills, n_blocks + 1)
    entry: NDArray[np.uint32]  # row in the block (12 bits), joy + 1 (4), evidence (8)


def post(people: People, n_skills: int) -> Postings:
    """The posting lists of these people."""
    n_blocks = max(1, -(-len(people.row) // BLOCK))
    start = np.zeros((n_skills, n_blocks + 1), dtype=np.uint32)
    entry = np.empty(len(people.skill), dtype=np.uint32)
    first = np.append(people.row["first"].astype(np.int64), len(people.skill))
    _fill(first, people.skill, people.entry, start, entry)
    return frozen(Postings(start, entry))


@kernel
def _fill(first, skill, own, start, entry):
    n, n_blocks = len(first) - 1, start.shape[1] - 1
    place = np.zeros(start.shape[0] + 1, dtype=np.int64)
    for i in range(len(skill)):
        place[np.int64(skill[i]) + 1] += 1
    for s in range(start.shape[0]):
        place[s + 1] += place[s]
    for block in range(n_blocks):
        start[:, block] = place[:-1]
        for c in range(block * BLOCK, min((block + 1) * BLOCK, n)):
            for i in range(first[c], first[c + 1]):
                to = place[skill[i]]
                place[skill[i]] = to + 1
                entry[to] = c - block * BLOCK | (own[i] >> 8 & 3) << ROW_WIDTH | (own[i] & 255) << EVIDENCE_AT
    start[:, n_blocks] = place[:-1]
