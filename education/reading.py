"""Reading what schools send: CSV and XLSX files into cells, and cells into numbers and dates."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_COLUMNS = 60
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
MAX_PACKING = 150  # ordinary workbooks shrink 5 to 30 times
MAX_ENTRIES = 500
FORMULA_STARTS = ("=", "+", "@", "\t", "\r", "＝", "＋", "＠")
RISKY_STARTS = (*FORMULA_STARTS, "-", "－")
DELIMITERS = (";", ",", "\t")
MONTHS = {
    name: number
    for names in (
        "januari februari maart april mei juni juli augustus september oktober november december",
        "january february march april may june july august september october november december",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
    )
    for number, name in enumerate(names.split(), 1)
}


class Unreadable(Exception):
    """The file as a whole cannot be used; `message` is translated and fit to show."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Table:
    """The cells of a file as text; row numbers are those that a spreadsheet program shows."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def is_workbook(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def looks_long(content: bytes, rows: int) -> bool:
    """True when the file probably has more rows than this; cheap, without reading it."""
    return len(content) > rows * 80 if is_workbook(content) else content.count(b"\n") > rows


def read_table(content: bytes, known: set[str], max_rows: int) -> Table:
    """The cells of a CSV or XLSX file; raises `Unreadable`. `known` header words help to find the delimiter."""
    if not content.strip():
        raise Unreadable(_("This file is empty."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            _("This is an old or locked Excel file. Save it as .xlsx without a password, or as CSV, and try again.")
        )
    records = _workbook_records(content) if is_workbook(content) else _csv_records(content, known)
    return _table(records, max_rows)


def _table(records, max_rows: int) -> Table:
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            if number > 50 * max_rows:
                break
            continue
        if not header:
            header = _without_empty_end(cells)
            continue
        if len(rows) >= max_rows:
            raise Unreadable(
                _("This file has more than %(count)s rows. Divide it over several files.") % {"count": max_rows}
            )
        cells = _without_empty_end(cells)
        rows.append((number, cells + [""] * (len(header) - len(cells))))
    if not header:
        raise Unreadable(_("This file is empty."))
    if not rows:
        raise Unreadable(_("There are no programmes in this file: only the row with column names."))
    return Table(header, rows)


def _without_empty_end(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    elif b"\x00" in content:
        encodings = ()
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(
        _("This is not a CSV or XLSX file. Use the template, or save your file as XLSX or as CSV (UTF-8).")
    )


def _csv_records(content: bytes, known: set[str]):
    text = _decoded(content)
    first, _newline, rest = text.partition("\n")
    said = re.fullmatch(r'"?sep=(.)"?\s*', first.strip("\r"), re.IGNORECASE)
    shift = 0
    if said and said[1] in "".join(DELIMITERS):
        text, delimiter, shift = rest, said[1], 1
    else:
        delimiter = _delimiter(text, known)
    number = shift
    try:
        for number, cells in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1 + shift
        ):
            yield number, cells
    except csv.Error:
        raise Unreadable(
            _('We cannot read on after row %(row)s. Look at the quotes (") there: each one needs a partner.')
            % {"row": number}
        )


def _delimiter(text: str, known: set[str]) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")

    def score(delimiter: str) -> tuple[int, int]:
        words = [normalised(word) for word in line.replace('"', "").split(delimiter)]
        return sum(word in known for word in words), len(words)

    return max(DELIMITERS, key=score)


def _workbook_records(content: bytes):
    _refuse_bombs(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), 1):
            yield number, [as_text(cell) for cell in cells]
        book.close()
    except (
        zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, IndexError, ValueError, TypeError,
        AttributeError, EOFError, OSError,
    ):  # fmt: skip
        raise Unreadable(_("We cannot open this Excel file. Save it again as .xlsx, or as CSV, and try again."))


def _refuse_bombs(content: bytes) -> None:
    """Look at the sizes in the archive before unpacking; Python's zipfile never unpacks more than they say."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, EOFError, ValueError):
        raise Unreadable(_("We cannot open this Excel file. Save it again as .xlsx, or as CSV, and try again."))
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise Unreadable(_("This is a ZIP file, not a workbook. Take the file out of it, and upload that one."))
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(_("This file has a password. Save it without one and try again."))
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED_BYTES or (
        unpacked > 1024 * 1024 and unpacked / packed > MAX_PACKING
    ):  # fmt: skip
        raise Unreadable(_("This Excel file becomes far too big when it is opened. Save only the programmes as CSV."))


def as_text(value) -> str:
    """A cell as somebody would type it in Dutch."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case time():
            return value.isoformat()
        case float():
            text = f"{value:.6f}".rstrip("0").rstrip(".")
            return text.replace(".", ",")  # a point would read as thousands
        case _:
            return str(value)


def normalised(text: str) -> str:
    """A header word or choice as we compare it: lower case, words joined by one underscore."""
    return re.sub(r"[\s_\-/.]+", "_", text.replace("\ufeff", "").strip().strip("*:").strip().casefold()).strip("_")


def formula_start(text: str) -> str:
    """The sign with which a spreadsheet program would start a formula, or ""."""
    stripped = text.lstrip(" \u00a0\n")
    return stripped[0] if stripped.startswith(FORMULA_STARTS) else ""


def harmless(text: str) -> str:
    """The text for a cell in a file that people open in a spreadsheet program: never a formula."""
    return f"'{text}" if text.lstrip(" \u00a0\n").startswith(RISKY_STARTS) else text


def unguarded(text: str) -> str:
    """Undo `harmless`, so that a downloaded file can be uploaded again."""
    return text[1:] if text.startswith("'") and text[1:].lstrip(" \u00a0\n").startswith(RISKY_STARTS) else text


def parse_price(text: str) -> Decimal:
    """Euros from "€ 1.250,00", "1250", "1,250.50", "1.250,-" or "gratis"; raises ValueError for anything unclear."""
    words = re.sub(r"[\s\u00a0\u202f']", "", text).lower()
    if words in ("gratis", "free"):
        return Decimal(0)
    number = re.sub(r"^(-?)(?:€|eur|euro)(-?)", r"\1\2", words)
    number = re.sub(r"(?:€|eur|euro)$", "", number)
    number = re.sub(r",(?:-{1,2}|=|—|–)$", "", number)
    if re.fullmatch(r"-?\d+", number):
        plain = number
    elif re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?", number) or re.fullmatch(r"-?\d+,\d{1,2}", number):
        plain = number.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(?:,\d{3})+\.\d{1,2}", number) or re.fullmatch(r"-?\d+\.\d{1,2}", number):
        plain = number.replace(",", "")
    else:
        raise ValueError(text)
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise ValueError(text)


def parse_whole(text: str) -> int:
    """A whole number from "12", "12,0" or "12 weken"; raises ValueError."""
    match = re.fullmatch(r"(-?\d{1,9})(?:[.,]0+)?\s*(?:weken|week|weeks|uur|uren|hours|hour)?", text.strip().lower())
    if not match:
        raise ValueError(text)
    return int(match[1])


class NoSuchDate(ValueError):
    """Written as a date, but not on the calendar."""


def parse_date(text: str) -> date:
    """A day from "2027-02-01", "01-02-2027", "1/2/2027" or "1 februari 2027"; raises ValueError or `NoSuchDate`."""
    words = text.strip().lower()
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]00:00(?::00)?)?", words):
        year, month, day = match.groups()
    elif match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", words):
        day, month, year = match.groups()
    elif (match := re.fullmatch(r"(\d{1,2})[\s-]+([a-z]+)\.?[\s-]+(\d{4})", words)) and match[2] in MONTHS:
        day, month, year = match[1], MONTHS[match[2]], match[3]
    else:
        raise ValueError(text)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise NoSuchDate(text)
