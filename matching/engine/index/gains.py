"""What every skill would do for one person's chances over all work in reach, in one go.

The chance model is additive in features, and one more skill moves four of them: competence, core, mastery, and failures of what is
indispensable. Everything else of a vacancy is one number, computed once; the four come from tables; and a skill only touches
the requirements that it counts for. So the gain of all skills costs one walk over the requirements in reach.
Exact but for the tables of calibration and of the last step (log-odds to chance), read between 65,536 points (error under 1e-5).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from matching.engine.calibration import calibrated
from matching.engine.chance import KNOTS, LEAST, MOST, ChanceParameters, design
from matching.engine.features import FAILURE_STEPS, NAMES, features
from matching.engine.index.candidates import PeopleIndex, same_space
from matching.engine.index.compile import kernel, part
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
    count_bits,
    divide,
)
from matching.engine.index.layout import SPEAKS
from matching.engine.index.mirror import CORE as IS_CORE
from matching.engine.index.mirror import HARD, IMPORTANCE, LEVELS, pair_of, spread
from matching.engine.index.question import reach_of
from matching.engine.index.vacancies import WorkIndex
from matching.engine.pooling import offsets_of
from matching.engine.scale import NEUTRAL, ONE, STEPS, STEPS_PER_LEVEL
from matching.engine.score import HARD_COVERAGE, Scores

POINTS = 65_537
WIDEST = 24.0  # log-odds; beyond it a chance is at its end
INDEPENDENT = 9  # level in steps: what a course brings when it says nothing else
MOVED = [NAMES.index(name) for name in ("competence", "core", "mastery", "failures")]
PAPERS_HARD, LANGUAGE_SHORT, HOURS_SHORT, MASTERED, ASKED = range(5)  # columns of `_more`
_WHOLE = STEPS * STEPS * STEPS_PER_LEVEL


def skill_gains(
    index: WorkIndex,
    people: PeopleIndex,
    c: int,
    parameters: ChanceParameters,
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
    coefficients = np.concatenate([[parameters.base], np.ravel(parameters.rises)])
    zero = np.zeros(len(NAMES))
    at_zero = float((design(zero) @ coefficients)[0])
    steps = np.arange(ONE + 1) / ONE
    tables = []
    for feature, points in zip(MOVED, (steps, steps, steps, FAILURE_STEPS), strict=True):
        x = np.zeros((len(KNOTS), len(NAMES)))
        x[:, feature] = KNOTS  # the log-odds are straight between knots
        tables.append(np.interp(points, KNOTS, design(x) @ coefficients - at_zero))
    limit = -1 if max_minutes is None else max_minutes
    rows, scores, more = _score(
        people.people, people.places, c, index.work, index.places, index.postings, index.nearness, limit, index.longest
    )
    inputs = features(_scores(index, rows, scores, more), applicants_per_opening[rows], age_weeks[rows])
    inputs[:, MOVED] = 0
    offset, _variance = offsets_of(parameters.offsets, index.isco[rows])
    line = np.linspace(-WIDEST, WIDEST, POINTS)
    bend = np.asarray(parameters.bend_x), np.asarray(parameters.bend_y)
    gains = _gains(
        people.people, c, index.work, index.postings, index.nearness, rows, scores, more, design(inputs) @ coefficients,
        offset, *tables, calibrated(line, parameters.platt, bend), np.clip(expit(line), LEAST, MOST), level,
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
    at = min(max((log_odds + WIDEST) * ((POINTS - 1) / (2 * WIDEST)), 0.0), POINTS - 1.000001)
    low = int(at)
    return table[low] + (at - low) * (table[low + 1] - table[low])


@kernel
def _gains(
    people, c, work, postings, nearness, rows, scores, more, rest, offset, of_can, of_core, of_mastery, of_failures,
    calibration, chance, level,
):  # fmt: skip
    n, n_skills = len(rows), len(nearness.indptr) - 1
    best = np.zeros((n_skills, LEVELS), dtype=np.uint16)
    joys, reached = np.full(n_skills, -1, dtype=np.int8), np.empty(n_skills, dtype=np.int32)
    reach = np.zeros(n_skills, dtype=np.int64)
    spread(people, c, nearness, best, joys, reached)
    _spread_reach(people, c, nearness, reach)
    local = np.full(len(work.row), -1, dtype=np.int32)
    total, core, core_whole = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    now = np.empty(n)
    for i in range(n):
        v = rows[i]
        local[v] = i
        total[i] = beside_skills(people, c, work, v)[0]
        job = work.row[v]
        for r in range(job.first, job.first + job.n_asks):
            ask = work.asks[r]
            share = np.int64(ask.weight) * np.int64(best[ask.skill, ask.level])
            total[i] += share
            if ask.importance == 3:
                core[i] += share
                core_whole[i] += np.int64(ask.weight)
        mastery = divide(more[i, MASTERED], more[i, ASKED]) if more[i, ASKED] > 0 else NEUTRAL
        at = rest[i] + of_can[scores[i, CAN]] + of_core[scores[i, CORE]] + of_mastery[mastery]
        at += of_failures[min(scores[i, FAILURES], 3)]
        now[i] = _read(chance, _read(calibration, at) + offset[i])
    # The requirements in reach, by skill.
    start, end = np.zeros(n_skills + 1, dtype=np.int64), 0
    mine, entry = np.empty(len(postings.vacancy), dtype=np.int32), np.empty(len(postings.vacancy), dtype=np.int64)
    for skill in range(n_skills):
        for i in range(postings.start[skill], postings.start[skill + 1]):
            v = local[postings.vacancy[i]]
            if v >= 0:
                mine[end], entry[end] = v, i
                end += 1
        start[skill + 1] = end
    added, added_core = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    mastered, met = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    seen, touched = np.zeros(n, dtype=np.uint8), np.empty(n, dtype=np.int32)
    gains = np.zeros(n_skills)
    evidence = level * STEPS
    for skill in range(n_skills):
        n_touched = 0
        for b in range(nearness.back_indptr[skill], nearness.back_indptr[skill + 1]):
            asked, similarity = nearness.back[b], np.int64(nearness.back_similarity[b])
            far, further = reach[asked], max(reach[asked], similarity * evidence)
            for i in range(start[asked], start[asked + 1]):
                v, e = mine[i], entry[i]
                lowest = np.int64(postings.level[e])
                had, has = np.int64(best[asked, lowest]), np.int64(COVERAGE[similarity * LEVELS + lowest, evidence])
                if has <= had and further == far:
                    continue
                if not seen[v]:
                    seen[v] = 1
                    touched[n_touched] = v
                    n_touched += 1
                flags = postings.flags[e]
                if further > far:
                    mastered[v] += (flags // IMPORTANCE) * (_margin(further, lowest) - _margin(far, lowest))
                if has > had:
                    rise = np.int64(postings.weight[e]) * (has - had)
                    added[v] += rise
                    if flags & IS_CORE:
                        added_core[v] += rise
                    if flags & HARD and had < HARD_COVERAGE <= has:
                        met[v] += 1
        for t in range(n_touched):
            v = touched[t]
            can = divide(total[v] + added[v], postings.whole[rows[v]])
            middle = divide(core[v] + added_core[v], core_whole[v]) if core_whole[v] > 0 else NEUTRAL
            mastery = divide(more[v, MASTERED] + mastered[v], more[v, ASKED])
            failing = min(scores[v, FAILURES] - met[v], 3)
            at = rest[v] + of_can[can] + of_core[middle] + of_mastery[mastery] + of_failures[failing]
            gains[skill] += _read(chance, _read(calibration, at) + offset[v]) - now[v]
            added[v], added_core[v], mastered[v], met[v], seen[v] = 0, 0, 0, 0, 0
    return gains
