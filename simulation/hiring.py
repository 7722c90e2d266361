"""How employers in the demo region decide. The matcher must never import this: it has to learn it from outcomes.

The process is deliberately unlike the matcher's formula: it is multiplicative in the core requirements, sees an
ability that no CV shows, and every employer has tastes of their own.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from core.geo import distance_km, travel_minutes
from simulation.firms import Firm, Post
from simulation.names import DID, WHY
from simulation.people import Person
from simulation.world import World

BASE = 0.35
INVITED_WHO_ARE_HIRED = 0.42
DAYS_UNTIL_DECIDED = 10


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


def simulate_applications(
    world: World, people: list[Person], firms: list[Firm], posts: list[Post], rng: np.random.Generator, today: date
) -> list[Outcome]:
    """Two years of applications, in order of time."""
    wanted = _who_applies_where(world, people, posts, rng, today)
    applicants: dict[int, int] = {}
    hired: dict[int, int] = {}
    outcomes = []
    for applied, person_row, post_row in wanted:
        post, person = posts[post_row], people[person_row]
        applicants[post_row] = applicants.get(post_row, 0) + 1
        motivated = rng.random() < 1 / (1 + np.exp(-0.6 - person.drive))
        why = str(rng.choice(WHY[:-1])).format(occupation=world.occupation_labels[post.occupation]) if motivated else ""
        did = str(rng.choice(DID[:-1])) if rng.random() < 1 / (1 + np.exp(0.4 - person.drive)) else ""
        decided = applied + timedelta(days=1 + int(rng.gamma(2.0, DAYS_UNTIL_DECIDED / 2)))
        if decided >= today:
            status = "seen" if rng.random() < 0.5 else "sent"
            outcomes.append(Outcome(person_row, post_row, applied, None, status, False, "", why, did))
            continue
        if hired.get(post_row, 0) >= post.openings:
            outcomes.append(Outcome(person_row, post_row, applied, decided, "rejected", False, "filled", why, did))
            continue
        shortfalls = shortfall(world, person, post)
        logit = invitation_logit(person, firms[post.firm], shortfalls, bool(why), bool(did), applicants[post_row])
        invited = rng.random() < 1 / (1 + np.exp(-logit))
        if not invited:
            reason = max(shortfalls, key=shortfalls.get) if max(shortfalls.values()) > 0.25 else "experience"
            outcomes.append(Outcome(person_row, post_row, applied, decided, "rejected", False, reason, why, did))
        elif rng.random() < INVITED_WHO_ARE_HIRED + 0.12 * person.true_ability:
            hired[post_row] = hired.get(post_row, 0) + 1
            outcomes.append(Outcome(person_row, post_row, applied, decided, "hired", True, "", why, did))
        elif rng.random() < 0.75:
            outcomes.append(Outcome(person_row, post_row, applied, decided, "rejected", True, "skills", why, did))
        else:
            outcomes.append(Outcome(person_row, post_row, applied, decided, "invited", True, "", why, did))
    return outcomes


def shortfall(world: World, person: Person, post: Post) -> dict[str, float]:
    """How far the person is from what is asked, by kind, from 0 (nothing missing) upwards."""
    groups = {int(world.skill_groups[skill]) for skill in person.skills if world.skill_groups[skill]}
    missing, core = 0.0, 1.0
    for skill, (importance, level, _) in post.requirements.items():
        has = person.skills.get(skill)
        if has is not None:
            cover = 1 / (1 + np.exp(-1.6 * (has[0] - level + 0.8)))
        else:
            cover = 0.35 if int(world.skill_groups[skill]) in groups else 0.05
        missing += importance * (1 - cover)
        if importance == 3:
            core *= 0.35 + 0.65 * cover
    total = sum(importance for importance, _, _ in post.requirements.values()) or 1
    lacking_papers = [hard for key, hard in post.papers.items() if key not in person.papers]
    asked_language, _ = post.languages.get("nl", (0, False))
    km = float(
        distance_km(
            world.latitude[person.place], world.longitude[person.place],
            world.latitude[post.place], world.longitude[post.place],
        )
    )  # fmt: skip
    minutes = travel_minutes(km, person.travel_mode)
    return {
        "skills": missing / total,
        "experience": 1 - core,
        "certificate": sum(1.0 if hard else 0.35 for hard in lacking_papers),
        "education": 0.3 * max(0, (post.education or 0) - person.education) * (2 if post.education_hard else 1),
        "language": 0.3 * max(0, asked_language - person.languages.get("nl", 0)),
        "hours": 0.6 * float(post.hours[0] > person.hours[1] or post.hours[1] < person.hours[0]),
        "distance": 0 if post.remote else min(1.2, max(0.0, minutes - person.travel_minutes) / 60),
    }


def invitation_logit(
    person: Person, firm: Firm, gaps: dict[str, float], why: bool, did: bool, applicants: int
) -> float:
    """Log-odds of an invitation for somebody with these gaps at this firm."""
    taste = 0.35 * firm.taste
    return float(
        BASE + 2.2
        - (3.2 + taste[0]) * gaps["skills"]
        - 1.9 * gaps["experience"]
        - 2.0 * gaps["certificate"]
        - (0.9 + 0.3 * taste[2]) * gaps["education"]
        - 1.1 * gaps["language"]
        - 0.8 * gaps["hours"]
        - 0.7 * gaps["distance"]
        + (0.55 + taste[1]) * (0.6 * why + 0.8 * did + 0.3 * min(2, len(person.initiatives)))
        + 0.35 * person.true_ability
        - 0.30 * np.log(applicants)
    )  # fmt: skip


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
            active = (opens <= day) & (closes >= day)
            if not active.any():
                continue
            noisy = np.where(active, utility + rng.gumbel(0, 0.7, len(posts)), -np.inf)
            choice = int(noisy.argmax())
            if choice not in seen:
                seen.add(choice)
                wanted.append((today + timedelta(days=int(day)), row, choice))
    return sorted(wanted)
