"""Who is looked at before anything is scored: within reach, allowed, hours that meet, nothing indispensable missing.

Every test goes over one column of many people in a row, and leaves a shorter list for the next.
"""

from matching.engine.index.compile import part
from matching.engine.index.formulas import COVERAGE
from matching.engine.index.layout import SPEAKS
from matching.engine.score import HARD_COVERAGE


@part
def list_rows(people, ranges, n_ranges, at, low, high, job, meet_hours, allowed, rows):
    """(n, at): rows from low to high that the filters let through, and the range to go on with. allowed: length 0 for all."""
    n = 0
    while at < n_ranges and ranges[at, 0] < high:
        first, last = max(low, ranges[at, 0]), min(high, ranges[at, 1])
        if meet_hours:
            least, most = job.hours[0], job.hours[1]
            for c in range(first, last):
                rows[n] = c
                n += (people.hours_to[c] >= least) & (people.hours_from[c] <= most)
        else:
            for c in range(first, last):
                rows[n] = c
                n += 1
        if ranges[at, 1] > high:
            break
        at += 1
    if len(allowed):
        kept = 0
        for i in range(n):
            rows[kept] = rows[i]
            kept += allowed[rows[i]] != 0
        n = kept
    return n, at


@part
def drop_failing(people, work, v, rows, n):
    """How many of the first n rows (kept in front) lack nothing indispensable beside skills."""
    job = work.row[v]
    if job.education_hard and job.education > 0:
        kept, asked = 0, job.education
        for i in range(n):
            has = people.education[rows[i]]
            rows[kept] = rows[i]
            kept += (has <= 0) | (has >= asked)
        n = kept
    for column in range(work.languages.shape[1]):
        asked = work.languages[v, column]
        if asked > 0 and work.languages_hard[v, column]:
            kept, spoken = 0, people.languages[column]
            for i in range(n):
                rows[kept] = rows[i]
                kept += (spoken[rows[i]] >= asked) | (people.known[rows[i]] & SPEAKS == 0)
            n = kept
    for word in range(work.certificates.shape[1]):
        needed = work.certificates_hard[v, word]
        if needed:
            kept, papers = 0, people.certificates[word]
            for i in range(n):
                rows[kept] = rows[i]
                kept += needed & ~papers[rows[i]] == 0
            n = kept
    return n


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
    """How many of the first n rows (kept in front) cover hard requirement r."""
    has[:] = 0
    for pair in range(pairs.start[r], pairs.start[r + 1]):
        skill, cover = pairs.skill[pair], COVERAGE[pairs.table[pair]]
        for i in range(postings.start[skill, block], postings.start[skill, block + 1]):
            if cover[postings.evidence[i]] >= HARD_COVERAGE:
                has[postings.row[i]] = 1
    kept = 0
    for i in range(n):
        rows[kept] = rows[i]
        kept += has[rows[i] - low]
    return kept
