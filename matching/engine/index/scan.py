"""Competence and joy of everybody in a block who is eligible, by the cheaper of two ways that give the same numbers.

*Postings*: walk the lists of all skills that count, requirement by requirement, keeping the best coverage and the nearest joy of
each person. Who is eligible has a seat in the block; entries of others fall away first, without a branch that the processor would
guess wrong, and what is kept of the seated stays in the nearest cache.
*Rows*: walk the skills of each eligible person. With few eligible the second touches less.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.index.compile import part, prefetch
from matching.engine.index.formulas import COVERAGE, FELT, JOY_KEYS, joy_key
from matching.engine.index.layout import BLOCK, EVIDENCE_AT, ROW_BITS, ROW_WIDTH

LIST_COST = 20.0  # opening one posting list, in entries
ROW_COST = 1.5  # one skill of a person, in entries
_NO_SEAT = 2**16 - 1
_ROW, _JOY = np.uint32(ROW_BITS), np.uint32(3)


class Room(NamedTuple):
    """Room for one block, kept between blocks and questions; by seat (the place in the list of who is eligible) unless said."""

    keep: NDArray[np.uint8]
    rows: NDArray[np.int64]  # who is eligible
    seat: NDArray[np.uint16]  # by row in the block
    found: NDArray[np.uint32]  # entries of one list with the seat in place of the row
    touched: NDArray[np.uint16]  # seats that the requirement reached
    best: NDArray[np.uint16]  # coverage of the requirement, + 1; 0 between requirements
    nearest: NDArray[np.uint8]  # key of its joy, + 1; 0 between requirements
    total: NDArray[np.uint32]  # sum of weight x coverage
    felt: NDArray[np.uint64]  # sum of importance x FELT


def make_room() -> Room:
    return Room(
        np.empty(BLOCK, dtype=np.uint8), np.empty(BLOCK + 1, dtype=np.int64), np.empty(BLOCK, dtype=np.uint16),
        np.empty(BLOCK + 1, dtype=np.uint32), np.empty(BLOCK + 1, dtype=np.uint16), np.zeros(BLOCK, dtype=np.uint16),
        np.zeros(BLOCK, dtype=np.uint8), np.empty(BLOCK, dtype=np.uint32), np.empty(BLOCK, dtype=np.uint64),
    )  # fmt: skip


@part
def scan_block(people, postings, block, low, work, job, pairs, n, room, covered, joys):
    """room.total and room.felt become the sums over skills of the first n of room.rows. covered, joys: (n_asks,) room."""
    entries, own = 0.0, 0.0
    for pair in range(len(pairs.skill)):
        skill = pairs.skill[pair]
        start = postings.start[skill, block]
        entries += postings.start[skill, block + 1] - start
        prefetch(postings.entry, start)
        prefetch(postings.entry, start + 16)
    for i in range(0, n, 8):  # a sample will do
        own += 8 * people.row[room.rows[i]].n_skills
    if entries + LIST_COST * len(pairs.skill) < ROW_COST * own:
        _by_postings(postings, block, low, work, job, pairs, n, room)
    else:
        _by_rows(people, work, job, pairs, n, room, covered, joys)


@part
def _by_postings(postings, block, low, work, job, pairs, n, room):
    room.total[:n] = 0
    room.felt[:n] = 0
    room.seat[:] = _NO_SEAT
    for i in range(n):
        room.seat[room.rows[i] - low] = i
    for r in range(job.n_asks):
        ask = work.asks[job.first + r]
        n_touched = 0
        for pair in range(pairs.start[r], pairs.start[r + 1]):
            skill, n_found = pairs.skill[pair], np.uint64(0)
            cover, keys = COVERAGE[pairs.table[pair]], JOY_KEYS[pairs.similarity[pair]]
            for i in range(postings.start[skill, block], postings.start[skill, block + 1]):
                entry = postings.entry[i]
                seat = room.seat[entry & _ROW]
                room.found[n_found] = seat | entry & ~_ROW
                n_found += np.uint64(seat != _NO_SEAT)
            for i in range(n_found):
                entry = room.found[i]
                seat = entry & _ROW
                value, key = np.uint16(cover[entry >> EVIDENCE_AT] + 1), keys[entry >> ROW_WIDTH & _JOY]
                had = room.best[seat]
                room.touched[n_touched] = seat
                n_touched += had == 0
                room.best[seat] = max(had, value)
                room.nearest[seat] = max(room.nearest[seat], key)
        weight, importance = np.uint32(ask.weight), np.uint64(ask.importance)
        for i in range(n_touched):
            seat = room.touched[i]
            room.total[seat] += weight * np.uint32(room.best[seat] - 1)
            room.felt[seat] += importance * FELT[room.nearest[seat]]
            room.best[seat] = 0
            room.nearest[seat] = 0


@part
def _by_rows(people, work, job, pairs, n, room, covered, joys):
    for i in range(n):
        weigh_requirements(people, people.row[room.rows[i]], pairs, covered, joys)
        total, felt = np.uint32(0), np.uint64(0)
        for r in range(job.n_asks):
            ask = work.asks[job.first + r]
            total += np.uint32(ask.weight) * np.uint32(covered[r])
            felt += np.uint64(ask.importance) * FELT[joys[r] + 1]
        room.total[i], room.felt[i] = total, felt


@part
def weigh_requirements(people, person, pairs, covered, joys):
    """covered[r] becomes the coverage of requirement r by this person, joys[r] the key of the nearest joy in it (-1: none)."""
    covered[:] = 0
    joys[:] = -1
    for i in range(np.int64(person.first), np.int64(person.first) + np.int64(person.n_skills)):
        pair = pairs.head[people.skill[i]]
        entry = people.entry[i]
        while pair >= 0:
            r = pairs.requirement[pair]
            covered[r] = max(covered[r], COVERAGE[pairs.table[pair], entry & 255])
            joys[r] = max(joys[r], joy_key(np.int64(pairs.similarity[pair]), np.int64(entry >> 8 & 3) - 1))
            pair = pairs.after[pair]
