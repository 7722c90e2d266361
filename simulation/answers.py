"""What only CockpitWerk asks, drawn apart from the rest so that the region itself stays as it was."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from simulation.firms import Firm
from simulation.hiring import Outcome
from simulation.people import Person

SHARE_THAT_SAYS_WHY = 0.7  # of people in work with skills that lie idle
SHARE_OF_FIRMS = 0.45  # that say what the trouble is
REASONS = {
    "growth": 0.42, "near": 0.3, "hours": 0.2, "travel": 0.18, "care": 0.16, "pay": 0.2, "discrimination": 0.07, "other": 0.08,
}  # fmt: skip
PROBLEMS = {"few": 0.5, "skills": 0.4, "pay": 0.2, "leaving": 0.15, "illness": 0.14, "time": 0.35}
SHARE_WITHOUT_TROUBLE = 0.25


@dataclass(frozen=True)
class Answers:
    """By position of person or firm."""

    unused_because: list[list[str]]
    registered: list[date]
    staffing_problems: list[list[str]]


def draw_answers(
    people: list[Person], firms: list[Firm], outcomes: list[Outcome], rng: np.random.Generator, today: date
) -> Answers:
    """Reasons that fit the person, and a day of registering before the first application."""
    first: dict[int, date] = {}
    for row in outcomes:
        first[row.person] = min(row.applied, first.get(row.person, row.applied))
    registered = []
    for number in range(len(people)):
        latest = first.get(number, today)
        earliest = today - timedelta(days=760)
        span = max(1, (latest - earliest).days)
        registered.append(latest - timedelta(days=int(min(span, rng.exponential(60)))))
    return Answers([_reasons(person, rng) for person in people], registered, [_problems(firm, rng) for firm in firms])


def _reasons(person: Person, rng: np.random.Generator) -> list[str]:
    in_work = person.jobs[-1][2] is None
    idle = sum(unused for *_, unused in person.skills.values())
    if not in_work or not idle or rng.random() > SHARE_THAT_SAYS_WHY:
        return []
    chances = REASONS | {
        "travel": 0.35 if person.travel_minutes <= 20 else 0.1,
        "hours": 0.35 if person.hours[1] <= 24 else 0.12,
        "discrimination": 0.2 if person.languages.get("nl", 0) < 4 else 0.05,
    }
    return [code for code, chance in chances.items() if rng.random() < chance]


def _problems(firm: Firm, rng: np.random.Generator) -> list[str]:
    if rng.random() > SHARE_OF_FIRMS:
        return []
    if rng.random() < SHARE_WITHOUT_TROUBLE:
        return ["none"]
    less = {"time": 0.45 if firm.size <= 2 else 0.15, "illness": 0.1 if firm.size == 1 else 0.2}
    return [code for code, chance in (PROBLEMS | less).items() if rng.random() < chance]
