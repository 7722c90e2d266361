"""What a programme would change: add what it teaches to the CV, compute everything again, take the difference.

The promise is the recomputed score itself, so promise and recomputation are equal by construction (and by a test).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.chance import ChanceParameters, Chances, predict
from matching.engine.features import features
from matching.engine.pool import Candidates
from matching.engine.score import CandidateIndex, Scores, VacancyIndex, index_candidates, score_vacancies

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


def with_programme(candidates: Candidates, row: int, programmes: Programmes, programme: int) -> Candidates:
    """A pool of one: the candidate in `row` as if the programme were finished.

    Skills come in at the level it teaches and as just used; what was already better stays. Certificates are added and the
    education level rises where the programme gives a diploma.
    """
    s = slice(candidates.indptr[row], candidates.indptr[row + 1])
    t = slice(programmes.indptr[programme], programmes.indptr[programme + 1])
    taught = programmes.skill[t]
    one = slice(row, row + 1)
    w = slice(candidates.wish_indptr[row], candidates.wish_indptr[row + 1])
    count = (s.stop - s.start) + len(taught)
    return replace(
        candidates,
        ids=candidates.ids[one],
        indptr=np.array([0, count]),
        skill=np.concatenate([candidates.skill[s], taught]),
        level=np.concatenate([candidates.level[s], programmes.level[t]]),
        joy=np.concatenate([candidates.joy[s], np.full(len(taught), -1, dtype=np.int32)]),
        years_unused=np.concatenate([candidates.years_unused[s], np.zeros(len(taught), dtype=np.int32)]),
        education=np.where(
            candidates.education[one] > 0,
            np.maximum(candidates.education[one], programmes.grants_education[programme]),
            programmes.grants_education[programme],
        ),
        certificates=candidates.certificates[one] | programmes.certificates[programme],
        wish_indptr=np.array([0, w.stop - w.start]),
        wish=candidates.wish[w],
        wish_isco=candidates.wish_isco[w],
        **{
            name: getattr(candidates, name)[one]
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
    rows = np.array([v])

    def chances(scores: Scores) -> Chances:
        return predict(parameters, features(scores, applicants_per_opening, age_weeks))

    before = chances(score_vacancies(index, row, vacancies, rows, motivation))
    found = []
    for programme in relevant(index, row, vacancies, v, programmes):
        later = index_candidates(with_programme(index.candidates, row, programmes, programme), vacancies.space)
        after = chances(score_vacancies(later, 0, vacancies, rows, motivation))
        found.append(Gain(int(programme), before, after, float(after.p[0] - before.p[0])))
    return sorted(found, key=lambda g: (-g.gain, programmes.ids[g.programme_row]))


def opens(
    index: CandidateIndex,
    row: int,
    vacancies: VacancyIndex,
    programmes: Programmes,
    programme: int,
    parameters: ChanceParameters,
    applicants_per_opening: NDArray[np.float64],
    age_weeks: NDArray[np.float64],
) -> int:
    """How many vacancies this programme brings from under to over even odds of an invitation."""
    later = index_candidates(with_programme(index.candidates, row, programmes, programme), vacancies.space)
    p_now, p_then = (
        predict(parameters, features(score_vacancies(i, r, vacancies), applicants_per_opening, age_weeks)).p
        for i, r in ((index, row), (later, 0))
    )
    return int(np.sum((p_now < EVEN_ODDS) & (p_then >= EVEN_ODDS)))
