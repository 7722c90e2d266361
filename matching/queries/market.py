"""The market order for one person: expected benefit less what it costs that a vacancy is crowded."""

from datetime import timedelta

import numpy as np
from django.db.models import Max
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
    market_order,
)
from matching.models import MarketPrice
from matching.queries.building import WEEK

PRICES_LAST = timedelta(hours=36)  # a night that was missed is no reason to stop; two are


def market_prices() -> dict[int, float] | None:
    """{vacancy id: price}; None when there are none, they are too old, or another version of the engine made them."""
    rows = MarketPrice.objects.filter(engine_version=ENGINE_VERSION)
    newest = rows.aggregate(newest=Max("computed_at"))["newest"]
    if newest is None or newest < timezone.now() - PRICES_LAST:
        return None
    return dict(rows.values_list("vacancy_id", "price"))


def benefits(
    market: loading.Market, scores: Scores, parameters: ChanceParameters, applicants: NDArray[np.float64], now: float
) -> NDArray[np.float64]:
    """Expected benefit of every open vacancy for the person who was scored; `now` in seconds since 1970."""
    ages = np.where(market.published > 0, np.maximum(0, now - market.published) / WEEK, 0.0)
    x = features(scores, applicants / np.maximum(1, market.openings), ages)
    return expected_benefit(chance_of(parameters, x, scores.isco), scores.passion)


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
    benefit = benefits(market, scores, parameters, rivals, timezone.now().timestamp())
    return market_order(scores.ids, scores.fit, benefit, price, scores.passed)
