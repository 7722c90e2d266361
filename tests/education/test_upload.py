"""From a file to programmes: dry run, errors, all or nothing, and the same file again."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from core.exceptions import Refused
from education.models import Programme
from education.uploads import checking, files, importing, sources
from education.uploads import mapping as mappings
from tests.education.conftest import HEADER, ROW, sheet, workbook
from tests.factories import make_programme

pytestmark = pytest.mark.django_db


def put_in(*, upload, actor):
    return importing.import_upload(upload=upload, actor=actor, now=timezone.now())


def problems(upload) -> list[tuple]:
    return [(error["row"], error["column"]) for error in upload.errors]


def test_a_dry_run_counts_and_saves_no_programme(school, checked):
    make_programme(school, code="L1", title="Oud")
    upload = checked(sheet(ROW, ROW.replace("L1", "L2")))
    assert (upload.status, upload.n_rows, upload.n_new, upload.n_changed, upload.n_unchanged) == ("checked", 2, 1, 1, 0)
    assert list(Programme.objects.values_list("title", flat=True)) == ["Oud"]


def test_an_import_saves_every_value_as_written(school, owner, checked):
    put_in(upload=checked(sheet(ROW)), actor=owner)
    programme = Programme.objects.get()
    assert (programme.school, programme.code, programme.title, programme.kind) == (school, "L1", "Lassen", "course")
    assert (programme.level, programme.weeks, programme.hours_per_week) == (2, 12, 8)
    assert (programme.price, programme.mode, programme.place_id) == (Decimal("1250.00"), "evening", "9711")
    assert (programme.start_dates, programme.status, programme.language) == ([date(2027, 2, 1)], "draft", "nl")
    assert AuditEntry.objects.filter(verb="import programmes", actor=owner, details__new=1).exists()


def test_the_same_file_again_changes_nothing(school, owner, checked):
    put_in(upload=checked(sheet(ROW)), actor=owner)
    before = Programme.objects.values().get()
    again = checked(sheet(ROW))
    assert (again.n_new, again.n_changed, again.n_unchanged) == (0, 0, 1)
    put_in(upload=again, actor=owner)
    assert Programme.objects.values().get() == before


def test_one_upload_cannot_be_put_in_twice(owner, checked):
    upload = checked(sheet(ROW))
    put_in(upload=upload, actor=owner)
    with pytest.raises(Refused):
        put_in(upload=upload, actor=owner)
    assert Programme.objects.count() == 1


def test_two_dry_runs_of_one_file_lead_to_one_programme(owner, checked):
    first, second = checked(sheet(ROW)), checked(sheet(ROW))
    put_in(upload=first, actor=owner)
    done = put_in(upload=second, actor=owner)
    assert (done.n_new, done.n_changed, done.n_unchanged) == (0, 0, 1)
    assert Programme.objects.count() == 1


def test_a_double_click_while_a_file_waits_is_one_upload(school, owner):
    sent = [checking.receive_upload(school=school, actor=owner, filename="a.csv", content=sheet(ROW)).pk for _ in "ab"]
    assert sent[0] == sent[1]


def test_one_bad_row_keeps_all_rows_out(owner, checked):
    upload = checked(sheet(ROW, ROW.replace("L1", "L2").replace("1.250,00", "-5")))
    assert upload.status == "refused"
    assert problems(upload) == [(3, "prijs")]
    with pytest.raises(Refused):
        put_in(upload=upload, actor=owner)
    assert not Programme.objects.exists()


def test_an_import_that_breaks_half_way_leaves_nothing(owner, checked, monkeypatch):
    upload = checked(sheet(ROW, ROW.replace("L1", "L2")))
    monkeypatch.setattr(importing, "audit", lambda **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        put_in(upload=upload, actor=owner)
    assert not Programme.objects.exists()
    upload.refresh_from_db()
    assert upload.status == "checked"


@pytest.mark.parametrize(
    "old, new, column",
    [
        ("01-02-2027", "31-02-2027", "startdatum"), ("01-02-2027", "volgende week", "startdatum"),
        ("01-02-2027", "01-02-1027", "startdatum"), ("1.250,00", "-1", "prijs"), ("1.250,00", "duur", "prijs"),
        ("1.250,00", "9999999", "prijs"), ("9711", "9999", "postcode"), ("9711", "Groningen", "postcode"),
        ("cursus", "rijles", "soort"), ("mbo 2", "hoog", "niveau"), ("avond", "nacht", "wanneer"),
        (";12;", ";0;", "weken"), (";12;", ";twaalf;", "weken"), (";8;", ";99;", "uren_per_week"),
        ("Lassen;", ";", "titel"), ("L1;", ";", "code"), ("Lassen;", "=1+1;", "titel"),
        ("Lassen;", "=cmd|' /C calc'!A0;", "titel"), ("Lassen;", "@SUM(A1);", "titel"), ("L1;", "+31;", "code"),
        ("Lassen;", f"{'x' * 161};", "titel"), ("Lassen;", "<b></b>;", "titel"),
    ],
)  # fmt: skip
def test_every_bad_cell_is_named_by_row_and_column(checked, old, new, column):
    upload = checked(sheet(ROW.replace("L1", "L0"), ROW.replace(old, new, 1)))
    assert upload.status == "refused"
    assert problems(upload) == [(3, column)]
    assert upload.errors[0]["message"]


def test_an_unknown_kind_names_the_words_that_are_understood(checked):
    message = checked(sheet(ROW.replace("cursus", "rijles"))).errors[0]["message"]
    assert "rijles" in message
    assert "keuzedeel" in message


def test_an_unknown_postcode_is_named(checked):
    assert "9999" in checked(sheet(ROW.replace("9711", "9999"))).errors[0]["message"]


def test_a_code_twice_in_the_file_is_an_error_that_names_the_other_row(checked):
    upload = checked(sheet(ROW, ROW))
    assert problems(upload) == [(3, "code")]
    assert "2" in upload.errors[0]["message"]


def test_a_row_with_too_many_cells_is_an_error(checked):
    assert problems(checked(sheet(ROW + ";erbij"))) == [(2, "")]


def test_missing_columns_are_asked_for(checked):
    upload = checked(b"code;titel\r\n1;A\r\n")
    assert (upload.status, upload.errors) == ("mapping", [])
    assert mappings.from_json(upload.mapping).missing == ["kind", "weeks", "hours_per_week", "price"]


def test_a_column_twice_is_refused(checked):
    upload = checked(sheet(ROW + ";x", header=HEADER + ";Titel"))
    assert "titel" in upload.errors[0]["message"]


def test_of_two_names_for_one_thing_ours_counts_and_the_other_is_named(checked):
    upload = checked(sheet(ROW + ";x", header=HEADER + ";title"))
    assert (upload.status, upload.ignored) == ("checked", ["title"])


def test_unknown_columns_are_listed_and_skipped(checked):
    upload = checked(sheet(ROW + ";groen", header=HEADER + ";kleur"))
    assert (upload.status, upload.ignored) == ("checked", ["kleur"])


@pytest.mark.parametrize("content", [b"", b"\r\n", HEADER.encode(), b"\xd0\xcf\x11\xe0", b"\x00\x01\x02"])
def test_files_without_programmes_are_refused_with_a_reason(checked, content):
    upload = checked(content)
    assert upload.status == "refused"
    assert upload.errors[0]["message"]


def test_more_than_the_most_rows_is_refused(checked, monkeypatch):
    monkeypatch.setattr(sources, "MAX_ROWS", 2)
    upload = checked(sheet(*[ROW.replace("L1", f"L{n}") for n in range(3)]))
    assert upload.status == "refused"


def test_html_in_a_text_is_dropped_and_the_words_stay(owner, checked):
    row = ROW.replace("Je leert staal lassen.", '"<p>Je leert <b>lassen</b> &amp; meer</p><script>x</script>"')
    put_in(upload=checked(sheet(row)), actor=owner)
    assert Programme.objects.get().description == "Je leert lassen & meer"


def test_an_empty_postcode_means_the_place_of_the_school_but_not_online(school, owner, checked):
    rows = [ROW.replace("9711", ""), ROW.replace("L1", "L2").replace("9711", "").replace("avond", "online")]
    put_in(upload=checked(sheet(*rows)), actor=owner)
    assert dict(Programme.objects.values_list("code", "place_id")) == {"L1": school.place_id, "L2": None}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_accents_survive_every_encoding(owner, checked, encoding):
    content = sheet(ROW.replace("Lassen", "Crèche")).decode().encode(encoding)
    put_in(upload=checked(content), actor=owner)
    assert Programme.objects.get().title == "Crèche"


@pytest.mark.parametrize("make", [files.csv_file, files.xlsx_file])
def test_the_template_goes_in_as_it_is(owner, checked, make):
    upload = checked(make(files.template_rows()))
    assert upload.errors == []
    put_in(upload=upload, actor=owner)
    assert Programme.objects.count() == 2


@pytest.mark.parametrize("make", [files.csv_file, files.xlsx_file])
def test_what_is_downloaded_can_be_uploaded_and_changes_nothing(school, owner, checked, make):
    make_programme(
        school,
        code="=1",
        title="-korting",
        description="+ meer\n@huis",
        level=4,
        start_dates=["2027-02-01", "2027-09-01"],
    )
    make_programme(school, code="007", mode="online", place=None, price="12.50", kind="evc", grants_level=True, level=1)
    rows = list(files.programme_rows(school.programmes.order_by("id")))
    upload = checked(make(rows))
    assert upload.errors == []
    assert (upload.n_new, upload.n_changed, upload.n_unchanged) == (0, 0, 2)


def test_no_downloaded_cell_starts_a_formula(school):
    make_programme(school, code="=1+1", title="@SUM(A1)", description="-2+3")
    content = files.csv_file(files.programme_rows(school.programmes.all())).decode("utf-8-sig")
    assert content.splitlines()[1].startswith("'=1+1;'@SUM(A1);'-2+3;")


def test_excel_dates_and_numbers_are_understood(owner, checked):
    header = ["code", "titel", "soort", "weken", "uren_per_week", "prijs", "startdatum"]
    content = workbook(header, [25656, "Lassen", "cursus", 12.0, 8, 1250.5, date(2027, 2, 1)])
    put_in(upload=checked(content, "x.xlsx"), actor=owner)
    programme = Programme.objects.get()
    assert (programme.code, programme.price, programme.start_dates) == ("25656", Decimal("1250.50"), [date(2027, 2, 1)])


def test_a_formula_in_a_workbook_is_refused(checked):
    upload = checked(workbook(HEADER.split(";"), [*ROW.split(";")[:7], "=5*5"]))
    assert (2, "prijs") in problems(upload)


def test_only_published_programmes_that_changed_are_matched_again(
    school, owner, checked, sent, django_capture_on_commit_callbacks, monkeypatch
):
    told = []
    monkeypatch.setattr(importing, "changed", lambda kind, pk: told.append((kind, pk)))
    live = make_programme(school, code="L1")
    make_programme(school, code="L2", status="draft")
    rows = [ROW, ROW.replace("L1", "L2"), ROW.replace("L1", "L3")]
    with django_capture_on_commit_callbacks(execute=True):
        put_in(upload=checked(sheet(*rows)), actor=owner)
    assert told == [("programme", live.pk)]
    assert [name for name, _args in sent] == ["education.propose_skills"]
    assert len(sent[0][1][0]) == 3


def test_an_import_reads_texts_again_only_when_they_changed(school, owner, checked):
    make_programme(
        school, code="L1", title="Lassen", description="Je leert staal lassen.", skills_proposed=True, price=5
    )
    make_programme(school, code="L2", title="Anders", skills_proposed=True)
    put_in(upload=checked(sheet(ROW, ROW.replace("L1", "L2"))), actor=owner)
    assert dict(Programme.objects.values_list("code", "skills_proposed")) == {"L1": True, "L2": False}
