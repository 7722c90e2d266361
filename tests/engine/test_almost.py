"""Almost: one change away, named, and true when it is made."""

import numpy as np
from hypothesis import given, settings

from matching.engine import index_candidates, rank, score_candidates, score_vacancies
from matching.engine.almost import _with, almost_candidates, almost_vacancies, failures_of
from tests.engine.pools import make_market as make
from tests.engine.pools import markets

FEW = settings(max_examples=60, deadline=None)


@FEW
@given(markets())
def test_almost_names_the_one_thing_and_what_it_would_bring_from_both_sides(market):
    people, work = market.people, market.work
    seen = {}
    for v in range(len(market.vacancies.ids)):
        scores = score_candidates(work, v, people)
        found = almost_candidates(work, v, people, scores, limit=100)
        order = rank(scores)
        assert [one.candidate_id for one in found] == scores.ids[order][scores.failures[order] == 1].tolist()
        for one in found:
            assert one.fails.fails
            assert one.fit_then >= one.fit
            seen[one.candidate_id, one.vacancy_id] = one
    for c in range(len(market.candidates.ids)):
        scores = score_vacancies(people, c, work)
        for one in almost_vacancies(people, c, work, scores, limit=100):
            assert seen.pop((one.candidate_id, one.vacancy_id)) == one
    assert not seen


@FEW
@given(markets())
def test_every_exclusion_has_its_reasons(market):
    people, work = market.people, market.work
    for v in range(len(market.vacancies.ids)):
        scores = score_candidates(work, v, people)
        for c, n in enumerate(scores.failures.tolist()):
            reasons = failures_of(people, c, work, v)
            assert len(reasons) == n
            assert all(reason.hard for reason in reasons)


def test_a_change_makes_the_pair_pass():
    """Over many markets every kind of failure occurs, and what was added makes the pair pass."""
    kinds = set()
    for seed in range(60):
        market = make(seed)
        for v in range(len(market.vacancies.ids)):
            scores = score_candidates(market.work, v, market.people)
            for one in almost_candidates(market.work, v, market.people, scores):
                kinds.add(one.fails.kind)
                row = int(np.searchsorted(market.candidates.ids, one.candidate_id))
                changed = index_candidates(_with(market.candidates, row, one.fails, market.vacancies, v), market.space)
                then = score_vacancies(changed, 0, market.work, np.array([v]))
                assert then.failures[0] == 0
                assert then.fit[0] == one.fit_then
    assert kinds == {"skill", "language", "certificate", "education"}
