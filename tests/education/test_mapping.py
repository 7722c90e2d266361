"""Other people's column names: guessing, correcting, joining, fixed values, remembering; real files of registers."""

import csv
import io
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from education.models import Programme, ProgrammeUpload
from education.uploads import checking, importing
from education.uploads.mapping import Mapping
from tests.education.conftest import HEADER, ROW, file, sheet, workbook

pytestmark = pytest.mark.django_db
REAL = Path(os.environ.get("DATA_DIR") or Path(settings.BASE_DIR).parent / "shared" / "data") / "education"
real = pytest.mark.skipif(not REAL.is_dir(), reason="set DATA_DIR to a folder with education/: the registers of DUO")
FOREIGN = "cursuscode;cursusnaam;inhoud;duur;studielast"
FIXED = {"default-kind": "cursus", "default-price": "gratis"}


def put_in(upload, owner):
    return importing.import_upload(upload=upload, actor=owner, now=timezone.now())


def test_foreign_names_are_guessed_and_the_rest_is_asked_on_a_page(client, owner, school):
    client.force_login(owner)
    content = sheet("L1;Lassen;Je last.;12 weken;8", header=FOREIGN)
    page = client.post(reverse("education:upload"), {"file": file(content)}, follow=True)
    upload = ProgrammeUpload.objects.get()
    columns = reverse("education:upload-columns", args=[upload.ref])
    assert page.redirect_chain[-1][0] == columns
    assert page.context["missing"] == ["soort", "weken", "uren_per_week", "prijs"]
    assert "duur (12 weken)" in page.text
    chosen = {"column-code": 0, "column-title": 1, "column-description": 2, "column-weeks": 3,
              "column-hours_per_week": 4}  # fmt: skip
    answer = client.post(columns, chosen)
    assert answer.status_code == 422
    assert {"column-kind", "column-price"} <= set(answer.context["form"].errors)
    wrong = client.post(columns, chosen | FIXED | {"default-price": "-1"})
    assert "onder nul" in str(wrong.context["form"].errors["default-price"])
    dry = client.post(columns, chosen | FIXED, follow=True)
    assert "Zet erin" in dry.text
    upload.refresh_from_db()
    assert (upload.status, upload.n_new, upload.ignored) == ("checked", 1, [])
    put_in(upload, owner)
    programme = Programme.objects.get()
    assert (programme.code, programme.weeks, programme.kind, programme.price) == ("L1", 12, "course", 0)
    # The next file with the same names needs no page.
    again = client.post(
        reverse("education:upload"), {"file": file(content.replace(b"Je last", b"Je leert"))}, follow=True
    )
    assert "Zet erin" in again.text


def test_columns_can_be_changed_after_errors(client, owner, school):
    client.force_login(owner)
    client.post(reverse("education:upload"), {"file": file(sheet(ROW.replace(";12;8;", ";8;90;")))})
    upload = ProgrammeUpload.objects.get()
    assert (upload.status, upload.errors[0]["column"]) == ("refused", "uren_per_week")
    columns = reverse("education:upload-columns", args=[upload.ref])
    page = client.get(columns)
    chosen = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    chosen = {name: value for name, value in chosen.items() if value is not None}
    chosen |= {"column-weeks": chosen["column-hours_per_week"], "column-hours_per_week": chosen["column-weeks"]}
    assert "Zet erin" in client.post(columns, chosen, follow=True).text


def test_a_code_may_be_made_of_several_columns(school, owner):
    rows = ["25655;dag;A;cursus;1;1;0", "25655;avond;B;cursus;1;1;0"]
    content = sheet(*rows, header="crebo;vorm;titel;soort;weken;uren;prijs")
    upload = checking.receive_upload(school=school, actor=owner, filename="a.csv", content=content)
    upload = checking.begin_check(upload=upload, actor=owner, language="nl")
    assert [error["column"] for error in upload.errors] == ["code"]  # guessed: the crebo code alone, twice the same
    columns = upload.mapping["columns"] | {"code": [0, 1]}
    upload = checking.choose_columns(upload=upload, actor=owner, mapping=Mapping(columns, {}))
    upload = checking.check_upload(upload=upload, actor=owner)
    put_in(upload, owner)
    assert set(Programme.objects.values_list("code", "crebo")) == {("25655-dag", "25655"), ("25655-avond", "25655")}


def test_a_title_in_merged_cells_above_the_names_is_no_header(school, owner):
    names = HEADER.split(";")
    content = workbook(["Aanbod 2027"] + [None] * 9, [None], names, ROW.split(";"))
    upload = checking.receive_upload(school=school, actor=owner, filename="a.xlsx", content=content)
    upload = checking.begin_check(upload=upload, actor=owner, language="nl")
    assert (upload.status, upload.n_new) == ("checked", 1)
    assert upload.upload_rows.get().number == 4


def test_names_in_merged_cells_leave_a_column_without_a_name_that_can_be_chosen(client, owner, school):
    names = HEADER.split(";")
    names[5] = names[6] = None  # "duur" merged over weeks and hours: the second cell is empty
    content = workbook(names, ROW.split(";"))
    client.force_login(owner)
    page = client.post(reverse("education:upload"), {"file": file(content, "a.xlsx")}, follow=True)
    assert "kolom 6, zonder naam (12)" in page.text
    assert page.context["missing"] == ["weken", "uren_per_week"]


def test_a_whole_offer_withdraws_what_is_not_in_it_and_brings_it_back(school, owner):
    def send(*codes, complete=True):
        content = sheet(*(ROW.replace("L1", code) for code in codes))
        upload = checking.receive_upload(
            school=school, actor=owner, filename="a.csv", content=content, complete=complete
        )
        return put_in(checking.begin_check(upload=upload, actor=owner, language="nl"), owner)

    send("L1", "L2", "L3")
    Programme.objects.exclude(code="L3").update(status="published")
    first = send("L1")
    assert (first.n_withdrawn, first.n_unchanged) == (2, 1)
    assert dict(Programme.objects.values_list("code", "status")) == {
        "L1": "published", "L2": "withdrawn", "L3": "withdrawn",
    }  # fmt: skip
    again = send("L1", "L2", "L3", complete=False)
    assert (again.n_new, again.n_changed) == (0, 2)
    assert dict(Programme.objects.values_list("code", "status")) == {
        "L1": "published", "L2": "published", "L3": "draft",
    }  # fmt: skip


def prepared(content: bytes, name: str, school, owner, mapping: Mapping) -> ProgrammeUpload:
    upload = checking.receive_upload(school=school, actor=owner, filename=name, content=content)
    upload = checking.choose_columns(upload=upload, actor=owner, mapping=mapping)
    return checking.check_upload(upload=upload, actor=owner)


@real
@pytest.mark.slow
def test_the_register_of_higher_education_goes_in(school, owner):
    content = (REAL / "ho_programmes_flat.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    names = list(rows[0])
    upload = checking.receive_upload(school=school, actor=owner, filename="ho.csv", content=content)
    assert upload.status == "mapping"
    guessed = upload.mapping["columns"]
    assert {field: names[at[0]] for field, at in guessed.items()}.items() >= {
        "title": "name", "level": "level", "language": "language", "mode": "modes", "rio": "rio",
    }.items()  # fmt: skip
    code = [names.index(name) for name in ("rio", "modes", "city", "institution")]
    mapping = Mapping(
        guessed | {"code": code}, {"kind": "opleiding", "weeks": "160", "hours_per_week": "40", "price": "2601"}
    )
    upload = checking.choose_columns(upload=upload, actor=owner, mapping=mapping)
    upload = checking.check_upload(upload=upload, actor=owner)
    assert upload.errors == []
    put_in(upload, owner)
    assert Programme.objects.count() == len(rows) == 990
    assert Programme.objects.filter(level=7).count() == sum(row["level"] == "master" for row in rows)
    assert Programme.objects.exclude(rio="").count() == 990
    again = prepared(content, "ho.csv", school, owner, mapping)
    assert (again.n_new, again.n_changed, again.n_unchanged) == (0, 0, 990)


@real
@pytest.mark.slow
def test_the_register_of_mbo_goes_in(school, owner):
    content = (REAL / "mbo_kwalificaties_2015.csv").read_bytes()
    upload = checking.receive_upload(school=school, actor=owner, filename="mbo.csv", content=content)
    guessed = upload.mapping["columns"]
    columns = {name: at for name, at in guessed.items() if name != "kind"}  # their "soort" is a level, not a kind
    defaults = {"kind": "opleiding", "weeks": "80", "hours_per_week": "28", "price": "1400"}
    upload = checking.choose_columns(upload=upload, actor=owner, mapping=Mapping(columns, defaults))
    upload = checking.check_upload(upload=upload, actor=owner)
    assert upload.errors == []
    put_in(upload, owner)
    assert Programme.objects.count() == 470
    assert Programme.objects.filter(crebo="25079", title="Allround betonreparateur", level=3).exists()
    assert Programme.objects.exclude(entry_requirements="").exists()
