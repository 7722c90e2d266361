"""Choosing between jobs: the pages, the API, and what it fills in."""

import html

import numpy as np
import pytest
from django.urls import reverse
from scipy.special import expit

from core.exceptions import Conflict
from matching import operations
from matching.queries import choices
from profiles import operations as cv_operations
from profiles.models import CV
from profiles.pairs import PRIOR_MEAN, prior_covariance, table
from tests.factories import make_cv, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db):
    return make_user("kiest@example.org")


@pytest.fixture
def cv(person):
    return make_cv(person, hours_min=None, hours_max=None, travel_minutes=None)


def url(name: str, *arguments) -> str:
    return reverse(f"matching:{name}", args=arguments)


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def taste_of(kind: str, strength: float = 4.0) -> np.ndarray:
    """Somebody who likes one type of work above all, short weeks, and being backed."""
    taste = PRIOR_MEAN.copy()
    taste[["realistic", "investigative", "artistic", "social", "enterprising", "conventional"].index(kind)] += strength
    taste[10] += strength / 2  # support
    taste[12] -= strength / 2  # hours
    return taste


def all_answers(cv, taste, start: int | None = None) -> list:
    told = []
    while True:
        talk = choices.conversation(told, cv.ref.int if start is None else start)
        if talk.is_done:
            return told
        likes = talk.next.difference @ taste > 0
        told = choices.with_answer(talk, len(told) + 1, talk.next, choices.FIRST if likes else choices.SECOND)


def test_what_was_chosen_is_said_and_fills_the_gaps_only(cv):
    cv_operations.save_values(cv=cv, version=cv.version, values={"independence": 20})
    operations.save_choices(cv=cv, version=cv.version, answers=all_answers(cv, taste_of("social")))
    cv.refresh_from_db()
    assert max(cv.choice_result["types"], key=cv.choice_result["types"].get) == "social"
    assert cv.interests is not None
    assert max(cv.interests) == cv.social
    assert cv.independence == 20, "what somebody said stays"
    words = [line.words for line in choices.summary(cv)]
    assert any("mensen helpen" in line for line in words), words
    assert 6 <= len(cv.choice_answers) <= choices.MOST_SHOWN
    assert cv.choice_result["held_out"] == 2


def test_beginning_anew_takes_back_what_was_filled_in_and_nothing_else(cv):
    before = CV.objects.values().get(pk=cv.pk)
    operations.save_choices(cv=cv, version=cv.version, answers=all_answers(cv, taste_of("realistic")))
    assert CV.objects.values_list("choice_result", flat=True).get(pk=cv.pk)["filled"]
    cv_operations.save_drive(cv=cv, version=cv.version, ready_to_learn=3, start_within_weeks=None)
    operations.save_choices(cv=cv, version=cv.version, answers=[])
    after = CV.objects.values().get(pk=cv.pk)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"version", "updated_at", "ready_to_learn"}


def test_what_a_person_changes_afterwards_is_theirs(cv):
    operations.save_choices(cv=cv, version=cv.version, answers=all_answers(cv, taste_of("social")))
    answers = {f"{kind}_{what}": 2 for kind, what in [("realistic", "repair"), ("realistic", "build")]}
    cv_operations.save_interests(cv=cv, version=cv.version, answers=answers)
    cv.refresh_from_db()
    assert cv.interests is not None, "two answers of thirty do not wipe out what the choices said"
    operations.save_choices(cv=cv, version=cv.version, answers=[])
    cv.refresh_from_db()
    assert cv.interest_answers == answers


def test_nobody_who_does_not_know_is_pinned_down(cv):
    told = []
    while not (talk := choices.conversation(told, 0)).is_done:
        told = choices.with_answer(talk, len(told) + 1, talk.next, choices.SKIP)
    assert len(told) == choices.MOST_SHOWN
    operations.save_choices(cv=cv, version=cv.version, answers=told)
    cv.refresh_from_db()
    assert cv.choice_result["answered"] == 0
    assert cv.choice_result["filled"] == {}
    assert cv.interests is None
    assert choices.summary(cv) == []


def test_old_codes_and_nonsense_are_left_out(cv):
    pair = table()[0][1].code
    talk = choices.conversation([["gone|away|x9", "a"], [pair, "maybe"], [pair[:-1], "a"]], 0)
    assert [(answer.pair.code, answer.said) for answer in talk.answers] == [(pair, "skip")]


def test_two_tabs_do_not_overwrite_each_other(cv):
    answers = all_answers(cv, taste_of("social"))
    seen = cv.version
    operations.save_choices(cv=cv, version=seen, answers=answers[:1])
    other = CV.objects.get(pk=cv.pk)
    with pytest.raises(Conflict):
        operations.save_choices(cv=other, version=seen, answers=answers[:2])


@pytest.mark.slow
def test_held_out_pairs_are_predicted_better_than_by_guessing(cv):
    rng = np.random.default_rng(11)
    root = np.linalg.cholesky(prior_covariance())
    right = asked = 0
    for number in range(60):
        taste = PRIOR_MEAN + root @ rng.normal(size=len(PRIOR_MEAN))
        told = []
        while not (talk := choices.conversation(told, number * 7919)).is_done:
            first = rng.random() < expit(talk.next.difference @ taste)
            told = choices.with_answer(talk, len(told) + 1, talk.next, choices.FIRST if first else choices.SECOND)
        found = choices.outcome(talk)
        right, asked = right + found.predicted, asked + found.held_out
    assert asked == 120
    assert right / asked > 0.5 + 2 * np.sqrt(0.25 / asked)


# Pages.


def test_a_whole_conversation_in_the_browser_without_an_account(client):
    page = client.get(url("choices"), follow=True)
    at = 0
    while "choices_result.html" not in {template.name.rsplit("/", 1)[-1] for template in page.templates}:
        at += 1
        assert at <= choices.MOST_SHOWN
        pair, version = page.context["pair"], page.context["version"]
        assert text_of(page).count("Dit trekt me meer") == 2
        sent = {"choice": "a" if at % 3 else "skip", "pair": pair.code, "version": version}
        page = client.post(url("choice", at), sent, follow=True)
        assert page.status_code == 200
    assert "We hielden 2 paren apart" in text_of(page)
    assert CV.objects.get().choice_result["answered"] >= 4


def test_going_back_shows_the_answer_and_changing_it_keeps_the_later_ones(client, person, cv):
    client.force_login(person)
    for at in (1, 2, 3):
        page = client.get(url("choice", at))
        client.post(
            url("choice", at), {"choice": "b", "pair": page.context["pair"].code, "version": page.context["version"]}
        )
    cv.refresh_from_db()
    later = cv.choice_answers[1:]
    page = client.get(url("choice", 1))
    assert page.context["said"] == "b"
    assert "Dit koos je" in text_of(page)
    client.post(
        url("choice", 1), {"choice": "a", "pair": page.context["pair"].code, "version": page.context["version"]}
    )
    cv.refresh_from_db()
    assert cv.choice_answers[0][1] == "a"
    assert cv.choice_answers[1:] == later


def test_another_tab_a_far_page_and_nonsense(client, person, cv):
    client.force_login(person)
    page = client.get(url("choice", 1))
    assert client.get(url("choice", 9)).url == url("choices")
    assert client.post(url("choice", 1), {"choice": "x", "version": 1}).status_code == 404
    assert client.post(url("choice", 9), {"choice": "a", "version": 1}).status_code == 404
    assert client.get(url("choices-result")).url == url("choices")
    cv_operations.save_languages(cv=cv, version=cv.version, languages={"nl": 6})
    late = client.post(url("choice", 1), {"choice": "a", "pair": page.context["pair"].code, "version": 1})
    assert late.status_code == 409
    cv.refresh_from_db()
    assert cv.choice_answers == []


# API.


def test_the_api_asks_answers_and_begins_anew(api, person, cv):
    api.force_authenticate(person)
    got = api.get(reverse("api-choices")).json()
    assert got["answers"] == []
    assert len(got["next"]["jobs"]) == 2
    while got["next"]:
        sent = {"pair": got["next"]["pair"], "answer": "b", "version": got["version"]}
        answer = api.post(reverse("api-choices"), sent, format="json")
        assert answer.status_code == 200, answer.json()
        got = answer.json()
    assert got["result"]["held_out"] == 2
    stale = api.post(reverse("api-choices"), {**sent, "answer": "a", "version": 1}, format="json")
    assert stale.status_code == 409
    unknown = api.post(reverse("api-choices"), {**sent, "pair": "x", "version": got["version"]}, format="json")
    assert unknown.status_code == 400
    assert api.delete(reverse("api-choices")).status_code == 204
    assert api.get(reverse("api-choices")).json()["result"] is None


def test_the_api_is_closed_to_others(api, cv, other_person):
    assert api.get(reverse("api-choices")).status_code == 401
    stranger = make_user("zonder@example.org")
    api.force_authenticate(stranger)
    for method in (api.get, api.post, api.delete):
        assert method(reverse("api-choices")).status_code == 404
