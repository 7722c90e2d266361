"""What every skill would do for one person's chances over all work in reach, in one go.

The chance model is additive in features, and one more skill moves four of them: competence, core, mastery, and failures of what is
indispensable. Everything else of a vacancy is one number, computed once. Vacancy by vacancy, every skill that counts for
something asked there gets a short-lived slot with what it adds; then the chances with each of them are computed side by side, on
the vectors of the processor, and all that was read is near. So the gain of all skills costs one walk over what is asked in reach.
Exact but for the last step, from log-odds to chance: a polynomial, error under 3e-7.
"""

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial
from numpy.typing import NDArray
from scipy.special import expit, logit

from matching.engine.chance import KNOTS, MOST, ChanceParameters, design
from matching.engine.competence import margin
from matching.engine.features import FAILURE_STEPS, NAMES, features
from matching.engine.index.candidates import PeopleIndex, same_space
from matching.engine.index.compile import count_bits, inner, kernel, part, prefetch
from matching.engine.index.formulas import (
    CAN,
    COLUMNS,
    CORE,
    COVERAGE,
    DO,
    FAILURES,
    OVER,
    PAPERS,
    SHORT,
    WANT,
    beside_skills,
)
from matching.engine.index.layout import SPEAKS
from matching.engine.index.mirror import pair_of
from matching.engine.index.question import reach_of
from matching.engine.index.spread import LEVELS, make_spread, spread_skills
from matching.engine.index.vacancies import WorkIndex
from matching.engine.pooling import offsets_of
from matching.engine.scale import NEUTRAL, ONE, STEPS, STEPS_PER_LEVEL
from matching.engine.score import HARD_COVERAGE, Scores

BINS = 256  # in which the pieces of a bend are looked up
INDEPENDENT = 9  # level in steps: what a course brings when it says nothing else
MOVED = [NAMES.index(name) for name in ("competence", "core", "mastery", "failures")]
PAPERS_HARD, LANGUAGE_SHORT, HOURS_SHORT, MASTERED, ASKED = range(5)  # columns of `_more`
_END = float(logit(MOST))
# The chance is a half and x times a polynomial of x squared (error under 3e-7), highest power first.
_SERIES = Chebyshev.interpolate(lambda u: (expit(np.sqrt(u)) - 0.5) / np.sqrt(u), 12, domain=[0, _END**2])
_RISE = _SERIES.convert(kind=Polynomial, domain=[-1, 1], window=[-1, 1]).coef[::-1].copy()
_AHEAD = np.uint64(3)  # requirements
_WHOLE = STEPS * STEPS * STEPS_PER_LEVEL
# Margin by how far evidence lies above the level asked, from _WHOLE below it.
_MARGIN = margin(np.arange(2 * _WHOLE + 1) - _WHOLE, np.zeros(1, dtype=np.int64)).astype(np.int16)
_STRETCHES, _STRETCH = len(KNOTS) - 1, ONE * KNOTS[1]  # of equal length


class Learned(NamedTuple):
    """What each skill would add to the vacancy that is looked at, in slots from 1 on; slot 0 is to learn nothing."""

    slot: NDArray[np.uint16]  # (n_skills,) 0 where it adds nothing
    skill: NDArray[np.int32]  # (n_skills + 1,) of a slot
    can: NDArray[np.float64]  # added to the weighted sums of competence, of core and of mastery: whole numbers
    core: NDArray[np.float64]
    mastery: NDArray[np.float64]
    met: NDArray[np.int64]  # how many indispensable skills more are covered
    then: NDArray[np.float64]  # log-odds, and then the chance


class Bend(NamedTuple):
    """The bend of a calibration, straight between its corners; nothing where there is none."""

    x: NDArray[np.float64]  # (n,) log-odds before it, ascending
    y: NDArray[np.float64]  # (n,) and after it
    slope: NDArray[np.float64]  # (n - 1,)
    piece: NDArray[
        np.int64
    ]  # (BINS,) where to begin looking for the piece, by how far from the first corner to the last


class GainTables(NamedTuple):
    """One chance model, ready to be asked for gains; log-odds are those after the line of its calibration."""

    stretch: NDArray[np.float64]  # (n_features, 5) log-odds at the knots, above those at zero
    base: float  # log-odds of nothing
    bends: NDArray[
        np.float64
    ]  # (3, 4) of competence, core and mastery: the slope at nothing, and how it turns at each knot
    of_failures: NDArray[np.float64]  # (4,) log-odds
    bend: Bend
    parameters: ChanceParameters


def gain_tables(parameters: ChanceParameters) -> GainTables:
    """The tables of a chance model; make them once for a version."""
    coefficients = np.concatenate([[parameters.base], np.ravel(parameters.rises)])
    base, (shift, slope) = float((design(np.zeros(len(NAMES))) @ coefficients)[0]), parameters.platt
    stretch = np.empty((len(NAMES), len(KNOTS)))
    for feature in range(len(NAMES)):
        x = np.zeros((len(KNOTS), len(NAMES)))
        x[:, feature] = KNOTS  # the log-odds are straight between knots
        stretch[feature] = slope * (design(x) @ coefficients - base)
    of_failures = np.interp(FAILURE_STEPS, KNOTS, stretch[NAMES.index("failures")])
    slopes = np.diff(stretch[MOVED[:3]], axis=1) / _STRETCH
    return GainTables(
        stretch, shift + slope * base, np.diff(slopes, axis=1, prepend=0), of_failures,
        _bend(np.asarray(parameters.bend_x, dtype=float), np.asarray(parameters.bend_y, dtype=float)), parameters,
    )  # fmt: skip


def _bend(x: NDArray[np.float64], y: NDArray[np.float64]) -> Bend:
    if not len(x):
        return Bend(x, y, x, np.empty(0, dtype=np.int64))
    starts = x[0] + (x[-1] - x[0]) / BINS * np.arange(BINS)
    return Bend(x, y, np.diff(y) / np.diff(x), np.clip(np.searchsorted(x, starts, side="right") - 1, 0, len(x) - 2))


def skill_gains(
    index: WorkIndex,
    people: PeopleIndex,
    c: int,
    tables: GainTables,
    applicants_per_opening: NDArray[np.float64],
    age_weeks: NDArray[np.float64],
    max_minutes: int | None = None,
    level: int = INDEPENDENT,
) -> tuple[NDArray[np.float64], int]:
    """(gains, n): (n_skills,) by how much the chances in reach rise in sum with each skill at `level`, and how many are in reach.

    applicants_per_opening, age_weeks: (n_vacancies,) in the order of the index. max_minutes: how far reach goes; work from
    home is always in it.
    """
    same_space(len(index.nearness.indptr) - 1, people)
    limit = -1 if max_minutes is None else max_minutes
    rows, scores, more = _score(
        people.people, people.places, c, index.work, index.places, index.postings, index.nearness, limit, index.longest
    )
    inputs = features(_scores(index, rows, scores, more), applicants_per_opening[rows], age_weeks[rows])
    rest = np.full(len(rows), tables.base)
    for feature in range(len(NAMES)):
        if feature not in MOVED:
            rest += np.interp(inputs[:, feature], KNOTS, tables.stretch[feature])
    known = np.column_stack([index.postings.whole[rows], more[:, MASTERED], more[:, ASKED], scores[:, FAILURES]])
    offset = offsets_of(tables.parameters.offsets, index.isco[rows])[0]
    gains = _gains(
        people.people, c, index.work, index.nearness, rows, known, rest, offset,
        tables.bends, tables.of_failures, tables.bend, level,
    )  # fmt: skip
    return gains, len(rows)


def scores_of(index: WorkIndex, people: PeopleIndex, c: int) -> Scores:
    """As `score.score_vacancies` without a motivation for the person in row `c`, by id of the vacancy; only what features read."""
    rows, scores, more = _score(
        people.people, people.places, c, index.work, index.places, index.postings, index.nearness, -1, index.longest
    )
    order = np.argsort(index.work.ids)
    return _scores(index, rows[order], scores[order], more[order])


def _scores(index: WorkIndex, rows: NDArray, scores: NDArray, more: NDArray) -> Scores:
    """The scores as the features read them; what no feature reads is left empty."""
    none = np.zeros(0, dtype=np.int64)
    asked = more[:, ASKED]
    return Scores(
        ids=index.work.ids[rows], fit=none, competence=scores[:, CAN], passion=scores[:, WANT], drive=scores[:, DO],
        core=scores[:, CORE], mastery=np.where(asked > 0, more[:, MASTERED] // np.maximum(asked, 1), NEUTRAL),
        failures=scores[:, FAILURES], papers_missing=scores[:, PAPERS], papers_hard_missing=more[:, PAPERS_HARD],
        education_short=scores[:, SHORT], language_short=more[:, LANGUAGE_SHORT], hours_short=more[:, HOURS_SHORT],
        minutes=none, minutes_over=scores[:, OVER], km=np.zeros(0), passion_parts=none, drive_parts=none,
        motivation=np.zeros(len(rows), dtype=np.int64), isco=index.isco[rows],
    )  # fmt: skip


@part
def _margin(reach, level):
    """As `competence.margin`."""
    return np.int64(_MARGIN[min(max(reach - STEPS * STEPS * level, -_WHOLE), _WHOLE) + _WHOLE])


@part
def _spread_reach(people, c, nearness, spread, reach):
    """reach[slot] becomes the most of similarity x evidence for a requirement of a skill that is reached (start: 0)."""
    person = people.row[c]
    for i in range(np.int64(person.first), np.int64(person.first) + np.int64(person.n_skills)):
        skill, evidence = people.skill[i], np.int64(people.entry[i] & 255)
        for at in range(nearness.back_indptr[skill], nearness.back_indptr[skill + 1]):
            slot = np.uint32(spread.slot[nearness.back[at]])
            reach[slot] = max(reach[slot], np.int64(nearness.back_similarity[at]) * evidence)


@part
def _facts(people, c, work, v, spread, reach, out):
    """The columns of `_more` for one vacancy."""
    out[:] = 0
    for word in range(work.certificates.shape[1]):
        out[PAPERS_HARD] += count_bits(work.certificates_hard[v, word] & ~people.certificates[word, c])
    if people.known[c] & SPEAKS:
        for column in range(work.languages.shape[1]):
            asked = np.int64(work.languages[v, column])
            if asked > 0:
                out[LANGUAGE_SHORT] += max(asked - max(np.int64(people.languages[column, c]), 0), 0)
    person, job = people.row[c], work.row[v]
    low, high = np.int64(person.hours[0]), np.int64(person.hours[1])
    if low >= 0 and high >= 0:
        out[HOURS_SHORT] = max(max(np.int64(job.hours[0]) - high, low - np.int64(job.hours[1])), 0)
    for r in range(job.first, job.first + job.n_asks):
        ask = work.asks[r]
        importance = np.int64(ask.importance)
        out[ASKED] += importance
        out[MASTERED] += importance * _margin(reach[np.uint32(spread.slot[ask.skill])], np.int64(ask.level))


@kernel
def _score(people, places, c, work, where, postings, nearness, max_minutes, longest):
    """(rows, scores, more): all work in reach with its whole scores and what only features read."""
    spread, reach = make_spread(len(nearness.indptr) - 1), np.zeros(len(nearness.indptr), dtype=np.int64)
    spread_skills(people, c, nearness, spread)
    _spread_reach(people, c, nearness, spread, reach)
    rows, minutes = reach_of(people.row[c], places, work, where, postings.remote, max_minutes)
    n = len(rows)
    scores, more = np.empty((n, COLUMNS), dtype=np.int64), np.empty((n, 5), dtype=np.int64)
    covered, joy_keys = np.empty(longest, dtype=np.uint16), np.empty(longest, dtype=np.int64)
    for i in range(n):
        v = rows[i]
        pair_of(people, c, work, v, spread, np.int64(minutes[i]), covered, joy_keys, scores[i])
        _facts(people, c, work, v, spread, reach, more[i])
    return rows, scores, more


@part
def _bent(bend, log_odds):
    """As `np.interp` over the corners of the bend."""
    last = len(bend.x) - 1
    if log_odds <= bend.x[0]:
        return bend.y[0]
    if log_odds >= bend.x[last]:
        return bend.y[last]
    piece = bend.piece[min(np.int64((log_odds - bend.x[0]) * (BINS / (bend.x[last] - bend.x[0]))), BINS - 1)]
    while log_odds > bend.x[piece + 1]:
        piece += 1
    while log_odds < bend.x[piece]:
        piece -= 1
    return bend.y[piece] + (log_odds - bend.x[piece]) * bend.slope[piece]


@part
def _share(total, whole):
    """(sum, per): twice the weighted sum, the whole and a half, and one over twice the whole; of nothing asked the neutral share.

    Their product, cut off, is the rounded share (as `divide`; the half keeps it clear of the number below).
    """
    return (2.0 * total + whole + 0.5, 0.5 / whole) if whole > 0 else (NEUTRAL + 0.5, 1.0)


@part
def _straight(bends, share, more):
    """Log-odds of a share with `more` added to its weighted sum, straight between the knots."""
    x = np.floor((share[0] + 2.0 * more) * share[1])
    log_odds = bends[0] * x
    for knot in range(1, _STRETCHES):
        log_odds += bends[knot] * max(x - knot * _STRETCH, 0.0)
    return log_odds


@part
def _chance(log_odds):
    """As `expit`, within LEAST and MOST."""
    x = min(max(log_odds, -_END), _END)
    square, rise = x * x, 0.0
    for at in range(len(_RISE)):
        rise = rise * square + _RISE[at]
    return 0.5 + x * rise


@inner
def _covers(level):
    """(coverage, margin) by level asked and similarity, of a requirement that is met by evidence of this level alone."""
    covers, masters = np.empty((LEVELS, LEVELS)), np.empty((LEVELS, LEVELS))
    for asked in range(LEVELS):
        for similarity in range(LEVELS):
            covers[asked, similarity] = COVERAGE[similarity * LEVELS + asked, level * STEPS]
            masters[asked, similarity] = _margin(similarity * level * STEPS, asked)
    return covers, masters


@part
def _learn(work, v, nearness, spread, reach, covers, masters, learned):
    """Fill the slots for vacancy v: (how many, whether any meets a hard skill, sum of competence, sum and whole of core)."""
    job, n, any_met = work.row[v], np.uint32(0), False
    total, core, whole_core = 0.0, 0.0, 0.0
    first, last = np.uint64(job.first), np.uint64(job.first + job.n_asks)
    for r in range(first, last):
        if r + _AHEAD < last:
            soon = np.uint64(nearness.indptr[np.uint32(work.asks[r + _AHEAD].skill)])
            prefetch(nearness.near, soon)
            prefetch(nearness.similarity, soon)
        ask = work.asks[r]
        asked, skill = np.uint32(ask.level), np.uint32(ask.skill)
        mine = np.uint32(spread.slot[skill])
        had, mastered = float(spread.best[mine, asked]), float(_margin(reach[mine], np.int64(asked)))
        weight, importance = float(ask.weight), float(ask.importance)
        weight_core = weight if ask.importance == 3 else 0.0
        lacking = ask.hard and had < HARD_COVERAGE
        total += weight * had
        core += weight_core * had
        whole_core += weight_core
        for at in range(np.uint64(nearness.indptr[skill]), np.uint64(nearness.indptr[skill + np.uint32(1)])):
            near, similarity = np.uint32(nearness.near[at]), np.uint32(nearness.similarity[at])
            has = covers[asked, similarity]
            rise, better = max(has - had, 0.0), max(masters[asked, similarity] - mastered, 0.0)
            if rise + better == 0.0:
                continue
            slot = np.uint32(learned.slot[near])
            if slot == 0:
                n += np.uint32(1)
                slot = n
                learned.slot[near], learned.skill[n] = n, near
            learned.can[slot] += weight * rise
            learned.core[slot] += weight_core * rise
            learned.mastery[slot] += importance * better
            if lacking and has >= HARD_COVERAGE:
                learned.met[slot], any_met = learned.met[slot] + 1, True
    return n, any_met, total, core, whole_core


@partial(kernel, fastmath={"contract"})
def _gains(people, c, work, nearness, rows, known, rest, offset, bends, of_failures, bend, level):
    n_skills = len(nearness.indptr) - 1
    spread, reach = make_spread(n_skills), np.zeros(n_skills + 1, dtype=np.int64)
    spread_skills(people, c, nearness, spread)
    _spread_reach(people, c, nearness, spread, reach)
    covers, masters = _covers(level)
    room, gains = n_skills + 1, np.zeros(n_skills)
    learned = Learned(
        np.zeros(n_skills, dtype=np.uint16), np.empty(room, dtype=np.int32), np.zeros(room), np.zeros(room), np.zeros(room),
        np.zeros(room, dtype=np.int64), np.empty(room),
    )  # fmt: skip
    then = learned.then
    for i in range(len(rows)):
        whole, mastered, whole_mastered, failures = known[i]
        n, any_met, total, core, whole_core = _learn(work, rows[i], nearness, spread, reach, covers, masters, learned)
        total += beside_skills(people, c, work, rows[i])[0]
        can, of_core, mastery = _share(total, whole), _share(core, whole_core), _share(mastered, whole_mastered)
        # A loop for each step: the first and the last but one run on vectors.
        for t in range(n + 1):
            then[t] = rest[i] + _straight(bends[0], can, learned.can[t]) + _straight(bends[1], of_core, learned.core[t])
            then[t] += _straight(bends[2], mastery, learned.mastery[t]) + of_failures[min(failures, 3)]
            learned.can[t], learned.core[t], learned.mastery[t] = 0, 0, 0
        if any_met:
            for t in range(1, n + 1):
                then[t] += of_failures[min(failures - learned.met[t], 3)] - of_failures[min(failures, 3)]
                learned.met[t] = 0
        if len(bend.x):
            for t in range(n + 1):
                then[t] = _bent(bend, then[t])
        for t in range(n + 1):
            then[t] = _chance(then[t] + offset[i])
        for t in range(1, n + 1):
            skill = np.uint32(learned.skill[t])
            gains[skill] += then[t] - then[0]
            learned.slot[skill] = 0
    return gains
