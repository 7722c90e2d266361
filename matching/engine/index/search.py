"""The best k people for one vacancy, exactly, without scoring everybody whole.

Four steps, each on fewer people (the threshold algorithm: R. Fagin, A. Lotem and M. Naor, 2001):

1. eligible: who is in reach stands in a few stretches of rows, which the other filters and hard requirements shorten;
2. competence of the eligible, which with drive (known beforehand) and the most that passion can be gives the highest fit
   that each may have;
3. from the most promising on, all that one record tells (interests, wishes, values): a lower highest fit;
4. joy, for which the list of skills has to be read, until nobody left can reach the k-th place.

When fewer than k pass, who is shown but fails something indispensable follows, in order, as `score.rank` has it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.competence import CERTIFICATE_WEIGHT, EDUCATION_WEIGHT, LANGUAGE_WEIGHT
from matching.engine.index.compile import inner, kernel, part, prefetch
from matching.engine.index.eligible import drop_failing, drop_rows, drop_uncovered, list_rows
from matching.engine.index.formulas import (
    beside_skills,
    combine_fit,
    combine_passion,
    count_bits,
    divide,
    education_cover,
    interests,
    joy_of,
    kilometres,
    language_cover,
    minutes_of,
    pair,
    values,
    wishes,
)
from matching.engine.index.layout import (
    BLOCK,
    INTERESTS_KNOWN,
    JOY_KNOWN,
    MODES,
    SPEAKS,
    VALUES_KNOWN,
    WISHES_KNOWN,
)
from matching.engine.index.question import forget, pairs_of, reach
from matching.engine.index.scan import cover_requirements, feel_requirements, scan_block
from matching.engine.index.topk import key_of, push, sort_down
from matching.engine.scale import NEUTRAL, ONE, WEIGHTS

_BUCKET = 16  # of the highest possible fits, when they are put in order
_BUCKETS = ONE // _BUCKET + 2
_AHEAD = 12
_CAN, _WANT, _DO = WEIGHTS.competence, WEIGHTS.passion, WEIGHTS.drive


class Scratch(NamedTuple):
    """Room that one thread keeps between questions."""

    minutes: NDArray[np.int32]  # (n_places, 3)
    ranges: NDArray[np.int64]  # (3 n_places, 2)
    head: NDArray[np.int32]  # (n_skills,) -1
    seen: NDArray[np.int32]  # (n,) rows that are eligible
    total: NDArray[np.uint32]  # (n,) their weighted coverage
    bound: NDArray[np.int16]  # (n,) their highest possible fit
    order: NDArray[np.int32]  # (n,)


def make_scratch(n_people: int, n_places: int, n_skills: int) -> Scratch:
    return Scratch(
        np.empty((n_places, MODES), dtype=np.int32), np.empty((MODES * n_places, 2), dtype=np.int64),
        np.full(n_skills, -1, dtype=np.int32), np.empty(n_people, dtype=np.int32), np.empty(n_people, dtype=np.uint32),
        np.empty(n_people, dtype=np.int16), np.empty(n_people, dtype=np.int32),
    )  # fmt: skip


@inner
def most_passion(work, v):
    """(16,) the most that passion can be by which parts are known of a person, given what is known of the vacancy."""
    job = work.row[v]
    job_known, offers = False, False
    for axis in range(6):
        job_known |= job.profile[axis] != 0
        offers |= job.values[axis] >= 0
    most = np.zeros(16, dtype=np.int64)
    for known in range(16):
        most[known] = NEUTRAL
        for sub in range(16):
            # A part that a person tells of may still be unknown of the pair: the most is over all that may be known.
            if sub & ~known:
                continue
            if (sub & INTERESTS_KNOWN and not job_known) or (sub & VALUES_KNOWN and not offers):
                continue
            a = ONE if sub & INTERESTS_KNOWN else -1
            b = ONE if sub & JOY_KNOWN else -1
            c = ONE if sub & WISHES_KNOWN or job.remote else -1
            d = ONE if sub & VALUES_KNOWN else -1
            most[known] = max(most[known], combine_passion(a, b, c, d))
    return most


@inner
def gather(people, postings, places, work, where, v, pairs, max_minutes, meet_hours, allowed, apart, scratch):
    """(n, whole): everybody eligible into `scratch`, with weighted coverage and bound; whole: weight of all that is asked."""
    job = work.row[v]
    whole = beside_skills(people, 0, work, v)[1] if len(people.row) else np.int64(0)
    hard = False
    for r in range(job.first, job.first + job.n_asks):
        whole += np.int64(work.asks[r].weight)
        hard |= work.asks[r].hard != 0
    # What lies beside skills, by what is asked of languages and education.
    n_languages = 0
    columns, spoken = (
        np.empty(work.languages.shape[1], dtype=np.int64),
        np.empty(work.languages.shape[1], dtype=np.int64),
    )
    for column in range(work.languages.shape[1]):
        if work.languages[v, column] > 0:
            columns[n_languages], spoken[n_languages] = column, work.languages[v, column]
            n_languages += 1
    papers = np.uint64(0)
    for word in range(work.certificates.shape[1]):
        papers |= work.certificates[v, word]
    asked = np.int64(job.education)
    by_education, by_language = np.zeros(5, dtype=np.int64), np.empty((n_languages, 129), dtype=np.int64)
    if asked > 0:  # by levels short, and unknown
        for short in range(4):
            by_education[short] = EDUCATION_WEIGHT * education_cover(np.int64(7 - short), np.int64(7))
        by_education[4] = EDUCATION_WEIGHT * NEUTRAL
    for column in range(n_languages):  # unknown, and by level
        by_language[column, 0] = LANGUAGE_WEIGHT * NEUTRAL
        for level in range(spoken[column] + 1):
            by_language[column, level + 1] = LANGUAGE_WEIGHT * language_cover(True, level, spoken[column])

    most = most_passion(work, v)
    per_weight = 0.01 * _CAN / whole if whole > 0 else 0.0
    already = 0.0 if whole > 0 else 0.01 * _CAN * NEUTRAL
    covered = np.empty(job.n_asks, dtype=np.uint16)
    total, best = np.empty(BLOCK, dtype=np.uint32), np.empty(BLOCK, dtype=np.uint32)
    rows, has = np.empty(BLOCK + 1, dtype=np.int64), np.empty(BLOCK, dtype=np.uint8)
    n_ranges = reach(places, where, job.place, max_minutes, scratch.minutes, scratch.ranges)
    at, n_seen, n_people, block = 0, 0, len(people.row), np.int64(-1)
    while at < n_ranges:
        block = max(block + 1, scratch.ranges[at, 0] // BLOCK)
        low = block * BLOCK
        high = min(low + BLOCK, n_people)
        n, at = list_rows(people, scratch.ranges, n_ranges, at, low, high, job, meet_hours, allowed, rows)
        n = drop_failing(people, work, v, rows, n)
        if len(apart):
            n = drop_rows(rows, n, apart)
        if hard:
            for r in range(job.n_asks):
                if n and work.asks[job.first + r].hard:
                    n = drop_uncovered(postings, block, low, pairs, r, has, rows, n)
        if n:
            scan_block(people, postings, block, low, high - low, work, job, pairs, rows, n, total, best, covered)
        for i in range(n):
            c = rows[i]
            beside, known = np.int64(total[c - low]), people.known[c]
            if asked > 0:
                has_level = np.int64(people.education[c])
                beside += by_education[4 if has_level == 0 else min(max(asked - has_level, 0), 3)]
            for column in range(n_languages):
                level = np.int64(people.languages[columns[column], c])
                beside += by_language[column, min(max(level, 0), spoken[column]) + 1 if known & SPEAKS else 0]
            if papers:
                for word in range(work.certificates.shape[1]):
                    shared = work.certificates[v, word] & people.certificates[word, c]
                    beside += CERTIFICATE_WEIGHT * ONE * count_bits(shared)
            scratch.seen[n_seen], scratch.total[n_seen] = c, beside
            # Two for what rounding adds at most.
            scratch.bound[n_seen] = 2 + np.int64(
                already + per_weight * beside + 0.01 * _WANT * most[known & 15] + 0.01 * _DO * people.drive[c]
            )
            n_seen += 1
    return n_seen, whole


@inner
def put_in_order(scratch, n):
    """Order of the n seen by bucket of their bound, highest first."""
    count = np.zeros(_BUCKETS + 1, dtype=np.int64)
    for i in range(n):
        count[_BUCKETS - 1 - scratch.bound[i] // _BUCKET + 1] += 1
    for bucket in range(_BUCKETS):
        count[bucket + 1] += count[bucket]
    for i in range(n):
        bucket = _BUCKETS - 1 - scratch.bound[i] // _BUCKET
        scratch.order[count[bucket]] = i
        count[bucket] += 1


@part
def ahead(people, scratch, o):
    """Bring near what will be looked at next."""
    prefetch(people.row, scratch.seen[scratch.order[o + _AHEAD]])
    soon = people.row[scratch.seen[scratch.order[o + _AHEAD // 2]]]
    prefetch(people.wish, soon.first_wish)
    prefetch(people.skill, soon.first)
    prefetch(people.entry, soon.first)
    prefetch(people.skill, soon.first + 31)
    prefetch(people.entry, soon.first + 31)


@part
def fit_of(people, c, work, job, pairs, total, whole, minutes, least, joys):
    """Fit of an eligible person, without a motivation; -1 as soon as it is sure to be under `least`."""
    person = people.row[c]
    can = divide(total, whole) if whole > 0 else np.int64(NEUTRAL)
    a, c_, d = interests(person, job), wishes(people, person, job, minutes), values(person, job)
    tells = person.known & JOY_KNOWN > 0
    fit = combine_fit(can, combine_passion(a, ONE if tells else -1, c_, d), np.int64(person.drive))
    if fit < least:
        return np.int64(-1)
    if tells:
        feel_requirements(people, person, pairs, joys)
        fit = combine_fit(can, combine_passion(a, joy_of(work, job, joys), c_, d), np.int64(person.drive))
    return fit


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
        put_in_order(scratch, n)
        joys, size, looked = np.empty(job.n_asks, dtype=np.int64), 0, 0
        for o in range(n):
            if o + _AHEAD < n:
                ahead(people, scratch, o)
            at = scratch.order[o]
            bound = scratch.bound[at]
            least = keys[i, 0] >> 47 & 16_383 if size == k else np.int64(0)
            if bound < least:
                if bound // _BUCKET < least // _BUCKET:
                    break
                continue
            c = np.int64(scratch.seen[at])
            person = people.row[c]
            minutes = np.int64(scratch.minutes[person.place, person.mode])
            fit = fit_of(people, c, work, job, pairs, np.int64(scratch.total[at]), whole, minutes, least, joys)
            looked += 1
            if fit >= 0:
                size = push(keys[i], rows[i], size, key_of(True, fit, person.id), c)
        forget(pairs)
        sort_down(keys[i], rows[i], size)
        counts[i, 0], counts[i, 1], counts[i, 2] = size, n, looked


@kernel
def both_lists(
    people, postings, places, nearness, work, where, chosen, max_minutes, meet_hours, allowed, keys, sizes, own_keys,
    own_sizes, scratch,
):  # fmt: skip
    """Scores every eligible pair once: keys (n_chosen, k) of people for vacancies, own_keys (n_people, k) the other way.

    Sizes start at zero and say how many are in each list; the lists of people come as heaps.
    """
    nobody = np.zeros(0, dtype=np.int64)
    rows = np.empty(keys.shape[1], dtype=np.int64)
    own_rows = np.empty(own_keys.shape[1], dtype=np.int64)
    for i in range(len(chosen)):
        v = chosen[i]
        job = work.row[v]
        limit = -1 if job.remote else max_minutes
        pairs = pairs_of(work, v, nearness, scratch.head)
        n, whole = gather(people, postings, places, work, where, v, pairs, limit, meet_hours, allowed, nobody, scratch)
        joys, size = np.empty(job.n_asks, dtype=np.int64), 0
        for at in range(n):
            c = np.int64(scratch.seen[at])
            person = people.row[c]
            minutes = np.int64(scratch.minutes[person.place, person.mode])
            fit = fit_of(people, c, work, job, pairs, np.int64(scratch.total[at]), whole, minutes, np.int64(0), joys)
            size = push(keys[i], rows, size, key_of(True, fit, person.id), c)
            own_sizes[c] = push(own_keys[c], own_rows, own_sizes[c], key_of(True, fit, job.id), v)
        forget(pairs)
        sort_down(keys[i], rows, size)
        sizes[i] = size


@kernel
def score_rows(people, places, nearness, work, where, v, chosen, motivation, out):
    """out: (n, COLUMNS) becomes the scores of the rows chosen, whoever is shown; motivation: (n,) 0-2."""
    job = work.row[v]
    head = np.full(len(nearness.indptr) - 1, -1, dtype=np.int32)
    pairs = pairs_of(work, v, nearness, head)
    covered, joys = np.empty(job.n_asks, dtype=np.uint16), np.empty(job.n_asks, dtype=np.int64)
    for i in range(len(chosen)):
        c = chosen[i]
        person = people.row[c]
        minutes = minutes_of(kilometres(places, person.place, where, job.place), person.mode)
        cover_requirements(people, person, pairs, covered)
        feel_requirements(people, person, pairs, joys)
        pair(people, c, work, v, covered, joys, minutes, motivation[i], out[i])


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
            minutes = minutes_of(kilometres(places, person.place, where, job.place), person.mode)
            ok &= 0 <= minutes <= max_minutes
        if meet_hours:
            ok &= people.hours_to[c] >= job.hours[0] and people.hours_from[c] <= job.hours[1]
        through[i] = ok
    return through
