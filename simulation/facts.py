"""What employers of a generated region look at, and what no CV shows, as arrays over pairs of a person and a post.

Only the hiring processes read this. The matcher sees a region through `arrays`, which leaves the hidden side out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.geo import SPEED_KM_PER_HOUR, distance_km, travel_minutes
from simulation.firms import Firm, Post
from simulation.people import Person
from simulation.world import World

MODES = tuple(SPEED_KM_PER_HOUR)
GAPS = ("skills", "experience", "certificate", "education", "language", "hours", "distance")


@dataclass(frozen=True)
class Facts:
    """People (n), firms (m) and posts (q) as arrays; skills are rows of the world (s), papers in order of their key (p)."""

    world: World
    level: NDArray[np.int8]  # (n, s) 1-5, 0: does not have it
    groups: NDArray[np.bool_]  # (n, g) has some skill of this group
    papers: NDArray[np.bool_]  # (n, p)
    education: NDArray[np.int64]
    dutch: NDArray[np.int64]
    hours: NDArray[np.int64]  # (n, 2)
    place: NDArray[np.int64]
    mode: NDArray[np.int64]
    travel_minutes: NDArray[np.int64]
    initiatives: NDArray[np.int64]
    ability: NDArray[np.float64]  # hidden
    drive: NDArray[np.float64]  # hidden
    interests: NDArray[np.float64]  # (n, 6) the real ones, hidden
    values: NDArray[np.float64]  # (n, 6) NaN: not given
    sources: list[list[int]]  # occupations somebody comes from or wishes for
    taste: NDArray[np.float64]  # (m, 3) hidden
    indptr: NDArray[np.int64]  # (q + 1,) requirements of posts
    skill: NDArray[np.int64]
    group: NDArray[np.int64]  # column of `groups` of each requirement, -1: none
    importance: NDArray[np.int64]
    asked: NDArray[np.int64]
    paper_cost: NDArray[np.float64]  # (q, p) 1 when indispensable, 0.35 when asked
    post_education: NDArray[np.int64]  # 0: not asked
    post_education_hard: NDArray[np.bool_]
    post_dutch: NDArray[np.int64]
    post_hours: NDArray[np.int64]  # (q, 2)
    post_place: NDArray[np.int64]
    post_values: NDArray[np.float64]  # (q, 6)
    remote: NDArray[np.bool_]
    firm: NDArray[np.int64]
    occupation: NDArray[np.int64]
    openings: NDArray[np.int64]
    is_vacancy: NDArray[np.bool_]


def facts_of(world: World, people: list[Person], firms: list[Firm], posts: list[Post]) -> Facts:
    """Lay a region out."""
    level = np.zeros((len(people), len(world.skill_ids)), dtype=np.int8)
    for row, person in enumerate(people):
        for skill, (reached, *_) in person.skills.items():
            level[row, skill] = reached
    group_ids, column = np.unique(world.skill_groups, return_inverse=True)
    column = np.where(world.skill_groups == 0, -1, column)
    groups = np.zeros((len(people), len(group_ids)), dtype=bool)
    rows, skills = np.nonzero(level)
    inside = column[skills] >= 0
    groups[rows[inside], column[skills[inside]]] = True
    keys = sorted(world.papers)
    asked = [list(post.requirements.items()) for post in posts]
    flat = [(skill, *fields) for one in asked for skill, fields in one]
    skill = np.array([entry[0] for entry in flat], dtype=np.int64)
    return Facts(
        world=world,
        level=level,
        groups=groups,
        papers=np.array([[key in person.papers for key in keys] for person in people], dtype=bool),
        education=np.array([person.education for person in people]),
        dutch=np.array([person.languages.get("nl", 0) for person in people]),
        hours=np.array([person.hours for person in people]),
        place=np.array([person.place for person in people]),
        mode=np.array([MODES.index(person.travel_mode) for person in people]),
        travel_minutes=np.array([person.travel_minutes for person in people]),
        initiatives=np.array([len(person.initiatives) for person in people]),
        ability=np.array([person.true_ability for person in people]),
        drive=np.array([person.drive for person in people]),
        interests=np.array([person.interests for person in people]),
        values=np.array([person.values for person in people], dtype=float),
        sources=[[person.jobs[-1][0], *person.wishes] for person in people],
        taste=np.array([firm.taste for firm in firms]),
        indptr=np.concatenate([[0], np.cumsum([len(one) for one in asked])]).astype(np.int64),
        skill=skill,
        group=column[skill],
        importance=np.array([entry[1] for entry in flat], dtype=np.int64),
        asked=np.array([entry[2] for entry in flat], dtype=np.int64),
        paper_cost=np.array(
            [[(1.0 if post.papers[key] else 0.35) if key in post.papers else 0.0 for key in keys] for post in posts]
        ),
        post_education=np.array([post.education or 0 for post in posts]),
        post_education_hard=np.array([post.education_hard for post in posts], dtype=bool),
        post_dutch=np.array([post.languages.get("nl", (0, False))[0] for post in posts]),
        post_hours=np.array([post.hours for post in posts]),
        post_place=np.array([post.place for post in posts]),
        post_values=np.array([post.values for post in posts], dtype=float),
        remote=np.array([post.remote for post in posts], dtype=bool),
        firm=np.array([post.firm for post in posts]),
        occupation=np.array([post.occupation for post in posts]),
        openings=np.array([post.openings for post in posts]),
        is_vacancy=np.array([post.kind == "vacancy" for post in posts]),
    )


def minutes_between(facts: Facts, c: NDArray[np.int64], v: NDArray[np.int64]) -> NDArray[np.float64]:
    """Minutes one way of each pair."""
    world, home, work = facts.world, facts.place[c], facts.post_place[v]
    km = distance_km(world.latitude[home], world.longitude[home], world.latitude[work], world.longitude[work])
    by_mode = np.stack([travel_minutes(km, mode) for mode in MODES])
    return by_mode[facts.mode[c], np.arange(len(c))]


def shortfalls(facts: Facts, c: NDArray[np.int64], v: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """How far each person is from what each post asks, by kind (`GAPS`), from 0 (nothing missing) upwards.

    "experience" multiplies over the core of the work: lacking one part of it is not made up for by another.
    """
    counts = facts.indptr[v + 1] - facts.indptr[v]
    owner = np.repeat(np.arange(len(v)), counts)
    entry = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(facts.indptr[v], counts)
    person, skill, importance = c[owner], facts.skill[entry], facts.importance[entry]
    has = facts.level[person, skill].astype(float)
    near = (facts.group[entry] >= 0) & facts.groups[person, facts.group[entry]]
    cover = np.where(has > 0, 1 / (1 + np.exp(-1.6 * (has - facts.asked[entry] + 0.8))), np.where(near, 0.35, 0.05))
    total = np.maximum(np.bincount(owner, importance, len(v)), 1)
    core = np.where(importance == 3, np.log(0.35 + 0.65 * cover), 0.0)
    short = np.maximum(0, facts.post_education[v] - facts.education[c])
    hours, wished = facts.post_hours[v], facts.hours[c]
    over = np.maximum(0.0, minutes_between(facts, c, v) - facts.travel_minutes[c]) / 60
    return {
        "skills": np.bincount(owner, importance * (1 - cover), len(v)) / total,
        "experience": 1 - np.exp(np.bincount(owner, core, len(v))),
        "certificate": np.where(facts.papers[c], 0.0, facts.paper_cost[v]).sum(axis=1),
        "education": 0.3 * short * np.where(facts.post_education_hard[v], 2, 1),
        "language": 0.3 * np.maximum(0, facts.post_dutch[v] - facts.dutch[c]),
        "hours": 0.6 * ((hours[:, 0] > wished[:, 1]) | (hours[:, 1] < wished[:, 0])),
        "distance": np.where(facts.remote[v], 0.0, np.minimum(1.2, over)),
    }


def true_wish(facts: Facts, c: NDArray[np.int64], v: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much each person really wants each post, [0, 1]: direction, real interests, values, and the journey.

    The matcher knows the answers people gave about these, not this.
    """
    world, occupation = facts.world, facts.occupation[v]
    direction = np.array(
        [world.nearness[facts.sources[i], j].max() for i, j in zip(c.tolist(), occupation.tolist(), strict=True)]
    )
    mine = facts.interests[c] - facts.interests[c].mean(axis=1, keepdims=True)
    work = world.interests[occupation] - world.interests[occupation].mean(axis=1, keepdims=True)
    norm = np.sqrt((mine**2).sum(axis=1) * (work**2).sum(axis=1))
    interest = ((mine * work).sum(axis=1) / np.maximum(norm, 1e-9) + 1) / 2
    known = ~np.isnan(facts.values[c]) & ~np.isnan(facts.post_values[v])
    offered = np.where(known, np.minimum(facts.values[c], facts.post_values[v]), 0).sum(axis=1)
    asked = np.where(known, facts.values[c], 0).sum(axis=1)
    value = np.where(asked > 0, offered / np.maximum(asked, 1), 0.5)
    over = np.maximum(0.0, minutes_between(facts, c, v) - facts.travel_minutes[c])
    journey = np.where(facts.remote[v], 1.0, np.maximum(0, 1 - over / 45))
    return (0.35 * direction + 0.35 * interest + 0.1 * value + 0.2 * journey) * np.where(journey > 0, 1.0, 0.5)
