"""Files into cells, and cells into numbers and dates."""

import contextlib
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from education.uploads.cells import (
    NoSuchDate,
    harmless,
    parse_date,
    parse_price,
    parse_whole,
    unguarded,
)
from education.uploads.sources import read_table
from education.uploads.tables import Unreadable
from tests.education.conftest import HEADER, ROW, sheet, workbook


def cells(content: bytes) -> list[list[str]]:
    return [row for _number, row in read_table(content).rows]


@pytest.mark.parametrize(
    "text, price",
    [
        ("€ 1.250,00", "1250"), ("1250", "1250"), ("1.250", "1250"), ("1250,5", "1250.5"), ("1,250.75", "1250.75"),
        ("1.250,-", "1250"), ("EUR 12,50", "12.50"), ("gratis", "0"), ("0", "0"), ("€\u00a01.250.000,00", "1250000"),
        ("-5", "-5"), ("12.50", "12.50"),
    ],
)  # fmt: skip
def test_prices_are_understood_as_people_write_them(text, price):
    assert parse_price(text) == Decimal(price)


@pytest.mark.parametrize("text", ["", "veel", "1,250", "12.5.0", "1.25.000", "€", "12 of 13", "1e5", "NaN", "inf"])
def test_unclear_prices_are_refused(text):
    with pytest.raises(ValueError):
        parse_price(text)


@given(st.decimals(min_value=0, max_value=999_999, places=2))
def test_every_price_comes_back_from_both_ways_of_writing(price):
    english = f"{price:,.2f}"
    dutch = english.replace(",", " ").replace(".", ",").replace(" ", ".")
    assert parse_price(english) == parse_price(dutch) == parse_price(f"€ {dutch}") == price


@given(st.text(max_size=30))
def test_any_text_gives_a_price_or_a_value_error(text):
    with contextlib.suppress(ValueError):
        assert parse_price(text).is_finite()


@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_date_comes_back_from_every_way_of_writing(day):
    for form in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"):
        assert parse_date(day.strftime(form) if day.year >= 1000 else day.isoformat()) == day


@given(st.text(max_size=30))
def test_any_text_gives_a_date_or_a_value_error(text):
    with contextlib.suppress(ValueError):
        assert isinstance(parse_date(text), date)


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_whole_numbers_come_back_with_and_without_unit(number):
    assert parse_whole(str(number)) == parse_whole(f"{number} weken") == parse_whole(f"{number},0") == number


@given(st.text(max_size=30))
def test_any_text_gives_a_whole_number_or_a_value_error(text):
    with contextlib.suppress(ValueError):
        assert isinstance(parse_whole(text), int)


def test_days_that_do_not_exist_are_told_apart_from_nonsense():
    with pytest.raises(NoSuchDate):
        parse_date("31-02-2027")
    with pytest.raises(ValueError) as nonsense:
        parse_date("morgen")
    assert not isinstance(nonsense.value, NoSuchDate)
    assert parse_date("1 februari 2027") == date(2027, 2, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_usual_encoding_and_delimiter_gives_the_same_cells(encoding, delimiter):
    text = "code;titel;soort\r\n1;Crèche én café;cursus\r\n".replace(";", delimiter)
    assert cells(text.encode(encoding)) == [["1", "Crèche én café", "cursus"]]


def test_a_line_that_names_the_delimiter_is_no_header_and_keeps_row_numbers():
    table = read_table(b"sep=;\r\ncode;titel\r\n1;A\r\n")
    assert table.header == ["code", "titel"]
    assert table.rows == [(3, ["1", "A"])]


def test_empty_rows_are_skipped_and_row_numbers_stay_those_of_the_spreadsheet():
    assert [number for number, _row in read_table(sheet("", ROW, ";;;", ROW)).rows] == [3, 5]


def test_text_over_several_lines_is_one_row():
    assert cells(b'code,titel\n1,"een\ntwee"\n2,drie\n') == [["1", "een\ntwee"], ["2", "drie"]]


@pytest.mark.parametrize(
    "content, word",
    [
        (b"", "leeg"), (b"  \r\n ", "leeg"), (HEADER.encode(), "kolomnamen"),
        (HEADER.encode() + b"\r\n;;;\r\n", "kolomnamen"),
        (b"\xd0\xcf\x11\xe0old", "oud"), (b"%PDF-1.7\x00\x01", "CSV of XLSX"), (b"a,b\n\x81\x00", "CSV of XLSX"),
        (b'code,titel\n1,"nooit dicht\n2,b\n', "aanhalingsteken"), (b"PK\x03\x04rubbish", "Excel"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read_say_why(content, word):
    with pytest.raises(Unreadable) as refusal:
        read_table(content)
    assert word in refusal.value.message


def test_too_many_rows_are_refused_without_reading_on(monkeypatch):
    monkeypatch.setattr("education.uploads.sources.MAX_ROWS", 10)
    with pytest.raises(Unreadable) as refusal:
        read_table(sheet(*[ROW] * 11))
    assert "10" in refusal.value.message


def test_workbooks_give_dates_numbers_and_booleans_as_people_would_type_them():
    content = workbook(["code", "prijs", "startdatum", "geeft_diploma"], [25656, 1250.5, datetime(2027, 2, 1), True])
    assert cells(content) == [["25656", "1250,5", "2027-02-01", "ja"]]


def test_formulas_in_workbooks_are_seen_not_calculated():
    assert cells(workbook(["code", "titel"], ["1", "=1+1"])) == [["1", "=1+1"]]


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000_000)
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(Unreadable) as refusal:
        read_table(out.getvalue())
    assert "te groot" in refusal.value.message


def test_a_zip_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("opleidingen.csv", "code")
    with pytest.raises(Unreadable) as refusal:
        read_table(out.getvalue())
    assert "ZIP" in refusal.value.message


@pytest.mark.parametrize("text", ["=1+1", "+31 50", "-5", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1"])
def test_exported_cells_are_never_formulas_and_come_back_as_they_were(text):
    assert harmless(text).startswith("'")
    assert unguarded(harmless(text)) == text


@given(st.text(max_size=20))
def test_export_and_upload_give_every_text_back(text):
    if not text.startswith("'"):
        assert unguarded(harmless(text)) == text
