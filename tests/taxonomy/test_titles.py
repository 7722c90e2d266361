"""Job title → occupation: the model, what it says, and what happens without it."""

import json
import logging
from dataclasses import replace

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from taxonomy.models import Occupation, OccupationLabel
from taxonomy.operations import raise_edition
from taxonomy.queries import resolve_occupation
from taxonomy.tasks import build_titles
from taxonomy.text import normalize
from taxonomy.titles.cleaning import clean_title
from taxonomy.titles.model import (
    BadModel,
    TitleModel,
    build_model,
    current_model,
    is_stale,
    load_model,
    path_of_model,
    save_model,
    version_now,
)
from taxonomy.titles.reading import read_title

WORK = """
lasser|TIG-lasser|MIG-lasser|lasser pijpleidingen;welder
bakker|broodbakker|banketbakker;baker
kok|chef-kok|zelfstandig werkend kok;cook
schoonmaker|schoonmaakmedewerker|schoonmaakster kantoren;cleaner
vrachtwagenchauffeur|chauffeur vrachtwagen|internationaal chauffeur;truck driver
buschauffeur|chauffeur openbaar vervoer|chauffeur autobus;bus driver
verpleegkundige|wijkverpleegkundige|verpleegkundige ziekenhuis;nurse
timmerman|bouwtimmerman|timmerman nieuwbouw;carpenter
metselaar|voeger|metselaar woningbouw;bricklayer
loodgieter|sanitair installateur|loodgieter onderhoud;plumber
elektricien|elektromonteur|elektricien utiliteitsbouw;electrician
kapper|kapster|dameskapper;hairdresser
boekhouder|medewerker boekhouding|assistent boekhouder;bookkeeper
accountant|registeraccountant|assistent accountant;accountant
leraar basisonderwijs|leerkracht basisschool|juf;primary school teacher
docent wiskunde|leraar wiskunde;mathematics teacher
programmeur|softwareontwikkelaar|programmeur Java;programmer
systeembeheerder|netwerkbeheerder|beheerder systemen;system administrator
tuinman|hovenier|medewerker groenvoorziening;gardener
slager|uitbener|slager ambachtelijk;butcher
ober|serveerster|medewerker bediening;waiter
receptionist|medewerker receptie|baliemedewerker;receptionist
beveiliger|bewaker|beveiliger objecten;security guard
advocaat|strafrechtadvocaat;lawyer
""".strip().splitlines()


@pytest.fixture
def work(db) -> dict[str, int]:
    """Twenty-four occupations, by their first label."""
    found = {}
    for line in WORK:
        dutch, english = (part.split("|") for part in line.split(";"))
        occupation = Occupation.objects.create(
            uri=f"urn:test:{dutch[0]}", label_nl=dutch[0], label_en=english[0], isco="0000"
        )
        found[dutch[0]] = occupation.pk
        OccupationLabel.objects.bulk_create(
            OccupationLabel(
                occupation=occupation, language=language, text=text, normalized=normalize(text), source="core",
                kind="alternative" if at else "preferred",
            )
            for language, texts in (("nl", dutch), ("en", english))
            for at, text in enumerate(texts)
        )  # fmt: skip
    raise_edition()
    return found


TRAINED: list[TitleModel] = []  # training takes a second: once for all tests, with the ids of the test at hand


@pytest.fixture
def model(work):
    if not TRAINED:
        TRAINED.append(build_model(steps=150))
    made = TRAINED[0].made | {"version": version_now()}
    save_model(replace(TRAINED[0], occupations=list(work.values()), made=made), path_of_model())
    return current_model()


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("Lasser m/v/x (32-40 uur per week)", "lasser"),
        ("GEZOCHT: allround timmerman – Den Haag", "timmerman"),
        ("Verpleegkundige, regio Utrecht", "verpleegkundige"),
        ("Medewerker bediening m/v (32 uur) Groningen", "medewerker bediening"),
        ("Senior software engineer (remote) fulltime", "software engineer"),
        ("<p>Chauffeur CE</p>", "chauffeur ce"),
        ("Onderwijsassistent mbo-niveau 4", "onderwijsassistent"),
        ("Vacature kok 24 à 32 uur, € 2.500 - € 3.000", "kok"),
        ("HBO-verpleegkundige", "hbo verpleegkundige"),
        ("Enthousiaste vakkenvuller met ervaring, 0,6 fte", "vakkenvuller"),
        ("Zij-instromer docent wiskunde 0,4-0,8 fte", "docent wiskunde"),
        ("Verpleegkundige nachtdienst (oproepkracht)", "verpleegkundige"),
        ("Teamleider productie 2-ploegen VCA", "teamleider productie"),
        ("Zaterdaghulp", "zaterdaghulp"),
        ("m/v", "m v"),
        ("", ""),
        ("🙂🙂", ""),
    ],
)
def test_titles_are_cleaned(dirty, clean):
    assert clean_title(dirty, frozenset({"den haag", "utrecht", "groningen"})) == clean


def test_a_known_title_is_sure_and_dirt_does_not_matter(model, work):
    reading = read_title("Medewerker bediening m/v (32 uur)")
    assert reading.best.occupation_id == work["ober"]
    assert reading.best.probability == read_title("medewerker bediening").best.probability
    everything = reading.best.probability + sum(one.probability for one in reading.alternatives) + reading.nothing
    assert 0.9 < everything <= 1.001


@pytest.mark.parametrize(
    ("title", "label"),
    [("schoonmaakster", "schoonmaker"), ("lassers", "lasser"), ("poetser", "schoonmaker"), ("kelner", "ober")],
)
def test_what_is_no_label_is_ranked_by_what_was_learned(model, work, title, label):
    reading = read_title(title)
    first = reading.best or reading.alternatives[0]
    assert first.occupation_id == work[label]


@pytest.mark.parametrize("title", ["qwxzj", "medewerker", "日本", "🙂", "", "   ", "\x00", "'; drop table", "9" * 400])
def test_nonsense_is_not_known(model, title):
    assert read_title(title).best is None


def test_a_newspaper_is_bounded(model):
    assert len(read_title("krant " * 40_000).title) <= 300


def test_resolving_uses_it_where_no_label_fits(model, work):
    assert resolve_occupation("bakker").id == work["bakker"]
    choices = resolve_occupation("kelner in een restaurant").choices
    assert work["ober"] in [hit.id for hit in choices[:3]]
    assert len({hit.id for hit in choices}) == len(choices) <= 8


def test_without_a_model_only_labels_are_known(work):
    assert current_model() is None
    assert read_title("Chef-kok (m/v)").best.occupation_id == work["kok"]
    assert read_title("kelner").best is None
    assert resolve_occupation("bakker").id == work["bakker"]


def test_the_model_is_the_same_after_saving(work):
    built = build_model(steps=30)
    save_model(built, path_of_model())
    again = load_model(path_of_model())
    assert again.made == built.made
    assert again.labels == built.labels
    titles = ["lasser", "chauffeur bus", "iets anders"]
    assert np.allclose(again.index.evidence(titles), built.index.evidence(titles), atol=0.2)
    assert not list(path_of_model().parent.glob("*.part"))


@pytest.mark.parametrize("damage", ["truncate", "flip", "text", "empty"])
def test_a_broken_file_is_logged_and_left_aside(model, work, damage, caplog):
    path = path_of_model()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    changed = {
        "truncate": bytes(content[:middle]), "text": b"not a model", "empty": b"",
        "flip": bytes(byte ^ 255 if middle < at < middle + 64 else byte for at, byte in enumerate(content)),
    }  # fmt: skip
    path.write_bytes(changed[damage])
    with caplog.at_level(logging.ERROR):
        assert current_model() is None
        assert read_title("lasser").best.occupation_id == work["lasser"]
        current_model()
    assert len([record for record in caplog.records if "title model ignored" in record.message]) == 1


def test_it_is_built_again_when_the_taxonomy_changes(model):
    assert not is_stale()
    raise_edition()
    assert is_stale()
    assert current_model() is model
    build_titles()
    assert not is_stale()


def test_too_few_occupations_teach_nothing(db):
    with pytest.raises(BadModel, match="too few"):
        build_model()
    with pytest.raises(CommandError, match="too few"):
        call_command("build_titles")


def test_an_occupation_that_was_erased_is_not_shown(model, work):
    Occupation.objects.get(pk=work["bakker"]).delete()
    reading = read_title("bakker")
    assert reading.best is None or reading.best.occupation_id != work["bakker"]


# The API.


def test_the_api_says_what_a_title_means(model, work, client):
    answer = client.get("/api/v1/titles/", {"title": "Kok m/v", "limit": 3})
    assert answer.status_code == 200
    assert answer.json()["best"]["occupation"] == work["kok"]
    assert len(answer.json()["alternatives"]) <= 3


@pytest.mark.parametrize("asked", [{}, {"title": ""}, {"title": "k" * 301}, {"title": "kok", "limit": "0"}])
def test_the_api_refuses_what_it_cannot_read(db, client, asked):
    assert client.get("/api/v1/titles/", asked).status_code == 400


# The evaluation.


def write_judged(folder, queries: dict[str, str], corpus: dict[str, list[str]]) -> None:
    elements = [(f"{name}{at}", text) for name, texts in corpus.items() for at, text in enumerate(texts)]
    rows = {
        "queries.tsv": [(f"q{at}", text) for at, text in enumerate(queries)],
        "corpus_elements.tsv": elements,
        "annotations.tsv": [
            (f"q{at}", "0", key, "1")
            for at, name in enumerate(queries.values())
            for key, _ in elements
            if key.rstrip("0123456789") == name
        ],
    }
    for name, lines in rows.items():
        (folder / name).write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")


def test_evaluation_beats_its_baselines_where_words_differ(work, tmp_path, capsys):
    corpus = {line.split(";")[0].split("|")[0]: line.split(";")[0].split("|") for line in WORK}
    corpus["onbekend"] = ["glasblazer"]
    write_judged(
        tmp_path, {"poetsvrouw": "schoonmaker", "kelner": "ober", "Lasser": "lasser", "glasblazer": "onbekend"}, corpus
    )
    call_command("evaluate_titles", tmp_path, json=True)
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert "building it first" in err
    assert report["queries"] == 4
    assert report["not_literal"] == 2
    assert report["model"]["seed"]
    results = report["results"]
    assert results["product"]["all"]["mrr"] > results["sum of both"]["all"]["mrr"]
    assert results["product"]["not literal"]["accuracy_10"] == 1
    call_command("evaluate_titles", tmp_path)
    out, err = capsys.readouterr()
    assert "building" not in err
    assert "char TF-IDF" in out


def test_evaluation_says_what_is_wrong(db, tmp_path):
    with pytest.raises(CommandError, match="corpus_elements"):
        call_command("evaluate_titles", tmp_path)
