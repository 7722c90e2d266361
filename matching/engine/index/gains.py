"""What every skill would do for one person's chances over all work in reach, in one go.

The chance model is additive in features, and one more skill moves four of them: competence, core, mastery, and failures of what is
indispensable. Everything else of a vacancy is one number, computed once; the four come from tables; and a skill only touches
the requirements that it counts for. So the gain of all skills costs one walk over the requirements in reach.
All that the model says is put in tables once (`gain_tables`), and a vacancy's numbers stand together in one record.
Exact but for the tables of the calibration's bend and of the last step (log-odds to chance), which are read between their
points (error under 1e-5).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from matching.engine.calibration import calibrated
from matching.engine.chance import KNOTS, LEAST, MOST, ChanceParameters, design
from matching.engine.competence import margin
from matching.engine.features import FAILURE_STEPS, NAMES, features
from matching.engine.index.candidates import PeopleIndex, same_space
from matching.engine.index.compile import count_bits, kernel, part
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

POINTS, FINE_POINTS = 8_193, 65_537  # a bend of the calibration has corners, so its table is finer
WIDEST = 24.0  # log-odds; beyond it a chance is at its end
INDEPENDENT = 9  # level in steps: what a course brings when it says nothing else
MOVED = [NAMES.index(name) for name in ("competence", "core", "mastery", "failures")]
PAPERS_HARD, LANGUAGE_SHORT, HOURS_SHORT, MASTERED, ASKED = range(5)  # columns of `_more`
_WHOLE = STEPS * STEPS * STEPS_PER_LEVEL
# Margin by how far evidence lies above the level asked, from _WHOLE below it.
_MARGIN = margin(np.arange(2 * _WHOLE + 1) - _WHOLE, np.zeros(1, dtype=np.int64)).astype(np.int16)
_STRETCHES = len(KNOTS) - 1  # of equal length

# Where a vacancy stands for one person. Of competence, core and mastery: twice the weighted sum, the whole and a half, and one over
# twice the whole, so that their product, cut off, is the rounded share (as `divide`; the half keeps it clear of the number below).
STATE = np.dtype(
    [
        ("rest", "f8"), ("offset", "f8"), ("now", "f8"), ("can", "f8"), ("core", "f8"), ("mastery", "f8"),
        ("per_can", "f8"), ("per_core", "f8"), ("per_mastery", "f8"), ("failures", "i8"),
    ]
)  # fmt: skip
# What the skill that is looked at adds to a vacancy; small, because every touch writes it.
ADDED = np.dtype([("can", "u4"), ("core", "u4"), ("mastery", "i4"), ("met", "i2"), ("seen", "i2")])
# A requirement in reach: where its vacancy stands among those, how far it is covered, and what it asks.
ASKED_HERE = np.dtype(
    [("at", "i4"), ("weight", "i4"), ("covered", "u2"), ("level", "u1"), ("importance", "u1"), ("hard", "u1")]
)


class GainTables(NamedTuple):
    """One chance model, ready to be asked for gains; log-odds are those after the line of its calibration."""

    stretch: NDArray[np.float64]  # (n_features, 5) log-odds at the knots, above those at zero
    base: float  # log-odds of nothing
    of_failures: NDArray[np.float64]  # (4,) log-odds
    bend: NDArray[np.float32]  # log-odds by log-odds between -WIDEST and WIDEST; empty where the calibration has none
    chance: NDArray[np.float32]  # by log-odds between -WIDEST and WIDEST
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
    bend = np.asarray(parameters.bend_x), np.asarray(parameters.bend_y)
    fine = np.linspace(-WIDEST, WIDEST, FINE_POINTS if len(bend[0]) else 0)
    return GainTables(
        stretch, shift + slope * base, of_failures, calibrated(fine, (0.0, 1.0), bend).astype(np.float32),
        np.clip(expit(np.linspace(-WIDEST, WIDEST, POINTS)), LEAST, MOST).astype(np.float32), parameters,
    )  # fmt: skip


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
    state = np.zeros(len(rows), dtype=STATE)
    state["rest"] = tables.base
    for feature in range(len(NAMES)):
        if feature not in MOVED:
            state["rest"] += np.interp(inputs[:, feature], KNOTS, tables.stretch[feature])
    state["offset"] = offsets_of(tables.parameters.offsets, index.isco[rows])[0]
    state["failures"] = scores[:, FAILURES]
    gains = _gains(
        people.people, c, index.work, index.nearness, rows, index.postings.whole[rows], more[:, ASKED], more[:, MASTERED], state,
        tables.stretch[MOVED[:3]], tables.of_failures, tables.bend, tables.chance, level,
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
        isco=index.isco[rows],
    )  # fmt: skip


@part
def _margin(reach, level):
    """As `competence.margin`."""
    return np.int64(_MARGIN[min(max(reach - STEPS * STEPS * level, -_WHOLE), _WHOLE) + _WHOLE])


@part
def _spread_reach(people, c, nearness, reach):
    """reach[skill] becomes the most of similarity x evidence for a requirement of the skill (start: 0)."""
    person = people.row[c]
    for i in range(np.int64(person.first), np.int64(person.first) + np.int64(person.n_skills)):
        skill, evidence = people.skill[i], np.int64(people.entry[i] & 255)
        for at in range(nearness.back_indptr[skill], nearness.back_indptr[skill + 1]):
            asked = nearness.back[at]
            reach[asked] = max(reach[asked], np.int64(nearness.back_similarity[at]) * evidence)


@part
def _facts(people, c, work, v, reach, out):
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
        out[MASTERED] += importance * _margin(reach[ask.skill], np.int64(ask.level))


@kernel
def _score(people, places, c, work, where, postings, nearness, max_minutes, longest):
    """(rows, scores, more): all work in reach with its whole scores and what only features read."""
    spread, reach = make_spread(len(nearness.indptr) - 1), np.zeros(len(nearness.indptr) - 1, dtype=np.int64)
    spread_skills(people, c, nearness, spread)
    _spread_reach(people, c, nearness, reach)
    rows, minutes = reach_of(people.row[c], places, work, where, postings.remote, max_minutes)
    n = len(rows)
    scores, more = np.empty((n, COLUMNS), dtype=np.int64), np.empty((n, 5), dtype=np.int64)
    covered, joy_keys = np.empty(longest, dtype=np.uint16), np.empty(longest, dtype=np.int64)
    for i in range(n):
        v = rows[i]
        pair_of(people, c, work, v, spread, np.int64(minutes[i]), covered, joy_keys, scores[i])
        _facts(people, c, work, v, reach, more[i])
    return rows, scores, more


@part
def _read(table, log_odds):
    """A table over log-odds, read between its points."""
    last = len(table) - 1
    at = min(max((log_odds + WIDEST) * (last / (2 * WIDEST)), 0.0), last - 1e-6)
    low = np.uint32(at)
    return table[low] + (at - low) * (table[low + np.uint32(1)] - table[low])


@part
def _share(total, whole):
    """(sum, per) of STATE; of nothing asked the neutral share."""
    return (2.0 * total + whole + 0.5, 0.5 / whole) if whole > 0 else (NEUTRAL + 0.5, 1.0)


@part
def _straight(at_knots, x):
    """Log-odds for x in [0, ONE], straight between the knots."""
    low = np.uint32(min(x // np.uint32(ONE // _STRETCHES), np.uint32(_STRETCHES - 1)))
    return at_knots[low] + (x * (_STRETCHES / ONE) - low) * (at_knots[low + np.uint32(1)] - at_knots[low])


@part
def _chance(one, more, moved, of_failures, bend, chance):
    """The chance of one state, with what is added."""
    can = np.uint32((one.can + 2 * more.can) * one.per_can)
    core = np.uint32((one.core + 2 * more.core) * one.per_core)
    mastery = np.uint32((one.mastery + 2 * more.mastery) * one.per_mastery)
    at = one.rest + _straight(moved[0], can) + _straight(moved[1], core) + _straight(moved[2], mastery)
    at += of_failures[min(one.failures - more.met, 3)]
    if len(bend):
        at = _read(bend, at)
    return _read(chance, at + one.offset)


@kernel
def _gains(
    people, c, work, nearness, rows, whole, asked_in_all, mastered, state, moved, of_failures, bend, chance, level
):  # fmt: skip
    n, n_skills = len(rows), len(nearness.indptr) - 1
    spread, reach = make_spread(n_skills), np.zeros(n_skills, dtype=np.int64)
    spread_skills(people, c, nearness, spread)
    _spread_reach(people, c, nearness, reach)
    added = np.zeros(n, dtype=ADDED)
    # The requirements in reach, by skill.
    start = np.zeros(n_skills + 2, dtype=np.int64)
    for i in range(n):
        v, one = rows[i], state[i]
        job = work.row[v]
        total, core, core_whole = beside_skills(people, c, work, v)[0], np.int64(0), np.int64(0)
        for r in range(job.first, job.first + job.n_asks):
            ask = work.asks[r]
            start[ask.skill + 2] += 1
            share = np.int64(ask.weight) * np.int64(spread.best[spread.slot[ask.skill], ask.level])
            total += share
            if ask.importance == 3:
                core += share
                core_whole += np.int64(ask.weight)
        one.can, one.per_can = _share(total, whole[i])
        one.core, one.per_core = _share(core, core_whole)
        one.mastery, one.per_mastery = _share(mastered[i], asked_in_all[i])
        one.now = _chance(one, added[i], moved, of_failures, bend, chance)
    for skill in range(n_skills):
        start[skill + 2] += start[skill + 1]
    here = np.empty(start[-1], dtype=ASKED_HERE)
    for i in range(n):
        job = work.row[rows[i]]
        for r in range(job.first, job.first + job.n_asks):
            ask = work.asks[r]
            one = here[start[ask.skill + 1]]
            start[ask.skill + 1] += 1
            one.at, one.weight, one.covered = i, ask.weight, spread.best[spread.slot[ask.skill], ask.level]
            one.level, one.importance, one.hard = ask.level, ask.importance, ask.hard
    touched, gains = np.empty(n + 1, dtype=np.int32), np.zeros(n_skills)
    evidence = level * STEPS
    covers = COVERAGE[:, evidence].copy()  # (similarity x LEVELS + level asked,)
    for skill in range(n_skills):
        n_touched = 0
        for b in range(nearness.back_indptr[skill], nearness.back_indptr[skill + 1]):
            asked, similarity = nearness.back[b], np.int64(nearness.back_similarity[b])
            far, further = reach[asked], max(reach[asked], similarity * evidence)
            for r in range(start[asked], start[asked + 1]):
                ask = here[r]
                has, had = np.int64(covers[similarity * LEVELS + ask.level]), np.int64(ask.covered)
                if has <= had and further == far:
                    continue
                # Without branches from here on: they would be guessed wrong.
                more, rise, importance = added[ask.at], ask.weight * max(has - had, 0), np.int64(ask.importance)
                touched[n_touched] = ask.at
                n_touched += 1 - more.seen
                more.seen = 1
                more.can += rise
                more.core += rise * np.int64(importance == 3)
                more.mastery += importance * (_margin(further, np.int64(ask.level)) - _margin(far, np.int64(ask.level)))
                more.met += np.int64(ask.hard) & np.int64(had < HARD_COVERAGE) & np.int64(has >= HARD_COVERAGE)
        for t in range(n_touched):
            one, more = state[touched[t]], added[touched[t]]
            gains[skill] += _chance(one, more, moved, of_failures, bend, chance) - one.now
            more.can, more.core, more.mastery, more.met, more.seen = 0, 0, 0, 0, 0
    return gains
