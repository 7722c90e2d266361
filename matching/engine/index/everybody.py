"""Everybody's list and every vacancy's list from one pass over all pairs: for a pilot, where nearly every pair that passes the
filters ends in a list of either side, so that looking at each once is cheaper than two searches.

Person by person: their skills are spread (`spread`), all vacancies are tested at once for what a column can tell, and whoever is
left is scored whole from the slots of the spread. Nothing is ordered; what is full keeps its best.
"""

import numpy as np

from matching.engine.index.compile import kernel, part
from matching.engine.index.formulas import (
    beside_skills,
    divide,
    failures_beside_skills,
    fit_without_motivation,
    joy_in,
    minutes_of,
    weight_asked,
)
from matching.engine.index.question import farthest
from matching.engine.index.spread import clear, make_spread, spread_skills
from matching.engine.index.topk import key_of, push
from matching.engine.scale import NEUTRAL
from matching.engine.score import HARD_COVERAGE


@part
def _fit(people, c, work, v, spread, minutes, whole):
    """Fit of person c and vacancy v, without a motivation; -1 when something indispensable is missing."""
    job, person = work.row[v], people.row[c]
    total, felt, lacks = np.uint32(0), np.uint64(0), np.uint8(0)
    first = np.uint64(job.first)  # unsigned places: no test whether they count from the end
    for r in range(first, first + np.uint64(job.n_asks)):
        ask = work.asks[r]
        slot = np.uint32(spread.slot[np.uint32(ask.skill)])
        cover = spread.best[slot, np.uint8(ask.level)]
        total += np.uint32(ask.weight) * np.uint32(cover)
        felt += np.uint64(ask.importance) * spread.felt[slot]
        lacks |= np.uint8(ask.hard) & np.uint8(cover < HARD_COVERAGE)
    if lacks or failures_beside_skills(people, c, work, v):
        return np.int64(-1)
    can = divide(np.int64(total) + beside_skills(people, c, work, v)[0], whole) if whole > 0 else np.int64(NEUTRAL)
    return fit_without_motivation(people, person, job, can, joy_in(felt), minutes, np.int64(0))


@kernel
def both_lists(
    people, places, nearness, work, where, first, last, max_minutes, meet_hours, allowed, keys, sizes, own_keys, own_sizes
):  # fmt: skip
    """Scores every pair of the people in rows first to last that passes: keys (n_work, k) of people for vacancies, own_keys
    (last - first, k) of vacancies for people.

    max_minutes: -1 for no limit. allowed: length 0 for everybody. Sizes start at zero and say how many keys are in each list, in
    no order.
    """
    n, anywhere = len(work.row), max_minutes < 0
    x, y, z, whole = np.empty(n), np.empty(n), np.empty(n), np.empty(n, dtype=np.int64)
    remote, least, most = np.empty(n, dtype=np.bool_), np.empty(n, dtype=np.int16), np.empty(n, dtype=np.int16)
    for v in range(n):
        job = work.row[v]
        x[v], y[v], z[v] = where.x[job.place], where.y[job.place], where.z[job.place]
        remote[v], least[v], most[v] = job.remote != 0, job.hours[0], job.hours[1]
        whole[v] = weight_asked(work, v)
    square, keep, rows = np.empty(n), np.empty(n, dtype=np.bool_), np.empty(n + 1, dtype=np.int64)
    nobody, spread = np.empty(keys.shape[1], dtype=np.int64), make_spread(len(nearness.indptr) - 1)
    for c in range(first, last):
        if len(allowed) and allowed[c] == 0:
            continue
        person, own, size = people.row[c], own_keys[c - first], 0
        a, b, d = places.x[person.place], places.y[person.place], places.z[person.place]
        for v in range(n):  # as `formulas.apart`, over columns
            square[v] = (x[v] - a) ** 2 + (y[v] - b) ** 2 + (z[v] - d) ** 2
        far = farthest(max_minutes, person.mode)
        for v in range(n):
            keep[v] = (square[v] <= far) | remote[v] | anywhere
        if meet_hours:
            since, until = people.hours_from[c], people.hours_to[c]
            for v in range(n):
                keep[v] &= (until >= least[v]) & (since <= most[v])
        n_kept = 0
        for v in range(n):
            rows[n_kept] = v
            n_kept += np.int64(keep[v])
        n_reached = spread_skills(people, c, nearness, spread)
        for i in range(n_kept):
            v = rows[i]
            minutes = minutes_of(square[v], person.mode)
            if not (anywhere or remote[v] or 0 <= minutes <= max_minutes):
                continue
            fit = _fit(people, c, work, v, spread, minutes, whole[v])
            if fit >= 0:
                sizes[v] = push(keys[v], nobody, sizes[v], key_of(True, fit, person.id), v)
                size = push(own, nobody, size, key_of(True, fit, work.row[v].id), c)
        own_sizes[c - first] = size
        clear(spread, n_reached)
