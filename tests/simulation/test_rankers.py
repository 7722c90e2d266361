"""One suite that every ranker passes, and what fairness and monotonicity ask of the whole way from a CV to a chance."""

from dataclasses import fields, replace

import numpy as np
import pytest
from scipy import sparse

from matching.engine.scale import ONE
from simulation.evaluation.rankers import RANKERS, Sight, fit_of_parts
from simulation.evaluation.rankings import judge_rankers
from simulation.evaluation.report import over_seeds, spread_over_seeds, summary_lines
from simulation.evaluation.year import (
    APPLICATIONS,
    COUNTED,
    HELD_AGAINST,
    MONTHS,
    Lots,
    Stage,
    differences,
    draw_lots,
    live_a_year,
    live_years,
    rows_of,
)

PEOPLE, VACANCIES, SKILLS = 12, 30, 20
BY_PERSON = {"people_ids", "has", "cvs", "called"}
BY_VACANCY = {"vacancy_ids", "asks", "adverts", "openings", "drawn"}


def a_sight(seed: int = 1) -> Sight:
    """Random people and vacancies; everything that may occur, unknown parts and people whom nothing suits included."""
    rng = np.random.default_rng(seed)
    shape = PEOPLE, VACANCIES
    words = [f"vak{number}" for number in range(SKILLS)]
    has = sparse.csr_array(rng.integers(1, 16, (PEOPLE, SKILLS)) * (rng.random((PEOPLE, SKILLS)) < 0.4))
    asks = sparse.csr_array(rng.integers(1, 4, (VACANCIES, SKILLS)) * (rng.random((VACANCIES, SKILLS)) < 0.3))
    passed = rng.random(shape) < 0.8
    passed[0] = False
    return Sight(
        people_ids=np.sort(rng.choice(1000, PEOPLE, replace=False)),
        vacancy_ids=np.sort(rng.choice(1000, VACANCIES, replace=False)),
        fit=rng.integers(0, ONE, shape), competence=rng.integers(0, ONE, shape), passion=rng.integers(0, ONE, shape),
        passion_parts=rng.integers(-1, ONE, (*shape, 4)), drive=rng.integers(0, ONE, shape), passed=passed,
        chance=rng.random(shape), suited=rng.random(shape), openings=rng.integers(1, 4, VACANCIES), has=has, asks=asks,
        cvs=[" ".join(np.array(words)[row > 0]) for row in has.toarray()],
        adverts=[" ".join(np.array(words)[row > 0]) or "werk" for row in asks.toarray()],
        drawn=rng.integers(0, 30, VACANCIES).astype(float), called=rng.integers(0, 5, PEOPLE).astype(float),
    )  # fmt: skip


def reordered(sight: Sight, people: np.ndarray, vacancies: np.ndarray) -> Sight:
    """The same people and vacancies in another order."""
    changed = {}
    for one in fields(sight):
        value = getattr(sight, one.name)
        rows = people if one.name in BY_PERSON else vacancies if one.name in BY_VACANCY else None
        if rows is None:
            changed[one.name] = value[people][:, vacancies]
        else:
            changed[one.name] = [value[row] for row in rows] if isinstance(value, list) else value[rows]
    return replace(sight, **changed)


@pytest.fixture(params=RANKERS.items(), ids=RANKERS)
def ranker(request):
    return request.param[1]


def test_every_pair_gets_a_finite_worth(ranker):
    worth = ranker(a_sight())
    assert worth.shape == (PEOPLE, VACANCIES)
    assert np.isfinite(worth).all()


def test_the_same_question_has_the_same_answer(ranker):
    np.testing.assert_array_equal(ranker(a_sight()), ranker(a_sight()))


def test_the_order_of_the_input_does_not_matter(ranker):
    sight, rng = a_sight(2), np.random.default_rng(3)
    people, vacancies = rng.permutation(PEOPLE), rng.permutation(VACANCIES)
    one, other = ranker(sight)[people][:, vacancies], ranker(reordered(sight, people, vacancies))
    np.testing.assert_allclose(one, other, atol=1e-9)


def test_it_tells_vacancies_apart(ranker):
    assert all(len(np.unique(row)) > VACANCIES / 4 for row in ranker(a_sight()))


def test_one_person_and_one_vacancy_can_be_ranked(ranker):
    assert ranker(reordered(a_sight(), np.array([3]), np.array([4]))).shape == (1, 1)


@pytest.mark.parametrize("name", ["fit", "wish", "benefit", "market"])
def test_who_fails_what_is_indispensable_comes_last(name):
    sight = a_sight()
    worth = RANKERS[name](sight)
    for row, passed in zip(worth, sight.passed, strict=True):
        if passed.any() and not passed.all():
            assert row[passed].min() > row[~passed].max()


@pytest.mark.parametrize("name", ["fit", "chance", "wish", "benefit"])
def test_worth_of_a_pair_does_not_depend_on_who_else_is_there(name):
    sight = a_sight()
    part = reordered(sight, np.array([2, 5]), np.array([1, 7, 9]))
    np.testing.assert_array_equal(RANKERS[name](part), RANKERS[name](sight)[[2, 5]][:, [1, 7, 9]])


def test_an_order_by_the_truth_is_perfect_and_a_random_one_is_not():
    sight = a_sight()
    rng = np.random.default_rng(4)
    rows = {
        row["ranker"]: row
        for row in judge_rankers(sight, rng.random((PEOPLE, VACANCIES)), rng.random((PEOPLE, VACANCIES)))
    }
    assert rows["oracle"]["ndcg_vacancies"] == rows["oracle"]["ndcg_people"] == pytest.approx(1)
    assert rows["random"]["ndcg_vacancies"] < 0.9
    assert "ndcg_people" not in rows["market"]  # it orders what people are shown, never applicants


def test_all_parts_together_are_the_fit():
    sight = a_sight()
    none_silent = replace(
        sight, passion_parts=np.full((PEOPLE, VACANCIES, 4), 7000), passion=np.full_like(sight.fit, 7000)
    )
    whole = (50 * sight.competence + 35 * 7000 + 15 * sight.drive + 50) // 100 / ONE
    worth = fit_of_parts(none_silent, True, (0, 1, 2, 3), True)
    np.testing.assert_allclose(worth[sight.passed], whole[sight.passed])


def test_lots_are_the_same_for_every_order_of_a_seed():
    one, other = draw_lots(5, 6, 1), draw_lots(5, 6, 1)
    for field in fields(Lots):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


def test_seeds_are_summed_up_by_mean_and_worst():
    def result(seed: int, ece: float) -> dict:
        row = {"ece_true": 0.0, "auc_gap": ece, "below_base": 0.3 - ece, "coverage": 0.8 + ece}
        ours = row | {"model": "ours", "ece": ece, "hidden": 0.6, "spread": 0.5 + ece}
        rows = [row | {"model": "oracle", "n": 0, "ece": 0.01}, row | {"model": "shown", "n": 0, "auc_gap": ece / 2}]
        for n in (100, 900 + seed):
            rows += [ours | {"n": n}, row | {"model": "level", "n": n, "ece": ece - 1 / n}]
        return {"process": "linear", "seed": seed, "chances": rows}

    results = [result(1, 0.02), result(2, 0.04)]
    rows = over_seeds(results)
    assert [(row["n"], row["seeds"]) for row in rows] == [("100", 2), ("all", 2)]
    assert rows[0]["ece"] == pytest.approx(0.03)
    assert (rows[0]["worst_ece"], rows[0]["floor"]) == (0.04, 0.01)
    assert rows[0]["worst_below_base"] == pytest.approx(0.26)
    means = {"level": 0.02, "auc_gap": 0.03, "shown": 0.015, "hidden": 0.6, "spread": 0.53}
    assert {name: rows[0][name] for name in means} == pytest.approx(means)
    assert rows[1]["level"] == pytest.approx(0.03 - (1 / 901 + 1 / 902) / 2)
    assert "0.0400" in "\n".join(summary_lines(results))
    assert list(summary_lines([{"process": "linear"}])) == []


def test_years_of_regions_are_summed_up_with_the_error_over_regions():
    def result(more: float) -> dict:
        row = dict.fromkeys(COUNTED, 1.0) | {f"d_{name}": more for name in HELD_AGAINST}
        return {"year": [row | {"region": "ordinary", "order": "market"}]}

    (row,) = spread_over_seeds([result(1.0), result(3.0)], "year", ("region", "order"), COUNTED, HELD_AGAINST)
    assert (row["regions"], row["hires"], row["d_hires"], row["se_hires"]) == (2, 1.0, 2.0, pytest.approx(1.0))
    assert "Twelve months" in "\n".join(summary_lines([result(1.0)]))


def a_stage(outside: float | None = None, wish: float = 1.0) -> Stage:
    """Everybody is invited and hired at once: all true chances are one."""
    sight = a_sight(5)
    shape = sight.fit.shape
    return Stage(
        sight, sight.chance, sight.suited, np.ones(shape, dtype=bool), np.full(shape, wish), outside, np.ones(shape),
        lambda rows, columns, before: np.ones(len(rows)),
    )  # fmt: skip


def test_a_year_counts_what_happens_and_fit_is_held_against_itself():
    stage = a_stage(wish=0.5)
    rows = {row["order"]: row for row in rows_of(live_years(stage, 1, 3, ("fit", "market")))}
    looking = int(stage.sight.passed.any(axis=1).sum())
    assert 0 < rows["fit"]["hires"] <= min(looking, stage.sight.openings.sum())
    assert rows["fit"]["invitations"] == rows["fit"]["hires"]
    assert rows["fit"]["welfare"] == pytest.approx(0.5 * rows["fit"]["hires"])
    assert rows["fit"]["d_hires"] == rows["fit"]["fit_lost"] == 0
    assert rows["market"]["fit_lost"] <= 0.02 + 1e-9
    assert rows_of(live_years(stage, 1, 3, ("fit", "market"))) == list(rows.values())


def test_differences_are_of_the_same_draws():
    years = [dict.fromkeys(HELD_AGAINST, value) for value in (1.0, 5.0)]
    found = differences(years, [dict.fromkeys(HELD_AGAINST, value) for value in (0.0, 2.0)])
    assert (found["d_hires"], found["se_hires"]) == (2.0, pytest.approx(1.0))
    assert differences(years[:1], years[:1])["se_hires"] is None


def test_who_is_shown_nothing_they_want_does_not_apply_unless_they_must():
    """Nobody is ever invited here, so that everybody goes on looking: who must applies three times a month while there is work."""
    refused = {"hires": np.zeros_like(a_stage().hires), "chance": lambda rows, columns, before: np.zeros(len(rows))}
    lots = draw_lots(PEOPLE, VACANCIES, 1)

    def applications(outside: float | None, wish: float) -> int:
        return live_a_year("fit", lots, replace(a_stage(outside, wish), **refused))["applications"]

    obliged = applications(None, 0.0)
    assert obliged == applications(None, 1.0) > 0
    assert applications(0.5, 0.0) < 0.2 * obliged
    assert 0.2 * obliged < applications(0.5, 0.5) < 0.8 * obliged
    assert 0.9 * obliged < applications(0.0, 1.0) <= obliged <= APPLICATIONS * MONTHS * PEOPLE


@pytest.mark.slow
def test_where_both_are_known_wish_and_chance_together_bring_more_welfare_than_either_alone():
    """Chance and wish have nothing to do with each other here, so that the likely is often unwanted and the wanted unlikely."""
    rng, shape = np.random.default_rng(6), (60, 90)
    chance, wish = rng.beta(1, 9, shape), rng.random(shape)
    sight = replace(
        a_sight(), people_ids=np.arange(shape[0]), vacancy_ids=np.arange(shape[1]), fit=rng.integers(1, ONE, shape),
        passion=np.rint(ONE * wish).astype(np.int64), chance=chance, suited=chance, passed=np.ones(shape, dtype=bool),
        openings=np.ones(shape[1], dtype=np.int64),
    )  # fmt: skip

    def together(alone: str, outside: float | None) -> dict:
        stage = Stage(
            sight, chance * wish, chance * wish, chance >= 0.5, wish, outside, 0.42 * (0.4 + 0.6 * wish),
            lambda rows, columns, before: chance[rows, columns],
        )  # fmt: skip
        lived = live_years(stage, 1, 12, (alone, "benefit"))
        return differences(lived["benefit"], lived[alone])

    over_chance, over_wish = together("chance", 0.7), together("wish", 0.7)
    assert over_chance["d_welfare"] > 2 * over_chance["se_welfare"]
    assert over_wish["d_welfare"] > 2 * over_wish["se_welfare"]
    assert over_wish["d_hires"] > 2 * over_wish["se_hires"]
    assert over_chance["d_hires"] > 0
    assert together("chance", None)["d_hires"] < over_chance["d_hires"], "who must apply chooses by wish from any list"
