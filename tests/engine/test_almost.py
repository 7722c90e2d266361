"""Almost: one thing in the way, and what the pair is worth without it."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from matching.engine import index_candidates, score_vacancies
from matching.engine.almost import almost_candidates, almost_vacancies, obstacles, without
from tests.engine.pools import markets, take_candidate

FEW = settings(max_examples=30, deadline=None)
MANY = 50


@FEW
@given(markets())
def test_both_sides_name_the_same_pairs_with_the_same_obstacle(market):
    people, work = market.people, market.work
    seen = {(one.row, one.vacancy_row): one for v in range(len(market.vacancies.ids))
            for one in almost_candidates(work, v, people, k=MANY)}  # fmt: skip
    other = {(one.row, one.vacancy_row): one for row in range(len(market.candidates.ids))
             for one in almost_vacancies(people, row, work, k=MANY)}  # fmt: skip
    assert seen == other
    for (row, v), one in seen.items():
        assert obstacles(people, row, work, v) == [one.obstacle]


@FEW
@given(markets())
def test_a_pair_is_left_out_only_when_nothing_or_more_than_one_thing_is_in_the_way(market):
    people, work = market.people, market.work
    for row in range(len(market.candidates.ids)):
        named = {one.vacancy_row for one in almost_vacancies(people, row, work, k=MANY)}
        for v in range(len(market.vacancies.ids)):
            assert (len(obstacles(people, row, work, v)) == 1) == (v in named)


@FEW
@given(markets())
def test_without_it_nothing_is_in_the_way_and_the_fit_is_what_the_engine_says(market):
    people, work = market.people, market.work
    for row in range(len(market.candidates.ids)):
        for one in almost_vacancies(people, row, work, k=MANY):
            changed = index_candidates(without(market.candidates, row, one.obstacle), market.space)
            assert obstacles(changed, 0, work, one.vacancy_row) == []
            again = score_vacancies(changed, 0, work, np.array([one.vacancy_row]))
            assert int(again.fit[0]) == one.fit_then >= one.fit
            assert bool(again.passed[0])


@FEW
@given(markets())
def test_the_best_come_first_and_no_more_than_asked(market):
    for row in range(len(market.candidates.ids)):
        found = almost_vacancies(market.people, row, market.work, k=2)
        assert len(found) <= 2
        keys = [(-one.fit_then, market.vacancies.ids[one.vacancy_row]) for one in found]
        assert keys == sorted(keys)


@FEW
@given(markets())
def test_the_others_in_the_pool_do_not_matter(market):
    for row in range(len(market.candidates.ids)):
        alone = index_candidates(take_candidate(market.candidates, row), market.space)
        one = almost_vacancies(market.people, row, market.work, k=MANY)
        assert [replace(each, row=0) for each in one] == almost_vacancies(alone, 0, market.work, k=MANY)
