"""Work for a person, standing lists and gains: the same as computing everything anew."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import index_candidates, index_vacancies, prior, rank, score_vacancies
from matching.engine.chance import chance_of
from matching.engine.features import features
from matching.engine.index.candidates import ask, index_people, top_candidates
from matching.engine.index.gains import gain_tables, skill_gains
from matching.engine.index.topk import read_keys
from matching.engine.index.vacancies import enters, index_work, top_work
from matching.engine.pooling import Offsets
from tests.engine.pools import (
    join_candidates,
    make_candidates,
    make_space,
    make_vacancies,
    markets,
    take_candidate,
    take_candidates,
    with_skills,
)

pytestmark = pytest.mark.slow  # the loops are compiled once for a checkout, which takes a minute
FEW = settings(max_examples=40, deadline=None)


@FEW
@given(markets(), st.integers(1, 7), st.sampled_from([None, 10, 40]))
def test_work_for_a_person_is_the_reference_list(market, k, max_minutes):
    index, people = index_work(market.vacancies, market.space), index_people(market.candidates, market.space)
    for c in range(len(people.people.ids)):
        row = int(np.searchsorted(market.candidates.ids, people.people.ids[c]))
        scores = score_vacancies(market.people, row, market.work)
        keep = scores.passed.copy()
        if max_minutes is not None:
            keep &= ((scores.minutes >= 0) & (scores.minutes <= max_minutes)) | market.vacancies.remote
        order = rank(scores)
        order = order[keep[order]][:k]
        found = read_keys(top_work(index, people, c, k, max_minutes)[0])
        assert found.ids.tolist() == scores.ids[order].tolist()
        assert found.fit.tolist() == scores.fit[order].tolist()


@pytest.mark.parametrize("seed", range(3))
def test_the_best_of_many_are_found_without_scoring_all(seed):
    """So many that the bounds cut, and most of it is never scored whole."""
    rng = np.random.default_rng(seed)
    space, vacancies, candidates = make_space(rng, 8), make_vacancies(rng, 2_000, 8), make_candidates(rng, 12, 8)
    index, people = index_work(vacancies, space), index_people(candidates, space)
    reference, work = index_candidates(candidates, space), index_vacancies(vacancies, space)
    for c, pk in enumerate(people.people.ids):
        scores = score_vacancies(reference, int(np.searchsorted(candidates.ids, pk)), work)
        order = rank(scores)
        order = order[scores.passed[order]]
        for k in (1, 10, 50):
            found = read_keys(top_work(index, people, c, k)[0])
            assert found.ids.tolist() == scores.ids[order[:k]].tolist()
            assert found.fit.tolist() == scores.fit[order[:k]].tolist()


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_changed_person_enters_the_lists_in_which_ranking_everything_anew_puts_them(seed):
    """People change one after another; each is in a list exactly when their key is above the floor that was once set."""
    rng = np.random.default_rng(seed)
    space = make_space(rng, 8)
    now, later = make_candidates(rng, 12, 8), make_candidates(rng, 12, 8)
    vacancies = make_vacancies(rng, 5, 8)
    work, asked = index_work(vacancies, space), ask(vacancies, space)
    rows = np.searchsorted(vacancies.ids, work.work.ids)

    def lists(candidates):
        index = index_people(candidates, space)
        return [top_candidates(index, asked, int(v), 12, only_passing=True).keys for v in rows]

    floors = np.array([best[3] - 1 if len(best) > 3 else 0 for best in lists(now)])
    for row in range(12):
        changed = replace(take_candidate(later, row), ids=now.ids[row : row + 1])
        now = put(now, row, changed)
        entered = dict(
            zip(*(found.tolist() for found in enters(work, index_people(changed, space), 0, floors)), strict=True)
        )
        own = {at: best[read_keys(best).ids == changed.ids[0]] for at, best in enumerate(lists(now))}
        assert entered == {at: int(key[0]) for at, key in own.items() if len(key) and key[0] > floors[at]}


def put(candidates, row, one):
    """The candidates with one of them replaced."""
    rows = np.arange(len(candidates.ids))
    before, after = take_candidates(candidates, rows[:row]), take_candidates(candidates, rows[row + 1 :])
    return join_candidates(join_candidates(before, one), after)


TAUGHT = replace(  # as thousands of outcomes make it
    prior(), platt=(-0.2, 1.3), bend_x=[-4.0, -1.0, 0.5, 3.0], bend_y=[-3.0, -1.2, 0.9, 2.0],
    offsets=Offsets([[70], [7005, 7010]], [[0.4], [-0.7, 0.3]], [[0.01], [0.02, 0.02]]),
)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(markets(), st.sampled_from([None, 30]), st.sampled_from([prior(), TAUGHT]))
def test_gains_of_every_skill_are_the_recomputed_chances(market, max_minutes, model):
    index, people = index_work(market.vacancies, market.space), index_people(market.candidates, market.space)
    n = len(market.vacancies.ids)
    back = np.searchsorted(market.vacancies.ids, index.work.ids)
    queue, age = np.linspace(0, 9, n), np.linspace(0, 5, n)
    row = int(np.searchsorted(market.candidates.ids, people.people.ids[0]))

    def chances(candidates):
        scores = score_vacancies(index_candidates(candidates, market.space), row, market.work)
        reach = np.ones(n, dtype=bool)
        if max_minutes is not None:
            reach = ((scores.minutes >= 0) & (scores.minutes <= max_minutes)) | market.vacancies.remote
        return chance_of(model, features(scores, queue, age), scores.isco)[reach].sum(), int(reach.sum())

    gains, in_reach = skill_gains(index, people, 0, gain_tables(model), queue[back], age[back], max_minutes)
    before, expected = chances(market.candidates)
    assert in_reach == expected
    for skill in range(len(market.space.ids)):
        after, _n = chances(with_skills(market.candidates, row, [(skill, 9)]))
        assert gains[skill] == pytest.approx(after - before, abs=2e-5)
