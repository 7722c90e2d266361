"""Teach a new version of the chance model and hold it against the live one, on outcomes that neither has seen."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from matching import refusals
from matching.engine.chance import (
    INVITED,
    ChanceParameters,
    Chances,
    Guess,
    base_rate_chances,
    fit_chance,
    predict,
)
from matching.engine.drift import edges_of
from matching.engine.features import NAMES
from matching.engine.metrics import brier, reliability, summary

TEST_SHARE = 0.2  # the newest outcomes
LEAST_TO_TEST = 50
GAP_TOLERANCE = 0.02
PREDICTS = {
    "invited": "een sollicitatie tot een gesprek leidt",
    "hired": "iemand na een gesprek wordt aangenomen",
}
LEAST_IN_GROUP = 50


@dataclass(frozen=True)
class Outcomes:
    """Outcomes in the order in which they became known: features (n, n_features), invited or not (n,), who belongs
    together (n,), and groups to be fair to."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    groups: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    people: NDArray[np.int64] | None = None
    firms: NDArray[np.int64] | None = None
    kinds: NDArray[np.int64] | None = None  # ISCO codes of the work
    filled: NDArray[np.bool_] | None = None  # a no because the vacancy was filled before
    guess: Guess = INVITED

    def teach(self, rows: slice) -> ChanceParameters:
        """A model that knows these rows."""
        beside = [None if ids is None else ids[rows] for ids in (self.people, self.firms, self.kinds, self.filled)]
        return fit_chance(self.x[rows], self.y[rows], *beside, guess=self.guess)

    def said_by(self, model: ChanceParameters, rows: slice) -> Chances:
        """What a model says of these rows."""
        return predict(model, self.x[rows], None if self.kinds is None else self.kinds[rows])


@dataclass(frozen=True)
class Challenge:
    """A newly trained model, its metrics on the newest outcomes, and why it may not go live ("" when it may)."""

    parameters: ChanceParameters
    metrics: dict
    refused_because: str


def challenge(outcomes: Outcomes, live: ChanceParameters | None, seen: int = 0) -> Challenge:
    """Train on the older outcomes, judge on the newest, then train once more on all for use.

    `seen` is how many of the oldest outcomes the live model learned from. Both are judged on rows that neither has seen: the
    newest fifth, and at most half of what is new since the live model. The challenger goes live when its Brier score is
    lower there and no group's calibration gap grows by more than two points. With fewer than 50 rows to judge by it goes
    live only when nothing is live yet.
    """
    n = len(outcomes.y)
    n_test = int(n * TEST_SHARE) if live is None else min(int(n * TEST_SHARE), (n - seen) // 2)
    parameters = outcomes.teach(slice(0, n))
    window = {"reference": edges_of(outcomes.x)} if n else {}
    if n_test < LEAST_TO_TEST:
        metrics = window | {"n": n, "note": "too few outcomes to hold back"}
        return Challenge(parameters, metrics, "" if live is None else refusals.TOO_FEW)
    train, test = slice(0, n - n_test), slice(n - n_test, n)
    candidate = outcomes.teach(train)
    y = outcomes.y[test]
    said = outcomes.said_by(candidate, test)
    p = said.p
    metrics = (
        window
        | {name: None if np.isnan(value) else value for name, value in summary(p, y).items()}
        | {
            "n_train": n - n_test,
            "brier_base_rate": brier(base_rate_chances(outcomes.y[train], n_test), y),
            "brier_logistic": brier(_logistic(outcomes.x[train], outcomes.y[train], outcomes.x[test]), y),
            "reliability": reliability(p, y),
            "group_gaps": group_gaps(p, y, outcomes.groups, test),
            "hidden": round(parameters.hidden, 3),
            "width": round(float(np.median(said.high - said.low)), 4),
            "kinds_spread": [round(value, 3) for value in parameters.offsets.spread],
            "rises": {name: round(sum(rise), 3) for name, rise in zip(NAMES, parameters.rises, strict=True)},
        }
    )
    if live is None:
        return Challenge(parameters, metrics, "")
    p_live = outcomes.said_by(live, test).p
    metrics["brier_live"] = brier(p_live, y)
    live_gaps = group_gaps(p_live, y, outcomes.groups, test)
    wider = [name for name, gap in metrics["group_gaps"].items() if abs(gap) > abs(live_gaps[name]) + GAP_TOLERANCE]
    if metrics["brier"] >= metrics["brier_live"]:
        return Challenge(parameters, metrics, refusals.NOT_BETTER)
    if wider:
        return Challenge(parameters, metrics, refusals.widens(wider))
    return Challenge(parameters, metrics, "")


def group_gaps(
    p: NDArray[np.float64], y: NDArray[np.float64], groups: dict[str, NDArray[np.bool_]], test: slice
) -> dict[str, float]:
    """Per group of at least 50 outcomes: mean chance said minus share that happened; 0 is fair."""
    return {
        name: round(float(p[member[test]].mean() - y[member[test]].mean()), 4)
        for name, member in groups.items()
        if member[test].sum() >= LEAST_IN_GROUP
    }


def _logistic(x: NDArray[np.float64], y: NDArray[np.float64], x_test: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(np.unique(y)) < 2:
        return base_rate_chances(y, len(x_test))
    return LogisticRegression(max_iter=1000).fit(x, y).predict_proba(x_test)[:, 1]


def card(metrics: dict, n: int, first: date | None, last: date | None, target: str = "invited") -> str:
    """The model card in plain Dutch, for operators and for who asks what decides a chance."""
    window = f"{first:%d-%m-%Y} tot {last:%d-%m-%Y}" if first and last else "nog geen"
    lines = [
        f"Dit model schat de kans dat {PREDICTS[target]}. Het leerde van {_count(n)} sollicitaties met een antwoord ({window}).",
        "Het kijkt naar: wat iemand kan van wat er gevraagd wordt en hoe goed, de kern van het werk, willen, doen, of er bij de "
        "sollicitatie iets is verteld, harde eisen, bewijzen, opleiding, taal, uren en reistijd naast de wens, hoeveel anderen "
        "reageerden en naar verwachting nog reageren, en hoe lang de vacature al openstaat. Per beroepsgroep "
        "en soort werk schuift de kans op, zover de uitkomsten daar dat laten zien.",
        "Het kijkt niet naar naam, leeftijd, geslacht, afkomst, foto of postcode als zodanig. Wie beter wordt in het werk, "
        "krijgt nooit een lagere kans.",
    ]
    if "brier" in metrics:
        lines.append(
            f"Getest op de nieuwste {_count(metrics['n'])} uitkomsten: Brier {_dutch(metrics['brier'])} tegen "
            f"{_dutch(metrics['brier_base_rate'])} voor alleen het gemiddelde; ijkfout {_dutch(metrics['ece'])}."
        )
        lines.append(
            f"De helft van de marges is smaller dan {100 * metrics['width']:.0f} procentpunt. Wat wij niet zien van een mens of "
            f"een bedrijf, schuift een kans meestal niet meer dan {_dutch(metrics['hidden'])} log-odds op."
        )
        gaps = [f"{name} {_dutch(gap, '+')}" for name, gap in metrics["group_gaps"].items()]
        if gaps:
            lines.append(f"Verschil tussen gezegd en gebeurd per groep: {', '.join(gaps)}.")
    lines.append("Grenzen: weinig uitkomsten per vak, smaak van werkgevers is niet te zien, mensen beslissen.")
    return "\n\n".join(lines)


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _dutch(number: float, sign: str = "") -> str:
    return f"{number:{sign}.3f}".replace(".", ",")
