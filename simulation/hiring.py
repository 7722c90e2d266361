"""Who applies where in a generated region, and what comes of it. The matcher must never import this."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from core.geo import distance_km, travel_minutes
from simulation.facts import GAPS, Facts, facts_of, shortfalls
from simulation.firms import Firm, Post
from simulation.names import DID, WHY
from simulation.people import Person
from simulation.processes import PROCESSES, Process
from simulation.world import World

INVITED_WHO_ARE_HIRED = 0.42
DAYS_UNTIL_DECIDED = 10
REPLAYS = 40  # of all decisions, to know how often a vacancy is filled before an application is looked at


@dataclass(frozen=True)
class Outcome:
    """One application and what came of it; `reason` only with a rejection."""

    person: int
    post: int
    applied: date
    decided: date | None
    status: str
    was_invited: bool
    reason: str
    why: str
    did: str
    before: int  # how many applied earlier
    chance: float  # true chance of an invitation, that it may be filled by then included
    chance_hired: float
    # As `chance`, for somebody of ordinary ability at a firm of ordinary tastes: all that an application shows. That it may be
    # filled by then comes from the same replays, in which those who compete have their true chances.
    shown: float


def simulate_applications(
    world: World,
    people: list[Person],
    firms: list[Firm],
    posts: list[Post],
    rng: np.random.Generator,
    today: date,
    process: Process = PROCESSES["tastes"],
) -> list[Outcome]:
    """Two years of applications, in order of time, decided by this process."""
    facts = facts_of(world, people, firms, posts)
    wanted = _who_applies_where(world, people, posts, rng, today)
    c, v = np.array([(c, v) for _, c, v in wanted], dtype=np.int64).reshape(-1, 2).T
    n = len(wanted)
    before = _earlier(v)
    why = rng.random(n) < 1 / (1 + np.exp(-0.6 - facts.drive[c]))
    did = rng.random(n) < 1 / (1 + np.exp(0.4 - facts.drive[c]))
    days = 1 + rng.gamma(2.0, DAYS_UNTIL_DECIDED / 2, n).astype(int)
    gaps = shortfalls(facts, c, v)
    z = process.log_odds(facts, c, v, gaps, why, did, before)
    hires = np.clip(INVITED_WHO_ARE_HIRED + 0.12 * facts.ability[c], 0, 1)
    applied = np.array([(day - today).days for day, _, _ in wanted], dtype=np.int64)
    decided = applied + days
    p = process.chance(z)
    ordinary = replace(facts, ability=np.zeros_like(facts.ability), taste=np.zeros_like(facts.taste))
    p_shown = process.chance(process.log_odds(ordinary, c, v, gaps, why, did, before))
    still_open = _still_open(facts, v, applied, decided, p * hires, rng)
    lacks = np.stack([gaps[name] for name in GAPS])
    most, worst = lacks.max(axis=0), lacks.argmax(axis=0)
    hired: dict[int, int] = {}
    filled: dict[int, int] = {}  # day on which the last opening went
    outcomes = {}
    for i in np.argsort(decided, kind="stable").tolist():
        post_row = int(v[i])
        if applied[i] >= filled.get(post_row, 1):
            continue  # it was taken off the page before
        moment: date | None = today + timedelta(days=int(decided[i]))
        invited = False
        reason = ""
        if decided[i] >= 0:
            moment, status = None, "seen" if rng.random() < 0.5 else "sent"
        elif post_row in filled:
            status, reason = "rejected", "filled"
        elif not (invited := bool(rng.random() < 1 / (1 + np.exp(-z[i] - process.noise * rng.normal())))):
            status, reason = "rejected", GAPS[worst[i]] if most[i] > 0.25 else "experience"
        elif rng.random() < hires[i]:
            status = "hired"
            hired[post_row] = hired.get(post_row, 0) + 1
            if hired[post_row] >= posts[post_row].openings:
                filled[post_row] = int(decided[i])
        elif rng.random() < 0.75:
            status, reason = "rejected", "skills"
        else:
            status = "invited"
        label = world.occupation_labels[posts[post_row].occupation]
        outcomes[i] = Outcome(
            person=int(c[i]), post=post_row, applied=wanted[i][0], decided=moment, status=status, was_invited=invited,
            reason=reason, why=str(rng.choice(WHY[:-1])).format(occupation=label) if why[i] else "",
            did=str(rng.choice(DID[:-1])) if did[i] else "", before=int(before[i]),
            chance=float(still_open[i] * p[i]), chance_hired=float(still_open[i] * p[i] * hires[i]),
            shown=float(still_open[i] * p_shown[i]),
        )  # fmt: skip
    return [outcomes[i] for i in sorted(outcomes)]


def _earlier(v: NDArray[np.int64]) -> NDArray[np.int64]:
    """For applications in order of time: how many came before to the same post."""
    seen: dict[int, int] = {}
    counts = np.zeros(len(v), dtype=np.int64)
    for i, post in enumerate(v.tolist()):
        counts[i] = seen.get(post, 0)
        seen[post] = counts[i] + 1
    return counts


def _still_open(
    facts: Facts,
    v: NDArray[np.int64],
    applied: NDArray[np.int64],
    decided: NDArray[np.int64],
    p_hired: NDArray[np.float64],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Chance that a post that is open on the day of applying is not filled by the day of the answer, over replays."""
    taken: dict[int, NDArray[np.int64]] = {}
    filled: dict[int, NDArray[np.int64]] = {}
    result = np.ones(len(v))
    for i in np.argsort(decided, kind="stable").tolist():
        post = int(v[i])
        count = taken.setdefault(post, np.zeros(REPLAYS, dtype=np.int64))
        day = filled.setdefault(post, np.full(REPLAYS, 1, dtype=np.int64))
        applies = applied[i] < day
        free = applies & (count < facts.openings[post])
        result[i] = (free.sum() + 0.5) / (applies.sum() + 0.5)
        hires = free & (rng.random(REPLAYS) < p_hired[i])
        count += hires
        day[hires & (count >= facts.openings[post])] = decided[i]
    return result


def _who_applies_where(
    world: World, people: list[Person], posts: list[Post], rng: np.random.Generator, today: date
) -> list[tuple[date, int, int]]:
    """(day, person, post) for two years: people choose by their wishes, the journey and chance."""
    occupation = np.array([post.occupation for post in posts])
    opens = np.array([(post.published - today).days for post in posts])
    closes = np.array([(post.closed - today).days if post.closed else 0 for post in posts])
    place = np.array([post.place for post in posts])
    is_vacancy = np.array([post.kind == "vacancy" for post in posts])
    wanted: list[tuple[date, int, int]] = []
    for row, person in enumerate(people):
        tries = int(rng.poisson(7))
        if tries == 0:
            continue
        km = distance_km(
            world.latitude[person.place], world.longitude[person.place], world.latitude[place], world.longitude[place]
        )
        minutes = travel_minutes(km, person.travel_mode)
        sources = [person.jobs[-1][0], *person.wishes]
        liking = world.nearness[sources].max(axis=0)[occupation]
        utility = 5.0 * liking - np.maximum(0, minutes - person.travel_minutes) / 25 - 3.0 * ~is_vacancy
        seen: set[int] = set()
        for day in rng.integers(-730, 0, tries):
            active = np.flatnonzero((opens <= day) & (closes >= day))
            if not len(active):
                continue
            choice = int(active[(utility[active] + rng.gumbel(0, 0.7, len(active))).argmax()])
            if choice not in seen:
                seen.add(choice)
                wanted.append((today + timedelta(days=int(day)), row, choice))
    return sorted(wanted)
