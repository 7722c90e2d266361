"""The index gives the ids and the numbers of the readable score, for every pair and every list."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import index_candidates, index_vacancies, rank, score_candidates
from matching.engine.index import formulas
from matching.engine.index.candidates import ask, index_people, score_rows, top_candidates
from matching.engine.index.layout import BLOCK
from matching.engine.index.question import Filters
from matching.engine.index.topk import read_keys
from tests.engine.pools import crowd, make_candidates, make_market, make_space, make_vacancies, markets

pytestmark = pytest.mark.slow  # the loops are compiled once for a checkout, which takes a minute
SKILL_COLUMNS = ("skill", "level", "joy", "years_unused")
FEW = settings(max_examples=40, deadline=None)
PLAIN_COLUMNS = {
    "fit": formulas.FIT, "competence": formulas.CAN, "passion": formulas.WANT, "drive": formulas.DO,
    "core": formulas.CORE, "failures": formulas.FAILURES, "papers_missing": formulas.PAPERS,
    "education_short": formulas.SHORT, "minutes": formulas.MINUTES, "minutes_over": formulas.OVER,
}  # fmt: skip


def reference_rows(index, scores):
    """Where the rows of the index stand among the scores of the reference."""
    return np.searchsorted(scores.ids, index.people.ids)


@FEW
@given(markets(), st.integers(0, 2))
def test_every_number_of_every_pair_is_the_reference(market, motivation):
    index, asked, people, work = (
        index_people(market.candidates, market.space), ask(market.vacancies, market.space), market.people, market.work,
    )  # fmt: skip
    n = len(market.candidates.ids)
    for v in range(len(market.vacancies.ids)):
        scores = score_candidates(work, v, people, motivation=motivation)
        order = reference_rows(index, scores)
        out = score_rows(index, asked, v, np.arange(n), np.full(n, motivation))
        for name, column in PLAIN_COLUMNS.items():
            np.testing.assert_array_equal(out[:, column], getattr(scores, name)[order], err_msg=name)
        np.testing.assert_array_equal(
            out[:, formulas.PASSION_PARTS : formulas.DRIVE_PARTS], scores.passion_parts[order]
        )
        np.testing.assert_array_equal(out[:, formulas.DRIVE_PARTS :], scores.drive_parts[order])


@FEW
@given(markets(), st.integers(1, 9), st.booleans(), st.sampled_from([None, 5, 20, 60]), st.data())
def test_the_list_is_the_reference_list(market, k, hours, max_minutes, data):
    index, asked = index_people(market.candidates, market.space), ask(market.vacancies, market.space)
    n = len(market.candidates.ids)
    allowed = np.array(data.draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)), dtype=np.uint8)
    told = data.draw(st.dictionaries(st.integers(0, n - 1), st.integers(1, 2)))
    for v in range(len(market.vacancies.ids)):
        motivation = np.zeros(n, dtype=np.int64)
        rows = np.searchsorted(market.candidates.ids, index.people.ids)
        for row, strength in told.items():
            motivation[rows[row]] = strength
        scores = score_candidates(market.work, v, market.people, motivation=motivation)
        keep = np.zeros(n, dtype=bool)
        keep[rows[allowed > 0]] = True
        if max_minutes is not None and not market.vacancies.remote[v]:
            keep &= (scores.minutes >= 0) & (scores.minutes <= max_minutes)
        if hours:
            low, high = market.candidates.hours_min, market.candidates.hours_max
            meet = (low <= market.vacancies.hours_max[v]) & (high >= market.vacancies.hours_min[v])
            keep &= meet | (low < 0) | (high < 0)
        order = rank(scores)
        order = order[keep[order]]
        top = top_candidates(index, asked, v, k, Filters(max_minutes, hours, allowed), told)
        found = read_keys(top.keys)
        assert found.ids.tolist() == scores.ids[order[:k]].tolist()
        assert found.fit.tolist() == scores.fit[order[:k]].tolist()
        assert found.passed.tolist() == scores.passed[order[:k]].tolist()
        assert top.scores[:, formulas.FIT].tolist() == found.fit.tolist()
        passing = order[scores.passed[order]][:k]
        strict = top_candidates(index, asked, v, k, Filters(max_minutes, hours, allowed), told, only_passing=True)
        assert read_keys(strict.keys).ids.tolist() == scores.ids[passing].tolist()


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"level": 16}, "level must lie in 0 to 15"),
        ({"joy": 3}, "joy must lie in -1 to 2"),
        ({"skill": 9}, "skill row does not exist"),
        ({"latitude": np.inf}, "not infinite"),
        ({"ids": -1}, "id must lie in"),
    ],
)
def test_what_no_score_is_defined_on_is_refused(changes, words):
    market = make_market(5)
    for name, value in changes.items():
        column = getattr(market.candidates, name).copy()
        column[0] = value
        changed = replace(market.candidates, **{name: column})
    with pytest.raises(ValueError, match=words):
        index_people(changed, market.space)


def test_an_id_twice_is_refused():
    market = make_market(5)
    ids = market.candidates.ids.copy()
    ids[1] = ids[0]
    with pytest.raises(ValueError, match="twice"):
        index_people(replace(market.candidates, ids=ids), market.space)


def test_vacancies_of_another_taxonomy_are_refused():
    market, rng = make_market(5), np.random.default_rng(1)
    n = len(market.space.ids) + 1
    other = ask(make_vacancies(rng, 2, n), make_space(rng, n))
    with pytest.raises(ValueError, match="make the index anew"):
        top_candidates(index_people(market.candidates, market.space), other, 0)


def test_nobody_a_person_with_nothing_and_a_vacancy_that_asks_nothing():
    market = make_market(5)
    asked = ask(market.vacancies, market.space)
    rng = np.random.default_rng(1)
    nobody = index_people(make_candidates(rng, 0, len(market.space.ids)), market.space)
    assert top_candidates(nobody, asked, 0).keys.tolist() == []
    blank = make_candidates(rng, 3, len(market.space.ids))
    blank = replace(blank, indptr=np.zeros(4, dtype=np.int64), **dict.fromkeys(SKILL_COLUMNS, blank.skill[:0]))
    nothing = replace(
        market.vacancies, indptr=np.zeros_like(market.vacancies.indptr),
        **{name: getattr(market.vacancies, name)[:0] for name in ("skill", "importance", "min_level", "hard")},
    )  # fmt: skip
    for candidates, vacancies in ((blank, market.vacancies), (market.candidates, nothing), (blank, nothing)):
        index = index_people(candidates, market.space)
        scores = score_candidates(
            index_vacancies(vacancies, market.space), 0, index_candidates(candidates, market.space)
        )
        top = top_candidates(index, ask(vacancies, market.space), 0)
        assert read_keys(top.keys).ids.tolist() == scores.ids[rank(scores)].tolist()


def test_five_thousand_requirements():
    rng = np.random.default_rng(2)
    space = make_space(rng, 300)
    candidates = make_candidates(rng, 40, 300)
    n = 5_000
    one = make_vacancies(rng, 1, 300)
    vacancies = replace(
        one, indptr=np.array([0, n]), skill=rng.integers(0, 300, n, dtype=np.int32),
        importance=np.full(n, 3, dtype=np.int32), min_level=np.full(n, 15, dtype=np.int32), hard=np.zeros(n, dtype=bool),
    )  # fmt: skip
    scores = score_candidates(index_vacancies(vacancies, space), 0, index_candidates(candidates, space))
    top = top_candidates(index_people(candidates, space), ask(vacancies, space), 0, 40)
    assert read_keys(top.keys).ids.tolist() == scores.ids[rank(scores)].tolist()


def test_many_blocks_and_both_ways_through_a_block():
    """A vacancy that hardly anybody may answer to goes by rows, one that everybody may by postings; both are the reference."""
    rng = np.random.default_rng(3)
    n = 2 * BLOCK + 100
    space, candidates = make_space(rng, 40), crowd(rng, n, 40)
    vacancies = make_vacancies(rng, 6, 40)
    index, asked = index_people(candidates, space), ask(vacancies, space)
    everybody, work = index_candidates(candidates, space), index_vacancies(vacancies, space)
    few = (rng.random(n) < 0.003).astype(np.uint8)
    for v in range(6):
        scores = score_candidates(work, v, everybody)
        order = rank(scores)
        assert read_keys(top_candidates(index, asked, v).keys).ids.tolist() == scores.ids[order[:50]].tolist()
        shown = np.isin(scores.ids, index.people.ids[few > 0])
        some = read_keys(top_candidates(index, asked, v, 50, Filters(allowed=few)).keys)
        assert some.ids.tolist() == scores.ids[order[shown[order]][:50]].tolist()
