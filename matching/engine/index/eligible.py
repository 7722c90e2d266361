"""Who is looked at before anything is scored: within reach, allowed, hours that meet, nothing indispensable missing.

Every test goes over one column of neighbours in a row and marks who fails, many people in one step of the processor; a list
is only made of who is left.
"""

import numpy as np

from matching.engine.index.compile import part
from matching.engine.index.formulas import COVERAGE
from matching.engine.index.layout import EVIDENCE_AT, ROW_BITS, SAYS_NOTHING
from matching.engine.score import HARD_COVERAGE


@part
def list_rows(people, work, v, ranges, n_ranges, at, low, high, meet_hours, allowed, keep, rows):
    """(n, at): the rows from low to high in reach that lack nothing beside skills, and the range to go on with.

    Everything from the first to the last in reach is marked at once: stretches between them are short, and testing is cheap.

    allowed: length 0 for all. keep: (BLOCK,) room. rows: (BLOCK + 1,) becomes the rows, ascending.
    """
    begin, after, n = max(low, ranges[at, 0]), at + 1, 0
    while after < n_ranges and ranges[after, 0] < high:
        after += 1
    _mark(people, work, v, begin, min(high, ranges[after - 1, 1]), meet_hours, allowed, keep)
    for each in range(at, after):
        for row in range(max(low, ranges[each, 0]), min(high, ranges[each, 1])):
            rows[n] = row
            n += np.int64(keep[row - begin])
    return n, after - (ranges[after - 1, 1] > high)


@part
def _mark(people, work, v, first, last, meet_hours, allowed, keep):
    """keep[i] becomes whether row first + i passes the filters and all that is indispensable beside skills."""
    job, n = work.row[v], last - first
    if meet_hours:
        least, most = job.hours[0], job.hours[1]
        since, until = people.hours_from[first:last], people.hours_to[first:last]
        for i in range(n):
            keep[i] = (until[i] >= least) & (since[i] <= most)
    else:
        keep[:n] = 1
    if len(allowed):
        may = allowed[first:last]
        for i in range(n):
            keep[i] &= may[i] != 0
    if job.education_hard and job.education > 0:
        asked, has = job.education, people.education[first:last]
        for i in range(n):
            keep[i] &= (has[i] <= 0) | (has[i] >= asked)
    for column in range(work.languages.shape[1]):
        asked = work.languages[v, column]
        if asked > 0 and work.languages_hard[v, column]:
            spoken = people.languages[column, first:last]
            for i in range(n):
                keep[i] &= (spoken[i] >= asked) | (spoken[i] == SAYS_NOTHING)
    for word in range(work.certificates.shape[1]):
        needed = work.certificates_hard[v, word]
        if needed:
            papers = people.certificates[word, first:last]
            for i in range(n):
                keep[i] &= needed & ~papers[i] == 0


@part
def drop_rows(rows, n, apart):
    """How many of the first n rows (ascending, kept in front) are not in `apart` (ascending)."""
    kept, at = 0, 0
    for i in range(n):
        while at < len(apart) and apart[at] < rows[i]:
            at += 1
        rows[kept] = rows[i]
        kept += at == len(apart) or apart[at] != rows[i]
    return kept


@part
def drop_uncovered(postings, block, low, pairs, r, has, rows, n):
    """How many of the first n rows (kept in front) cover hard requirement r. has: (BLOCK,) room."""
    has[:] = 0
    for pair in range(pairs.start[r], pairs.start[r + 1]):
        skill, cover = pairs.skill[pair], COVERAGE[pairs.table[pair]]
        for i in range(postings.start[skill, block], postings.start[skill, block + 1]):
            entry = postings.entry[i]
            if cover[entry >> EVIDENCE_AT] >= HARD_COVERAGE:
                has[entry & ROW_BITS] = 1
    kept = 0
    for i in range(n):
        rows[kept] = rows[i]
        kept += has[rows[i] - low]
    return kept
