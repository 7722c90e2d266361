"""Interests and values of occupations."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from taxonomy.models import Occupation
from tests.factories import make_occupation
from tests.taxonomy.conftest import DATA, OCCUPATION

pytestmark = pytest.mark.django_db
REAL = DATA / "onet"
HEADER = "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tDate\tDomain Source\n"
INTERESTS = ("Realistic", "Investigative", "Artistic", "Social", "Enterprising", "Conventional")
VALUES = ("Achievement", "Working Conditions", "Recognition", "Relationships", "Support", "Independence")


def write(directory: Path, scores: dict[str, tuple[list[float], list[float]]]) -> Path:
    for name, scale, elements, at in (("Interests.txt", "OI", INTERESTS, 0), ("Work Values.txt", "EX", VALUES, 1)):
        lines = [
            f"{code}\t1\t{element}\t{scale}\t{value}\t2024\tx\n"
            for code, both in scores.items()
            for element, value in zip(elements, both[at], strict=True)
        ]
        lines.append("51-4121.00\t1\tFirst Interest High-Point\tIH\t1.00\t2024\tx\n")
        (directory / name).write_text(HEADER + "".join(lines))
    preamble = "\ufeffMapping project name,Crosswalk,,,,,\n" + ",,,,,,\n" * 15
    (directory / "esco_onet_crosswalk.csv").write_text(
        preamble + "O*NET Id,O*NET Title,O*NET Description,ESCO or ISCO URI,ESCO or ISCO Title,x,Type of Match\n"
        f"1-1.00,A,,{OCCUPATION}/potter,potter,,exactMatch\n2-2.00,B,,{OCCUPATION}/potter,potter,,closeMatch\n"
    )
    return directory


def test_scores_of_one_to_seven_become_a_mean_of_nought_to_hundred(tmp_path):
    potter = make_occupation("pottenbakker", isco="7314")
    Occupation.objects.filter(pk=potter.pk).update(uri=f"{OCCUPATION}/potter")
    colleague = make_occupation("glasblazer", isco="7314")
    stranger = make_occupation("rechter", isco="2612")
    write(tmp_path, {"1-1.00": ([7, 1, 1, 1, 1, 1], [4] * 6), "2-2.00": ([4, 1, 7, 1, 1, 1], [1, 7, 4, 4, 4, 4])})
    call_command("import_onet", tmp_path, verbosity=0)
    for occupation in (potter, colleague, stranger):
        occupation.refresh_from_db()
    assert potter.interests == (75, 0, 50, 0, 0, 0)
    assert potter.work_values == (25, 50, 50, 50, 50, 75)
    assert potter.onet_codes == "1-1.00|2-2.00"
    assert colleague.interests == potter.interests  # as its ISCO group
    assert stranger.interests is None


def test_the_core_keeps_its_own_interests_and_gets_values(core, tmp_path):
    write(tmp_path, {"51-4121.00": ([1] * 6, [7] * 6)})
    call_command("import_onet", tmp_path, verbosity=0)
    welder = Occupation.objects.get(key="welder")
    assert welder.interests == (100, 33, 0, 0, 17, 50)
    assert welder.work_values == (100,) * 6


def test_a_bad_value_is_named_and_nothing_is_saved(core, tmp_path):
    write(tmp_path, {"51-4121.00": ([1, 1, 1, 1, 1, 9], [7] * 6)})
    with pytest.raises(CommandError, match=r"Interests\.txt row 7, Data Value: 9\.0"):
        call_command("import_onet", tmp_path, verbosity=0)
    assert Occupation.objects.get(key="welder").achievement is None


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"Interests\.txt is not in"):
        call_command("import_onet", tmp_path, verbosity=0)


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason=f"the O*NET files are not in {REAL} (set DATA_DIR)")
def test_the_real_files_give_a_plumber_a_practical_profile():
    plumber = make_occupation("loodgieter", isco="7126")
    uri = "http://data.europa.eu/esco/occupation/8a53f8dc-d8df-48c0-b2c0-12d1a0ef0a7b"
    Occupation.objects.filter(pk=plumber.pk).update(onet_codes="47-2152.00", key="plumber", uri=uri)
    call_command("import_onet", REAL, verbosity=0)
    plumber.refresh_from_db()
    assert plumber.work_values[2] is not None
