"""The best k people for one vacancy, exactly, without scoring everybody whole.

Three steps, each on fewer people (the threshold algorithm: R. Fagin, A. Lotem and M. Naor, 2001):

1. eligible: a mask per block, from filters and hard requirements, before anything is scored;
2. competence of the eligible, which with drive (known beforehand) and the most that passion can be gives the highest fit
   that each may have;
3. the whole score, from the most promising on, until nobody left can reach the k-th place.

When fewer than k pass, who is shown but fails something indispensable follows, in order, as `score.rank` has it.
"""

import numpy as np

from matching.engine.index.compile import kernel, part
from matching.engine.index.eligible import drop_uncovered, mark, shown
from matching.engine.index.formulas import (
    COLUMNS,
    FAILURES,
    FIT,
    beside_skills,
    combine_fit,
    combine_passion,
    divide,
    joy_key,
    pair,
)
from matching.engine.index.layout import BLOCK, INTERESTS_KNOWN, JOY_KNOWN, VALUES_KNOWN, WISHES_KNOWN
from matching.engine.index.question import pairs_of
from matching.engine.index.scan import cover_requirements, scan_block
from matching.engine.index.topk import key_of, push
from matching.engine.scale import NEUTRAL, ONE

_BOUND_STEP = 16  # of the histogram of highest possible fits


@part
def whole_score(people, c, work, v, pairs, minutes, motivation, covered, joys, out):
    """The whole score of person c, from their own list of skills."""
    covered[:] = 0
    joys[:] = -1
    for i in range(people.start[c], people.start[c + 1]):
        joy = np.int64(people.entry[i] >> 8 & 3) - 1
        at = pairs.head[people.skill[i]]
        while at >= 0 and joy >= 0:
            r = pairs.requirement[at]
            joys[r] = max(joys[r], joy_key(np.int64(pairs.similarity[at]), joy))
            at = pairs.after[at]
    cover_requirements(people, c, pairs, covered)
    pair(people, c, work, v, covered, joys, minutes, motivation, out)


@kernel
def most_passion(work, v):
    """(16,) the most that passion can be by which parts are known of a person, given what is known of the vacancy."""
    job, offers = False, False
    for axis in range(6):
        job |= work.profile[v, axis] != 0
        offers |= work.values[v, axis] >= 0
    most = np.zeros(16, dtype=np.int64)
    for known in range(16):
        most[known] = NEUTRAL
        for sub in range(16):
            # A part that a person tells of may still be unknown of the pair: the most is over all that may be known.
            if sub & ~known:
                continue
            if (sub & INTERESTS_KNOWN and not job) or (sub & VALUES_KNOWN and not offers):
                continue
            a = ONE if sub & INTERESTS_KNOWN else -1
            b = ONE if sub & JOY_KNOWN else -1
            c = ONE if sub & WISHES_KNOWN or work.remote[v] else -1
            d = ONE if sub & VALUES_KNOWN else -1
            most[known] = max(most[known], combine_passion(a, b, c, d))
    return most


@kernel
def top_rows(people, postings, places, nearness, work, v, minutes, max_minutes, meet_hours, allowed, apart, k, scratch):
    """(keys, rows, how many, n_eligible, n_scored): the best k who pass, as a heap. `apart`: rows (ascending) to leave out."""
    pairs = pairs_of(work, v, nearness)
    most = most_passion(work, v)
    whole = np.int64(0)
    for r in range(work.start[v], work.start[v + 1]):
        whole += np.int64(work.weight[r])
    covered, joys = np.empty(len(pairs.start) - 1, dtype=np.uint16), np.empty(len(pairs.start) - 1, dtype=np.int64)
    mask, has = np.empty(BLOCK, dtype=np.uint8), np.empty(BLOCK, dtype=np.uint8)
    total, best = np.empty(BLOCK, dtype=np.int64), np.empty(BLOCK, dtype=np.uint16)
    histogram = np.zeros(ONE // _BOUND_STEP + 2, dtype=np.int64)
    rows_seen, bounds = scratch
    n_people, n_seen, next_apart = len(people.ids), 0, 0
    for block in range(postings.start.shape[0]):
        low, high = block * BLOCK, min((block + 1) * BLOCK, n_people)
        size = high - low
        n = mark(people, places, low, high, work, v, minutes, max_minutes, meet_hours, allowed, mask)
        while next_apart < len(apart) and apart[next_apart] < high:
            n -= mask[apart[next_apart] - low]
            mask[apart[next_apart] - low] = 0
            next_apart += 1
        for r in range(len(pairs.start) - 1):
            if n and work.hard[work.start[v] + r]:
                n = drop_uncovered(postings, block, pairs, r, has, mask, size)
        if n == 0:
            continue
        scan_block(people, postings, block, low, size, work, v, pairs, mask, n, total, best, covered)
        for row in range(size):
            if mask[row]:
                c = low + row
                beside, beside_whole = beside_skills(people, c, work, v)
                can = divide(total[row] + beside, whole + beside_whole) if whole + beside_whole > 0 else NEUTRAL
                bound = combine_fit(can, most[people.known[c] & 15], np.int64(people.drive[c]))
                rows_seen[n_seen], bounds[n_seen] = c, bound
                histogram[bound // _BOUND_STEP] += 1
                n_seen += 1
    cut, above = len(histogram) - 1, 0
    while cut > 0 and above < k:
        cut -= 1
        above += histogram[cut]
    keys, rows = np.empty(k, dtype=np.int64), np.empty(k, dtype=np.int64)
    out = np.empty(COLUMNS, dtype=np.int64)
    size, n_scored = 0, 0
    lowest, highest = cut * _BOUND_STEP, ONE + 1
    for _half in range(2):  # first who can be best, then who can still reach the k-th place
        for i in range(n_seen):
            if lowest <= bounds[i] < highest:
                if size == k and bounds[i] < keys[0] >> 47 & 16_383:
                    continue
                c = np.int64(rows_seen[i])
                journey = np.int64(minutes[people.place[c], people.mode[c]])
                whole_score(people, c, work, v, pairs, journey, 0, covered, joys, out)
                size = push(keys, rows, size, key_of(True, out[FIT], people.ids[c]), c)
                n_scored += 1
        lowest, highest = 0, lowest
    return keys, rows, size, n_seen, n_scored


@kernel
def failing_rows(people, nearness, work, v, minutes, max_minutes, meet_hours, allowed, apart, k):
    """(keys, rows, how many): the best k who are shown but fail something indispensable; scores everybody who is shown."""
    pairs = pairs_of(work, v, nearness)
    keys, rows = np.empty(k, dtype=np.int64), np.empty(k, dtype=np.int64)
    covered, joys = np.empty(len(pairs.start) - 1, dtype=np.uint16), np.empty(len(pairs.start) - 1, dtype=np.int64)
    out = np.empty(COLUMNS, dtype=np.int64)
    size, next_apart = 0, 0
    for c in range(len(people.ids)):
        if next_apart < len(apart) and apart[next_apart] == c:
            next_apart += 1
            continue
        journey = np.int64(minutes[people.place[c], people.mode[c]])
        if shown(people, c, work, v, journey, max_minutes, meet_hours, allowed):
            whole_score(people, c, work, v, pairs, journey, 0, covered, joys, out)
            if out[FAILURES] > 0:
                size = push(keys, rows, size, key_of(False, out[FIT], people.ids[c]), c)
    return keys, rows, size


@kernel
def score_rows(people, nearness, work, v, minutes, chosen, motivation):
    """(n, COLUMNS) scores of the rows chosen, whoever is shown; motivation: (n,) 0-2."""
    pairs = pairs_of(work, v, nearness)
    covered, joys = np.empty(len(pairs.start) - 1, dtype=np.uint16), np.empty(len(pairs.start) - 1, dtype=np.int64)
    out = np.empty((len(chosen), COLUMNS), dtype=np.int64)
    for i in range(len(chosen)):
        c = chosen[i]
        journey = np.int64(minutes[people.place[c], people.mode[c]])
        whole_score(people, c, work, v, pairs, journey, motivation[i], covered, joys, out[i])
    return out
