"""The index of work, asked by one person: the mirror of `search`, from the same formulas.

A posting list holds, for one skill, every requirement for it. What a person can do is first spread over what it counts for,
so that one walk over the lists gives the coverage of every requirement at once: the best evidence is taken before
the walk, and no list is walked twice.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.competence import CERTIFICATE_WEIGHT, EDUCATION_WEIGHT, LANGUAGE_WEIGHT
from matching.engine.index.compile import inner, kernel, part
from matching.engine.index.formulas import (
    beside_skills,
    divide,
    failures_beside_skills,
    fit_without_motivation,
    joy_in,
    pair,
)
from matching.engine.index.gather import most_passion
from matching.engine.index.layout import JOY_KNOWN, Work, frozen
from matching.engine.index.question import reach_of
from matching.engine.index.spread import make_spread, spread_skills
from matching.engine.index.topk import fit_in, key_of, push, sort_down
from matching.engine.passion import PART_WEIGHTS
from matching.engine.scale import NEUTRAL, ONE, WEIGHTS
from matching.engine.score import HARD_COVERAGE

HARD, CORE, IMPORTANCE = 1, 2, 4  # flags; importance is counted in fours
# What one vacancy gets from a person's skills, side by side: one line of cache for each requirement that is reached.
GOT = np.dtype([("felt", "u8"), ("total", "u4"), ("hard_met", "i4")])
_CAN, _WANT, _DO = WEIGHTS.competence, WEIGHTS.passion, WEIGHTS.drive
_JOY_SHARE = int(PART_WEIGHTS[1]) / int(PART_WEIGHTS.sum())  # the least that joy weighs in passion when it is known
_FIRST = 4  # times k that are scored first


class WorkPostings(NamedTuple):
    """Requirements by skill, and what every vacancy asks in sum."""

    start: NDArray[np.int64]  # (n_skills + 1,)
    vacancy: NDArray[np.int32]  # row of the work, ascending in a list
    level: NDArray[np.uint8]
    weight: NDArray[np.uint8]
    flags: NDArray[np.uint8]  # HARD, CORE, and IMPORTANCE times 1-3
    whole: NDArray[np.int64]  # (n,) weight of all that is asked, beside skills included
    beside: NDArray[np.int64]  # (n,) of which beside skills
    hard: NDArray[np.int32]  # (n,) how many hard skills
    most: NDArray[np.int16]  # (n, 16) the most that passion can be, see `gather.most_passion`
    remote: NDArray[np.int64]  # rows of work from home


def post_work(work: Work, n_skills: int) -> WorkPostings:
    """The posting lists of this work."""
    n, asks = len(work.row), work.asks
    owner = np.repeat(np.arange(n), work.row["n_asks"])
    order = np.argsort(asks["skill"], kind="stable")
    asked = np.bitwise_count(work.certificates).sum(axis=1, dtype=np.int64)
    beside = LANGUAGE_WEIGHT * (work.languages > 0).sum(axis=1) + CERTIFICATE_WEIGHT * asked
    beside += EDUCATION_WEIGHT * (work.row["education"] > 0)
    hard = np.bincount(owner, weights=asks["hard"], minlength=n).astype(np.int32)
    flags = HARD * asks["hard"] + CORE * (asks["importance"] == 3) + IMPORTANCE * asks["importance"]
    most = np.zeros((n, 16), dtype=np.int16)
    _fill_most(work, most)
    return frozen(
        WorkPostings(
            np.searchsorted(asks["skill"][order], np.arange(n_skills + 1)).astype(np.int64),
            owner[order].astype(np.int32), asks["level"][order].astype(np.uint8), asks["weight"][order].astype(np.uint8),
            flags[order].astype(np.uint8),
            beside + np.bincount(owner, weights=asks["weight"], minlength=n).astype(np.int64), beside, hard, most,
            np.flatnonzero(work.row["remote"]),
        )
    )  # fmt: skip


@kernel
def _fill_most(work, most):
    for v in range(len(work.row)):
        most[v] = most_passion(work, v)


@part
def walk(postings, spread, n_reached, got):
    """got[v] becomes the sums of weight x coverage and of importance x FELT, and how many hard skills are covered."""
    for slot in range(1, n_reached + 1):
        skill, felt = spread.skill[slot], spread.felt[slot]
        for at in range(postings.start[skill], postings.start[skill + 1]):
            v, cover, flags = postings.vacancy[at], spread.best[slot, postings.level[at]], postings.flags[at]
            got[v].total += np.uint32(postings.weight[at]) * np.uint32(cover)
            got[v].felt += np.uint64(flags // IMPORTANCE) * felt
            got[v].hard_met += np.int32(flags & HARD and cover >= HARD_COVERAGE)


@part
def pair_of(people, c, work, v, spread, minutes, covered, joy_keys, out):
    """The whole score of the person and vacancy v."""
    job = work.row[v]
    for r in range(job.n_asks):
        ask = work.asks[job.first + r]
        slot = spread.slot[ask.skill]
        covered[r] = spread.best[slot, ask.level]
        joy_keys[r] = np.int64(spread.key[slot]) - 1
    pair(people, c, work, v, covered, joy_keys, minutes, 0, out)


@inner
def look(people, c, work, postings, nearness):
    """(n,) GOT: what every vacancy gets from the person's skills."""
    spread, got = make_spread(len(nearness.indptr) - 1), np.zeros(len(work.row), dtype=GOT)
    walk(postings, spread, spread_skills(people, c, nearness, spread), got)
    return got


@part
def highest(people, c, v, postings, got):
    """A fit that person c does not pass for vacancy v, from sums alone; -1 when a hard skill is not covered."""
    if got.hard_met < postings.hard[v]:
        return np.int64(-1)
    whole = postings.whole[v]
    can = (np.float64(got.total) + ONE * postings.beside[v]) / whole if whole > 0 else np.float64(NEUTRAL)
    known, joy = np.int64(people.known[c] & 15), joy_in(got.felt)
    want = np.float64(postings.most[v, known if joy >= 0 else known & ~JOY_KNOWN])
    want -= _JOY_SHARE * (ONE - joy) if joy >= 0 else 0.0
    return np.int64(0.01 * (_CAN * can + _WANT * want + _DO * people.drive[c])) + 2  # what rounding may add, and more


@part
def cannot(people, c, v, postings, got, least):
    """Whether competence alone keeps person c under a fit of `least` for vacancy v, without a division."""
    most, drive = np.int64(postings.most[v, people.known[c] & 15]), np.int64(people.drive[c])
    # Of 10,000, if all that is asked beside skills were covered; from the fit as `combine_fit` rounds it.
    needed = (200 * least - 101 - 2 * _WANT * most - 2 * _DO * drive) // (2 * _CAN) - 1
    return np.int64(got.total) + ONE * postings.beside[v] < needed * postings.whole[v]


@part
def fit_from(people, c, work, v, postings, got, minutes, least):
    """Fit of the person and vacancy v; -1 when something indispensable is missing, or as soon as it is sure to be under `least`."""
    if failures_beside_skills(people, c, work, v):
        return np.int64(-1)
    whole, can = postings.whole[v], np.int64(NEUTRAL)
    if whole > 0:
        can = divide(np.int64(got.total) + beside_skills(people, c, work, v)[0], whole)
    return fit_without_motivation(people, people.row[c], work.row[v], can, joy_in(got.felt), minutes, least)


@kernel
def entering(people, places, c, work, where, postings, nearness, max_minutes, floors):
    """(rows, keys): vacancies in whose list person c belongs, passing all that is indispensable: key above floors[v]."""
    person = people.row[c]
    got = look(people, c, work, postings, nearness)
    rows, minutes = reach_of(person, places, work, where, postings.remote, max_minutes)
    keys = np.empty(len(rows), dtype=np.int64)
    found = 0
    for i in range(len(rows)):
        v = rows[i]
        least = fit_in(floors[v])  # a fit under this cannot enter
        if cannot(people, c, v, postings, got[v], least) or highest(people, c, v, postings, got[v]) < least:
            continue
        fit = fit_from(people, c, work, v, postings, got[v], np.int64(minutes[i]), least)
        key = key_of(True, fit, person.id)
        if fit >= 0 and key > floors[v]:
            rows[found], keys[found] = v, key
            found += 1
    return rows[:found], keys[:found]


@kernel
def top_work_rows(people, places, c, work, where, postings, nearness, max_minutes, keys, best_rows):
    """How many: the best vacancies that person c may have into keys (k,) and best_rows, best first, ids of vacancies."""
    person = people.row[c]
    got = look(people, c, work, postings, nearness)
    rows, minutes = reach_of(person, places, work, where, postings.remote, max_minutes)
    bounds, histogram = np.empty(len(rows), dtype=np.int16), np.zeros(ONE + 4, dtype=np.int64)
    for i in range(len(rows)):
        bounds[i] = highest(people, c, rows[i], postings, got[rows[i]])
        if bounds[i] >= 0:
            histogram[bounds[i]] += 1
    k, cut, above = len(keys), len(histogram), 0
    while cut > 0 and above < _FIRST * k:
        cut -= 1
        above += histogram[cut]
    low, high, size = np.int64(cut), np.int64(len(histogram)), 0
    for _half in range(2):  # first who promise most, then who can still reach the k-th place
        for i in range(len(rows)):
            if low <= bounds[i] < high:
                least = fit_in(keys[0]) if size == k else np.int64(0)
                if bounds[i] < least:
                    continue
                v = rows[i]
                fit = fit_from(people, c, work, v, postings, got[v], np.int64(minutes[i]), least)
                if fit >= least:
                    size = push(keys, best_rows, size, key_of(True, fit, work.row[v].id), v)
        low, high = (fit_in(keys[0]) if size == k else np.int64(0)), low
    sort_down(keys, best_rows, size)
    return size
