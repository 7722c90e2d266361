"""Pairs of jobs to choose between, in our own words: what they differ in, and the table that a design chooses from.

A job is a scene (work of one of the six RIASEC types), a sentence about one of O*NET's six work values, and two or three of
five facts.
A pair is written as a code, ``bike_shop.proud|lab.free|hours1.pay0``: the two jobs, then the facts of the first; the second has
the other side of each. So a choice that was made keeps its meaning whatever the table offers later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from profiles.interests import TYPES
from profiles.steps import VALUES

FACTS = ("hours", "travel", "employer", "pay", "contract")
ATTRIBUTES = (*TYPES, *VALUES, *FACTS)  # the columns of `differences`
# What people like on average before they chose anything, in log-odds: most want a short journey, more pay and a permanent
# contract; of the rest nothing is supposed.
PRIOR_MEAN = np.array([0.0] * 12 + [0.0, -0.7, 0.0, 0.6, 0.6])
SPREAD_TYPES, SPREAD_VALUES, SPREAD_FACTS = 1.8, 0.9, 0.8  # how much people differ: most in the kind of work
HEXAGON = 0.6  # share of the taste for types that follows Holland's hexagon: neighbours alike, opposites unlike
N_PAIRS = 720
TABLE_SEED = 20261

SCENES: dict[str, tuple[str, str | Promise, str | Promise]] = {  # key: (type, title, what you do)
    "bike_shop": ("realistic", _("Bicycle mechanic"), _("You repair bicycles in a workshop.")),
    "solar": ("realistic", _("Solar panel fitter"), _("You put solar panels on roofs, with a colleague.")),
    "gardens": ("realistic", _("Gardener"), _("You lay out gardens and plant trees.")),
    "lab": ("investigative", _("Laboratory assistant"), _("You test water and find out whether it is clean.")),
    "faults": ("investigative", _("Fault finder"), _("You find out why a machine breaks down, by measuring.")),
    "traffic": ("investigative", _("Researcher"), _("You work out for a town where traffic gets stuck.")),
    "windows": ("artistic", _("Shop window designer"), _("You make shop windows that people stop for.")),
    "films": ("artistic", _("Film maker"), _("You make short films for a museum.")),
    "dishes": ("artistic", _("Inventive cook"), _("You think up new dishes and make them look good.")),
    "mornings": ("social", _("Carer at home"), _("You help people at home to begin their day.")),
    "lessons": ("social", _("Language teacher"), _("You teach Dutch to people who are new here.")),
    "coach": ("social", _("Job coach"), _("You help people to find their place at work.")),
    "shop": ("enterprising", _("Shop manager"), _("You run a shop and lead a small team.")),
    "deals": ("enterprising", _("Account manager"), _("You visit firms and close deals with them.")),
    "festival": ("enterprising", _("Event organiser"), _("You set up a festival, from idea to last day.")),
    "routes": ("conventional", _("Route planner"), _("You plan routes so that every delivery adds up.")),
    "wages": ("conventional", _("Payroll officer"), _("You make sure that everybody's pay is right.")),
    "files": ("conventional", _("Records officer"), _("You keep the files of an office in order.")),
}
SENTENCES: dict[str, tuple[str, str | Promise]] = {
    "proud": ("achievement", _("At the end of the day you see what you made.")),
    "able": ("achievement", _("You use everything that you are good at.")),
    "free": ("independence", _("You decide yourself how you do it.")),
    "alone": ("independence", _("You work on your own; nobody looks over your shoulder.")),
    "grow": ("recognition", _("You can grow towards a better position.")),
    "seen": ("recognition", _("When you do well, people notice and say so.")),
    "mates": ("relationships", _("You work closely with nice colleagues.")),
    "others": ("relationships", _("You mean something to others every day.")),
    "backed": ("support", _("Your manager backs you when it gets difficult.")),
    "taught": ("support", _("You are trained well and always know who to ask.")),
    "steady": ("conditions", _("You know long before when you work.")),
    "safe": ("conditions", _("It is quiet and safe, and everything is well arranged.")),
}
SIDES: dict[str, tuple[str | Promise, str | Promise]] = {  # the fact when it is 0, and when it is 1
    "hours": (_("24 hours a week"), _("36 hours a week")),
    "travel": (_("10 minutes away"), _("40 minutes away")),
    "employer": (_("a small firm, with eight people"), _("a large organisation")),
    "pay": (_("the usual pay for this work"), _("300 euros a month more than usual")),
    "contract": (_("a contract for one year"), _("a permanent contract")),
}


@dataclass(frozen=True)
class JobCard:
    """One of the two jobs, ready to be read."""

    title: str
    sentences: tuple[str, str]
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two jobs to choose between; raises ValueError when made from a code that means nothing."""

    scenes: tuple[str, str]
    sentences: tuple[str, str]
    facts: tuple[tuple[str, int], ...]  # those of the first job

    @property
    def code(self) -> str:
        """
        >>> Pair(("lab", "shop"), ("free", "mates"), (("hours", 1), ("pay", 0))).code
        'lab.free|shop.mates|hours1.pay0'
        """
        jobs = "|".join(".".join(job) for job in zip(self.scenes, self.sentences, strict=True))
        return f"{jobs}|{'.'.join(f'{name}{side}' for name, side in self.facts)}"

    @classmethod
    def read(cls, code: str) -> "Pair":
        """The pair that a code stands for. Raises ValueError for anything else.

        >>> Pair.read("lab.free|shop.mates|hours1.pay0").code
        'lab.free|shop.mates|hours1.pay0'
        """
        try:
            first, second, facts = str(code).split("|")
            jobs = [first.split("."), second.split(".")]
            sides = tuple((each[:-1], int(each[-1])) for each in facts.split("."))
            pair = cls((jobs[0][0], jobs[1][0]), (jobs[0][1], jobs[1][1]), sides)
        except (ValueError, IndexError):
            raise ValueError("no code of a pair") from None
        known = set(pair.scenes) <= set(SCENES) and set(pair.sentences) <= set(SENTENCES)
        if not known or any(name not in SIDES or side not in (0, 1) for name, side in sides):
            raise ValueError("no code of a pair")
        return pair

    @property
    def difference(self) -> NDArray[np.float64]:
        """(17,) what the first job has more than the second, in the order of ATTRIBUTES."""
        x = np.zeros(len(ATTRIBUTES))
        for sign, scene, sentence in zip((1, -1), self.scenes, self.sentences, strict=True):
            x[ATTRIBUTES.index(SCENES[scene][0])] += sign
            x[ATTRIBUTES.index(SENTENCES[sentence][0])] += sign
        for name, side in self.facts:
            x[ATTRIBUTES.index(name)] = 2 * side - 1
        return x

    def cards(self) -> tuple[JobCard, JobCard]:
        """Both jobs in the language of the page."""
        first, second = (
            JobCard(
                str(SCENES[scene][1]),
                (str(SCENES[scene][2]), str(SENTENCES[sentence][1])),
                tuple(str(SIDES[name][side if number == 0 else 1 - side]) for name, side in self.facts),
            )
            for number, (scene, sentence) in enumerate(zip(self.scenes, self.sentences, strict=True))
        )
        return first, second


@cache
def table() -> tuple[tuple[Pair, ...], NDArray[np.float64]]:
    """The pairs that a design chooses from, (N_PAIRS,) and (N_PAIRS, 17): the same on every machine.

    In every pair the scenes are of two types and the sentences of two values; no job has all facts on the side that most
    people prefer, so that there is something to weigh.
    """
    rng = np.random.default_rng(TABLE_SEED)
    wanted = dict(zip(FACTS, np.sign(PRIOR_MEAN[-len(FACTS) :]).astype(int).tolist(), strict=True))
    scenes = [two for two in combinations(SCENES, 2) if SCENES[two[0]][0] != SCENES[two[1]][0]]
    sentences = [two for two in combinations(SENTENCES, 2) if SENTENCES[two[0]][0] != SENTENCES[two[1]][0]]
    facts = [
        tuple(zip(names, sides, strict=True))
        for n in (2, 3)
        for names in combinations(FACTS, n)
        for sides in product((0, 1), repeat=n)
        if abs(sum(wanted[name] * (2 * side - 1) for name, side in zip(names, sides, strict=True))) < n
    ]
    found: dict[str, Pair] = {}
    while len(found) < N_PAIRS:
        jobs, said = scenes[rng.integers(len(scenes))], sentences[rng.integers(len(sentences))]
        turn, swap = (bool(coin) for coin in rng.integers(2, size=2))
        pair = Pair(jobs[::-1] if turn else jobs, said[::-1] if swap else said, facts[rng.integers(len(facts))])
        found[pair.code] = pair
    pairs = tuple(found.values())
    return pairs, differences(pairs)


def prior_covariance() -> NDArray[np.float64]:
    """(17, 17) how much tastes differ between people, and which go together."""
    angle = np.arange(len(TYPES)) * np.pi / 3
    hexagon = HEXAGON * np.cos(angle[:, None] - angle) + (1 - HEXAGON) * np.eye(len(TYPES))
    covariance = np.diag([SPREAD_TYPES**2] * 6 + [SPREAD_VALUES**2] * 6 + [SPREAD_FACTS**2] * len(FACTS))
    covariance[:6, :6] = SPREAD_TYPES**2 * hexagon
    return covariance


def differences(pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """(n, 17) differences of these pairs."""
    return np.array([pair.difference for pair in pairs]).reshape(-1, len(ATTRIBUTES))
