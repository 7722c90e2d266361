"""The API of CockpitWerk: what it gives, to whom, and what is written down."""

import csv
import io

import pyarrow.parquet as pq
import pytest
import tablib
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from cockpit.catalogue import INDICATORS
from cockpit.operations import refresh_all
from cockpit.skills_audit import skills_audit
from tests.factories import make_cv, make_user

ADDRESSES = [
    ("cockpit-indicators", ()), ("cockpit-catalogue", ()), ("cockpit-indicator", ("jobseekers",)),
    ("cockpit-series", ("jobseekers",)), ("cockpit-export", ("jobseekers",)), ("cockpit-points", ()), ("cockpit-signals", ()),
    ("cockpit-forecasts", ()), ("cockpit-regions", ()), ("cockpit-skills-audit", ()),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "arguments"), ADDRESSES)
def test_only_analysts_get_an_answer_and_nothing_is_needed_to_be_computed(name, arguments, api, analyst):
    url = reverse(name, args=arguments)
    assert api().get(url).status_code == 401
    assert api(make_user()).get(url).status_code == 403
    assert api(analyst).get(url).status_code == 200


def test_the_catalogue_is_searched(api, analyst, computed):
    found = api(analyst).get(reverse("cockpit-indicators"), {"text": "krapte plekken"}).json()
    assert [one["key"] for one in found["results"]] == ["tightness"]
    assert found["results"][0]["value"] == 0.44  # 12 places for 27 people
    assert api(analyst).get(reverse("cockpit-indicators"), {"subject": "trust"}).json()["count"] == 9
    assert api(analyst).get(reverse("cockpit-indicators"), {"subject": "ghosts"}).status_code == 400


def test_a_table_hides_the_small_sector_and_the_one_that_would_give_it_away(api, analyst, computed):
    got = api(analyst).get(reverse("cockpit-indicator", args=["jobseekers"]), {"breakdown": "sector"}).json()
    assert {cell["first"]["code"]: (cell["value"], cell["suppressed"]) for cell in got["cells"]} == {
        "care": (None, True), "metal": (None, True),
    }  # fmt: skip
    assert got["total"]["value"] == 27
    assert [cell["first"]["label"] for cell in got["cells"]] == ["metaal en machines", "zorg"]
    got = api(analyst).get(reverse("cockpit-indicator", args=["openings"]), {"breakdown": "sector"}).json()
    assert [(cell["first"]["code"], cell["value"]) for cell in got["cells"]] == [("care", 12)]


def test_a_ratio_of_a_hidden_count_is_hidden(api, analyst, computed):
    got = api(analyst).get(reverse("cockpit-indicator", args=["tightness"]), {"breakdown": "sector"}).json()
    assert {cell["value"] for cell in got["cells"]} == {None}


def test_wrong_questions_get_a_clear_answer(api, analyst, computed):
    client = api(analyst)
    assert client.get(reverse("cockpit-indicator", args=["ghosts"])).status_code == 404
    for name, said in (("cockpit-indicator", {"breakdown": "shoe"}), ("cockpit-indicator", {"period": "yesterday"}),
                       ("cockpit-export", {"kind": "exe"}), ("cockpit-series", {"breakdown": "shoe"})):  # fmt: skip
        answer = client.get(reverse(name, args=["jobseekers"]), said)
        assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, *said.keys())
    assert client.get(reverse("cockpit-signals"), {"period": "soon"}).status_code == 400


def test_data_points_come_in_pages(api, analyst, computed):
    got = (
        api(analyst)
        .get(reverse("cockpit-points"), {"indicator": "openings", "breakdown": "province", "latest": "true"})
        .json()
    )
    assert got["count"] == 1
    assert (got["results"][0]["first"], got["results"][0]["value"]) == ("Groningen", 12)
    everything = api(analyst).get(reverse("cockpit-points"), {"page_size": 10}).json()
    assert len(everything["results"]) == 10
    assert everything["next"]
    assert all(row["value"] is None and row["n"] is None for row in everything["results"] if row["suppressed"])


def test_series_go_month_by_month(api, analyst, computed):
    got = api(analyst).get(reverse("cockpit-series", args=["applications"])).json()
    (series,) = got["series"]
    assert [point["value"] for point in series["points"]][-1] == 24


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_a_file_holds_the_table_and_is_written_down(kind, api, analyst, computed):
    for _ in range(10):
        make_cv(make_user())  # else only three people cannot do what the 24 can
    refresh_all(now=timezone.now(), only=["skills_offered"])
    url = reverse("cockpit-export", args=["skills_offered"])
    answer = api(analyst).get(url, {"kind": kind, "breakdown": "skill", "public": "true"})
    assert answer["Content-Disposition"].startswith('attachment; filename="skills_offered_skill_')
    if kind == "csv":
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    elif kind == "xlsx":
        rows = tablib.Databook().load(answer.content, "xlsx").sheets()[0].dict
    else:
        rows = pq.read_table(io.BytesIO(answer.content)).to_pylist()
    assert len(rows) == 2
    assert str(rows[0]["value"]).removesuffix(".0") == "25"  # 24, rounded to five
    assert str(rows[1]["hidden"]) == "True"
    label = rows[1]["vaardigheid"]
    assert label == ("=lassen" if kind == "parquet" else "'=lassen")  # no formula in a spreadsheet
    written = AuditEntry.objects.get(actor=analyst, verb="export cockpit")
    assert written.details == {
        "indicator": "skills_offered", "breakdown": "skill", "kind": kind, "public": True, "rows": 2,
    }  # fmt: skip


def test_the_metadata_are_dcat(api, analyst, computed):
    got = api(analyst).get(reverse("cockpit-catalogue"))
    assert got["Content-Type"] == "application/ld+json"
    data = got.json()
    assert data["@type"] == "dcat:Catalog"
    assert len(data["dcat:dataset"]) == len(INDICATORS)
    needed = {"@id", "@type", "dct:title", "dct:description", "dct:publisher", "dcat:distribution", "dct:identifier"}
    for dataset in data["dcat:dataset"]:
        assert needed <= dataset.keys()
        assert all(one["dcat:accessURL"]["@id"].startswith("http") for one in dataset["dcat:distribution"])
    prefixes = {key.partition(":")[0] for dataset in data["dcat:dataset"] for key in dataset if ":" in key}
    assert prefixes <= data["@context"].keys()
    csv_file = data["dcat:dataset"][0]["dcat:distribution"][0]["dcat:accessURL"]["@id"]
    assert api(analyst).get(csv_file).status_code == 200  # what it names, exists


def test_the_skills_audit_of_some_places_tells_no_more_than_the_data_points(computed):
    whole, part = skills_audit(), skills_audit(["Groningen", "Nergens"])
    assert whole.people.value == 27
    (care,) = [sector for sector in whole.sectors if sector.category.code == "Q"]
    assert (care.people.value, care.people.hidden) == (None, 1)
    assert [(reason.category.code, reason.people.value) for reason in whole.reasons] == [("care", 12)]
    assert part.municipalities == ("Groningen", "Nergens")
    assert (part.people.value, part.people.hidden) == (None, 1)  # Assen has three people: 27 - 24 would tell
    assert part.openings.value == 12
