"""Firms and the vacancies they had and have."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from simulation.names import FIRM_WORDS, WATERS_AND_FIELDS
from simulation.world import SECTOR_PAPERS, World

SIZES, SIZE_SHARES = (1, 2, 3, 4), (0.72, 0.2, 0.06, 0.02)  # mostly very small firms, as in the pilot
TITLE_ENDINGS = ["", "", "", " ({hours} uur)", " m/v/x", " – {place}", " met hart voor het vak"]
OLDEST_OPEN = 180  # days
OPENING_LINES = [
    "{firm} zoekt versterking: {title}.",
    "Wij groeien en zoeken een {title}.",
    "Kom je bij ons werken als {title}?",
]


@dataclass(frozen=True)
class Firm:
    name: str
    sector: str
    size: int
    place: int
    taste: np.ndarray  # (3,) what this employer weighs more or less; only the hiring process knows


@dataclass(frozen=True)
class Post:
    """A vacancy or function; skills and occupations are rows of the world."""

    firm: int
    kind: str
    title: str
    occupation: int
    requirements: dict[int, tuple[int, int, bool]]  # skill -> (importance, level 1-5, hard)
    languages: dict[str, tuple[int, bool]]
    papers: dict[str, bool]
    education: int | None
    education_hard: bool
    hours: tuple[int, int]
    days: int
    pay: tuple[int, int]
    values: list[int | None]
    place: int
    remote: bool
    openings: int
    published: date
    closed: date | None


def draw_firms(world: World, rng: np.random.Generator, count: int) -> list[Firm]:
    """`count` firms with different names, sectors by the demand for their occupations."""
    sectors = sorted(set(world.sectors))
    demand = np.array([sum(d for d, s in zip(world.demand, world.sectors, strict=True) if s == x) for x in sectors])
    names: set[str] = set()
    firms = []
    for _ in range(count):
        sector = str(rng.choice(sectors, p=demand / demand.sum()))
        name = _new_name(rng, sector, names)
        firms.append(
            Firm(
                name=name,
                sector=sector,
                size=int(rng.choice(SIZES, p=SIZE_SHARES)),
                place=int(rng.choice(len(world.postcodes), p=world.place_weights)),
                taste=rng.normal(0, 1, 3),
            )
        )
    return firms


def _new_name(rng: np.random.Generator, sector: str, names: set[str]) -> str:
    for attempt in range(200):
        word = rng.choice(FIRM_WORDS.get(sector, ["Bedrijf"]))
        name = f"{word} {rng.choice(WATERS_AND_FIELDS)}"
        if attempt > 5:
            name += f" {rng.choice(['Noord', 'Groningen', 'Drenthe', 'en Zn.', 'Oost', 'Assen', 'Service', 'Plus'])}"
        if attempt > 40:
            name += f" {len(names)}"
        if name not in names:
            names.add(name)
            return name
    raise RuntimeError("No new firm name left")


def draw_post(
    world: World, rng: np.random.Generator, firms: list[Firm], row: int, kind: str, published: date, closed: date | None
) -> Post:
    """One vacancy of firm `row`: an occupation of its sector, mostly its essential skills, ordinary terms."""
    firm = firms[row]
    options = np.array([i for i, sector in enumerate(world.sectors) if sector == firm.sector])
    occupation = int(rng.choice(options, p=world.demand[options] / world.demand[options].sum()))
    seniority = int(rng.choice([-1, 0, 1], p=[0.3, 0.5, 0.2]))
    essential = rng.permutation(world.essential[occupation])[: int(rng.integers(5, 10))]
    optional = rng.permutation(world.optional[occupation])[: int(rng.integers(0, 4))]
    requirements = {}
    for rank, skill in enumerate(essential):
        level = int(np.clip(3 + seniority + rng.choice([-1, 0, 0, 1]), 1, 5))
        requirements[int(skill)] = (3 if rank < 3 else 2, level, bool(rank == 0 and rng.random() < 0.12))
    for skill in optional:
        requirements[int(skill)] = (1, int(np.clip(2 + seniority, 1, 5)), False)
    papers = {
        key: bool(rng.random() < 0.5)
        for key, share in SECTOR_PAPERS.get(firm.sector, {}).items()
        if key in world.papers and rng.random() < share
    }
    hours_max = int(rng.choice([16, 24, 32, 36, 40], p=[0.08, 0.17, 0.3, 0.2, 0.25]))
    low, high = (int(pay) for pay in world.pay[occupation])
    shift = seniority * 150 + int(rng.normal(0, 60))
    level = int(world.levels[occupation])
    place = firm.place if rng.random() < 0.85 else int(rng.choice(len(world.postcodes), p=world.place_weights))
    ending = str(rng.choice(TITLE_ENDINGS)).format(hours=hours_max, place="Noord")
    title = f"{world.occupation_labels[occupation]}{ending}"
    return Post(
        firm=row,
        kind=kind,
        title=title[0].upper() + title[1:],
        occupation=occupation,
        requirements=requirements,
        languages={"nl": (int(rng.choice([2, 3, 4], p=[0.4, 0.4, 0.2])), bool(rng.random() < 0.15))},
        papers=papers,
        education=level if rng.random() < 0.7 else None,
        education_hard=bool(level >= 4 and firm.sector in {"care", "education"} and rng.random() < 0.4),
        hours=(max(8, hours_max - int(rng.choice([0, 4, 8, 16]))), hours_max),
        days=31 | (96 if firm.sector in {"hospitality", "retail", "care", "security"} and rng.random() < 0.4 else 0),
        pay=(max(2300, low + shift), max(2400, high + shift)),
        values=[int(v) for v in rng.choice([30, 60, 90], 6)] if rng.random() < 0.6 else [None] * 6,
        place=place,
        remote=bool(firm.sector in {"ict", "administration", "finance", "media"} and rng.random() < 0.3),
        openings=int(rng.choice([1, 1, 1, 2, 3])),
        published=published,
        closed=closed,
    )


def draw_posts(
    world: World, rng: np.random.Generator, firms: list[Firm], today: date, n_open: int, n_past: int, n_functions: int
) -> list[Post]:
    """Past vacancies over two years, open ones of the last months, and functions without an opening.

    More in every month than in the one before, without a jump between past and open ones: the platform grows.
    """
    shares = np.array([{1: 1.0, 2: 3.0, 3: 9.0, 4: 25.0}[firm.size] for firm in firms])
    rows = rng.choice(len(firms), size=n_open + n_past + n_functions, p=shares / shares.sum())
    posts = []
    for number, row in enumerate(rows):
        if number < n_past:
            published = today - timedelta(days=25 + int(705 * rng.random() ** 1.5))
            closed = min(published + timedelta(days=int(rng.integers(21, 75))), today - timedelta(days=1))
            posts.append(draw_post(world, rng, firms, int(row), "vacancy", published, closed))
        else:
            kind = "vacancy" if number < n_past + n_open else "function"
            published = today - timedelta(days=int(OLDEST_OPEN * (1 - np.sqrt(rng.random()))))
            posts.append(draw_post(world, rng, firms, int(row), kind, published, None))
    return posts
