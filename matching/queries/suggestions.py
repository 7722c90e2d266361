"""Courses that bring somebody on: for one vacancy, for more vacancies over even odds, for a wished occupation.

What counts besides the gain: whether one may enter, whether it can still begin, the journey, hours beside a job, time and
money. A course costs ``1 + months / 6 + euros / 2,000 + minutes / 120``; gain divided by that decides the order.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils import timezone

from education.models import Programme
from matching import loading
from matching.engine import Bundle, Gain, Programmes, gains, index_candidates, pairs_of
from matching.engine.training import EVEN_ODDS, enters
from matching.engine.training_ground import Ground, lay_out
from matching.engine.training_market import Now, Tables, chances_after, everything, stand, tables, to_even_odds
from matching.engine.travel import distance_km, travel_minutes
from matching.models import Application
from matching.open_market import open_market
from matching.queries.building import age_weeks, count_applicants, market_inputs, motivation_of
from matching.queries.chances import live_parameters, shown_chance
from matching.queries.matches import matches_for_cv
from matching.queries.shown import Advice, Course, MarketAdvice, Suggestion
from matching.queries.wording import Words
from profiles.models import CV
from taxonomy.models import Occupation
from taxonomy.queries import near_occupations
from vacancies.models import Vacancy

LEAST_GAIN = 0.03  # less is lost in the margin of the estimate
LEAST_EXTRA = 0.02  # that a second course must add to the first
SUGGESTION_MINUTES = 75  # further than this a course in a classroom is no help
HOURS_BESIDE_WORK = 8  # a week in the daytime; more does not go together with a job
WEEKS_PER_MONTH = 52 / 12
IN_MARKET_PAIRS = 6  # the best courses over the market, of which every two are tried
EXAMPLES = 3
NAMED_AT_MOST = 2  # times that one course stands in the advice over the market


def suggestions_for(cv: CV, vacancy: Vacancy | None = None, limit: int = 3) -> list[Suggestion]:
    """Courses, alone or two together, that raise the chance for this vacancy (or the best match) most for what they ask."""
    if vacancy is None:
        best = matches_for_cv(cv, limit=1)
        return suggestions_for(cv, best[0].vacancy, limit) if best else []
    vacancies = loading.index_of([vacancy.pk])
    index = index_candidates(loading.project(loading.load_candidates([cv.pk]), vacancies.space), vacancies.space)
    programmes = loading.project(loading.programmes(), vacancies.space)
    parameters, version = live_parameters()
    application = Application.objects.filter(cv=cv, vacancy=vacancy).first()
    applicants = count_applicants([vacancy.pk], cv).get(vacancy.pk, 0)
    pair = (applicants / max(1, vacancy.openings), age_weeks(vacancy, application), motivation_of(application))
    found = gains(index, 0, vacancies, 0, programmes, parameters, *pair)
    offer = offer_for(cv, programmes, {gain.bundle[0] for gain in found})
    found = _without_doubles([gain for gain in found if gain.bundle[0] in offer], programmes, offer)
    alone = {gain.bundle[0]: gain.gain for gain in found}
    together = gains(index, 0, vacancies, 0, programmes, parameters, *pair, bundles=pairs_of(found))
    found += [two for two in together if two.gain >= max(alone[one] for one in two.bundle) + LEAST_EXTRA]
    found = [gain for gain in found if gain.gain >= LEAST_GAIN]
    worth = {gain.bundle: gain.gain / cost([offer[one] for one in gain.bundle]) for gain in found}
    best_first = sorted(found, key=lambda gain: (-worth[gain.bundle], gain.bundle))[:limit]
    words = Words(vacancies)
    opened = _opened(cv, [_ids(programmes, gain.bundle) for gain in best_first], vacancy)
    return [
        Suggestion(
            courses=[offer[one] for one in gain.bundle],
            chance_before=shown_chance(gain.before, version),
            chance_after=shown_chance(gain.after, version),
            gain=round(100 * gain.gain),
            gain_low=round(100 * gain.low),
            gain_high=round(100 * gain.high),
            opens=number,
            skills=_taught(gain.bundle, programmes, words),
        )
        for gain, number in zip(best_first, opened, strict=True)
    ]


def market_advice(cv: CV, occupation: Occupation | None = None, limit: int = 6) -> MarketAdvice:
    """Courses that open most vacancies (from under to over even odds), or that help most towards an occupation.

    For an occupation the gain is that in the mean chance over the open vacancies for it and for work near to it.
    """
    ground, now = _stand(cv)
    asked = ground.vacancies.vacancies
    offer = offer_for(
        cv, ground.programmes, np.flatnonzero(enters(now.index.candidates, 0, ground.programmes)).tolist()
    )
    among = np.isin(asked.occupation, _like(occupation)) if occupation else np.ones(len(asked.ids), dtype=bool)
    needed = np.where(among, everything(now), np.inf) if occupation else to_even_odds(now)
    singles: list[Bundle] = [(one,) for one in sorted(offer)]
    scored = _scored(ground, now, singles, needed, occupation is None)
    best = [bundle[0] for bundle, gain in sorted(scored.items(), key=lambda item: (-item[1], item[0])) if gain > 0]
    best = _distinct(best, ground.programmes, offer)[:IN_MARKET_PAIRS]
    pairs: list[Bundle] = [(min(a, b), max(a, b)) for i, a in enumerate(best) for b in best[i + 1 :]]
    both = _scored(ground, now, pairs, needed, occupation is None)
    better = {two: gain for two, gain in both.items() if gain > max(scored[(one,)] for one in two)}
    brought = {(one,): scored[(one,)] for one in _distinct([b[0] for b in scored], ground.programmes, offer)} | better
    worth = {bundle: gain / cost([offer[one] for one in bundle]) for bundle, gain in brought.items() if gain > 0}
    chosen = _varied(sorted(worth, key=lambda bundle: (-worth[bundle], bundle)))[:limit]
    return MarketAdvice(
        occupation=occupation,
        vacancies=int(among.sum()) if occupation else len(asked.ids),
        likely_now=int((now.p >= EVEN_ODDS).sum()),
        chance_now=round(100 * float(now.p[among].mean())) if occupation and among.any() else None,
        advice=_advice(ground, now, chosen, needed if occupation else everything(now), offer, occupation is None),
    )


def _like(occupation: Occupation) -> list[int]:
    """The ids of an occupation and of those that are near to it."""
    return [occupation.pk, *(near.pk for near in near_occupations([occupation.pk]))]


def _varied(best_first: list[Bundle]) -> list[Bundle]:
    """Without bundles of which a course was named twice already: a list of pairs of the same few helps nobody choose."""
    named: Counter[int] = Counter()
    kept = []
    for bundle in best_first:
        if all(named[one] < NAMED_AT_MOST for one in bundle):
            kept.append(bundle)
            named.update(bundle)
    return kept


def _scored(ground: Ground, now: Now, bundles: list[Bundle], needed, by_opening: bool) -> dict[Bundle, float]:
    """What each bundle brings: vacancies opened, or percent points of mean chance."""
    if not bundles:
        return {}
    after = chances_after(ground, now, bundles, needed)
    brings = after.opens(len(bundles)) if by_opening else 100 * after.total_gain(len(bundles)) / _number(needed)
    return dict(zip(bundles, brings.tolist(), strict=True))


def _advice(ground: Ground, now: Now, chosen: list[Bundle], needed, offer, by_opening: bool) -> list[Advice]:
    if not chosen:
        return []
    after = chances_after(ground, now, chosen, needed)
    titles = dict(Vacancy.objects.filter(id__in=ground.vacancies.vacancies.ids[np.unique(after.vacancy)].tolist())
                  .values_list("id", "title"))  # fmt: skip
    opened, gained = after.opens(len(chosen)), after.total_gain(len(chosen))
    found = []
    for b, bundle in enumerate(chosen):
        mine = np.flatnonzero(after.bundle == b)
        shown = mine[after.crossed[mine]] if by_opening else mine
        order = shown[np.lexsort((after.vacancy[shown], -(after.after[shown] - after.before[shown])))][:EXAMPLES]
        ids = ground.vacancies.vacancies.ids[after.vacancy[order]].tolist()
        found.append(
            Advice(
                courses=[offer[one] for one in bundle],
                opens=int(opened[b]),
                gain=round(100 * float(gained[b]) / _number(needed), 1),
                examples=[
                    (pk, titles.get(pk, ""), round(100 * before), round(100 * later))
                    for pk, before, later in zip(
                        ids, after.before[order].tolist(), after.after[order].tolist(), strict=True
                    )
                ],
                by_opening=by_opening,
            )
        )
    return found


def _number(needed) -> int:
    """How many vacancies are looked at, at least one."""
    return max(1, int((needed < np.inf).sum()))


def live_tables() -> Tables:
    """The tables of the live chance model of an invitation."""
    parameters, version = live_parameters()
    return loading.shared("chance tables", id(parameters) if version else 0, lambda: tables(parameters))


def _stand(cv: CV) -> tuple[Ground, Now]:
    """The market of today with its courses, and where this person stands in it."""
    market = open_market()
    programmes = loading.programmes()
    ground = loading.shared(
        "training", (id(market), id(programmes)),
        lambda: (market, programmes, lay_out(market.index, loading.project(programmes, market.index.space))),
    )[2]  # fmt: skip
    index = index_candidates(loading.project(loading.load_candidates([cv.pk]), market.index.space), market.index.space)
    return ground, stand(ground, index, 0, live_tables(), *market_inputs(cv, market))


def _opened(cv: CV, wanted: list[tuple[int, ...]], beside: Vacancy) -> list[int]:
    """How many vacancies beside this one each of these bundles of programme ids brings over even odds."""
    if not wanted:
        return []
    ground, now = _stand(cv)
    position = {int(pk): row for row, pk in enumerate(ground.programmes.ids)}
    bundles: list[Bundle] = [tuple(sorted(position[pk] for pk in ids)) for ids in wanted]
    needed = np.where(ground.vacancies.vacancies.ids == beside.pk, np.inf, to_even_odds(now))
    return chances_after(ground, now, bundles, needed).opens(len(bundles)).tolist()


@dataclass(frozen=True)
class Life:
    """What of somebody's life decides whether a course goes together with it."""

    in_work: bool
    cv: CV
    today: date


def offer_for(cv: CV, programmes: Programmes, rows) -> dict[int, Course]:
    """{row: course} of the programmes in these rows that this person can really begin and reach."""
    wanted = {int(programmes.ids[row]): int(row) for row in rows}
    life = Life(cv.jobs.filter(is_current=True).exists(), cv, timezone.localdate())
    found = Programme.objects.select_related("school", "place").filter(pk__in=wanted)
    courses = {wanted[programme.pk]: _course(programme, life) for programme in found}
    return {row: course for row, course in courses.items() if course is not None}


def _course(programme: Programme, life: Life) -> Course | None:
    """The programme with what it asks of this person; None when it cannot be begun, reached or combined with a job."""
    if not programme.can_start(life.today):
        return None
    if life.in_work and not beside_work(programme):
        return None
    minutes = _journey(life.cv, programme)
    if minutes is not None and minutes > SUGGESTION_MINUTES:
        return None
    return Course(programme, programme.next_start(life.today), minutes)


def _journey(cv: CV, programme: Programme) -> int | None:
    """Minutes one way; None for online or unknown."""
    if programme.mode == Programme.Mode.ONLINE or programme.place is None or cv.place is None:
        return None
    here, there = cv.place, programme.place
    km = distance_km(here.latitude, here.longitude, there.latitude, there.longitude)
    return int(travel_minutes(np.array([km]), np.array([loading.TRAVEL_MODES[cv.travel_mode]]))[0])


def cost(courses: Sequence[Course]) -> float:
    """What courses together ask of a person, with 1 for the trouble of any."""
    weeks = sum(course.programme.weeks for course in courses)
    euros = sum(float(course.programme.price) for course in courses)
    return asks(weeks, euros, max(course.minutes or 0 for course in courses))


def asks(weeks, euros, minutes):
    """The same from numbers or arrays."""
    return 1 + weeks / WEEKS_PER_MONTH / 6 + euros / 2000 + minutes / 120


def beside_work(programme: Programme) -> bool:
    """Whether it goes together with a job."""
    daytime = programme.mode == Programme.Mode.DAY and programme.kind != Programme.Kind.BBL
    return not daytime or programme.hours_per_week <= HOURS_BESIDE_WORK


def _without_doubles(found: list[Gain], programmes: Programmes, offer: dict[int, Course]) -> list[Gain]:
    """The first of each title, and of each set of skills, papers and diploma that this vacancy has to do with."""
    cheapest = sorted(found, key=lambda gain: (-gain.gain / cost([offer[gain.bundle[0]]]), gain.bundle))
    kept = set(_distinct([gain.bundle[0] for gain in cheapest], programmes, offer))
    return [gain for gain in found if gain.bundle[0] in kept]


def _distinct(rows: list[int], programmes: Programmes, offer: dict[int, Course]) -> list[int]:
    kept, seen = [], set()
    for row in rows:
        taught = slice(programmes.indptr[row], programmes.indptr[row + 1])
        same = {
            offer[row].programme.title.lower(),
            (
                tuple(programmes.skill[taught].tolist()), tuple(programmes.level[taught].tolist()),
                tuple(programmes.certificates[row].tolist()), tuple(programmes.languages[row].tolist()),
                int(programmes.grants_education[row]),
            ),
        }  # fmt: skip
        if not same & seen:
            kept.append(row)
        seen |= same
    return kept


def _ids(programmes: Programmes, bundle: Bundle) -> tuple[int, ...]:
    return tuple(int(programmes.ids[one]) for one in bundle)


def _taught(bundle: Bundle, programmes: Programmes, words: Words) -> list[str]:
    """What the courses teach of what this vacancy asks."""
    papers: list[str] = []
    skills: list[str] = []
    for row in bundle:
        entries = slice(programmes.indptr[row], programmes.indptr[row + 1])
        skills += [words.in_sentence(int(skill)) for skill in programmes.skill[entries]]
        papers += [words.certificate(bit) for bit in words.bits(programmes.certificates[row])]
    return list(dict.fromkeys([*papers, *skills]))[:6]
