"""Posting lists: per block of people and per skill, who has it and how well.

Kept unexpanded (a skill, not everything near it): nearness is applied by the query, which asks some 140 short lists in each
block that it needs. That takes a third of the memory of expanded lists, and memory is what a scan waits for.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.index.compile import kernel
from matching.engine.index.layout import BLOCK, People, frozen


class Postings(NamedTuple):
    """Entries of skill s in block b stand at ``start[b, s]:start[b, s + 1]``, rows ascending."""

    start: NDArray[np.int64]  # (n_blocks, n_skills + 1)
    row: NDArray[np.uint16]  # in the block
    evidence: NDArray[np.uint8]


def post(people: People, n_skills: int) -> Postings:
    """The posting lists of these people."""
    n_blocks = max(1, -(-len(people.ids) // BLOCK))
    start = np.zeros((n_blocks, n_skills + 1), dtype=np.int64)
    row = np.empty(len(people.skill), dtype=np.uint16)
    evidence = np.empty(len(people.skill), dtype=np.uint8)
    _fill(people.start, people.skill, people.entry, start, row, evidence)
    return frozen(Postings(start, row, evidence))


@kernel
def _fill(person_start, skill, entry, start, row, evidence):
    n = len(person_start) - 1
    for block in range(start.shape[0]):
        low, high = block * BLOCK, min((block + 1) * BLOCK, n)
        at = start[block]
        for i in range(person_start[low], person_start[high]):
            at[skill[i] + 1] += 1
        at[0] = person_start[low]
        for s in range(len(at) - 1):
            at[s + 1] += at[s]
        place = at[:-1].copy()
        for person in range(low, high):
            for i in range(person_start[person], person_start[person + 1]):
                to = place[skill[i]]
                place[skill[i]] = to + 1
                row[to] = person - low
                evidence[to] = entry[i] & 255
