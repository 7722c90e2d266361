"""The arrays that the engine works on: who can do what, and what is asked.

Rows are candidates or vacancies; ids are kept beside them and are what results speak of. All arrays are read-only by
convention. Lists of unequal length (skills of a candidate, requirements of a vacancy) are CSR: the entries of row
``i`` stand at ``indptr[i]:indptr[i + 1]``.

Units: levels in 15 steps (three a level of the five that people choose from), joy 0-2 or -1 for unanswered,
interests and values 0-100 or -1 for unknown, coordinates in degrees (WGS84, NaN for unknown), hours a week,
weeks of seven days as a bit mask with Monday 1, education as NLQF 0-8 (0: unknown), CEFR 1-6.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

UNKNOWN = -1


@dataclass(frozen=True, eq=False)
class SkillSpace:
    """Skills, how rare they are, and which lie close. Large, so a space is itself only: what is made of it is kept by it.

    ids: (n_skills,) int64, ascending. idf: (n_skills,) int32 in [1, 15]. Nearness is CSR over skills: for skill ``s``
    the skills ``near[near_indptr[s]:near_indptr[s + 1]]`` count for it with ``similarity`` in steps of 1/15, int32 in
    [1, 15]; every skill has itself with 15.
    """

    ids: NDArray[np.int64]
    idf: NDArray[np.int32]
    near_indptr: NDArray[np.int64]
    near: NDArray[np.int32]
    similarity: NDArray[np.int32]


@dataclass(frozen=True)
class Candidates:
    """CVs as arrays. `skill` and `occupation` entries are row numbers of the skill space and ids of occupations."""

    ids: NDArray[np.int64]  # (n,) CV ids, ascending
    indptr: NDArray[np.int64]  # (n + 1,)
    skill: NDArray[np.int32]  # row in SkillSpace.ids
    level: NDArray[np.int32]  # 0-15
    joy: NDArray[np.int32]  # -1, 0, 1, 2
    years_unused: NDArray[np.int32]  # years since last used, 0 for now or unknown
    education: NDArray[np.int32]  # (n,) NLQF 0-8
    languages: NDArray[np.int32]  # (n, n_languages) CEFR 0-6, columns as core.choices.Language; -1: nothing filled in
    certificates: NDArray[np.uint64]  # (n, n_words) bit mask of certificates
    interests: NDArray[np.int32]  # (n, 6) 0-100 or -1
    values: NDArray[np.int32]  # (n, 6) 0-100 or -1
    wish_indptr: NDArray[np.int64]  # (n + 1,)
    wish: NDArray[np.int64]  # wished occupation ids
    wish_isco: NDArray[np.int32]  # their ISCO codes, four digits
    wished_sectors: NDArray[np.uint64]  # (n,) bit mask of sectors, 0: no wish given
    hours_min: NDArray[np.int32]  # (n,) -1: not given
    hours_max: NDArray[np.int32]
    days: NDArray[np.int32]  # (n,) bit mask
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    max_minutes: NDArray[np.int32]  # (n,) one way, -1: not given
    travel_mode: NDArray[np.int32]  # (n,) 0 bike, 1 bus or train, 2 car
    ready_to_learn: NDArray[np.int32]  # (n,) 0-4, -1: not answered
    initiatives: NDArray[np.int32]  # (n,) how many were written down


@dataclass(frozen=True)
class Vacancies:
    """Vacancies as arrays, with their requirements in CSR."""

    ids: NDArray[np.int64]
    indptr: NDArray[np.int64]
    skill: NDArray[np.int32]
    importance: NDArray[np.int32]  # 1-3
    min_level: NDArray[np.int32]  # 3-15
    hard: NDArray[np.bool_]
    education: NDArray[np.int32]  # NLQF asked, 0: none
    education_hard: NDArray[np.bool_]
    languages: NDArray[np.int32]  # (n, n_languages) CEFR asked, 0: not asked
    languages_hard: NDArray[np.bool_]  # (n, n_languages)
    certificates: NDArray[np.uint64]  # (n, n_words) asked
    certificates_hard: NDArray[np.uint64]  # (n, n_words) asked and indispensable
    interests: NDArray[np.int32]  # (n, 6) of the occupation, 0-100 or -1
    values: NDArray[np.int32]  # (n, 6) what the work offers, 0-100 or -1
    occupation: NDArray[np.int64]  # (n,) occupation ids
    isco: NDArray[np.int32]  # (n,) four digits
    sector: NDArray[np.int32]  # (n,) bit number of the sector, -1: unknown
    hours_min: NDArray[np.int32]
    hours_max: NDArray[np.int32]
    days: NDArray[np.int32]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    remote: NDArray[np.bool_]


def take_vacancies(vacancies: Vacancies, rows: NDArray[np.int64]) -> Vacancies:
    """The vacancies in these rows alone, in that order."""
    counts = np.diff(vacancies.indptr)[rows]
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    entries = np.arange(indptr[-1]) - np.repeat(indptr[:-1] - vacancies.indptr[rows], counts)
    chosen = {name: entries if name in _PER_REQUIREMENT else rows for name in _OF_VACANCIES}
    columns = {name: getattr(vacancies, name)[chosen[name]] for name in _OF_VACANCIES if name != "indptr"}
    return Vacancies(indptr=indptr, **columns)


def join_vacancies(first: Vacancies, second: Vacancies) -> Vacancies:
    """The vacancies of both, one after the other; skills of both by the same numbers."""
    columns = {
        name: np.concatenate([getattr(first, name), getattr(second, name)])
        for name in _OF_VACANCIES
        if name != "indptr"
    }
    return Vacancies(indptr=np.concatenate([first.indptr, first.indptr[-1] + second.indptr[1:]]), **columns)


def join_spaces(first: SkillSpace, second: SkillSpace) -> SkillSpace:
    """The skills of both, with all that lies near them in either.

    >>> one = SkillSpace(np.array([3]), np.array([5]), np.array([0, 1]), np.array([0]), np.array([15]))
    >>> two = SkillSpace(np.array([2, 3]), np.array([4, 5]), np.array([0, 2, 3]), np.array([0, 1, 1]), np.array([15, 9, 15]))
    >>> both = join_spaces(one, two)
    >>> both.ids.tolist(), both.idf.tolist(), both.near_indptr.tolist(), both.near.tolist(), both.similarity.tolist()
    ([2, 3], [4, 5], [0, 2, 3], [0, 1, 1], [15, 9, 15])
    """
    ids, at = np.unique(np.concatenate([first.ids, second.ids]), return_index=True)
    pairs = [
        (np.repeat(space.ids, np.diff(space.near_indptr)), space.ids[space.near], space.similarity)
        for space in (first, second)
    ]
    asked, near, similarity = (np.concatenate(columns) for columns in zip(*pairs, strict=True))
    asked, near = np.searchsorted(ids, asked), np.searchsorted(ids, near)
    _, once = np.unique(asked * len(ids) + near, return_index=True)  # in order of the skill, then of what lies near it
    return SkillSpace(
        ids=ids, idf=np.concatenate([first.idf, second.idf])[at],
        near_indptr=np.searchsorted(asked[once], np.arange(len(ids) + 1)).astype(np.int64),
        near=near[once].astype(np.int32), similarity=similarity[once].astype(np.int32),
    )  # fmt: skip


_OF_VACANCIES = [one.name for one in fields(Vacancies)]
_PER_REQUIREMENT = {"skill", "importance", "min_level", "hard"}
