"""Small random markets for property tests: everything that may occur, unknowns included."""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from matching.engine import Candidates, Programmes, SkillSpace, Vacancies, index_candidates, index_vacancies
from matching.engine.score import CandidateIndex, VacancyIndex

LANGUAGES = 3
CSR = {"indptr", "skill", "level", "joy", "years_unused"}


@dataclass(frozen=True)
class Market:
    space: SkillSpace
    candidates: Candidates
    vacancies: Vacancies
    programmes: Programmes

    @property
    def people(self) -> CandidateIndex:
        return index_candidates(self.candidates, self.space)

    @property
    def work(self) -> VacancyIndex:
        return index_vacancies(self.vacancies, self.space)


def markets():
    return st.integers(0, 2**32 - 1).map(make_market)


def make_market(seed: int) -> Market:
    rng = np.random.default_rng(seed)
    n_skills, n_people, n_work, n_courses = (int(rng.integers(*ends)) for ends in ((1, 9), (1, 7), (1, 7), (0, 5)))
    return Market(
        make_space(rng, n_skills),
        make_candidates(rng, n_people, n_skills),
        make_vacancies(rng, n_work, n_skills),
        make_programmes(rng, n_courses, n_skills),
    )


def _csr(rng, n_rows: int, n_columns: int, most: int):
    chosen = [
        np.sort(rng.choice(n_columns, int(rng.integers(0, min(most, n_columns) + 1)), replace=False))
        for _row in range(n_rows)
    ]
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in chosen])]).astype(np.int64)
    return indptr, np.concatenate([*chosen, np.array([], dtype=np.int64)]).astype(np.int32)


def _maybe(rng, values, share: float = 0.3):
    """The values, some rows unknown (-1)."""
    unknown = rng.random(len(values)) < share
    return np.where(unknown.reshape(-1, *[1] * (values.ndim - 1)), -1, values).astype(np.int32)


def make_space(rng, n: int) -> SkillSpace:
    similarity = np.where(rng.random((n, n)) < 0.3, rng.integers(1, 15, (n, n)), 0)
    similarity = np.triu(similarity, 1)
    similarity = similarity + similarity.T + 15 * np.eye(n, dtype=int)
    rows, columns = np.nonzero(similarity)
    return SkillSpace(
        ids=np.sort(rng.choice(1000, n, replace=False)).astype(np.int64),
        idf=rng.integers(1, 16, n).astype(np.int32),
        near_indptr=np.searchsorted(rows, np.arange(n + 1)).astype(np.int64),
        near=columns.astype(np.int32),
        similarity=similarity[rows, columns].astype(np.int32),
    )


def _place(rng, n: int):
    unknown = rng.random(n) < 0.2
    return np.where(unknown, np.nan, rng.uniform(52.7, 53.4, n)), np.where(unknown, np.nan, rng.uniform(6, 7, n))


def make_candidates(rng, n: int, n_skills: int) -> Candidates:
    indptr, skill = _csr(rng, n, n_skills, 6)
    wish_indptr, wish = _csr(rng, n, 5, 2)
    hours = np.sort(rng.integers(8, 41, (n, 2)), axis=1)
    latitude, longitude = _place(rng, n)
    k = len(skill)
    return Candidates(
        ids=np.sort(rng.choice(10_000, n, replace=False)).astype(np.int64),
        indptr=indptr,
        skill=skill,
        level=(3 * rng.integers(1, 6, k)).astype(np.int32),
        joy=rng.integers(-1, 3, k).astype(np.int32),
        years_unused=rng.integers(0, 40, k).astype(np.int32),
        education=rng.integers(0, 9, n).astype(np.int32),
        languages=_maybe(rng, rng.integers(-1, 7, (n, LANGUAGES))),
        certificates=rng.integers(0, 16, (n, 2)).astype(np.uint64),
        interests=_maybe(rng, rng.integers(0, 101, (n, 6))),
        values=_maybe(rng, rng.integers(-1, 101, (n, 6))),
        wish_indptr=wish_indptr,
        wish=wish.astype(np.int64),
        wish_isco=(7000 + 5 * wish).astype(np.int32),
        wished_sectors=rng.integers(0, 8, n).astype(np.uint64),
        hours_min=_maybe(rng, hours[:, 0]),
        hours_max=_maybe(rng, hours[:, 1]),
        days=rng.integers(0, 128, n).astype(np.int32),
        latitude=latitude,
        longitude=longitude,
        max_minutes=_maybe(rng, rng.integers(5, 90, n)),
        travel_mode=rng.integers(0, 3, n).astype(np.int32),
        ready_to_learn=rng.integers(-1, 5, n).astype(np.int32),
        initiatives=rng.integers(0, 4, n).astype(np.int32),
    )


def crowd(rng, n: int, n_skills: int) -> Candidates:
    """Many people quickly: a few hundred drawn ones over and over, each in a place of a thousand."""
    some = make_candidates(rng, 300, n_skills)
    place = rng.integers(0, 1000, n)
    return replace(
        take_candidates(some, rng.integers(0, 300, n)), ids=np.arange(n, dtype=np.int64),
        latitude=52.7 + place // 40 * 0.03, longitude=6 + place % 40 * 0.025,
    )  # fmt: skip


def take_candidates(candidates: Candidates, rows: np.ndarray) -> Candidates:
    """These candidates, in this order, as often as they are named."""
    columns = {}
    for name in Candidates.__dataclass_fields__:
        values = getattr(candidates, name)
        if name in ("indptr", "wish_indptr"):
            columns[name] = np.concatenate([[0], np.cumsum(np.diff(values)[rows])]).astype(np.int64)
            continue
        indptr = candidates.wish_indptr if name in ("wish", "wish_isco") else candidates.indptr
        if name in CSR_FIELDS:
            columns[name] = np.concatenate([values[:0], *[values[indptr[row] : indptr[row + 1]] for row in rows]])
        else:
            columns[name] = values[rows]
    return Candidates(**columns)


def join_candidates(one: Candidates, other: Candidates) -> Candidates:
    """One pool after another."""
    columns = {}
    for name in Candidates.__dataclass_fields__:
        a, b = getattr(one, name), getattr(other, name)
        columns[name] = np.concatenate([a, a[-1] + b[1:]]) if name.endswith("indptr") else np.concatenate([a, b])
    return Candidates(**columns)


def make_vacancies(rng, n: int, n_skills: int) -> Vacancies:
    indptr, skill = _csr(rng, n, n_skills, 5)
    hours = np.sort(rng.integers(8, 41, (n, 2)), axis=1)
    latitude, longitude = _place(rng, n)
    k = len(skill)
    papers = np.where(rng.random((n, 2)) < 0.4, rng.integers(0, 16, (n, 2)), 0).astype(np.uint64)
    return Vacancies(
        ids=np.sort(rng.choice(10_000, n, replace=False)).astype(np.int64),
        indptr=indptr,
        skill=skill,
        importance=rng.integers(1, 4, k).astype(np.int32),
        min_level=(3 * rng.integers(1, 6, k)).astype(np.int32),
        hard=rng.random(k) < 0.3,
        education=np.where(rng.random(n) < 0.5, rng.integers(1, 9, n), 0).astype(np.int32),
        education_hard=rng.random(n) < 0.3,
        languages=np.where(rng.random((n, LANGUAGES)) < 0.3, rng.integers(1, 7, (n, LANGUAGES)), 0).astype(np.int32),
        languages_hard=rng.random((n, LANGUAGES)) < 0.3,
        certificates=papers,
        certificates_hard=papers & rng.integers(0, 16, (n, 2)).astype(np.uint64),
        interests=_maybe(rng, rng.integers(0, 101, (n, 6))),
        values=_maybe(rng, rng.integers(-1, 101, (n, 6))),
        occupation=rng.integers(0, 5, n).astype(np.int64),
        isco=(7000 + 5 * rng.integers(0, 5, n)).astype(np.int32),
        sector=rng.integers(-1, 3, n).astype(np.int32),
        hours_min=hours[:, 0].astype(np.int32),
        hours_max=hours[:, 1].astype(np.int32),
        days=rng.integers(0, 128, n).astype(np.int32),
        latitude=latitude,
        longitude=longitude,
        remote=rng.random(n) < 0.2,
    )


def make_programmes(rng, n: int, n_skills: int) -> Programmes:
    indptr, skill = _csr(rng, n, n_skills, 4)
    return Programmes(
        ids=np.sort(rng.choice(10_000, n, replace=False)).astype(np.int64),
        indptr=indptr,
        skill=skill,
        level=(3 * rng.integers(1, 6, len(skill))).astype(np.int32),
        certificates=np.where(rng.random((n, 2)) < 0.4, rng.integers(0, 16, (n, 2)), 0).astype(np.uint64),
        languages=np.where(rng.random((n, LANGUAGES)) < 0.2, rng.integers(1, 7, (n, LANGUAGES)), 0).astype(np.int32),
        entry_languages=np.where(rng.random((n, LANGUAGES)) < 0.1, rng.integers(1, 4, (n, LANGUAGES)), 0).astype(
            np.int32
        ),
        grants_education=np.where(rng.random(n) < 0.4, rng.integers(1, 9, n), 0).astype(np.int32),
        entry_education=np.where(rng.random(n) < 0.4, rng.integers(1, 9, n), 0).astype(np.int32),
    )


def with_skills(
    candidates: Candidates, row: int, added: list[tuple[int, int]], joy: int = -1, years_unused: int = 0
) -> Candidates:
    """The candidates, with (skill, level) pairs added to one of them, in new arrays."""
    at = candidates.indptr[row + 1]
    columns = {
        "skill": [skill for skill, _level in added], "level": [level for _skill, level in added],
        "joy": [joy] * len(added), "years_unused": [years_unused] * len(added),
    }  # fmt: skip
    changed = {name: np.insert(getattr(candidates, name), at, values) for name, values in columns.items()}
    indptr = candidates.indptr + len(added) * (np.arange(len(candidates.indptr)) > row)
    return replace(candidates, indptr=indptr, **changed)


def reordered(candidates: Candidates, order: np.ndarray) -> Candidates:
    """The same candidates in another order, and their skills in reverse."""
    skills = np.concatenate(
        [np.arange(candidates.indptr[row], candidates.indptr[row + 1])[::-1] for row in order]
    ).astype(int)
    wishes = np.concatenate(
        [np.arange(candidates.wish_indptr[row], candidates.wish_indptr[row + 1])[::-1] for row in order]
    ).astype(int)
    changed = {
        name: getattr(candidates, name)[order]
        for name in Candidates.__dataclass_fields__
        if name not in CSR | {"wish_indptr", "wish", "wish_isco"}
    }
    changed |= {name: getattr(candidates, name)[skills] for name in CSR - {"indptr"}}
    changed |= {name: getattr(candidates, name)[wishes] for name in ("wish", "wish_isco")}
    for name in ("indptr", "wish_indptr"):
        changed[name] = np.concatenate([[0], np.cumsum(np.diff(getattr(candidates, name))[order])]).astype(np.int64)
    return Candidates(**changed)


CSR_FIELDS = {"indptr", "skill", "level", "joy", "years_unused", "wish_indptr", "wish", "wish_isco"}


def take_candidate(candidates: Candidates, row: int) -> Candidates:
    """A pool with only this candidate. Raises IndexError when the row does not exist."""
    if not 0 <= row < len(candidates.ids):
        raise IndexError(f"no candidate in row {row}")
    skills = slice(candidates.indptr[row], candidates.indptr[row + 1])
    wishes = slice(candidates.wish_indptr[row], candidates.wish_indptr[row + 1])
    one = slice(row, row + 1)
    fields = [name for name in Candidates.__dataclass_fields__ if name not in CSR_FIELDS]
    values = {name: getattr(candidates, name)[one] for name in fields}
    return Candidates(
        **values,
        indptr=np.array([0, skills.stop - skills.start]),
        skill=candidates.skill[skills],
        level=candidates.level[skills],
        joy=candidates.joy[skills],
        years_unused=candidates.years_unused[skills],
        wish_indptr=np.array([0, wishes.stop - wishes.start]),
        wish=candidates.wish[wishes],
        wish_isco=candidates.wish_isco[wishes],
    )
