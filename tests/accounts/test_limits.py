"""What one account can do often, and whose password an account keeps."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from accounts import operations
from accounts.models import Organisation, User
from core.limits import TooOften
from education.models import ProgrammeUpload
from tests.factories import PASSWORD, make_cv, make_organisation, make_user, make_vacancy

pytestmark = pytest.mark.django_db


def test_nobody_mails_many_strangers_through_us(client, owner, firm, monkeypatch):
    monkeypatch.setattr(operations, "MOST_INVITATIONS", 2)
    client.force_login(owner)
    for n in range(3):
        page = client.post(
            reverse("accounts:team"), {"do": "invite", "email": f"friend{n}@example.org"}, follow=True
        )  # fmt: skip
    [message] = page.context["messages"]
    assert (message.level_tag, "morgen" in message.message) == ("error", True)
    with pytest.raises(TooOften):
        operations.invite_colleague(organisation=firm, email="x@example.org", link="", actor=owner)


def test_one_account_does_not_fill_the_platform_with_firms(client, newcomer, monkeypatch):
    monkeypatch.setattr(operations, "MOST_ORGANISATIONS", 1)
    operations.register_organisation(user=newcomer, kind="employer", name="Een")
    newcomer.memberships.all().delete()
    with pytest.raises(TooOften, match="morgen"):
        operations.register_organisation(user=newcomer, kind="employer", name="Twee")
    assert list(Organisation.objects.values_list("name", flat=True)) == ["Een"]


def test_one_colleague_asks_so_many_people_a_day_and_the_api_says_429(api, owner, firm, monkeypatch):
    monkeypatch.setattr("matching.operations.steps.MOST_APPROACHES", 1)
    vacancy = make_vacancy(firm)
    cvs = [make_cv(make_user()) for _ in range(2)]
    listed = f"/api/v1/vacancies/{vacancy.pk}/candidates/"
    client = api(owner)
    refs = [row["ref"] for row in client.get(listed).json()["results"]]
    answers = [
        client.post(f"{listed}{ref}/decision/", {"decision": "approach"}, format="json").status_code for ref in refs
    ]
    assert answers == [200, 429]
    assert sum(cv.applications.count() for cv in cvs) == 1


# An account that somebody made with another's address.


def log_in_by_code(client: Client, email: str) -> None:
    client.post(reverse("account_request_login_code"), {"email": email})
    code = re.findall(r"^ +([A-Z0-9-]{6,})$", mail.outbox[-1].body, re.MULTILINE)[0]
    client.post(reverse("account_confirm_login_code"), {"code": code})


@pytest.fixture
def thief(db, settings):
    """Logged in on an account under an address that is somebody else's."""
    # The package that logs people in reads the address it has just read.
    settings.ZEAL_ALLOWLIST = [*settings.ZEAL_ALLOWLIST, {"model": "account.EmailAddress", "field": "get()"}]
    browser = Client()
    browser.post(reverse("account_signup"), {"email": "mijn@example.org", "password1": PASSWORD})
    Token.objects.create(user=User.objects.get())
    return browser


def test_who_proves_the_address_ends_the_password_sessions_and_key_of_before(thief, client):
    assert thief.get(reverse("accounts:settings")).status_code == 200
    log_in_by_code(client, "mijn@example.org")
    page = client.get(reverse("accounts:settings"))
    assert page.status_code == 200
    assert any("oude wachtwoord" in message.message for message in page.context["messages"])
    user = User.objects.get()
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    assert not Token.objects.exists()
    assert thief.get(reverse("accounts:settings")).status_code == 302
    thief.post(reverse("account_login"), {"login": "mijn@example.org", "password": PASSWORD})
    assert thief.get(reverse("accounts:settings")).status_code == 302


def test_who_proved_the_address_before_keeps_the_password(thief, client):
    EmailAddress.objects.update(verified=True)
    log_in_by_code(client, "mijn@example.org")
    assert User.objects.get().check_password(PASSWORD)
    assert Token.objects.exists()


def test_a_wrong_code_ends_nothing(thief, client):
    client.post(reverse("account_request_login_code"), {"email": "mijn@example.org"})
    client.post(reverse("account_confirm_login_code"), {"code": "WRONG-1"})
    assert User.objects.get().check_password(PASSWORD)


def test_logging_in_asks_whether_to_be_remembered(client, thief):
    assert 'name="remember"' in client.get(reverse("account_login")).content.decode()
    client.post(reverse("account_login"), {"login": "mijn@example.org", "password": PASSWORD})
    assert client.session.get_expire_at_browser_close()
    other = Client()
    other.post(reverse("account_login"), {"login": "mijn@example.org", "password": PASSWORD, "remember": "on"})
    assert not other.session.get_expire_at_browser_close()


def test_one_account_sends_so_many_files_an_hour(client, monkeypatch):
    monkeypatch.setattr("education.uploads.checking.MOST_UPLOADS", 1)
    user = make_user()
    make_organisation("school", user)
    client.force_login(user)
    answers = [
        client.post(reverse("education:upload"), {"file": SimpleUploadedFile("cursus.csv", f"titel\nLas {n}".encode())})
        for n in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 422]
    assert "uur" in answers[1].context["form"].errors["file"][0]
    assert ProgrammeUpload.objects.count() == 1
