"""The market order for one person: chance × what they want and what the vacancy still needs."""

from datetime import timedelta

import numpy as np
from django.db.models import FloatField, Max, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone
from numpy.typing import NDArray

from matching import loading
from matching.engine import (
    ENGINE_VERSION,
    ChanceParameters,
    Scores,
    chance_of,
    expected_benefit,
    features,
    for_both,
    market_order,
)
from matching.models import Application, MarketPrice
from matching.queries.building import WEEK

PRICES_LAST = timedelta(hours=36)  # a night that was missed is no reason to stop; two are


def market_prices() -> dict[int, float] | None:
    """{vacancy id: price}; None when there are none, they are too old, or another version of the engine made them."""
    rows = MarketPrice.objects.filter(engine_version=ENGINE_VERSION)
    newest = rows.aggregate(newest=Max("computed_at"))["newest"]
    if newest is None or newest < timezone.now() - PRICES_LAST:
        return None
    return dict(rows.values_list("vacancy_id", "price"))


def expected_invitations() -> dict[int, float]:
    """{vacancy id: invitations expected of who applied}: the sum of the chances that they were told."""
    rows = Application.objects.filter(applied_at__isnull=False, vacancy__status="open", snapshot__has_key="chance")
    told = Sum(Cast(KT("snapshot__chance__p"), FloatField()))
    return {
        pk: total / 100 for pk, total in rows.exclude(status="withdrawn").values_list("vacancy_id").annotate(told=told)
    }


def chances_of(
    market: loading.Market, scores: Scores, parameters: ChanceParameters, applicants: NDArray[np.float64], now: float
) -> NDArray[np.float64]:
    """Chance at every open vacancy of the person who was scored; `now` in seconds since 1970."""
    ages = np.where(market.published > 0, np.maximum(0, now - market.published) / WEEK, 0.0)
    x = features(scores, applicants / np.maximum(1, market.openings), ages)
    return chance_of(parameters, x, scores.isco)


def order_by_market(
    market: loading.Market, scores: Scores, parameters: ChanceParameters, applicants: dict[int, int]
) -> NDArray[np.int64] | None:
    """Positions of the open vacancies in the market order; None when there are no fresh prices.

    A vacancy that is newer than the prices costs nothing yet. `applicants` are those so far, by vacancy id.
    """
    known = market_prices()
    if known is None:
        return None
    ids = scores.ids.tolist()
    rivals = np.array([applicants.get(pk, 0) for pk in ids], dtype=float)
    price = np.array([known.get(pk, 0.0) for pk in ids])
    p = chances_of(market, scores, parameters, rivals, timezone.now().timestamp())
    worth = for_both(expected_benefit(p, scores.passion), p, price)
    return market_order(scores.ids, scores.fit, worth, scores.passed)
