"""Twelve months of a region in which everybody follows the recommendations of one order; the same lots for every order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine import expected_benefit, for_both, market_order, metrics
from matching.engine.scale import ONE
from simulation.evaluation.rankers import Sight, market_prices
from simulation.evaluation.setting import Setting
from simulation.facts import shortfalls, true_wish
from simulation.hiring import INVITED_WHO_ARE_HIRED
from simulation.processes import Process

MONTHS = 12
FIRST = 10
APPLICATIONS = 3  # a person a month, out of the ten recommended
LIFE = 3  # months that a vacancy stays open unless it is filled
SUITS = 0.5
AT_START = 0.5  # share of the people and vacancies that are there in the first month
ORDERS = ("random", "fit", "chance", "wish", "benefit", "market")


@dataclass(frozen=True)
class Lots:
    """Everything that chance decides, drawn once for all orders: months of arrival, and lots for every pair."""

    person_from: NDArray[np.int64]
    vacancy_from: NDArray[np.int64]
    taste: NDArray[np.float64]  # (n, m) what draws somebody to an advert beside their wish
    invited: NDArray[np.float64]  # (n, m) in [0, 1)
    hired: NDArray[np.float64]
    turn: NDArray[np.float64]  # who is looked at first


@dataclass(frozen=True)
class Stage:
    """What does not change over the year, for all pairs (n, m)."""

    benefit: NDArray[np.float64]
    suits: NDArray[np.bool_]
    wish: NDArray[np.float64]
    hires: NDArray[np.float64]  # chance to be hired, and to say yes, once invited


def draw_lots(n: int, m: int, seed: int) -> Lots:
    """The same seed gives the same year."""
    rng = np.random.default_rng([seed, 12])

    def arrivals(count: int) -> NDArray[np.int64]:
        return np.where(rng.random(count) < AT_START, 0, rng.integers(1, MONTHS, count))

    taste = rng.gumbel(0, 0.5, (n, m))
    return Lots(arrivals(n), arrivals(m), taste, rng.random((n, m)), rng.random((n, m)), rng.random((n, m)))


def set_stage(setting: Setting, sight: Sight, process: Process) -> Stage:
    """Who suits whom, and what everybody wants."""
    c, v = (rows.ravel() for rows in np.meshgrid(sight.people_ids, sight.vacancy_ids, indexing="ij"))
    alone = process.chance(_log_odds(setting, process, c, v, np.zeros(len(c)))).reshape(sight.fit.shape)
    wish = true_wish(setting.facts, c, v).reshape(sight.fit.shape)
    hires = np.clip(INVITED_WHO_ARE_HIRED + 0.12 * setting.facts.ability[sight.people_ids], 0, 1)
    benefit = expected_benefit(sight.chance, sight.passion)
    return Stage(benefit, alone >= SUITS, wish, hires[:, None] * (0.4 + 0.6 * wish))


def live_a_year(setting: Setting, sight: Sight, process: Process, order: str, lots: Lots, stage: Stage) -> dict:
    """Follow one order for twelve months; rows of `sight` are the people and vacancies that take part."""
    n, m = sight.fit.shape
    searching, openings = np.ones(n, dtype=bool), sight.openings.copy()
    applied = np.zeros((n, m), dtype=bool)
    shown = np.zeros(m)
    fits: list[float] = []
    losses: list[float] = []
    hired = invitations = 0
    for month in range(MONTHS):
        here = np.flatnonzero(searching & (lots.person_from <= month))
        there = np.flatnonzero((openings > 0) & (lots.vacancy_from <= month) & (month < lots.vacancy_from + LIFE))
        if not len(here) or not len(there):
            continue
        free = sight.passed[np.ix_(here, there)] & ~applied[np.ix_(here, there)]
        new: list[tuple[float, int, int]] = []
        for row, chosen, mask in zip(here, _lists(order, sight, stage, lots, here, there, applied), free, strict=True):
            ten = there[chosen]
            if not len(ten):
                continue
            shown[ten] += 1
            fits.append(float(sight.fit[row, ten].mean() / ONE))
            best = np.sort(sight.fit[row, there[mask]])[-len(ten) :].mean() / ONE
            losses.append(1 - fits[-1] / best)
            pull = 4 * stage.wish[row, ten] - 0.1 * np.arange(len(ten)) + lots.taste[row, ten]
            new += [(lots.turn[row, j], int(row), int(j)) for j in ten[np.argsort(-pull)[:APPLICATIONS]]]
        new.sort()
        rows, columns = np.array([pair[1:] for pair in new], dtype=np.int64).reshape(-1, 2).T
        before = applied.sum(axis=0)[columns] + _earlier(columns)
        applied[rows, columns] = True
        z = _log_odds(setting, process, sight.people_ids[rows], sight.vacancy_ids[columns], before)
        for i, j, p in zip(rows, columns, process.chance(z), strict=True):
            if openings[j] > 0 and searching[i] and lots.invited[i, j] < p:
                invitations += 1
                if lots.hired[i, j] < stage.hires[i, j]:
                    hired += 1
                    openings[j] -= 1
                    searching[i] = False
    return {
        "order": order, "three_suitable": int(((applied & stage.suits).sum(axis=0) >= 3).sum()), "vacancies": m,
        "hires": hired, "invitations": invitations, "applications": int(applied.sum()),
        "gini": metrics.gini(shown), "mean_fit": float(np.mean(fits)), "fit_lost": float(np.mean(losses)),
    }  # fmt: skip


def _lists(order: str, sight: Sight, stage: Stage, lots: Lots, here, there, applied) -> list[NDArray[np.int64]]:
    """For each person here the positions in `there` of the first ten that are free to apply to."""
    at = np.ix_(here, there)
    free = sight.passed[at] & ~applied[at]
    if order == "market":
        invited = (applied * sight.chance)[:, there].sum(axis=0)
        price = market_prices(stage.benefit[at], sight.chance[at], free, invited)
        worth = for_both(stage.benefit[at], sight.chance[at], price)
        found = (
            market_order(there, sight.fit[row, there], both, mask)
            for row, both, mask in zip(here, worth, free, strict=True)
        )
    else:
        by = {
            "random": lots.turn, "fit": sight.fit, "chance": sight.chance, "wish": sight.passion, "benefit": stage.benefit,
        }[order][at]  # fmt: skip
        found = iter(np.argsort(np.where(free, -by, np.inf), axis=1, kind="stable"))
    return [ranked[: min(FIRST, int(mask.sum()))] for ranked, mask in zip(found, free, strict=True)]


def _log_odds(setting: Setting, process: Process, c, v, before) -> NDArray[np.float64]:
    told = np.ones(len(c))
    return process.log_odds(setting.facts, c, v, shortfalls(setting.facts, c, v), told, told, before)


def _earlier(columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """How often each value came before in this array."""
    seen: dict[int, int] = {}
    counts = []
    for column in columns.tolist():
        counts.append(seen.get(column, 0))
        seen[column] = counts[-1] + 1
    return np.array(counts, dtype=np.int64)
