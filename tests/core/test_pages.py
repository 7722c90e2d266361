"""The pages of the whole site: they answer, remember what the visitor chose, and can be read by everybody."""

import re
from html.parser import HTMLParser
from itertools import pairwise, product

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.urls import reverse

from core.views import DEMO_PEOPLE
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGES = ["home", "about", "how", "privacy", "accessibility", "help", "gallery", "account_login", "account_signup"]


@pytest.fixture
def demo(settings):
    settings.DEMO = True


class Outline(HTMLParser):
    """Collects what the tests ask of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict]:
        return [attrs for tag, attrs in self.tags if tag in names]


@pytest.fixture
def outline(client, settings):
    settings.DEMO = True

    def of(name: str, **data) -> Outline:
        response = client.post(reverse(name), data) if data else client.get(reverse(name))
        assert response.status_code == 200
        return Outline(response.content.decode())

    return of


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_one_main_heading_and_ordered_headings(outline, name):
    levels = [int(tag[1]) for tag, _ in outline(name).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_the_content_security_policy_with_inline_style_or_script(outline, name):
    page = outline(name)
    for tag, attrs in page.tags:
        assert "style" not in attrs, (tag, attrs)
        assert not any(key.startswith("on") for key in attrs), (tag, attrs)
    assert all("src" in attrs or attrs.get("type") == "application/json" for attrs in page.all("script"))


@pytest.mark.parametrize("name", PAGES)
def test_every_field_has_a_label_and_its_descriptions_exist_once(outline, name):
    page = outline(name)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    labels = {attrs.get("for") for attrs in page.all("label")}
    for attrs in page.all("input", "select", "textarea"):
        if attrs.get("type") != "hidden":
            assert attrs.get("id") in labels, attrs
    for _, attrs in page.tags:
        for key in ("aria-describedby", "aria-labelledby"):
            assert set(attrs.get(key, "").split()) <= set(ids)


def test_a_wrong_form_says_so_in_the_title_and_links_to_the_fields(client):
    response = client.post(reverse("account_signup"), {"email": "geen adres", "password1": ""})
    html = response.content.decode()
    assert "<title>Fout: " in html
    page = Outline(html)
    targets = {attrs["href"][1:] for attrs in page.all("a") if attrs.get("href", "").startswith("#id_")}
    wrong = {attrs["id"] for attrs in page.all("input") if attrs.get("aria-invalid") == "true"}
    assert wrong == targets == {"id_email", "id_password1"}


def test_pages_speak_dutch_until_somebody_chooses_english(client):
    assert 'lang="nl"' in client.get("/").content.decode()
    response = client.post(reverse("set_language"), {"language": "en", "next": "/how/"})
    assert response.url == "/how/"
    page = client.get("/how/").content.decode()
    assert 'lang="en"' in page
    assert "How matching works" in page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_is_in_the_page_from_the_server_on(client, theme):
    assert "data-theme=" not in client.get("/").content.decode()
    response = client.post(reverse("set-theme"), {"theme": theme, "next": "/about/"})
    assert response.url == "/about/"
    assert f'data-theme="{theme}"' in client.get("/").content.decode()
    client.post(reverse("set-theme"), {"theme": "system"})
    assert "data-theme=" not in client.get("/").content.decode()


def test_a_made_up_theme_or_a_strange_address_is_not_taken_over(client):
    response = client.post(reverse("set-theme"), {"theme": '"><script>', "next": "https://example.org/"})
    assert response.url == "/"
    assert not response.cookies
    client.cookies["theme"] = '"><b>'
    assert "<b>" not in client.get("/").content.decode()


def test_an_unknown_address_gives_a_friendly_page_with_a_way_out(client):
    response = client.get("/bestaat-niet/")
    assert response.status_code == 404
    assert "Deze pagina is er niet" in response.content.decode()


def test_the_page_for_our_own_mistakes_needs_nothing_to_work(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("core.views.Home.get", lambda *args, **kwargs: 1 / 0)
    response = client.get("/")
    assert response.status_code == 500
    assert "Er ging iets mis bij ons" in response.content.decode()


def test_a_forgotten_csrf_token_is_explained_in_words(client):
    client.handler.enforce_csrf_checks = True
    response = client.post(reverse("set-theme"), {"theme": "dark"})
    assert response.status_code == 403
    assert "Verstuur het nog een keer" in response.content.decode()


def test_health_tells_whether_database_and_cache_answer(client, monkeypatch):
    response = client.get(reverse("health"))
    assert response.json() == {"ok": True, "database": True, "cache": True}
    monkeypatch.setattr("core.views._cache_answers", lambda: False)
    response = client.get(reverse("health"))
    assert response.status_code == 503
    assert response.json()["ok"] is False


def test_search_engines_stay_out_of_private_pages_and_of_a_demo(client, settings):
    assert "Disallow: /account/" in client.get("/robots.txt").content.decode()
    settings.DEMO = True
    assert "Disallow: /\n" in client.get("/robots.txt").content.decode()


# The demo.


def test_demo_pages_do_not_exist_outside_a_demo(client, settings):
    settings.DEMO = False
    make_user("werkgever@demo.nl")
    assert client.get(reverse("demo")).status_code == 404
    assert client.post(reverse("demo"), {"person": "werkgever"}).status_code == 404
    assert client.get(reverse("demo-mail")).status_code == 404
    assert "_auth_user_id" not in client.session


def test_one_click_logs_in_as_a_demo_person(client, demo):
    user = make_user("werkgever@demo.nl")
    page = client.get(reverse("demo")).content.decode()
    assert "werkgever@demo.nl" in page
    assert "school@demo.nl" not in page
    client.post(reverse("demo"), {"person": "werkgever"})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_only_demo_people_can_be_chosen(client, demo):
    make_user("iemand@example.org")
    for person in ("iemand", "iemand@example.org", "", "beheerder"):
        assert client.post(reverse("demo"), {"person": person}).status_code == 404
    assert "_auth_user_id" not in client.session
    assert len(DEMO_PEOPLE) == 5


def test_the_demo_shows_the_mail_that_was_sent_newest_first(client, demo, settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path
    assert "Nog geen mail" in client.get(reverse("demo-mail")).content.decode()
    backend = EmailBackend(file_path=tmp_path)
    backend.send_messages(
        [
            EmailMessage("Eerste brief", "Je code is 4711.", "a@example.org", ["hiltje@example.org"]),
            EmailMessage("Tweede brief: café", "Tot <b>maandag</b>!", "a@example.org", ["geert@example.org"]),
        ]
    )
    html = client.get(reverse("demo-mail")).content.decode()
    assert html.index("Tweede brief: café") < html.index("Eerste brief")
    assert "4711" in html
    assert "hiltje@example.org" in html
    assert "<b>maandag</b>" not in html


def test_the_gallery_is_for_who_builds_or_manages(client, settings):
    settings.DEMO = settings.DEBUG = False
    assert client.get(reverse("gallery")).status_code == 404
    client.force_login(make_user(is_staff=True))
    assert client.get(reverse("gallery")).status_code == 200


# Colours: computed after the WCAG definition of contrast from the style sheet itself.

TEXT_PAIRS = [
    *product(["ink", "ink-soft", "petrol", "can", "do", "brick", "meadow"], ["ground", "surface", "sunken"]),
    ("on-petrol", "petrol"), ("on-petrol", "petrol-deep"), ("on-rapeseed", "rapeseed"), ("on-brick", "brick"),
    ("ink", "petrol-wash"), ("ink-soft", "petrol-wash"), ("petrol", "petrol-wash"), ("ink", "rapeseed-wash"),
    ("ink", "meadow-wash"), ("meadow", "meadow-wash"), ("ink", "brick-wash"), ("brick", "brick-wash"),
    ("heath", "heath-wash"), ("on-panel-petrol", "panel-petrol"), ("on-panel-rapeseed", "panel-rapeseed"),
]  # fmt: skip
PART_PAIRS = [
    *product(["can", "want", "do", "control", "focus", "brick"], ["ground", "surface", "sunken"]),
    ("petrol", "petrol-wash"), ("meadow", "meadow-wash"), ("ink", "rapeseed-wash"), ("brick", "brick-wash"),
]  # fmt: skip


def themes() -> dict[str, dict[str, str]]:
    """The colours of each theme, as the style sheet gives them."""
    css = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    blocks = {
        "light": r":root \{(.*?)\n  \}",
        "dark by device": r':root:not\(\[data-theme="light"\]\) \{(.*?)\n    \}',
        "dark by choice": r':root\[data-theme="dark"\] \{(.*?)\n  \}',
    }
    found = {name: re.search(pattern, css, re.S)[1] for name, pattern in blocks.items()}
    return {name: dict(re.findall(r"--([\w-]+): (#[0-9A-Fa-f]{6});", block)) for name, block in found.items()}


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_wcag_defines_it():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("pairs", "least"), [(TEXT_PAIRS, 4.5), (PART_PAIRS, 3.0)])
def test_every_pair_of_colours_can_be_read_in_both_themes(pairs, least):
    for name, colours in themes().items():
        weak = {
            (front, back): round(contrast(colours[front], colours[back]), 2)
            for front, back in pairs
            if contrast(colours[front], colours[back]) < least
        }
        assert not weak, name


def test_dark_is_the_same_whether_the_device_or_the_person_chose_it():
    colours = themes()
    assert colours["dark by device"] == colours["dark by choice"]
    assert set(colours["light"]) == set(colours["dark by device"])


def test_style_sheets_use_logical_properties_so_that_they_also_read_from_right_to_left():
    physical = re.compile(
        r"(?<![\w-])(?:margin|padding|border)-(?:left|right|top|bottom)\b"
        r"|(?<![\w-])(?:left|right)\s*:|text-align:\s*(?:left|right)"
    )
    for path in (settings.BASE_DIR / "static/css").glob("*.css"):
        assert not physical.findall(path.read_text()), path.name


def test_pages_are_dutch_until_somebody_chooses_english_and_the_api_listens_to_the_browser(client):
    english = {"accept-language": "en-GB"}
    assert 'lang="nl"' in client.get("/", headers=english).content.decode()[:300]
    client.cookies["django_language"] = "en"
    assert 'lang="en"' in client.get("/", headers=english).content.decode()[:300]
    client.cookies["django_language"] = "xx"
    assert 'lang="nl"' in client.get("/", headers=english).content.decode()[:300]
    assert "Authentication credentials" in client.get("/api/v1/me/", headers=english).content.decode()
