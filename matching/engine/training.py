"""What a programme would change: add what it teaches to the CV, compute everything again, take the difference.

The promise is the recomputed score itself, so promise and recomputation are equal by construction (and by a test).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.chance import ChanceParameters, Chances, chances
from matching.engine.pool import Candidates
from matching.engine.score import (
    CandidateIndex,
    VacancyIndex,
    index_candidates,
    score_candidates,
    score_vacancies,
)

EVEN_ODDS = 0.5


@dataclass(frozen=True)
class Programmes:
    """Programmes as arrays, skills in CSR."""

    ids: NDArray[np.int64]
    indptr: NDArray[np.int64]
    skill: NDArray[np.int32]
    level: NDArray[np.int32]  # reached, 3-15
    certificates: NDArray[np.uint64]  # (n, n_words)
    grants_education: NDArray[np.int32]  # NLQF that the diploma gives, 0: none
    entry_education: NDArray[np.int32]  # NLQF asked to enter, 0: none


@dataclass(frozen=True)
class Gain:
    """One programme for one vacancy: chances now and after it (each with one element), by the same recomputation."""

    programme_row: int
    before: Chances
    after: Chances
    gain: float  # difference of p


def with_programmes(
    candidates: Candidates, row: int, programmes: Programmes, chosen: NDArray[np.int64], asked_education: int = 0
) -> Candidates:
    """A pool of len(chosen): the candidate in `row` as if each of these programmes were finished, by itself.

    Skills come in at the level it teaches and as just used; what was already better stays. Certificates are added and the
    education level rises where the programme gives a diploma. An education that the CV does not tell stays untold, unless
    the diploma is what is asked: nobody's chance may fall because they learned something.
    """
    n = len(chosen)
    own = np.arange(candidates.indptr[row], candidates.indptr[row + 1])
    taught = [np.arange(programmes.indptr[p], programmes.indptr[p + 1]) for p in chosen]
    wishes = np.arange(candidates.wish_indptr[row], candidates.wish_indptr[row + 1])
    many = np.full(n, row)

    def joined(mine: NDArray, added: list[NDArray]) -> NDArray:
        return np.concatenate([part for more in added for part in (mine[own], more)]) if n else mine[:0]

    level = int(candidates.education[row])
    grants = programmes.grants_education[chosen]
    return replace(
        candidates,
        ids=candidates.ids[many],
        indptr=np.concatenate([[0], np.cumsum([len(own) + len(t) for t in taught])]).astype(np.int64),
        skill=joined(candidates.skill, [programmes.skill[t] for t in taught]),
        level=joined(candidates.level, [programmes.level[t] for t in taught]),
        joy=joined(candidates.joy, [np.full(len(t), -1, dtype=np.int32) for t in taught]),
        years_unused=joined(candidates.years_unused, [np.zeros(len(t), dtype=np.int32) for t in taught]),
        education=np.maximum(level, np.where((level > 0) | (grants >= max(1, asked_education)), grants, level)),
        certificates=candidates.certificates[many] | programmes.certificates[chosen],
        wish_indptr=np.arange(n + 1) * len(wishes),
        wish=np.tile(candidates.wish[wishes], n),
        wish_isco=np.tile(candidates.wish_isco[wishes], n),
        **{
            name: getattr(candidates, name)[many]
            for name in (
                "languages", "interests", "values", "wished_sectors", "hours_min", "hours_max", "days", "latitude",
                "longitude", "max_minutes", "travel_mode", "ready_to_learn", "initiatives",
            )
        },
    )  # fmt: skip


def relevant(
    index: CandidateIndex, row: int, vacancies: VacancyIndex, v: int, programmes: Programmes
) -> NDArray[np.int64]:
    """Programmes that can be entered and teach something that this vacancy asks (or something near it).

    Nothing else can change the chance, so nothing is lost by leaving the rest out.
    """
    asked = vacancies.vacancies
    entries = slice(asked.indptr[v], asked.indptr[v + 1])
    pairs = slice(vacancies.pair_indptr[entries.start], vacancies.pair_indptr[entries.stop])
    wanted = np.zeros(len(vacancies.space.ids), dtype=bool)
    wanted[vacancies.pair_skill[pairs]] = True
    helps = np.zeros(len(programmes.ids), dtype=bool)
    owner = np.repeat(np.arange(len(programmes.ids)), np.diff(programmes.indptr))
    helps[owner[wanted[programmes.skill]]] = True
    missing = asked.certificates[v] & ~index.candidates.certificates[row]
    helps |= (programmes.certificates & missing).any(axis=1)
    has = int(index.candidates.education[row])
    helps |= (asked.education[v] > has) & (programmes.grants_education > has)
    enters = (has == 0) | (programmes.entry_education <= has)
    return np.flatnonzero(helps & enters)


def gains(
    index: CandidateIndex,
    row: int,
    vacancies: VacancyIndex,
    v: int,
    programmes: Programmes,
    parameters: ChanceParameters,
    applicants_per_opening: float,
    age_weeks: float,
    motivation: int = 0,
) -> list[Gain]:
    """The gain in chance of every relevant programme for one vacancy, largest first, ties by programme id."""

    def said(people: CandidateIndex, rows: NDArray[np.int64]) -> Chances:
        scores = score_candidates(vacancies, v, people, rows, np.full(len(rows), motivation))
        return chances(parameters, scores, applicants_per_opening, age_weeks)

    chosen = relevant(index, row, vacancies, v, programmes)
    before = said(index, np.array([row]))
    asked = int(vacancies.vacancies.education[v])
    later = with_programmes(index.candidates, row, programmes, chosen, asked)
    after = said(index_candidates(later, vacancies.space), np.arange(len(chosen)))
    found = [
        Gain(int(programme), before, after.one(i), float(after.p[i] - before.p[0]))
        for i, programme in enumerate(chosen)
    ]
    return sorted(found, key=lambda g: (-g.gain, programmes.ids[g.programme_row]))


def opens(
    index: CandidateIndex,
    row: int,
    vacancies: VacancyIndex,
    programmes: Programmes,
    chosen: NDArray[np.int64],
    parameters: ChanceParameters,
    applicants_per_opening: NDArray[np.float64],
    age_weeks: NDArray[np.float64],
) -> list[int]:
    """For each chosen programme, how many vacancies it brings from under to over even odds of an invitation."""
    later = index_candidates(with_programmes(index.candidates, row, programmes, chosen), vacancies.space)

    def likely(people: CandidateIndex, r: int, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        scores = score_vacancies(people, r, vacancies, rows)
        return chances(parameters, scores, applicants_per_opening[rows], age_weeks[rows]).p >= EVEN_ODDS

    unlikely = np.flatnonzero(~likely(index, row, np.arange(len(vacancies.vacancies.ids))))
    found = []
    for r, programme in enumerate(chosen):
        rows = unlikely[_touches(index, row, vacancies, programmes, programme)[unlikely]]
        found.append(int(likely(later, r, rows).sum()))
    return found


def _touches(
    index: CandidateIndex, row: int, vacancies: VacancyIndex, programmes: Programmes, programme: int
) -> NDArray[np.bool_]:
    """Which vacancies ask something that this programme teaches (or something near it); no other can change."""
    asked = vacancies.vacancies
    taught = np.zeros(len(vacancies.space.ids), dtype=bool)
    taught[programmes.skill[programmes.indptr[programme] : programmes.indptr[programme + 1]]] = True
    requirement = np.repeat(np.arange(len(asked.skill)), np.diff(vacancies.pair_indptr))
    owner = np.repeat(np.arange(len(asked.ids)), np.diff(asked.indptr))
    touched = (asked.certificates & programmes.certificates[programme]).any(axis=1)
    touched |= (asked.education > 0) & (programmes.grants_education[programme] > 0)
    touched[owner[requirement[taught[vacancies.pair_skill]]]] = True
    return touched
