"""Which skills count for each other."""

import numpy as np
import pytest

from taxonomy.likeness import ingredients_of
from taxonomy.meaning import save_meanings
from taxonomy.models import Edition, Occupation, OccupationNearness, Skill, SkillNearness
from taxonomy.nearness import FORMULAS, compute_nearness, save_nearness
from taxonomy.operations import raise_edition
from taxonomy.queries import near_occupations, search_skills
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


def test_kindred_occupations_are_near_and_strangers_are_not(core):
    save_nearness(near=compute_nearness(Occupation), model=Occupation)
    rows = OccupationNearness.objects.values_list("occupation__label_nl", "other__label_nl", "similarity")
    found = {(one, other): similarity for one, other, similarity in rows}
    assert 4 <= found["vrachtwagenchauffeur", "taxichauffeur"] <= 13
    assert found["vrachtwagenchauffeur", "taxichauffeur"] == found["taxichauffeur", "vrachtwagenchauffeur"]
    assert ("lasser", "verkoopmedewerker") not in found


def test_work_near_to_several_occupations_comes_nearest_first_and_without_these(core):
    lorry, taxi, welder, seller = (
        Occupation.objects.get(key=key) for key in ("truck_driver", "taxi_driver", "welder", "seller")
    )
    for one, other, similarity in ((lorry, taxi, 9), (welder, lorry, 5), (welder, seller, 5), (taxi, seller, 4)):
        OccupationNearness.objects.create(occupation=one, other=other, similarity=similarity)
    assert near_occupations([lorry.pk]) == [taxi]
    assert near_occupations([welder.pk]) == sorted([lorry, seller], key=lambda one: one.pk)
    assert near_occupations([lorry.pk, welder.pk]) == [taxi, seller]
    assert near_occupations([lorry.pk, welder.pk], limit=1) == [taxi]
    assert near_occupations([]) == near_occupations([seller.pk]) == []


@pytest.mark.parametrize("model", list(FORMULAS))
def test_weights_add_up_and_a_concept_is_nearest_to_itself(core, model):
    formula = FORMULAS[model]
    assert sum(formula.weights.values()) == pytest.approx(1)
    found = ingredients_of(model)
    near = formula(found.block(slice(None)))
    assert np.allclose(near, near.T, atol=1e-5)
    assert (near.diagonal() >= near.max(axis=1) - 1e-5).all()
    pairs = formula(found.pairs(found.ids[:2], found.ids[1:3]))
    assert pairs == pytest.approx([near[0, 1], near[1, 2]], abs=1e-5)


def test_a_skill_without_dutch_is_found_by_what_it_means(core):
    for number, label in enumerate(("wash bicycles", "promote human rights", "operate kiln")):
        skill = Skill.objects.create(uri=f"urn:test:{number}", label_en=label)
        skill.labels.create(language="en", kind="preferred", text=label, normalized=label, source="esco")
    assert not [hit for hit in search_skills("mensenrechten bevorderen") if hit.foreign]
    assert save_meanings() == 3
    raise_edition()
    hit = search_skills("mensenrechten bevorderen")[0]
    assert (hit.label, hit.foreign) == ("promote human rights", True)
    assert search_skills("lassen")[0].label == "lassen"
