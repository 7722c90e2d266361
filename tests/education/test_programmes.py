"""Making, changing, confirming, publishing and finding programmes."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from core.exceptions import Conflict, Refused
from education import operations, queries
from education.models import Programme, ProgrammeSkill
from education.tasks import propose_skills
from tests.factories import make_programme, make_skill, make_user

pytestmark = pytest.mark.django_db
FILLED = {
    "title": "Lassen", "code": "L1", "description": "Je leert staal lassen.", "kind": "course", "weeks": "12",
    "hours_per_week": "8", "price": "1.250,00", "mode": "evening", "language": "nl", "place": "9711", "level": "2",
    "entry_level": "", "start_dates": "", "url": "www.example.org/lassen", "version": "1",
}  # fmt: skip


@pytest.fixture
def told(monkeypatch):
    events: list[tuple] = []
    monkeypatch.setattr(operations, "changed", lambda kind, pk: events.append((kind, pk)))
    return events


# One page to make and change.


def test_a_school_makes_a_programme_and_is_asked_what_it_teaches(client, owner, school, finds, welding):
    finds(welding)
    client.force_login(owner)
    answer = client.post(reverse("education:new"), FILLED)
    programme = Programme.objects.get()
    assert answer.headers["Location"] == reverse("education:programme-skills", args=[programme.pk])
    assert (programme.school, programme.status, programme.price) == (school, "draft", 1250)
    assert programme.url == "https://www.example.org/lassen"
    proposal = programme.programme_skills.get()
    assert (proposal.skill, proposal.confirmed, proposal.passage) == (welding, False, "Je leert staal lassen.")


def test_sending_the_form_twice_makes_one_programme(client, owner, school):
    client.force_login(owner)
    first, second = (client.post(reverse("education:new"), FILLED).headers["Location"] for _ in "ab")
    assert first == second
    assert Programme.objects.count() == 1


def test_a_code_that_is_taken_is_said_at_the_field(client, owner, school):
    make_programme(school, code="L1", title="Iets anders")
    client.force_login(owner)
    answer = client.post(reverse("education:new"), FILLED)
    assert answer.status_code == 422
    assert "al een opleiding met deze code" in answer.text
    other = make_programme(school, code="L2")
    answer = client.post(reverse("education:edit", args=[other.pk]), FILLED)
    assert "al een opleiding met deze code" in answer.text


@pytest.mark.parametrize(
    "field, value, words",
    [("price", "-1", "onder nul"), ("weeks", "0", "van 1"), ("place", "9999", "9999"), ("title", "", "verplicht"),
     ("start_dates", "31-02-2027", "bestaat niet"), ("kind", "rijles", "rijles"), ("url", "javascript:alert(1)", "URL")],
)  # fmt: skip
def test_a_bad_value_is_explained_at_its_field_and_nothing_is_lost(client, owner, school, field, value, words):
    client.force_login(owner)
    answer = client.post(reverse("education:new"), FILLED | {field: value})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert words in " ".join(answer.context["form"].errors[field]) or field in ("title", "url")
    assert "Je leert staal lassen." in answer.text
    assert not Programme.objects.exists()


def test_html_in_a_title_is_dropped(client, owner, school):
    client.force_login(owner)
    client.post(reverse("education:new"), FILLED | {"title": "<script>x</script>Lassen <b>nu</b>"})
    assert Programme.objects.get().title == "Lassen nu"


def test_two_tabs_lose_nothing(client, owner, teammate, school):
    programme = make_programme(school, code="L1", title="Lassen")
    client.force_login(teammate)
    url = reverse("education:edit", args=[programme.pk])
    assert client.post(url, FILLED | {"title": "Lassen van het team"}).status_code == 302
    client.force_login(owner)
    answer = client.post(url, FILLED | {"title": "Lassen van mij"})
    assert answer.status_code == 409
    assert "Lassen van mij" in answer.text
    assert "Lassen van het team" in answer.text
    programme.refresh_from_db()
    assert programme.title == "Lassen van het team"
    assert client.post(url, FILLED | {"title": "Lassen van mij", "version": programme.version}).status_code == 302
    programme.refresh_from_db()
    assert programme.title == "Lassen van mij"


def test_saving_without_a_change_keeps_the_version(client, owner, school):
    client.force_login(owner)
    client.post(reverse("education:new"), FILLED)
    programme = Programme.objects.get()
    client.post(reverse("education:edit", args=[programme.pk]), FILLED)
    programme.refresh_from_db()
    assert programme.version == 1


@pytest.mark.parametrize("name", ["edit", "programme-skills", "publish", "withdraw"])
def test_a_strangers_programme_does_not_exist(client, stranger, school, name):
    programme = make_programme(school, title="Van ons")
    url = reverse(f"education:{name}", args=[programme.pk])
    client.force_login(stranger)
    assert client.post(url, FILLED).status_code == 404
    if name != "publish":
        assert client.get(url).status_code == 404
    programme.refresh_from_db()
    assert (programme.title, programme.version) == ("Van ons", 1)


@pytest.mark.parametrize("name", ["edit", "programme-skills", "withdraw"])
def test_a_teammate_opens_what_a_colleague_made(client, teammate, school, name):
    client.force_login(teammate)
    assert client.get(reverse(f"education:{name}", args=[make_programme(school).pk])).status_code == 200


@pytest.mark.parametrize("name", ["mine", "new", "upload", "skills"])
def test_pages_of_a_school_ask_to_log_in(client, name):
    answer = client.get(reverse(f"education:{name}"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.headers["Location"]


# What it teaches.


def test_publishing_needs_a_confirmed_skill(school, owner, welding, told):
    programme = make_programme(school, status="draft")
    ProgrammeSkill.objects.create(programme=programme, skill=welding)
    with pytest.raises(Refused):
        operations.publish_programme(programme=programme, actor=owner)
    programme.refresh_from_db()
    assert (programme.status, told) == ("draft", [])


def test_confirming_and_publishing_shows_the_programme_at_once(client, owner, school, welding, told):
    programme = make_programme(school, status="draft", skills_proposed=True)
    ProgrammeSkill.objects.create(programme=programme, skill=welding, passage="Je leert lassen")
    other = ProgrammeSkill.objects.create(programme=programme, skill=make_skill("koken"))
    url = reverse("education:programme-skills", args=[programme.pk])
    client.force_login(owner)
    assert "Je leert lassen" in client.get(url).text
    answer = client.post(url, {"version": 1, "skill": [welding.pk], f"level-{welding.pk}": "4", "action": "publish"})
    assert answer.headers["Location"] == reverse("education:mine")
    kept = programme.programme_skills.get()
    assert (kept.skill, kept.level, kept.confirmed, kept.passage) == (welding, 4, True, "Je leert lassen")
    assert not ProgrammeSkill.objects.filter(pk=other.pk).exists()
    assert list(queries.published_programmes()) == [programme]
    assert told == [("programme", programme.pk)]
    assert AuditEntry.objects.filter(verb="publish programme", subject_id=programme.pk, actor=owner).exists()


def test_publishing_without_a_tick_explains_why_not(client, owner, school, welding):
    programme = make_programme(school, {welding: 3}, status="draft", skills_proposed=True)
    client.force_login(owner)
    url = reverse("education:programme-skills", args=[programme.pk])
    answer = client.post(url, {"version": 1, "action": "publish"})
    assert answer.status_code == 422
    assert "minstens één vaardigheid" in answer.text
    assert programme.programme_skills.count() == 1
    assert answer.context["version"] == 1


def test_a_published_programme_cannot_lose_its_last_skill(school, owner, welding):
    programme = make_programme(school, {welding: 3})
    with pytest.raises(Refused):
        operations.confirm_skills(programme=programme, actor=owner, skills={})
    assert programme.programme_skills.count() == 1


@pytest.mark.parametrize("count", [61, 10_000])
def test_far_too_many_skills_are_refused_in_dutch_and_nothing_is_saved(client, owner, school, welding, count):
    programme = make_programme(school, {welding: 3})
    address = reverse("education:programme-skills", args=[programme.pk])
    client.force_login(owner)
    answer = client.post(address, {"version": 1, "skill": list(range(1, count + 1)), "action": "save"})
    assert answer.status_code in (400, 409, 422)
    assert ("hooguit 60" if count == 61 else "niets bewaard") in answer.text
    api = f"/api/v1/school/programmes/{programme.pk}/skills/"
    sent = {"version": 1, "skills": [{"skill": pk, "level": 3} for pk in range(1, count + 1)]}
    refused = client.put(api, sent, content_type="application/json")
    assert refused.status_code == 409
    assert "hooguit 60" in refused.json()["errors"][0]["detail"]
    programme.refresh_from_db()
    assert programme.version == 1
    assert [row.skill for row in programme.programme_skills.all()] == [welding]


def test_confirming_an_old_version_is_a_conflict(school, owner, welding):
    programme = make_programme(school, {welding: 3})
    with pytest.raises(Conflict):
        operations.confirm_skills(programme=programme, actor=owner, skills={welding.pk: 5}, version=0)
    assert programme.programme_skills.get().level == 3


@pytest.mark.parametrize("skills", [{10**9: 3}, {1: 9}, dict.fromkeys(range(1, 10000), 3)])
def test_skills_that_cannot_be_are_refused(school, owner, welding, skills):
    programme = make_programme(school, {welding: 3})
    with pytest.raises(Refused):
        operations.confirm_skills(programme=programme, actor=owner, skills=skills)
    assert programme.programme_skills.get().level == 3


def test_a_search_keeps_the_ticks_and_offers_what_it_finds(client, owner, school, welding, monkeypatch):
    class Hit:
        def __init__(self, skill):
            self.id, self.label, self.foreign = skill.pk, skill.label_nl, False

    cooking = make_skill("koken")
    monkeypatch.setattr("education.choosing.search_skills", lambda text, limit=10: [Hit(cooking), Hit(welding)])
    programme = make_programme(school, {welding: 3}, status="draft", skills_proposed=True)
    client.force_login(owner)
    url = reverse("education:programme-skills", args=[programme.pk])
    answer = client.post(
        url, {"version": 1, "skill": [welding.pk], f"level-{welding.pk}": "5", "q": "kok", "action": "search"}
    )
    assert [(choice.id, choice.level, choice.ticked) for choice in answer.context["skills"]] == [(welding.pk, 5, True)]
    assert [choice.id for choice in answer.context["found"]] == [cooking.pk]
    client.post(url, {"version": 1, "skill": [welding.pk, cooking.pk], f"level-{cooking.pk}": "2", "action": "publish"})
    assert dict(programme.programme_skills.values_list("skill__label_nl", "level")) == {"staal lassen": 3, "koken": 2}


def test_a_new_text_brings_new_proposals_and_drops_old_ones(school, owner, finds, welding):
    cooking = make_skill("koken")
    finds(welding, cooking)
    programme = make_programme(school, title="Koken", description="", status="draft")
    assert operations.propose_skills(programme=programme) == 1
    Programme.objects.filter(pk=programme.pk).update(title="Staal lassen")
    assert operations.propose_skills(programme=programme) == 1
    assert [row.skill for row in programme.programme_skills.all()] == [welding]
    assert operations.propose_skills(programme=programme) == 1


def test_proposals_never_touch_what_a_school_confirmed(school, finds, welding):
    finds(welding)
    programme = make_programme(school, {welding: 5}, title="Staal lassen")
    operations.propose_skills(programme=programme)
    row = programme.programme_skills.get()
    assert (row.level, row.confirmed) == (5, True)


def test_the_queue_holds_drafts_and_new_proposals_and_leads_to_the_next(school, owner, client, welding, finds):
    finds(welding)
    first = make_programme(school, status="draft", title="Staal lassen")
    second = make_programme(school, {make_skill(): 3}, title="Meer staal lassen")
    ProgrammeSkill.objects.create(programme=second, skill=welding)
    make_programme(school, {welding: 3})
    make_programme(school, status="withdrawn")
    make_programme(status="draft")
    assert list(queries.to_confirm(school)) == [first, second]
    assert queries.next_to_confirm(school, first.pk) == second
    assert queries.next_to_confirm(school, second.pk) == first
    client.force_login(owner)
    client.get(reverse("education:skills"))
    client.post(reverse("education:skills"), {"programme": [first.pk, second.pk]})
    assert not queries.to_confirm(school).exists()


def test_confirming_several_publishes_those_with_skills_and_skips_strangers(
    client, owner, school, welding, finds, told
):
    finds(welding)
    mine = make_programme(school, status="draft", title="Staal lassen")
    empty = make_programme(school, status="draft", title="Niets")
    theirs = make_programme(status="draft", title="Staal lassen")
    ProgrammeSkill.objects.create(programme=theirs, skill=welding)
    client.force_login(owner)
    assert client.get(reverse("education:skills")).status_code == 200
    gone = make_programme(school, {welding: 3}, status="withdrawn")  # by a colleague, while this page was open
    client.post(reverse("education:skills"), {"programme": [mine.pk, empty.pk, theirs.pk, gone.pk]})
    states = dict(Programme.objects.values_list("pk", "status"))
    assert states == {mine.pk: "published", empty.pk: "draft", theirs.pk: "draft", gone.pk: "withdrawn"}
    assert told == [("programme", mine.pk)]


# On and off the site.


def test_withdrawing_hides_it_and_publishing_brings_it_back(client, owner, school, welding, told):
    programme = make_programme(school, {welding: 3})
    client.force_login(owner)
    client.post(reverse("education:withdraw", args=[programme.pk]))
    assert not queries.published_programmes().exists()
    client.logout()
    assert client.get(reverse("education:detail", args=[programme.pk])).status_code == 404
    client.force_login(owner)
    client.post(reverse("education:publish", args=[programme.pk]))
    client.logout()
    assert client.get(reverse("education:detail", args=[programme.pk])).status_code == 200
    assert told == [("programme", programme.pk)] * 2


def test_changing_a_published_programme_tells_the_matcher(client, owner, school, told):
    programme = make_programme(school, code="L1")
    client.force_login(owner)
    client.post(reverse("education:edit", args=[programme.pk]), FILLED)
    assert told == [("programme", programme.pk)]


def test_a_draft_is_seen_by_its_school_only(client, owner, teammate, stranger, school):
    url = reverse("education:detail", args=[make_programme(school, status="draft").pk])
    assert client.get(url).status_code == 404
    seen = {}
    for user in (owner, teammate, stranger, make_user()):
        client.force_login(user)
        seen[user] = client.get(url).status_code
    assert list(seen.values()) == [200, 200, 404, 404]


def test_the_public_page_shows_confirmed_skills_only(client, school, welding):
    programme = make_programme(school, {welding: 3})
    ProgrammeSkill.objects.create(programme=programme, skill=make_skill("niet bevestigd"))
    text = client.get(reverse("education:detail", args=[programme.pk])).text
    assert "staal lassen" in text
    assert "niet bevestigd" not in text


# Finding.


def test_everybody_finds_courses_by_word_typo_and_filter(client, school):
    welding = make_programme(school, title="Lassen voor beginners", price=0, weeks=4, entry_level=None, mode="evening")
    nursing = make_programme(school, title="Verpleegkunde", price=3000, weeks=80, entry_level=4, kind="degree")
    make_programme(school, title="Lassen in concept", status="draft")

    def found(**query):
        return list(client.get(reverse("education:list"), query).context["page_obj"])

    assert found() == [welding, nursing]
    assert found(q="lassen") == [welding]
    assert found(q="verpleegkudne") == [nursing]
    assert found(q="noorderlicht verpleeg") == [nursing]
    assert found(kind="degree") == [nursing]
    assert found(mode="evening") == [welding]
    assert found(level="2") == [welding]
    assert found(level="4") == [welding, nursing]
    assert found(weeks="5") == [welding]
    assert found(price="0") == [welding]
    assert found(q="xyzzy") == []
    assert found(level="hoog", page="veel") == [welding, nursing]


def test_a_school_finds_its_own_by_word_code_and_status(client, owner, school):
    client.force_login(owner)
    one = make_programme(school, title="Lassen", code="A1")
    two = make_programme(school, title="Koken", code="B2", status="draft")
    make_programme(title="Lassen elders")

    def found(**query):
        return list(client.get(reverse("education:mine"), query).context["page_obj"])

    assert found() == [two, one]
    assert found(q="las") == [one]
    assert found(q="b2") == [two]
    assert found(status="draft") == [two]


@pytest.mark.parametrize("name", ["mine", "list", "skills"])
def test_lists_ask_the_database_as_often_for_many_as_for_few(
    client, owner, school, welding, name, django_assert_max_num_queries
):
    client.force_login(owner)
    for number in range(12):
        status = "draft" if name == "skills" else "published"
        programme = make_programme(school, {welding: 3}, status=status, skills_proposed=True)
        ProgrammeSkill.objects.create(programme=programme, skill=make_skill(f"iets {number}"))
    client.get(reverse(f"education:{name}"))
    with django_assert_max_num_queries(10):
        assert client.get(reverse(f"education:{name}")).status_code == 200


def test_schools_without_an_account_see_what_they_get(client, owner, school):
    page = client.get(reverse("education:start"))
    assert reverse("accounts:register-school") in page.text
    client.force_login(owner)
    assert reverse("education:mine") in client.get(reverse("education:start")).text


def test_a_long_list_is_read_in_pieces_behind_what_waits(school, finds, welding, sent, monkeypatch):
    monkeypatch.setattr("education.tasks.AT_ONCE", 2)
    finds(welding)
    many = [make_programme(school, title=f"Lassen {n}: staal lassen") for n in range(3)]
    propose_skills([programme.pk for programme in many])
    assert sent == [("education.propose_skills", [[many[2].pk]])]
    assert [programme.programme_skills.count() for programme in many] == [1, 1, 0]
