"""Who would fit if one thing changed, and why somebody does not pass: every exclusion with its reason.

*Almost* are pairs in which exactly one hard requirement fails. What it asks is added to the CV (the skill at the asked level,
the paper, the language, the education level), everything is computed again, and the new fit is told beside the old one.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.explain import RequirementCover, explain
from matching.engine.pool import Candidates, Vacancies
from matching.engine.scale import STEPS_PER_LEVEL
from matching.engine.score import CandidateIndex, Scores, VacancyIndex, index_candidates, rank, score_vacancies
from matching.engine.training import Programmes, with_programmes


@dataclass(frozen=True)
class Almost:
    """A pair that one change away passes. `fails` is what is missing, `fit` now and `fit_then` in [0, ONE]."""

    candidate_id: int
    vacancy_id: int
    fails: RequirementCover
    fit: int
    fit_then: int


def failures_of(index: CandidateIndex, row: int, vacancies: VacancyIndex, v: int) -> tuple[RequirementCover, ...]:
    """The hard requirements of vacancy `v` that the candidate in `row` fails, each with what is asked and there; () for none."""
    return tuple(cover for cover in explain(index, row, vacancies, v).requirements if cover.fails)


def almost_candidates(
    vacancies: VacancyIndex, v: int, index: CandidateIndex, scores: Scores, limit: int = 10
) -> list[Almost]:
    """People who fail one thing for vacancy `v`, in order of the fit that they have now.

    scores: of all candidates of the index for this vacancy, in their order.
    """
    return [_almost(index, row, vacancies, v) for row in _one_short(scores, limit)]


def almost_vacancies(
    index: CandidateIndex, row: int, vacancies: VacancyIndex, scores: Scores, limit: int = 10
) -> list[Almost]:
    """Vacancies for which the candidate in `row` fails one thing, in order of the fit that they have now.

    scores: of this candidate for all vacancies of the index, in their order.
    """
    return [_almost(index, row, vacancies, v) for v in _one_short(scores, limit)]


def _one_short(scores: Scores, limit: int) -> list[int]:
    order = rank(scores)
    return order[scores.failures[order] == 1][:limit].tolist()


def _almost(index: CandidateIndex, row: int, vacancies: VacancyIndex, v: int) -> Almost:
    (fails,) = failures_of(index, row, vacancies, v)
    changed = _with(index.candidates, row, fails, vacancies.vacancies, v)
    now = score_vacancies(index, row, vacancies, np.array([v]))
    then = score_vacancies(index_candidates(changed, index.space), 0, vacancies, np.array([v]))
    return Almost(
        int(index.candidates.ids[row]), int(vacancies.vacancies.ids[v]), fails, int(now.fit[0]), int(then.fit[0])
    )


def _with(candidates: Candidates, row: int, lacks: RequirementCover, asked: Vacancies, v: int) -> Candidates:
    """A pool of one: the candidate with what is lacking."""
    skills = np.array([lacks.item] if lacks.kind == "skill" else [], dtype=np.int32)
    papers = np.zeros((1, candidates.certificates.shape[1]), dtype=np.uint64)
    if lacks.kind == "certificate":
        papers[0, lacks.item // 64] = np.uint64(1 << (lacks.item % 64))
    step = Programmes(
        ids=np.zeros(1, dtype=np.int64), indptr=np.array([0, len(skills)]), skill=skills,
        level=np.full(len(skills), _level(lacks, asked, v), dtype=np.int32), certificates=papers,
        grants_education=np.array([lacks.asked if lacks.kind == "education" else 0], dtype=np.int32),
        entry_education=np.zeros(1, dtype=np.int32),
    )  # fmt: skip
    one = with_programmes(candidates, row, step, np.array([0]), lacks.asked if lacks.kind == "education" else 0)
    if lacks.kind != "language":
        return one
    languages = one.languages.copy()
    languages[0, lacks.item] = lacks.asked
    return replace(one, languages=languages)


def _level(lacks: RequirementCover, asked: Vacancies, v: int) -> int:
    """The level in steps that is asked of a skill; of a skill asked twice the higher."""
    if lacks.kind != "skill":
        return lacks.asked * STEPS_PER_LEVEL
    entries = slice(asked.indptr[v], asked.indptr[v + 1])
    levels: NDArray[np.int32] = asked.min_level[entries][asked.skill[entries] == lacks.item]
    return int(levels.max())
