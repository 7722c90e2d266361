"""Programmes that schools of the region could offer: diplomas, courses by skill group, and papers."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from simulation.names import SCHOOLS
from simulation.world import World

PAPER_COURSES = {
    "vca_basis": ("VCA basis", 1, 8, 175), "vca_vol": ("VCA voor leidinggevenden", 1, 12, 260),
    "heftruckcertificaat": ("Heftruck rijden met certificaat", 1, 16, 240), "code_95": ("Code 95", 2, 18, 480),
    "rijbewijs_ce": ("Rijbewijs C en CE", 10, 8, 4200), "rijbewijs_b": ("Rijbewijs B", 20, 3, 2400),
    "haccp": ("Veilig werken met voedsel (HACCP)", 1, 6, 95), "ehbo": ("EHBO", 2, 8, 210),
    "bhv": ("Bedrijfshulpverlening (BHV)", 1, 8, 190), "nen3140": ("Veilig werken met stroom (NEN 3140)", 1, 12, 390),
    "svh_sociale_hygiene": ("Sociale hygiëne", 2, 8, 160),
}  # fmt: skip


@dataclass(frozen=True)
class Course:
    school: int
    code: str
    title: str
    description: str
    kind: str
    mode: str
    level: int | None
    entry_level: int | None
    weeks: int
    hours_per_week: int
    price: int
    place: int
    price_with_subsidy: int | None
    subsidies: list[str]
    start_dates: list[date]
    grants_level: bool
    skills: dict[int, int]  # skill -> level it reaches, 1-5
    papers: list[str]


def draw_courses(world: World, rng: np.random.Generator, count: int, today: date) -> list[Course]:
    """`count` programmes, divided over the invented schools, with a start in the coming months."""
    places = rng.choice(len(world.postcodes), size=len(SCHOOLS), p=world.place_weights)
    courses: list[Course] = []
    makers = [*_papers(world), *_diplomas(world, rng), *_modules(world, rng, count)]
    for number, fields in enumerate(makers[:count]):
        school = int(rng.integers(len(SCHOOLS)))
        first = today + timedelta(days=int(rng.integers(7, 150)))
        dates = [first, first + timedelta(days=182)][: 2 if fields["weeks"] < 20 else 1] if rng.random() < 0.8 else []
        subsidies = _subsidies(fields, number)
        courses.append(
            Course(
                school=school,
                code=f"ZW{number + 1:04d}",
                place=int(places[school]),
                start_dates=dates,
                subsidies=subsidies,
                price_with_subsidy=fields["price"] // 10 if {"uwv", "municipality"} & set(subsidies) else None,
                **fields,
            )
        )
    return courses


def _subsidies(fields: dict, number: int) -> list[str]:
    """Who may pay: firms for BBL, student finance for diplomas, and for some short courses UWV or the municipality."""
    if fields["price"] == 0:
        return []
    if fields["kind"] == "bbl":
        return ["practice", "finance"]
    if fields["kind"] == "degree":
        return ["finance", "loan"]
    return [["uwv", "municipality"], ["slim"], []][number % 3]


def _papers(world: World):
    for key, (title, weeks, hours, price) in PAPER_COURSES.items():
        if key in world.papers:
            yield {
                "title": title, "description": f"Je haalt het bewijs voor {title}. Met examen.", "kind": "certificate",
                "mode": "day", "level": None, "entry_level": None, "weeks": weeks, "hours_per_week": hours,
                "price": price, "grants_level": False, "skills": {}, "papers": [key],
            }  # fmt: skip


def _diplomas(world: World, rng: np.random.Generator):
    order = np.argsort(-world.demand, kind="stable")[:110]
    for occupation in order:
        level = int(world.levels[occupation])
        label = world.occupation_labels[occupation]
        working = rng.random() < 0.5
        skills = {int(skill): 3 for skill in world.essential[occupation]}
        skills |= {int(skill): 2 for skill in world.optional[occupation][:3]}
        names = ", ".join(world.skill_labels[skill] for skill in list(skills)[:6])
        yield {
            "title": f"{label[0].upper()}{label[1:]}" + (" (BBL)" if working else ""),
            "description": f"Je leert het vak van {label}. Je oefent onder meer met: {names}.",
            "kind": "bbl" if working else "degree", "mode": "day" if not working else "blended",
            "level": level, "entry_level": max(1, level - 1), "weeks": 40 * max(1, min(4, level - 1)),
            "hours_per_week": 8 if working else 28, "price": 300 if working else 1250, "grants_level": True,
            "skills": skills, "papers": [],
        }  # fmt: skip


def _modules(world: World, rng: np.random.Generator, count: int):
    """Short courses: three to six skills of one group, from a start to working on one's own or very well."""
    groups = [group for group in np.unique(world.skill_groups) if group and (world.skill_groups == group).sum() >= 3]
    for number in range(count):
        group = groups[number % len(groups)]
        members = np.flatnonzero(world.skill_groups == group)
        chosen = rng.choice(members, size=min(len(members), int(rng.integers(3, 7))), replace=False)
        further = number >= len(groups)
        first = world.skill_labels[chosen[0]]
        names = ", ".join(world.skill_labels[skill] for skill in chosen)
        weeks = int(rng.choice([2, 4, 6, 8, 12, 20]))
        yield {
            "title": (f"{first[0].upper()}{first[1:]}: " + ("verdieping" if further else "de basis")),
            "description": f"Een korte opleiding voor wie wil werken met: {names}.",
            "kind": str(rng.choice(["course", "elective", "certificate"])),
            "mode": str(rng.choice(["day", "evening", "online", "blended"], p=[0.3, 0.35, 0.15, 0.2])),
            "level": None, "entry_level": int(rng.integers(1, 4)) if rng.random() < 0.4 else None, "weeks": weeks,
            "hours_per_week": int(rng.choice([3, 4, 6, 8])), "price": int(rng.choice([0, 95, 195, 350, 495, 850])),
            "grants_level": False, "skills": {int(skill): 4 if further else 3 for skill in chosen}, "papers": [],
        }  # fmt: skip
