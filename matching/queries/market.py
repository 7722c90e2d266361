"""The market order for one person: what they suit and want, where people are still needed."""

from datetime import timedelta
from typing import NamedTuple

import numpy as np
from django.db.models import Max
from django.utils import timezone
from numpy.typing import NDArray

from matching.engine import (
    ENGINE_VERSION,
    ChanceParameters,
    Scores,
    Step,
    chance_of,
    expected_benefit,
    features,
    for_both,
    market_order,
    suits,
)
from matching.models import Application, MarketPrice
from matching.queries.building import answered

PRICES_LAST = timedelta(hours=36)  # a night that was missed is no reason to stop; two are


def market_prices() -> dict[int, float] | None:
    """{vacancy id: price}; None when there are none, they are too old, or another version of the engine made them."""
    rows = MarketPrice.objects.filter(engine_version=ENGINE_VERSION)
    newest = rows.aggregate(newest=Max("computed_at"))["newest"]
    if newest is None or newest < timezone.now() - PRICES_LAST:
        return None
    return dict(rows.values_list("vacancy_id", "price"))


class Taken(NamedTuple):
    """How far somebody is with a vacancy, and how much they told with their application, 0-2."""

    step: Step
    told: int


def steps_taken() -> dict[int, dict[int, Taken]]:
    """{CV id: {id of an open vacancy: Taken}} of all who applied."""
    rows = Application.objects.filter(applied_at__isnull=False, vacancy__status="open")
    found: dict[int, dict[int, Taken]] = {}
    for cv, vacancy, status, invited, *told in rows.values_list(
        "cv_id", "vacancy_id", "status", "was_invited", "why", "did"
    ):
        over = status == "withdrawn" or (status == "rejected" and not invited)
        step = Step.GONE if over else Step.INVITED if invited else Step.WAITS
        found.setdefault(cv, {})[vacancy] = Taken(step, answered(*told))
    return found


def chance_alone(scores: Scores, parameters: ChanceParameters) -> NDArray[np.float64]:
    """The chance of the person who was scored at each vacancy when nobody else applied."""
    return chance_of(parameters, features(scores, 0.0, 0.0), scores.isco)


def suited(scores: Scores, parameters: ChanceParameters) -> NDArray[np.float64]:
    """How likely the person who was scored suits each vacancy: their chance alone, with all that is not seen."""
    return suits(chance_alone(scores, parameters), parameters.hidden)


def order_by_market(scores: Scores, rows: NDArray[np.int64], parameters: ChanceParameters) -> NDArray[np.int64] | None:
    """These rows of the scores in the market order, which keeps its bound on fit among them; None when there are no fresh prices.

    A vacancy that is newer than the prices costs nothing yet.
    """
    known = market_prices()
    if known is None:
        return None
    price = np.array([known.get(pk, 0.0) for pk in scores.ids.tolist()])
    chance = chance_alone(scores, parameters)
    benefit, gain = (expected_benefit(p, scores.passion) for p in (chance, suits(chance, parameters.hidden)))
    worth = for_both(scores.fit, benefit, gain, price)
    return rows[market_order(scores.ids[rows], scores.fit[rows], worth[rows], scores.passed[rows])]
