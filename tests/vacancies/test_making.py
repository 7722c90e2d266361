"""From a title to a published vacancy, without an account until the end; and all that people can fill in wrong."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse

from accounts.models import AuditEntry, Organisation, User
from core.exceptions import Refused
from tests.factories import PASSWORD, make_skill
from vacancies.models import Vacancy
from vacancies.operations import post_vacancy
from vacancies.views.making import as_kept

pytestmark = pytest.mark.django_db
START, DETAILS, CHECK = reverse("vacancies:start"), reverse("vacancies:details"), reverse("vacancies:check")


def test_a_title_fills_in_skills_level_pay_and_a_text(client, carpenter, sawing, measuring):
    assert client.post(START, {"title": "timmerman", "kind": "vacancy"}).url == DETAILS
    form = client.get(DETAILS).context["form"]
    asked = client.get(DETAILS).context["asked"]
    assert {row["skill"] for row in asked.skills} == {sawing.pk, measuring.pk}
    assert [row["language"] for row in asked.languages] == ["nl"]
    assert (form["pay_min"].value(), form["pay_max"].value()) == ("2500", "3300")
    assert form["education_level"].value() == "3"
    assert "hout zagen" in form["text"].value()


def test_a_synonym_keeps_the_title_that_was_typed(client, carpenter):
    client.post(START, {"title": "timmervrouw", "kind": "vacancy"})
    assert client.get(DETAILS).context["form"]["title"].value() == "Timmervrouw"


def test_a_title_that_nobody_knows_asks_for_the_nearest_occupation_and_keeps_the_title(client, carpenter):
    response = client.post(START, {"title": "Houtfluisteraar", "kind": "vacancy"})
    assert response.status_code == 422
    assert "nearest" in response.context["form"].errors
    response = client.post(START, {"title": "Houtfluisteraar", "kind": "vacancy", "nearest": "timmerman"})
    assert response.url == DETAILS
    assert client.get(DETAILS).context["form"]["title"].value() == "Houtfluisteraar"
    assert client.get(DETAILS).context["occupation"] == "timmerman"


def test_what_a_pasted_text_asks_is_filled_in(client, carpenter, licence, monkeypatch):
    plaster = make_skill("stucen")

    class Found:
        skill_id, level, certificate_id, language = plaster.pk, 5, licence.pk, "de"

    monkeypatch.setattr("vacancies.views.making.find_skills", lambda text, limit: [Found])
    monkeypatch.setattr("vacancies.views.making.find_certificates", lambda text: [Found])
    monkeypatch.setattr("vacancies.views.making.find_languages", lambda text: [Found])
    text = "Wij zoeken iemand die kan stucen, met VCA en goed Duits. Opleiding: hbo."
    client.post(START, {"title": "timmerman", "kind": "vacancy", "pasted": text})
    page = client.get(DETAILS)
    asked = page.context["asked"]
    assert {row["skill"]: row["level"] for row in asked.skills}[plaster.pk] == 5
    assert [row["certificate"] for row in asked.papers] == [licence.pk]
    assert [row["language"] for row in asked.languages] == ["nl", "de"]
    assert page.context["form"]["text"].value() == text
    assert page.context["form"]["education_level"].value() == "6"


# Rows come and go without script.


def test_a_skill_is_added_by_name_and_everything_else_stays(client, begun, filled, measuring):
    begun()
    data = filled(title="Timmerman voor Winsum", do="add", add_skill="maten", add_skill_id=measuring.pk)
    page = client.post(DETAILS, data)
    assert [row["skill"] for row in page.context["asked"].skills][-1] == measuring.pk
    assert page.context["form"]["title"].value() == "Timmerman voor Winsum"
    assert page.context["asked"].skills[0]["hard"]
    assert [row["skill"] for row in client.get(DETAILS).context["asked"].skills][-1] == measuring.pk


def test_a_skill_that_nobody_knows_says_so_and_does_not_stop_the_rest(client, begun, filled):
    begun()
    page = client.post(DETAILS, filled(do="add", add_skill="zxqv <b>"))
    assert page.context["nothing_found"]
    assert len(page.context["asked"].skills) == 1
    assert client.post(DETAILS, filled()).url == CHECK


def test_what_was_typed_but_not_added_is_not_lost_by_going_on(client, begun, filled, measuring):
    begun()
    page = client.post(DETAILS, filled(add_skill="maten nemen", add_skill_id=measuring.pk, do="next"))
    assert page.status_code == 200
    assert len(page.context["asked"].skills) == 2


@pytest.mark.parametrize("row", ["skill", "language", "paper"])
def test_rows_can_be_dropped(client, begun, filled, licence, sawing, row):
    begun()
    drop = {"skill": f"skill-{sawing.pk}", "language": "language-nl", "paper": f"paper-{licence.pk}"}[row]
    asked = client.post(DETAILS, filled(paper=[licence.pk], drop=drop)).context["asked"]
    left = {"skill": asked.skills, "language": asked.languages, "paper": asked.papers}
    assert left.pop(row) == []
    assert all(left.values())


def test_a_language_and_a_paper_are_added(client, begun, filled, licence):
    begun()
    asked = client.post(DETAILS, filled(do="add", add_language="en", add_paper=licence.pk)).context["asked"]
    assert [row["language"] for row in asked.languages] == ["nl", "en"]
    assert [row["certificate"] for row in asked.papers] == [licence.pk]


# Bad input: a message at the field, nothing saved.

BAD = {
    "unknown postcode": ({"postcode": "1000"}, "postcode", "kennen"),
    "no postcode at all": ({"postcode": "Assen"}, "postcode", "cijfers"),
    "no hours": ({"hours_min": 0}, "hours_min", "1"),
    "too many hours": ({"hours_max": 200}, "hours_max", "60"),
    "hours reversed": ({"hours_min": 36, "hours_max": 24}, "hours_max", "Draai"),
    "pay reversed": ({"pay_min": 4000, "pay_max": 3000}, "pay_max", "Draai"),
    "no pay": ({"pay_min": "", "pay_max": ""}, "pay_min", ""),
    "pay by the hour": ({"pay_min": 15}, "pay_min", "500"),
    "pay as words": ({"pay_min": "veel"}, "pay_min", ""),
    "a day that has passed": ({"closes_on": "2020-01-01"}, "closes_on", "voorbij"),
    "a start that has passed": ({"starts_on": "2020-01-01"}, "starts_on", "voorbij"),
    "a year too far": ({"starts_on": "2126-01-01"}, "starts_on", "jaar"),
    "no day of the calendar": ({"closes_on": "2026-02-31"}, "closes_on", ""),
    "no days": ({"days": None}, "days", ""),
    "a day that is no day": ({"days": [3]}, "days", ""),
    "no text": ({"text": "<br>"}, "text", ""),
    "a text without end": ({"text": "a" * 8001}, "text", "8000"),
    "a strange occupation": ({"occupation": 10**9}, "occupation", ""),
    "an occupation beyond all keys": ({"occupation": "9" * 30}, "occupation", ""),
    "nobody needed": ({"openings": 0}, "openings", "1"),
    "no skill": ({"skill": None}, "__all__", "vaardigheid"),
    "skills that do not exist": ({"skill": ["0", "9" * 40, "²", "-1", "x"]}, "__all__", "vaardigheid"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_said_at_the_field_in_dutch(client, begun, filled, name):
    changes, field, words = BAD[name]
    begun()
    page = client.post(DETAILS, filled(**changes))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert words in str(page.context["form"].errors[field])
    assert not Vacancy.objects.exists()
    assert client.get(CHECK).url == DETAILS


def test_forty_skills_are_enough(client, begun, filled):
    begun()
    skills = [make_skill(f"v{number}").pk for number in range(41)]
    page = client.post(DETAILS, filled(skill=skills))
    assert page.status_code == 422
    assert "40" in str(page.context["form"].errors["__all__"])


def test_ten_thousand_skills_are_refused_before_anything_is_read(client, begun, filled):
    begun()
    assert client.post(DETAILS, filled(skill=list(range(1, 10_001)))).status_code == 400


def test_levels_that_do_not_exist_fall_back_to_usual_ones(client, begun, filled, sawing):
    begun(**{f"importance_{sawing.pk}": "99", f"level_{sawing.pk}": "²", "language_level_nl": "x"})
    asked = client.get(CHECK).context["asked"]
    assert (asked.skills[0]["importance"], asked.skills[0]["level"], asked.languages[0]["level"]) == (2, 3, 3)


def test_markup_in_words_is_dropped(client, begun):
    begun(title="Timmerman <script>alert(1)</script>", text="<b>Sterk</b> werk <img src=x onerror=alert(1)>")
    html = client.get(CHECK).content.decode()
    assert "alert(1)" not in html
    assert "onerror" not in html
    assert "Sterk werk" in html


@pytest.mark.parametrize(
    "text", ["Wij zijn een jong team.", "Een mannelijke collega.", "Maximaal 35 jaar.", "Native speaker Nederlands."]
)
def test_words_that_shut_people_out_get_a_friendly_remark(client, begun, text):
    begun(text=text)
    assert client.get(CHECK).context["remarks"]


def test_ordinary_words_get_no_remark(client, begun):
    begun(text="Je werkt met hout. Je hoort binnen een week van ons.")
    assert client.get(CHECK).context["remarks"] == []


@pytest.mark.parametrize(("pay", "low"), [(2000, True), (2600, False)])
def test_pay_under_the_legal_minimum_gets_a_remark_and_no_error(client, begun, pay, low):
    begun(pay_min=pay)
    assert client.get(CHECK).context["low_pay"] is low


# Publishing.


def test_what_was_filled_in_survives_signing_up_and_registering(client, begun, carpenter, sawing):
    begun(title="Timmerman in Winsum", kind="function")
    response = client.post(CHECK, {"do": "publish"})
    assert response.url == f"{reverse('account_signup')}?next={CHECK}"
    response = client.post(response.url, {"email": "nieuw@example.org", "password1": PASSWORD, "next": CHECK})
    assert response.url == CHECK
    response = client.post(CHECK, {"do": "publish"})
    assert response.url == f"{reverse('accounts:register-employer')}?next={CHECK}"
    firm = {"name": "De Werf", "kvk": "12 34 56 78", "sector": "construction", "size": 1, "postcode": "9712"}
    assert client.post(response.url, firm | {"next": CHECK}).url == CHECK
    response = client.post(CHECK, {"do": "publish"})
    vacancy = Vacancy.objects.get()
    assert response.url == reverse("matching:candidates", args=[vacancy.pk])
    assert (vacancy.title, vacancy.kind, vacancy.status) == ("Timmerman in Winsum", "function", "open")
    assert vacancy.organisation.memberships.get().user.email == "nieuw@example.org"
    assert vacancy.organisation.kvk == "12345678"
    assert (vacancy.occupation, vacancy.place_id, vacancy.days) == (carpenter, "9712", 15)
    row = vacancy.requirements.get()
    assert (row.skill, row.importance, row.min_level, row.is_hard) == (sawing, 3, 4, True)


def test_logging_in_without_an_address_to_go_to_also_leads_back_to_the_draft(client, begun, owner):
    begun()
    client.force_login(owner)
    assert client.get(reverse("accounts:home")).url == CHECK


def test_publishing_tells_the_matcher_and_writes_the_trail(client, begun, firm, owner, sent):
    client.force_login(owner)
    begun()
    client.post(CHECK, {"do": "publish"})
    vacancy = Vacancy.objects.get()
    assert sent == [("vacancy", vacancy.pk)]
    assert list(AuditEntry.objects.filter(actor=owner).order_by("id").values_list("verb", flat=True)) == [
        "create vacancy", "publish vacancy",
    ]  # fmt: skip


def test_sending_the_last_page_twice_makes_one_vacancy(client, begun, firm, owner):
    client.force_login(owner)
    begun()
    client.post(CHECK, {"do": "publish"})
    assert client.post(CHECK, {"do": "publish"}).url == reverse("vacancies:mine")
    assert Vacancy.objects.count() == 1


def test_a_draft_can_be_kept_for_later(client, begun, firm, owner, sent):
    client.force_login(owner)
    begun()
    assert client.post(CHECK, {"do": "keep"}).url == reverse("vacancies:mine")
    assert Vacancy.objects.get().status == "draft"
    assert sent == []


def test_pages_that_need_a_beginning_lead_to_it(client, db):
    for url in (DETAILS, CHECK):
        assert client.get(url).url == START
    assert client.post(CHECK).url == reverse("vacancies:mine")


def test_a_refusal_to_publish_leaves_nothing_behind(firm, owner, carpenter, now):
    values = {
        "title": "Timmerman", "occupation": carpenter, "hours_min": 20, "hours_max": 30, "pay_min": 2500,
        "pay_max": 3000, "place": firm.place, "requirements": [], "closes_on": (now + timedelta(days=9)).date(),
    }  # fmt: skip
    with pytest.raises(Refused, match="vaardigheid"):
        post_vacancy(organisation=firm, values=values, actor=owner, now=now)
    assert not Vacancy.objects.exists()


def test_strangers_to_the_site_make_no_rows(client, begun):
    begun()
    assert not Organisation.objects.exists()
    assert not User.objects.exists()
    assert not Vacancy.objects.exists()


def test_the_session_keeps_the_fields_of_the_page_and_nothing_else():
    posted = QueryDict(mutable=True)
    posted.update({"title": "Kok", "hard_7": "on", "language_level_nl": "3", "csrfmiddlewaretoken": "x", "junk": "y"})
    posted.update({f"level_{n}": "1" for n in range(5000)})
    posted["text"] = "a" * 100_000
    posted.setlist("skill", [str(n) for n in range(5000)])
    kept = as_kept(posted)
    assert {"title", "hard_7", "language_level_nl", "text"} <= set(kept)
    assert not {"csrfmiddlewaretoken", "junk"} & set(kept)
    assert len(kept) <= 500
    assert len(kept["text"][0]) == 10_000
    assert len(kept["skill"]) == 100
