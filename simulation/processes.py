"""Three hidden ways in which employers of a region decide whom to invite.

A process gives the log-odds of an invitation for somebody who is weighed, from the gaps between the person and the work, what
was told with the application, what no CV shows, and how many applied before. `noise` is the mood of the day: a normal
error on the log-odds of one decision, averaged out in what is called the true chance. None of them is the matcher's formula,
and the matcher never imports this: it has to learn from outcomes.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from simulation.facts import Facts

Gaps = dict[str, NDArray[np.float64]]
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(9)


@dataclass(frozen=True)
class Process:
    """`log_odds(facts, c, v, gaps, why, did, before)`: all arrays over pairs; `before` counts earlier applicants."""

    name: str
    log_odds: Callable[..., NDArray[np.float64]]
    noise: float = 0.0  # log-odds

    def chance(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """The true chance at these log-odds: the mood of the day averaged out."""
        moods = np.asarray(z)[..., None] + self.noise * NODES
        return (expit(moods) * NODE_WEIGHTS).sum(axis=-1) / NODE_WEIGHTS.sum()


def tightness(facts: Facts, v: NDArray[np.int64]) -> NDArray[np.float64]:
    """How readily firms invite where people are scarce: demand of the occupation, standardised, [-1.5, 1.5]."""
    demand = np.log(facts.world.demand)
    return np.clip((demand - demand.mean()) / max(demand.std(), 1e-9), -1.5, 1.5)[facts.occupation[v]]


def linear(facts: Facts, c, v, gaps: Gaps, why, did, before) -> NDArray[np.float64]:
    """Every gap costs its own amount, whatever the others are; all firms alike."""
    return (
        3.2
        - 4.2 * gaps["skills"]
        - 0.8 * gaps["experience"]
        - 1.6 * gaps["certificate"]
        - 1.2 * gaps["education"]
        - 1.2 * gaps["language"]
        - 1.0 * gaps["hours"]
        - 0.9 * gaps["distance"]
        + 0.4 * why
        + 0.4 * did
        + 0.2 * np.minimum(2, facts.initiatives[c])
        + 0.25 * facts.ability[c]
        - 0.30 * np.log1p(before)
    )


def interactions(facts: Facts, c, v, gaps: Gaps, why, did, before) -> NDArray[np.float64]:
    """What counts depends on the rest: motivation makes up for skills, not for a paper that the law asks.

    A diploma matters to firms only where skills are lacking, and a long journey only to who brings little else.
    """
    told = 0.5 * why + 0.5 * did
    lacking = np.minimum(1, gaps["skills"] / 0.6)
    return (
        2.8
        - 4.8 * gaps["skills"] * (1 - 0.35 * told)
        - 1.6 * gaps["experience"] * (1 - 0.25 * told)
        - 3.0 * (gaps["certificate"] >= 1)
        - 0.6 * (gaps["certificate"] < 1) * gaps["certificate"]
        - 2.2 * gaps["education"] * lacking
        - 1.8 * gaps["language"] * np.where(gaps["experience"] > 0.5, 1.0, 0.4)
        - 0.6 * gaps["hours"]
        - 1.4 * gaps["distance"] * lacking
        + 0.3 * facts.ability[c]
        + 0.3 * tightness(facts, v)
        - 0.35 * np.log1p(before)
    )


def tastes(facts: Facts, c, v, gaps: Gaps, why, did, before) -> NDArray[np.float64]:
    """Every firm weighs skills, motivation and diplomas its own way; the core of the work multiplies; moods play along."""
    taste = 0.35 * facts.taste[facts.firm[v]]
    return (
        2.55
        - (3.2 + taste[:, 0]) * gaps["skills"]
        - 1.9 * gaps["experience"]
        - 2.0 * gaps["certificate"]
        - (0.9 + 0.3 * taste[:, 2]) * gaps["education"]
        - 1.1 * gaps["language"]
        - 0.8 * gaps["hours"]
        - 0.7 * gaps["distance"]
        + (0.55 + taste[:, 1]) * (0.6 * why + 0.8 * did + 0.3 * np.minimum(2, facts.initiatives[c]))
        + 0.35 * facts.ability[c]
        + 0.15 * tightness(facts, v)
        - 0.30 * np.log1p(before)
    )


PROCESSES = {
    process.name: process
    for process in (
        Process("linear", linear), Process("interactions", interactions), Process("tastes", tastes, noise=0.5),
    )
}  # fmt: skip
