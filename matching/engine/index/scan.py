"""Competence of everybody in a block who is eligible, by the cheaper of two ways that give the same numbers.

*Postings*: walk the lists of all skills that count, requirement by requirement, keeping the best coverage of each person
(scores of a block stay in cache). *Rows*: walk the skills of each eligible person. With few eligible the second touches less.
"""

import numpy as np

from matching.engine.index.compile import part, prefetch
from matching.engine.index.formulas import COVERAGE, joy_key

LIST_COST = 20.0  # opening one posting list, in entries
ROW_COST = 1.5  # one skill of a person, in entries


@part
def scan_block(people, postings, block, low, size, work, job, pairs, rows, n, total, best, covered):
    """total[row - low] becomes sum of weight x coverage over skills, for the first n of `rows`."""
    entries, own = 0.0, 0.0
    for pair in range(len(pairs.skill)):
        skill = pairs.skill[pair]
        start = postings.start[skill, block]
        entries += postings.start[skill, block + 1] - start
        prefetch(postings.row, start)
        prefetch(postings.evidence, start)
    for i in range(0, n, 8):  # a sample will do
        own += 8 * people.row[rows[i]].n_skills
    if entries + LIST_COST * len(pairs.skill) < ROW_COST * own:
        _by_postings(postings, block, size, work, job, pairs, total, best)
    else:
        for i in range(n):
            cover_requirements(people, people.row[rows[i]], pairs, covered)
            whole = np.uint32(0)
            for r in range(job.n_asks):
                whole += np.uint32(work.asks[job.first + r].weight) * np.uint32(covered[r])
            total[rows[i] - low] = whole


@part
def _by_postings(postings, block, size, work, job, pairs, total, best):
    total[:size] = 0
    best[:size] = 0
    for r in range(job.n_asks):
        weight = np.uint32(work.asks[job.first + r].weight)
        base = np.uint32(r) << np.uint32(14)  # above all that earlier requirements left in `best`
        for pair in range(pairs.start[r], pairs.start[r + 1]):
            skill, cover = pairs.skill[pair], COVERAGE[pairs.table[pair]]
            for i in range(postings.start[skill, block], postings.start[skill, block + 1]):
                row = postings.row[i]
                value, had = base + np.uint32(cover[postings.evidence[i]]), max(best[row], base)
                if value > had:
                    total[row] += weight * np.uint32(value - had)
                    best[row] = value


@part
def cover_requirements(people, person, pairs, covered):
    """covered[r] becomes the coverage of requirement r by this person."""
    covered[:] = 0
    for i in range(np.int64(person.first), np.int64(person.first) + np.int64(person.n_skills)):
        pair = pairs.head[people.skill[i]]
        while pair >= 0:
            value = COVERAGE[pairs.table[pair], people.entry[i] & 255]
            r = pairs.requirement[pair]
            covered[r] = max(covered[r], value)
            pair = pairs.after[pair]


@part
def feel_requirements(people, person, pairs, joys):
    """joys[r] becomes the key of the nearest joy of this person in requirement r, -1 where none is known."""
    joys[:] = -1
    for i in range(np.int64(person.first), np.int64(person.first) + np.int64(person.n_skills)):
        joy = np.int64(people.entry[i] >> 8 & 3) - 1
        if joy < 0:
            continue
        at = pairs.head[people.skill[i]]
        while at >= 0:
            r = pairs.requirement[at]
            joys[r] = max(joys[r], joy_key(np.int64(pairs.similarity[at]), joy))
            at = pairs.after[at]
