"""The addresses that suggest while typing."""

import pytest
from django import forms
from django.template import engines
from django.urls import reverse
from django_cotton.compiler_regex import CottonCompiler

from taxonomy import views
from taxonomy.models import Occupation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("core")]


def test_a_stranger_gets_suggestions_as_json(client):
    answer = client.get(reverse("taxonomy:occupations"), {"q": "lorry"})
    [result] = answer.json()["results"]
    assert result["label"] == "vrachtwagenchauffeur"
    assert result["matched"] == "lorry driver"
    assert "private" in answer.headers["Cache-Control"]


def test_htmx_gets_options_and_no_markup_that_was_typed(client):
    answer = client.get(reverse("taxonomy:skills"), {"q": "<b>lassen"}, headers={"HX-Request": "true"})
    assert b'role="option"' in answer.content
    assert b"<b>" not in answer.content


@pytest.mark.parametrize("name", ["occupations", "skills"])
def test_words_that_match_nothing_give_an_empty_list(client, name):
    address = reverse(f"taxonomy:{name}")
    assert client.get(address, {"q": "zwevende kaasdromer"}).json()["results"] == []
    assert client.get(address, {"q": "zwevende kaasdromer"}, headers={"HX-Request": "true"}).status_code == 200


def test_ids_over_a_thousand_are_not_written_with_a_separator():
    html = (
        engines["django"]
        .get_template("taxonomy/_options.html")
        .render({"hits": [type("Hit", (), {"id": 12345, "label": "x", "matched": "", "foreign": False})]})
    )
    assert 'data-id="12345"' in html


@pytest.mark.parametrize("query", ["", "?q=", "?q=x&limit=abc", "?q=las&limit=99999999999", "?q=las&limit=0", "?q=%00"])
def test_odd_queries_are_answered(client, query):
    assert client.get(reverse("taxonomy:skills") + query).status_code == 200


def test_skills_of_an_occupation_come_as_json_and_as_checkboxes(client):
    welder = Occupation.objects.get(key="welder")
    address = reverse("taxonomy:skills-of-occupation", args=[welder.pk])
    results = client.get(address).json()["results"]
    assert [row["essential"] for row in results] == [True, True, False, False]
    html = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert html.count("checkbox") == 4
    assert html.count("checked") == 2
    assert client.get(reverse("taxonomy:skills-of-occupation", args=[10**9])).status_code == 404


def test_too_many_questions_are_refused_for_a_minute(client, monkeypatch):
    monkeypatch.setattr(views, "PER_MINUTE", 2)
    codes = [client.get(reverse("taxonomy:skills"), {"q": "las"}).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_only_reading_is_allowed(client):
    assert client.post(reverse("taxonomy:skills")).status_code == 405


def test_the_combobox_is_a_plain_labelled_field_without_script(rf):
    class TitleForm(forms.Form):
        title = forms.CharField(label="Beroep", help_text="Typ je beroep")

    source = '<c-combobox :field="form.title" :value="chosen" source="occupations" />'
    template = engines["django"].from_string(CottonCompiler().process(source))
    html = template.render({"form": TitleForm({"title": ""}), "chosen": 12345}, rf.get("/"))
    assert '<label for="id_title"' in html
    assert 'name="title"' in html
    assert 'name="title_id" value="12345"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
