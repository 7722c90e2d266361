"""What a course is said to bring is what comes out when somebody has really done it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import features, gains, index_candidates, opens, predict, prior, score_vacancies
from tests.engine.pools import markets, with_skills

FEW = settings(max_examples=80, deadline=None)


def finished(market, row: int, programme: int, asked: int = 0):
    """The candidates after this person finished the programme, built by hand."""
    courses, people = market.programmes, market.candidates
    taught = slice(courses.indptr[programme], courses.indptr[programme + 1])
    skills = list(zip(courses.skill[taught].tolist(), courses.level[taught].tolist(), strict=True))
    certificates, education = people.certificates.copy(), people.education.copy()
    certificates[row] |= courses.certificates[programme]
    if education[row] > 0 or courses.grants_education[programme] >= max(1, asked):
        education[row] = max(education[row], courses.grants_education[programme])
    return replace(with_skills(people, row, skills), certificates=certificates, education=education)


def chance(index, row, market, v, applicants, weeks, motivation=0):
    scores = score_vacancies(index, row, market.work, np.array([v]), motivation)
    return predict(prior(), features(scores, applicants, weeks)).p[0]


@FEW
@given(markets(), st.data())
def test_the_promise_equals_the_recomputation(market, data):
    row = data.draw(st.integers(0, len(market.candidates.ids) - 1))
    v = data.draw(st.integers(0, len(market.vacancies.ids) - 1))
    motivation = data.draw(st.integers(0, 2))
    for gain in gains(market.people, row, market.work, v, market.programmes, prior(), 3.0, 1.5, motivation):
        after = index_candidates(finished(market, row, gain.programme_row, market.vacancies.education[v]), market.space)
        assert gain.before.p[0] == pytest.approx(chance(market.people, row, market, v, 3.0, 1.5, motivation), abs=1e-12)
        assert gain.after.p[0] == pytest.approx(chance(after, row, market, v, 3.0, 1.5, motivation), abs=1e-12)
        assert gain.gain == gain.after.p[0] - gain.before.p[0]


@FEW
@given(markets(), st.data())
def test_a_programme_that_is_left_out_would_have_changed_nothing_or_cannot_be_entered(market, data):
    row = data.draw(st.integers(0, len(market.candidates.ids) - 1))
    v = data.draw(st.integers(0, len(market.vacancies.ids) - 1))
    named = {
        gain.programme_row for gain in gains(market.people, row, market.work, v, market.programmes, prior(), 3.0, 1.5)
    }
    has = market.candidates.education[row]
    before = chance(market.people, row, market, v, 3.0, 1.5)
    for programme in range(len(market.programmes.ids)):
        if programme in named:
            assert has == 0 or market.programmes.entry_education[programme] <= has
        elif has == 0 or market.programmes.entry_education[programme] <= has:
            after = index_candidates(finished(market, row, programme, market.vacancies.education[v]), market.space)
            assert chance(after, row, market, v, 3.0, 1.5) == pytest.approx(before, abs=1e-12)


@FEW
@given(markets())
def test_gains_come_largest_first_and_nobody_loses_by_learning(market):
    for v in range(len(market.vacancies.ids)):
        found = gains(market.people, 0, market.work, v, market.programmes, prior(), 3.0, 1.5)
        keys = [(-gain.gain, market.programmes.ids[gain.programme_row]) for gain in found]
        assert keys == sorted(keys)
        assert all(gain.gain >= -1e-12 for gain in found)


@FEW
@given(markets())
def test_opened_vacancies_are_those_that_cross_even_odds(market):
    n = len(market.vacancies.ids)
    chosen = np.arange(len(market.programmes.ids))
    counted = opens(market.people, 0, market.work, market.programmes, chosen, prior(), np.full(n, 0.5), np.full(n, 1.0))
    for programme, count in zip(chosen, counted, strict=True):
        after = index_candidates(finished(market, 0, programme), market.space)
        crossed = sum(
            chance(market.people, 0, market, v, 0.5, 1.0) < 0.5 <= chance(after, 0, market, v, 0.5, 1.0)
            for v in range(n)
        )
        assert crossed == count
