"""A school says who finished; the person decides; the school never learns whether there is an account."""

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from stdnum.iso7064 import mod_37_36

from education.completions import erase_completions, learner_code
from education.learners import fresh_code, read_learner, shown_code
from education.models import Completion
from education.tasks import tell_learner
from profiles.models import CV, CVSkill, FinishedProgramme
from tests.factories import make_cv, make_programme, make_skill, make_user

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def programme(school, welding):
    return make_programme(school, {welding: 4}, title="Lassen", grants_level=True, level=2)


@pytest.fixture
def learner():
    user = make_user("leerling@example.org")
    EmailAddress.objects.update_or_create(
        user=user, email="Leerling@Example.org", defaults={"verified": True, "primary": True}
    )
    return user


def confirm(client, programme, *learners, on=None):
    return client.post(
        reverse("education:finished", args=[programme.pk]),
        {"learners": "\n".join(learners), "finished_on": on or TODAY().isoformat()},
    )


def test_codes_show_a_slip_of_the_pen_and_nothing_else():
    code = fresh_code()
    assert read_learner(f" {shown_code(code).lower()} ") == ("", code)
    assert mod_37_36.is_valid(code)
    wrong = code[:3] + ("A" if code[3] != "A" else "B") + code[4:]
    with pytest.raises(ValueError):
        read_learner(wrong)
    assert read_learner("Iemand@Example.ORG") == ("iemand@example.org", "")
    for text in ("iemand@", "abc", "ABCDEFGHJ", ""):
        with pytest.raises(ValueError):
            read_learner(text)


def test_a_learner_accepts_and_the_smart_cv_gains_the_skills_with_evidence(
    client, owner, school, programme, welding, learner
):
    client.force_login(owner)
    assert confirm(client, programme, "leerling@example.org").status_code == 302
    completion = Completion.objects.get()
    client.force_login(learner)
    page = client.get(reverse("matching:learned"))
    assert "Lassen" in page.text
    answer = reverse("matching:learned-answer", args=[completion.ref])
    client.post(answer, {"answer": "yes"})
    skill = CVSkill.objects.get(cv__owner=learner)
    row = FinishedProgramme.objects.get()
    assert (skill.skill, skill.level, skill.learned_in) == (welding, 4, row)
    assert (row.confirmed_by, row.school, row.cv.education_level) == ("school", "Noorderlicht College", 2)
    assert client.post(answer, {"answer": "yes"}).status_code == 404  # answered: no longer there
    assert FinishedProgramme.objects.count() == 1


def test_a_language_course_raises_the_language_and_never_lowers_it(client, owner, school, learner, welding):
    course = make_programme(school, title="Nederlands", kind="language", taught_language="nl", taught_language_level=3)
    cv = make_cv(learner)
    client.force_login(owner)
    confirm(client, course, "leerling@example.org")
    client.force_login(learner)
    client.post(reverse("matching:learned-answer", args=[Completion.objects.get().ref]), {"answer": "yes"})
    assert list(cv.languages.values_list("language", "level")) == [("nl", 3)]


def test_with_a_code_the_school_needs_no_address(client, owner, programme, learner):
    code = learner_code(user=learner).code
    client.force_login(owner)
    confirm(client, programme, shown_code(code))
    client.force_login(learner)
    assert "Lassen" in client.get(reverse("matching:learned")).text
    client.post(reverse("matching:learned-answer", args=[Completion.objects.get().ref]), {"answer": "no"})
    assert not CV.objects.filter(owner=learner).exists()
    assert not client.get(reverse("matching:learned")).context["waiting"]


def test_a_school_sees_the_same_with_and_without_an_account_before_and_after_an_answer(
    client, owner, programme, learner, django_capture_on_commit_callbacks, sent
):
    client.force_login(owner)
    code = learner_code(user=learner).code
    with django_capture_on_commit_callbacks(execute=True):
        known = confirm(client, programme, "leerling@example.org", shown_code(code))
    with django_capture_on_commit_callbacks(execute=True):
        unknown = confirm(client, programme, "niemand@example.org", shown_code(fresh_code()))
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    letters = [arguments for name, arguments in sent if name == "education.tell_learner"]
    assert len(letters) == 2
    for arguments in letters:
        tell_learner(*arguments)
    assert mail.outbox[0].body == mail.outbox[1].body
    page = client.get(reverse("education:finished", args=[programme.pk]))
    before = page.text.count('<li class="cluster between">')
    client.force_login(learner)
    for row in Completion.objects.filter(address="leerling@example.org"):
        client.post(reverse("matching:learned-answer", args=[row.ref]), {"answer": "yes"})
    client.force_login(owner)
    after = client.get(reverse("education:finished", args=[programme.pk]))
    assert after.text.count('<li class="cluster between">') == before == 4
    assert "status" not in after.context["rows"][0][0].__dict__  # not even read


def test_an_address_that_is_not_proved_gets_nothing(client, owner, programme):
    user = make_user("ander@example.org")
    EmailAddress.objects.filter(user=user).update(verified=False)
    client.force_login(owner)
    confirm(client, programme, "ander@example.org")
    client.force_login(user)
    assert "Lassen" not in client.get(reverse("matching:learned")).text


def test_bad_lines_are_named_and_nothing_is_saved(client, owner, programme):
    client.force_login(owner)
    answer = confirm(client, programme, "goed@example.org", "", "fout@", "1234")
    assert answer.status_code == 422
    assert "Regel 3" in answer.text
    assert "Regel 4" in answer.text
    assert not Completion.objects.exists()


@pytest.mark.parametrize(
    "learners, on", [(["a@example.org"], (date.today() + timedelta(days=400)).isoformat()), ([""], None)]
)
def test_days_to_come_and_nobody_are_refused(client, owner, programme, learners, on):
    client.force_login(owner)
    assert confirm(client, programme, *learners, on=on).status_code == 422
    assert not Completion.objects.exists()


def test_confirming_twice_sends_one_letter_and_taking_back_removes_it(client, owner, programme):
    client.force_login(owner)
    confirm(client, programme, "a@example.org", "A@example.org")
    confirm(client, programme, "a@example.org")
    completion = Completion.objects.get()
    client.post(reverse("education:take-back", args=[completion.ref]))
    assert not Completion.objects.exists()


def test_a_programme_that_teaches_nothing_yet_cannot_be_finished(client, owner, school):
    empty = make_programme(school, status="draft")
    client.force_login(owner)
    assert confirm(client, empty, "a@example.org").status_code == 422


def test_the_api_confirms_and_answers(api, owner, programme, learner, welding):
    url = reverse("api-school-programme-completions", args=[programme.pk])
    sent = {"learners": ["leerling@example.org"], "finished_on": TODAY().isoformat()}
    assert api(owner).post(url, sent, format="json").json() == {"confirmed": 1}
    assert api(owner).post(url, sent | {"learners": ["x"]}, format="json").status_code == 400
    waiting = api(learner).get(reverse("api-learned")).json()
    assert [row["title"] for row in waiting] == ["Lassen"]
    answer = reverse("api-learned-answer", args=[waiting[0]["ref"]])
    assert api(learner).post(answer, {"accept": True}, format="json").status_code == 204
    assert CVSkill.objects.filter(cv__owner=learner, skill=welding).exists()


def test_what_schools_wrote_down_is_erased_after_half_a_year(client, owner, programme):
    client.force_login(owner)
    confirm(client, programme, "a@example.org")
    assert erase_completions(before=timezone.now() - timedelta(days=180)) == 0
    Completion.objects.update(created_at=timezone.now() - timedelta(days=181))
    assert erase_completions(before=timezone.now() - timedelta(days=180)) == 1


def test_skills_that_were_only_proposed_do_not_come_along(client, owner, school, learner, programme):
    programme.programme_skills.create(skill=make_skill("vliegen"), level=3, confirmed=False)
    client.force_login(owner)
    confirm(client, programme, "leerling@example.org")
    client.force_login(learner)
    client.post(reverse("matching:learned-answer", args=[Completion.objects.get().ref]), {"answer": "yes"})
    assert CVSkill.objects.filter(cv__owner=learner).count() == 1
