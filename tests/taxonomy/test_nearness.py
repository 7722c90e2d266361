"""Which skills count for each other."""

import pytest

from taxonomy.models import Edition, SkillNearness
from taxonomy.nearness import compute_nearness, save_nearness
from tests.factories import make_skill, make_skill_group

pytestmark = pytest.mark.django_db


def pairs() -> dict[tuple[str, str], int]:
    rows = SkillNearness.objects.values_list("skill__label_nl", "other__label_nl", "similarity")
    return {(one, other): similarity for one, other, similarity in rows}


def test_kindred_skills_are_near_both_ways_and_strangers_are_not(core):
    save_nearness(near=compute_nearness())
    found = pairs()
    assert found["lassen", "MIG-lassen"] == found["MIG-lassen", "lassen"]
    assert 4 <= found["lassen", "MIG-lassen"] <= 13
    assert ("lassen", "klanten adviseren") not in found
    assert not any(one == other for one, other in found)


def test_a_language_does_not_count_for_another():
    group = make_skill_group("talen")
    for label in ("Duits spreken", "Engels spreken", "Engels schrijven"):
        make_skill(label, group=group)
    save_nearness(near=compute_nearness())
    found = pairs()
    assert ("Engels spreken", "Engels schrijven") in found
    assert not any("Duits" in one and "Engels" in other for one, other in found)


def test_it_says_for_which_edition_it_was_built(core):
    save_nearness(near=compute_nearness())
    edition = Edition.objects.get()
    assert edition.nearness_of == edition.number


def test_building_again_gives_the_same(core):
    save_nearness(near=compute_nearness())
    before = pairs()
    save_nearness(near=compute_nearness())
    assert pairs() == before


def test_without_skills_there_is_nothing_near():
    assert save_nearness(near=compute_nearness()) == 0
    assert pairs() == {}
