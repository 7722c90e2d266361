"""The best k people for one vacancy, exactly, without scoring everybody whole.

Four steps, each on fewer people (the threshold algorithm: R. Fagin, A. Lotem and M. Naor, 2001):

1. eligible: who is in reach stands in a few stretches of rows, which the other filters and hard requirements shorten;
2. competence and joy of the eligible, which with drive (known beforehand) and the most that the rest of passion can be give the
   highest fit that each may have (`gather`);
3. who has the highest of these, of whom some k are scored whole: that gives a fit which the k-th place has at least;
4. everybody else who may still reach that.

When fewer than k pass, who is shown but fails something indispensable follows, in order, as `score.rank` has it.
"""

import numpy as np

from matching.engine.index.compile import inner, kernel, part, prefetch
from matching.engine.index.formulas import divide, fit_without_motivation, minutes_between, pair
from matching.engine.index.gather import gather
from matching.engine.index.question import forget, pairs_of
from matching.engine.index.scan import weigh_requirements
from matching.engine.index.topk import fit_in, key_of, push, sort_down
from matching.engine.scale import NEUTRAL, ONE

_BUCKET = 16  # of the highest possible fits, when the highest of them are looked for
_BUCKETS = ONE // _BUCKET + 2
_FIRST = 4  # times k that are scored first
_SAMPLE = 2_048
_AHEAD = 12


@inner
def cut_of(bound, n, k):
    """A bound that some 4 k of the first n have, judged by a sample; 0 when there are no more than that."""
    if n <= _FIRST * k:
        return 0
    step = max(n // _SAMPLE, 1)
    count = np.zeros(_BUCKETS, dtype=np.int64)
    for i in range(0, n, step):
        count[bound[i] // _BUCKET] += 1
    bucket, above = _BUCKETS, 0
    while bucket > 0 and above * step < _FIRST * k:
        bucket -= 1
        above += count[bucket]
    return bucket * _BUCKET


@part
def list_between(scratch, n, low, high):
    """How many of the first n seen have a bound of at least low and less than high; they are listed in scratch.order."""
    listed = 0
    for i in range(n):
        scratch.order[listed] = i
        listed += (scratch.bound[i] >= low) & (scratch.bound[i] < high)
    return listed


@part
def fit_at(people, job, scratch, at, whole, least):
    """Fit of the person at that place in `scratch`, without a motivation; -1 as soon as it is sure to be under `least`."""
    person = people.row[scratch.seen[at]]
    can = divide(np.int64(scratch.total[at]), whole) if whole > 0 else np.int64(NEUTRAL)
    joy, minutes = np.int64(scratch.joy[at]), np.int64(scratch.minutes[person.place, person.mode])
    return fit_without_motivation(people, person, job, can, joy, minutes, least)


@kernel
def best_lists(
    people, postings, places, nearness, work, where, chosen, max_minutes, meet_hours, allowed, apart, keys, rows, counts,
    scratch,
):  # fmt: skip
    """For each vacancy chosen its best people who pass, best first, into keys and rows (n, k).

    max_minutes: -1 for no limit. apart: rows (ascending) to leave out. counts: (n, 3) becomes how many are in the list, were
    eligible, and were looked at after their competence.
    """
    k = keys.shape[1]
    for i in range(len(chosen)):
        v = chosen[i]
        job = work.row[v]
        limit = -1 if job.remote else max_minutes
        pairs = pairs_of(work, v, nearness, scratch.head)
        n, whole = gather(people, postings, places, work, where, v, pairs, limit, meet_hours, allowed, apart, scratch)
        forget(pairs)
        low, high, size, looked = np.int64(cut_of(scratch.bound, n, k)), np.int64(2 * ONE), 0, 0
        for _half in range(2):  # first who promise most, then who can still reach the k-th place
            listed = list_between(scratch, n, low, high)
            for o in range(listed):
                if o + _AHEAD < listed:
                    prefetch(people.row, scratch.seen[scratch.order[o + _AHEAD]])
                    prefetch(people.wish, people.row[scratch.seen[scratch.order[o + _AHEAD // 2]]].first_wish)
                at = scratch.order[o]
                least = fit_in(keys[i, 0]) if size == k else np.int64(0)
                if scratch.bound[at] < least:
                    continue
                fit = fit_at(people, job, scratch, at, whole, least)
                looked += 1
                if fit >= least:
                    c = np.int64(scratch.seen[at])
                    size = push(keys[i], rows[i], size, key_of(True, fit, people.row[c].id), c)
            if low == 0:
                break
            low, high = (fit_in(keys[i, 0]) if size == k else np.int64(0)), low
        sort_down(keys[i], rows[i], size)
        counts[i, 0], counts[i, 1], counts[i, 2] = size, n, looked


@kernel
def score_rows(people, places, nearness, work, where, v, chosen, motivation, head, out):
    """out: (n, COLUMNS) becomes the scores of the rows chosen, whoever is shown; motivation: (n,) 0-2. head: as for `pairs_of`."""
    job = work.row[v]
    pairs = pairs_of(work, v, nearness, head)
    covered, joys = np.empty(job.n_asks, dtype=np.uint16), np.empty(job.n_asks, dtype=np.int64)
    for i in range(len(chosen)):
        if i + _AHEAD < len(chosen):
            prefetch(people.row, chosen[i + _AHEAD])
            soon = people.row[chosen[i + _AHEAD // 2]]
            prefetch(people.wish, soon.first_wish)
            for line in range(0, 64, 32):
                prefetch(people.skill, soon.first + line)
                prefetch(people.entry, soon.first + line)
            for word in range(people.certificates.shape[0]):
                prefetch(people.certificates[word], chosen[i + _AHEAD // 2])
        c = chosen[i]
        person = people.row[c]
        minutes = minutes_between(places, person.place, where, job.place, person.mode)
        weigh_requirements(people, person, pairs, covered, joys)
        pair(people, c, work, v, covered, joys, minutes, motivation[i], out[i])
    forget(pairs)


@kernel
def shown(people, places, work, where, v, chosen, max_minutes, meet_hours, allowed):
    """(n,) whether the filters let each row chosen through. max_minutes: -1 for no limit; allowed: length 0 for everybody."""
    job = work.row[v]
    through = np.zeros(len(chosen), dtype=np.bool_)
    for i in range(len(chosen)):
        c = chosen[i]
        person = people.row[c]
        ok = len(allowed) == 0 or allowed[c] != 0
        if max_minutes >= 0 and not job.remote:
            minutes = minutes_between(places, person.place, where, job.place, person.mode)
            ok &= 0 <= minutes <= max_minutes
        if meet_hours:
            ok &= people.hours_to[c] >= job.hours[0] and people.hours_from[c] <= job.hours[1]
        through[i] = ok
    return through
