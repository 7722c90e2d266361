"""Figures from elsewhere: as CBS open data give them, and what can be wrong with them."""

import copy
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from cockpit.models import OutsideFigure, OutsideTable, Region
from cockpit.operations import refresh_all
from cockpit.outside import compare, import_figures
from core.exceptions import Refused
from tests.factories import make_place, make_user, make_vacancy

pytestmark = pytest.mark.django_db

TABLE = {
    "TableInfos": [
        {"Identifier": "80567NED", "Title": "Openstaande vacatures", "Source": "CBS", "License": "CC BY 4.0"}
    ],
    "DataProperties": [
        {"Key": "RegioS", "Type": "GeoDimension", "Title": "Regio"},
        {"Key": "Perioden", "Type": "TimeDimension", "Title": "Perioden"},
        {"Key": "Vacatures_1", "Type": "Topic", "Title": "Vacatures", "Unit": "x 1"},
    ],
    "Breakdown": {"RegioS": "municipality"},
    "Compares": {"Vacatures_1": "vacancies"},
    "TypedDataSet": [
        {"RegioS": "GM0014    ", "Perioden": "2025KW04", "Vacatures_1": 6100},
        {"RegioS": "GM0014    ", "Perioden": "2026KW01", "Vacatures_1": 6400},
        {"RegioS": "Assen", "Perioden": "2026KW01", "Vacatures_1": None},
    ],
}


def test_a_table_is_held_against_our_own_numbers():
    Region.objects.create(code="GM0014", name="Groningen", latitude=53.2, longitude=6.6, source="test")
    make_place()
    make_vacancy(), make_vacancy()
    refresh_all(now=timezone.now(), only=["vacancies"])
    done = import_figures(data=TABLE, now=timezone.now())
    assert (done.table, done.figures) == ("Openstaande vacatures", 3)
    assen, groningen = compare("80567NED", "Vacatures_1", "municipality")
    assert (groningen.code, groningen.ours, groningen.theirs, groningen.period) == (
        "Groningen",
        2,
        6400,
        date(2026, 1, 1),
    )
    assert (assen.ours, assen.theirs) == (None, None)
    assert compare("80567NED", "Perioden") == ()


def test_the_api_lists_tables_and_compares(api):
    import_figures(data=TABLE, now=timezone.now())
    client = api(make_user(is_analyst=True))
    (table,) = client.get(reverse("cockpit-outside")).json()["results"]
    assert (table["key"], table["breakdowns"], table["licence"]) == ("80567NED", ["municipality"], "CC BY 4.0")
    asked = {"measure": "Vacatures_1", "breakdown": "municipality"}
    got = client.get(reverse("cockpit-outside-table", args=["80567NED"]), asked).json()["results"]
    assert {one["code"]: one["theirs"] for one in got} == {"Assen": None, "GM0014": 6400}
    assert client.get(reverse("cockpit-outside-table", args=["80567NED"])).status_code == 400
    assert client.get(reverse("cockpit-outside-table", args=["none"]), asked).status_code == 404
    assert api(make_user()).get(reverse("cockpit-outside")).status_code == 403


def test_importing_again_replaces_the_table():
    import_figures(data=TABLE, now=timezone.now())
    smaller = TABLE | {"TypedDataSet": TABLE["TypedDataSet"][:1]}
    import_figures(data=smaller, now=timezone.now())
    assert OutsideTable.objects.count() == OutsideFigure.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.pop("TableInfos"), "TableInfos"),
        (lambda t: t["TableInfos"][0].pop("Title"), "Title"),
        (lambda t: t["DataProperties"].pop(1), "TimeDimension"),
        (lambda t: t["DataProperties"].pop(2), "Compares"),
        (lambda t: t["TypedDataSet"][1].update(Perioden="later"), "Row 2, Perioden"),
        (lambda t: t["TypedDataSet"][1].update(Perioden="2026KW07"), "Row 2, Perioden"),
        (lambda t: t["TypedDataSet"][1].update(Vacatures_1="veel"), "Row 2, Vacatures_1"),
        (lambda t: t["TypedDataSet"].append(t["TypedDataSet"][0]), "Row 4"),
        (lambda t: t["TypedDataSet"].clear(), "no rows"),
        (lambda t: t["Breakdown"].update(RegioS="shoe"), "shoe"),
        (lambda t: t["Compares"].update(Vacatures_1="ghosts"), "ghosts"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(change, said, settings):
    settings.LANGUAGE_CODE = "en"
    table = copy.deepcopy(TABLE)
    change(table)
    with pytest.raises(Refused, match=said):
        import_figures(data=table, now=timezone.now())
    assert not OutsideTable.objects.exists()


def test_the_command_takes_json_and_csv(tmp_path):
    described = tmp_path / "80567ned.json"
    described.write_text(json.dumps(TABLE))
    call_command("import_figures", described, verbosity=0)
    assert OutsideFigure.objects.count() == 3
    rows = tmp_path / "80567ned.csv"
    rows.write_text("RegioS;Perioden;Vacatures_1\nAssen;2026MM03;12,5\nAssen;2026MM04;.\n", encoding="utf-8-sig")
    call_command("import_figures", rows, verbosity=0)
    figures = OutsideFigure.objects.order_by("period").values_list("period", "value")
    assert list(figures) == [(date(2026, 3, 1), 12.5), (date(2026, 4, 1), None)]
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_figures", tmp_path / "none.json")
    described.write_text("{")
    with pytest.raises(CommandError, match="is not JSON"):
        call_command("import_figures", described)
