"""Which steps an application can take, what each leaves behind, and who hears of it."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils.translation import override

from accounts.models import AuditEntry
from accounts.operations import erase_user, export_user
from core import events
from core.exceptions import Refused
from matching import operations, queries, tasks
from matching.engine.features import NAMES
from matching.models import Application, ApplicationEvent, Bookmark, Recommendation
from matching.queries.applications import NEXT_STEPS
from profiles.operations import claim_draft
from tests.factories import make_cv, make_user, make_vacancy
from tests.matching.conftest import DID, WHY, put_in, steps
from vacancies.operations import close_vacancy

pytestmark = pytest.mark.django_db
Status = Application.Status
OPEN = {"sent", "seen", "shortlisted", "invited"}

STEPS = {
    "withdraw": (operations.withdraw, OPEN, "withdrawn"),
    "accept": (operations.accept_approach, {"approached"}, "sent"),
    "decline": (operations.decline_approach, {"approached"}, "declined"),
    "shortlist": (operations.shortlist, {"sent", "seen"}, "shortlisted"),
    "invite": (operations.invite, {"sent", "seen", "shortlisted"}, "invited"),
    "reject": (operations.reject, OPEN, "rejected"),
    "hire": (operations.hire, {"invited"}, "hired"),
}


@pytest.mark.parametrize("before", Status.values)
@pytest.mark.parametrize("name", STEPS)
def test_every_step_is_possible_from_the_right_states_and_refused_from_all_others(name, before, sent, owner, now):
    step, allowed, after = STEPS[name]
    application = put_in(sent, before)
    extra = {"reason": "skills", "message": ""} if name == "reject" else {}
    happened = steps(application)
    if before in allowed:
        step(application=application, actor=owner, now=now, **extra)
        application.refresh_from_db()
        assert application.status == after
        assert steps(application) == [*happened, after]
        return
    with pytest.raises(Refused) as refusal:
        step(application=application, actor=owner, now=now, **extra)
    application.refresh_from_db()
    assert (application.status, steps(application)) == (before, happened)
    assert str(application.get_status_display()) in refusal.value.message


@pytest.mark.parametrize("before", Status.values)
def test_reading_marks_only_what_was_just_sent(before, sent, owner, now):
    application = put_in(sent, before)
    operations.mark_seen(application=application, actor=owner, now=now)
    operations.mark_seen(application=application, actor=owner, now=now)
    application.refresh_from_db()
    assert application.status == ("seen" if before == "sent" else before)
    assert steps(application).count("seen") == (before == "sent")


def test_applying_keeps_what_was_promised_and_what_it_came_from(sent, vacancy, person):
    assert (sent.status, sent.why, sent.did) == ("sent", WHY, DID)
    chance = sent.snapshot["chance"]
    assert 0 < chance["low"] <= chance["p"] <= chance["high"] < 100
    assert len(sent.snapshot["features"]) == len(NAMES)
    assert sent.engine_version
    assert AuditEntry.objects.filter(verb="apply", subject_id=sent.pk, actor=person).exists()


def test_what_telling_would_do_is_said_before_applying_and_kept_afterwards(cv, vacancy, person, now):
    before = queries.match_for(cv, vacancy)
    assert not before.telling_helps  # without outcomes the chance is too wide to be said
    sure = replace(before, chance=replace(before.chance, enough=True), if_told=replace(before.if_told, enough=True))
    assert sure.telling_helps
    sent = operations.apply(cv=cv, vacancy=vacancy, why=WHY, did=DID, actor=person, now=now)
    assert sent.snapshot["chance"]["p"] == before.if_told.p > before.chance.p
    after = queries.match_for(cv, vacancy)
    assert (after.chance.p, after.if_told, after.telling_helps) == (before.if_told.p, None, False)


def test_a_dot_tells_nothing(cv, vacancy, person, now):
    before = queries.match_for(cv, vacancy)
    sent = operations.apply(cv=cv, vacancy=vacancy, why=".", did="ja", actor=person, now=now)
    assert sent.snapshot["chance"]["p"] == before.chance.p == queries.match_for(cv, vacancy).chance.p


def test_applying_twice_is_refused_and_changes_nothing(sent, cv, vacancy, person, now):
    with pytest.raises(Refused):
        operations.apply(cv=cv, vacancy=vacancy, why="Nog eens", did="", actor=person, now=now)
    sent.refresh_from_db()
    assert (Application.objects.count(), sent.why) == (1, WHY)


def test_after_withdrawing_there_is_no_second_application(sent, cv, vacancy, person, now):
    operations.withdraw(application=sent, actor=person, now=now)
    with pytest.raises(Refused):
        operations.apply(cv=cv, vacancy=vacancy, why="", did="", actor=person, now=now)


def test_who_said_no_to_the_firm_may_still_apply(approached, cv, vacancy, person, now):
    operations.decline_approach(application=approached, actor=person, now=now)
    application = operations.apply(cv=cv, vacancy=vacancy, why=WHY, did="", actor=person, now=now)
    assert application.pk == approached.pk
    assert steps(application) == ["approached", "declined", "sent"]


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_nothing_is_sent_to_a_vacancy_that_is_not_open(status, cv, firm, person, now):
    vacancy = make_vacancy(firm, status=status)
    with pytest.raises(Refused):
        operations.apply(cv=cv, vacancy=vacancy, why="", did="", actor=person, now=now)
    assert not Application.objects.exists()


def test_a_vacancy_closed_while_writing_refuses_although_the_page_still_held_it_open(cv, vacancy, person, owner, now):
    close_vacancy(vacancy=vacancy, actor=owner, now=now)
    assert vacancy.status == "open"  # what the page had in its hands
    with pytest.raises(Refused):
        operations.apply(cv=cv, vacancy=vacancy, why="", did="", actor=person, now=now)


def test_only_the_owner_of_a_cv_applies_with_it(cv, vacancy, stranger, now):
    for mine in (cv, make_cv()):
        with pytest.raises(Refused):
            operations.apply(cv=mine, vacancy=vacancy, why="", did="", actor=stranger, now=now)


def test_accepting_after_the_vacancy_closed_is_refused(approached, vacancy, person, owner, now):
    close_vacancy(vacancy=vacancy, actor=owner, now=now)
    with pytest.raises(Refused):
        operations.accept_approach(application=approached, actor=person, now=now)
    approached.refresh_from_db()
    assert approached.status == "approached"


def test_asking_twice_changes_nothing_and_hidden_people_and_closed_vacancies_cannot_be_asked(
    approached, cv, vacancy, owner, now
):
    assert operations.approach(cv=cv, vacancy=vacancy, actor=owner, now=now) == approached
    assert steps(approached) == ["approached"]
    hidden = make_cv(make_user(), findable=False)
    with pytest.raises(Refused):
        operations.approach(cv=hidden, vacancy=vacancy, actor=owner, now=now)
    close_vacancy(vacancy=vacancy, actor=owner, now=now)
    with pytest.raises(Refused):
        operations.approach(cv=make_cv(make_user()), vacancy=vacancy, actor=owner, now=now)


@pytest.mark.parametrize("reason", ["", "te oud"])
def test_a_rejection_needs_a_reason_from_the_list(reason, sent, owner, now):
    with pytest.raises(Refused):
        operations.reject(application=sent, reason=reason, message="Nee", actor=owner, now=now)
    sent.refresh_from_db()
    assert (sent.status, sent.reason) == ("sent", "")


@pytest.mark.parametrize("reason", Application.Reason.values)
def test_a_rejection_without_words_thanks_and_names_the_reason_and_a_next_step(reason, sent, owner, now):
    operations.reject(application=sent, reason=reason, message=" ", actor=owner, now=now)
    sent.refresh_from_db()
    with override("nl"):
        assert str(Application.Reason(reason).label) in sent.message
        assert str(NEXT_STEPS[reason]) in sent.message
    assert "Timmerman" in sent.message
    assert (sent.decided_at, sent.was_invited) == (now, False)


def test_what_was_saved_before_logging_in_comes_along_and_decisions_of_before_stay(cv, person, firm, vacancy):
    draft = make_cv()
    other = make_vacancy(firm)
    operations.bookmark(cv=cv, vacancy=vacancy, hidden=True)
    for each in (vacancy, other):
        operations.bookmark(cv=draft, vacancy=each, hidden=False)
    claim_draft(ref=draft.ref, user=person)
    assert dict(Bookmark.objects.filter(cv=cv).values_list("vacancy_id", "hidden")) == {
        vacancy.pk: True,
        other.pk: False,
    }


def test_the_first_decision_keeps_its_moment_and_an_invitation_is_not_forgotten(sent, owner, now):
    operations.invite(application=sent, actor=owner, now=now, message="Dinsdag om tien uur.")
    assert sent.message == "Dinsdag om tien uur."
    operations.reject(application=sent, reason="filled", message="", actor=owner, now=now + timedelta(days=3))
    sent.refresh_from_db()
    assert (sent.decided_at, sent.was_invited) == (now, True)


def test_erasing_a_person_leaves_nothing_of_them_and_the_vacancy_stays(sent, cv, vacancy, person, now):
    operations.bookmark(cv=cv, vacancy=vacancy, hidden=False)
    operations.refresh_recommendations(cv_id=cv.pk, now=now)
    assert Recommendation.objects.exists()
    erase_user(user=person, now=now)
    for model in (Application, ApplicationEvent, Bookmark, Recommendation):
        assert not model.objects.exists(), model
    vacancy.refresh_from_db()
    assert not AuditEntry.objects.filter(actor__isnull=False, verb="apply").exists()


def test_the_export_of_a_person_holds_their_applications_and_nobody_elses(sent, cv, vacancy, person, owner, now):
    operations.bookmark(cv=cv, vacancy=vacancy, hidden=True)
    operations.reject(application=sent, reason="hours", message="Dank.", actor=owner, now=now)
    held = export_user(user=person)["matching"]
    (row,) = held["applications"]
    assert (row["why"], row["reason"], row["message"], row["title"]) == (WHY, "hours", "Dank.", "Timmerman")
    assert [event["status"] for event in row["events"]] == ["sent", "rejected"]
    assert held["bookmarks"][0]["hidden"] is True
    assert export_user(user=owner)["matching"] == {"applications": [], "bookmarks": []}


# Who hears of it.


@pytest.fixture
def queue(monkeypatch):
    """The tasks that were sent."""
    sent_tasks = []
    monkeypatch.setattr(events, "send", lambda task, *arguments: sent_tasks.append((task, *arguments)))
    return sent_tasks


def test_every_step_that_concerns_the_other_side_is_told_after_the_commit(
    queue, cv, vacancy, person, owner, now, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        application = operations.apply(cv=cv, vacancy=vacancy, why="", did="", actor=person, now=now)
        operations.mark_seen(application=application, actor=owner, now=now)
        operations.shortlist(application=application, actor=owner, now=now)
        operations.invite(application=application, actor=owner, now=now)
        operations.hire(application=application, actor=owner, now=now)
        assert queue == []
    assert [row[2] for row in queue if row[0] == "matching.notify"] == ["sent", "invited", "hired"]


@pytest.mark.parametrize("status", ["approached", "invited", "rejected", "hired"])
def test_the_person_gets_a_mail_in_their_language(status, sent, person):
    put_in(sent, status)
    assert tasks.notify(sent.pk, status) == 1
    assert mail.outbox[0].to == [person.email]
    assert "Timmerman" in mail.outbox[0].subject + mail.outbox[0].body
    person.language = "en"
    person.save()
    tasks.notify(sent.pk, status)
    assert mail.outbox[0].body != mail.outbox[1].body


@pytest.mark.parametrize("status", ["sent", "withdrawn", "declined"])
def test_everybody_of_the_firm_gets_a_mail_without_a_name_in_it(status, sent, person, owner, teammate):
    assert tasks.notify(sent.pk, status) == 2
    assert {message.to[0] for message in mail.outbox} == {owner.email, teammate.email}
    for message in mail.outbox:
        assert person.name not in message.subject + message.body
        assert person.email not in message.subject + message.body


def test_a_late_mail_about_an_invitation_does_not_carry_the_words_of_the_rejection(sent, owner, now):
    operations.invite(application=sent, actor=owner, now=now, message="Kom dinsdag.")
    operations.reject(application=sent, reason="filled", message="Helaas.", actor=owner, now=now)
    tasks.notify(sent.pk, "invited")
    assert "Helaas." not in mail.outbox[0].body


def test_a_mail_about_an_application_that_is_gone_is_not_sent():
    assert tasks.notify(404, "sent") == 0
    assert not mail.outbox


def test_who_was_invited_before_the_firm_left_keeps_that_day(sent, owner, firm, now):
    operations.invite(application=sent, actor=owner, now=now)
    operations.answer_for_leaving_firm(firm=firm, actor=owner, now=now + timedelta(days=9))
    sent.refresh_from_db()
    assert (sent.status, sent.decided_at) == ("rejected", now)


# Two at once.


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_apply_at_the_same_moment_send_one_application(cv, vacancy, person, now, monkeypatch):
    monkeypatch.setattr(events, "send", lambda task, *arguments: None)
    start = threading.Barrier(2)
    results = []

    def apply() -> None:
        try:
            start.wait(timeout=10)
            operations.apply(cv=cv, vacancy=vacancy, why=WHY, did="", actor=person, now=now)
            results.append("sent")
        except Refused:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=apply) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(results) == ["refused", "sent"]
    assert Application.objects.count() == 1
    assert ApplicationEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_who_decide_at_the_same_moment_do_not_both_win(sent, owner, teammate, now, monkeypatch):
    monkeypatch.setattr(events, "send", lambda task, *arguments: None)
    start = threading.Barrier(2)
    results = []

    def decide(step, actor, **extra) -> None:
        try:
            start.wait(timeout=10)
            step(application=Application.objects.get(), actor=actor, now=now, **extra)
            results.append("done")
        except Refused:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(operations.shortlist, actor)) for actor in (owner, teammate)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(results) == ["done", "refused"]
    assert steps(sent) == ["sent", "shortlisted"]


def test_who_is_turned_down_in_the_firms_own_words_still_reads_a_next_step(client, sent, owner, person, now):
    operations.reject(application=sent, reason="distance", message="Jammer, te ver.", actor=owner, now=now)
    client.force_login(person)
    page = client.get(f"/applications/{sent.ref}/").content.decode()
    assert "Jammer, te ver." in page
    with override("nl"):
        assert str(NEXT_STEPS["distance"]) in page
    Application.objects.filter(pk=sent.pk).update(message=str(NEXT_STEPS["distance"]))
    sent.refresh_from_db()
    assert queries.next_step(sent) == ""
