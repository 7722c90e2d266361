"""Almost: pairs that would fit if one thing changed, what that is, and the fit they would then have.

An **obstacle** is a hard requirement that fails, hours that do not meet, or a journey that is longer than wished. A pair with
exactly one obstacle is *almost* there. What it would be without is not estimated but computed: the one thing is changed
in the arrays and the same engine scores the pair again. Changing it never lowers the fit, since every part of the score is
monotone in it.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.explain import explain
from matching.engine.pool import Candidates, Vacancies
from matching.engine.scale import STEPS_PER_LEVEL
from matching.engine.score import (
    CandidateIndex,
    Scores,
    VacancyIndex,
    index_candidates,
    score_candidates,
    score_vacancies,
)

LOOKED_AT = 3  # times as many as are asked for: the order by the fit after the change may differ


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way. kind: skill, language, certificate, education (`item` as in `RequirementCover`), hours or journey.

    asked and has are levels of the kind's own scale, hours a week (the nearest end of each), or minutes one way.
    """

    kind: str
    item: int
    asked: int
    has: int


@dataclass(frozen=True)
class Almost:
    """A pair with one obstacle: rows of both sides, and the fit with it and without it, in parts of ONE."""

    row: int
    vacancy_row: int
    obstacle: Obstacle
    fit: int
    fit_then: int


def hours_short(candidates: Candidates, c, vacancies: Vacancies, v) -> NDArray[np.int64]:
    """Hours a week between what is offered and what is wished, 0 where they meet or no wish is known."""
    low, high = candidates.hours_min[c].astype(np.int64), candidates.hours_max[c].astype(np.int64)
    gap = np.maximum(vacancies.hours_min[v] - high, low - vacancies.hours_max[v])
    return np.where((low < 0) | (high < 0), 0, np.maximum(gap, 0))


def count_obstacles(scores: Scores, hours: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many things stand in the way of each of n scored pairs."""
    return scores.failures + (hours > 0) + (scores.minutes_over > 0)


def obstacles(index: CandidateIndex, row: int, vacancies: VacancyIndex, v: int) -> list[Obstacle]:
    """Everything that stands in the way of one pair; [] when nothing does."""
    story = explain(index, row, vacancies, v)
    found = [Obstacle(cover.kind, cover.item, cover.asked, cover.has) for cover in story.requirements if cover.fails]
    person, work = index.candidates, vacancies.vacancies
    if hours_short(person, np.array([row]), work, np.array([v]))[0]:
        few = person.hours_max[row] < work.hours_min[v]
        asked, has = (work.hours_min[v], person.hours_max[row]) if few else (work.hours_max[v], person.hours_min[row])
        found.append(Obstacle("hours", 0, int(asked), int(has)))
    if story.minutes_over:
        found.append(Obstacle("journey", 0, story.minutes, int(person.max_minutes[row])))
    return found


def without(candidates: Candidates, row: int, obstacle: Obstacle) -> Candidates:
    """The candidate in `row`, alone in a pool, as if this one thing were otherwise."""
    one = _alone(candidates, row)
    if obstacle.kind == "skill":
        added = {
            "skill": obstacle.item, "level": obstacle.asked * STEPS_PER_LEVEL, "joy": -1, "years_unused": 0,
        }  # fmt: skip
        columns = {name: np.append(getattr(one, name), np.int32(value)) for name, value in added.items()}
        return replace(one, indptr=one.indptr + np.array([0, 1]), **columns)
    if obstacle.kind == "language":
        languages = one.languages.copy()
        languages[0, obstacle.item] = obstacle.asked
        return replace(one, languages=languages)
    if obstacle.kind == "certificate":
        certificates = one.certificates.copy()
        certificates[0, obstacle.item // 64] |= np.uint64(1) << np.uint64(obstacle.item % 64)
        return replace(one, certificates=certificates)
    changed = np.array([obstacle.asked], dtype=np.int32)
    if obstacle.kind == "education":
        return replace(one, education=changed)
    if obstacle.kind == "journey":
        return replace(one, max_minutes=changed)
    return replace(
        one,
        hours_min=np.minimum(one.hours_min, changed),
        hours_max=np.maximum(one.hours_max, changed),
    )


def fit_without(
    index: CandidateIndex, row: int, vacancies: VacancyIndex, v: int, obstacle: Obstacle, motivation: int = 0
) -> int:
    """The fit of the pair if this one thing were otherwise, in parts of ONE."""
    changed = index_candidates(without(index.candidates, row, obstacle), index.space)
    return int(score_vacancies(changed, 0, vacancies, np.array([v]), motivation).fit[0])


def almost_vacancies(
    index: CandidateIndex, row: int, vacancies: VacancyIndex, rows: NDArray[np.int64] | None = None, k: int = 5
) -> list[Almost]:
    """The k vacancies (of `rows`, all when None) with one obstacle for this person that would fit best without it."""
    rows = np.arange(len(vacancies.vacancies.ids)) if rows is None else np.asarray(rows, dtype=np.int64)
    scores = score_vacancies(index, row, vacancies, rows)
    hours = hours_short(index.candidates, np.full(len(rows), row), vacancies.vacancies, rows)
    chosen = _best(scores, count_obstacles(scores, hours) == 1, k)
    found = [_almost(index, row, vacancies, int(rows[at]), int(scores.fit[at])) for at in chosen]
    return _ordered(found, vacancies.vacancies.ids, lambda one: one.vacancy_row, k)


def almost_candidates(
    vacancies: VacancyIndex, v: int, index: CandidateIndex, rows: NDArray[np.int64] | None = None, k: int = 5
) -> list[Almost]:
    """The k people (of `rows`, all when None) with one obstacle for this vacancy who would fit best without it."""
    rows = np.arange(len(index.candidates.ids)) if rows is None else np.asarray(rows, dtype=np.int64)
    scores = score_candidates(vacancies, v, index, rows)
    hours = hours_short(index.candidates, rows, vacancies.vacancies, np.full(len(rows), v))
    chosen = _best(scores, count_obstacles(scores, hours) == 1, k)
    found = [_almost(index, int(rows[at]), vacancies, v, int(scores.fit[at])) for at in chosen]
    return _ordered(found, index.candidates.ids, lambda one: one.row, k)


def _best(scores: Scores, eligible: NDArray[np.bool_], k: int) -> NDArray[np.int64]:
    at = np.flatnonzero(eligible)
    return at[np.lexsort((scores.ids[at], -scores.fit[at]))][: LOOKED_AT * k]


def _almost(index: CandidateIndex, row: int, vacancies: VacancyIndex, v: int, fit: int) -> Almost:
    (obstacle,) = obstacles(index, row, vacancies, v)
    return Almost(row, v, obstacle, fit, fit_without(index, row, vacancies, v, obstacle))


def _ordered(found: list[Almost], ids: NDArray[np.int64], side, k: int) -> list[Almost]:
    return sorted(found, key=lambda one: (-one.fit_then, int(ids[side(one)])))[:k]


def _alone(candidates: Candidates, row: int) -> Candidates:
    own = slice(candidates.indptr[row], candidates.indptr[row + 1])
    wishes = slice(candidates.wish_indptr[row], candidates.wish_indptr[row + 1])
    values = {}
    for name in Candidates.__dataclass_fields__:
        part = (
            own
            if name in ("skill", "level", "joy", "years_unused")
            else wishes
            if name in ("wish", "wish_isco")
            else slice(row, row + 1)
        )
        values[name] = getattr(candidates, name)[part]
    values["indptr"] = np.array([0, own.stop - own.start], dtype=np.int64)
    values["wish_indptr"] = np.array([0, wishes.stop - wishes.start], dtype=np.int64)
    return Candidates(**values)
