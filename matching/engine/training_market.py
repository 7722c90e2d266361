"""What courses would change over a whole market for one person: every vacancy that a course touches, in milliseconds.

Only what a course touches is counted anew: requirements near a skill that it teaches, and vacancies that ask papers, languages
or a diploma that it gives. The sums of `score` are kept per vacancy, so a course costs the postings of its skills. Chances
come from the same `features` and chance model as everywhere; a test holds that they equal those of `training.gains`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.engine import competence
from matching.engine.chance import ChanceParameters, chance_of
from matching.engine.features import features
from matching.engine.scale import NEUTRAL, ONE, STEPS, STEPS_PER_LEVEL, divide
from matching.engine.score import HARD_COVERAGE, CandidateIndex, Scores, VacancyIndex, score_vacancies
from matching.engine.training import EVEN_ODDS, Bundle, Programmes

MOST_IMPORTANT = 3
LACKS = ("papers_missing", "papers_hard_missing", "education_short", "language_short")
HALVINGS = 7  # leave a step of 80 parts of ONE, towards looking at too many


@dataclass(frozen=True)
class Ground:
    """A market laid out for courses: postings of requirements by skill, and what each programme touches besides skills."""

    vacancies: VacancyIndex
    programmes: Programmes
    owner: NDArray[np.int64]  # (n_requirements,) row of the vacancy
    posting_indptr: NDArray[np.int64]  # (n_skills + 1,)
    posting_entry: NDArray[np.int64]  # requirement
    posting_similarity: NDArray[np.int64]  # [1, 15]
    whole: NDArray[np.int64]  # (n_vacancies,) sum of all weights
    core_whole: NDArray[np.int64]
    importance: NDArray[np.int64]  # (n_vacancies,) sum over the requirements
    other_indptr: NDArray[np.int64]  # (n_programmes + 1,)
    other: NDArray[np.int64]  # vacancies that ask a paper, language or level that the programme gives
    other_owner: NDArray[np.int64]  # (n_other,) the programme
    other_papers: NDArray[np.uint64]  # (n_other, n_words) asked and given
    other_level: NDArray[np.int32]  # (n_other,) NLQF given as far as asked, 0: none
    other_language: NDArray[np.bool_]  # (n_other,) a language is asked and given


@dataclass(frozen=True)
class After:
    """Pairs of a bundle and a vacancy that it touches, with the chance before and after; all (n_pairs,)."""

    bundle: NDArray[np.int64]  # position among the bundles asked about
    vacancy: NDArray[np.int64]  # row
    before: NDArray[np.float64]
    after: NDArray[np.float64]

    def opens(self, n_bundles: int) -> NDArray[np.int64]:
        """(n_bundles,) how many vacancies each brings from under to over even odds."""
        crossed = (self.before < EVEN_ODDS) & (self.after >= EVEN_ODDS)
        return np.bincount(self.bundle[crossed], minlength=n_bundles)

    def total_gain(self, n_bundles: int) -> NDArray[np.float64]:
        """(n_bundles,) gains in chance, added up over the vacancies."""
        return np.bincount(self.bundle, weights=self.after - self.before, minlength=n_bundles).astype(np.float64)


def lay_out(vacancies: VacancyIndex, programmes: Programmes) -> Ground:
    """Prepare a market and its programmes; nothing in it depends on a person."""
    asked = vacancies.vacancies
    n = len(asked.ids)
    owner = np.repeat(np.arange(n), np.diff(asked.indptr))
    requirement = np.repeat(np.arange(len(asked.skill)), np.diff(vacancies.pair_indptr))
    order = np.argsort(vacancies.pair_skill, kind="stable")
    most = asked.importance == MOST_IMPORTANT
    papers = competence.count_bits(asked.certificates)
    whole = (
        _sum_by(vacancies.weight, owner, n)
        + competence.LANGUAGE_WEIGHT * (asked.languages > 0).sum(axis=1)
        + competence.CERTIFICATE_WEIGHT * papers
        + np.where(asked.education > 0, competence.EDUCATION_WEIGHT, 0)
    )
    others = [
        np.flatnonzero(
            (asked.certificates & programmes.certificates[row]).any(axis=1)
            | ((asked.languages > 0) & (programmes.languages[row] > 0)).any(axis=1)
            | ((asked.education > 0) & (programmes.grants_education[row] > 0))
        )
        for row in range(len(programmes.ids))
    ]
    other = np.concatenate([*others, np.empty(0, dtype=np.int64)]).astype(np.int64)
    giver = np.repeat(np.arange(len(others)), [len(rows) for rows in others])
    given, wanted = programmes.grants_education[giver], asked.education[other]
    return Ground(
        vacancies, programmes, owner,
        np.searchsorted(vacancies.pair_skill[order], np.arange(len(vacancies.space.ids) + 1)).astype(np.int64),
        requirement[order], vacancies.pair_similarity[order].astype(np.int64), whole,
        _sum_by(np.where(most, vacancies.weight, 0), owner, n), _sum_by(asked.importance.astype(np.int64), owner, n),
        np.searchsorted(giver, np.arange(len(others) + 1)).astype(np.int64), other, giver,
        asked.certificates[other] & programmes.certificates[giver], np.minimum(given, wanted),
        np.asarray(((asked.languages[other] > 0) & (programmes.languages[giver] > 0)).any(axis=1), dtype=np.bool_),
    )  # fmt: skip


@dataclass(frozen=True)
class Now:
    """One person in a market as it is: scores, chances, and the sums that the scores are made of."""

    index: CandidateIndex
    row: int
    scores: Scores
    p: NDArray[np.float64]
    covered: NDArray[np.int64]  # (n_requirements,)
    reach: NDArray[np.int64]  # (n_requirements,) similarity x evidence of the best skill
    total: NDArray[np.int64]
    room: NDArray[np.int64]  # (n_vacancies,) what languages, papers and education could still add to the total
    core_total: NDArray[np.int64]
    mastered: NDArray[np.int64]  # sum of importance x margin
    applicants_per_opening: NDArray[np.float64]
    age_weeks: NDArray[np.float64]


def stand(
    ground: Ground,
    index: CandidateIndex,
    row: int,
    parameters: ChanceParameters,
    applicants_per_opening: NDArray[np.float64],
    age_weeks: NDArray[np.float64],
    motivation=0,
) -> Now:
    """How this person stands in the market now."""
    asked, n = ground.vacancies.vacancies, len(ground.vacancies.vacancies.ids)
    scores = score_vacancies(index, row, ground.vacancies, motivation=motivation)
    covered, reach = np.zeros(len(asked.skill), dtype=np.int64), np.zeros(len(asked.skill), dtype=np.int64)
    level = asked.min_level.astype(np.int64)
    _cover(index.evidence[row], ground.posting_indptr, ground.posting_entry, ground.posting_similarity,
           level, covered, reach)  # fmt: skip
    weighed = ground.vacancies.weight * covered
    person = index.candidates
    languages, _, _ = _languages(np.broadcast_to(person.languages[row], asked.languages.shape), ground, slice(None))
    papers, _, _ = _papers(np.broadcast_to(person.certificates[row], asked.certificates.shape), ground, slice(None))
    education, _, _ = _education(np.full(n, person.education[row], dtype=np.int64), ground, slice(None))
    skills = _sum_by(ground.vacancies.weight, ground.owner, n)
    others = languages + papers + education
    return Now(
        index, row, scores, chance_of(parameters, features(scores, applicants_per_opening, age_weeks), scores.isco), covered, reach,
        _sum_by(weighed, ground.owner, n) + others, ONE * (ground.whole - skills) - others,
        _sum_by(np.where(asked.importance == MOST_IMPORTANT, weighed, 0), ground.owner, n),
        _sum_by(asked.importance * competence.margin(reach, level), ground.owner, n), applicants_per_opening, age_weeks,
    )  # fmt: skip


def within_reach(ground: Ground, now: Now, parameters: ChanceParameters) -> NDArray[np.int64]:
    """(n_vacancies,) the competence under which a vacancy surely stays under even odds, whatever else somebody learns.

    In [0, ONE]; more than ONE where it is over even odds already or never gets there. Found by halving: the chance never
    falls by learning, so with less competence than this and everything else perfect the odds are not even. Nothing that a
    course opens is left out.
    """
    n = len(now.p)
    nothing = np.zeros(n, dtype=np.int64)
    perfect = replace(
        now.scores,
        core=np.full(n, ONE),
        mastery=np.full(n, ONE),
        failures=nothing,
        papers_missing=nothing,
        papers_hard_missing=nothing,
        education_short=nothing,
        language_short=nothing,
    )

    def even(rows: NDArray[np.int64], can: NDArray[np.int64]) -> NDArray[np.bool_]:
        scores = _take(replace(perfect, competence=_put(n, rows, can)), rows)
        x = features(scores, now.applicants_per_opening[rows], now.age_weeks[rows])
        return chance_of(parameters, x, scores.isco) >= EVEN_ODDS

    least = np.full(n, ONE + 1)
    rows = np.flatnonzero(now.p < EVEN_ODDS)
    rows = rows[even(rows, np.full(len(rows), ONE))]
    low, high = np.zeros(len(rows), dtype=np.int64), np.full(len(rows), ONE)
    for _turn in range(HALVINGS):
        middle = (low + high) // 2
        enough = even(rows, middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    least[rows] = low
    return least


def chances_after(
    ground: Ground, now: Now, bundles: Sequence[Bundle], parameters: ChanceParameters, least: NDArray[np.int64]
) -> After:
    """The chance after each bundle of every vacancy that it touches and that then reaches the `least` competence.

    least: (n_vacancies,) zeros for all vacancies, ONE + 1 to leave one out, or what `within_reach` says.
    """
    programmes, person, row = ground.programmes, now.index.candidates, now.row
    asked = ground.vacancies.vacancies
    firsts = np.array([bundle[0] for bundle in bundles], dtype=np.int64)
    seconds = np.array([bundle[-1] for bundle in bundles], dtype=np.int64)
    own = slice(person.indptr[row], person.indptr[row + 1])
    levels = np.zeros(len(ground.vacancies.space.ids), dtype=np.int64)
    np.maximum.at(levels, person.skill[own], person.level[own].astype(np.int64))
    told = np.maximum(person.languages[row], 0)
    speaks_more = (programmes.languages > told).any(axis=1)
    new = (ground.other_papers & ~person.certificates[row]).any(axis=1)
    new |= ground.other_level > person.education[row]
    new |= ground.other_language & speaks_more[ground.other_owner]
    b, v, gained, core_gained, mended, other, mastered = _touch(
        firsts, seconds, programmes.indptr.astype(np.int64), programmes.skill.astype(np.int64),
        programmes.level.astype(np.int64), ground.other_indptr, ground.other, new, levels, now.index.evidence[row],
        ground.posting_indptr, ground.posting_entry, ground.posting_similarity, asked.min_level.astype(np.int64),
        ground.vacancies.weight, asked.importance == MOST_IMPORTANT, asked.hard,
        asked.importance.astype(np.int64), ground.owner, now.covered, now.reach,
        now.total, now.room, ground.whole, least,
    )  # fmt: skip
    total, failures = now.total[v] + gained, now.scores.failures[v] - mended
    lacks = {name: getattr(now.scores, name)[v] for name in LACKS}
    some = np.flatnonzero(other)
    if len(some):
        more, fewer, lacking = _others(ground, person, row, firsts[b[some]], seconds[b[some]], v[some])
        for name, values in lacking.items():
            lacks[name][some] = values
        total[some] += more
        failures[some] -= fewer
    whole = ground.whole[v]
    can = np.where(whole > 0, divide(total, np.maximum(whole, 1)), NEUTRAL)
    kept = np.flatnonzero(can >= least[v])
    b, v = b[kept], v[kept]
    core_whole = ground.core_whole[v]
    core = divide(now.core_total[v] + core_gained[kept], np.maximum(core_whole, 1))
    importance = ground.importance[v]
    mastery = divide(now.mastered[v] + mastered[kept], np.maximum(importance, 1))
    scores = replace(
        _take(now.scores, v),
        competence=can[kept],
        core=np.where(core_whole > 0, core, NEUTRAL),
        mastery=np.where(importance > 0, mastery, NEUTRAL),
        failures=failures[kept],
        **{name: values[kept] for name, values in lacks.items()},
    )
    x = features(scores, now.applicants_per_opening[v], now.age_weeks[v])
    return After(b, v, now.p[v], chance_of(parameters, x, scores.isco))


def _take(scores: Scores, rows: NDArray[np.int64]) -> Scores:
    return Scores(**{name: getattr(scores, name)[rows] for name in Scores.__dataclass_fields__})


def _put(n: int, rows: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.int64]:
    whole = np.zeros(n, dtype=np.int64)
    whole[rows] = values
    return whole


def _others(ground: Ground, person, row: int, one, two, v):
    """What languages, papers and diplomas of pairs change: (sum gained, hard failures mended, what is lacking then)."""
    programmes, asked = ground.programmes, ground.vacancies.vacancies
    spoken = np.broadcast_to(person.languages[row], (len(v), person.languages.shape[1]))
    speaks = spoken
    if (person.languages[row] >= 0).any():
        learned = np.maximum(programmes.languages[one], programmes.languages[two])
        speaks = np.maximum(spoken, np.where(learned > 0, learned, -1))
    given = programmes.certificates[one] | programmes.certificates[two]
    held = np.broadcast_to(person.certificates[row], given.shape)
    level = np.full(len(v), person.education[row], dtype=np.int64)
    grants = np.maximum(programmes.grants_education[one], programmes.grants_education[two]).astype(np.int64)
    told = (level > 0) | (grants >= np.maximum(1, asked.education[v]))
    languages, papers = _languages(speaks, ground, v), _papers(held | given, ground, v)
    education = _education(np.maximum(level, np.where(told, grants, level)), ground, v)
    before = _languages(spoken, ground, v), _papers(held, ground, v), _education(level, ground, v)
    more = sum(after[0] - then[0] for after, then in zip((languages, papers, education), before, strict=True))
    fewer = sum(then[-1] - after[-1] for after, then in zip((languages, papers, education), before, strict=True))
    lacking = (papers[1], papers[2], education[1], languages[1])
    return more, fewer, dict(zip(LACKS, lacking, strict=True))


def _languages(spoken, ground: Ground, v) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(weighted coverage, CEFR levels short, hard failures) of asked languages, as `score` counts them."""
    asked = ground.vacancies.vacancies.languages[v]
    known = np.where((spoken < 0).all(axis=1, keepdims=True), -1, np.maximum(spoken, 0))
    cover = np.where(asked > 0, competence.language_coverage(known, asked), 0).sum(axis=1)
    lower = (asked > 0) & (known >= 0) & (known < asked)
    short = np.where(lower, asked - known, 0).sum(axis=1)
    return competence.LANGUAGE_WEIGHT * cover, short, (lower & ground.vacancies.vacancies.languages_hard[v]).sum(axis=1)


def _papers(held, ground: Ground, v) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(weighted coverage, how many are missing, hard failures) of asked certificates."""
    asked, hard = ground.vacancies.vacancies.certificates[v], ground.vacancies.vacancies.certificates_hard[v]
    has = competence.count_bits(asked & held)
    missing = competence.count_bits(asked) - has
    return competence.CERTIFICATE_WEIGHT * ONE * has, missing, competence.count_bits(hard & ~held)


def _education(level, ground: Ground, v) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(weighted coverage, levels short, hard failures) of the asked education."""
    asked = ground.vacancies.vacancies.education[v].astype(np.int64)
    short = np.where((asked > 0) & (level > 0), np.maximum(asked - level, 0), 0)
    cover = np.where(asked > 0, competence.education_coverage(level, asked), 0)
    return competence.EDUCATION_WEIGHT * cover, short, (ground.vacancies.vacancies.education_hard[v] & (short > 0)) * 1


def _sum_by(values: NDArray[np.int64], owner: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    # Doubles hold these whole numbers exactly: they stay far under 2 ** 53.
    return np.bincount(owner, weights=values, minlength=n).astype(np.int64)


@njit(cache=True)
def _coverage(evidence, similarity, level):
    """`competence.coverage` of one number."""
    denominator = STEPS * STEPS * max(level, 1)
    return (2 * ONE * similarity * min(evidence, level * STEPS) + denominator) // (2 * denominator)


@njit(cache=True)
def _margin(reach, level):
    """`competence.margin` of one number."""
    whole = STEPS * STEPS * STEPS_PER_LEVEL
    over = min(max(reach - STEPS * STEPS * level, -whole), whole)
    return (2 * NEUTRAL * (whole + over) + whole) // (2 * whole)


@njit(cache=True)
def _cover(evidence, indptr, entries, similarity, level, covered, reach):
    for skill in range(len(evidence)):
        if evidence[skill] > 0:
            for at in range(indptr[skill], indptr[skill + 1]):
                entry = entries[at]
                covered[entry] = max(covered[entry], _coverage(evidence[skill], similarity[at], level[entry]))
                reach[entry] = max(reach[entry], evidence[skill] * similarity[at])


@njit(cache=True)
def _touch(
    firsts, seconds, programme_indptr, taught, reached, other_indptr, others, new_other, own_level, evidence, indptr,
    entries, similarity, level, weight, core, hard, importance, owner, covered, reach, total, room, whole, least,
):  # fmt: skip
    """Pairs (bundle, vacancy) that change: what their sums gain, hard skills that no longer fail, 1 for other
    things, and what mastery gains.

    Pairs that cannot reach the `least` competence, whatever the other things bring, fall away at once.
    """
    n = len(least)
    stamp = np.full(len(covered), -1, np.int64)  # by which bundle `best` was last set
    best = np.zeros(len(covered), np.int64)
    furthest = np.zeros(len(covered), np.int64)
    seen = np.full(n, -1, np.int64)  # by which bundle `place` was last set
    place = np.zeros(n, np.int64)  # where the vacancy stands in the output
    out = np.zeros((1024 + n, 7), np.int64)
    count = 0
    for b in range(len(firsts)):
        first = count
        if count + n > len(out):
            out = np.concatenate((out, np.zeros((len(out) + n, 7), np.int64)))
        for turn in range(1 if firsts[b] == seconds[b] else 2):
            programme = firsts[b] if turn == 0 else seconds[b]
            for t in range(programme_indptr[programme], programme_indptr[programme + 1]):
                skill = taught[t]
                new = reached[t] * STEPS
                if reached[t] < own_level[skill] or new <= evidence[skill]:
                    continue
                for at in range(indptr[skill], indptr[skill + 1]):
                    entry = entries[at]
                    v = owner[entry]
                    if least[v] > ONE:
                        continue
                    if stamp[entry] != b:
                        stamp[entry], best[entry], furthest[entry] = b, covered[entry], reach[entry]
                    old, before = best[entry], furthest[entry]
                    cover = max(old, _coverage(new, similarity[at], level[entry]))
                    far = max(before, new * similarity[at])
                    if cover == old and far == before:
                        continue
                    best[entry], furthest[entry] = cover, far
                    if seen[v] != b:
                        seen[v], place[v] = b, count
                        out[count] = 0
                        out[count, 0], out[count, 1] = b, v
                        count += 1
                    row = place[v]
                    out[row, 2] += weight[entry] * (cover - old)
                    out[row, 6] += importance[entry] * (_margin(far, level[entry]) - _margin(before, level[entry]))
                    if core[entry]:
                        out[row, 3] += weight[entry] * (cover - old)
                    if hard[entry] and old < HARD_COVERAGE <= cover:
                        out[row, 4] += 1
            for at in range(other_indptr[programme], other_indptr[programme + 1]):
                v = others[at]
                if not new_other[at] or least[v] > ONE:
                    continue
                if seen[v] != b:
                    seen[v], place[v] = b, count
                    out[count] = 0
                    out[count, 0], out[count, 1] = b, v
                    count += 1
                out[place[v], 5] = 1
        kept = first
        for row in range(first, count):
            v = out[row, 1]
            most = total[v] + out[row, 2] + (room[v] if out[row, 5] else 0)
            if whole[v] == 0 or 2 * most + whole[v] >= 2 * whole[v] * least[v]:
                out[kept] = out[row]
                kept += 1
        count = kept
    return (
        out[:count, 0].copy(), out[:count, 1].copy(), out[:count, 2].copy(), out[:count, 3].copy(),
        out[:count, 4].copy(), out[:count, 5].copy(), out[:count, 6].copy(),
    )  # fmt: skip
