"""What holds for every score: the same by every path, exact, and never lower for who can do more."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    ONE,
    explain,
    features,
    index_candidates,
    index_vacancies,
    predict,
    prior,
    rank,
    score_candidates,
    score_vacancies,
)
from matching.engine.scale import NEUTRAL, WEIGHTS, apportion, divide
from matching.engine.score import Scores
from tests.engine.pools import CSR_FIELDS, join_candidates, make_market, markets, reordered, take_candidate, with_skills

FEW = settings(max_examples=60, deadline=None)
ARRAYS = [name for name in Scores.__dataclass_fields__ if name != "ids"]


def rows_of(market):
    return range(len(market.candidates.ids)), range(len(market.vacancies.ids))


@FEW
@given(markets(), st.integers(0, 2))
def test_both_directions_and_the_explanation_give_the_same_numbers(market, motivation):
    people, work = market.people, market.work
    forward = [score_vacancies(people, row, work, motivation=motivation) for row in rows_of(market)[0]]
    for v in rows_of(market)[1]:
        back = score_candidates(work, v, people, motivation=motivation)
        for c, scores in enumerate(forward):
            for name in ARRAYS:
                np.testing.assert_array_equal(getattr(scores, name)[v], getattr(back, name)[c], err_msg=name)
            story = explain(people, c, work, v, motivation)
            assert (story.fit, story.parts[0].score) == (scores.fit[v], scores.competence[v])
            assert sum(cover.fails for cover in story.requirements) == scores.failures[v]


@FEW
@given(markets(), st.data())
def test_scores_of_some_rows_are_those_among_all(market, data):
    people, work = market.people, market.work
    v = data.draw(st.lists(st.sampled_from(rows_of(market)[1])))
    whole = score_vacancies(people, 0, work)
    some = score_vacancies(people, 0, work, np.array(v, dtype=np.int64))
    np.testing.assert_array_equal(some.fit, whole.fit[v])
    alone = score_candidates(work, 0, index_candidates(take_candidate(market.candidates, 0), market.space))
    assert alone.fit[0] == whole.fit[0]


@FEW
@given(markets(), st.integers(0, 2))
def test_contributions_add_up_to_the_last_digit(market, motivation):
    people, work = market.people, market.work
    for c in rows_of(market)[0]:
        for v in rows_of(market)[1]:
            story = explain(people, c, work, v, motivation)
            competence, passion, drive = story.parts
            assert competence.adds + passion.adds + drive.adds == story.fit
            assert sum(line.adds for line in story.passion) == passion.adds
            assert sum(line.adds for line in story.drive) == drive.adds
            if story.requirements:
                assert sum(cover.adds for cover in story.requirements) == competence.adds
            else:
                assert competence.score == NEUTRAL
                assert not competence.known
            weighted = sum(part.score * part.weight for part in story.parts)
            assert story.fit == divide(np.int64(weighted), 100)
            assert all(line.adds >= 0 for line in (*story.parts, *story.passion, *story.drive, *story.requirements))


@FEW
@given(markets())
def test_scores_stay_on_their_scale(market):
    scores = score_vacancies(market.people, 0, market.work)
    for name in ("fit", "competence", "passion", "drive", "core"):
        values = getattr(scores, name)
        assert ((values >= 0) & (values <= ONE)).all(), name
    assert ((scores.passion_parts >= -1) & (scores.passion_parts <= ONE)).all()
    x = features(scores, 3.0, 2.0)
    assert ((x >= 0) & (x <= 1)).all()


@FEW
@given(markets(), st.data())
def test_another_skill_never_costs_fit_or_chance_however_low_old_or_far(market, data):
    skill = data.draw(st.integers(0, len(market.space.ids) - 1))
    level, unused = data.draw(st.integers(1, 15)), data.draw(st.integers(0, 60))
    more = with_skills(market.candidates, 0, [(skill, level)], years_unused=unused)
    assert_never_worse(market, market.candidates, more)


@FEW
@given(markets(), st.data())
def test_a_better_level_never_costs_fit_or_chance(market, data):
    if not len(market.candidates.skill):
        return
    entry = data.draw(st.integers(0, len(market.candidates.skill) - 1))
    level = market.candidates.level.copy()
    level[entry] = data.draw(st.integers(int(level[entry]), 15))
    assert_never_worse(market, market.candidates, replace(market.candidates, level=level))


@FEW
@given(markets(), st.data())
def test_another_certificate_never_costs_fit_or_chance(market, data):
    papers = market.candidates.certificates.copy()
    papers[0, 0] |= np.uint64(1 << data.draw(st.integers(0, 3)))
    assert_never_worse(market, market.candidates, replace(market.candidates, certificates=papers))


@FEW
@given(markets())
def test_a_higher_diploma_never_costs_fit_or_chance_once_one_is_known(market):
    education = np.where(market.candidates.education > 0, np.minimum(market.candidates.education + 1, 8), 0)
    assert_never_worse(market, market.candidates, replace(market.candidates, education=education.astype(np.int32)))


def assert_never_worse(market, before, after):
    work = market.work
    parameters = prior()
    one, other = index_candidates(before, market.space), index_candidates(after, market.space)
    for c in range(len(before.ids)):
        old, new = score_vacancies(one, c, work), score_vacancies(other, c, work)
        assert (new.fit >= old.fit).all()
        assert (new.failures <= old.failures).all()
        p_old, p_new = (predict(parameters, features(scores, 4.0, 1.0)).p for scores in (old, new))
        assert (p_new >= p_old - 1e-12).all()


@FEW
@given(markets(), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_the_input(market, random):
    order = list(range(len(market.candidates.ids)))
    random.shuffle(order)
    mixed = index_candidates(reordered(market.candidates, np.array(order)), market.space)
    for v in rows_of(market)[1]:
        scores = score_candidates(market.work, v, market.people)
        again = score_candidates(market.work, v, mixed)
        assert scores.ids[rank(scores)].tolist() == again.ids[rank(again)].tolist()
        np.testing.assert_array_equal(scores.fit[order], again.fit)


@FEW
@given(markets())
def test_rank_puts_who_passes_first_then_fit_then_id(market):
    scores = score_candidates(market.work, 0, market.people)
    keys = [(not scores.passed[i], -scores.fit[i], scores.ids[i]) for i in rank(scores)]
    assert keys == sorted(keys)
    assert rank(scores, 2).tolist() == rank(scores).tolist()[:2]


def test_a_near_skill_counts_for_less_than_the_skill_itself_and_a_far_one_for_nothing():
    market = make_market(1)
    space = replace(
        market.space, ids=np.array([1, 2, 3]), idf=np.array([5, 5, 5], dtype=np.int32),
        near_indptr=np.array([0, 2, 4, 5]), near=np.array([0, 1, 0, 1, 2], dtype=np.int32),
        similarity=np.array([15, 10, 10, 15, 15], dtype=np.int32),
    )  # fmt: skip
    asked = replace(
        market.vacancies, indptr=np.array([0, *[1] * len(market.vacancies.ids)]), skill=np.array([0], dtype=np.int32),
        importance=np.array([3], dtype=np.int32), min_level=np.array([9], dtype=np.int32), hard=np.array([False]),
        languages=np.zeros_like(market.vacancies.languages), education=np.zeros_like(market.vacancies.education),
        certificates=np.zeros_like(market.vacancies.certificates),
        certificates_hard=np.zeros_like(market.vacancies.certificates),
    )  # fmt: skip
    nobody = empty_person(market)
    said = [
        int(
            score_vacancies(
                index_candidates(with_skills(nobody, 0, [(skill, 9)]), space), 0, index_vacancies(asked, space)
            ).competence[0]
        )
        for skill in (0, 1, 2)
    ]
    assert said == [10_000, 6_667, 0]


def empty_person(market):
    """Nothing filled in at all."""
    one = take_candidate(market.candidates, 0)
    nothing = {name: getattr(one, name)[:0] for name in CSR_FIELDS - {"indptr", "wish_indptr"}}
    unknown = {
        name: np.full_like(getattr(one, name), -1)
        for name in ("languages", "interests", "values", "hours_min", "hours_max", "max_minutes", "ready_to_learn")
    }
    zero = {
        name: np.zeros_like(getattr(one, name))
        for name in ("education", "certificates", "wished_sectors", "days", "initiatives")
    }
    place = {"latitude": np.array([np.nan]), "longitude": np.array([np.nan])}
    pointers = {"indptr": np.array([0, 0]), "wish_indptr": np.array([0, 0])}
    return replace(one, **nothing, **unknown, **zero, **place, **pointers)


def test_an_empty_cv_for_a_vacancy_that_asks_nothing_is_neutral_all_over():
    market = make_market(3)
    asked = replace(
        market.vacancies, indptr=np.zeros_like(market.vacancies.indptr), skill=market.vacancies.skill[:0],
        importance=market.vacancies.importance[:0], min_level=market.vacancies.min_level[:0],
        hard=market.vacancies.hard[:0], education=np.zeros_like(market.vacancies.education),
        languages=np.zeros_like(market.vacancies.languages),
        certificates=np.zeros_like(market.vacancies.certificates),
        certificates_hard=np.zeros_like(market.vacancies.certificates),
        remote=np.zeros_like(market.vacancies.remote),
    )  # fmt: skip
    people = index_candidates(empty_person(market), market.space)
    work = index_vacancies(asked, market.space)
    story = explain(people, 0, work, 0)
    assert [part.score for part in story.parts] == [NEUTRAL] * 3
    assert not any(part.known for part in story.parts)
    assert (story.fit, story.requirements, story.minutes) == (NEUTRAL, (), -1)
    assert np.isnan(story.km)


def test_no_vacancies_and_no_people_give_empty_scores():
    market = make_market(5)
    none = np.array([], dtype=np.int64)
    assert score_vacancies(market.people, 0, market.work, none).fit.shape == (0,)
    scores = score_candidates(market.work, 0, market.people, none)
    assert rank(scores).tolist() == []


@pytest.mark.parametrize("row", [-1, 99])
def test_a_skill_that_the_space_does_not_know_is_refused(row):
    market = make_market(7)
    with pytest.raises(ValueError, match="skill row"):
        index_candidates(with_skills(market.candidates, 0, [(row, 9)]), market.space)
    strange = replace(
        market.vacancies, indptr=np.array([0, *[1] * len(market.vacancies.ids)]), skill=np.array([row]),
        importance=np.array([1]), min_level=np.array([3]), hard=np.array([False]),
    )  # fmt: skip
    with pytest.raises(ValueError, match="skill row"):
        index_vacancies(strange, market.space)


@given(st.integers(0, 20_000), st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
def test_apportion_adds_up_and_stays_within_one_of_the_share(total, shares):
    parts = apportion(total, shares)
    assert sum(parts) == total
    whole = sum(shares)
    if whole:
        for part, share in zip(parts, shares, strict=True):
            assert abs(part - total * share / whole) < 1


@given(st.integers(0, 20_000), st.lists(st.integers(1, 10_000), min_size=2, max_size=8))
def test_apportion_gives_a_larger_share_no_less(total, shares):
    parts = apportion(total, shares)
    for i, one in enumerate(shares):
        for j, other in enumerate(shares):
            assert one <= other or parts[i] >= parts[j]


@pytest.mark.parametrize("total, shares", [(-1, [1]), (1, [1, -1])])
def test_apportion_refuses_negative_numbers(total, shares):
    with pytest.raises(ValueError, match="negative"):
        apportion(total, shares)


def test_the_weights_are_whole_and_add_up():
    assert (WEIGHTS.competence, WEIGHTS.passion, WEIGHTS.drive) == (50, 35, 15)


# Scaling: what counts is how weights and answers lie beside each other, not their unit.


def assert_same_scores(people, work, others, other_work, names, of=slice(None)):
    for row in range(len(people.candidates.ids)):
        before, after = score_vacancies(people, row, work), score_vacancies(others, row, other_work)
        for name in names:
            np.testing.assert_array_equal(getattr(before, name)[of], getattr(after, name)[of], err_msg=name)


@FEW
@given(markets(), st.sampled_from([2, 3]))
def test_scaling_the_weight_of_every_skill_changes_no_score(market, times):
    heavier = replace(market.space, idf=market.space.idf * times)
    people, work = index_candidates(market.candidates, heavier), index_vacancies(market.vacancies, heavier)
    assert_same_scores(market.people, market.work, people, work, ("mastery", "core", "passion", "drive", "failures"))
    plain = ~(market.vacancies.languages.any(axis=1) | market.vacancies.certificates.any(axis=1))
    plain &= market.vacancies.education == 0  # those have weights of their own
    assert_same_scores(market.people, market.work, people, work, ARRAYS, plain)


@FEW
@given(markets(), st.sampled_from([2, 4]), st.integers(0, 50))
def test_scaling_answers_about_interests_and_values_changes_no_score_and_no_order(market, times, more):
    """Interests are a profile: stronger or higher all over is the same one. Values of person and work share one unit."""
    known = lambda answers, scaled: np.where(answers >= 0, scaled, answers).astype(np.int32)  # noqa: E731
    interests, values, offers = market.candidates.interests, market.candidates.values, market.vacancies.values
    stronger = replace(
        market.candidates,
        interests=known(interests, times * interests + more), values=known(values, times * values),
    )  # fmt: skip
    people = index_candidates(stronger, market.space)
    work = index_vacancies(replace(market.vacancies, values=known(offers, times * offers)), market.space)
    assert_same_scores(market.people, market.work, people, work, ARRAYS)
    for v in rows_of(market)[1]:
        before, after = score_candidates(market.work, v, market.people), score_candidates(work, v, people)
        assert rank(before).tolist() == rank(after).tolist()


@FEW
@given(markets(), st.integers(1, 4))
def test_the_same_people_more_often_under_other_ids_keep_their_fit_and_their_order(market, times):
    pool = crowd = market.candidates
    for more in range(1, times):
        crowd = join_candidates(crowd, replace(pool, ids=pool.ids + 10_000 * more))
    people = index_candidates(crowd, market.space)
    for v in rows_of(market)[1]:
        few, many = score_candidates(market.work, v, market.people), score_candidates(market.work, v, people)
        order = rank(many)
        np.testing.assert_array_equal(many.fit[order], np.repeat(few.fit[rank(few)], times))
        for turn in range(times):
            of_these = order[order // len(pool.ids) == turn] % len(pool.ids)
            assert of_these.tolist() == rank(few).tolist()
