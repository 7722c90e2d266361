"""A market laid out for courses: what vacancies ask and programmes give, as arrays that the loops of `training_loops` walk.

Nothing in it depends on a person, so it is made once for a market and its programmes.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine import competence
from matching.engine.scale import STEPS
from matching.engine.score import VacancyIndex
from matching.engine.training import Programmes

MOST_IMPORTANT = 3


class Asks(NamedTuple):
    """What n vacancies ask, and their requirements by skill: posting lists of (requirement, similarity in steps)."""

    start: NDArray[np.int64]  # (n + 1,) requirements of a vacancy
    entry: NDArray[np.int32]  # (n_requirements, 5) level, weight, importance, whether core, whether hard
    posting_start: NDArray[np.int64]  # (n_skills + 1,)
    posting: NDArray[np.int32]  # (n_pairs, 3) requirement, vacancy, and similarity x 16 + the level that is asked
    whole: NDArray[np.int64]  # (n,) sum of all weights, what is beside skills included
    core_whole: NDArray[np.int64]
    importance_whole: NDArray[np.int64]
    languages: NDArray[np.int64]  # (n, n_languages) CEFR, 0: not asked
    languages_hard: NDArray[np.bool_]
    papers: NDArray[np.uint64]  # (n, n_words)
    papers_hard: NDArray[np.uint64]
    education: NDArray[np.int64]  # NLQF, 0: not asked
    education_hard: NDArray[np.bool_]


class Gives(NamedTuple):
    """What m programmes give; `other` are vacancies that ask a paper, language or level that the programme gives."""

    start: NDArray[np.int64]  # (m + 1,)
    skill: NDArray[np.int64]
    level: NDArray[np.int64]
    languages: NDArray[np.int64]  # (m, n_languages)
    papers: NDArray[np.uint64]
    education: NDArray[np.int64]
    other_start: NDArray[np.int64]  # (m + 1,)
    other: NDArray[np.int64]


@dataclass(frozen=True)
class Ground:
    """Vacancies and programmes, and the same laid out for loops."""

    vacancies: VacancyIndex
    programmes: Programmes
    asks: Asks
    gives: Gives


def lay_out(vacancies: VacancyIndex, programmes: Programmes) -> Ground:
    """Prepare a market and its programmes, whose skills are rows of the market's space."""
    return Ground(vacancies, programmes, _asks(vacancies), _gives(vacancies, programmes))


def _asks(index: VacancyIndex) -> Asks:
    asked = index.vacancies
    n = len(asked.ids)
    owner = np.repeat(np.arange(n), np.diff(asked.indptr))
    requirement = np.repeat(np.arange(len(asked.skill)), np.diff(index.pair_indptr))
    key = index.pair_similarity * (STEPS + 1) + asked.min_level[requirement]
    by_skill = np.argsort(index.pair_skill, kind="stable")
    core = asked.importance == MOST_IMPORTANT
    beside = (
        competence.LANGUAGE_WEIGHT * (asked.languages > 0).sum(axis=1)
        + competence.CERTIFICATE_WEIGHT * competence.count_bits(asked.certificates)
        + np.where(asked.education > 0, competence.EDUCATION_WEIGHT, 0)
    )
    return Asks(
        asked.indptr.astype(np.int64),
        np.column_stack([asked.min_level, index.weight, asked.importance, core, asked.hard]).astype(np.int32),
        np.searchsorted(index.pair_skill[by_skill], np.arange(len(index.space.ids) + 1)).astype(np.int64),
        np.column_stack([requirement, owner[requirement], key])[by_skill].astype(np.int32),
        _sum_by(index.weight, owner, n) + beside, _sum_by(np.where(core, index.weight, 0), owner, n),
        _sum_by(asked.importance, owner, n), asked.languages.astype(np.int64), asked.languages_hard,
        asked.certificates, asked.certificates_hard, asked.education.astype(np.int64), asked.education_hard,
    )  # fmt: skip


def _gives(index: VacancyIndex, programmes: Programmes) -> Gives:
    asked = index.vacancies
    others = [
        np.flatnonzero(
            (asked.certificates & programmes.certificates[row]).any(axis=1)
            | ((asked.languages > 0) & (programmes.languages[row] > 0)).any(axis=1)
            | ((asked.education > 0) & (programmes.grants_education[row] > 0))
        )
        for row in range(len(programmes.ids))
    ]
    return Gives(
        programmes.indptr.astype(np.int64), programmes.skill.astype(np.int64), programmes.level.astype(np.int64),
        programmes.languages.astype(np.int64), programmes.certificates, programmes.grants_education.astype(np.int64),
        np.concatenate([[0], np.cumsum([len(rows) for rows in others])]).astype(np.int64),
        np.concatenate([*others, np.empty(0, dtype=np.int64)]).astype(np.int64),
    )  # fmt: skip


def _sum_by(values: NDArray, owner: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    # Doubles hold these whole numbers exactly: they stay far under 2 ** 53.
    return np.bincount(owner, weights=values, minlength=n).astype(np.int64)
