"""The conversation "which work attracts you more?": what to ask next, and what follows from the answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from scipy.special import ndtr

from matching.engine.choice import Taste, chance_of_first, fit_taste, prior_taste, share_above
from matching.engine.design import is_enough, mean_sureness, next_pair
from profiles.interests import LABELS, TYPES
from profiles.models import CV
from profiles.pairs import ATTRIBUTES, FACTS, PRIOR_MEAN, SIDES, Pair, differences, prior_covariance, table
from profiles.steps import VALUES

FIRST, SECOND, SKIP = "a", "b", "skip"
HELD_OUT = 2  # pairs that are asked to see how well the rest predicts them
RESERVE = 60  # every sixtieth pair of the table is kept for that
MOST_SHOWN = 20  # pairs, skipped ones included
APART = 2  # pairs before the same work may come back
SAID = 0.8  # how probable a preference must be before it is said or used
CLEAR = 0.7  # from which a value is filled in, or under one minus that: in between it stays neutral
TOLD = 0.85  # a value is known when its variance fell to this share of what it was before
HOURS = ("hours_min", "hours_max")
FULL_WEEK, PART_WEEK = (32, 40), (16, 28)  # hours a week around the two that the pairs name
SHORT_TRIP, LONG_TRIP = 5, 50  # percent: most people like a short journey, so it takes more to say so than the contrary
GROUPS = {"types": slice(0, 6), "values": slice(6, 12)}


@dataclass(frozen=True)
class Answer:
    pair: Pair
    said: str  # FIRST, SECOND or SKIP


@dataclass(frozen=True)
class Conversation:
    """How far somebody is: the answers so far, and the pair that comes next; None when it is done."""

    answers: tuple[Answer, ...]
    next: Pair | None
    taste: Taste

    @property
    def is_done(self) -> bool:
        return bool(self.answers) and self.next is None


@cache
def prior() -> Taste:
    return prior_taste(PRIOR_MEAN, prior_covariance())


@cache
def reserved() -> NDArray[np.bool_]:
    """(n_pairs,) which pairs of the table are only asked to be predicted."""
    kept = np.zeros(len(table()[0]), dtype=bool)
    kept[::RESERVE] = True
    return kept


@cache
def _held_out_codes() -> frozenset[str]:
    return frozenset(pair.code for pair, kept in zip(table()[0], reserved(), strict=True) if kept)


@cache
def _reference() -> NDArray[np.float64]:
    return table()[1][3::6]


def conversation(answers: Sequence[Sequence[str]], start: int) -> Conversation:
    """Where a conversation stands. `start` moves which pairs are held out, so that not everybody gets the same.

    Codes that mean nothing (any more) are left out.
    """
    told = tuple(_readable(answers))
    taste = _taste_of(told)
    return Conversation(told, _next(told, taste, start), taste)


def conversation_of(cv: CV | None) -> Conversation:
    return conversation(cv.choice_answers if cv else [], cv.ref.int if cv else 0)


def _readable(answers: Sequence[Sequence[str]]):
    for code, said in answers:
        try:
            yield Answer(Pair.read(code), said if said in (FIRST, SECOND) else SKIP)
        except ValueError:
            continue


def _is_held_out(answer: Answer) -> bool:
    return answer.pair.code in _held_out_codes()


def _taste_of(answers: Sequence[Answer]) -> Taste:
    used = [answer for answer in answers if answer.said != SKIP and not _is_held_out(answer)]
    chosen = np.array([answer.said == FIRST for answer in used], dtype=bool)
    return fit_taste(prior(), differences([answer.pair for answer in used]), chosen)


def _next(answers: tuple[Answer, ...], taste: Taste, start: int) -> Pair | None:
    """The pair to ask now; None when enough is known and both held-out pairs were answered, or so many were shown."""
    enough = is_enough(taste, _reference())
    held = sum(_is_held_out(answer) and answer.said != SKIP for answer in answers)
    if (enough and held >= HELD_OUT) or len(answers) >= MOST_SHOWN:
        return None
    pairs, x = table()
    seen = {answer.pair.code for answer in answers}
    recent = {scene for answer in answers[-APART:] for scene in answer.pair.scenes}
    new = np.array([pair.code not in seen for pair in pairs])
    fresh = new & np.array([not recent & set(pair.scenes) for pair in pairs])
    if held < HELD_OUT and (enough or taste.n >= 2 * (held + 1)):
        waiting = np.flatnonzero((fresh if (fresh & reserved()).any() else new) & reserved())
        if len(waiting):
            return pairs[int(waiting[start % len(waiting)])]
        if enough:
            return None
    row = next_pair(taste, x, fresh & ~reserved())
    return None if row is None else pairs[row]


def pair_at(talk: Conversation, at: int) -> Pair | None:
    """The pair on page `at`, from 1: an answered one, or the next; None beyond that."""
    if 1 <= at <= len(talk.answers):
        return talk.answers[at - 1].pair
    return talk.next if at == len(talk.answers) + 1 else None


def with_answer(talk: Conversation, at: int, pair: Pair, said: str) -> list[tuple[str, str]]:
    """All answers as they are saved, with this one on page `at`."""
    told = [(answer.pair.code, answer.said) for answer in talk.answers]
    told[at - 1 : at] = [(pair.code, said)]
    return told


def answered_with(talk: Conversation, code: str, said: str) -> list[tuple[str, str]] | None:
    """All answers with this one, for the pair that comes next or one that was answered; None for any other."""
    asked = [answer.pair for answer in talk.answers] + ([talk.next] if talk.next else [])
    at = next((number for number, pair in enumerate(asked, 1) if pair.code == code), None)
    return None if at is None else with_answer(talk, at, asked[at - 1], said)


@dataclass(frozen=True)
class Outcome:
    """What follows from a finished conversation. Shares say how probable a preference is, in whole percents."""

    types: dict[str, int]
    values: dict[str, int | None]  # None where too little was asked about it
    facts: dict[str, int | None]  # that the second side of the fact is liked better; None as above
    sure: int  # of how many of 100 pairs it is known which is liked better
    answered: int  # that the model learned from
    predicted: int  # of the held-out pairs
    held_out: int

    def as_json(self) -> dict:
        return dict(vars(self))


def outcome(talk: Conversation) -> Outcome:
    """What was learned, said no stronger than it is known."""
    taste = talk.taste
    types, values = (np.rint(100 * share_above(taste, GROUPS[name])).astype(int).tolist() for name in GROUPS)
    shrunk = (taste.spread / prior().spread)[GROUPS["values"]] ** 2
    held = [answer for answer in talk.answers if _is_held_out(answer) and answer.said != SKIP]
    guessed = chance_of_first(taste, differences([answer.pair for answer in held])) >= 0.5
    chosen = np.array([answer.said == FIRST for answer in held], dtype=bool)
    return Outcome(
        types=dict(zip(TYPES, types, strict=True)),
        values={
            name: value if left <= TOLD else None for name, value, left in zip(VALUES, values, shrunk, strict=True)
        },
        facts={name: _liking(taste, ATTRIBUTES.index(name)) for name in FACTS},
        sure=round(100 * mean_sureness(taste, _reference())),
        answered=taste.n,
        predicted=int((guessed == chosen).sum()),
        held_out=len(held),
    )


def _liking(taste: Taste, at: int) -> int | None:
    if (taste.spread[at] / prior().spread[at]) ** 2 > TOLD:
        return None
    return round(100 * float(ndtr(taste.mean[at] / taste.spread[at])))


def fills(cv: CV, found: Outcome | None) -> dict[str, object]:
    """The answers of the smart CV that these choices give: where somebody said nothing, or where earlier choices spoke.

    What a person said themselves stays. None takes back what earlier choices filled in and these do not.
    """
    derived = _derived(found) if found else {}
    earlier = cv.choice_result.get("filled", {})
    return {
        name: derived.get(name)
        for name in (*TYPES, *VALUES, *HOURS, "travel_minutes")
        if _may_fill(cv, name, earlier) and (name in derived or name in earlier)
    }


def _may_fill(cv: CV, name: str, earlier: dict) -> bool:
    if name in TYPES and cv.interest_answers:
        return False
    if name in HOURS:  # the two belong together
        return all(getattr(cv, one) is None or getattr(cv, one) == earlier.get(one) for one in HOURS)
    return getattr(cv, name) is None or getattr(cv, name) == earlier.get(name)


def _derived(found: Outcome) -> dict[str, int]:
    clear = 100 * CLEAR
    derived = {name: v for name, v in found.values.items() if v is not None and not 100 - clear < v < clear}
    if max(found.types.values()) >= 100 * SAID:
        derived |= found.types
    long_week = found.facts["hours"]
    if long_week is not None and not 100 * (1 - SAID) < long_week < 100 * SAID:
        derived |= dict(zip(HOURS, FULL_WEEK if long_week > 50 else PART_WEEK, strict=True))
    far = found.facts["travel"]
    if far is not None and not SHORT_TRIP < far < LONG_TRIP:
        derived["travel_minutes"] = 20 if far <= SHORT_TRIP else 45
    return derived


@dataclass(frozen=True)
class Line:
    """One thing that somebody chose more often, in words, and where it can be changed."""

    words: str
    page: str = ""  # of the smart CV, when it was filled in there


def summary(cv: CV) -> list[Line]:
    """What the choices say, in words; strongest first, and only what is probable enough to be said."""
    result = cv.choice_result
    if not result:
        return []
    filled = result.get("filled", {})
    lines = []
    types = sorted(result["types"].items(), key=lambda pair: -pair[1])
    liked = [str(LABELS[name]).lower() for name, share in types if share >= 100 * SAID][:2]
    if liked:
        page = "interests" if types[0][0] in filled else ""
        lines.append(
            Line(_("You more often choose work that is about: %(what)s.") % {"what": _(" and ").join(liked)}, page)
        )
    less = [str(LABELS[name]).lower() for name, share in reversed(types) if share <= 100 * (1 - SAID)][:1]
    if less:
        lines.append(Line(_("You less often choose work that is about: %(what)s.") % {"what": less[0]}))
    values = sorted(
        ((name, share) for name, share in result["values"].items() if share is not None), key=lambda p: -p[1]
    )
    for name, share in values:
        if share >= 100 * SAID:
            words = str(CV._meta.get_field(name).verbose_name)
            lines.append(
                Line(_("This counts for you: %(what)s.") % {"what": words}, "values" if name in filled else "")
            )
    pages = {"hours": "hours" if HOURS[0] in filled else "", "travel": "travel" if "travel_minutes" in filled else ""}
    for name in FACTS:
        share = result["facts"][name]
        if share is not None and not 100 * (1 - SAID) < share < 100 * SAID:
            words = str(SIDES[name][share > 50])
            lines.append(Line(_("You more often choose: %(what)s.") % {"what": words}, pages.get(name, "")))
    return lines
