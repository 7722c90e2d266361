"""Operators try words and write missing Dutch labels; nobody else does."""

import logging

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from taxonomy.esco import save_download
from taxonomy.esco_files import read_download
from taxonomy.models import Skill, SkillLabel
from taxonomy.queries import search_skills
from tests.factories import make_user
from tests.taxonomy.conftest import DATA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("core")]

VACANCY = "Je kunt lassen en je hebt VCA. Excel is een pré. Rijbewijs B is niet nodig. 32 uur per week, Duits B2."


@pytest.fixture
def operator(client):
    user = make_user(is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def kiln() -> Skill:
    """A skill as an import leaves it that has no Dutch for it."""
    skill = Skill.objects.create(uri="http://data.europa.eu/esco/skill/kiln", label_en="operate kiln")
    SkillLabel.objects.create(
        skill=skill, language="en", kind="preferred", text="operate kiln", normalized="operate kiln", source="esco"
    )
    return skill


@pytest.mark.parametrize("name", ["try", "missing-skills", "missing-occupations"])
def test_only_operators_get_in(client, name):
    address = reverse(f"taxonomy:{name}")
    assert client.get(address).status_code == 302
    client.force_login(make_user())
    assert client.get(address).status_code == 404
    assert client.post(address, {"text": "lassen", "concept": "1", "label": "x"}).status_code == 404


def test_a_text_is_shown_with_what_was_understood_of_it_and_why(client, operator):
    html = client.post(reverse("taxonomy:try"), {"text": VACANCY, "kind": "vacancy"}).content.decode()
    for word in ("said-skill", "lassen", "VCA basis", "said-not", "rijbewijs B", "Duits", "B2", "32"):
        assert word in html, word


def test_marks_join_to_the_whole_text(client, operator):
    text = f"<b>Wij zoeken</b> iemand.\n{VACANCY} 😀\r\n日本語"
    reading = client.post(reverse("taxonomy:try"), {"text": text, "kind": "vacancy"}).context["reading"]
    assert "".join(piece.text for piece in reading.segments) == text
    for finding in reading.findings:
        assert finding.words == text[finding.start : finding.end]


def test_a_title_and_a_search_show_their_hits_with_scores(client, operator):
    html = client.post(
        reverse("taxonomy:try"), {"kind": "cv", "title": "lasmonteur", "search": "exel"}
    ).content.decode()
    assert "lasmonteur" in html
    assert "werken met Excel" in html


@pytest.mark.parametrize("data", [{}, {"text": " \n"}, {"text": "x" * 200_001}, {"text": "lassen", "kind": "poem"}])
def test_what_cannot_be_tried_is_said_at_the_field(client, operator, data):
    answer = client.post(reverse("taxonomy:try"), data)
    assert answer.status_code == 422
    assert b"error-summary" in answer.content


def test_markup_is_shown_and_not_done(client, operator):
    asked = {"text": "<script>lassen</script>", "kind": "cv", "search": "<b>"}
    html = client.post(reverse("taxonomy:try"), asked).content.decode()
    assert "<script>lassen" not in html


def test_nothing_that_is_tried_is_kept_or_logged(client, operator, caplog):
    caplog.set_level(logging.DEBUG)
    before = AuditEntry.objects.count()
    client.post(
        reverse("taxonomy:try"),
        {"kind": "cv", "text": "Geheimwoord lassen", "title": "Geheimwoord", "search": "Geheimwoord"},
    )
    logged = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert not any("eheimwoord" in record.getMessage() for record in logged)
    assert AuditEntry.objects.count() == before


def test_the_worklist_has_the_most_used_first_and_takes_a_label(client, operator, kiln):
    address = reverse("taxonomy:missing-skills")
    assert "operate kiln" in client.get(address).content.decode()
    assert client.post(address, {"concept": kiln.pk, "label": "  een oven  stoken "}).status_code == 302
    kiln.refresh_from_db()
    assert kiln.label_nl == "een oven stoken"
    assert search_skills("oven stoken")[0].id == kiln.pk
    client.get(address)  # says once that it was kept
    assert "operate kiln" not in client.get(address).content.decode()
    entry = AuditEntry.objects.get(verb="edit labels")
    assert entry.actor == operator


@pytest.mark.parametrize("label", ["", "  ", "?!", "x" * 301])
def test_a_label_that_cannot_be_is_refused_at_its_field(client, operator, kiln, label):
    answer = client.post(reverse("taxonomy:missing-skills"), {"concept": kiln.pk, "label": label})
    assert answer.status_code == 422
    assert f'id="error-{kiln.pk}"' in answer.content.decode()
    assert not SkillLabel.objects.filter(source="operator").exists()


@pytest.mark.parametrize("concept", ["", "abc", "0", "9" * 30])
def test_an_unknown_concept_is_not_found(client, operator, concept):
    address = reverse("taxonomy:missing-skills")
    assert client.post(address, {"concept": concept, "label": "iets"}).status_code == 404


def test_a_label_written_on_the_worklist_survives_importing_again(client, operator, esco_dir):
    folders = [esco_dir / "en", esco_dir / "nl"]
    save_download(download=read_download(folders))
    kiln = Skill.objects.get(label_en="operate kiln")
    client.post(reverse("taxonomy:missing-skills"), {"concept": kiln.pk, "label": "een oven stoken"})
    save_download(download=read_download(folders))
    kiln.refresh_from_db()
    assert kiln.label_nl == "een oven stoken"
    assert search_skills("oven stoken")[0].id == kiln.pk


@pytest.mark.slow
@pytest.mark.skipif(not (DATA / "esco" / "en").is_dir(), reason="needs ESCO's files in DATA_DIR")
def test_it_also_survives_the_real_download(client, operator):
    folders = [DATA / "esco" / "en", DATA / "esco" / "nl"]
    save_download(download=read_download(folders))
    skill = Skill.objects.get(label_en="wash bicycles")
    client.post(reverse("taxonomy:missing-skills"), {"concept": skill.pk, "label": "fietsen soppen"})
    save_download(download=read_download(folders))
    skill.refresh_from_db()
    assert (skill.label_nl, search_skills("fietsen soppen")[0].id) == ("fietsen soppen", skill.pk)
