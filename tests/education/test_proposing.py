"""What a programme teaches, proposed from title, text and code; quality beside plain TF-IDF on labels."""

import json

import pytest
from django.core.management import call_command

from education.judged import judged_programmes
from education.models import Programme
from education.proposing import propose
from taxonomy.core_files import digest, read_core
from taxonomy.models import Skill
from taxonomy.operations import load_core
from tests.factories import make_programme

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def core(db):
    load_core(core=read_core(), digest=digest())


def skill(key: str) -> Skill:
    return Skill.objects.get(key=key)


def test_proposals_are_clearly_better_than_labels_alone_on_the_held_out_half(core, capsys):
    """Half of the judged programmes was not looked at while the weights were chosen."""
    judged = judged_programmes()
    assert len(judged) >= 40
    assert 0.3 < sum(one.held_out for one in judged) / len(judged) < 0.7
    call_command("evaluate_programmes", "--json")
    report = json.loads(capsys.readouterr().out)
    ours = report["ours, held out"]
    for other in ("TF-IDF, words, held out", "TF-IDF, characters, held out"):
        assert ours["precision"] > 1.25 * report[other]["precision"]
        assert ours["recall"] > 1.2 * report[other]["recall"]
    _each_proposal_says_where_it_comes_from()
    _a_title_alone_brings_the_skills_of_its_occupation()
    _what_other_schools_confirmed_for_a_code_is_proposed()


def _each_proposal_says_where_it_comes_from():
    programme = Programme(title="Basiscursus", description="Je leert metselen en voegen. Geen stucwerk.", kind="course")
    found = {each.skill_id: each for each in propose(programme)}
    assert found[skill("bricklaying").pk].passage in (
        "Je leert metselen en voegen.",
        "Je leert metselen en voegen",
        "Je leert metselen",
    )
    assert all(each.passage and 1 <= each.level <= 5 and 0 < each.score <= 1 for each in found.values())
    assert propose(Programme(title="", description="", kind="course")) == []


def _a_title_alone_brings_the_skills_of_its_occupation():
    whole = {each.skill_id for each in propose(Programme(title="Kapper", kind="degree", level=2))}
    assert {skill("hair_cutting").pk, skill("hair_washing").pk} <= whole


def _what_other_schools_confirmed_for_a_code_is_proposed():
    make_programme(skills={skill("tax_knowledge"): 3}, crebo="25999")
    found = {each.skill_id: each for each in propose(Programme(title="Zomaar", kind="degree", crebo="25999"))}
    assert found[skill("tax_knowledge").pk].passage == "25999"
