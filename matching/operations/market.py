"""The prices of the market order, computed for everybody at once."""

from datetime import datetime

import numpy as np
from django.db import connection, transaction

from accounts.operations import audit
from matching import loading, queries
from matching.engine import ENGINE_VERSION, expected_benefit, index_candidates, prices, score_vacancies
from matching.models import MarketPrice

LOOKED_AT = 100  # vacancies a person that come into question: the best of expected benefit


@transaction.atomic
def refresh_market_prices(*, now: datetime) -> int:
    """Compute the price of every open vacancy anew and put it in place of the old ones. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('market prices'))")  # one at a time
    market = loading.market()
    asked = market.index.vacancies
    people = index_candidates(loading.project(loading.all_candidates(), market.index.space), market.index.space)
    parameters, _version = queries.live_parameters()
    applicants = queries.count_applicants(None)
    rivals = np.array([applicants.get(pk, 0) for pk in asked.ids.tolist()], dtype=float)
    invited = queries.expected_invitations()
    person, vacancy, chance, benefit = [], [], [], []
    for row in range(len(people.candidates.ids)) if len(asked.ids) else ():
        scores = score_vacancies(people, row, market.index)
        p = queries.chances_of(market, scores, parameters, rivals, now.timestamp())
        worth = np.where(scores.passed, expected_benefit(p, scores.passion), -1.0)
        best = np.argpartition(-worth, min(LOOKED_AT, len(worth) - 1))[:LOOKED_AT]
        best = best[worth[best] >= 0]
        person.append(np.full(len(best), row))
        vacancy.append(best)
        chance.append(p[best])
        benefit.append(worth[best])
    found = prices(
        *(np.concatenate([*parts, np.empty(0)]) for parts in (person, vacancy, chance, benefit)),
        np.array([invited.get(pk, 0.0) for pk in asked.ids.tolist()]),
    )
    MarketPrice.objects.all().delete()
    MarketPrice.objects.bulk_create(
        [
            MarketPrice(vacancy_id=pk, price=float(price), engine_version=ENGINE_VERSION, computed_at=now)
            for pk, price in zip(asked.ids.tolist(), found, strict=True)
        ],
        batch_size=2000,
    )
    audit(actor=None, verb="compute market prices", subject=None, vacancies=len(asked.ids))
    return len(asked.ids)
