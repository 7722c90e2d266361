"""Competence of everybody in a block who is eligible, by the cheaper of two ways that give the same numbers.

*Postings*: walk the lists of all skills that count, requirement by requirement, keeping the best coverage of each person
(scores of a block stay in cache). *Rows*: walk the skills of each eligible person. With few eligible the second touches less.
"""

import numpy as np

from matching.engine.index.compile import part
from matching.engine.index.formulas import COVERAGE

LIST_COST = 20.0  # opening one posting list, in entries
ROW_COST = 1.5  # one skill of a person, in entries


@part
def scan_block(people, postings, block, low, size, work, v, pairs, mask, n, total, best, covered):
    """total[row] becomes sum of weight x coverage over skills, for every row with mask set."""
    entries = 0
    for pair in range(len(pairs.skill)):
        skill = pairs.skill[pair]
        entries += postings.start[block, skill + 1] - postings.start[block, skill]
    mean = (people.start[low + size] - people.start[low]) / size
    if entries + LIST_COST * len(pairs.skill) < ROW_COST * n * mean:
        _by_postings(postings, block, size, work, v, pairs, mask, total, best)
    else:
        _by_rows(people, low, size, work, v, pairs, mask, total, covered)


@part
def _by_postings(postings, block, size, work, v, pairs, mask, total, best):
    total[:size] = 0
    first = work.start[v]
    for r in range(len(pairs.start) - 1):
        weight = np.int64(work.weight[first + r])
        best[:size] = 0
        for pair in range(pairs.start[r], pairs.start[r + 1]):
            skill, cover = pairs.skill[pair], COVERAGE[pairs.table[pair]]
            for i in range(postings.start[block, skill], postings.start[block, skill + 1]):
                row = postings.row[i]
                value = cover[postings.evidence[i]]
                if value > best[row]:
                    total[row] += weight * (np.int64(value) - np.int64(best[row]))
                    best[row] = value


@part
def _by_rows(people, low, size, work, v, pairs, mask, total, covered):
    first, n_requirements = work.start[v], len(pairs.start) - 1
    for row in range(size):
        if mask[row]:
            cover_requirements(people, low + row, pairs, covered)
            whole = np.int64(0)
            for r in range(n_requirements):
                whole += np.int64(work.weight[first + r]) * np.int64(covered[r])
            total[row] = whole


@part
def cover_requirements(people, c, pairs, covered):
    """covered[r] becomes the coverage of requirement r by person c."""
    covered[:] = 0
    for i in range(people.start[c], people.start[c + 1]):
        pair = pairs.head[people.skill[i]]
        while pair >= 0:
            value = COVERAGE[pairs.table[pair], people.entry[i] & 255]
            r = pairs.requirement[pair]
            covered[r] = max(covered[r], value)
            pair = pairs.after[pair]
