"""Titles on a slice of the real files: enough occupations to be hard, few enough to be quick."""

import csv
import json
import random
import sys

import pytest
from django.core.management import call_command

from taxonomy.models import Occupation, OccupationLabel
from taxonomy.operations import raise_edition
from taxonomy.text import normalize
from taxonomy.titles.judging import read_judged
from tests.taxonomy.conftest import DATA

FLEMISH = DATA / "benchmarks" / "melo_flanders_nl_nl"
SLICE = 40  # queries, and as many occupations again that nobody asks for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not FLEMISH.is_dir() or not (DATA / "esco").is_dir(), reason=f"no ESCO and benchmarks in {DATA}"
    ),
]


def read_labels(language: str) -> dict[str, list[str]]:
    csv.field_size_limit(sys.maxsize)
    with (DATA / "esco" / language / f"occupations_{language}.csv").open(encoding="utf-8") as stream:
        return {
            row["conceptUri"]: [row["preferredLabel"], *filter(None, row["altLabels"].split("\n"))]
            for row in csv.DictReader(stream)
        }


@pytest.fixture
def judged(tmp_path):
    """Some queries, the labels of their occupations and of others, and a database that knows these occupations."""
    lines = {name: [line.split("\t") for line in (FLEMISH / name).read_text(encoding="utf-8").splitlines()] for name in
             ("queries.tsv", "corpus_elements.tsv", "annotations.tsv", "concept_mapping.tsv")}  # fmt: skip
    concept = dict(lines["concept_mapping.tsv"])
    dutch, english = read_labels("nl"), read_labels("en")
    pick = random.Random(3)
    queries = pick.sample(lines["queries.tsv"], SLICE)
    asked = {key for key, _ in queries}
    judgements = [row for row in lines["annotations.tsv"] if row[0] in asked]
    wanted = {concept[row[2]] for row in judgements}
    wanted |= set(pick.sample(sorted({*concept.values()} & dutch.keys()), SLICE))
    files = {
        "queries.tsv": queries, "annotations.tsv": judgements,
        "corpus_elements.tsv": [row for row in lines["corpus_elements.tsv"] if concept[row[0]] in wanted],
    }  # fmt: skip
    for name, rows in files.items():
        (tmp_path / name).write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    for uri in sorted(wanted & dutch.keys()):
        occupation = Occupation.objects.create(uri=uri, label_nl=dutch[uri][0], label_en=english[uri][0], isco="0000")
        OccupationLabel.objects.bulk_create(
            OccupationLabel(
                occupation=occupation, language=language, text=text[:300], normalized=normalize(text[:300]),
                source="esco", kind="alternative",
            )
            for language, labels in (("nl", dutch), ("en", english))
            for text in dict.fromkeys(labels[uri])
        )  # fmt: skip
    raise_edition()
    return tmp_path


def test_titles_that_are_no_label_are_found_better_than_by_the_baselines(judged, capsys):
    assert len(read_judged(judged).queries) == SLICE
    call_command("evaluate_titles", judged, json=True)
    results = json.loads(capsys.readouterr().out)["results"]
    product, plain = (results[name]["not literal"]["mrr"] for name in ("product", "sum of both"))
    assert product > 0.65, results
    assert product > plain, results
