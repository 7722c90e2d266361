"""Which skills raise somebody's chances most: what is promised is what comes true."""

import html
import re

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from matching import operations, queries
from matching.engine import prior
from matching.models import ChanceModel
from matching.open_market import forget, openings
from matching.queries import skills
from matching.queries.skills import LEAST_RISE, skill_advice
from profiles.models import CV, CVSkill
from taxonomy.models import SkillNearness
from tests.factories import make_cv, make_place, make_programme, make_skill, make_user, make_vacancy

# The loops are compiled once for a checkout, which takes half a minute.
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def welding(db):
    return make_skill("lassen")


@pytest.fixture
def far(db):
    return make_place("6211", name="Maastricht", latitude=50.85, longitude=5.69)


@pytest.fixture
def market(firm, sawing, painting, welding, far):
    """Seven vacancies: three ask painting, two ask something near to it or welding, one is far, one is done from home."""
    near = make_skill("behangen")
    SkillNearness.objects.create(skill=near, other=painting, similarity=8)
    asked = [{sawing: 3, painting: 3}, {painting: 2}, {painting: 4, welding: 3}, {sawing: 3, near: 3}, {welding: 4}]
    made = [make_vacancy(firm, skills) for skills in asked]
    made.append(make_vacancy(firm, {painting: 3}, place=far))
    made.append(make_vacancy(firm, {painting: 3}, place=far, remote=True))
    return made


def chances(cv, vacancies) -> list[float]:
    """The chances as they are now, from the engine, by vacancy."""
    cv = CV.objects.get(pk=cv.pk)
    reach = skills._reach(cv, openings().market, None, queries.live_parameters()[0])
    ids = reach.index.vacancies.ids.tolist()
    said = reach.chances(np.arange(len(ids)))
    return [float(said[ids.index(vacancy.pk)]) for vacancy in vacancies]


def by_label(advice) -> dict:
    return {str(one.label): one for one in advice.skills}


def test_what_is_promised_is_what_the_smart_cv_then_brings(client, cv, person, market, painting):
    advice = skill_advice(cv)
    promise = by_label(advice)["verven"]
    reached = [vacancy for n, vacancy in enumerate(market) if n != 5]
    assert (advice.vacancies, promise.asked, promise.held) == (len(reached), 4, False)
    before = chances(cv, reached)
    shown = {vacancy.pk: queries.match_for(cv, vacancy).chance.p for vacancy in reached}
    client.force_login(person)
    page = client.get(reverse("profiles:skills") + f"?skill={painting.pk}")
    assert 'value="verven"' in page.content.decode()
    cv.refresh_from_db()
    kept = [row.skill_id for row in CVSkill.objects.filter(cv=cv)]
    sent = {
        "skill": "verven",
        "skill_id": painting.pk,
        "version": cv.version,
        "add": "yes",
        "keep": kept,
        "shown": kept,
    }
    sent |= {f"level-{pk}": 4 for pk in kept}
    assert client.post(reverse("profiles:skills"), sent).status_code == 302
    assert CVSkill.objects.get(cv=cv, skill=painting).level == 3
    rise = [after - was for was, after in zip(before, chances(cv, reached), strict=True)]
    seen = [one for one in rise if one >= LEAST_RISE]
    assert promise.rises == len(seen) == 5  # also where paper hanging is asked, for which it counts
    assert promise.points == round(100 * sum(seen) / len(seen), 1)
    assert promise.gain == pytest.approx(sum(rise), abs=1e-3)
    now = {vacancy.pk: queries.match_for(CV.objects.get(pk=cv.pk), vacancy).chance.p for vacancy in reached}
    assert sum(now[pk] > shown[pk] for pk in now) == promise.rises
    assert "verven" not in by_label(skill_advice(CV.objects.get(pk=cv.pk)))


def test_the_order_is_that_of_the_gains_and_none_says_the_same_twice(cv, market, painting):
    advice = skill_advice(cv)
    gains = [one.gain for one in advice.skills]
    assert gains == sorted(gains, reverse=True)
    assert set(by_label(advice)) == {"verven", "lassen", "behangen"}
    assert advice.skills[:1] == skill_advice(cv, limit=1).skills
    SkillNearness.objects.filter(other=painting).update(similarity=14)
    forget()
    assert set(by_label(skill_advice(cv))) == {"verven", "lassen"}


def test_reach_is_what_the_person_said_and_everything_where_they_said_nothing(cv, market):
    assert (skill_advice(cv).vacancies, skill_advice(cv).max_minutes) == (6, 45)
    for told in ({"travel_minutes": None}, {"place": None}):
        other = make_cv(make_user(), {make_skill(): 3}, **told)
        assert (skill_advice(other).vacancies, skill_advice(other).max_minutes) == (7, None)


def test_what_the_person_hid_or_applied_to_is_not_counted(cv, person, market, now):
    operations.bookmark(cv=cv, vacancy=market[0], hidden=True)
    assert skill_advice(cv).vacancies == 5
    painted = by_label(skill_advice(cv))["verven"]
    operations.apply(cv=cv, vacancy=make_vacancy(), why="", did="", actor=person, now=now)
    assert skill_advice(cv).vacancies == 5
    assert (painted.asked, painted.rises) == (3, 4)


def test_what_is_there_already_is_not_listed_and_a_lower_level_says_so(cv, market, painting, welding):
    CVSkill.objects.create(cv=cv, skill=painting, level=3)
    CVSkill.objects.create(cv=cv, skill=welding, level=1)
    found = by_label(skill_advice(cv))
    assert "verven" not in found
    assert found["lassen"].held
    CVSkill.objects.filter(skill=welding).update(level=4, last_used_year=timezone.localdate().year - 15)
    assert "lassen" not in by_label(skill_advice(cv))


def test_nothing_is_said_of_little_work_or_of_somebody_who_named_no_skill(cv, market, firm):
    assert skill_advice(make_cv(make_user())).skills == []
    for vacancy in market[:2]:
        vacancy.status = "closed"
        vacancy.save()
    few = skill_advice(cv)
    assert (few.few, few.vacancies, few.skills) == (True, 4, [])


def test_a_course_is_named_that_teaches_it_well_enough_and_is_no_training_of_years(cv, market, painting):
    def course():
        found = by_label(skill_advice(cv))["verven"].course
        return found and found.programme.title

    make_programme(skills={painting: 2}, title="Kennismaking")
    make_programme(skills={painting: 3}, title="Schilder (BBL)", kind="bbl", weeks=80, price=0)
    assert course() is None
    make_programme(skills={painting: 3}, title="Schilderen, lang", weeks=20)
    make_programme(skills={painting: 4}, title="Schilderen", weeks=8)
    assert course() == "Schilderen"


def test_the_page_says_it_in_dutch_and_leads_to_the_smart_cv_and_to_the_course(client, cv, person, market, painting):
    course = make_programme(skills={painting: 3}, title="Schilderen", mode="evening")
    english = make_skill("paper hanging", idf=3)
    type(english).objects.filter(pk=english.pk).update(label_nl="", label_en="paper hanging")
    make_vacancy(skills={english: 3})
    client.force_login(person)
    page = html.unescape(client.get(reverse("matching:courses")).content.decode())
    assert "Kun je dit al, of wil je het leren?" in page
    assert re.search(r"Je kans stijgt bij 5 vacatures, gemiddeld met \d+ van de 100\.", page)
    assert "We telden de 7 open vacatures binnen 45 minuten reizen of vanuit huis opnieuw" in page
    assert f'href="{reverse("profiles:skills")}?skill={painting.pk}#more"' in page
    assert f'href="{reverse("education:detail", args=[course.pk])}">Leren: Schilderen' in page
    assert '<span lang="en">paper hanging</span>' in page
    assert "Het is een eerste schatting" in page
    ChanceModel.objects.create(version=3, is_live=True, parameters=prior().to_json())
    page = html.unescape(client.get(reverse("matching:courses")).content.decode())
    assert "Kun je dit al" in page
    assert "Het is een eerste schatting" not in page
    cv.wishes.create(occupation=market[0].occupation)
    page = client.get(reverse("matching:courses") + f"?occupation={market[0].occupation_id}").content.decode()
    assert "Kun je dit al" not in page


def test_the_api_says_the_same_to_this_person_alone(api, cv, person, stranger, market):
    address = reverse("api-skills")
    assert api.get(address).status_code == 401
    api.force_authenticate(stranger)
    assert api.get(address).status_code == 404
    api.force_authenticate(person)
    answer, advice = api.get(address).json(), skill_advice(cv)
    assert (answer["vacancies"], answer["max_minutes"]) == (6, 45)
    assert [(row["skill"], row["label"], row["rises"], row["points"], row["gain"]) for row in answer["results"]] == [
        (one.skill_id, one.label, one.rises, one.points, one.gain) for one in advice.skills
    ]


def test_more_vacancies_and_skills_take_no_more_queries(cv, market, firm, django_assert_num_queries, painting):
    skill_advice(cv)
    for n in range(3):
        make_vacancy(firm, {painting: 3, make_skill(f"meten {n}"): 3})
        make_programme(skills={painting: 3})
    skill_advice(cv)
    with django_assert_num_queries(13):
        skill_advice(cv)
