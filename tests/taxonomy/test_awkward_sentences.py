"""Sentences as people write them: what is said of the words in them, by a clause, a bracket, a heading or a second negation."""

import pytest
from django.db import transaction

from core.models import Place
from taxonomy.extract import Asked, Kind, Stance, read_text
from taxonomy.models import Skill
from tests.taxonomy.conftest import CERTIFICATES, load, write_core

pytestmark = pytest.mark.django_db
VACANCY, CV, COURSE = Kind.VACANCY, Kind.CV, Kind.COURSE
SAID, WISH, DENIED = Stance.SAID, Stance.WISH, Stance.DENIED
MUST, NICE = Asked.REQUIRED, Asked.NICE


@pytest.fixture(scope="module", autouse=True)
def core(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small core with rijbewijs BE, loaded once for all tests here."""
    papers = [*CERTIFICATES, ("rijbewijs_be", "rijbewijs BE", "driving licence BE", "", "licence", "")]
    with django_db_blocker.unblock(), transaction.atomic():
        load(write_core(tmp_path_factory.mktemp("taxonomy") / "core", certificates=papers))
        yield
        transaction.set_rollback(True)


def read_as(text: str, kind: Kind) -> dict[str, tuple]:
    """What is said of each skill, paper and language: (stance, asked)."""
    keys = dict(Skill.objects.values_list("pk", "key"))
    found = read_text(text, kind=kind)
    return {
        **{keys[one.skill_id]: (one.stance, one.asked) for one in found.skills},
        **{one.label: (one.stance, one.asked) for one in found.certificates},
        **{one.language: (one.stance, one.asked) for one in found.languages},
    }


@pytest.mark.parametrize(
    "text, kind, expected",
    [
        ("Lassen is geen vereiste, maar wel mooi meegenomen; een VCA-certificaat moet je wel hebben.", VACANCY,
         {"welding": (SAID, NICE), "VCA basis": (SAID, MUST)}),
        ("Rijbewijs B is een must, BE is een pre en CE hebben we niet nodig.", VACANCY,
         {"rijbewijs B": (SAID, MUST), "rijbewijs BE": (SAID, NICE), "rijbewijs CE": (DENIED, None)}),
        ("Zonder VCA-certificaat kun je hier niet aan de slag.", VACANCY, {"VCA basis": (SAID, MUST)}),
        ("Zonder VCA kun je hier niet werken", VACANCY, {"VCA basis": (SAID, MUST)}),
        ("Heb je geen hekel aan samenwerken?", VACANCY, {"teamwork": (SAID, None)}),
        ("Excel is mooi, met lassen moet je overweg kunnen.", VACANCY,
         {"excel": (SAID, NICE), "welding": (SAID, MUST)}),
        ("Je spreekt Nederlands en een beetje Duits is handig maar niet nodig.", VACANCY,
         {"nl": (SAID, None), "de": (SAID, NICE)}),
        ("Fluent English required, Dutch (A2 or higher) is a plus.", VACANCY, {"en": (SAID, MUST), "nl": (SAID, NICE)}),
        ("Wij vragen:\n- lassen\nPré:\n- kennis van Excel\n- rijbewijs B\nWij bieden:\n- samenwerken", VACANCY,
         {"welding": (SAID, None), "excel": (SAID, NICE), "rijbewijs B": (SAID, NICE), "teamwork": (SAID, None)}),
        ("Een pré is Excel. Je kunt lassen.", VACANCY, {"excel": (SAID, None), "welding": (SAID, MUST)}),
        ("Je kunt bij ons je VCA-certificaat halen.", VACANCY, {"VCA basis": (WISH, None)}),
        ("Rijbewijs B: nee. Ervaring met lassen", CV, {"rijbewijs B": (DENIED, None), "welding": (SAID, None)}),
        ("Mijn rijbewijs B haal ik in maart, VCA heb ik al.", CV,
         {"rijbewijs B": (WISH, None), "VCA basis": (SAID, None)}),
        ("ik heb nooit gelast maar wel 6 jaar samengewerkt", CV, {"welding": (DENIED, None), "teamwork": (SAID, None)}),
        ("Excel (geen ervaring), lassen (goed)", CV, {"excel": (DENIED, None), "welding": (SAID, None)}),
        ("Je leert tekeningen lezen; lassen komt niet aan bod.", COURSE,
         {"drawings": (SAID, None), "welding": (DENIED, None)}),
        ("Lassen is niet belangrijk, wel dat je met Excel kunt werken", VACANCY,
         {"welding": (DENIED, None), "excel": (SAID, None)}),
    ],
)  # fmt: skip
def test_what_is_said_of_words_goes_by_their_clause(text, kind, expected):
    assert read_as(text, kind) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Lassen (beginner), Excel (expert)", {"welding": 1, "excel": 5}),
        ("Lassen: 12 jaar, Excel: 2 jaar, samenwerken", {"welding": 5, "excel": 3, "teamwork": None}),
        ("Veel ervaring met lassen", {"welding": 4}),
        ("Je bent minimaal 18 jaar en kunt lassen", {"welding": None}),
        ("Je gaat lassen. Ervaring met lassen: 6 jaar.", {"welding": 4}),
    ],
)
def test_a_level_belongs_to_what_it_stands_behind(text, expected):
    keys = dict(Skill.objects.values_list("pk", "key"))
    assert {keys[one.skill_id]: one.level for one in read_text(text, kind=CV).skills} == expected


def test_what_is_asked_is_taken_from_any_mention():
    [found] = read_text("Je gaat bij ons lassen. Verder is lassen een pré.").skills
    assert found.asked is NICE


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Engels: redelijk, Duits: goed, Nederlands: moedertaal", {"en": 3, "de": 4, "nl": 6}),
        ("my Dutch is B1, English is my mother tongue", {"nl": 3, "en": 6}),
        ("Arabisch (moedertaal), Engels C1", {"ar": 6, "en": 5}),
    ],
)
def test_each_language_has_its_own_level(text, expected):
    assert {one.language: one.level for one in read_text(text, kind=CV).languages} == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Mbo 3 of 4 werk- en denkniveau", [3, 4]),
        ("mbo 2/3", [2, 3]),
        ("Vmbo afgerond, mbo niveau 2 niet afgemaakt", [2]),
        ("Mbo 3 of 4 niet afgemaakt", []),
        ("Hbo is niet nodig", []),
    ],
)
def test_education_that_is_not_there_does_not_count(text, expected):
    assert [one.level for one in read_text(text, kind=CV).education] == expected


def test_hours_of_the_clock_are_no_pay():
    found = read_text("Vanaf 16 jaar, elke zaterdag van 8 tot 17 uur, €9,50 per uur").pay
    assert (float(found.least), float(found.most)) == (9.5, 9.5)


def test_places_that_are_also_words_need_a_word_before_them():
    for at, name in enumerate(("Een", "Loon", "Assen", "Emmen", "'s-Gravenhage", "'s-Hertogenbosch")):
        Place.objects.create(postcode=str(9000 + at), name=name, latitude=53, longitude=6, source="test")

    def places(text: str) -> list[str]:
        return [one.name for one in read_text(text).places]

    assert places("Een goede lasser. Loon volgens cao. Wij zitten in Een.") == ["Een"]
    assert places("In Assen of Emmen") == ["Assen", "Emmen"]
    assert places("Assen | 32 uur") == ["Assen"]
    assert places("Bakkerij Van Dijk, Assen") == ["Assen"]
    assert places("vestiging in 's-Hertogenbosch of Den Haag") == ["'s-Hertogenbosch", "'s-Gravenhage"]


def test_markup_says_nothing_about_the_language():
    assert read_text("<p on><a>Zonnepanelen</a> leggen</p><p on><a>met een ploeg</a></p>").language == "nl"
