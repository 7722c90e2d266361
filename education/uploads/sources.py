"""Any file that we understand as a table: CSV, XLSX, or the JSON of OOAPI."""

from django.utils.translation import gettext as _

from education.uploads.columns import BY_NAME
from education.uploads.ooapi import read_catalogue
from education.uploads.tables import Table, Unreadable, is_workbook, read_sheet

MAX_ROWS = 20_000
KNOWN = frozenset(BY_NAME)


def is_json(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def read_table(content: bytes, *, only_top: bool = False) -> Table:
    """The cells of a file; raises `Unreadable`. `only_top`: the column names and some rows, quickly."""
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Unreadable(_("This file is empty."))
    if is_json(content):
        return read_catalogue(content, MAX_ROWS)
    return read_sheet(content, KNOWN, MAX_ROWS, only_top=only_top)


def looks_long(content: bytes, rows: int) -> bool:
    """True when the file probably has more rows than this; cheap, without reading it."""
    if is_json(content):
        return len(content) > rows * 500
    return len(content) > rows * 80 if is_workbook(content) else content.count(b"\n") > rows
