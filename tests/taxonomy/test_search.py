"""What people type, and what they find."""

import time
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from taxonomy.judged import judged_searches
from taxonomy.management.commands.evaluate_search import measures, rank_of
from taxonomy.models import Occupation, Skill
from taxonomy.queries import (
    _found,
    certificates,
    find_certificates,
    resolve_occupation,
    resolve_skill,
    search_occupations,
    search_skills,
    skills_of_occupation,
)
from tests.factories import make_skill
from tests.taxonomy.conftest import label_by_hand

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("core")]


def first(search, text: str) -> str:
    hits = search(text)
    return hits[0].label if hits else ""


@pytest.mark.parametrize(
    "text, label",
    [
        ("lasser", "lasser"),
        ("LASSER ", "lasser"),
        ("las", "lasser"),
        ("lassers", "lasser"),
        ("lasser m/v (32 uur)", "lasser"),
        ("vrachtwagenchaufeur", "vrachtwagenchauffeur"),
        ("vrachtwagen", "vrachtwagenchauffeur"),
        ("truck driver", "vrachtwagenchauffeur"),
        ("lorry", "vrachtwagenchauffeur"),
        ("vakkenvuller", "verkoopmedewerker"),
        ("medewerker verkoop", "verkoopmedewerker"),
        ("l", "lasser"),
    ],
)
def test_an_occupation_is_found_first(text, label):
    assert first(search_occupations, text) == label


@pytest.mark.parametrize(
    "text, label",
    [
        ("lassen", "lassen"),
        ("adviseren klanten", "klanten adviseren"),
        ("klanten adviseeren", "klanten adviseren"),
        ("samenwerking", "samenwerken"),
        ("excel", "werken met Excel"),
        ("weld", "lassen"),
    ],
)
def test_a_skill_is_found_first(text, label):
    assert first(search_skills, text) == label


def test_the_second_part_of_a_compound_finds_all_with_the_common_one_first():
    assert [hit.label for hit in search_occupations("chauffeur")] == ["vrachtwagenchauffeur", "taxichauffeur"]


def test_a_concept_comes_once_and_tells_which_word_was_recognised():
    hits = search_occupations("lasmonteur")
    assert [(hit.label, hit.matched) for hit in hits].count(("lasser", "lasmonteur")) == 1
    assert len({hit.id for hit in hits}) == len(hits)
    assert search_occupations("lasser")[0].matched == ""


@pytest.mark.parametrize("text", ["", "   ", "!?", "%", "_", "'; DROP TABLE x; --", "😀", "日本語", "\x00", "a" * 5000])
def test_odd_input_is_answered_quietly(text):
    assert isinstance(search_occupations(text), list)
    assert isinstance(search_skills(text), list)


def test_wildcards_of_sql_are_plain_characters():
    assert search_occupations("%") == search_occupations("_") == []


def test_labels_follow_the_language_of_the_page():
    with translation.override("en"):
        hit = search_occupations("vrachtwagenchauffeur")[0]
        assert (hit.label, hit.matched, hit.foreign) == ("truck driver", "vrachtwagenchauffeur", False)
    assert search_occupations("lasser", language="en")[0].label == "welder"


def test_search_asks_the_database_only_whether_the_taxonomy_changed(django_assert_num_queries):
    search_occupations("nergens te vinden")
    with django_assert_num_queries(1):
        search_occupations("iets met mensen en machines")


def test_answers_are_remembered_until_the_taxonomy_changes():
    text = "zwevend loket bedienen"
    assert not [hit for hit in search_skills(text) if hit.score > 0.9]
    before = _found.cache_info().hits
    assert search_skills(text) == search_skills(text)
    assert _found.cache_info().hits == before + 2
    skill = make_skill()
    label_by_hand(skill, text)
    assert search_skills(text)[0].id == skill.pk


@pytest.mark.parametrize(
    "text, label",
    [
        ("vrachtwagen chauffeur", "vrachtwagenchauffeur"),
        ("vrachtwagenchauffeuse", "vrachtwagenchauffeur"),
        ("ik ben lasser geweest", "lasser"),
        ("gezocht: lasser!!", "lasser"),
    ],
)
def test_compounds_written_apart_women_and_talk_are_understood(text, label):
    assert first(search_occupations, text) == label


def test_a_compound_written_in_one_finds_the_two_words():
    assert first(search_skills, "klantenadviseren") == "klanten adviseren"


@pytest.mark.parametrize("text", ["lasser " * 30_000, "x" * 200_000, "😀" * 50_000, "<b>" * 50_000, "%_" * 90_000])
def test_very_long_input_is_cut(text):
    started = time.perf_counter()
    assert len(search_occupations(text)) <= 10
    assert time.perf_counter() - started < 2


def test_the_index_follows_a_new_label_at_once():
    skill = Skill.objects.get(key="mig")
    assert search_skills("halfautomaat") == []
    label_by_hand(skill, "halfautomaat")
    assert search_skills("halfautomaat")[0].id == skill.pk


def test_the_judged_queries_find_what_they_mean():
    """On this small core only a few can be answered; the whole list runs in `manage.py evaluate_search`."""
    judged = judged_searches()
    assert {one.find for one in judged} == {"occupation", "skill"}
    assert measures([rank_of(one) for one in judged])["mrr"] > 0.8


def test_skills_of_an_occupation_come_essential_first_in_one_query(django_assert_num_queries):
    welder = Occupation.objects.get(key="welder")
    with django_assert_num_queries(1):
        rows = skills_of_occupation(welder)
        names = [row.skill.label_nl for row in rows]
    assert [row.essential for row in rows] == [True, True, False, False]
    assert set(names[:2]) == {"lassen", "tekeningen lezen"}


def test_what_was_picked_or_typed_exactly_is_resolved_and_the_rest_gives_choices():
    welder = Occupation.objects.get(key="welder")
    assert resolve_occupation("lasmonteur").id == welder.pk
    assert resolve_occupation("anything", str(welder.pk)).id == welder.pk
    doubtful = resolve_occupation("chauffeur", "999999999")
    assert doubtful.id is None
    assert [hit.label for hit in doubtful.choices] == ["vrachtwagenchauffeur", "taxichauffeur"]
    assert resolve_occupation("xyzzy").choices == []
    assert resolve_skill("lassen", "not a number").id == Skill.objects.get(key="welding").pk


def test_certificates_are_found_by_every_name():
    assert [certificate.key for certificate in find_certificates("vca")] == ["vca_basis"]
    assert find_certificates("groot rijbewijs")[0].key == "rijbewijs_ce"
    assert find_certificates("") == []
    assert len(certificates()) == 4


@pytest.mark.slow
def test_over_the_shipped_core_the_judged_queries_are_found():
    """Bounds below what was measured (.94 and .73); `docs/language.md` has the whole table."""
    call_command("load_taxonomy", no_nearness=True, verbosity=0)
    call_command("evaluate_search", least_mrr=0.9, stdout=StringIO())
    call_command("evaluate_nearness", least_spearman=0.65, stdout=StringIO())
