"""From text to skills, papers, languages and level."""

import time

import pytest
from django.db import transaction

from core.models import Place
from taxonomy.extract import (
    Asked,
    Kind,
    Per,
    find_certificates,
    find_education_level,
    find_languages,
    find_skills,
    read_text,
)
from taxonomy.models import Skill
from tests.taxonomy.conftest import label_by_hand, load, write_core

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def core(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small core, loaded once for all tests here; each takes back what it writes."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(write_core(tmp_path_factory.mktemp("taxonomy") / "core"))
        yield
        transaction.set_rollback(True)


def keys(text: str, **options) -> list[str]:
    by_id = dict(Skill.objects.values_list("pk", "key"))
    return [by_id[found.skill_id] for found in find_skills(text, **options)]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Je gaat lassen.", {"welding"}),
        ("Hij last de hele dag", {"welding"}),
        ("Je adviseert onze klanten over verf.", {"advising"}),
        ("Advies aan klanten geven", {"advising"}),
        ("Tekeningen kunnen lezen is een must", {"drawings"}),
        ("MIG-lassen en samenwerken", {"mig", "teamwork"}),
        ("Kennis van Excel", {"excel"}),
        ("Je hebt ervaring met samenwerkken", {"teamwork"}),
        ("Je werkt veel met anderen samen.", {"teamwork"}),
        ("Je vindt het leuk om samen te werken.", {"teamwork"}),
        ("You will be advising customers", {"advising"}),
        ("Wij houden van gezelligheid.", set()),
    ],
)
def test_skills_are_recognised_in_their_forms(text, expected):
    assert set(keys(text)) == expected


def test_texts_are_read_by_their_words_while_the_vectors_of_the_labels_are_not_built_yet(
    settings, tmp_path, monkeypatch
):
    settings.LOCAL_DIR = tmp_path
    monkeypatch.setattr("taxonomy.skill_vectors.MOST_ON_THE_SPOT", 0)
    monkeypatch.setattr("taxonomy.reading.meaning._vectors", None)
    assert set(keys("Je gaat lassen en adviseert klanten.")) == {"welding", "advising"}


def test_the_longer_label_beats_the_shorter_one_inside_it():
    assert keys("Ervaring met MIG-lassen") == ["mig"]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Geen ervaring met lassen, maar wel met Excel.", {"excel"}),
        ("Ik kan niet lassen. Wel klanten adviseren.", {"advising"}),
        ("Ervaring met lassen is niet nodig.", set()),
        ("Je gaat niet alleen lassen, ook tekeningen lezen.", {"welding", "drawings"}),
        ("No experience with welding", set()),
        ("Lassen is vereist, klanten adviseren is niet nodig", {"welding"}),
        ("Lassen is vereist en klanten adviseren is niet nodig", {"welding"}),
        ("Klanten adviseren is niet nodig, lassen is vereist", {"welding"}),
        ("Lassen, samenwerken en klanten adviseren is niet nodig", set()),
        ("Geen ervaring met klanten adviseren, samenwerken of lassen nodig", set()),
        ("Klanten adviseren niet, lassen wel", {"welding"}),
        ("Je hebt geen ervaring met lassen, klanten adviseren kun je goed", {"advising"}),
    ],
)
def test_what_is_denied_is_left_out(text, expected):
    assert set(keys(text)) == expected


def test_a_skill_comes_once_with_its_sentence_and_the_level_that_is_said():
    text = "Wij zoeken jou. Je hebt ruime ervaring met lassen! Later ga je weer lassen."
    [found] = find_skills(text)
    assert found.passage == "Je hebt ruime ervaring met lassen"
    assert found.level == 4
    assert 0 < found.score <= 1
    assert find_skills("Je gaat lassen.")[0].level is None


def test_limit_keeps_the_surest():
    assert len(find_skills("lassen, tekeningen lezen, klanten adviseren", limit=2)) == 2


def test_a_new_label_is_recognised_at_once():
    assert keys("Je kunt pootaardappelen rooien") == []
    label_by_hand(Skill.objects.get(key="driving"), "pootaardappelen rooien")
    assert keys("Je kunt pootaardappelen rooien") == ["driving"]


@pytest.mark.parametrize(
    "text", ["", "   ", "😀😀", "日本語のテキスト", "<script>alert(1)</script>", "\x00\x01", ";;;...!!!"]
)
def test_odd_texts_are_answered_quietly(text):
    assert find_skills(text) == []
    assert find_certificates(text) == find_languages(text) == []
    assert find_education_level(text) is None


def test_a_very_long_text_takes_bounded_time():
    text = ("Je last en adviseert klanten over qwrtypsdf zxcvbnmkl ervaring zonder punt " * 4000)[:300_000]
    started = time.process_time()
    assert find_skills(text)
    find_certificates(text), find_languages(text), find_education_level(text)
    assert time.process_time() - started < 5


def certificate_labels(text: str) -> list[str]:
    return [found.label for found in find_certificates(text)]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Je hebt VCA en rijbewijs B.", ["VCA basis", "rijbewijs B"]),
        ("Rijbewijs B en CE", ["rijbewijs B", "rijbewijs CE"]),
        ("In bezit van B-rijbewijs", ["rijbewijs B"]),
        ("Een groot rijbewijs", ["rijbewijs CE"]),
        ("BIG-registratie vereist", ["BIG-registratie"]),
        ("a big company", []),
        ("Rijbewijs B is niet nodig.", []),
        ("Geen rijbewijs B", []),
    ],
)
def test_certificates_are_read_from_text(text, expected):
    assert certificate_labels(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Nederlands op B2-niveau en vloeiend Engels", {"nl": 4, "en": 5}),
        ("Je spreekt goed Nederlands en Duits.", {"nl": 4, "de": 4}),
        ("Goede beheersing van de Nederlandse taal (C1)", {"nl": 5}),
        ("Wij zijn een Nederlands bedrijf", {"nl": None}),
        ("een Engelse sleutel", {}),
        ("Pools is mijn moedertaal", {"pl": 6}),
        ("Engels is niet nodig", {}),
        ("Fluent English, basic Dutch", {"en": 5, "nl": 2}),
    ],
)
def test_languages_come_with_their_level(text, expected):
    assert {found.language: found.level for found in find_languages(text)} == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Minimaal mbo niveau 3", 3),
        ("MBO-4 of hbo", 4),
        ("hbo werk- en denkniveau", 6),
        ("wo-master rechten", 7),
        ("werkdagen ma di wo", None),
        ("vmbo-diploma", 2),
        ("Wij bieden een leuke baan", None),
    ],
)
def test_the_education_level_is_read(text, expected):
    assert find_education_level(text) == expected


def test_of_a_cv_the_highest_level_counts():
    assert find_education_level("havo, daarna hbo", highest=True) == 6


def stances(text: str, kind: Kind = Kind.VACANCY) -> dict[str, str]:
    by_id = dict(Skill.objects.values_list("pk", "key"))
    return {by_id[found.skill_id]: found.stance.value for found in read_text(text, kind=kind).skills}


@pytest.mark.parametrize(
    "text, kind, expected",
    [
        ("Ik wil graag leren lassen.", Kind.CV, {"welding": "wish"}),
        ("Later zou ik graag vrachtwagen willen rijden. Ik kan goed lassen.", Kind.CV,
         {"driving": "wish", "welding": "said"}),
        ("Bij ons leer je lassen en tekeningen lezen.", Kind.VACANCY, {"welding": "wish", "drawings": "wish"}),
        ("In deze cursus leer je lassen.", Kind.COURSE, {"welding": "said"}),
        ("Lassen kan ik niet, maar ik kan wel tekeningen lezen", Kind.CV, {"welding": "denied", "drawings": "said"}),
        ("Je hoeft niet te kunnen lassen", Kind.VACANCY, {"welding": "denied"}),
        ("Zonder begeleiding kunnen lassen", Kind.VACANCY, {"welding": "said"}),
        ("Je bent niet bang om klanten te adviseren", Kind.VACANCY, {"advising": "said"}),
        ("Geen ervaring met lassen, je gaat tekeningen lezen", Kind.CV, {"welding": "denied", "drawings": "said"}),
        ("I would like to learn welding", Kind.CV, {"welding": "wish"}),
    ],
)  # fmt: skip
def test_wishes_and_denials_are_told_apart(text, kind, expected):
    assert stances(text, kind) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Rijbewijs B is vereist, rijbewijs CE is niet nodig",
        "Rijbewijs B is vereist en rijbewijs CE is niet nodig",
        "Rijbewijs B vereist, rijbewijs CE niet nodig.",
        "Rijbewijs CE is niet nodig, rijbewijs B is vereist.",
        "Je hebt rijbewijs B; rijbewijs CE hoeft niet.",
        "Geen rijbewijs CE nodig, rijbewijs B wel",
        "Je hoeft geen rijbewijs CE te hebben, maar wel rijbewijs B",
    ],
)
def test_a_denial_ends_with_its_clause(text):
    [found] = find_certificates(text)
    assert found.label == "rijbewijs B"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Lassen is een must, Excel is een pré.", {"welding": Asked.REQUIRED, "excel": Asked.NICE}),
        ("Bij voorkeur kun je lassen", {"welding": Asked.NICE}),
        ("Je hebt ervaring met lassen", {"welding": Asked.REQUIRED}),
        ("Een pré: lassen", {"welding": Asked.NICE}),
    ],
)
def test_required_and_nice_to_have_are_told_apart(text, expected):
    by_id = dict(Skill.objects.values_list("pk", "key"))
    assert {by_id[found.skill_id]: found.asked for found in read_text(text).skills} == expected


@pytest.mark.parametrize(
    "text, level",
    [
        ("5 jaar ervaring met lassen", 4),
        ("lassen (12 jaar)", 5),
        ("basiskennis van lassen", 2),
        ("Je bent een ervaren kracht in lassen", 4),
        ("Je gaat lassen", None),
    ],
)
def test_the_level_is_read_where_it_is_said(text, level):
    [found] = find_skills(text)
    assert found.level == level


def test_the_place_of_a_skill_is_that_in_the_text_as_given():
    text = "<p>Bij ons&nbsp;ga je   <b>tekeningen</b> lezen.</p><p>En klanten adviseren 😀!</p>"
    said = {text[found.start : found.end] for found in read_text(text).skills}
    assert said == {"tekeningen</b> lezen", "klanten adviseren"}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Functie voor 24-32 uur per week", (24, 32)),
        ("Chauffeur (40 uur)", (40, 40)),
        ("20 tot 28 uur p/w", (20, 28)),
        ("Fulltime baan", (36, 40)),
        ("open van 9 uur tot 5 uur", None),
        ("8 uur per dag", None),
    ],
)
def test_the_hours_a_week_are_read(text, expected):
    found = read_text(text).hours
    assert (found and (found.least, found.most)) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Salaris tussen € 2.500 en € 3.200 bruto per maand", (2500, 3200, Per.MONTH)),
        ("€15,50 per uur", (15.5, 15.5, Per.HOUR)),
        ("Je verdient 2750,- tot 3100,- p/m", (2750, 3100, Per.MONTH)),
        ("Een jaarsalaris van 45.000 euro", (45000, 45000, Per.YEAR)),
        ("uurloon €14 - €16", (14, 16, Per.HOUR)),
        ("EUR 2.600 tot 3.100 per maand", (2600, 3100, Per.MONTH)),
        ("€ 2600,- tot € 3100,- bruto", (2600, 3100, Per.MONTH)),
        ("2600-3100 euro", (2600, 3100, Per.MONTH)),
        ("2600 tot 3100 EUR", (2600, 3100, Per.MONTH)),
        ("tussen de 2.600 en 3.100 euro", (2600, 3100, Per.MONTH)),
        ("schaal 8: 2.600-3.100 bruto", (2600, 3100, Per.MONTH)),
        ("€ 2,6k tot 3,1k", (2600, 3100, Per.MONTH)),
        ("€ 3.000 tekenbonus en een salaris van € 2.700 per maand", (2700, 2700, Per.MONTH)),
        ("Voor 2600 tot 3100 klanten", None),
        ("De omzet is € 3.000.000", None),
        ("Bel 050 1234567", None),
    ],
)
def test_pay_is_read_with_its_period(text, expected):
    found = read_text(text).pay
    assert (found and (float(found.least), float(found.most), found.per)) == expected


def test_places_are_read_where_the_country_has_them():
    Place.objects.create(postcode="9711", name="Groningen", latitude=53.2, longitude=6.5, source="test")
    Place.objects.create(postcode="9401", name="Assen", latitude=53.0, longitude=6.5, source="test")
    found = read_text("Wij zoeken een lasser in Groningen. Werkplek: 9401 AB. Bel Jan Groningen.").places
    assert [(one.name, one.postcode) for one in found] == [("Groningen", ""), ("Assen", "9401")]
