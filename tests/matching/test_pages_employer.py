"""What an employer sees of whom, and what stays hidden."""

import html
import uuid

import pytest
from django.urls import reverse

from matching import operations
from matching.models import Application
from profiles.models import Initiative, Job
from tests.factories import make_cv, make_user
from tests.matching.conftest import WHY, put_in, ref_of, steps
from vacancies.models import Requirement

pytestmark = pytest.mark.django_db


def url(name: str, *arguments) -> str:
    return reverse(f"matching:{name}", args=arguments)


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def test_candidates_are_for_the_firm_only(client, cv, vacancy, owner, teammate, stranger, person):
    pages = [url("candidates", vacancy.pk), url("candidate", vacancy.pk, ref_of(cv, vacancy))]
    for page in pages:
        client.logout()
        assert reverse("account_login") in client.get(page).url
        client.force_login(person)
        assert client.get(page).url == reverse("accounts:register-employer")
        client.force_login(stranger)
        assert client.get(page).status_code == 404
        assert client.post(pages[1], {"decision": "approach"}).status_code == 404
        for user in (owner, teammate):
            client.force_login(user)
            assert client.get(page).status_code == 200
    assert not Application.objects.exists()


def tell_everything(cv) -> None:
    """Contact details where people write them although nobody asked."""
    Job.objects.create(cv=cv, title=f"Zager ({cv.owner.email})", employer="Zagerij Geheim BV", start_year=2001)
    Initiative.objects.create(cv=cv, kind="project", text=f"Bel {cv.owner.phone} of mail {cv.owner.email}")


SECRETS = ("Wiebe", "Onthuld", "zoeker.geheim", "0612345678", "Zagerij Geheim")


def test_nobody_has_a_name_until_they_say_yes_and_again_after_they_withdraw(client, cv, vacancy, owner, person, now):
    tell_everything(cv)
    client.force_login(owner)
    pages = [url("candidates", vacancy.pk), url("candidate", vacancy.pk, ref_of(cv, vacancy))]

    def leaks() -> set[str]:
        shown = "".join(text_of(client.get(page)) for page in pages)
        return {word for word in SECRETS if word in shown}

    assert leaks() == set()
    client.post(pages[1], {"decision": "approach"})
    application = Application.objects.get()
    assert leaks() == set()
    operations.decline_approach(application=application, actor=person, now=now)
    assert leaks() == set()
    put_in(application, "approached")
    operations.accept_approach(application=application, actor=person, now=now)
    assert {"Wiebe", "zoeker.geheim", "0612345678"} <= leaks()
    operations.withdraw(application=application, actor=person, now=now)
    assert str(ref_of(cv, vacancy)) not in text_of(client.get(pages[0]))
    assert client.get(pages[1]).status_code == 404


def test_who_does_not_want_to_be_found_is_only_seen_after_applying(client, cv, vacancy, owner, person, now):
    cv.findable = False
    cv.save()
    client.force_login(owner)
    page = url("candidate", vacancy.pk, ref_of(cv, vacancy))
    assert client.get(page).status_code == 404
    assert client.post(page, {"decision": "approach"}).status_code == 404
    assert str(ref_of(cv, vacancy)) not in text_of(client.get(url("candidates", vacancy.pk)))
    operations.apply(cv=cv, vacancy=vacancy, why="", did="", actor=person, now=now)
    assert client.get(page).status_code == 200
    assert str(ref_of(cv, vacancy)) in text_of(client.get(url("candidates", vacancy.pk)))


def test_who_hid_after_being_asked_is_gone_for_the_firm(client, approached, cv, vacancy, owner):
    cv.findable = False
    cv.save()
    client.force_login(owner)
    assert client.get(url("candidate", vacancy.pk, ref_of(cv, vacancy))).status_code == 404
    assert str(ref_of(cv, vacancy)) not in text_of(client.get(url("candidates", vacancy.pk)))


def test_a_draft_cv_is_no_candidate(client, sawing, vacancy, owner):
    draft = make_cv(None, {sawing: 5})
    client.force_login(owner)
    assert client.get(url("candidate", vacancy.pk, ref_of(draft, vacancy))).status_code == 404
    assert str(ref_of(draft, vacancy)) not in text_of(client.get(url("candidates", vacancy.pk)))


def test_reading_an_application_marks_it_as_seen_and_speaks_of_them_not_of_you(client, sent, cv, vacancy, owner):
    client.force_login(owner)
    page = text_of(client.get(url("candidate", vacancy.pk, ref_of(cv, vacancy))))
    assert steps(sent) == ["sent", "seen"]
    assert WHY in page
    assert "Jij kunt" not in page
    assert "Je kunt" not in page


def test_a_firm_decides_step_by_step(client, sent, cv, vacancy, owner, teammate):
    page = url("candidate", vacancy.pk, ref_of(cv, vacancy))
    client.force_login(owner)
    client.post(page, {"decision": "shortlist"})
    client.force_login(teammate)
    client.post(page, {"decision": "invite", "message": "Kom dinsdag langs."})
    client.post(page, {"decision": "hire"})
    assert steps(sent) == ["sent", "shortlisted", "invited", "hired"]
    client.post(page, {"decision": "reject", "reason": "filled"})  # too late
    assert steps(sent)[-1] == "hired"
    assert client.post(page, {"decision": "fire"}).status_code == 404


def test_a_rejection_without_a_reason_is_an_error_at_the_field(client, sent, cv, vacancy, owner):
    client.force_login(owner)
    page = url("candidate", vacancy.pk, ref_of(cv, vacancy))
    answer = client.post(page, {"decision": "reject", "reason": "", "message": "Nee"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    sent.refresh_from_db()
    assert sent.status in {"sent", "seen"}
    client.post(page, {"decision": "reject", "reason": "hours", "message": "<b>Dank</b> je wel"})
    sent.refresh_from_db()
    assert (sent.status, sent.reason) == ("rejected", "hours")
    assert "<b>" not in sent.message


def test_a_decision_about_somebody_who_did_not_apply_is_a_404(client, cv, vacancy, owner):
    client.force_login(owner)
    page = url("candidate", vacancy.pk, ref_of(cv, vacancy))
    for decision in ("shortlist", "invite", "hire"):
        assert client.post(page, {"decision": decision}).status_code == 404
    assert client.get(url("candidate", vacancy.pk, uuid.uuid4())).status_code == 404


def test_a_hard_requirement_that_fails_is_named_and_puts_below_who_passes(client, vacancy, owner, cv, person, painting):
    Requirement.objects.filter(vacancy=vacancy, skill=painting).update(is_hard=True)
    vacancy.version += 1
    vacancy.save()
    able = make_cv(make_user(), {painting: 3})
    client.force_login(owner)
    page = text_of(client.get(url("candidates", vacancy.pk)))
    assert page.index(str(ref_of(able, vacancy))) < page.index(str(ref_of(cv, vacancy)))
    client.force_login(person)
    assert "verven" in text_of(client.get(url("match", vacancy.pk)))
