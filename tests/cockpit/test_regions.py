"""Borders of municipalities: from a file, with what can be wrong with it."""

import json
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cockpit.models import Region
from cockpit.regions import has_borders, import_regions, shapes
from core.exceptions import Refused
from core.models import Place
from tests.factories import make_place

pytestmark = pytest.mark.django_db
DATA = Path(os.environ.get("DATA_DIR") or Path(settings.BASE_DIR).parent / "shared" / "data")
REAL = DATA / "geo" / "gemeenten_2022.geojson"


def square(name: str, west: float, south: float, code: str = "") -> dict:
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return {
        "type": "Feature", "properties": {"statnaam": name, "statcode": code or name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip


def collection(*features) -> dict:
    return {"type": "FeatureCollection", "features": list(features)}


def test_postcodes_get_the_municipality_that_they_lie_in_or_that_is_nearest():
    inside = make_place("8011", municipality="", province="Overijssel", latitude=52.5, longitude=6.5)
    beside = make_place(
        "8012", municipality="", province="Overijssel", latitude=52.5, longitude=7.02
    )  # 1.4 km over the border
    far = make_place("8013", municipality="", latitude=52.5, longitude=9.0)
    kept = make_place("9711", latitude=52.6, longitude=6.6)
    done = import_regions(data=collection(square("Zwolle", 6, 52, "GM0193")), source="test")
    assert (done.regions, done.places) == (1, 2)
    names = dict(Place.objects.values_list("postcode", "municipality"))
    assert names == {inside.pk: "Zwolle", beside.pk: "Zwolle", far.pk: "", kept.pk: "Groningen"}
    region = Region.objects.get()
    assert (region.code, region.name, region.province) == ("GM0193", "Zwolle", "Overijssel")
    assert (region.latitude, region.longitude) == (52.5, 6.5)
    assert region.outline["type"] == "Polygon"


def test_importing_again_replaces_everything():
    import_regions(data=collection(square("A", 5, 52), square("B", 6, 52)), source="one")
    import_regions(data=collection(square("B", 6, 52)), source="two")
    assert list(Region.objects.values_list("name", "source")) == [("B", "two")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "no GeoJSON"),
        ({"features": []}, "no GeoJSON"),
        (collection({"properties": {}}), "Feature 1 has no name"),
        (collection(square("A", 5, 52), square("A", 6, 52)), "twice"),
        (collection({"properties": {"name": "A"}, "geometry": None}), "no outline"),
        (
            collection({"properties": {"name": "A"}, "geometry": {"type": "Polygon", "coordinates": [[[1, 2]]]}}),
            "no outline",
        ),
        (
            collection({"properties": {"name": "A"}, "geometry": {"type": "Point", "coordinates": [5, 52]}}),
            "no outline",
        ),
        (collection(square("Rijksdriehoek", 155000, 463000)), "in degrees"),
    ],
)
def test_a_file_that_is_something_else_is_refused_whole(data, said, settings):
    settings.LANGUAGE_CODE = "en"
    import_regions(data=collection(square("Before", 5, 52)), source="test")
    with pytest.raises(Refused, match=said):
        import_regions(data=data, source="test")
    assert Region.objects.get().name == "Before"


def test_without_borders_there_are_points_of_our_own():
    make_place("9711", latitude=53.2, longitude=6.5)
    make_place("9712", latitude=53.4, longitude=6.7)
    (shape,) = shapes()
    assert (shape.name, shape.province, shape.latitude, shape.longitude) == ("Groningen", "Groningen", 53.3, 6.6)
    assert shape.outline is None
    assert not has_borders()
    import_regions(data=collection(square("Groningen", 6, 53)), source="test")
    assert shapes()[0].outline is not None
    assert has_borders()


def test_the_command_says_what_is_wrong(tmp_path):
    broken = tmp_path / "broken.geojson"
    broken.write_text("{")
    with pytest.raises(CommandError, match="is not JSON"):
        call_command("import_regions", broken)
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_regions", tmp_path / "none.geojson")
    fine = tmp_path / "fine.geojson"
    fine.write_text(json.dumps(collection(square("A", 5, 52))))
    call_command("import_regions", fine, verbosity=0)
    assert Region.objects.get().source == "fine.geojson"


@pytest.mark.skipif(not REAL.exists(), reason="the file with Dutch municipal borders is not here")
def test_real_borders_of_the_country():
    makkum = make_place("8754", name="Makkum", municipality="", province="", latitude=53.055, longitude=5.403)
    call_command("import_regions", REAL, verbosity=0)
    assert Region.objects.count() == 345
    makkum.refresh_from_db()
    assert makkum.municipality == "Súdwest-Fryslân"
    assert sum(len(json.dumps(outline)) for outline in Region.objects.values_list("outline", flat=True)) < 1_500_000
