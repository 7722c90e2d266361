"""Who sees which page, what stays hidden, and how many queries a list costs."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matching import operations, queries
from matching.models import Application, Bookmark
from tests.factories import make_cv, make_occupation, make_place, make_programme, make_skill, make_user, make_vacancy
from tests.matching.conftest import DID, WHY, put_in, ref_of, steps
from vacancies.models import Requirement
from vacancies.operations import close_vacancy

pytestmark = pytest.mark.django_db


def url(name: str, *arguments) -> str:
    return reverse(f"matching:{name}", args=arguments)


def text_of(response) -> str:
    return html.unescape(response.content.decode())


# Pages of a jobseeker.


def test_everybody_with_a_smart_cv_sees_matches_others_are_led_to_making_one(client, cv, person, vacancy, stranger):
    assert client.get(url("matches")).url == reverse("profiles:start")
    client.force_login(person)
    assert "Timmerman" in text_of(client.get(url("matches")))
    assert client.get(url("match", vacancy.pk)).status_code == 200
    client.force_login(stranger)
    assert client.get(url("matches")).url == reverse("profiles:start")


def test_a_draft_without_an_account_has_matches_but_needs_an_account_to_send(client, sawing, vacancy):
    draft = make_cv(None, {sawing: 3})
    session = client.session
    session["cv_ref"] = str(draft.ref)
    session.save()
    assert "Timmerman" in text_of(client.get(url("matches")))
    answer = client.post(url("apply", vacancy.pk), {"why": WHY, "did": DID})
    assert answer.url.startswith(reverse("account_signup"))
    assert url("apply", vacancy.pk) in answer.url
    assert not Application.objects.exists()
    assert WHY in text_of(client.get(url("apply", vacancy.pk)))


def test_applying_leads_to_the_chance_and_twice_says_so(client, cv, person, vacancy):
    client.force_login(person)
    answer = client.post(url("apply", vacancy.pk), {"why": WHY, "did": DID}, follow=True)
    assert answer.status_code == 200
    assert DID in text_of(answer)
    again = client.post(url("apply", vacancy.pk), {"why": "Anders", "did": ""})
    assert again.status_code == 422
    assert Application.objects.get().why == WHY


def test_markup_in_a_motivation_is_dropped_and_the_words_stay(client, cv, person, vacancy, owner):
    client.force_login(person)
    client.post(url("apply", vacancy.pk), {"why": "<script>alert(1)</script><b>Graag</b> & snel", "did": "<i>Dit</i>"})
    sent = Application.objects.get()
    assert (sent.why, sent.did) == ("Graag & snel", "Dit")
    client.force_login(owner)
    page = client.get(url("candidate", vacancy.pk, ref_of(cv, vacancy))).content.decode()
    assert "Graag &amp; snel" in page
    assert "alert(1)" not in page


def test_a_vacancy_that_closed_while_writing_is_said_and_the_words_stay(client, cv, person, vacancy, owner, now):
    client.force_login(person)
    assert client.get(url("apply", vacancy.pk)).status_code == 200
    close_vacancy(vacancy=vacancy, actor=owner, now=now)
    answer = client.post(url("apply", vacancy.pk), {"why": WHY, "did": DID})
    assert answer.status_code == 422
    assert WHY in text_of(answer)
    assert not Application.objects.exists()


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_vacancies_that_are_not_open_are_no_pages(client, status, cv, person, firm):
    vacancy = make_vacancy(firm, status=status)
    client.force_login(person)
    assert client.get(url("match", vacancy.pk)).status_code == 404
    assert client.get(url("apply", vacancy.pk)).status_code == 404
    assert client.post(url("bookmark", vacancy.pk), {"wish": "save"}).status_code == 404


def test_an_unknown_vacancy_is_a_404_however_large_the_number(client, cv, person):
    client.force_login(person)
    for pk in (0, 999_999, 10**30):
        assert client.get(url("match", pk)).status_code == 404


def test_an_application_is_for_the_applicant_only(client, sent, person, other_person, owner, teammate, stranger):
    page, answer = url("application", sent.ref), url("answer", sent.ref)
    assert client.get(page).status_code == 302
    assert client.post(answer, {"answer": "withdraw"}).status_code == 302
    for user in (other_person, owner, teammate, stranger):
        client.force_login(user)
        assert client.get(page).status_code == 404
        assert client.post(answer, {"answer": "withdraw"}).status_code == 404
    sent.refresh_from_db()
    assert sent.status == "sent"
    client.force_login(person)
    assert client.get(page).status_code == 200
    assert sent.vacancy.title in text_of(client.get(url("applications")))
    assert client.post(answer, {"answer": "dance"}).status_code == 404
    client.post(answer, {"answer": "withdraw"})
    sent.refresh_from_db()
    assert sent.status == "withdrawn"


@pytest.mark.parametrize("status", Application.Status.values)
def test_the_page_of_an_application_works_in_every_state(client, status, sent, person):
    put_in(sent, status)
    client.force_login(person)
    assert client.get(url("application", sent.ref)).status_code == 200
    assert client.get(url("applications")).status_code == 200
    assert client.get(url("matches")).status_code == 200


def test_an_approach_is_accepted_or_declined_on_its_page(client, approached, person):
    client.force_login(person)
    client.post(url("answer", approached.ref), {"answer": "decline"})
    client.post(url("answer", approached.ref), {"answer": "accept"})  # too late: refused with a message
    assert steps(approached) == ["approached", "declined"]


def test_a_yes_may_come_with_words_that_the_firm_reads_and_the_chance_hears(client, approached, vacancy, person, owner):
    client.force_login(person)
    ahead = queries.match_for(approached.cv, vacancy)
    page = client.post(url("answer", approached.ref), {"answer": "accept", "why": "x" * 1501})
    assert page.status_code == 422
    assert "error-why" in text_of(page) or "1500" in text_of(page)
    client.post(url("answer", approached.ref), {"answer": "accept", "why": WHY, "did": DID})
    sent = Application.objects.get()
    assert (sent.status, sent.why, sent.did) == ("sent", WHY, DID)
    assert sent.snapshot["chance"]["p"] == ahead.if_told.p > ahead.chance.p
    client.force_login(owner)
    assert WHY in text_of(client.get(url("candidate", vacancy.pk, ref_of(approached.cv, vacancy))))


def test_nothing_is_promised_for_telling_where_nothing_can_be_told(approached, vacancy, person, owner, now):
    operations.decline_approach(application=approached, actor=person, now=now)
    assert queries.match_for(approached.cv, vacancy).if_told is None
    cv = approached.cv
    approached.delete()
    close_vacancy(vacancy=vacancy, actor=owner, now=now)
    vacancy.refresh_from_db()
    assert queries.match_for(cv, vacancy).if_told is None


def test_saving_hiding_and_taking_it_back(client, cv, person, vacancy):
    client.force_login(person)
    mark = url("bookmark", vacancy.pk)

    def shown(view: str) -> bool:
        return "Timmerman" in text_of(client.get(url("matches"), {"view": view}))

    client.post(mark, {"wish": "save"})
    assert (shown(""), shown("saved"), shown("hidden")) == (True, True, False)
    client.post(mark, {"wish": "hide"})
    assert (shown(""), shown("saved"), shown("hidden")) == (False, False, True)
    client.post(mark, {"wish": "undo"})
    assert (shown(""), shown("saved"), shown("hidden")) == (True, False, False)
    assert not Bookmark.objects.exists()


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"])
def test_a_bookmark_never_leads_away_from_the_site(client, back, cv, person, vacancy):
    client.force_login(person)
    answer = client.post(url("bookmark", vacancy.pk), {"wish": "save", "back": back})
    assert answer.url == url("matches")


@pytest.mark.parametrize("show", ["²", "-5", "x", "9" * 5000, ""])
def test_a_strange_number_of_matches_is_no_error(client, show, cv, person, vacancy):
    client.force_login(person)
    assert client.get(url("matches"), {"show": show}).status_code == 200


@pytest.mark.parametrize(
    "filters, found",
    [
        ({}, {"Timmerman", "Schilder", "Ver weg", "Rol"}),
        ({"text": "schil"}, {"Schilder"}),
        ({"text": "TIMMER bouw"}, {"Timmerman"}),
        ({"text": "niets hiervan"}, set()),
        ({"sector": "care"}, {"Schilder"}),
        ({"max_minutes": "30"}, {"Timmerman", "Schilder", "Rol"}),
        ({"hours": "12"}, {"Schilder"}),
        ({"min_pay": "4000"}, {"Ver weg"}),
        ({"kind": "function"}, {"Rol"}),
        ({"kind": "vacancy"}, {"Timmerman", "Schilder", "Ver weg"}),
        ({"hours": "-4", "text": "schil"}, {"Schilder"}),
    ],
)
def test_filters_narrow_the_list(client, filters, found, cv, person, vacancy, firm):
    far = make_place("6211", name="Maastricht", latitude=50.85, longitude=5.69)
    make_vacancy(firm, title="Schilder", occupation=make_occupation(sector="care"), hours_min=8, hours_max=16)
    make_vacancy(firm, title="Ver weg", place=far, pay_min=4000, pay_max=5000)
    make_vacancy(firm, title="Rol", kind="function")
    client.force_login(person)
    page = text_of(client.get(url("matches"), filters))
    assert {title for title in ("Timmerman", "Schilder", "Ver weg", "Rol") if f">{title}</a>" in page} == found


def test_quick_matches_are_empty_without_a_cv_and_filled_with_one(client, cv, person, vacancy):
    assert "Timmerman" not in text_of(client.get(url("quick")))
    client.force_login(person)
    assert "Timmerman" in text_of(client.get(url("quick")))


# The page of an operator.


def test_the_chance_model_is_for_operators(client, operator, owner, person):
    assert client.get(url("model")).status_code == 302
    for user in (owner, person):
        client.force_login(user)
        assert client.get(url("model")).status_code == 404
    client.force_login(operator)
    assert client.get(url("model")).status_code == 200
    for model in ("", "0", "abc", "9" * 40):
        assert client.post(url("model"), {"model": model}).status_code == 404


# How many queries a list costs.


def queries_of(client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_lists_cost_as_many_queries_for_twelve_rows_as_for_three(
    client, firm, owner, person, cv, sawing, painting, now
):
    make_skill("ongebruikt")
    first = make_vacancy(firm, {sawing: 3, painting: 2})

    def grow(n: int) -> dict[str, int]:
        for _ in range(n):
            vacancy = make_vacancy(firm, {sawing: 3, painting: 2})
            operations.apply(cv=cv, vacancy=vacancy, why=WHY, did="", actor=person, now=now)
            user = make_user()
            operations.apply(cv=make_cv(user, {sawing: 2}), vacancy=first, why="", did="", actor=user, now=now)
            make_cv(make_user(), {painting: 5})
        counts = {}
        for user, name, arguments in (
            (person, "matches", []), (person, "applications", []), (owner, "candidates", [first.pk]),
            (person, "match", [first.pk]),
        ):  # fmt: skip
            client.force_login(user)
            counts[name] = queries_of(client, url(name, *arguments))
        return counts

    three, twelve = grow(3), grow(9)
    assert twelve == three
    assert max(three.values()) <= 48


def test_somebody_reads_both_chances_before_and_after_applying(client, cv, person, vacancy):
    client.force_login(person)
    before = text_of(client.get(url("match", vacancy.pk)))
    client.post(url("apply", vacancy.pk), {"why": WHY, "did": DID})
    after = text_of(client.get(url("application", Application.objects.get().ref)))
    for page in (before, after):
        assert "Je kans op een gesprek" in page
        assert "Je kans op de baan" in page
        assert page.count('class="chance-range"') >= 2
    assert "Er solliciteerde nog niemand anders. Dat telt mee." in before


def test_an_employer_does_not_read_the_chance_of_somebody_they_see(client, sent, owner):
    client.force_login(owner)
    assert "Je kans op de baan" not in text_of(client.get(url("candidate", sent.vacancy_id, sent.ref)))


def test_a_skill_without_a_dutch_label_is_marked_as_english_on_every_page_of_a_match(client, cv, person, vacancy):
    skill = make_skill("welding")
    type(skill).objects.filter(pk=skill.pk).update(label_nl="")
    Requirement.objects.create(vacancy=vacancy, skill=skill, importance=3, min_level=3, is_hard=True)
    client.force_login(person)
    marked = f'<span lang="en">{skill.label_en}</span>'
    assert marked in text_of(client.get(url("matches")))
    assert text_of(client.get(url("match", vacancy.pk))).count(marked) >= 3  # failing, missing, how it is counted


def test_a_skill_without_dutch_is_marked_within_sentences(client, cv, person, vacancy, painting):
    make_programme(skills={painting: 4}, title="Schilderen", mode="evening")
    painting.label_nl, painting.label_en = "", "R&D of paint"
    painting.save()
    vacancy.requirements.filter(skill=painting).update(is_hard=True)
    marked = '<span lang="en">R&amp;D of paint</span>'
    client.force_login(person)
    assert f"Je leert: {marked}" in client.get(url("match", vacancy.pk)).text
    assert f"als je dit kon: {marked}" in client.get(url("matches")).text
    [near] = queries.almost_for_cv(cv)
    assert near.words == "als je dit kon: R&D of paint"
