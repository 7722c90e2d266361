"""Files that schools take home: the template, their programmes, and the errors of an upload."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from education.models import Programme
from education.queries import as_data, as_plain
from education.uploads.cells import harmless
from education.uploads.columns import COLUMNS, as_cell

WIDTHS = {"titel": 34, "omschrijving": 60, "website": 34}


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV that Dutch spreadsheet programs open as it is: semicolons, UTF-8 with a mark, no cell that is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_file(rows: Iterable[Sequence[str]]) -> bytes:
    """The same rows as a workbook, every cell as text."""
    book = Workbook()
    sheet = book.active
    sheet.title = "opleidingen"
    for number, row in enumerate(rows, 1):
        for position, value in enumerate(row, 1):
            cell = sheet.cell(number, position)
            cell.value, cell.data_type, cell.number_format = harmless(str(value)), "s", "@"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for position, column in enumerate(COLUMNS, 1):
        sheet.cell(1, position).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(position)].width = WIDTHS.get(column.name, 16)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def template_rows() -> list[list[str]]:
    """The column names and two examples."""
    header = [column.name for column in COLUMNS]
    return [header, *([column.examples[row] for column in COLUMNS] for row in range(2))]


def programme_rows(programmes: Iterable[Programme]) -> Iterable[list[str]]:
    """Programmes as the upload reads them."""
    yield [column.name for column in COLUMNS]
    for programme in programmes:
        values = as_plain(as_data(programme)) | {"code": programme.code}
        yield [as_cell(column.field, values[column.field]) for column in COLUMNS]


def error_rows(errors: Iterable[dict]) -> Iterable[list[str]]:
    yield [_("row"), _("column"), _("what is there"), _("what to do")]
    for error in errors:
        yield [str(error["row"] or ""), error["column"], error.get("value", ""), error["message"]]
