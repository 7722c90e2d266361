"""The components say in words what they draw, and numbers look as people write them."""

from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.utils.translation import override

from core.templatetags import zelf
from core.views import DEMO_PEOPLE


def render(source: str, rf=None, **context) -> str:
    """A piece of template with components, rendered as a page would."""
    engine = engines["django"].engine
    loader = next(loader for loader in engine.template_loaders[0].loaders if hasattr(loader, "cotton_compiler"))
    template = engines["django"].from_string(loader.cotton_compiler.process(source))
    return template.render(context, rf.get("/?page=2&plaats=Winsum") if rf else None)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(2650, "€ 2.650"), (2984.5, "€ 2.984,50"), (0, "€ 0"), ("", ""), (None, ""), ("x", ""), (1234567, "€ 1.234.567")],
)
def test_euro_writes_money_as_the_dutch_do(value, shown):
    with override("nl"):
        assert zelf.euro(value) == shown.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("value", "shown"), [(712, "71 %"), (715, "72 %"), (0, "0 %"), (1000, "100 %"), (-1, "?"), (None, "?")]
)
def test_permille_rounds_to_whole_percents_and_admits_not_knowing(value, shown):
    assert zelf.permille(value) == shown.replace(" ", "\u00a0")


def chance(low, p, high, enough=True):
    return SimpleNamespace(low=low, p=p, high=high, enough=enough)


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0, "1 van de 100"),
        (3, "3 van de 100"),
        (8, "1 van de 10"),
        (63, "6 van de 10"),
        (65, "7 van de 10"),
        (100, "9 van de 10"),
    ],
)
def test_a_chance_is_said_in_people_and_never_as_certain(p, words):
    with override("nl"):
        assert words in zelf.band(chance(0, p, 100)).sentence


def test_a_chance_always_comes_with_its_range():
    with override("nl"):
        html = render('<c-chance :chance="chance" />', chance=chance(35, 42, 58))
    assert "tussen 35 en 58 van de 100" in html
    assert 'x="35%"' in html
    assert 'width="23%"' in html


def test_too_few_data_draw_no_point_and_say_so():
    with override("nl"):
        html = render('<c-chance :chance="chance" />', chance=chance(12, 40, 70, enough=False))
    assert "Te weinig gegevens" in html
    assert 'class="point"' not in html
    assert "van de 10 mensen" not in html


def test_an_employer_reads_about_other_people_not_about_themselves():
    with override("nl"):
        html = render('<c-chance :chance="chance" who="they" />', chance=chance(35, 42, 58))
    assert "zoals jij" not in html


def test_the_sign_is_as_long_as_each_part_and_has_the_same_words_for_who_cannot_see_it():
    drawn = zelf.sign(1000, 500, 0)
    lengths = [((float(s.x2) - 24) ** 2 + (float(s.y2) - 44) ** 2) ** 0.5 for s in drawn.strokes]
    assert lengths == pytest.approx([38, 21.5, 5.1], abs=0.1)
    with override("nl"):
        html = render('<c-mark :can="712" :want="640" :do="-1" size="s" />')
    assert 'aria-label="kunnen 71\u00a0%, willen 64\u00a0%, doen nog niet bekend"' in html


def test_an_unknown_part_of_the_sign_is_not_drawn_as_zero():
    html = render('<c-mark :can="712" :want="-1" :do="0" size="l" />')
    assert html.count('class="unknown"') == 1
    assert "stroke-want" not in html


class Example(forms.Form):
    name = forms.CharField(label="Naam", help_text="Zoals op je pas.")
    travel = forms.ChoiceField(label="Hoe reis je?", choices=[("bike", "fiets")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="Akkoord", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def field(name: str, bound: bool, hint: str = "") -> str:
    form = Example({} if bound else None)
    with override("nl"):
        return render('<c-field :field="field" hint="{{ hint }}" />', field=form[name], hint=hint)


def test_a_field_points_to_its_hint_and_its_error():
    html = field("name", bound=True)
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_a_hint_given_in_the_page_replaces_the_one_of_the_form():
    html = field("name", bound=False, hint="Je roepnaam is genoeg.")
    assert "Je roepnaam is genoeg." in html
    assert "Zoals op je pas." not in html


def test_choices_are_a_group_with_a_legend_and_optional_fields_say_so():
    assert "<legend>Hoe reis je?</legend>" in " ".join(field("travel", bound=False).split())
    assert "niet verplicht" in field("agree", bound=False)
    assert "niet verplicht" not in field("name", bound=False)
    assert "<label" not in field("secret", bound=False)


def test_the_error_summary_jumps_to_the_first_control_and_does_not_double_punctuation():
    with override("nl"):
        html = render('<c-error-summary :form="form" />', form=Example({}))
    assert 'href="#id_travel_0"' in html
    assert "Hoe reis je? Vul dit in." in html
    assert "?:" not in html
    assert "<div" not in render('<c-error-summary :form="form" />', form=Example())


def test_pages_of_a_list_keep_the_filters(rf):
    html = render('<c-pagination :page="page" />', rf, page=Paginator(range(60), 20).page(2))
    assert "page=3&amp;plaats=Winsum" in html
    assert 'aria-current="page"' in html
    assert "<nav" not in render('<c-pagination :page="page" />', rf, page=Paginator(range(5), 20).page(1))


def test_a_button_with_an_address_is_a_link_and_without_it_does_not_send_by_accident():
    assert render('<c-button href="/x/">Ga</c-button>').strip().startswith("<a ")
    assert 'type="button"' in render("<c-button>Ga</c-button>")
    html = render('<c-button type="submit" name="step" value="next" variant="secondary">Verder</c-button>')
    assert 'name="step"' in html
    assert 'value="next"' in html
    assert "button-secondary" in html


def test_text_from_people_is_never_taken_for_html():
    html = render('<c-tag>{{ text }}</c-tag><c-empty title="{{ text }}" />', text="<script>1</script>")
    assert "<script>" not in html


def test_demo_people_have_the_addresses_that_the_readme_promises():
    assert {person.email for person in DEMO_PEOPLE} == {
        "werkzoekende@demo.nl", "werkgever@demo.nl", "school@demo.nl", "analist@demo.nl", "beheerder@demo.nl",
    }  # fmt: skip


def test_a_page_without_an_aside_has_no_landmark_for_it():
    page = '{% landmark "page-aside" %}{% block aside %} {% if text %}{{ text }}{% endif %}\n{% endblock %}{% endlandmark %}'
    assert "aside" not in render(page)
    assert render(page, text="<b>").split() == ["<aside", 'class="page-aside">', "&lt;b&gt;", "</aside>"]
