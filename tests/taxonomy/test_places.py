"""Postcodes from packages and from exact files."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.geo import distance_km, find_place
from core.models import Place
from core.places.packaged import packaged_places
from core.places.rows import in_country
from tests.taxonomy.conftest import DATA

pytestmark = pytest.mark.django_db
PC4 = DATA / "geo" / "pc4.json"


def write_json(path: Path, rows: dict) -> Path:
    path.write_text(json.dumps({code: {"city": city, "c": point} for code, (city, point) in rows.items()}))
    return path


@pytest.fixture(scope="module")
def packaged():
    return {row.postcode: row for row in packaged_places()}


def test_the_whole_country_has_places_and_coordinates(packaged):
    assert len(packaged) > 4000
    assert all(in_country(row.latitude, row.longitude) for row in packaged.values())
    assert all(row.province for row in packaged.values())


@pytest.mark.parametrize(
    "postcode, name, municipality, province, latitude, longitude",
    [
        ("9711", "Groningen", "Groningen", "Groningen", 53.219, 6.567),
        ("9401", "Assen", "Assen", "Drenthe", 52.997, 6.562),
        ("7811", "Emmen", "Emmen", "Drenthe", 52.785, 6.898),
        ("9751", "Haren", "Groningen", "Groningen", 53.172, 6.604),
        ("9785", "Zuidwolde", "Het Hogeland", "Groningen", 53.25, 6.59),
        ("7921", "Zuidwolde", "De Wolden", "Drenthe", 52.67, 6.43),
        ("1012", "Amsterdam", "", "Noord-Holland", 52.374, 4.89),
        ("2513", "'s-Gravenhage", "", "Zuid-Holland", 52.077, 4.299),
    ],
)
def test_a_postcode_lies_where_it_should(packaged, postcode, name, municipality, province, latitude, longitude):
    row = packaged[postcode]
    assert (row.name, row.municipality, row.province) == (name, municipality, province)
    assert distance_km(row.latitude, row.longitude, latitude, longitude) < 8


def test_all_22_municipalities_of_the_region_occur(packaged):
    regional = {row.municipality for row in packaged.values() if row.province in ("Groningen", "Drenthe")}
    assert len(regional - {""}) == 22


def test_loading_twice_writes_once_and_leaves_exact_places_alone(tmp_path, capsys):
    call_command("load_places")
    call_command("import_postcodes", write_json(tmp_path / "x.json", {"9711": ("Groningen", [53.2165, 6.5600])}))
    call_command("load_places")
    assert "0 written" in capsys.readouterr().out.splitlines()[-1]
    assert find_place("9711 AB").latitude == 53.2165
    assert find_place("9711").municipality == "Groningen"


def test_a_csv_with_dutch_headers_commas_and_semicolons_is_read(tmp_path):
    path = tmp_path / "p.csv"
    path.write_bytes("PC4;Woonplaats;Gemeente;Lat;Lon\n9712;Gröningen;Groningen;53,22;6,56\n".encode("cp1252"))
    call_command("import_postcodes", path, verbosity=0)
    place = Place.objects.get(pk="9712")
    assert (place.name, place.municipality, place.latitude) == ("Gröningen", "Groningen", 53.22)


@pytest.mark.parametrize(
    "text, problem",
    [
        ("postcode,place,latitude,longitude\n97,Groningen,53,6\n", "row 2: “97” is not a postcode"),
        ("postcode,place,latitude,longitude\n9711,,53,6\n", "row 2: postcode 9711 has no place"),
        ("postcode,place,latitude,longitude\n9711,Groningen,x,6\n", "row 2: postcode 9711 has no coordinates"),
        ("postcode,place,latitude,longitude\n9711,A,53,6\n9711,A,53,6\n", "row 3: postcode 9711 occurs twice"),
        ("a,b\n1,2\n", "row 1: no column for postcode"),
        ("{not json", "this is not JSON"),
    ],
)
def test_a_bad_file_is_refused_with_its_row_and_nothing_is_saved(tmp_path, text, problem):
    path = tmp_path / "p.csv"
    path.write_text(text)
    with pytest.raises(CommandError) as caught:
        call_command("import_postcodes", path, verbosity=0)
    assert problem in str(caught.value)
    assert not Place.objects.exists()


def test_good_rows_can_be_imported_without_the_bad_ones(tmp_path, capsys):
    path = tmp_path / "p.csv"
    path.write_text("postcode,place,latitude,longitude\n97,Groningen,53,6\n9711,Groningen,53.2,6.5\n")
    call_command("import_postcodes", path, skip_bad_rows=True)
    assert Place.objects.get().pk == "9711"
    assert "is not a postcode" in capsys.readouterr().err


def test_a_point_far_from_its_place_moves_to_the_centre_of_its_place(tmp_path, capsys):
    rows = {f"10{number}": ("Amsterdam", [52.37, 4.90]) for number in range(11, 16)}
    rows |= {"1002": ("Amsterdam", [51.8612, 4.3590]), "1003": ("Amsterdam", [0.0, 0.0])}
    call_command("import_postcodes", write_json(tmp_path / "x.json", rows))
    assert "2 moved to the centre of their place: 1002, 1003" in capsys.readouterr().out
    for postcode in ("1002", "1003"):
        place = Place.objects.get(pk=postcode)
        assert (place.latitude, place.longitude) == (52.37, 4.90)


@pytest.mark.slow
@pytest.mark.skipif(not PC4.is_file(), reason=f"the postcode file is not in {PC4} (set DATA_DIR)")
def test_the_real_file_imports_repeatably_with_its_wrong_points_mended(capsys):
    call_command("import_postcodes", PC4)
    before = list(Place.objects.order_by("pk").values_list())
    assert len(before) == 4766
    amsterdam = Place.objects.get(pk="1002")
    assert distance_km(amsterdam.latitude, amsterdam.longitude, 52.374, 4.89) < 5
    call_command("import_postcodes", PC4)
    assert "4766 postcodes, 0 written" in capsys.readouterr().out
    assert list(Place.objects.order_by("pk").values_list()) == before
