"""Counterfactual fairness: the same CV of somebody else has the same fit, the same chance and the same place."""

import pytest

from matching import queries
from tests.factories import make_cv, make_place, make_user, make_vacancy

pytestmark = pytest.mark.django_db


def seen(cv, vacancy) -> tuple:
    match = queries.match_for(cv, vacancy)
    beside_the_clock = [round(value, 4) for value in match.features[:-2]]  # the last two follow the age of the vacancy
    return match.fit, match.can, match.want, match.do, beside_the_clock, match.chance, match.hire


@pytest.fixture
def scene(firm, sawing, painting):
    vacancy = make_vacancy(firm, {sawing: 3, painting: 2}, place=make_place("9712", latitude=53.2, longitude=6.55))
    cv = make_cv(make_user(name="Jan de Vries"), {sawing: 4}, place=make_place("9715", latitude=53.22, longitude=6.56))
    return cv, vacancy


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Fatima El Amrani"},
        {"name": "Wendy"},
        {"phone": "0500000000", "email": "iemand.anders@example.org"},
        {"language": "en"},
    ],
    ids=lambda change: "-".join(change),
)
def test_who_somebody_is_changes_nothing(scene, change):
    cv, vacancy = scene
    before = seen(cv, vacancy)
    type(cv.owner).objects.filter(pk=cv.owner.pk).update(**change)
    cv.refresh_from_db()
    assert seen(cv, vacancy) == before


def test_years_that_tell_an_age_change_nothing(scene):
    cv, vacancy = scene
    before = seen(cv, vacancy)
    cv.jobs.create(title="Timmerman", start_year=1979, end_year=1999)
    cv.educations.create(title="LTS", level=3, year=1978)
    assert seen(cv, vacancy) == before


def test_another_postcode_at_the_same_distance_changes_nothing(scene):
    cv, vacancy = scene
    before = seen(cv, vacancy)
    cv.place = make_place("9301", latitude=cv.place.latitude, longitude=cv.place.longitude)
    cv.save(update_fields=["place"])
    assert seen(cv, vacancy) == before


def test_two_people_with_the_same_cv_have_the_same_place_in_the_list(scene, sawing):
    cv, vacancy = scene
    twin = make_cv(make_user(name="Amina Yilmaz"), {sawing: 4}, place=cv.place)
    mine, hers = (
        next(match for match in queries.candidates_for_vacancy(vacancy) if match.cv == one) for one in (cv, twin)
    )
    assert (mine.fit, mine.chance) == (hers.fit, hers.chance)
