"""Why a pair has the score it has: contributions that add up exactly, gaps, and hard requirements that fail."""

from dataclasses import dataclass

import numpy as np

from matching.engine import competence, drive, passion
from matching.engine.competence import CERTIFICATE_WEIGHT, EDUCATION_WEIGHT, LANGUAGE_WEIGHT
from matching.engine.scale import NEUTRAL, ONE, STEPS_PER_LEVEL, WEIGHTS, apportion
from matching.engine.score import HARD_COVERAGE, CandidateIndex, Scores, VacancyIndex, score_vacancies


@dataclass(frozen=True)
class Contribution:
    """One line of a sum: a score in [0, ONE], its weight, and what it adds to the fit."""

    key: str
    score: int
    weight: int
    adds: int
    known: bool = True


@dataclass(frozen=True)
class RequirementCover:
    """How one requirement is covered. kind: skill, language, certificate or education; `item` is a row, column or bit.

    asked and has are levels: 1-5 for skills (has 0: none), CEFR 1-6, NLQF 1-8, and 1 or 0 for certificates.
    """

    kind: str
    item: int
    weight: int
    coverage: int  # [0, ONE]
    adds: int
    asked: int
    has: int
    hard: bool
    fails: bool


@dataclass(frozen=True)
class Explanation:
    """The whole story of a pair. ``sum(part.adds) == fit`` and the requirements add up to competence's part."""

    fit: int
    parts: tuple[Contribution, ...]  # competence, passion, drive
    requirements: tuple[RequirementCover, ...]
    passion: tuple[Contribution, ...]
    drive: tuple[Contribution, ...]
    minutes: int
    minutes_over: int
    km: float
    scores: Scores  # of this one pair


def explain(
    index: CandidateIndex, row: int, vacancies: VacancyIndex, vacancy_row: int, motivation: int = 0
) -> Explanation:
    """Explain the score of one candidate for one vacancy."""
    scores = score_vacancies(index, row, vacancies, np.array([vacancy_row]), motivation)
    fit, can, want, do = (int(x[0]) for x in (scores.fit, scores.competence, scores.passion, scores.drive))
    shares = [WEIGHTS.competence * can, WEIGHTS.passion * want, WEIGHTS.drive * do]
    adds = apportion(fit, shares)
    covers = _requirements(index, row, vacancies, vacancy_row)
    if covers:
        split = apportion(adds[0], [cover.weight * cover.coverage for cover in covers])
        covers = [RequirementCover(**{**vars(cover), "adds": part}) for cover, part in zip(covers, split, strict=True)]
    return Explanation(
        fit=fit,
        parts=(
            Contribution("competence", can, WEIGHTS.competence, adds[0], bool(covers)),
            Contribution("passion", want, WEIGHTS.passion, adds[1], bool((scores.passion_parts[0] >= 0).any())),
            Contribution("drive", do, WEIGHTS.drive, adds[2], bool((scores.drive_parts[0] >= 0).any())),
        ),
        requirements=tuple(covers),
        passion=_parts(passion.PARTS, scores.passion_parts[0], passion.combine(scores.passion_parts)[1][0], adds[1]),
        drive=_parts(drive.PARTS, scores.drive_parts[0], drive.combine(scores.drive_parts)[1][0], adds[2]),
        minutes=int(scores.minutes[0]),
        minutes_over=int(scores.minutes_over[0]),
        km=float(scores.km[0]),
        scores=scores,
    )


def _parts(keys, scores, weights, total: int) -> tuple[Contribution, ...]:
    values = [int(score) if score >= 0 else NEUTRAL for score in scores]
    adds = apportion(total, [int(weight) * value for weight, value in zip(weights, values, strict=True)])
    return tuple(
        Contribution(key, value, int(weight), part, bool(score >= 0))
        for key, value, weight, part, score in zip(keys, values, weights, adds, scores, strict=True)
    )


def _requirements(index: CandidateIndex, row: int, vacancies: VacancyIndex, v: int) -> list[RequirementCover]:
    asked, person = vacancies.vacancies, index.candidates
    covers = []
    for entry in range(asked.indptr[v], asked.indptr[v + 1]):
        skill, level = int(asked.skill[entry]), int(asked.min_level[entry])
        cover = int(competence.requirement_coverage(index.evidence[row : row + 1], skill, level, vacancies.space)[0])
        has = _own_level(index, row, skill)
        hard = bool(asked.hard[entry])
        covers.append(
            RequirementCover(
                "skill", skill, int(vacancies.weight[entry]), cover, 0, level // STEPS_PER_LEVEL, has, hard,
                hard and cover < HARD_COVERAGE,
            )
        )  # fmt: skip
    spoken = person.languages[row]
    silent = bool((spoken < 0).all())
    for column in np.flatnonzero(asked.languages[v] > 0):
        need, has = int(asked.languages[v, column]), max(0, int(spoken[column]))
        cover = int(competence.language_coverage(np.array(-1 if silent else has), np.array(need)))
        hard = bool(asked.languages_hard[v, column])
        covers.append(
            RequirementCover(
                "language", int(column), LANGUAGE_WEIGHT, cover, 0, need, has, hard, hard and not silent and has < need
            )
        )
    for bit in _bits(asked.certificates[v]):
        has = _has_bit(person.certificates[row], bit)
        hard = _has_bit(asked.certificates_hard[v], bit)
        covers.append(
            RequirementCover(
                "certificate", bit, CERTIFICATE_WEIGHT, ONE if has else 0, 0, 1, int(has), hard, hard and not has
            )
        )
    if asked.education[v] > 0:
        need, has = int(asked.education[v]), int(person.education[row])
        cover = int(competence.education_coverage(np.array(has), np.array(need)))
        hard = bool(asked.education_hard[v])
        covers.append(
            RequirementCover("education", 0, EDUCATION_WEIGHT, cover, 0, need, has, hard, hard and 0 < has < need)
        )
    return covers


def _own_level(index: CandidateIndex, row: int, skill: int) -> int:
    """The level 1-5 of exactly this skill as the person gave it; 0 when not on the CV."""
    person = index.candidates
    entries = slice(person.indptr[row], person.indptr[row + 1])
    levels = person.level[entries][person.skill[entries] == skill]
    return int(levels.max()) // STEPS_PER_LEVEL if len(levels) else 0


def _bits(words) -> list[int]:
    octets = np.unpackbits(np.ascontiguousarray(words).view(np.uint8), bitorder="little")
    return [int(bit) for bit in np.flatnonzero(octets)]


def _has_bit(words, bit: int) -> bool:
    return bool((int(words[bit // 64]) >> (bit % 64)) & 1)
