"""Twelve months of a region in which everybody follows the recommendations of one order; the same lots for every order.

Who is shown ten vacancies applies to the three that draw most, by wish, place in the list and taste, as long as they draw more
than what they would find by themselves: the **outside option** of discrete choice. It draws as an ordinary wish does, the
median true wish of what people of the region applied to in the two years before, with a taste of its own every month. Where people
are **obliged** to apply there is none: they apply to three whatever they are shown.

References: K. Train, Discrete Choice Methods with Simulation, 2nd ed. 2009, ch. 2-3 (random utility, the outside option); G. Bied
and others, A Job I Like or a Job I Can Get, 2026 (who applies, and what a recommendation is worth to them).
"""

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
from simulation.history import History
from simulation.processes import Process

MONTHS = 12
FIRST = 10
APPLICATIONS = 3  # a person a month, out of the ten recommended
FULL_WISH, PLACE, TASTE = 4.0, 0.1, 0.5  # what draws: a full wish, one place higher, the scale of tastes (Gumbel)
LIFE = 3  # months that a vacancy stays open unless it is filled
SUITS = 0.5
AT_START = 0.5  # share of the people and vacancies that are there in the first month
ORDERS = ("random", "fit", "chance", "wish", "benefit", "market")
PURE = "fit"  # what the others are held against
COUNTED = ("three_suitable", "hires", "welfare", "invitations", "applications", "gini", "mean_fit", "fit_lost")
HELD_AGAINST = ("three_suitable", "hires", "welfare", "gini")


@dataclass(frozen=True)
class Region:
    """How many people and vacancies a year has, whether people must apply, and which orders are followed."""

    people: int
    vacancies: int
    obliged: bool = False
    orders: tuple[str, ...] = ("fit", "benefit", "market")


REGIONS = {
    "ordinary": Region(400, 300, orders=ORDERS),
    "obliged": Region(400, 300, obliged=True, orders=ORDERS),
    "crowded": Region(400, 150),
    "thin": Region(150, 300),
}


@dataclass(frozen=True)
class Lots:
    """Everything that chance decides, drawn once for all orders: months of arrival, and lots for every pair."""

    person_from: NDArray[np.int64]
    vacancy_from: NDArray[np.int64]
    taste: NDArray[np.float64]  # (n, m) what draws somebody to an advert beside their wish
    invited: NDArray[np.float64]  # (n, m) in [0, 1)
    hired: NDArray[np.float64]
    turn: NDArray[np.float64]  # who is looked at first
    outside: NDArray[np.float64]  # (n, MONTHS) what draws somebody to work that they find by themselves


@dataclass(frozen=True)
class Stage:
    """What does not change over the year, for all pairs (n, m)."""

    sight: Sight
    benefit: NDArray[np.float64]  # chance × wish, as the matcher says them
    gain: NDArray[np.float64]  # how likely somebody suits, × wish
    suits: NDArray[np.bool_]  # who really does
    wish: NDArray[np.float64]
    outside: float | None  # true wish of what people find by themselves; None: they must apply
    hires: NDArray[np.float64]  # chance to be hired, and to say yes, once invited
    chance: Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]


def draw_lots(n: int, m: int, seed: int, draw: int = 0) -> Lots:
    """The same seed and draw give the same year."""
    rng = np.random.default_rng([seed, 12, draw])

    def arrivals(count: int) -> NDArray[np.int64]:
        return np.where(rng.random(count) < AT_START, 0, rng.integers(1, MONTHS, count))

    taste = rng.gumbel(0, TASTE, (n, m))
    invited, hired, turn = (rng.random((n, m)) for _lot in range(3))
    return Lots(arrivals(n), arrivals(m), taste, invited, hired, turn, rng.gumbel(0, TASTE, (n, MONTHS)))


def ordinary_wish(setting: Setting, early: History) -> float:
    """The median true wish of what people applied to by themselves."""
    return float(np.median(true_wish(setting.facts, early.person, early.post)))


def set_stage(setting: Setting, sight: Sight, process: Process, outside: float | None) -> Stage:
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
        outside,
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
    welfare = 0.0
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
            draws = FULL_WISH * stage.wish[row, ten] - PLACE * np.arange(len(ten)) + lots.taste[row, ten]
            three = np.argsort(-draws)[:APPLICATIONS]
            if stage.outside is not None:
                three = three[draws[three] > FULL_WISH * stage.outside + lots.outside[row, month]]
            new += [(lots.turn[row, j], int(row), int(j)) for j in ten[three]]
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
                    welfare += float(stage.wish[i, j])
                    openings[j] -= 1
                    searching[i] = False
    applied = step != Step.FREE
    return {
        "three_suitable": int(((applied & stage.suits).sum(axis=0) >= 3).sum()), "hires": hired, "welfare": welfare,
        "invitations": invitations, "applications": int(applied.sum()), "gini": metrics.gini(shown),
        "mean_fit": float(np.mean(fits)), "fit_lost": float(np.mean(losses)),
    }  # fmt: skip


def live_years(stage: Stage, seed: int, draws: int, orders: tuple[str, ...] = ORDERS) -> dict[str, list[dict]]:
    """What comes of every order in so many draws of the lots, the same for all of them."""
    lots = [draw_lots(*stage.sight.fit.shape, seed, draw) for draw in range(draws)]
    return {order: [live_a_year(order, one, stage) for one in lots] for order in orders}


def rows_of(lived: dict[str, list[dict]]) -> list[dict]:
    """One row an order: means over the draws, and the difference with the order of fit."""
    return [
        {"order": order} | {name: float(np.mean([year[name] for year in years])) for name in COUNTED}
        | differences(years, lived[PURE]) for order, years in lived.items()
    ]  # fmt: skip


def differences(years: list[dict], others: list[dict]) -> dict:
    """`d_` is the mean difference between years (or rows) that belong together, `se_` its standard error (None for one pair)."""
    found: dict[str, float | None] = {}
    for name in HELD_AGAINST:
        gap = np.array([one[name] - other[name] for one, other in zip(years, others, strict=True)])
        found[f"d_{name}"] = float(gap.mean())
        found[f"se_{name}"] = float(gap.std(ddof=1) / np.sqrt(len(gap))) if len(gap) > 1 else None
    return found


def _lists(order: str, stage: Stage, lots: Lots, at, free, step) -> list[NDArray[np.int64]]:
    """For each person here the positions of the first ten that are free to apply to; arrays (people here, vacancies there)."""
    sight = stage.sight
    if order == "market":
        price = price_at(in_sight(sight.suited[at], stage.gain[at], sight.passed[at], step).sum(axis=0))
        worth = for_both(sight.fit[at], stage.benefit[at], stage.gain[at], price)
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
