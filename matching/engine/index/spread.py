"""One person's skills, spread over everything that they count for: what any requirement gets from them is then looked up.

Some forty skills count for some 250 of 14,000, so the columns are short: every skill that is reached has a slot, and what is not
reached has slot 0, where there is nothing. A requirement costs two reads that stay in the nearest cache, and no branch.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.index.compile import inner, part, prefetch
from matching.engine.index.formulas import COVERAGE, FELT, JOY_KEYS
from matching.engine.scale import STEPS

LEVELS = STEPS + 1
# (similarity, evidence, level asked): one row of the processor's vectors for all levels at once.
_COVERS = np.ascontiguousarray(COVERAGE.reshape(LEVELS, LEVELS, -1).transpose(0, 2, 1))
_AHEAD = 6  # skills


class Spread(NamedTuple):
    """Slot 0 of every column but `slot` is nothing; the others are filled as far as skills are reached."""

    slot: NDArray[np.uint16]  # (n_skills,)
    skill: NDArray[np.int32]  # (n_skills + 1,) the skill of a slot
    best: NDArray[np.uint16]  # (n_skills + 1, LEVELS) coverage of a requirement for it, by the level asked
    key: NDArray[np.uint8]  # (n_skills + 1,) key of the nearest joy, + 1
    felt: NDArray[np.uint64]  # (n_skills + 1,) FELT of that key


@inner
def make_spread(n_skills):
    """Room for anybody's skills, with nothing in it."""
    spread = Spread(
        np.zeros(n_skills, dtype=np.uint16), np.empty(n_skills + 1, dtype=np.int32),
        np.empty((n_skills + 1, LEVELS), dtype=np.uint16), np.empty(n_skills + 1, dtype=np.uint8),
        np.empty(n_skills + 1, dtype=np.uint64),
    )  # fmt: skip
    spread.best[0], spread.key[0], spread.felt[0] = 0, 0, 0
    return spread


@part
def spread_skills(people, c, nearness, spread):
    """Fill the spread with what person c can; how many skills are reached. Slots start empty: see `clear`."""
    person, n = people.row[c], np.uint32(0)
    first = np.int64(person.first)
    last = first + np.int64(person.n_skills)
    for i in range(first, last):
        if i + _AHEAD < last:
            soon = nearness.back_indptr[people.skill[i + _AHEAD]]
            prefetch(nearness.back, soon)
            prefetch(nearness.back_similarity, soon)
        skill, evidence, joy = people.skill[i], people.entry[i] & 255, people.entry[i] >> 8 & 3
        for at in range(nearness.back_indptr[skill], nearness.back_indptr[skill + 1]):
            reached, similarity = np.uint32(nearness.back[at]), np.uint32(nearness.back_similarity[at])
            covers, key = _COVERS[similarity, evidence], JOY_KEYS[similarity, joy]
            slot = np.uint32(spread.slot[reached])
            if slot == 0:
                n += np.uint32(1)
                spread.slot[reached], spread.skill[n], spread.key[n] = n, reached, key
                for level in range(LEVELS):
                    spread.best[n, level] = covers[level]
            else:
                for level in range(LEVELS):
                    spread.best[slot, level] = max(spread.best[slot, level], covers[level])
                spread.key[slot] = max(spread.key[slot], key)
    for slot in range(1, n + 1):
        spread.felt[slot] = FELT[spread.key[slot]]
    return n


@part
def clear(spread, n):
    """Empty the slots again after n skills were reached."""
    for slot in range(1, n + 1):
        spread.slot[spread.skill[slot]] = 0
