"""What everybody sees of vacancies."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from taxonomy.models import Skill
from tests.factories import make_organisation, make_place, make_skill, make_vacancy
from vacancies.structured import job_posting
from vacancies.templatetags.vacancies import paragraphs

pytestmark = pytest.mark.django_db
LIST = reverse("vacancies:list")


def titles(response) -> set[str]:
    return {vacancy.title for vacancy in response.context["page_obj"]}


@pytest.fixture
def region(firm, carpenter):
    """Three places to work."""
    far = make_place("9401", name="Assen", latitude=52.9925, longitude=6.5649)
    make_vacancy(firm, title="Vakman hout", occupation=carpenter, hours_min=24, hours_max=32, pay_max=3000)
    make_vacancy(
        make_organisation(name="Zorg De Til"), title="Verzorgende", place=far, hours_min=16, hours_max=20, pay_max=2600
    )
    make_vacancy(firm, title="Metselaar", kind="function", pay_max=3500)
    make_vacancy(firm, title="Concept", status="draft")
    make_vacancy(firm, title="Voorbij", status="closed")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"Vakman hout", "Verzorgende", "Metselaar"}),
        ({"text": "vakman"}, {"Vakman hout"}),
        ({"text": "timmervrouw"}, {"Vakman hout"}),
        ({"text": "de til"}, {"Verzorgende"}),
        ({"text": "zzzz"}, set()),
        ({"hours": 20}, {"Verzorgende"}),
        ({"min_pay": 2900}, {"Vakman hout", "Metselaar"}),
        ({"postcode": "9401", "max_km": 10}, {"Verzorgende"}),
        ({"postcode": "9401", "max_km": 40}, {"Vakman hout", "Verzorgende", "Metselaar"}),
        ({"kind": "function"}, {"Metselaar"}),
        ({"sector": "care"}, set()),
    ],
)
def test_visitors_filter_what_is_open(client, region, filters, expected):
    assert titles(client.get(LIST, filters)) == expected


@pytest.mark.parametrize(
    "filters", [{"postcode": "0000"}, {"hours": "veel"}, {"sector": "x"}, {"page": "x"}, {"text": "a\x00b"}]
)
def test_filters_that_mean_nothing_do_not_break_the_list(client, region, filters):
    assert client.get(LIST, filters).status_code == 200


def test_a_function_is_called_so_in_lists_and_on_its_page(client, region, firm):
    vacancy = firm.vacancies.get(kind="function")
    assert "Functie" in client.get(LIST, {"kind": "function"}).content.decode()
    html = client.get(reverse("vacancies:detail", args=[vacancy.pk])).content.decode()
    assert "Een functie, geen vacature" in html
    assert "application/ld+json" not in html


@pytest.mark.parametrize(("persona", "code"), [(None, 404), ("stranger", 404), ("owner", 200), ("teammate", 200)])
@pytest.mark.parametrize("status", ["draft", "closed"])
def test_only_the_firm_sees_what_is_not_open(client, request, firm, persona, code, status):
    vacancy = make_vacancy(firm, status=status)
    if persona:
        client.force_login(request.getfixturevalue(persona))
    assert client.get(reverse("vacancies:detail", args=[vacancy.pk])).status_code == code


def test_ids_beyond_all_keys_are_not_found(client, db):
    assert client.get("/vacancies/99999999999999999999999/").status_code == 404


def test_search_engines_get_a_valid_job_posting(client, firm, sawing):
    evil = "Werk </script><script>alert(1)</script> & meer"
    vacancy = make_vacancy(firm, {sawing: 3}, title="Timmerman", text=evil, pay_min=2500, pay_max=3100)
    response = client.get(reverse("vacancies:detail", args=[vacancy.pk]))
    html = response.content.decode()
    assert "<script>alert" not in html
    nonce, text = re.search(r'<script type="application/ld\+json" nonce="([^"]+)">(.*?)</script>', html, re.S).groups()
    assert f"'nonce-{nonce}'" in response.headers["Content-Security-Policy"]
    data = json.loads(text)
    assert (data["@context"], data["@type"], data["title"]) == ("https://schema.org/", "JobPosting", "Timmerman")
    assert data["hiringOrganization"]["name"] == firm.name
    assert data["jobLocation"]["address"]["postalCode"] == "9711"
    assert data["jobLocation"]["address"]["addressCountry"] == "NL"
    pay = data["baseSalary"]
    assert (pay["currency"], pay["value"]["minValue"], pay["value"]["maxValue"]) == ("EUR", 2500, 3100)
    assert pay["value"]["unitText"] == "MONTH"
    assert data["datePosted"] == timezone.localdate(vacancy.published_at).isoformat()
    assert data["employmentType"] in {"FULL_TIME", "PART_TIME"}
    assert "<script>" not in data["description"]


def test_what_was_published_after_midnight_has_the_date_of_that_day(firm):
    vacancy = make_vacancy(firm, published_at=datetime(2027, 6, 30, 22, 30, tzinfo=UTC))
    assert json.loads(job_posting(vacancy, "https://example.org/"))["datePosted"] == "2027-07-01"


def test_the_feed_and_the_sitemap_hold_what_is_open(client, region, firm):
    feed = client.get(reverse("vacancies:feed"))
    assert feed["Content-Type"].startswith("application/atom+xml")
    text = feed.content.decode()
    assert "Vakman hout" in text
    assert "Metselaar" not in text  # a function is no news of work
    assert "Concept" not in text
    sitemap = client.get(reverse("vacancies:sitemap")).content.decode()
    assert sitemap.count("<loc>") == 3


def test_the_list_asks_the_database_equally_often_for_two_and_for_twelve(client, firm, django_assert_max_num_queries):
    for _ in range(2):
        make_vacancy(firm)
    with django_assert_max_num_queries(6) as few:
        client.get(LIST)
    for _ in range(10):
        make_vacancy(firm)
    with django_assert_max_num_queries(6) as many:
        client.get(LIST)
    assert len(many) == len(few)


def test_a_page_of_a_vacancy_does_not_ask_more_for_more_skills(
    client, firm, sawing, measuring, django_assert_max_num_queries
):
    vacancy = make_vacancy(firm, {sawing: 3, measuring: 3})
    with django_assert_max_num_queries(7):
        client.get(reverse("vacancies:detail", args=[vacancy.pk]))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Een.\nTwee.\n\nDrie.", "<p>Een.<br>Twee.</p><p>Drie.</p>"),
        (
            "Dit doe je:\n- zagen\n• meten\nKlaar.",
            "<p>Dit doe je:</p><ul><li>zagen</li><li>meten</li></ul><p>Klaar.</p>",
        ),
        ("<b>& meer", "<p>&lt;b&gt;&amp; meer</p>"),
        ("- <i>", "<ul><li>&lt;i&gt;</li></ul>"),
        ("", ""),
    ],
)
def test_plain_text_becomes_paragraphs_and_lists_and_nothing_else(text, html):
    assert paragraphs(text) == html


def test_what_has_an_english_name_only_is_marked_as_english(client, firm, sawing):
    kiln = make_skill()
    Skill.objects.filter(pk=kiln.pk).update(label_nl="", label_en="operate kiln")
    vacancy = make_vacancy(firm, {sawing: 3, kiln: 3})
    page = client.get(reverse("vacancies:detail", args=[vacancy.pk])).content.decode()
    assert '<span lang="en">operate kiln</span>' in page
    assert f"<span>{sawing.label}</span>" in page
