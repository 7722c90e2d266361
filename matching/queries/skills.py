"""Skills that would raise somebody's chances most over the open work in reach.

The compiled index says in one go what each of all skills would add in sum (`index.gains`). The best of those are counted again,
vacancy by vacancy, from the scores and chances of every other page: what is said of a skill is that recomputation.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.foreign import Foreign
from matching import loading
from matching.engine import (
    CandidateIndex,
    Candidates,
    ChanceParameters,
    Programmes,
    VacancyIndex,
    chance_of,
    features,
    index_candidates,
    score_vacancies,
)
from matching.engine.competence import effective_level
from matching.engine.index.candidates import index_people
from matching.engine.index.gains import INDEPENDENT, GainTables, gain_tables, skill_gains
from matching.engine.training import enters
from matching.engine.travel import distance_km, travel_minutes
from matching.models import Application, Bookmark
from matching.open_market import Market, Openings, openings
from matching.queries.building import market_inputs
from matching.queries.chances import live_parameters
from matching.queries.shown import Course
from matching.queries.suggestions import cost, offer_for
from matching.queries.wording import Words
from profiles.models import CV

LISTED = 8
FEWEST = 5  # vacancies in reach: over fewer there is nothing to say
LEAST_RISE = 0.01  # of a chance at one vacancy: less shows nowhere
LONGEST_COURSE = 26  # weeks: who wants to learn one thing is not helped by a training of years
ALIKE = 9  # steps of similarity from which two skills are one thing to learn


@dataclass(frozen=True)
class SkillGain:
    """What one skill, done independently, would do for a person's chances over the open work in reach."""

    skill_id: int
    label: str  # `Foreign` where there is no Dutch
    held: bool  # on the CV already, at a lower level
    asked: int  # vacancies in reach that ask this very skill
    rises: int  # vacancies in reach where the chance rises by a point or more, also where something near is asked
    points: float  # mean rise over those, of 100
    gain: float  # rise of the chances in sum, over everything in reach
    course: Course | None  # teaches it to this level, and can be entered, reached and still begun

    @property
    def foreign(self) -> bool:
        return isinstance(self.label, Foreign)


@dataclass(frozen=True)
class SkillAdvice:
    """The skills that bring most, best first, and the open vacancies that this is counted over."""

    vacancies: int
    max_minutes: int | None  # how far reach goes, one way; None: all open work
    skills: list[SkillGain]
    model_version: int = 0  # of the chance model; 0: nothing was learned from outcomes yet

    @property
    def few(self) -> bool:
        """Whether there is too little work in reach to say anything."""
        return self.vacancies < FEWEST


@dataclass(frozen=True)
class _Reach:
    """One person, the chance model, and the vacancies in reach with what their chances stand on."""

    loaded: Candidates  # skills by id
    person: CandidateIndex
    index: VacancyIndex
    parameters: ChanceParameters
    inside: NDArray[np.bool_]  # (n_vacancies,)
    queue: NDArray[np.float64]  # (n_vacancies,) others who applied, for each opening
    ages: NDArray[np.float64]  # (n_vacancies,) weeks

    def chances(self, rows: NDArray[np.int64], skill: int | None = None) -> NDArray[np.float64]:
        """The chances at these vacancies, now or with a skill (a row of the space) done independently."""
        person = self.person
        if skill is not None:
            evidence = person.evidence.copy()
            evidence[0, skill] = max(evidence[0, skill], _EVIDENCE)
            person = replace(person, evidence=evidence)
        scores = score_vacancies(person, 0, self.index, rows)
        return chance_of(self.parameters, features(scores, self.queue[rows], self.ages[rows]), scores.isco)

    def asking(self, skills: NDArray[np.int64]) -> NDArray[np.int64]:
        """The vacancies in reach, as rows, that ask one of these skills."""
        pool = self.index.vacancies
        wanted = np.zeros(len(self.index.space.ids), dtype=bool)
        wanted[skills] = True
        entries = np.flatnonzero(wanted[pool.skill])
        rows = np.unique(np.searchsorted(pool.indptr, entries, side="right") - 1)
        return rows[self.inside[rows]]


_EVIDENCE = int(effective_level(np.array([INDEPENDENT]), np.array([0]))[0])


def skill_advice(cv: CV, limit: int = LISTED) -> SkillAdvice:
    """The skills that would raise this person's chances most over the open work in reach.

    In reach: within their travel time, and neither hidden nor applied to. What they did at that level or did long ago is not
    among the skills: they can do it. No skills where the CV names none yet, or where too little work is in reach.
    """
    minutes = cv.travel_minutes if cv.place_id else None
    held = openings()
    nothing = SkillAdvice(len(held), minutes, [])
    if nothing.few:
        return nothing
    parameters, version = live_parameters()
    reach = _reach(cv, held.market, minutes, parameters)
    nothing = replace(nothing, vacancies=int(reach.inside.sum()), model_version=version)
    if nothing.few or not len(reach.loaded.skill):
        return nothing
    chosen = _promising(held, reach, minutes, limit)
    courses = _courses(cv, reach, chosen)
    words = Words(reach.index)
    skills = []
    for row, rise in zip(chosen, _rises(reach, chosen), strict=True):
        seen = rise[rise >= LEAST_RISE]
        if len(seen):
            skills.append(
                SkillGain(
                    skill_id=words.skill_id(row),
                    label=words.in_sentence(row),
                    held=bool(reach.person.evidence[0, row]),
                    asked=len(reach.asking(np.array([row]))),
                    rises=len(seen),
                    points=round(100 * float(seen.mean()), 1),
                    gain=round(float(rise.sum()), 3),
                    course=courses.get(row),
                )
            )
    return replace(nothing, skills=sorted(skills, key=lambda one: (-one.gain, one.skill_id)))


def _reach(cv: CV, market: Market, minutes: int | None, parameters: ChanceParameters) -> _Reach:
    pool = market.index.vacancies
    loaded = loading.load_candidates([cv.pk])
    person = index_candidates(loading.project(loaded, market.index.space), market.index.space)
    inside = np.ones(len(pool.ids), dtype=bool)
    if minutes is not None:
        one = person.candidates
        took = travel_minutes(distance_km(one.latitude, one.longitude, pool.latitude, pool.longitude), one.travel_mode)
        inside = ((took >= 0) & (took <= minutes)) | pool.remote
    over = set(Bookmark.objects.filter(cv=cv, hidden=True).values_list("vacancy_id", flat=True))
    over |= set(Application.objects.filter(cv=cv).values_list("vacancy_id", flat=True))
    inside &= ~np.isin(pool.ids, list(over))
    queue, ages, _told = market_inputs(cv, market)  # nothing is told yet of what is inside
    return _Reach(loaded, person, market.index, parameters, inside, queue, ages)


def _promising(held: Openings, reach: _Reach, minutes: int | None, limit: int) -> list[int]:
    """The skills that add most, as rows of the space of the market; none that is nearly the same as one before it.

    The index may also know what changed a moment ago or what this person applied to: that moves the order here, and no number.
    """
    ids, total = reach.index.space.ids, np.zeros(len(reach.index.space.ids))
    chance = _tables(reach.parameters)
    for work, space in held.parts:
        people = index_people(loading.project(reach.loaded, space), space)
        at = np.minimum(np.searchsorted(reach.index.vacancies.ids, work.work.ids), len(reach.queue) - 1)
        gains, _n = skill_gains(work, people, 0, chance, reach.queue[at], reach.ages[at], minutes)
        rows = np.searchsorted(ids, space.ids)
        known = rows < len(ids)
        known[known] = ids[rows[known]] == space.ids[known]
        total[rows[known]] += gains[known]
    mine = reach.person.candidates
    total[mine.skill[(mine.level >= INDEPENDENT) | (mine.years_unused > 0)]] = 0
    space, kept, alike = reach.index.space, [], np.zeros(len(ids), dtype=bool)
    for skill in np.argsort(-total, kind="stable").tolist():
        if len(kept) == limit or total[skill] <= 0:
            break
        near = slice(space.near_indptr[skill], space.near_indptr[skill + 1])
        close = space.near[near][space.similarity[near] >= ALIKE]
        if not (alike[skill] or np.isin(close, kept).any()):
            kept.append(skill)
            alike[close] = True
    return kept


def _tables(parameters: ChanceParameters) -> GainTables:
    """Made once for a version of the model."""
    return loading.shared("gain tables", parameters, lambda: gain_tables(parameters))


def _rises(reach: _Reach, skills: list[int]) -> list[NDArray[np.float64]]:
    """By how much the chances rise with each of these skills, at every vacancy in reach for which it counts."""
    space, before = reach.index.space, np.full(len(reach.inside), np.nan)
    touched = []
    for skill in skills:
        counts_for = np.searchsorted(space.near_indptr, np.flatnonzero(space.near == skill), side="right") - 1
        touched.append(reach.asking(counts_for))
    rows = np.unique(np.concatenate([*touched, np.zeros(0, dtype=np.int64)]))
    before[rows] = reach.chances(rows)
    return [reach.chances(rows, skill) - before[rows] for skill, rows in zip(skills, touched, strict=True)]


def _courses(cv: CV, reach: _Reach, skills: list[int]) -> dict[int, Course]:
    """{skill: the course that asks least} of what teaches it to the level that is counted with and is within reach."""
    programmes: Programmes = loading.programmes()
    ids = {int(reach.index.space.ids[skill]): skill for skill in skills}
    teaches = np.flatnonzero(np.isin(programmes.skill, list(ids)) & (programmes.level >= INDEPENDENT))
    owner = np.searchsorted(programmes.indptr, teaches, side="right") - 1
    may = enters(reach.person.candidates, 0, programmes)
    offer = offer_for(cv, programmes, np.unique(owner[may[owner]]).tolist())
    found: dict[int, Course] = {}
    offer = {row: course for row, course in offer.items() if course.programme.weeks <= LONGEST_COURSE}
    for entry, row in zip(teaches.tolist(), owner.tolist(), strict=True):
        skill = ids[int(programmes.skill[entry])]
        if row in offer and (skill not in found or cost([offer[row]]) < cost([found[skill]])):
            found[skill] = offer[row]
    return found
