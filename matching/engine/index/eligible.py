"""Who is looked at before anything is scored: within reach, allowed, hours that meet, nothing indispensable missing.

Every test goes over one column of neighbours in a row and marks who fails, many people in one step of the processor; a list
is only made of who is left.
"""

from matching.engine.index.compile import part
from matching.engine.index.formulas import COVERAGE
from matching.engine.index.layout import ROW_BITS, SPEAKS
from matching.engine.score import HARD_COVERAGE


@part
def list_rows(people, work, v, ranges, n_ranges, at, low, high, meet_hours, allowed, keep, rows):
    """(n, at): the rows from low to high in reach that lack nothing beside skills, and the range to go on with.

    allowed: length 0 for all. keep: (BLOCK,) room. rows: (BLOCK + 1,) becomes the rows, ascending.
    """
    n = 0
    while at < n_ranges and ranges[at, 0] < high:
        first, last = max(low, ranges[at, 0]), min(high, ranges[at, 1])
        _mark(people, work, v, first, last, meet_hours, allowed, keep)
        for c in range(first, last):
            rows[n] = c
            n += keep[c - first]
        if ranges[at, 1] > high:
            break
        at += 1
    return n, at


@part
def _mark(people, work, v, first, last, meet_hours, allowed, keep):
    """keep[i] becomes whether row first + i passes the filters and all that is indispensable beside skills."""
    job, n = work.row[v], last - first
    keep[:n] = 1
    if meet_hours:
        least, most = job.hours[0], job.hours[1]
        for i in range(n):
            keep[i] &= (people.hours_to[first + i] >= least) & (people.hours_from[first + i] <= most)
    if len(allowed):
        for i in range(n):
            keep[i] &= allowed[first + i] != 0
    if job.education_hard and job.education > 0:
        asked = job.education
        for i in range(n):
            keep[i] &= (people.education[first + i] <= 0) | (people.education[first + i] >= asked)
    for column in range(work.languages.shape[1]):
        asked = work.languages[v, column]
        if asked > 0 and work.languages_hard[v, column]:
            spoken = people.languages[column]
            for i in range(n):
                keep[i] &= (spoken[first + i] >= asked) | (people.known[first + i] & SPEAKS == 0)
    for word in range(work.certificates.shape[1]):
        needed = work.certificates_hard[v, word]
        if needed:
            papers = people.certificates[word]
            for i in range(n):
                keep[i] &= needed & ~papers[first + i] == 0


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
            if cover[postings.evidence[i]] >= HARD_COVERAGE:
                has[postings.person[i] & ROW_BITS] = 1
    kept = 0
    for i in range(n):
        rows[kept] = rows[i]
        kept += has[rows[i] - low]
    return kept
