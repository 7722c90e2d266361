"""The pages of the smart CV, as a visitor, an owner and a stranger meet them."""

import re
import zlib

import pytest
from django.urls import reverse

from accounts.models import User
from profiles import operations, queries
from profiles.answers import SkillAnswer
from profiles.flow import ORDER
from profiles.interests import items_of_page
from profiles.models import CV, CVSkill, Job
from taxonomy.models import Certificate, OccupationNearness
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(client, owner):
    client.force_login(owner)
    return client


def add_job(client, carer, version="0"):
    data = {"title": "verzorgende", "title_id": str(carer.pk), "version": version}
    return client.post(reverse("profiles:job-add"), data)


def test_looking_around_makes_no_draft(client):
    for page in ORDER[:-1]:
        assert client.get(page.url).status_code in (200, 302)
    assert client.get(reverse("profiles:overview")).status_code == 200
    assert not CV.objects.exists()


def test_an_invalid_answer_makes_no_draft(client):
    assert client.post(reverse("profiles:job-add"), {"title": "", "version": "0"}).status_code == 422
    assert not CV.objects.exists()


def test_the_first_answer_makes_a_draft_that_only_this_browser_sees(client, carer):
    answer = add_job(client, carer)
    job = Job.objects.get()
    assert answer.url == reverse("profiles:job", args=[job.pk])
    assert job.cv.owner is None
    assert CVSkill.objects.filter(cv=job.cv).count() == 4
    assert client.get(answer.url).status_code == 200
    assert client.__class__().get(answer.url).status_code == 404


def test_a_draft_survives_signing_up(client, carer):
    add_job(client, carer)
    check = reverse("profiles:check")
    data = {"email": "nieuw@example.org", "password1": factories.PASSWORD}
    answer = client.post(f"{reverse('account_signup')}?next={check}", data | {"next": check}, follow=True)
    assert answer.redirect_chain[-1][0] == check
    cv = CV.objects.get()
    assert cv.owner == User.objects.get(email="nieuw@example.org")
    assert cv.jobs.count() == 1
    assert queries.SESSION_KEY not in client.session
    assert "verzorgende" in answer.text


def test_a_draft_is_merged_into_the_empty_cv_of_who_logs_in(client, carer, owner):
    cv = operations.start_cv(user=owner)
    add_job(client, carer)
    client.force_login(owner)
    assert client.get(reverse("profiles:overview")).status_code == 200
    assert CV.objects.get() == cv
    assert cv.jobs.count() == 1


FOUND = reverse("profiles:found-draft")


@pytest.fixture
def shared(client, carer, cv, owner):
    """A computer where somebody began a draft, before the owner of a filled CV logged in."""
    operations.save_languages(cv=cv, version=cv.version, languages={"nl": 5})
    add_job(client, carer)
    draft = CV.objects.get(owner=None)
    client.force_login(owner)
    assert client.get(reverse("matching:matches") + "?sector=care").url == FOUND
    return draft


def test_a_draft_on_a_shared_computer_is_not_merged_without_asking(client, shared, cv):
    page = client.get(FOUND)
    assert "Voeg toe aan mijn cv" in page.text
    assert "Niet van mij, gooi weg" in page.text
    assert "verzorgende" not in page.text  # it may be somebody else's
    assert not cv.jobs.exists()
    assert CV.objects.filter(pk=shared.pk, owner=None).exists()
    assert "Is dat van jou?" in client.get(reverse("profiles:overview")).text


def test_who_says_that_the_draft_is_theirs_gets_it_and_goes_on(client, shared, cv):
    assert client.post(FOUND, {"answer": "add"}).url == reverse("matching:matches") + "?sector=care"
    assert cv.jobs.count() == 1
    assert not CV.objects.filter(pk=shared.pk).exists()
    assert client.get(FOUND).url == reverse("profiles:overview")


def test_who_says_that_it_is_not_theirs_throws_it_away(client, shared, cv):
    assert client.post(FOUND, {"answer": "perhaps"}).status_code == 404
    client.post(FOUND, {"answer": "drop"})
    assert not cv.jobs.exists()
    assert not CV.objects.filter(pk=shared.pk).exists()
    assert "Is dat van jou?" not in client.get(reverse("profiles:overview")).text


def test_a_draft_that_was_put_aside_is_of_this_browser_only(client, shared, stranger):
    other = client.__class__()
    other.force_login(stranger)
    assert other.get(FOUND).url == reverse("profiles:overview")
    other.post(FOUND, {"answer": "drop"})
    assert CV.objects.filter(pk=shared.pk).exists()


def test_words_that_mean_nothing_known_are_kept_after_a_question(client, carer):
    url = reverse("profiles:job-add")
    answer = client.post(url, {"title": "zwevende kaasdromer", "version": "0"})
    assert answer.status_code == 200
    assert 'value="none"' in answer.text
    assert not CV.objects.exists()
    sent = {"title": "zwevende kaasdromer", "asked": "zwevende kaasdromer", "title_id": ["", "none"], "version": "0"}
    assert client.post(url, sent).status_code == 302
    job = Job.objects.get()
    assert (job.title, job.occupation) == ("zwevende kaasdromer", None)


def test_without_script_a_typed_title_leads_to_a_choice(client, carer):
    other = factories.make_occupation("verzorgende kraam")
    other.labels.create(
        language="nl", kind="preferred", text="verzorgende kraam", normalized="verzorgende kraam", source="core"
    )
    answer = client.post(reverse("profiles:job-add"), {"title": "verzorgende", "title_id": "", "version": "0"})
    assert f'name="title_id" value="{carer.pk}"' in answer.text
    assert f'name="title_id" value="{other.pk}"' in answer.text


@pytest.mark.parametrize("name", ["job", "job-title", "job-remove"])
def test_the_jobs_of_others_do_not_exist(client, stranger, cv, name):
    job = Job.objects.create(cv=cv, title="kok")
    url = reverse(f"profiles:{name}", args=[job.pk])
    assert client.get(url).status_code == 404
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    assert client.post(url, {"title": "weg", "title_id": "none", "asked": "weg", "version": "1"}).status_code == 404
    assert Job.objects.get().title == "kok"


@pytest.mark.parametrize("name", ["check", "print", "pdf", "overview", "jobs", "skills", "erase"])
def test_a_stranger_never_reads_the_cv_of_another(client, stranger, cv, name):
    Job.objects.create(cv=cv, title="onderwaterlasser")
    client.force_login(stranger)
    answer = client.get(reverse(f"profiles:{name}"), follow=True)
    assert b"onderwaterlasser" not in answer.content


def test_the_ref_of_an_owned_cv_in_a_session_opens_nothing(client, cv):
    session = client.session
    session[queries.SESSION_KEY] = str(cv.ref)
    session.save()
    assert client.get(reverse("profiles:print")).status_code == 404


def test_a_change_in_another_tab_keeps_what_was_typed(at, cv):
    seen = str(cv.version)
    operations.save_languages(cv=cv, version=cv.version, languages={"fr": 2})
    url = reverse("profiles:hours")
    sent = {"version": seen, "hours_min": "17", "hours_max": "33", "days": ["1", "2"]}
    answer = at.post(url, sent)
    assert answer.status_code == 409
    assert "Je hebt dit in een ander tabblad al veranderd" in answer.text
    assert 'value="17"' in answer.text
    cv.refresh_from_db()
    assert cv.hours_min != 17
    assert at.post(url, sent | {"version": str(cv.version)}).status_code == 302
    cv.refresh_from_db()
    assert (cv.hours_min, cv.hours_max, cv.days) == (17, 33, 3)


def test_the_conflict_page_of_the_skills_shows_the_cards_as_they_were_left(at, cv, skills):
    operations.save_skills(cv=cv, version=cv.version, kept=[SkillAnswer(skill.pk) for skill in skills])
    seen = str(cv.version)
    operations.save_languages(cv=cv, version=cv.version, languages={"fr": 2})
    first, *rest = [skill.pk for skill in skills]
    sent = {"version": seen, "shown": [first, *rest], "keep": [first], f"level-{first}": "5", f"joy-{first}": "on"}
    answer = at.post(reverse("profiles:skills"), sent)
    assert answer.status_code == 409
    assert answer.text.count('name="keep"') == 4
    assert f'value="{first}" id="keep-{first}" checked' in answer.text
    assert f'value="{rest[0]}" id="keep-{rest[0]}" checked' not in answer.text
    assert cv.cv_skills.count() == 4


def test_the_cards_are_saved_with_level_and_heart(at, cv, carer, skills):
    operations.save_job(cv=cv, version=cv.version, title="verzorgende", occupation=carer)
    first, second, *rest = [skill.pk for skill in skills]
    sent = {"version": cv.version, "shown": [first, second, *rest], "keep": [first, second], f"level-{first}": "5",
            f"joy-{first}": "on", f"level-{second}": "2", f"unused-{second}": "on"}  # fmt: skip
    assert at.post(reverse("profiles:skills"), sent).url == reverse("profiles:educations")
    rows = dict(cv.cv_skills.values_list("skill_id", "level"))
    assert rows == {first: 5, second: 2}
    assert cv.cv_skills.get(skill=first).joy == 2
    assert cv.cv_skills.get(skill=second).unused_at_work


def test_a_searched_skill_is_added_beside_the_cards(at, cv, skills):
    more = factories.make_skill("vissen")
    sent = {"version": cv.version, "skill": "vissen", "skill_id": more.pk, "keep": [skills[0].pk], "shown": []}
    assert at.post(reverse("profiles:skills"), sent).url.endswith("#more")
    assert set(cv.cv_skills.values_list("skill_id", flat=True)) == {skills[0].pk, more.pk}


@pytest.mark.parametrize("count", [201, 10_000])
def test_far_too_many_skills_are_refused_and_nothing_is_saved(at, cv, count):
    sent = {"version": cv.version, "keep": list(range(1, count + 1))}
    answer = at.post(reverse("profiles:skills"), sent)
    assert answer.status_code in (400, 422)
    assert ("hooguit 200" if count == 201 else "niets bewaard") in answer.text
    cv.refresh_from_db()
    assert cv.version == sent["version"]
    assert not CVSkill.objects.exists()


def test_the_page_of_a_long_career_stays_within_what_the_site_accepts(at, cv, settings):
    operations.save_skills(cv=cv, version=cv.version, kept=[SkillAnswer(factories.make_skill().pk) for _ in range(200)])
    for _ in range(8):
        occupation = factories.make_occupation("", tuple(factories.make_skill() for _ in range(30)))
        Job.objects.create(cv=cv, title=occupation.label_nl, occupation=occupation, is_current=True)
    page = at.get(reverse("profiles:skills")).text
    fields = page.count("<input") + page.count("<select")
    assert fields < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_a_posted_twice_education_is_there_once(at, cv):
    url = reverse("profiles:educations")
    sent = {"version": cv.version, "title": "mbo zorg", "level": "3", "finished": "True", "year": "2012"}
    assert at.post(url, sent).status_code == 302
    assert at.post(url, sent).status_code == 302
    assert cv.educations.count() == 1


def test_educations_are_taken_away_one_by_one(at, cv):
    url = reverse("profiles:educations")
    for title in ("mbo zorg", "havo"):
        cv.refresh_from_db()
        at.post(url, {"version": cv.version, "title": title, "level": "3", "finished": "True"})
    cv.refresh_from_db()
    at.post(url, {"version": cv.version, "remove": "0"})
    assert list(cv.educations.values_list("title", flat=True)) == ["havo"]


def test_answers_come_back_when_somebody_goes_back(at, cv):
    page = reverse("profiles:interests-page", args=[2])
    keys = list(items_of_page(2))
    at.post(page, {"version": cv.version, keys[0]: "2", keys[1]: "0"})
    cv.refresh_from_db()
    assert cv.interest_answers == {keys[0]: 2, keys[1]: 0}
    assert at.get(page).text.count("checked") == 2
    assert at.get(reverse("profiles:interests")).url == reverse("profiles:interests-page", args=[1])


def test_a_page_of_the_interests_that_does_not_exist_is_404(client):
    assert client.get(reverse("profiles:interests-page", args=[9])).status_code == 404


def test_wishes_keep_the_other_wishes(at, cv, carer):
    cv.hours_min, cv.hours_max = 20, 24
    cv.save()
    sent = {"version": cv.version, "occupation": "verzorgende", "occupation_id": carer.pk, "sectors": ["care"]}
    assert at.post(reverse("profiles:wishes"), sent).status_code == 302
    cv.refresh_from_db()
    assert (cv.hours_min, cv.hours_max, cv.wished_sectors) == (20, 24, ["care"])
    assert [wish.occupation for wish in cv.wishes.all()] == [carer]


def test_work_near_to_what_somebody_did_or_wishes_is_one_tick_away(at, cv, carer):
    nurse, cook = factories.make_occupation("verpleegkundige"), factories.make_occupation("kok")
    OccupationNearness.objects.create(occupation=carer, other=nurse, similarity=9)
    url = reverse("profiles:wishes")
    assert at.get(url).context["other"] == []
    cv.jobs.create(title="verzorgende", occupation=carer)
    assert at.get(url).context["other"] == [(carer, False), (nurse, False)]
    cv.wishes.create(occupation=cook)
    assert at.post(url, {"version": cv.version, "keep": [cook.pk, nurse.pk]}).status_code == 302
    assert [wish.occupation for wish in cv.wishes.order_by("id")] == [cook, nurse]
    assert at.get(url).context["other"] == [(carer, False)]
    for _ in range(3):
        cv.wishes.create(occupation=factories.make_occupation())
    assert at.get(url).context["other"] == [], "there is no room for more"


def test_a_certificate_is_found_ticked_and_kept(at, cv):
    papers = [
        Certificate.objects.create(uri=f"urn:test:{key}", key=key, label_nl=label, kind="licence")
        for key, label in (("rijbewijs_b", "rijbewijs B"), ("zweef", "zweefvliegbewijs"))
    ]
    url = reverse("profiles:certificates")
    found = at.post(url, {"version": cv.version, "search": "zweefvliegbewijs", "keep": [papers[0].pk]})
    assert "zweefvliegbewijs" in found.text
    sent = {"version": cv.version, "keep": [p.pk for p in papers], f"until-{papers[1].pk}": "2030-05-01"}
    assert at.post(url, sent).status_code == 302
    assert cv.cv_certificates.count() == 2
    assert str(cv.cv_certificates.get(certificate=papers[1]).valid_until) == "2030-05-01"


def test_save_and_stop_leads_to_the_overview(at, cv):
    sent = {"version": cv.version, "ready_to_learn": "4", "start_within_weeks": "0", "then": "overview"}
    assert at.post(reverse("profiles:drive"), sent).url == reverse("profiles:overview")
    cv.refresh_from_db()
    assert (cv.ready_to_learn, cv.start_within_weeks) == (4, 0)


def test_why_skills_lie_idle_is_asked_kept_and_not_forgotten_by_who_does_not_ask_it(at, cv):
    url = reverse("profiles:drive")
    assert at.post(url, {"version": cv.version, "unused_because": ["care", "nonsense"]}).status_code == 422
    assert at.post(url, {"version": cv.version, "unused_because": ["care", "hours"]}).status_code == 302
    cv.refresh_from_db()
    assert cv.unused_because == ["care", "hours"]
    assert at.get(url).context["form"].initial["unused_because"] == ["care", "hours"]
    operations.save_drive(cv=cv, version=cv.version, ready_to_learn=1, start_within_weeks=None)
    cv.refresh_from_db()
    assert cv.unused_because == ["care", "hours"]


def test_erasing_asks_once_more_and_takes_everything(at, cv):
    url = reverse("profiles:erase")
    assert at.post(url, {}).status_code == 422
    assert at.post(url, {"sure": "on"}).status_code == 302
    assert not CV.objects.exists()


def test_the_pdf_is_tagged_and_holds_the_cv(at, cv, carer):
    operations.save_job(cv=cv, version=cv.version, title="verzorgende", occupation=carer)
    answer = at.get(reverse("profiles:pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", answer.content, re.DOTALL)
    inside = answer.content + b"".join(inflated(stream) for stream in streams)
    for sign in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang", b"pdfuaid"):
        assert sign in inside


def inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


@pytest.mark.parametrize("name", ["skills", "overview", "check", "jobs", "educations", "wishes"])
def test_the_number_of_queries_does_not_grow_with_the_cv(at, cv, name, django_assert_max_num_queries):
    for _ in range(6):
        occupation = factories.make_occupation("", tuple(factories.make_skill() for _ in range(8)))
        operations.save_job(cv=cv, version=cv.version, title=occupation.label_nl, occupation=occupation)
        cv.wishes.create(occupation=occupation) if cv.wishes.count() < 5 else None
    with django_assert_max_num_queries(16):
        assert at.get(reverse(f"profiles:{name}")).status_code == 200
