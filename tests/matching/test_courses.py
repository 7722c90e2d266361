"""Courses that bring on, what was finished, and what almost fits: pages and API."""

import html
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from matching import operations, queries
from matching.engine import prior
from matching.models import Application, Bookmark, ChanceModel
from matching.queries.suggestions import _varied
from profiles.models import CV, CVSkill, FinishedProgramme, Job
from taxonomy.models import OccupationNearness
from tests.factories import make_cv, make_occupation, make_programme, make_user, make_vacancy
from tests.matching.conftest import DID, WHY
from vacancies.models import Requirement

pytestmark = pytest.mark.django_db


def url(name: str, *arguments) -> str:
    return reverse(f"matching:{name}", args=arguments)


def text_of(response) -> str:
    return html.unescape(response.content.decode())


@pytest.fixture
def course(painting):
    return make_programme(skills={painting: 4}, title="Schilderen", mode="evening")


def test_a_finished_course_brings_exactly_the_chance_that_was_promised(cv, vacancy, course, person):
    (promise,) = queries.suggestions_for(cv, vacancy)
    operations.finish_programme(
        cv=cv, programme=course, year=timezone.localdate().year, today=timezone.localdate(), actor=person
    )
    now = queries.match_for(CV.objects.get(pk=cv.pk), vacancy).chance
    assert (now.p, now.low, now.high) == (
        promise.chance_after.p, promise.chance_after.low, promise.chance_after.high,
    )  # fmt: skip
    assert promise.gain_low <= promise.gain <= promise.gain_high
    assert queries.suggestions_for(CV.objects.get(pk=cv.pk), vacancy) == []


def test_advice_over_the_market_says_of_a_vacancy_what_its_own_page_says(cv, vacancy, course, person, now):
    """Also when somebody applied to it, told why, and the vacancy grew older since."""
    operations.apply(cv=cv, vacancy=vacancy, why=WHY, did=DID, actor=person, now=now)
    type(vacancy).objects.filter(pk=vacancy.pk).update(published_at=now - timedelta(days=50))
    Application.objects.update(applied_at=now - timedelta(days=40))
    vacancy.refresh_from_db()
    cv.wishes.create(occupation=vacancy.occupation)
    (advice,) = queries.market_advice(cv, vacancy.occupation).advice
    (own,) = queries.suggestions_for(cv, vacancy)
    assert advice.examples == [(vacancy.pk, vacancy.title, own.chance_before.p, own.chance_after.p)]
    assert own.chance_before.p == queries.match_for(cv, vacancy).chance.p


def test_other_vacancies_that_a_course_opens_do_not_count_the_one_it_is_asked_for(cv, firm, course, sawing, painting):
    ChanceModel.objects.create(version=3, is_live=True, parameters=replace(prior(), base=prior().base - 0.5).to_json())
    asked, *_others = (make_vacancy(firm, {sawing: 3, painting: 4}) for _ in range(3))
    (own,) = queries.suggestions_for(cv, asked)
    assert own.chance_before.p < 50 < own.chance_after.p
    assert own.opens == 2


def test_what_cannot_be_begun_reached_or_combined_with_a_job_is_not_suggested(cv, vacancy, course, painting):
    def titles() -> list[str]:
        found = queries.suggestions_for(cv, vacancy, limit=9)
        return sorted(one.title for each in found for one in each.programmes)

    def change(**fields) -> None:
        type(course).objects.filter(pk=course.pk).update(version=F("version") + 1, **fields)

    assert titles() == ["Schilderen"]
    change(start_dates=["2020-01-01"])
    assert titles() == []
    change(start_dates=[], entry_level=7)
    assert titles() == []
    change(entry_level=None, mode="day", hours_per_week=20)
    assert titles() == ["Schilderen"]
    Job.objects.create(cv=cv, title="Kok", is_current=True)
    assert titles() == []
    change(kind="bbl")
    assert titles() == ["Schilderen"]


def test_the_page_of_courses_names_what_it_is_measured_from(client, cv, person, vacancy, course):
    client.force_login(person)
    page = client.get(url("courses"))
    assert page.status_code == 200
    assert "Waar is dit vanaf gemeten?" in text_of(page)
    cv.wishes.create(occupation=vacancy.occupation)
    page = client.get(url("courses") + f"?occupation={vacancy.occupation_id}")
    assert "Schilderen" in text_of(page)
    assert page.context["found"].vacancies == 1
    (advice,) = page.context["found"].advice
    assert advice.per_month == round(advice.gain * 52 / 120, 1)
    assert advice.per_thousand == round(advice.gain / 0.45, 1)
    assert "voor elke maand leren" in text_of(page)


def test_advice_towards_an_occupation_looks_at_work_near_to_it_as_well(cv, vacancy, course):
    decorator, baker = make_occupation("behanger", isco="7131"), make_occupation("bakker", isco="7512")
    assert queries.market_advice(cv, decorator).vacancies == 0
    OccupationNearness.objects.create(occupation=decorator, other=vacancy.occupation, similarity=8)
    assert queries.market_advice(cv, decorator).vacancies == 1
    assert queries.market_advice(cv, vacancy.occupation).vacancies == 1
    assert queries.market_advice(cv, baker).vacancies == 0


def test_a_course_is_named_twice_at_most():
    assert _varied([(1, 2), (1, 3), (1, 4), (2, 3), (3,), (4,)]) == [(1, 2), (1, 3), (2, 3), (4,)]


def test_somebody_says_what_they_finished_and_takes_it_back(client, cv, person, course, painting):
    client.force_login(person)
    assert "verven" in text_of(client.get(url("finish", course.pk)))
    for wrong in ("", "31", "3000", "x"):
        assert client.post(url("finish", course.pk), {"year": wrong}).status_code == 422
    page = client.post(url("finish", course.pk), {"year": timezone.localdate().year}, follow=True)
    assert "Het staat in je slimme cv" in text_of(page)
    assert CVSkill.objects.get(cv=cv, skill=painting).learned_in.title == "Schilderen"
    cv.refresh_from_db()
    client.post(url("finish", course.pk), {"do": "undo", "version": cv.version})
    assert not CVSkill.objects.filter(cv=cv, skill=painting).exists()
    assert not FinishedProgramme.objects.exists()


def test_a_draft_programme_cannot_be_finished(client, api, cv, person, painting):
    draft = make_programme(skills={painting: 3}, status="draft")
    client.force_login(person)
    assert client.get(url("finish", draft.pk)).status_code == 404
    api.force_authenticate(person)
    sent = {"programme": draft.pk, "year": 2020}
    assert api.post(reverse("api-finished-programmes"), sent, format="json").status_code == 400


def test_the_api_serves_courses_finished_programmes_and_almost(api, cv, person, vacancy, course, painting, owner):
    Requirement.objects.filter(vacancy=vacancy, skill=painting).update(is_hard=True)
    api.force_authenticate(person)
    (near,) = api.get(reverse("api-almost")).json()["results"]
    assert (near["kind"], near["vacancy"]["id"]) == ("skill", vacancy.pk)
    assert near["fit_then"] > near["fit"]
    assert api.get(reverse("api-courses")).json()["vacancies"] == 1
    assert api.get(reverse("api-courses") + "?occupation=7").status_code == 400
    assert api.get(reverse("api-matches") + "?order=market").status_code == 200
    assert api.get(reverse("api-matches") + "?order=x").status_code == 400
    api.force_authenticate(owner)
    listed = api.get(reverse("api-candidates-almost", args=[vacancy.pk])).json()["results"]
    assert [row["kind"] for row in listed] == ["skill"]
    assert "cv" not in listed[0]
    api.force_authenticate(person)
    sent = {"programme": course.pk, "year": 2024}
    assert api.post(reverse("api-finished-programmes"), sent, format="json").status_code == 201
    assert api.get(reverse("api-almost")).json()["results"] == []


def test_almost_is_for_who_may_be_found_and_what_is_not_hidden(client, cv, person, vacancy, painting, owner):
    Requirement.objects.filter(vacancy=vacancy, skill=painting).update(is_hard=True)
    assert [near.kind for near in queries.almost_for_vacancy(vacancy)] == ["skill"]
    client.force_login(owner)
    page = text_of(client.get(url("candidates", vacancy.pk)))
    assert "Wie zou passen als één ding anders was" in page
    assert person.name not in page
    client.force_login(person)
    assert "als je dit kon: verven" in text_of(client.get(url("matches")))
    CV.objects.filter(pk=cv.pk).update(findable=False)
    assert queries.almost_for_vacancy(vacancy) == []
    Bookmark.objects.create(cv=cv, vacancy=vacancy, hidden=True)
    assert queries.almost_for_cv(cv) == []


def test_the_sum_on_the_page_adds_up_to_the_last_requirement(client, cv, person, vacancy):
    match = queries.match_for(cv, vacancy)
    assert sum(line.adds for part in match.breakdown for line in part.lines) == match.fit
    assert [sum(line.adds for line in part.lines) for part in match.breakdown] == [p.adds for p in match.breakdown]
    assert sum(adds for _label, adds in match.contributions) == match.fit
    labels = {line.label for line in match.breakdown[0].lines}
    assert {"hout zagen", "verven"} <= labels
    unknown = [line for part in match.breakdown[1:] for line in part.lines if not line.known]
    assert all(line.score == 50 for line in unknown)
    client.force_login(person)
    assert f"Match: {match.fit} van 1.000" in text_of(client.get(url("match", vacancy.pk)))


def test_both_orders_are_offered_and_explained(client, cv, person, vacancy):
    client.force_login(person)
    page = text_of(client.get(url("matches") + "?order=market"))
    assert "Wat is het verschil?" in page
    assert "Hij is er nog niet" in page
    operations.refresh_market_prices(now=timezone.now())
    page = text_of(client.get(url("matches") + "?order=market"))
    assert "Hij is er nog niet" not in page
    assert "Timmerman" in page


def test_a_stranger_has_no_part_in_this(client, cv, vacancy, course):
    other = make_user("elders@example.org")
    make_cv(other, hours_min=1, hours_max=2)
    client.force_login(other)
    client.post(url("finish", course.pk), {"year": 2020})
    assert not FinishedProgramme.objects.filter(cv=cv).exists()
    assert make_vacancy().pk != vacancy.pk
