"""Reading what schools send: CSV and XLSX files into cells."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from education.uploads.cells import as_text, normalised

MAX_COLUMNS = 60
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
MAX_PACKING = 150  # ordinary workbooks shrink 5 to 30 times
MAX_ENTRIES = 500
DELIMITERS = (";", ",", "\t")
TOP = 12  # rows in which we look for the row with column names


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


def read_sheet(content: bytes, known: set[str], max_rows: int, *, only_top: bool = False) -> Table:
    """The cells of a CSV or XLSX file; raises `Unreadable`. `known` header words find the header and the delimiter.

    `only_top` stops after some rows: enough to show what is in the columns.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            _("This is an old or locked Excel file. Save it as .xlsx without a password, or as CSV, and try again.")
        )
    records = _workbook_records(content) if is_workbook(content) else _csv_records(content, known)
    filled = _filled(records, max_rows)
    top = list(islice(filled, TOP))
    at = _header_at([cells for _number, cells in top], known)
    header = _without_empty_end(top[at][1]) if top else []
    if not header:
        raise Unreadable(_("This file is empty."))
    rows: list[tuple[int, list[str]]] = []
    for number, cells in chain(top[at + 1 :], () if only_top else filled):
        if len(rows) >= max_rows:
            raise Unreadable(
                _("This file has more than %(count)s rows. Divide it over several files.") % {"count": max_rows}
            )
        cells = _without_empty_end(cells)
        rows.append((number, cells + [""] * (len(header) - len(cells))))
    if not rows:
        raise Unreadable(_("There are no programmes in this file: only the row with column names."))
    return Table(header, rows)


def _filled(records, max_rows: int) -> Iterator[tuple[int, list[str]]]:
    for number, cells in records:
        if any(cell.strip() for cell in cells):
            yield number, cells
        elif number > 50 * max_rows:
            return


def _header_at(top: list[list[str]], known: set[str]) -> int:
    """Which of the first rows holds the column names: a title above them (often in merged cells) is not it."""
    words = [sum(normalised(cell) in known for cell in cells) for cells in top]
    if words and max(words) >= 2:
        return words.index(max(words))
    widths = [sum(bool(cell.strip()) for cell in cells) for cells in top]
    return next((at for at, width in enumerate(widths) if 2 * width > max(widths)), 0)


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
