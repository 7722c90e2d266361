"""The score of pairs: one candidate against many vacancies, or one vacancy against many candidates.

Both directions use the same integer formulas on the same numbers, so the score of a pair does not depend on the way it
was reached (a property test holds this). ``fit = (50 competence + 35 passion + 15 drive) / 100``, rounded to nearest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine import competence, drive, passion
from matching.engine.pool import Candidates, SkillSpace, Vacancies
from matching.engine.scale import NEUTRAL, ONE, WEIGHTS, divide
from matching.engine.travel import distance_km, travel_minutes

HARD_COVERAGE = 7_500  # a hard skill fails when less is covered: the skill itself, or one that is nearly the same
JOY_SCORES = np.array([0, 6_000, ONE], dtype=np.int64)  # rather not, fine, loves it
NEAR_ENOUGH_FOR_JOY = 10  # steps of similarity from which joy in a near skill counts
WISH_WEIGHTS = np.array([40, 30, 20, 10], dtype=np.int64)  # direction, journey, hours, days
HOURS_PER_DAY = 9
MINUTES_TOO_FAR = 45  # that much over the wished journey leaves nothing of that wish


@dataclass(frozen=True)
class VacancyIndex:
    """Vacancies with, for every requirement, the skills that count for it laid out beside each other."""

    vacancies: Vacancies
    space: SkillSpace
    weight: NDArray[np.int64]  # (n_requirements,)
    pair_indptr: NDArray[np.int64]  # (n_requirements + 1,)
    pair_skill: NDArray[np.int64]
    pair_similarity: NDArray[np.int64]


@dataclass(frozen=True)
class CandidateIndex:
    """Candidates with their evidence per skill, and joy per skill (-1 unknown), dense."""

    candidates: Candidates
    space: SkillSpace
    evidence: NDArray[np.int64]  # (n_candidates, n_skills)
    joy: NDArray[np.int8]  # (n_candidates, n_skills)


@dataclass(frozen=True)
class Scores:
    """Scores of n pairs; ids are those of the many side. All parts in [0, ONE], passion parts -1 where unknown."""

    ids: NDArray[np.int64]
    fit: NDArray[np.int64]
    competence: NDArray[np.int64]
    passion: NDArray[np.int64]
    drive: NDArray[np.int64]
    core: NDArray[np.int64]  # coverage of the most important requirements, NEUTRAL where none is marked so
    mastery: NDArray[np.int64]  # how far levels lie under or over what is asked, NEUTRAL: exactly as asked
    failures: NDArray[np.int64]  # how many hard requirements fail
    papers_missing: NDArray[np.int64]  # asked certificates that are missing, hard or not
    papers_hard_missing: NDArray[np.int64]  # of those, the indispensable
    education_short: NDArray[np.int64]  # levels short of what is asked, 0 for unknown
    language_short: NDArray[np.int64]  # CEFR levels short of what is asked, summed, 0 for unknown
    hours_short: NDArray[np.int64]  # hours a week between what is offered and what is wished, 0 for unknown
    minutes: NDArray[np.int64]  # one way, -1 unknown
    minutes_over: NDArray[np.int64]  # over the wished journey, 0 for unknown or remote
    km: NDArray[np.float64]
    passion_parts: NDArray[np.int64]  # (n, 4)
    drive_parts: NDArray[np.int64]  # (n, 3)
    motivation: NDArray[np.int64]  # how many of why and did were told with an application, 0-2
    isco: NDArray[np.int64]  # of the vacancy, four digits, -1 unknown: outcomes of like work are pooled

    @property
    def passed(self) -> NDArray[np.bool_]:
        """Whether no hard requirement fails."""
        return self.failures == 0


def index_vacancies(vacancies: Vacancies, space: SkillSpace) -> VacancyIndex:
    """Prepare vacancies for scoring. Raises ValueError for skills outside the space."""
    weight = competence.requirement_weights(vacancies, space)
    counts = np.diff(space.near_indptr)[vacancies.skill]
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    position = (
        np.arange(indptr[-1]) - np.repeat(indptr[:-1], counts) + np.repeat(space.near_indptr[vacancies.skill], counts)
    )
    return VacancyIndex(
        vacancies, space, weight, indptr,
        space.near[position].astype(np.int64), space.similarity[position].astype(np.int64),
    )  # fmt: skip


def index_candidates(candidates: Candidates, space: SkillSpace) -> CandidateIndex:
    """Prepare candidates for scoring. Raises ValueError for skills outside the space."""
    evidence = competence.evidence_table(candidates, space)
    joy = np.full(evidence.shape, -1, dtype=np.int8)
    rows = np.repeat(np.arange(len(candidates.ids)), np.diff(candidates.indptr))
    np.maximum.at(joy, (rows, candidates.skill), candidates.joy.astype(np.int8))
    return CandidateIndex(candidates, space, evidence, joy)


def score_vacancies(
    index: CandidateIndex, row: int, vacancies: VacancyIndex, rows: NDArray[np.int64] | None = None, motivation=0
) -> Scores:
    """Scores of the candidate in `row` for all vacancies, or for those in `rows`.

    motivation: how much was told with an application, 0-2, one number or one for each vacancy.
    """
    pool = vacancies.vacancies
    rows = np.arange(len(pool.ids)) if rows is None else np.asarray(rows, dtype=np.int64)
    entries, owner = _entries(pool.indptr, rows)
    pairs, pair_owner = _entries(vacancies.pair_indptr, entries)
    skills, similarity = vacancies.pair_skill[pairs], vacancies.pair_similarity[pairs]
    level = pool.min_level[entries].astype(np.int64)
    evidence = index.evidence[row, skills]
    covers = competence.coverage(evidence, similarity, level[pair_owner])
    covered = _max_by(covers, pair_owner, len(entries))
    reach = _max_by(similarity * evidence, pair_owner, len(entries))
    joys = _joy_key(index.joy[row, skills], similarity)
    joy_key = _max_by(joys, pair_owner, len(entries), empty=-1)
    c = np.full(len(rows), row)
    return _finish(
        index.candidates, c, pool, rows, pool.ids[rows], owner, vacancies.weight[entries], pool.importance[entries],
        pool.hard[entries], covered, competence.margin(reach, level), joy_key, motivation,
    )  # fmt: skip


def score_candidates(
    vacancies: VacancyIndex, row: int, index: CandidateIndex, rows: NDArray[np.int64] | None = None, motivation=0
) -> Scores:
    """Scores of all candidates (or those in `rows`) for the vacancy in `row`."""
    pool = index.candidates
    rows = np.arange(len(pool.ids)) if rows is None else np.asarray(rows, dtype=np.int64)
    asked = vacancies.vacancies
    start, end = asked.indptr[row], asked.indptr[row + 1]
    covered = np.zeros((len(rows), end - start), dtype=np.int64)
    joy_key = np.full((len(rows), end - start), -1, dtype=np.int64)
    reach = np.zeros((len(rows), end - start), dtype=np.int64)
    for column, entry in enumerate(range(start, end)):
        pairs = slice(vacancies.pair_indptr[entry], vacancies.pair_indptr[entry + 1])
        skills, similarity = vacancies.pair_skill[pairs], vacancies.pair_similarity[pairs]
        if len(skills) == 0:
            continue
        evidence = index.evidence[np.ix_(rows, skills)]
        covers = competence.coverage(evidence, similarity[None, :], np.int64(asked.min_level[entry]))
        covered[:, column] = covers.max(axis=1)
        reach[:, column] = (similarity[None, :] * evidence).max(axis=1)
        joy_key[:, column] = _joy_key(index.joy[np.ix_(rows, skills)], similarity[None, :]).max(axis=1)
    owner = np.repeat(np.arange(len(rows)), end - start)
    tile = np.tile(np.arange(start, end), len(rows))
    v = np.full(len(rows), row)
    margin = competence.margin(reach.ravel(), asked.min_level[tile].astype(np.int64))
    return _finish(
        pool, rows, asked, v, pool.ids[rows], owner, vacancies.weight[tile], asked.importance[tile], asked.hard[tile],
        covered.ravel(), margin, joy_key.ravel(), motivation,
    )  # fmt: skip


def rank(scores: Scores, k: int | None = None) -> NDArray[np.int64]:
    """Positions in order of rank: who passes the hard requirements first, then fit, ties by id; the first `k`.

    >>> import numpy as np
    >>> from types import SimpleNamespace as S
    >>> rank(S(passed=np.array([True, False, True]), fit=np.array([5, 9, 5]), ids=np.array([8, 1, 3]))).tolist()
    [2, 0, 1]
    """
    order = np.lexsort((scores.ids, -scores.fit, ~scores.passed))
    return order if k is None else order[:k]


def _entries(indptr: NDArray[np.int64], rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of all CSR entries of `rows`, and for each the position of its row in `rows`."""
    counts = indptr[rows + 1] - indptr[rows]
    owner = np.repeat(np.arange(len(rows)), counts)
    first = np.cumsum(counts) - counts
    return np.arange(counts.sum()) - np.repeat(first, counts) + np.repeat(indptr[rows], counts), owner


def _max_by(values: NDArray[np.int64], owner: NDArray[np.int64], n: int, empty: int = 0) -> NDArray[np.int64]:
    """The maximum of the values of each owner; owners ascend; `empty` for an owner without values."""
    result = np.full(n, empty, dtype=np.int64)
    if len(values):
        first = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]]))
        result[owner[first]] = np.maximum.reduceat(values, first)
    return result


def _joy_key(joy: NDArray[np.int8], similarity: NDArray[np.int64]) -> NDArray[np.int64]:
    """Orders known joys by nearness first: similarity x 3 + joy, -1 where unknown or not near enough."""
    usable = (joy >= 0) & (similarity >= NEAR_ENOUGH_FOR_JOY)
    return np.where(usable, similarity * 3 + joy, -1)


def _finish(
    candidates: Candidates,
    c,
    vacancies: Vacancies,
    v,
    ids,
    owner,
    weight,
    importance,
    hard,
    covered,
    margin,
    joy_key,
    motivation,
) -> Scores:
    """From coverage per requirement to scores per pair; c and v are the rows of each pair."""
    n = len(ids)
    total = _sum_by(weight * covered, owner, n)
    whole = _sum_by(weight, owner, n)
    most = importance == 3
    core_whole = _sum_by(np.where(most, weight, 0), owner, n)
    core = _sum_by(np.where(most, weight * covered, 0), owner, n)
    failures = _sum_by((hard & (covered < HARD_COVERAGE)).astype(np.int64), owner, n)

    asked_languages, spoken = vacancies.languages[v], candidates.languages[c]
    asks = asked_languages > 0
    spoken_known = np.where((spoken < 0).all(axis=1, keepdims=True), -1, np.maximum(spoken, 0))
    language = competence.language_coverage(spoken_known, asked_languages)
    total += competence.LANGUAGE_WEIGHT * np.where(asks, language, 0).sum(axis=1)
    whole += competence.LANGUAGE_WEIGHT * asks.sum(axis=1)
    failures += (asks & vacancies.languages_hard[v] & (spoken_known >= 0) & (spoken_known < asked_languages)).sum(
        axis=1
    )

    papers = vacancies.certificates[v]
    has = papers & candidates.certificates[c]
    n_papers, n_has = competence.count_bits(papers), competence.count_bits(has)
    total += competence.CERTIFICATE_WEIGHT * ONE * n_has
    whole += competence.CERTIFICATE_WEIGHT * n_papers
    papers_hard = competence.count_bits(vacancies.certificates_hard[v] & ~candidates.certificates[c])
    failures += papers_hard

    level, asked_level = candidates.education[c].astype(np.int64), vacancies.education[v].astype(np.int64)
    asks_level = asked_level > 0
    total += np.where(asks_level, competence.EDUCATION_WEIGHT * competence.education_coverage(level, asked_level), 0)
    whole += np.where(asks_level, competence.EDUCATION_WEIGHT, 0)
    short = np.where(asks_level & (level > 0), np.maximum(asked_level - level, 0), 0)
    failures += (vacancies.education_hard[v] & (short > 0)).astype(np.int64)

    asked_importance = _sum_by(importance.astype(np.int64), owner, n)
    mastered = divide(_sum_by(importance * margin, owner, n), np.maximum(asked_importance, 1))
    language_short = np.where(asks & (spoken_known >= 0), np.maximum(asked_languages - spoken_known, 0), 0).sum(axis=1)

    can = np.where(whole > 0, divide(total, np.maximum(whole, 1)), NEUTRAL)
    km = distance_km(candidates.latitude[c], candidates.longitude[c], vacancies.latitude[v], vacancies.longitude[v])
    minutes = travel_minutes(km, candidates.travel_mode[c])
    limit = candidates.max_minutes[c].astype(np.int64)
    over = np.where((minutes >= 0) & (limit >= 0) & ~vacancies.remote[v], np.maximum(minutes - limit, 0), 0)
    passion_parts = np.stack(
        [
            passion.interest_fit(candidates.interests[c], vacancies.interests[v]),
            _joy(joy_key, importance, owner, n),
            _wishes(candidates, c, vacancies, v, minutes, limit, over),
            passion.value_fit(candidates.values[c], vacancies.values[v]),
        ],
        axis=-1,
    )
    want, _ = passion.combine(passion_parts)
    motivation = np.broadcast_to(np.asarray(motivation), (n,))
    drive_parts = drive.parts(candidates.ready_to_learn[c], candidates.initiatives[c], motivation)
    do, _ = drive.combine(drive_parts)
    fit = divide(WEIGHTS.competence * can + WEIGHTS.passion * want + WEIGHTS.drive * do, 100)
    return Scores(
        ids=ids, fit=fit, competence=can, passion=want, drive=do,
        core=np.where(core_whole > 0, divide(core, np.maximum(core_whole, 1)), NEUTRAL),
        mastery=np.where(asked_importance > 0, mastered, NEUTRAL), failures=failures, papers_missing=n_papers - n_has,
        papers_hard_missing=papers_hard, education_short=short, language_short=language_short,
        hours_short=_hours_gap(candidates, c, vacancies, v), minutes=minutes, minutes_over=over, km=km,
        passion_parts=passion_parts, drive_parts=drive_parts, motivation=motivation.astype(np.int64),
        isco=vacancies.isco[v].astype(np.int64),
    )  # fmt: skip


def _sum_by(values: NDArray[np.int64], owner: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    # Doubles hold these whole numbers exactly: they stay far under 2 ** 53.
    return np.bincount(owner, weights=values, minlength=n).astype(np.int64)


def _joy(joy_key: NDArray[np.int64], importance: NDArray[np.int32], owner: NDArray[np.int64], n: int):
    """Joy in what is asked, weighted by importance and nearness; -1 where no joy is known."""
    known = joy_key >= 0
    weight = np.where(known, importance.astype(np.int64) * (joy_key // 3), 0)
    whole = _sum_by(weight, owner, n)
    felt = _sum_by(weight * JOY_SCORES[np.where(known, joy_key % 3, 0)], owner, n)
    return np.where(whole > 0, divide(felt, np.maximum(whole, 1)), -1)


def _wishes(candidates: Candidates, c, vacancies: Vacancies, v, minutes, limit, over) -> NDArray[np.int64]:
    """How far direction, journey, hours and days are as wished; wishes not given do not count; -1 for none given."""
    direction = _direction(candidates, c, vacancies, v)
    remote = vacancies.remote[v]
    journey = np.maximum(ONE - divide(ONE * over, MINUTES_TOO_FAR), 0)
    journey = np.where(remote, ONE, np.where((minutes < 0) | (limit < 0), -1, journey))
    told = (candidates.hours_min[c] >= 0) & (candidates.hours_max[c] >= 0)
    hours = np.where(told, np.maximum(ONE - 1_000 * _hours_gap(candidates, c, vacancies, v), 0), -1)
    common = competence.count_bits((candidates.days[c] & vacancies.days[v]).astype(np.uint64)[:, None])
    needed = np.maximum(vacancies.hours_min[v].astype(np.int64), 1)
    days = np.minimum(divide(ONE * HOURS_PER_DAY * common, needed), ONE)
    parts = np.stack([direction, journey, hours, days], axis=-1)
    known = parts >= 0
    known[:, 3] &= known[:, :3].any(axis=1)  # the days have a default: alone they say nothing
    weight = np.where(known, WISH_WEIGHTS, 0)
    whole = weight.sum(axis=1)
    return np.where(whole > 0, divide((weight * np.maximum(parts, 0)).sum(axis=1), np.maximum(whole, 1)), -1)


def _hours_gap(candidates: Candidates, c, vacancies: Vacancies, v) -> NDArray[np.int64]:
    """Hours a week between what is offered and what is wished, 0 where they meet or no wish is known."""
    low, high = candidates.hours_min[c].astype(np.int64), candidates.hours_max[c].astype(np.int64)
    gap = np.maximum(np.maximum(vacancies.hours_min[v] - high, low - vacancies.hours_max[v]), 0)
    return np.where((low < 0) | (high < 0), 0, gap)


def _direction(candidates: Candidates, c, vacancies: Vacancies, v) -> NDArray[np.int64]:
    """In full for a wished occupation, three quarters for its ISCO group, 70 % for a wished sector, else a fifth."""
    entries, owner = _entries(candidates.wish_indptr, np.asarray(c, dtype=np.int64))
    same = candidates.wish[entries] == vacancies.occupation[v][owner]
    group = candidates.wish_isco[entries] // 10 == (vacancies.isco[v] // 10)[owner]
    best = _max_by(np.where(same, ONE, np.where(group, 7_500, 2_000)).astype(np.int64), owner, len(c), empty=-1)
    wished = candidates.wished_sectors[c]
    sector = vacancies.sector[v]
    bit = np.where(sector >= 0, np.uint64(1) << np.maximum(sector, 0).astype(np.uint64), np.uint64(0))
    in_sector = np.where(wished == 0, -1, np.where((wished & bit) != 0, 7_000, 2_000))
    return np.maximum(best, in_sector)
