"""What a course is said to bring is what comes out when somebody has really done it."""

from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import chances, gains, index_candidates, prior, score_vacancies
from matching.engine.pooling import Offsets
from matching.engine.training import enters, pairs_of
from matching.engine.training_batch import everybody
from matching.engine.training_ground import lay_out
from matching.engine.training_market import chances_after, everything, stand, tables, to_even_odds
from tests.engine.pools import make_market, markets, with_skills

FEW = settings(max_examples=25, deadline=None)


def finished(market, row: int, bundle: tuple[int, ...], asked: int = 0):
    """The candidates after this person finished the courses, built by hand."""
    courses, people = market.programmes, market.candidates
    certificates, education, languages = people.certificates.copy(), people.education.copy(), people.languages.copy()
    own = slice(people.indptr[row], people.indptr[row + 1])
    level = dict(zip(people.skill[own].tolist(), people.level[own].tolist(), strict=True))
    skills = []
    for programme in bundle:
        taught = slice(courses.indptr[programme], courses.indptr[programme + 1])
        pairs = zip(courses.skill[taught].tolist(), courses.level[taught].tolist(), strict=True)
        skills += [(skill, reached) for skill, reached in pairs if reached >= level.get(skill, 0)]
        certificates[row] |= courses.certificates[programme]
        if (people.languages[row] >= 0).any():
            for column, reached in enumerate(courses.languages[programme]):
                languages[row, column] = max(languages[row, column], reached) if reached else languages[row, column]
    grants = max(courses.grants_education[list(bundle)])
    if people.education[row] > 0 or grants >= max(1, asked):
        education[row] = max(education[row], grants)
    changed = with_skills(people, row, skills)
    return replace(changed, certificates=certificates, education=education, languages=languages)


def chance(index, row, market, v, applicants, weeks, motivation=0, parameters=None):
    scores = score_vacancies(index, row, market.work, np.array([v]), motivation)
    return chances(parameters or prior(), scores, applicants, weeks).p[0]


def easier(by: float):
    """The written-down prior in a market where invitations come easier, by so many log-odds."""
    return replace(prior(), base=prior().base + by)


def learned(by: float):
    """The same with a line, a bend, and work of which some kinds are easier."""
    offsets = Offsets([[70], [7005, 7010]], [[0.2], [-0.4, 0.3]], [[0.01], [0.01, 0.02]])
    bend = {"bend_x": [-20.0, -1.0, 0.2, 1.0, 20.0], "bend_y": [-20.5, -1.4, 0.1, 0.6, 19.6]}
    return replace(easier(by), platt=(-0.2, 0.8), offsets=offsets, **bend)


@cache
def read(model, by: float):
    return tables(model(by))


def bundles_of(market) -> list[tuple[int, ...]]:
    courses = range(len(market.programmes.ids))
    return [*((one,) for one in courses), *combinations(courses, 2)]


@FEW
@given(markets(), st.data())
def test_the_promise_equals_the_recomputation_also_of_two_courses(market, data):
    row = data.draw(st.integers(0, len(market.candidates.ids) - 1))
    v = data.draw(st.integers(0, len(market.vacancies.ids) - 1))
    told = data.draw(st.integers(0, 2))
    bundles = bundles_of(market)
    found = gains(market.people, row, market.work, v, market.programmes, prior(), 3.0, 1.5, told, bundles)
    assert sorted(gain.bundle for gain in found) == sorted(bundles)
    for gain in found:
        after = index_candidates(finished(market, row, gain.bundle, market.vacancies.education[v]), market.space)
        assert gain.before.p[0] == pytest.approx(chance(market.people, row, market, v, 3.0, 1.5, told), abs=1e-12)
        assert gain.after.p[0] == pytest.approx(chance(after, row, market, v, 3.0, 1.5, told), abs=1e-12)
        assert gain.gain == gain.after.p[0] - gain.before.p[0]
        assert -1e-12 <= gain.low <= gain.gain + 1e-12
        assert gain.gain <= gain.high


@FEW
@given(markets(), st.data())
def test_a_programme_that_is_left_out_would_have_changed_nothing_or_cannot_be_entered(market, data):
    row = data.draw(st.integers(0, len(market.candidates.ids) - 1))
    v = data.draw(st.integers(0, len(market.vacancies.ids) - 1))
    found = gains(market.people, row, market.work, v, market.programmes, prior(), 3.0, 1.5)
    named = {gain.bundle[0] for gain in found}
    may = enters(market.candidates, row, market.programmes)
    before = chance(market.people, row, market, v, 3.0, 1.5)
    for programme in range(len(market.programmes.ids)):
        if programme in named:
            assert may[programme]
        elif may[programme]:
            after = index_candidates(finished(market, row, (programme,), market.vacancies.education[v]), market.space)
            assert chance(after, row, market, v, 3.0, 1.5) == pytest.approx(before, abs=1e-12)


@FEW
@given(markets())
def test_gains_come_largest_first_nobody_loses_by_learning_and_two_bring_no_less_than_one(market):
    for v in range(len(market.vacancies.ids)):
        found = gains(market.people, 0, market.work, v, market.programmes, prior(), 3.0, 1.5)
        keys = [(-gain.gain, market.programmes.ids[gain.bundle[0]]) for gain in found]
        assert keys == sorted(keys)
        assert all(gain.gain >= -1e-12 for gain in found)
        alone = {gain.bundle: gain.gain for gain in found}
        both = gains(market.people, 0, market.work, v, market.programmes, prior(), 3.0, 1.5, bundles=pairs_of(found))
        for gain in both:
            assert gain.gain >= max(alone[(one,)] for one in gain.bundle) - 1e-12


@FEW
@given(markets(), st.data())
def test_the_fast_way_over_the_market_gives_the_same_chances_and_leaves_nothing_out(market, data):
    row = data.draw(st.integers(0, len(market.candidates.ids) - 1))
    told = data.draw(st.integers(0, 2))
    n = len(market.vacancies.ids)
    rivals, weeks = np.linspace(0, 4, n), np.linspace(6, 0, n)
    ground, bundles = lay_out(market.work, market.programmes), bundles_of(market)
    now = stand(ground, market.people, row, read(easier, 0.0), rivals, weeks, told)
    found = chances_after(ground, now, bundles, everything(now))
    said = {(b, v): p for b, v, p in zip(found.bundle.tolist(), found.vacancy.tolist(), found.after, strict=True)}
    assert len(said) == len(found.bundle)
    for v in range(n):
        before = chance(market.people, row, market, v, rivals[v], weeks[v], told)
        assert now.p[v] == pytest.approx(before, abs=1e-12)
        for b, bundle in enumerate(bundles):
            later = index_candidates(finished(market, row, bundle, market.vacancies.education[v]), market.space)
            after = chance(later, row, market, v, rivals[v], weeks[v], told)
            assert said.get((b, v), before) == pytest.approx(after, abs=1e-12)


@FEW
@given(markets(), st.sampled_from([easier, learned]), st.sampled_from([1.0, 2.5]))
def test_opened_vacancies_are_those_that_cross_even_odds(market, model, by):
    n, parameters = len(market.vacancies.ids), model(by)
    ground, bundles = lay_out(market.work, market.programmes), bundles_of(market)
    now = stand(ground, market.people, 0, read(model, by), np.full(n, 0.5), np.full(n, 1.0))
    near = to_even_odds(now)
    everywhere = chances_after(ground, now, bundles, everything(now))
    counted = chances_after(ground, now, bundles, near).opens(len(bundles))
    assert counted.tolist() == everywhere.opens(len(bundles)).tolist(), "what is out of reach never crosses"
    for bundle, count in zip(bundles, counted, strict=True):
        crossed = sum(
            now.p[v] < 0.5 <= chance(
                index_candidates(finished(market, 0, bundle, market.vacancies.education[v]), market.space),
                0, market, v, 0.5, 1.0, parameters=parameters,
            )
            for v in range(n)
        )  # fmt: skip
        assert crossed == count


@FEW
@given(markets(), st.sampled_from([easier, learned]))
def test_everybody_at_once_is_everybody_alone(market, model):
    n, chance = len(market.vacancies.ids), read(model, 1.5)
    rivals, weeks = np.linspace(0, 4, n), np.linspace(6, 0, n)
    wanted = np.arange(n) % 3 != 1
    ground, bundles = lay_out(market.work, market.programmes), bundles_of(market)
    found = list(everybody(ground, market.candidates, chance, rivals, weeks, bundles, wanted))
    assert len(found) == len(market.candidates.ids)
    for row, (now, after) in enumerate(found):
        alone = stand(ground, market.people, row, chance, rivals, weeks)
        assert now.p.tolist() == alone.p.tolist()
        then = chances_after(ground, alone, bundles, everything(alone))
        kept = then.crossed & wanted[then.vacancy]
        assert len(after.after) == kept.sum()
        assert after.crossed.all()
        said, expected = (
            {(b, v): p for b, v, p in zip(*columns, strict=True)}
            for columns in (
                (after.bundle, after.vacancy, after.after),
                (then.bundle[kept], then.vacancy[kept], then.after[kept]),
            )
        )
        assert said == pytest.approx(expected, abs=1e-12)


def test_some_course_opens_something():
    """The test above would pass if nothing ever crossed."""
    opened = 0
    for seed in range(24):
        market = make_market(seed)
        n = len(market.vacancies.ids)
        ground, bundles = lay_out(market.work, market.programmes), bundles_of(market)
        now = stand(ground, market.people, 0, read(easier, float(seed % 4)), np.full(n, 0.5), np.full(n, 1.0))
        opened += chances_after(ground, now, bundles, to_even_odds(now)).opens(len(bundles)).sum()
    assert opened > 0
