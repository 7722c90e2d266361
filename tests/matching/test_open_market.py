"""The open market in memory: after every change what loading it whole would give."""

import random
from dataclasses import fields

import numpy as np
import pytest

from matching import loading, open_market
from matching.engine import VacancyIndex
from matching.models import Standing
from matching.queries.matches import places_of_cv
from taxonomy.models import Certificate, Edition, SkillNearness
from tests.factories import make_cv, make_organisation, make_place, make_skill, make_user, make_vacancy
from vacancies.models import CertificateRequirement, LanguageRequirement, Requirement, Vacancy

SKILLS = 14


@pytest.fixture
def market(monkeypatch):
    """Nothing held yet; more than three changed vacancies are put in the large table."""
    monkeypatch.setattr(open_market, "ASIDE", 3)
    open_market.forget()
    yield open_market
    open_market.forget()


def make_paper(number: int) -> Certificate:
    return Certificate.objects.create(
        uri=f"urn:test:paper:{number}", label_nl="bewijs", label_en="paper", kind="licence"
    )


def pairs(index: VacancyIndex) -> list:
    """What counts for every requirement, by ids."""
    owner = np.repeat(np.arange(len(index.weight)), np.diff(index.pair_indptr))
    return sorted(
        zip(owner.tolist(), index.space.ids[index.pair_skill].tolist(), index.pair_similarity.tolist(), strict=True)
    )


def assert_true(held) -> None:
    """That it says of every open vacancy what loading all of them anew says."""
    anew = open_market._load()
    for one in fields(anew.base.pool):
        np.testing.assert_array_equal(getattr(held.whole.pool, one.name), getattr(anew.base.pool, one.name), one.name)
    for one in fields(open_market.Columns):
        ours, theirs = getattr(held.market, one.name), getattr(anew.market, one.name)
        np.testing.assert_array_equal(ours, theirs, one.name)
        assert ours.dtype == theirs.dtype
    np.testing.assert_array_equal(held.market.index.weight, anew.market.index.weight)
    assert pairs(held.market.index) == pairs(anew.market.index)
    assert len(held) == len(anew.base.pool.ids) == Vacancy.objects.open().count()
    standing = dict(Standing.objects.values_list("vacancy_id", "floor"))
    ids = np.arange(1 + max([0, *standing, *held.whole.pool.ids.tolist()]) + 5)
    expected = open_market.Floors(np.array([standing.get(pk, -1) for pk in ids.tolist()], dtype=np.int32))
    np.testing.assert_array_equal(open_market.floors().keys(ids), expected.keys(ids))


def change_something(chance: random.Random, firm, skills, papers) -> None:
    """One change of vacancies, by any way, with or without a new version."""
    some = lambda: {skill: chance.randint(1, 5) for skill in chance.sample(skills, chance.randint(0, 4))}  # noqa: E731
    ids = list(Vacancy.objects.values_list("id", flat=True))
    pk, what = chance.choice(ids) if ids else None, chance.randrange(11)
    if pk is None or what == 0:
        make_vacancy(firm, some(), status=chance.choice(["open", "draft"]), title=f"Werk {chance.random()}")
    elif what == 1:
        Vacancy.objects.filter(pk=pk).update(status="closed")
    elif what == 2:
        Vacancy.objects.filter(pk=pk).update(status="open")
    elif what == 3:
        Vacancy.objects.filter(pk=pk).delete()
    elif what == 4:
        Vacancy.objects.filter(pk__in=chance.sample(ids, min(len(ids), 4))).update(hours_min=chance.randint(1, 20))
    elif what == 5:
        Requirement.objects.filter(vacancy_id=pk).delete()
        Requirement.objects.bulk_create(
            Requirement(vacancy_id=pk, skill=skill, min_level=level, is_hard=chance.random() < 0.3)
            for skill, level in some().items()
        )
    elif what == 6:
        Requirement.objects.filter(vacancy_id=pk).update(min_level=chance.randint(1, 5))
    elif what == 7:
        LanguageRequirement.objects.update_or_create(
            vacancy_id=pk, language="nld", defaults={"level": chance.randint(1, 6)}
        )
    elif what == 8:
        CertificateRequirement.objects.get_or_create(vacancy_id=pk, certificate=chance.choice(papers))
    elif what == 9:
        firm.name = f"Firma {chance.random()}"
        firm.save()
    elif chance.random() < 0.5:
        Standing.objects.update_or_create(vacancy_id=pk, defaults={"floor": chance.randint(0, 9_000)})
    else:
        Standing.objects.filter(vacancy_id=pk).delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(2))
def test_after_every_change_the_market_equals_one_that_is_loaded_whole(market, seed, monkeypatch, settings):
    chance = random.Random(seed)
    loads, merges = [], []
    load, take_over = market._load, market._take_over
    monkeypatch.setattr(market._openings, "load", lambda: loads.append(1) or load())
    monkeypatch.setattr(market, "_take_over", lambda *given: merges.append(1) or take_over(*given))
    Edition.objects.update_or_create(pk=1, defaults={"number": 1})
    firm, skills = make_organisation(), [make_skill() for _ in range(SKILLS)]
    make_place()
    papers = [make_paper(number) for number in range(3)]
    SkillNearness.objects.bulk_create(
        SkillNearness(skill=one, other=another, similarity=chance.randint(4, 14))
        for one in skills for another in chance.sample(skills, 3) if one != another
    )  # fmt: skip
    people = [
        make_cv(make_user(), {skill: chance.randint(1, 5) for skill in chance.sample(skills, 5)}) for _ in range(3)
    ]
    for number in range(6):  # others are asked for the first time while the market is held
        make_vacancy(firm, {skills[number]: 3})
    market.openings()
    for turn in range(40):
        change_something(chance, firm, skills, papers)
        held = market.openings()
        if chance.random() < 0.3 and held.coming is not None:
            held.coming.result()
        assert market.openings() is held
        assert_true(held)
        if turn % 6 == 0:
            assert_places_are_those_of_arrays(people, settings)
    assert len(loads) == 1
    assert len(merges) > 2


def assert_places_are_those_of_arrays(people, settings) -> None:
    for cv in people:
        settings.WORK_INDEX_FROM = 10**9
        best, passed = places_of_cv(cv, 3)
        settings.WORK_INDEX_FROM = 0
        same, reached = places_of_cv(cv, 3)
        floors = dict(Standing.objects.values_list("vacancy_id", "floor"))
        assert same == best
        assert sorted(reached) == sorted(one for one in passed if one[1] >= floors.get(one[0], 10**9))


@pytest.mark.django_db
def test_changes_of_a_transaction_that_is_not_over_are_seen_in_it(market):
    firm, skills = make_organisation(), [make_skill() for _ in range(SKILLS)]
    make_place()
    chance, papers = random.Random(5), [make_paper(1)]
    for _turn in range(40):
        change_something(chance, firm, skills, papers)
        assert_true(market.openings())
    assert market.open_market() is market.open_market()


@pytest.mark.django_db
def test_another_edition_of_the_taxonomy_is_another_market(market):
    make_vacancy(skills={make_skill(): 3})
    before = market.open_market()
    skill = Requirement.objects.get().skill
    skill.idf = 7.0
    skill.save()
    Edition.objects.update_or_create(pk=1, defaults={"number": 2})
    after = market.open_market()
    assert after.index.weight.tolist() != before.index.weight.tolist()
    assert loading.vacancies_stamp()[1] == 2
