"""The shipped core: what is loaded, what stays, and how bad files are refused."""

import pytest
from django.core.management import CommandError, call_command

from taxonomy.core_files import BadCore, read_core
from taxonomy.models import Edition, Occupation, OccupationSkill, Skill, SkillGroup, SkillLabel
from tests.taxonomy.conftest import OCCUPATIONS, SKILL, SKILLS, label_by_hand, load, write_core

pytestmark = pytest.mark.django_db


def contents() -> list:
    return [
        sorted(map(str, model.objects.values_list()))
        for model in (Occupation, Skill, SkillGroup, SkillLabel, OccupationSkill)
    ]


def test_the_core_becomes_concepts_labels_and_links(core):
    welder = Occupation.objects.get(key="welder")
    assert (welder.label_nl, welder.label_en, welder.isco, welder.sector) == ("lasser", "welder", "7212", "metal")
    assert welder.interests == (100, 33, 0, 0, 17, 50)
    assert Skill.objects.get(key="mig").uri == "urn:zelf:skill:mig"
    assert Skill.objects.get(key="welding").uri == f"{SKILL}/weld"
    links = welder.occupation_skills.values_list("skill__key", "essential")
    assert sorted(links) == [("drawings", True), ("mig", False), ("teamwork", False), ("welding", True)]
    assert core["occupations"] == 4


def test_loading_twice_changes_nothing(core, core_dir):
    before = contents()
    load(core_dir)
    assert contents() == before


def test_a_skill_that_every_occupation_needs_weighs_less_than_a_rare_one(core):
    idf = dict(Skill.objects.values_list("key", "idf"))
    assert 0.5 <= idf["teamwork"] < idf["driving"] < idf["welding"] <= 7.5


def test_what_left_the_files_keeps_its_row_but_is_not_offered(core, core_dir):
    seller = Occupation.objects.get(key="seller")
    load(write_core(core_dir, occupations=OCCUPATIONS[:3]))
    seller.refresh_from_db()
    assert (seller.key, seller.demand, seller.label_nl) == (None, 0, "verkoopmedewerker")
    assert not seller.labels.exists()
    assert not seller.occupation_skills.exists()


def test_a_skill_that_gets_an_esco_uri_keeps_its_id(core, core_dir):
    before = Skill.objects.get(key="mig").pk
    changed = [(*row[:7], f"{SKILL}/mig", row[8]) if row[0] == "mig" else row for row in SKILLS]
    load(write_core(core_dir, skills=changed))
    assert Skill.objects.get(key="mig").pk == before
    assert Skill.objects.get(key="mig").uri == f"{SKILL}/mig"


def test_two_skills_can_swap_keys(core, core_dir):
    weld = Skill.objects.get(key="welding").pk
    swap = {"welding": "mig", "mig": "welding"}
    load(write_core(core_dir, skills=[(swap.get(row[0], row[0]), *row[1:]) for row in SKILLS]))
    assert Skill.objects.get(uri=f"{SKILL}/weld").pk == weld
    assert Skill.objects.get(key="mig").pk == weld


def test_an_operators_dutch_label_survives_and_gives_way_to_the_core(core, core_dir):
    skill = Skill.objects.get(key="mig")
    label_by_hand(skill, "MIG/MAG lassen")
    load(core_dir)
    skill.refresh_from_db()
    assert skill.labels.filter(source="operator").get().text == "MIG/MAG lassen"
    assert skill.label_nl == "MIG-lassen"


@pytest.mark.parametrize(
    "column, value, problem",
    [
        (5, "72", "occupations.csv row 2, isco"),
        (7, "gold", "occupations.csv row 2, sector"),
        (9, "7|3|1|1|2", "occupations.csv row 2, riasec"),
        (9, "7|3|1|1|2|9", "occupations.csv row 2, riasec"),
        (11, "welding|wleding", "occupations.csv row 2, essential: there is no skill “wleding”"),
        (12, "welding", "occupations.csv row 2, optional: “welding” is essential as well"),
        (13, "11", "occupations.csv row 2, demand"),
        (14, "9000", "occupations.csv row 2, pay_max: is lower than pay_min"),
        (1, "", "occupations.csv row 2, nl: is empty"),
    ],
)
def test_a_bad_cell_is_named_with_file_row_and_column(core_dir, column, value, problem):
    bad = list(OCCUPATIONS[0])
    bad[column] = value
    write_core(core_dir, occupations=[tuple(bad), *OCCUPATIONS[1:]])
    with pytest.raises(BadCore) as caught:
        read_core(core_dir)
    assert problem in str(caught.value)


def test_all_problems_are_reported_at_once_and_nothing_is_saved(core_dir):
    write_core(core_dir, skills=[(*row[:5], "talent", "nowhere", *row[7:]) for row in SKILLS])
    with pytest.raises(CommandError) as caught:
        call_command("load_taxonomy", dir=core_dir, verbosity=0)
    assert str(caught.value).count("kind") == str(caught.value).count("group “nowhere”") == len(SKILLS)
    assert not Skill.objects.exists()


def test_a_key_used_twice_is_refused(core_dir):
    write_core(core_dir, skills=[*SKILLS, SKILLS[1]])
    with pytest.raises(BadCore, match=r"row 9, key: already used in skills\.csv row 3"):
        read_core(core_dir)


def test_if_changed_skips_files_that_are_loaded_already(core, core_dir):
    before = Edition.objects.get().number
    call_command("load_taxonomy", dir=core_dir, if_changed=True, verbosity=0)
    assert Edition.objects.get().number == before
    write_core(core_dir, occupations=OCCUPATIONS[:3])
    call_command("load_taxonomy", dir=core_dir, if_changed=True, no_nearness=True, verbosity=0)
    assert Edition.objects.get().number == before + 1


def test_the_shipped_files_have_no_mistakes():
    core = read_core()
    assert len(core.occupations) >= 150
    assert len(core.skills) >= 900
