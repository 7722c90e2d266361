"""Kunnen: how well what somebody can covers what a vacancy asks, in [0, ONE].

For requirement r with weight ``w_r = importance x idf`` coverage is the best evidence a candidate has for it::

    cov(c, r) = max over skills s of  sim(s, r) / 15 x level_fit(level_s, min_r) x recency(s)

and competence is ``sum w_r cov_r / sum w_r``. Extra skills never cost anything: coverage is a maximum. Languages, certificates
and education are requirements with scales of their own and the fixed weights below. A vacancy that asks nothing is
neutral.

What is unknown is not a lack: a CV without any language counts as covering languages half, an unknown education
likewise.
"""

import numpy as np
from numpy.typing import NDArray

from matching.engine.pool import UNKNOWN, Candidates, SkillSpace, Vacancies
from matching.engine.scale import NEUTRAL, ONE, STEPS, STEPS_PER_LEVEL, divide

LANGUAGE_WEIGHT = 20  # importance x idf: as a core requirement of ordinary rarity
CERTIFICATE_WEIGHT = 24
EDUCATION_WEIGHT = 20
YEARS_PER_STEP = 3  # unused for three years: a fifteenth less
MOST_FORGOTTEN = 6  # steps: what somebody could do well never falls under 9/15


def effective_level(level: NDArray[np.int32], years_unused: NDArray[np.int32]) -> NDArray[np.int64]:
    """Evidence of a skill in steps [0, 15] x 15: the level, less what was forgotten.

    >>> effective_level(np.array([15, 15, 9]), np.array([0, 9, 40])).tolist()
    [225, 180, 81]
    """
    forgotten = np.minimum(np.asarray(years_unused, dtype=np.int64) // YEARS_PER_STEP, MOST_FORGOTTEN)
    return np.asarray(level, dtype=np.int64) * (STEPS - forgotten)


def coverage(
    evidence: NDArray[np.int64], similarity: NDArray[np.int64], min_level: NDArray[np.int64] | np.int64
) -> NDArray[np.int64]:
    """Coverage of a requirement in [0, ONE] by one skill: nearness times how far its level reaches.

    evidence: steps x 15 as from `effective_level`. similarity: [0, 15]. min_level: [1, 15].

    >>> coverage(np.array([135, 45, 225]), np.array([15, 15, 10]), np.array([9, 9, 9])).tolist()
    [10000, 3333, 6667]
    """
    reached = np.minimum(evidence, min_level * STEPS)
    return divide(ONE * similarity * reached, STEPS * STEPS * np.maximum(min_level, 1))


def margin(reach: NDArray[np.int64], min_level: NDArray[np.int64]) -> NDArray[np.int64]:
    """How far the best evidence lies under or over the asked level, within one level of five; NEUTRAL: exactly there.

    Unlike coverage it goes on above what is asked: who can do more than that is seen by employers. reach: similarity x evidence,
    steps x 225. min_level: steps, [1, 15].

    >>> margin(np.array([9 * 225, 12 * 225, 6 * 225, 0]), np.array([9, 9, 9, 2])).tolist()
    [5000, 10000, 0, 1667]
    """
    whole = STEPS * STEPS * STEPS_PER_LEVEL
    over = np.clip(
        np.asarray(reach, dtype=np.int64) - STEPS * STEPS * np.asarray(min_level, dtype=np.int64), -whole, whole
    )
    return divide(NEUTRAL * (whole + over), whole)


def evidence_table(candidates: Candidates, space: SkillSpace) -> NDArray[np.int64]:
    """Per candidate and skill the evidence that this person can do it, (n_candidates, n_skills) int64.

    Dense and exact, for the tables of a region; zero where there is none. Raises ValueError when a skill row does not
    exist in the space.
    """
    n, m = len(candidates.ids), len(space.ids)
    if len(candidates.skill) and (candidates.skill.min() < 0 or candidates.skill.max() >= m):
        raise ValueError("a candidate has a skill row that the skill space does not know")
    table = np.zeros((n, m), dtype=np.int64)
    rows = np.repeat(np.arange(n), np.diff(candidates.indptr))
    np.maximum.at(table, (rows, candidates.skill), effective_level(candidates.level, candidates.years_unused))
    return table


def requirement_coverage(
    evidence: NDArray[np.int64], skill: int, min_level: int, space: SkillSpace
) -> NDArray[np.int64]:
    """Coverage of one requirement for every row of an evidence table, (n_candidates,) in [0, ONE]."""
    start, end = space.near_indptr[skill], space.near_indptr[skill + 1]
    near = space.near[start:end]
    similarity = space.similarity[start:end].astype(np.int64)
    if len(near) == 0:
        return np.zeros(len(evidence), dtype=np.int64)
    return coverage(evidence[:, near], similarity[None, :], np.int64(min_level)).max(axis=1)


def requirement_weights(vacancies: Vacancies, space: SkillSpace) -> NDArray[np.int64]:
    """importance x idf of every requirement, (n_requirements,) int64 in [1, 45]."""
    if len(vacancies.skill) and (vacancies.skill.min() < 0 or vacancies.skill.max() >= len(space.ids)):
        raise ValueError("a vacancy asks a skill row that the skill space does not know")
    return vacancies.importance.astype(np.int64) * space.idf[vacancies.skill].astype(np.int64)


def language_coverage(spoken: NDArray[np.int32], asked: NDArray[np.int32]) -> NDArray[np.int64]:
    """Coverage of asked languages in [0, ONE], broadcast over CEFR levels; UNKNOWN spoken is neutral.

    >>> language_coverage(np.array([4, 2, -1]), np.array([4, 4, 4])).tolist()
    [10000, 5000, 5000]
    """
    spoken, asked = np.asarray(spoken, dtype=np.int64), np.asarray(asked, dtype=np.int64)
    reached = divide(ONE * np.minimum(np.maximum(spoken, 0), asked), np.maximum(asked, 1))
    return np.where(spoken == UNKNOWN, NEUTRAL, reached)


def education_coverage(has: NDArray[np.int32], asked: NDArray[np.int32]) -> NDArray[np.int64]:
    """Coverage of an asked NLQF level in [0, ONE]: a level short costs a third; unknown (0) is neutral.

    >>> education_coverage(np.array([4, 3, 1, 0]), np.array([4, 4, 4, 4])).tolist()
    [10000, 6667, 0, 5000]
    """
    has, asked = np.asarray(has, dtype=np.int64), np.asarray(asked, dtype=np.int64)
    short = np.maximum(asked - has, 0)
    return np.where(has == 0, NEUTRAL, divide(ONE * np.maximum(3 - short, 0), 3))


def count_bits(words: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Set bits along the last axis of a bit mask.

    >>> count_bits(np.array([[3, 1], [0, 0]], dtype=np.uint64)).tolist()
    [3, 0]
    """
    return np.bitwise_count(words).sum(axis=-1, dtype=np.int64)
