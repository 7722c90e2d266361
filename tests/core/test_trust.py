"""What is not for everybody: figures of the running site, the demo out on the internet, addresses in logs, endless doing."""

import json
import logging
import re

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core import mail
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import reverse

from core.limits import TooOften, address_of, spend, within
from core.logs import RoutesOnly
from core.middleware import RequestLog
from simulation.load import operator_password
from tests.factories import make_user

pytestmark = pytest.mark.django_db
METRICS = "/metrics"


# Figures of the running site.


def test_figures_for_prometheus_are_for_operators_and_who_shows_the_token(client, settings):
    client.force_login(make_user())
    assert client.get(METRICS).status_code == 404
    assert client.get(METRICS, headers={"Authorization": "Bearer "}).status_code == 404
    client.force_login(make_user(is_staff=True))
    assert b"django_http" in client.get(METRICS).content
    client.logout()
    settings.METRICS_TOKEN = "a-long-secret"
    assert client.get(METRICS).status_code == 404
    assert client.get(METRICS, headers={"Authorization": "Bearer a-long-guess"}).status_code == 404
    assert client.get(METRICS, headers={"Authorization": "Bearer a-long-secret"}).status_code == 200


def test_operators_log_in_where_everybody_does(client):
    answer = client.get(reverse("admin:login"))
    assert answer.url.startswith(reverse("account_login"))
    client.force_login(make_user())
    assert client.get(reverse("admin:login")).status_code == 403
    assert client.post(reverse("admin:login"), {"username": "x", "password": "y"}).status_code == 403


# A demo out on the internet.


@pytest.fixture
def public_demo(settings):
    settings.DEMO = settings.PRODUCTION = True
    make_user("werkgever@demo.nl")
    return make_user("beheerder@demo.nl", is_staff=True, is_superuser=True)


def test_a_public_demo_offers_no_operator(client, public_demo):
    page = client.get(reverse("demo")).content.decode()
    assert 'value="werkgever"' in page
    assert 'value="beheerder"' not in page
    assert client.post(reverse("demo"), {"person": "beheerder"}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_public_demo_shows_no_mail_to_visitors(client, public_demo, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", tmp_path
    for to in ("bezoeker@example.org", "sluw@demo.nl.example.org", "werkgever@demo.nl", "Beheerder@demo.nl"):
        mail.send_mail(f"Brief aan {to}", "Geheim", "site@example.org", [to])
    page = client.get(reverse("demo-mail")).content.decode()
    assert "Brief aan werkgever@demo.nl" in page
    assert "example.org" not in page.replace("site@example.org", "")
    assert "eheerder" not in page  # a code to log in would make everybody operator
    settings.PRODUCTION = False
    assert "Brief aan bezoeker@example.org" in client.get(reverse("demo-mail")).content.decode()


@pytest.mark.parametrize("production", [True, False])
def test_the_password_that_everybody_knows_opens_no_operator_on_the_internet(production, settings):
    settings.PRODUCTION = production
    assert check_password("demo-demo-demo", operator_password(make_password("demo-demo-demo"))) != production


# Logs.


@pytest.mark.parametrize("path, route", [
    ("/auth/password/reset/key/1-secret-key/", r"POST /auth/password/reset/key/"),
    ("/applications/9f6d4b2e-0000-4000-8000-000000000000/", r"POST /applications/<uuid:ref>/$"),
    ("/account/team/secret-key/", r"POST /account/team/<str:code>/$"),
    ("/typed/secret-key", r"POST \(no page\)$"),
])  # fmt: skip
def test_logs_hold_the_route_and_not_what_stands_in_the_address(path, route):
    said = RequestLog.format_request(RequestFactory().post(path + "?q=secret-key"))
    assert re.match(route, said)
    assert "secret-key" not in said
    assert "9f6d4b2e" not in said


def test_what_django_logs_of_a_refusal_holds_the_route_too():
    request = RequestFactory().get("/applications/9f6d4b2e-0000-4000-8000-000000000000/")
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "%s: %s", ("Not Found", request.path), None)
    record.request = request
    [console] = [name for name, each in settings.LOGGING["handlers"].items() if "routes" in each["filters"]]
    assert console in settings.LOGGING["root"]["handlers"]
    assert RoutesOnly().filter(record)
    assert record.getMessage() == "Not Found: /applications/<uuid:ref>/"


# Addresses and limits.


@pytest.mark.parametrize("proxies, forwarded, address", [
    (0, "1.1.1.1", "127.0.0.1"), (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"), (2, "6.6.6.6, 1.1.1.1, 10.0.0.1", "1.1.1.1"),
    (2, "1.1.1.1", "127.0.0.1"), (1, "", "127.0.0.1"),
])  # fmt: skip
def test_an_address_is_what_our_own_proxies_say(proxies, forwarded, address, settings):
    settings.TRUSTED_PROXIES = proxies
    assert address_of(RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})) == address


def test_one_setting_says_how_many_proxies_there_are():
    counts = {settings.TRUSTED_PROXIES, settings.ALLAUTH_TRUSTED_PROXY_COUNT, settings.REST_FRAMEWORK["NUM_PROXIES"]}
    assert counts == {0}


def test_who_says_to_come_from_elsewhere_stays_within_the_limit_of_suggestions(client, monkeypatch):
    monkeypatch.setattr("taxonomy.views.PER_MINUTE", 2)
    answers = [
        client.get(reverse("taxonomy:skills"), {"q": "a"}, headers={"X-Forwarded-For": f"9.9.9.{n}"}).status_code
        for n in range(3)
    ]
    assert answers == [200, 200, 429]


def test_a_limit_is_per_person_and_per_deed_and_ends_by_itself():
    for _ in range(3):
        spend("wave", who=1, most=3)
    with pytest.raises(TooOften, match="uur"):
        spend("wave", who=1, most=3)
    spend("wave", who=2, most=3)
    spend("shout", who=1, most=3)
    cache.clear()
    spend("wave", who=1, most=3)
    assert within("key", most=1, seconds=60)
    assert not within("key", most=1, seconds=60)


def test_a_body_that_is_too_large_is_refused_in_words(client, settings, django_user_model):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client.force_login(django_user_model.objects.create_user("groot@example.org"))
    body = json.dumps({"name": "x" * 2000})
    answer = client.post("/api/v1/me/employer/", body, content_type="application/json")
    assert answer.status_code == 400
    assert "Er is niets bewaard" in answer.content.decode()
