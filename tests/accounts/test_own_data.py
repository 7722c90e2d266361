"""Logging in, where it leads, and what people decide about their own data."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.authtoken.models import Token

from accounts.deeds import WORDS, words_for
from accounts.models import AuditEntry, Membership, Organisation, User
from accounts.operations import audit, erase_user, export_user, invitation_for, read_invitation
from profiles.models import CV
from tests.factories import PASSWORD, make_cv, make_organisation, make_skill, make_user, make_vacancy
from vacancies.models import Vacancy

pytestmark = pytest.mark.django_db
SETTINGS, HOME = reverse("accounts:settings"), reverse("accounts:home")
PAGES = [SETTINGS, HOME, reverse("accounts:export"), reverse("accounts:team")]


# Signing up and going home.


def test_an_address_and_one_password_make_an_account(client):
    client.post(reverse("account_signup"), {"email": "Nieuw@Example.org", "password1": PASSWORD})
    user = User.objects.get()
    assert user.email.lower() == "nieuw@example.org"
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("password", ["kort", "password123", ""])
def test_weak_passwords_are_refused_in_words(client, password):
    page = client.post(reverse("account_signup"), {"email": "nieuw@example.org", "password1": password})
    assert "password1" in page.context["form"].errors
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda user: make_organisation("employer", user), "vacancies:mine"),
        (lambda user: make_organisation("school", user), "education:mine"),
        (lambda user: User.objects.filter(pk=user.pk).update(is_analyst=True), "cockpit:home"),
        (lambda user: make_cv(user), "matching:matches"),
    ],
)
def test_logging_in_leads_to_where_people_belong(client, make, name):
    user = make_user()
    make(user)
    client.force_login(user)
    assert client.get(HOME).url == reverse(name)


@pytest.mark.parametrize("url", PAGES)
def test_without_logging_in_there_is_nothing_to_see(client, url):
    assert client.get(url).url.startswith(reverse("account_login"))


# Settings.


def test_people_change_their_name_and_language(client, owner):
    client.force_login(owner)
    page = client.post(SETTINGS, {"name": "Hiltje", "phone": "06 12345678", "language": "en"}, follow=True)
    assert "Your data" in page.content.decode()
    owner.refresh_from_db()
    assert (owner.name, owner.phone, owner.language) == ("Hiltje", "06 12345678", "en")


def test_settings_cannot_make_somebody_an_operator(client, owner):
    client.force_login(owner)
    client.post(SETTINGS, {"name": "H", "language": "nl", "is_staff": "on", "is_analyst": "on", "email": "x@y.nl"})
    owner.refresh_from_db()
    assert (owner.is_staff, owner.is_analyst, owner.email) == (False, False, "owner@example.org")


def test_an_unknown_language_is_refused(client, owner):
    client.force_login(owner)
    assert client.post(SETTINGS, {"name": "H", "language": "xx"}).status_code == 422


def test_a_key_for_the_api_is_made_replaced_and_taken_back(client, owner):
    client.force_login(owner)
    url = reverse("accounts:token")
    client.post(url, {"wish": "new"})
    first = Token.objects.get(user=owner).key
    assert first in client.get(SETTINGS).content.decode()
    client.post(url, {"wish": "new"})
    assert Token.objects.get(user=owner).key != first
    client.post(url, {"wish": "stop"})
    assert not Token.objects.filter(user=owner).exists()


def test_a_key_opens_the_api_until_it_is_taken_back(client, owner):
    token = Token.objects.create(user=owner)
    headers = {"Authorization": f"Token {token.key}"}
    assert client.get("/api/v1/me/", headers=headers).json()["email"] == owner.email
    token.delete()
    assert client.get("/api/v1/me/", headers=headers).status_code == 401


# Who saw what.


def test_people_see_which_firm_read_their_application_and_strangers_see_nothing_of_it(client, owner, firm, newcomer):
    application = make_vacancy(firm).applications.create(cv=make_cv(newcomer))
    audit(actor=owner, verb="see application", subject=application)
    audit(actor=newcomer, verb="apply", subject=application)
    client.force_login(newcomer)
    [(_at, who, what)] = client.get(SETTINGS).context["sights"]
    assert (who, what) == (firm.name, "las een sollicitatie met naam en cv")
    assert owner.name not in client.get(SETTINGS).content.decode()
    client.force_login(make_user())
    assert client.get(SETTINGS).context["sights"] == []


def test_the_trail_of_ones_own_deeds_is_in_plain_words(client, owner, firm):
    audit(actor=owner, verb="publish vacancy", subject=make_vacancy(firm))
    client.force_login(owner)
    assert [what for _at, what in client.get(SETTINGS).context["deeds"]] == ["publiceerde een vacature"]


def test_every_known_deed_has_dutch_words():
    assert all(words_for(verb) != english for verb, english in WORDS.items())
    assert words_for("save skills") == "wijzigde het slimme cv"
    assert words_for("something new") == "something new"


# Export.


def test_the_export_holds_account_cv_applications_and_vacancies_and_nobody_else(client, owner, firm, newcomer):
    make_vacancy(firm, title="Mijn vacature")
    cv = make_cv(owner, {make_skill("hout zagen"): 4})
    make_vacancy(title="Elders").applications.create(cv=cv, why="Omdat het kan.")
    make_cv(newcomer)
    client.force_login(owner)
    response = client.get(reverse("accounts:export"))
    assert "attachment" in response["Content-Disposition"]
    data = json.loads(response.content)
    assert data["account"]["email"] == "owner@example.org"
    assert {"account", "profiles", "matching", "vacancies"} <= set(data)
    text = response.content.decode()
    for mine in ("hout zagen", "Omdat het kan.", "Mijn vacature", firm.name):
        assert mine in text
    assert "newcomer@example.org" not in text
    assert "password" not in text
    assert AuditEntry.objects.filter(verb="export own data", actor=owner).exists()


def test_the_api_exports_the_same(api, owner):
    assert api(owner).get("/api/v1/me/data/").json()["account"]["email"] == export_user(user=owner)["account"]["email"]


def test_the_api_changes_settings_by_the_same_rules(api, owner):
    client = api(owner)
    assert client.patch("/api/v1/me/", {"name": "Nieuw"}, format="json").json()["name"] == "Nieuw"
    assert client.patch("/api/v1/me/", {"language": "xx"}, format="json").status_code == 400
    client.patch("/api/v1/me/", {"email": "x@y.nl", "is_analyst": True}, format="json")
    owner.refresh_from_db()
    assert (owner.email, owner.is_analyst, owner.name) == ("owner@example.org", False, "Nieuw")
    assert api().get("/api/v1/me/").status_code == 401


# Erasing.


@pytest.mark.parametrize("word", ["", "ja", "wis alles"])
def test_without_the_exact_word_nothing_is_erased(client, owner, word):
    client.force_login(owner)
    page = client.post(reverse("accounts:erase"), {"sure": word})
    assert page.status_code == 422
    assert "sure" in page.context["form"].errors
    assert User.objects.filter(pk=owner.pk).exists()


@pytest.mark.parametrize("word", ["WIS", " wis ", "erase"])
def test_erasing_takes_account_cv_and_applications_and_logs_out(client, newcomer, word):
    make_vacancy().applications.create(cv=make_cv(newcomer))
    Token.objects.create(user=newcomer)
    audit(actor=newcomer, verb="start cv")
    client.force_login(newcomer)
    assert client.post(reverse("accounts:erase"), {"sure": word}).url == reverse("home")
    assert "_auth_user_id" not in client.session
    assert not User.objects.filter(pk=newcomer.pk).exists()
    assert not CV.objects.exists()
    assert not Token.objects.exists()
    assert Vacancy.objects.exists()
    assert AuditEntry.objects.get(verb="start cv").actor is None


def test_a_firm_keeps_its_name_while_somebody_else_belongs_to_it(owner, firm, teammate):
    vacancy = make_vacancy(firm)
    erase_user(user=owner, now=timezone.now())
    vacancy.refresh_from_db()
    assert (vacancy.is_open, vacancy.organisation.name) == (True, "Bouwbedrijf De Eems")
    assert Membership.objects.get(organisation=firm).user == teammate


def test_when_the_last_one_of_a_firm_goes_applications_of_others_stay_and_they_hear_of_it(
    owner, firm, newcomer, django_capture_on_commit_callbacks, monkeypatch
):
    told = []
    monkeypatch.setattr("core.events.send", lambda task, *arguments: told.append((task, arguments)))
    vacancy = make_vacancy(firm, text="Bel Hiltje")
    draft = make_vacancy(firm, status="draft", published_at=None)
    cv = make_cv(newcomer)
    waiting = cv.applications.create(vacancy=vacancy)
    answered = make_cv(make_user()).applications.create(vacancy=vacancy, status="hired")
    code = invitation_for(firm, "laat@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        erase_user(user=owner, now=timezone.now())
    for row in (firm, vacancy, waiting, answered):
        row.refresh_from_db()
    assert (firm.name, firm.kvk, firm.about) == ("Een bedrijf dat vertrok", "", "")
    assert (vacancy.status, vacancy.text) == ("closed", "")
    assert not Vacancy.objects.filter(pk=draft.pk).exists()
    assert (waiting.status, waiting.reason, answered.status) == ("rejected", "vacancy_withdrawn", "hired")
    assert "lag niet aan jou" in waiting.message
    assert ("matching.notify", (waiting.pk, "rejected")) in told
    assert ("matching.notify", (answered.pk, "rejected")) not in told
    assert read_invitation(code) is None
    assert not User.objects.filter(pk=owner.pk).exists()


def test_a_school_goes_along_with_its_last_member():
    user = make_user()
    school = make_organisation("school", user)
    erase_user(user=user, now=timezone.now())
    assert not Organisation.objects.filter(pk=school.pk).exists()


def test_erasing_by_just_opening_the_address_does_not_work(client, owner):
    client.force_login(owner)
    assert client.get(reverse("accounts:erase")).status_code == 405
