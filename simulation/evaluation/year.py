"""Twelve months of a region in which everybody follows the recommendations of one order; the same lots for every order."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine import (
    Step,
    expected_benefit,
    for_both,
    in_sight,
    market_order,
    metrics,
    price_at,
)
from matching.engine.scale import ONE
from simulation.evaluation.rankers import Sight
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
PURE = "fit"  # what the others are held against
REGIONS = {"ordinary": (400, 300), "crowded": (400, 150), "thin": (150, 300)}  # people and vacancies of a year
ELSEWHERE = ("fit", "benefit", "market")  # orders that are followed in regions that are not ordinary
COUNTED = ("three_suitable", "hires", "invitations", "applications", "gini", "mean_fit", "fit_lost")
HELD_AGAINST = ("three_suitable", "hires", "gini")


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

    sight: Sight
    benefit: NDArray[np.float64]  # chance × wish, as the matcher says them
    both: NDArray[np.float64]  # how likely somebody suits, × wish
    suits: NDArray[np.bool_]  # who really does
    wish: NDArray[np.float64]
    hires: NDArray[np.float64]  # chance to be hired, and to say yes, once invited
    chance: Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]


def draw_lots(n: int, m: int, seed: int, draw: int = 0) -> Lots:
    """The same seed and draw give the same year."""
    rng = np.random.default_rng([seed, 12, draw])

    def arrivals(count: int) -> NDArray[np.int64]:
        return np.where(rng.random(count) < AT_START, 0, rng.integers(1, MONTHS, count))

    taste = rng.gumbel(0, 0.5, (n, m))
    return Lots(arrivals(n), arrivals(m), taste, rng.random((n, m)), rng.random((n, m)), rng.random((n, m)))


def set_stage(setting: Setting, sight: Sight, process: Process) -> Stage:
    """Who suits whom, and what everybody wants; whoever applies tells why and what they did."""
    shape = sight.fit.shape
    c, v = (rows.ravel() for rows in np.meshgrid(sight.people_ids, sight.vacancy_ids, indexing="ij"))
    gaps = {name: gap.reshape(shape) for name, gap in shortfalls(setting.facts, c, v).items()}

    def chance(rows: NDArray[np.int64], columns: NDArray[np.int64], before: NDArray[np.int64]) -> NDArray[np.float64]:
        """True chances of these pairs when so many applied before."""
        told = np.ones(len(rows))
        these = {name: gap[rows, columns] for name, gap in gaps.items()}
        who, where = sight.people_ids[rows], sight.vacancy_ids[columns]
        return process.chance(process.log_odds(setting.facts, who, where, these, told, told, before))

    alone = chance(*(rows.ravel() for rows in np.indices(shape)), np.zeros(len(c), dtype=np.int64)).reshape(shape)
    wish = true_wish(setting.facts, c, v).reshape(shape)
    hires = np.clip(INVITED_WHO_ARE_HIRED + 0.12 * setting.facts.ability[sight.people_ids], 0, 1)
    return Stage(
        sight,
        expected_benefit(sight.chance, sight.passion),
        expected_benefit(sight.suited, sight.passion),
        alone >= SUITS,
        wish,
        hires[:, None] * (0.4 + 0.6 * wish),
        chance,
    )


def live_a_year(order: str, lots: Lots, stage: Stage) -> dict:
    """Follow one order for twelve months; rows of the stage's sight are the people and vacancies that take part."""
    sight = stage.sight
    n, m = sight.fit.shape
    searching, openings = np.ones(n, dtype=bool), sight.openings.copy()
    step = np.full((n, m), Step.FREE)
    shown = np.zeros(m)
    fits: list[float] = []
    losses: list[float] = []
    hired = invitations = 0
    for month in range(MONTHS):
        here = np.flatnonzero(searching & (lots.person_from <= month))
        there = np.flatnonzero((openings > 0) & (lots.vacancy_from <= month) & (month < lots.vacancy_from + LIFE))
        if not len(here) or not len(there):
            continue
        at = np.ix_(here, there)
        free = sight.passed[at] & (step[at] == Step.FREE)
        new: list[tuple[float, int, int]] = []
        for row, chosen, mask in zip(here, _lists(order, stage, lots, at, free, step[at]), free, strict=True):
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
        before = (step != Step.FREE).sum(axis=0)[columns] + _earlier(columns)
        step[rows, columns] = Step.GONE  # until somebody invites them; all is decided within the month
        for i, j, p in zip(rows, columns, stage.chance(rows, columns, before), strict=True):
            if openings[j] > 0 and searching[i] and lots.invited[i, j] < p:
                invitations += 1
                step[i, j] = Step.INVITED
                if lots.hired[i, j] < stage.hires[i, j]:
                    hired += 1
                    openings[j] -= 1
                    searching[i] = False
    applied = step != Step.FREE
    return {
        "three_suitable": int(((applied & stage.suits).sum(axis=0) >= 3).sum()), "hires": hired,
        "invitations": invitations, "applications": int(applied.sum()), "gini": metrics.gini(shown),
        "mean_fit": float(np.mean(fits)), "fit_lost": float(np.mean(losses)),
    }  # fmt: skip


def live_years(stage: Stage, seed: int, draws: int, orders: tuple[str, ...] = ORDERS) -> list[dict]:
    """One row an order: means over so many draws of the lots; `d_` is the mean difference with the order of fit in the same
    draws, `se_` its standard error over them (none for a single draw)."""
    lots = [draw_lots(*stage.sight.fit.shape, seed, draw) for draw in range(draws)]
    lived = {order: [live_a_year(order, one, stage) for one in lots] for order in orders}
    rows = []
    for order, years in lived.items():
        row: dict = {"order": order, "vacancies": stage.sight.fit.shape[1], "draws": draws}
        row |= {name: float(np.mean([year[name] for year in years])) for name in COUNTED}
        for name in HELD_AGAINST:
            gap = np.array([year[name] - pure[name] for year, pure in zip(years, lived[PURE], strict=True)])
            row[f"d_{name}"] = float(gap.mean())
            row[f"se_{name}"] = float(gap.std(ddof=1) / np.sqrt(draws)) if draws > 1 else None
        rows.append(row)
    return rows


def _lists(order: str, stage: Stage, lots: Lots, at, free, step) -> list[NDArray[np.int64]]:
    """For each person here the positions of the first ten that are free to apply to; arrays (people here, vacancies there)."""
    sight = stage.sight
    if order == "market":
        price = price_at(in_sight(sight.suited[at], stage.both[at], sight.passed[at], step).sum(axis=0))
        worth = for_both(sight.fit[at], stage.both[at], price)
        ids = sight.vacancy_ids[at[1].ravel()]
        found = (market_order(ids, *rows) for rows in zip(sight.fit[at], worth, free, strict=True))
    else:
        by = {
            "random": lots.turn, "fit": sight.fit, "chance": sight.chance, "wish": sight.passion, "benefit": stage.benefit,
        }[order][at]  # fmt: skip
        found = iter(np.argsort(np.where(free, -by, np.inf), axis=1, kind="stable"))
    return [ranked[: min(FIRST, int(mask.sum()))] for ranked, mask in zip(found, free, strict=True)]


def _earlier(columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """How often each value came before in this array."""
    seen: dict[int, int] = {}
    counts = []
    for column in columns.tolist():
        counts.append(seen.get(column, 0))
        seen[column] = counts[-1] + 1
    return np.array(counts, dtype=np.int64)
