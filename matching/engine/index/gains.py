"""What every skill would do for one person's chances over all work in reach, in one go.

The chance model is additive in features, and one more skill moves four of them: competence, core, mastery, and failures of what is
indispensable. Everything else of a vacancy is one number, computed once; the four come from tables; and a skill only touches
the requirements that it counts for. So the gain of all skills costs one walk over the requirements in reach.
All that the model says is put in tables once (`gain_tables`), and a vacancy's numbers stand together in one record.
Exact but for the tables of calibration and of the last step (log-odds to chance), read between their points (error under 1e-5).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from matching.engine.calibration import calibrated
from matching.engine.chance import KNOTS, LEAST, MOST, ChanceParameters, design
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
    divide,
)
from matching.engine.index.layout import SPEAKS
from matching.engine.index.mirror import LEVELS, pair_of, spread
from matching.engine.index.question import reach_of
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
_STRETCHES = len(KNOTS) - 1  # of equal length

# Where a vacancy stands for one person, and what the skill that is looked at adds: one line of cache.
STATE = np.dtype(
    [
        ("rest", "f8"), ("offset", "f8"), ("now", "f8"), ("total", "u4"), ("core", "u4"), ("whole", "i4"),
        ("core_whole", "i4"), ("mastered", "i4"), ("asked", "i4"), ("added", "u4"), ("added_core", "u4"),
        ("added_mastered", "i4"), ("failures", "i2"), ("met", "i2"),
    ]
)  # fmt: skip


class GainTables(NamedTuple):
    """One chance model, ready to be asked for gains."""

    stretch: NDArray[np.float64]  # (n_features, 5) log-odds at the knots, above those at zero
    base: float
    of_failures: NDArray[np.float64]  # (4,)
    calibration: NDArray[np.float32]  # log-odds by log-odds, between -WIDEST and WIDEST
    chance: NDArray[np.float32]
    parameters: ChanceParameters


def gain_tables(parameters: ChanceParameters) -> GainTables:
    """The tables of a chance model; make them once for a version."""
    coefficients = np.concatenate([[parameters.base], np.ravel(parameters.rises)])
    base = float((design(np.zeros(len(NAMES))) @ coefficients)[0])
    stretch = np.empty((len(NAMES), len(KNOTS)))
    for feature in range(len(NAMES)):
        x = np.zeros((len(KNOTS), len(NAMES)))
        x[:, feature] = KNOTS  # the log-odds are straight between knots
        stretch[feature] = design(x) @ coefficients - base
    of_failures = np.interp(FAILURE_STEPS, KNOTS, stretch[NAMES.index("failures")])
    fine, line = np.linspace(-WIDEST, WIDEST, FINE_POINTS), np.linspace(-WIDEST, WIDEST, POINTS)
    bend = np.asarray(parameters.bend_x), np.asarray(parameters.bend_y)
    return GainTables(
        stretch, base, of_failures,
        calibrated(fine if len(bend[0]) else line, parameters.platt, bend).astype(np.float32),
        np.clip(expit(line), LEAST, MOST).astype(np.float32), parameters,
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
    state["failures"] = np.minimum(scores[:, FAILURES], np.iinfo(np.int16).max)
    state["mastered"], state["asked"] = more[:, MASTERED], more[:, ASKED]
    state["whole"] = index.postings.whole[rows]
    gains = _gains(
        people.people, c, index.work, index.nearness, rows, state, tables.stretch[MOVED[:3]], tables.of_failures,
        tables.calibration, tables.chance, level,
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
    over = min(max(reach - STEPS * STEPS * level, -_WHOLE), _WHOLE)
    return divide(NEUTRAL * (_WHOLE + over), _WHOLE)


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
    best = np.zeros((len(nearness.indptr) - 1, LEVELS), dtype=np.uint16)
    joys = np.full(len(nearness.indptr) - 1, -1, dtype=np.int8)
    reached = np.empty(len(nearness.indptr) - 1, dtype=np.int32)
    reach = np.zeros(len(nearness.indptr) - 1, dtype=np.int64)
    spread(people, c, nearness, best, joys, reached)
    _spread_reach(people, c, nearness, reach)
    rows, minutes = reach_of(people.row[c], places, work, where, postings.remote, max_minutes)
    n = len(rows)
    scores, more = np.empty((n, COLUMNS), dtype=np.int64), np.empty((n, 5), dtype=np.int64)
    covered, joy_keys = np.empty(longest, dtype=np.uint16), np.empty(longest, dtype=np.int64)
    for i in range(n):
        v = rows[i]
        pair_of(people, c, work, v, best, joys, np.int64(minutes[i]), covered, joy_keys, scores[i])
        _facts(people, c, work, v, reach, more[i])
    return rows, scores, more


@part
def _read(table, log_odds):
    """A table over log-odds, read between its points."""
    last = len(table) - 1
    at = min(max((log_odds + WIDEST) * (last / (2 * WIDEST)), 0.0), last - 1e-6)
    low = int(at)
    return table[low] + (at - low) * (table[low + 1] - table[low])


@part
def _straight(at_knots, x):
    """Log-odds for x in [0, ONE], straight between the knots."""
    low = min(x * _STRETCHES // ONE, _STRETCHES - 1)
    return at_knots[low] + (x * _STRETCHES / ONE - low) * (at_knots[low + 1] - at_knots[low])


@part
def _chance(one, moved, of_failures, calibration, chance):
    """The chance of one state, with what is added."""
    can = divide(np.int64(one.total) + np.int64(one.added), np.int64(one.whole)) if one.whole > 0 else NEUTRAL
    core = NEUTRAL
    if one.core_whole > 0:
        core = divide(np.int64(one.core) + np.int64(one.added_core), np.int64(one.core_whole))
    mastery = NEUTRAL
    if one.asked > 0:
        mastery = divide(np.int64(one.mastered) + np.int64(one.added_mastered), np.int64(one.asked))
    at = one.rest + _straight(moved[0], can) + _straight(moved[1], core) + _straight(moved[2], mastery)
    at += of_failures[min(one.failures - one.met, 3)]
    return _read(chance, _read(calibration, at) + one.offset)


@kernel
def _gains(
    people, c, work, nearness, rows, state, moved, of_failures, calibration, chance, level
):  # fmt: skip
    n, n_skills = len(rows), len(nearness.indptr) - 1
    best = np.zeros((n_skills, LEVELS), dtype=np.uint16)
    joys, reached = np.full(n_skills, -1, dtype=np.int8), np.empty(n_skills, dtype=np.int32)
    reach = np.zeros(n_skills, dtype=np.int64)
    spread(people, c, nearness, best, joys, reached)
    _spread_reach(people, c, nearness, reach)
    # The requirements in reach, by skill.
    start = np.zeros(n_skills + 2, dtype=np.int64)
    for i in range(n):
        v, one = rows[i], state[i]
        job = work.row[v]
        total, core, core_whole = beside_skills(people, c, work, v)[0], np.int64(0), np.int64(0)
        for r in range(job.first, job.first + job.n_asks):
            ask = work.asks[r]
            start[ask.skill + 2] += 1
            share = np.int64(ask.weight) * np.int64(best[ask.skill, ask.level])
            total += share
            if ask.importance == 3:
                core += share
                core_whole += np.int64(ask.weight)
        one.total, one.core, one.core_whole = total, core, core_whole
        one.now = _chance(one, moved, of_failures, calibration, chance)
    for skill in range(n_skills):
        start[skill + 2] += start[skill + 1]
    mine, entry = np.empty(start[-1], dtype=np.int32), np.empty(start[-1], dtype=np.int32)
    for i in range(n):
        job = work.row[rows[i]]
        for r in range(job.first, job.first + job.n_asks):
            ask = work.asks[r]
            to = start[ask.skill + 1]
            start[ask.skill + 1] = to + 1
            # What is asked, in one word: read seven times, and then in a row.
            mine[to], entry[to] = i, ask.level | ask.importance << 4 | ask.hard << 6 | ask.weight << 8
    seen, touched = np.zeros(n, dtype=np.uint8), np.empty(n, dtype=np.int32)
    gains, evidence = np.zeros(n_skills), level * STEPS
    for skill in range(n_skills):
        n_touched = 0
        for b in range(nearness.back_indptr[skill], nearness.back_indptr[skill + 1]):
            asked, similarity = nearness.back[b], np.int64(nearness.back_similarity[b])
            far, further = reach[asked], max(reach[asked], similarity * evidence)
            for at in range(start[asked], start[asked + 1]):
                i, ask = mine[at], np.int64(entry[at])
                lowest, importance, weight = ask & 15, ask >> 4 & 3, ask >> 8
                had, has = np.int64(best[asked, lowest]), np.int64(COVERAGE[similarity * LEVELS + lowest, evidence])
                if has <= had and further == far:
                    continue
                one = state[i]
                if not seen[i]:
                    seen[i] = 1
                    touched[n_touched] = i
                    n_touched += 1
                if further > far:
                    one.added_mastered += importance * (_margin(further, lowest) - _margin(far, lowest))
                if has > had:
                    rise = weight * (has - had)
                    one.added += rise
                    if importance == 3:
                        one.added_core += rise
                    if ask & 64 and had < HARD_COVERAGE <= has:
                        one.met += 1
        for t in range(n_touched):
            one = state[touched[t]]
            gains[skill] += _chance(one, moved, of_failures, calibration, chance) - one.now
            one.added, one.added_core, one.added_mastered, one.met = 0, 0, 0, 0
            seen[touched[t]] = 0
    return gains
