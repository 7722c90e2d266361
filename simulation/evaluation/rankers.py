"""Rankers: every one gives a worth to all pairs of a person and a vacancy; orders follow from it, ties by id.

A ranker sees what a CV and a vacancy show (`Sight`), never the hidden side; only the oracle does, as the bound of what
can be reached. They all pass one suite of tests (`tests/simulation/test_rankers.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from matching.engine import (
    ChanceParameters,
    Step,
    chance_of,
    expected_benefit,
    features,
    for_both,
    in_sight,
    market_order,
    price_at,
    score_vacancies,
    suits,
)
from matching.engine.scale import NEUTRAL, ONE, WEIGHTS, divide
from simulation.evaluation.setting import Setting
from simulation.facts import shortfalls, true_wish
from simulation.processes import Process

FAILING = -2.0  # who fails what is indispensable comes after everybody else


@dataclass(frozen=True)
class Sight:
    """What rankers see of n people and m vacancies: scores of all pairs (n, m), texts, and what drew people before."""

    people_ids: NDArray[np.int64]
    vacancy_ids: NDArray[np.int64]
    fit: NDArray[np.int64]
    competence: NDArray[np.int64]
    passion: NDArray[np.int64]
    passion_parts: NDArray[np.int64]  # (n, m, 4), -1 unknown
    drive: NDArray[np.int64]
    passed: NDArray[np.bool_]
    chance: NDArray[np.float64]
    suited: NDArray[np.float64]  # how likely a chance is at least even
    openings: NDArray[np.int64]
    has: sparse.csr_array  # (n, n_skills) levels
    asks: sparse.csr_array  # (m, n_skills) importance
    cvs: list[str]
    adverts: list[str]
    drawn: NDArray[np.float64]  # (m,) applications to such work so far
    called: NDArray[np.float64]  # (n,) invitations so far


def sight_of(
    setting: Setting,
    people: NDArray[np.int64],
    vacancies: NDArray[np.int64],
    model: ChanceParameters,
    drawn: NDArray[np.float64],
    called: NDArray[np.float64],
) -> Sight:
    """What is seen of these rows of people and vacancies, before anybody applied."""
    world, posts = setting.scene.world, setting.posts
    rows = [score_vacancies(setting.people, int(row), setting.work, vacancies) for row in people]
    pool, asked = setting.people.candidates, setting.work.vacancies
    n_skills = len(setting.scene.space.ids)
    all_has = sparse.csr_array((pool.level, pool.skill, pool.indptr), shape=(len(pool.ids), n_skills))
    all_asks = sparse.csr_array((asked.importance, asked.skill, asked.indptr), shape=(len(asked.ids), n_skills))
    chance = np.array([chance_of(model, features(one, 0.0, 0.0), one.isco) for one in rows])
    return Sight(
        people_ids=people,
        vacancy_ids=vacancies,
        fit=np.array([one.fit for one in rows]),
        competence=np.array([one.competence for one in rows]),
        passion=np.array([one.passion for one in rows]),
        passion_parts=np.array([one.passion_parts for one in rows]),
        drive=np.array([one.drive for one in rows]),
        passed=np.array([one.passed for one in rows]),
        chance=chance,
        suited=suits(chance, model.hidden),
        openings=setting.facts.openings[vacancies],
        has=all_has[people],
        asks=all_asks[vacancies],
        cvs=[
            " ".join(
                [world.skill_labels[s] for s in person.skills] + [world.occupation_labels[j[0]] for j in person.jobs]
            )
            for person in (setting.persons[row] for row in people)
        ],
        adverts=[
            " ".join([post.title, *(world.skill_labels[s] for s in post.requirements)])
            for post in (posts[row] for row in vacancies)
        ],
        drawn=drawn[vacancies],
        called=called[people],
    )


def random(sight: Sight) -> NDArray[np.float64]:
    """A lot for every pair, from its two ids."""
    mixed = (sight.people_ids[:, None] * 2_654_435_761 + sight.vacancy_ids[None, :] * 2_246_822_519) % 2**32
    mixed = (mixed ^ (mixed >> 15)) * 2_654_435_761 % 2**32
    return mixed / 2**32


def popularity(sight: Sight) -> NDArray[np.float64]:
    """What drew most people, and who was invited most."""
    return sight.drawn[None, :] + sight.called[:, None]


def cosine(sight: Sight) -> NDArray[np.float64]:
    """Cosine of levels had and importance asked."""
    return (normalize(sight.has.astype(float)) @ normalize(sight.asks.astype(float)).T).toarray()


def tfidf(sight: Sight) -> NDArray[np.float64]:
    """Cosine of TF-IDF over the words of CV and advert."""
    model = TfidfVectorizer(sublinear_tf=True).fit(sight.adverts)
    return (model.transform(sight.cvs) @ model.transform(sight.adverts).T).toarray()


def fit(sight: Sight) -> NDArray[np.float64]:
    """The pure order: who passes what is indispensable, then fit."""
    return np.where(sight.passed, 0.0, FAILING) + sight.fit / ONE


def chance(sight: Sight) -> NDArray[np.float64]:
    """The chance of an invitation alone."""
    return sight.chance


def wish(sight: Sight) -> NDArray[np.float64]:
    """What the person wants alone: who passes what is indispensable, then passion."""
    return np.where(sight.passed, 0.0, FAILING) + sight.passion / ONE


def benefit(sight: Sight) -> NDArray[np.float64]:
    """Expected benefit: chance × wish."""
    return np.where(sight.passed, 0.0, FAILING) + expected_benefit(sight.chance, sight.passion)


def market(sight: Sight) -> NDArray[np.float64]:
    """The market order before anybody applied, as a worth that falls with the place in it."""
    both, gain = (expected_benefit(p, sight.passion) for p in (sight.chance, sight.suited))
    free = np.full(gain.shape, Step.FREE)
    price = price_at(in_sight(sight.suited, gain, sight.passed, free).sum(axis=0))
    worth = for_both(sight.fit, both, gain, price)
    order = np.array(
        [market_order(sight.vacancy_ids, sight.fit[row], worth[row], sight.passed[row]) for row in range(len(worth))]
    ).reshape(worth.shape)
    places = np.empty_like(worth)
    np.put_along_axis(places, order, np.arange(worth.shape[1], dtype=float)[None, :], axis=1)
    return -places


RANKERS: dict[str, Callable[[Sight], NDArray[np.float64]]] = {
    one.__name__: one for one in (random, popularity, cosine, tfidf, fit, chance, wish, benefit, market)
}
TOGETHER, ALONE = "benefit", ("chance", "wish")  # what wish and chance together are held against
WORTH_TO_EMPLOYERS = ("random", "popularity", "cosine", "tfidf", "fit", "chance")  # the others move only people's lists


def oracle(setting: Setting, people, vacancies, process: Process) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(true chance of an invitation when nobody else applied and motivation was told, true wish), both (n, m)."""
    c, v = (rows.ravel() for rows in np.meshgrid(people, vacancies, indexing="ij"))
    gaps = shortfalls(setting.facts, c, v)
    told = np.ones(len(c))
    z = process.log_odds(setting.facts, c, v, gaps, told, told, np.zeros(len(c)))
    shape = len(people), len(vacancies)
    return process.chance(z).reshape(shape), true_wish(setting.facts, c, v).reshape(shape)


def fit_of_parts(sight: Sight, competence: bool, passion: tuple[int, ...], drive: bool) -> NDArray[np.float64]:
    """The fit when only some parts speak; the others are neutral, with the weights as they are."""
    weights = np.array([30, 30, 25, 15])
    parts = np.where(np.isin(np.arange(4), passion), sight.passion_parts, -1)
    known = parts >= 0
    used = np.where(known, 2 * weights, weights)
    want = divide((used * np.where(known, parts, NEUTRAL)).sum(axis=-1), used.sum(axis=-1))
    can = sight.competence if competence else np.full_like(sight.competence, NEUTRAL)
    do = sight.drive if drive else np.full_like(sight.drive, NEUTRAL)
    whole = divide(WEIGHTS.competence * can + WEIGHTS.passion * want + WEIGHTS.drive * do, 100)
    return np.where(sight.passed, 0.0, FAILING) + whole / ONE
