"""The market order as it is kept and read: it moves what a person is recommended, never how an employer sees people."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from matching import operations, queries, tasks
from matching.engine import ENGINE_VERSION, Step, index_candidates, index_vacancies, prior, rank, score_vacancies
from matching.models import Application, MarketPrice
from matching.queries.market import order_by_market
from tests.engine.pools import make_candidates, make_space, make_vacancies
from tests.factories import make_cv, make_user, make_vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(firm, sawing, painting):
    """Five people who can saw; a vacancy that suits them best, and three that suit them nearly as well."""
    work = [make_vacancy(firm, {sawing: 3, painting: level}) for level in (1, 2, 2, 2)]
    people = [make_cv(make_user(), {sawing: 4, painting: 1}) for _ in range(5)]
    return people, work


def test_a_crowded_vacancy_gets_a_price_and_the_others_do_not(crowd):
    _people, work = crowd
    assert queries.market_prices() is None
    assert tasks.refresh_market() == 4
    prices = queries.market_prices()
    assert set(prices) == {one.pk for one in work}
    assert prices[work[0].pk] > max(prices[one.pk] for one in work[1:])


def test_the_market_order_is_offered_with_fresh_prices_and_is_the_pure_order_without(crowd, now):
    people, work = crowd
    cv = people[0]
    pure = [match.vacancy.pk for match in queries.matches_for_cv(cv)]
    assert [match.vacancy.pk for match in queries.matches_for_cv(cv, by_market=True)] == pure
    operations.refresh_market_prices(now=now)
    MarketPrice.objects.filter(vacancy=work[0]).update(price=0.9)
    MarketPrice.objects.exclude(vacancy=work[0]).update(price=0.0)
    fits = {match.vacancy.pk: match.fit for match in queries.matches_for_cv(cv)}
    moved = [match.vacancy.pk for match in queries.matches_for_cv(cv, by_market=True)]
    assert pure[0] == work[0].pk
    assert moved[-1] == work[0].pk
    assert sorted(moved) == sorted(pure)
    assert {match.vacancy.pk: match.fit for match in queries.matches_for_cv(cv, by_market=True)} == fits
    for stale in ({"computed_at": now - timedelta(days=3)}, {"engine_version": "0.1", "computed_at": now}):
        MarketPrice.objects.update(**stale)
        assert [match.vacancy.pk for match in queries.matches_for_cv(cv, by_market=True)] == pure


def test_the_bound_on_fit_holds_among_what_a_filter_leaves(vacancy, now):
    MarketPrice.objects.create(vacancy=vacancy, price=0.5, engine_version=ENGINE_VERSION, computed_at=now)
    rng = np.random.default_rng(5)
    space = make_space(rng, 12)
    people, work = (
        index_candidates(make_candidates(rng, 60, 12), space),
        index_vacancies(make_vacancies(rng, 200, 12), space),
    )
    moved = 0
    for row in range(60):
        scores = score_vacancies(people, row, work)
        kept = np.sort(rng.choice(200, 80, replace=False))
        pure = rank(scores)
        pure = pure[np.isin(pure, kept)]
        order = order_by_market(scores, pure, prior())
        assert sorted(order) == kept.tolist()
        first = min(10, int(scores.passed[kept].sum()))
        if first:
            assert scores.fit[order[:first]].mean() >= 0.98 * scores.fit[pure[:first]].mean() - 1e-6
        moved += order.tolist() != pure.tolist()
    assert moved > 30


def test_a_vacancy_that_is_newer_than_the_prices_costs_nothing(crowd, firm, sawing, now):
    people, _work = crowd
    operations.refresh_market_prices(now=now)
    new = make_vacancy(firm, {sawing: 4})
    assert new.pk in {match.vacancy.pk for match in queries.matches_for_cv(people[0], by_market=True)}


def test_it_never_moves_how_an_employer_sees_people(crowd, now):
    _people, work = crowd
    before = [(match.cv.pk, match.fit) for match in queries.candidates_for_vacancy(work[0])]
    operations.refresh_market_prices(now=now)
    MarketPrice.objects.filter(vacancy=work[0]).update(price=1.0)
    assert [(match.cv.pk, match.fit) for match in queries.candidates_for_vacancy(work[0])] == before


def test_computing_again_leaves_one_price_a_vacancy_and_closed_ones_drop_out(crowd):
    _people, work = crowd
    operations.refresh_market_prices(now=timezone.now())
    type(work[0]).objects.filter(pk=work[0].pk).update(status="closed", version=9)
    assert operations.refresh_market_prices(now=timezone.now()) == 3
    assert MarketPrice.objects.count() == 3


def test_a_region_without_vacancies_has_no_prices(db):
    assert operations.refresh_market_prices(now=timezone.now()) == 0
    assert queries.market_prices() is None


def test_who_applied_makes_a_vacancy_dearer_until_they_are_turned_down(crowd, now):
    people, work = crowd
    operations.refresh_market_prices(now=now)
    before = queries.market_prices()[work[2].pk]
    sent = [
        operations.apply(cv=cv, vacancy=work[2], actor=cv.owner, now=now, why="Ik zaag graag", did="")
        for cv in people[:4]
    ]
    assert queries.steps_taken() == {cv.pk: {work[2].pk: (Step.WAITS, 1)} for cv in people[:4]}
    operations.refresh_market_prices(now=now)
    waiting = queries.market_prices()[work[2].pk]
    assert waiting > before
    Application.objects.update(why="")
    operations.refresh_market_prices(now=now)
    assert before < queries.market_prices()[work[2].pk] < waiting  # who told nothing is less likely to suit
    Application.objects.update(why="Ik zaag graag")
    Application.objects.filter(pk__in=[one.pk for one in sent[:2]]).update(status="invited", was_invited=True)
    operations.refresh_market_prices(now=now)
    assert queries.market_prices()[work[2].pk] > waiting
    Application.objects.filter(pk__in=[one.pk for one in sent]).update(
        status="rejected", was_invited=False, reason="skills", decided_at=now
    )
    assert {taken.step for taken in queries.steps_taken()[people[0].pk].values()} == {Step.GONE}
    operations.refresh_market_prices(now=now)
    assert queries.market_prices()[work[2].pk] < before
