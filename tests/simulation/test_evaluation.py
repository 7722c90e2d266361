"""A small slice of the evaluation, with bounds: what the report promises at its size holds roughly at a hundredth of it."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from core.models import Place
from matching import loading
from matching.engine import Candidates, Programmes, Vacancies
from matching.models import Application
from profiles.models import CV
from simulation.arrays import candidates_of, programmes_of, scene_of, vacancies_of
from simulation.evaluation.chances import _of_level, judge, split_by_time
from simulation.evaluation.courses import learned
from simulation.evaluation.setting import TODAY, make_setting, read_scene
from simulation.load import Counts, generate, save
from simulation.processes import PROCESSES
from vacancies.models import Vacancy

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("region")]
SEED = 31


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """The shipped taxonomy and places, in a transaction that is rolled back after this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_taxonomy", verbosity=0, no_nearness=True)
        call_command("load_places", verbosity=0)
        yield read_scene()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def setting(scene):
    return make_setting(SEED, 700, *scene)


@pytest.mark.slow
@pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
def test_chances_on_later_applications(setting, process):
    split = split_by_time(setting.history(process))
    rows = {(row["n"], row["model"]): row for row in judge(split, (500,))}
    oracle, ours = rows[0, "oracle"], rows[500, "ours"]
    assert ours["judged_on"] > 1500
    assert ours["below_base"] > 0.15
    assert oracle["auc"] - ours["auc"] < 0.06
    assert ours["ece_true"] < 0.06
    assert 0.65 < ours["coverage"] < 0.95
    assert ours["brier"] < rows[500, "boosting"]["brier"]
    assert ours["brier"] < rows[500, "logistic"]["brier"] + 0.003
    assert oracle["brier"] < ours["brier"]
    assert ours["auc"] < rows[0, "shown"]["auc"] < oracle["auc"]


def test_the_oracle_of_the_level_says_as_many_invitations_as_it_saw(setting):
    seen = split_by_time(setting.history(PROCESSES["tastes"])).newest(100)
    said = _of_level(seen, seen.chance)
    assert said.sum() == pytest.approx(seen.invited.sum())
    assert (np.argsort(said) == np.argsort(seen.chance)).all()
    fewer = replace(seen, invited=np.where(np.cumsum(seen.invited) <= 5, seen.invited, 0))
    assert _of_level(fewer, seen.chance).sum() == pytest.approx(5)


@pytest.mark.slow
def test_the_command_prints_every_table_and_the_same_numbers_twice(scene):
    same = {"seed": SEED, "people": 250, "process": "linear", "json": True}
    first, again = io.StringIO(), io.StringIO()
    call_command("evaluate_matching", **same, draws=3, stdout=first)
    call_command("evaluate_matching", **same, only=["rankings"], stdout=again)
    result, part = json.loads(first.getvalue())[0], json.loads(again.getvalue())[0]
    assert "rankers" in part
    assert part == {name: result[name] for name in part}
    assert {row["order"] for row in result["year"]} >= {"fit", "benefit", "market"}
    assert result["ablation_of_fit"][-1]["ndcg_vacancies"] > result["ablation_of_fit"][0]["ndcg_vacancies"]
    by_name = {row["ranker"]: row for row in result["rankers"]}
    assert by_name["benefit"]["ndcg_vacancies"] > by_name["random"]["ndcg_vacancies"]
    assert all(row["fit_lost"] <= 0.021 for row in result["year"] if row["order"] in ("fit", "market"))
    shown = {row["alone"]: row["d_ndcg_vacancies"] for row in result["together_in_tens"]}
    assert shown["wish"] > 0.05
    assert shown["chance"] > -0.03  # of 250 people the chance is known too roughly to say which is better
    lived = {(row["region"], row["alone"]): row for row in result["together_in_years"]}
    assert set(lived) == {(region, alone) for region in ("ordinary", "obliged") for alone in ("chance", "wish")}
    assert lived["ordinary", "wish"]["d_hires"] > 0
    assert lived["ordinary", "wish"]["d_welfare"] > 0
    applied = {(row["region"], row["order"]): row["applications"] for row in result["year"]}
    assert all(
        applied["ordinary", order] < applied["obliged", order] for region, order in applied if region == "obliged"
    )


def test_the_command_says_what_is_missing(scene):
    with pytest.raises(CommandError, match="200 or more"):
        call_command("evaluate_matching", people=10)
    Place.objects.all().delete()
    with pytest.raises(CommandError, match="prepare"):
        call_command("evaluate_matching", people=300)


def test_arrays_in_memory_are_those_of_a_saved_region(scene):
    world, space = scene
    region = generate(5, Counts(20, 40, 60, 30, 50, 2), TODAY)
    save(region)
    ours = scene_of(world, space)
    year = CV.objects.order_by("id").first().updated_at.year
    pairs = (
        (candidates_of(ours, region.people, year), loading.load_candidates(None), Candidates),
        (
            vacancies_of(ours, region.posts),
            loading.load_vacancies(list(Vacancy.objects.values_list("id", flat=True))),
            Vacancies,
        ),
        (programmes_of(ours, region.courses), loading.programmes(), Programmes),
    )
    for made, loaded, kind in pairs:
        found = loading.project(loaded, space)
        for name in kind.__dataclass_fields__:
            if name != "ids":
                np.testing.assert_array_equal(
                    getattr(made, name), getattr(found, name), err_msg=f"{kind.__name__}.{name}"
                )
    assert Application.objects.count() == len(region.outcomes)


@pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
def test_true_chances_are_what_happens(scene, process):
    history = make_setting(SEED + 1, 250, *scene).history(process)
    error = np.sqrt(np.sum(history.chance * (1 - history.chance))) / len(history.chance)
    assert abs(history.chance.mean() - history.invited.mean()) < 4 * error + 0.01
    assert (history.chance_hired <= history.chance + 1e-12).all()
    assert (history.applied < history.known).all()


def test_what_somebody_learned_is_added_and_nothing_hidden_changes(setting):
    region = generate(5, Counts(5, 5, 40, 5, 5, 1), TODAY)
    for course in region.courses:
        before = setting.persons[0]
        after = learned(before, course)
        assert all(after.skills[skill][0] >= level for skill, level in course.skills.items())
        assert all(after.skills[skill][0] >= level for skill, (level, *_) in before.skills.items())
        assert set(course.papers) <= set(after.papers)
        assert (after.true_ability, after.drive, after.name) == (before.true_ability, before.drive, before.name)
