"""What a course would change: add what it teaches to the CV, compute everything again, take the difference.

Courses come alone or in bundles of at most two. The promise is the recomputed score itself, so promise and recomputation are
equal by construction (and by a test); over the whole market the same numbers come from `training_market`, faster.

The interval of a gain holds 80 % of what is not known of the effect: with ``d`` the change in the design of the chance
model and ``C`` the posterior covariance of its coefficients, the change in log-odds has variance ``s^2 d' C d`` (s: the
slope of the calibration line). What is hidden of a person or firm is the same before and after and so drops out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from matching.engine.chance import Z_80, ChanceParameters, Chances, chances, design
from matching.engine.features import features
from matching.engine.pool import Candidates
from matching.engine.score import CandidateIndex, Scores, VacancyIndex, index_candidates, score_candidates

EVEN_ODDS = 0.5
IN_PAIRS = 10  # the best courses, of which every two are tried as a bundle

Bundle = tuple[int, ...]  # rows of programmes, ascending, one or two


@dataclass(frozen=True)
class Programmes:
    """Programmes as arrays, skills in CSR."""

    ids: NDArray[np.int64]
    indptr: NDArray[np.int64]
    skill: NDArray[np.int32]
    level: NDArray[np.int32]  # reached, 3-15
    certificates: NDArray[np.uint64]  # (n, n_words)
    languages: NDArray[np.int32]  # (n, n_languages) CEFR reached, 0: not taught
    grants_education: NDArray[np.int32]  # NLQF that the diploma gives, 0: none
    entry_education: NDArray[np.int32]  # NLQF asked to enter, 0: none
    entry_languages: NDArray[np.int32]  # (n, n_languages) CEFR asked to enter, 0: not asked


@dataclass(frozen=True)
class Gain:
    """One bundle for one vacancy: chances now and after it (each with one element), by the same recomputation."""

    bundle: Bundle
    before: Chances
    after: Chances
    gain: float  # difference of p
    low: float  # of the gain, 80 % interval
    high: float


def enters(candidates: Candidates, row: int, programmes: Programmes) -> NDArray[np.bool_]:
    """(n_programmes,) whether this person meets what a programme asks to enter; what the CV does not tell is no bar."""
    has = int(candidates.education[row])
    spoken = candidates.languages[row]
    silent = bool((spoken < 0).all())
    understood = silent | (programmes.entry_languages <= np.maximum(spoken, 0)).all(axis=1)
    return ((has == 0) | (programmes.entry_education <= has)) & understood


def with_programmes(
    candidates: Candidates, row: int, programmes: Programmes, bundles: Sequence[Bundle], asked_education: int = 0
) -> Candidates:
    """A pool of len(bundles): the candidate in `row` as if each of these bundles were finished, by itself.

    Skills come in at the level that is taught and as just used; a higher level that the person has stays, and so does
    what is not taught. Certificates and languages are added and the education level rises where there is a diploma. An
    education or language that the CV says nothing about stays untold (an education unless the diploma is what is asked):
    nobody's chance may fall because they learned something.
    """
    n = len(bundles)
    own = np.arange(candidates.indptr[row], candidates.indptr[row + 1])
    level_of = dict(zip(candidates.skill[own].tolist(), candidates.level[own].tolist(), strict=True))
    taught = [_taught(programmes, bundle, level_of) for bundle in bundles]
    wishes = np.arange(candidates.wish_indptr[row], candidates.wish_indptr[row + 1])
    many = np.full(n, row)

    def joined(mine: NDArray, added: list[NDArray]) -> NDArray:
        return np.concatenate([part for more in added for part in (mine[own], more)]) if n else mine[:0]

    level = int(candidates.education[row])
    grants = np.array([max(programmes.grants_education[list(bundle)]) for bundle in bundles], dtype=np.int32)
    papers, languages = candidates.certificates[many], candidates.languages[many]
    for i, bundle in enumerate(bundles):
        for programme in bundle:
            papers[i] |= programmes.certificates[programme]
            if n and (candidates.languages[row] >= 0).any():
                languages[i] = np.maximum(languages[i], np.where(programmes.languages[programme] > 0,
                                                                 programmes.languages[programme], -1))  # fmt: skip
    return replace(
        candidates,
        ids=candidates.ids[many],
        indptr=np.concatenate([[0], np.cumsum([len(own) + len(t) for t in taught])]).astype(np.int64),
        skill=joined(candidates.skill, [programmes.skill[t] for t in taught]),
        level=joined(candidates.level, [programmes.level[t] for t in taught]),
        joy=joined(candidates.joy, [np.full(len(t), -1, dtype=np.int32) for t in taught]),
        years_unused=joined(candidates.years_unused, [np.zeros(len(t), dtype=np.int32) for t in taught]),
        education=np.maximum(level, np.where((level > 0) | (grants >= max(1, asked_education)), grants, level)),
        certificates=papers,
        languages=languages,
        wish_indptr=np.arange(n + 1) * len(wishes),
        wish=np.tile(candidates.wish[wishes], n),
        wish_isco=np.tile(candidates.wish_isco[wishes], n),
        **{
            name: getattr(candidates, name)[many]
            for name in (
                "interests", "values", "wished_sectors", "hours_min", "hours_max", "days", "latitude", "longitude",
                "max_minutes", "travel_mode", "ready_to_learn", "initiatives",
            )
        },
    )  # fmt: skip


def _taught(programmes: Programmes, bundle: Bundle, level_of: dict[int, int]) -> NDArray[np.int64]:
    """The entries of what a bundle teaches that are not below a level that the person has."""
    entries = np.concatenate([np.arange(programmes.indptr[p], programmes.indptr[p + 1]) for p in bundle])
    own = np.array([level_of.get(skill, 0) for skill in programmes.skill[entries].tolist()], dtype=np.int64)
    return entries[programmes.level[entries] >= own]


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
    spoken = np.maximum(index.candidates.languages[row], 0)
    helps |= ((asked.languages[v] > spoken) & (programmes.languages > spoken)).any(axis=1)
    return np.flatnonzero(helps & enters(index.candidates, row, programmes))


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
    bundles: Sequence[Bundle] | None = None,
) -> list[Gain]:
    """The gain in chance of every relevant programme (or of these bundles) for one vacancy, largest first.

    Ties by the ids of the programmes.
    """

    def looked(people: CandidateIndex, rows: NDArray[np.int64]) -> Scores:
        return score_candidates(vacancies, v, people, rows, np.full(len(rows), motivation))

    if bundles is None:
        bundles = [(int(one),) for one in relevant(index, row, vacancies, v, programmes)]
    asked = int(vacancies.vacancies.education[v])
    later = with_programmes(index.candidates, row, programmes, bundles, asked)
    now = looked(index, np.array([row]))
    then = looked(index_candidates(later, vacancies.space), np.arange(len(bundles)))
    before, after = (chances(parameters, scores, applicants_per_opening, age_weeks) for scores in (now, then))
    x_before, x_after = (features(scores, applicants_per_opening, age_weeks) for scores in (now, then))
    low, high = gain_interval(parameters, x_before, x_after, float(before.p[0]), after.p)
    found = [
        Gain(bundle, before, after.one(i), float(after.p[i] - before.p[0]), float(low[i]), float(high[i]))
        for i, bundle in enumerate(bundles)
    ]
    return sorted(found, key=lambda g: (-g.gain, [programmes.ids[one] for one in g.bundle]))


def pairs_of(found: Sequence[Gain]) -> list[Bundle]:
    """Every two of the best single courses, as bundles."""
    best = [gain.bundle[0] for gain in found if gain.gain > 0][:IN_PAIRS]
    return [(min(two), max(two)) for two in combinations(best, 2)]


def gain_interval(
    parameters: ChanceParameters,
    x_before: NDArray[np.float64],
    x_after: NDArray[np.float64],
    p_before: float,
    p_after: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(low, high) of the gains, 80 %, both (n,): the gain lies between them, and low is never under 0."""
    step = design(x_after) - design(x_before)
    variance = (step @ np.asarray(parameters.covariance) * step).sum(axis=1)
    reach = Z_80 * parameters.platt[1] * np.sqrt(np.maximum(variance, 0))
    low, high = (expit(logit(p_after) + side * reach) - p_before for side in (-1, 1))
    gain = p_after - p_before
    return np.clip(low, 0, np.maximum(gain, 0)), np.maximum(high, gain)
