"""The prices of the market order, computed for everybody at once."""

from datetime import datetime

import numpy as np
from django.db import connection, transaction

from accounts.operations import audit
from matching import loading, queries
from matching.engine import (
    ENGINE_VERSION,
    Step,
    expected_benefit,
    in_sight,
    index_candidates,
    price_at,
    score_vacancies,
)
from matching.models import MarketPrice
from matching.open_market import open_market


@transaction.atomic
def refresh_market_prices(*, now: datetime) -> int:
    """Compute the price of every open vacancy anew and put it in place of the old ones. Returns how many.

    Who did not apply yet counts as telling nothing, as on the page of a match.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('market prices'))")  # one at a time
    market = open_market()
    asked = market.index.vacancies
    people = index_candidates(loading.project(loading.all_candidates(), market.index.space), market.index.space)
    parameters, _version = queries.live_parameters()
    taken = queries.steps_taken()
    column = {pk: place for place, pk in enumerate(asked.ids.tolist())}
    expected = np.zeros(len(asked.ids))
    for row, cv in enumerate(people.candidates.ids.tolist()) if column else ():
        step, told = np.full(len(expected), Step.FREE), np.zeros(len(expected), dtype=np.int64)
        for vacancy, (reached, words) in taken.get(cv, {}).items():
            if vacancy in column:
                step[column[vacancy]], told[column[vacancy]] = reached, words
        scores = score_vacancies(people, row, market.index, motivation=told)
        suited = queries.suited(scores, parameters)
        expected += in_sight(suited, expected_benefit(suited, scores.passion), scores.passed, step)
    MarketPrice.objects.all().delete()
    MarketPrice.objects.bulk_create(
        [
            MarketPrice(vacancy_id=pk, price=float(price), engine_version=ENGINE_VERSION, computed_at=now)
            for pk, price in zip(asked.ids.tolist(), price_at(expected), strict=True)
        ],
        batch_size=2000,
    )
    audit(actor=None, verb="compute market prices", subject=None, vacancies=len(asked.ids))
    return len(asked.ids)
