"""Figures from elsewhere, such as tables of CBS StatLine, beside our own.

A file is what `cbsodata` gives: JSON with `TableInfos` (title, source), `DataProperties` (columns with Key, Type, Title, Unit) and
`TypedDataSet` (rows); or a CSV of the rows beside a JSON file of the same name with the rest. Two more keys say how the
columns connect to ours: `Breakdown` ({column: dimension}) and `Compares` ({column of a measure: key of an indicator}).
"""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audit
from cockpit.catalogue import INDICATORS
from cockpit.dimensions import DIMENSIONS, label, words_of
from cockpit.models import DataPoint, OutsideFigure, OutsideTable, Region
from core.exceptions import Refused

MOST_ROWS = 200_000
MEASURES = ("Topic",)  # what CBS calls a column with numbers
PERIODS = re.compile(r"(?P<year>\d{4})(?:(?P<kind>JJ|KW|MM)(?P<number>\d{2}))?")
DATES = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class ImportedFigures:
    table: str
    figures: int


@dataclass(frozen=True)
class Table:
    """`measures` are {column: {"title", "unit"}}, `compares` {column: key of an indicator of ours}."""

    key: str
    title: str
    source: str
    licence: str
    measures: dict[str, dict[str, str]]
    compares: dict[str, str]
    breakdowns: tuple[str, ...]
    imported_at: datetime


@dataclass(frozen=True)
class Comparison:
    """One category in both worlds; `ours` None is hidden or unknown, `theirs` None is not published."""

    code: str
    label: str
    ours: float | None
    theirs: float | None
    period: date


@transaction.atomic
def import_figures(
    *, data: Any, rows_csv: str | None = None, now: datetime, actor: User | None = None
) -> ImportedFigures:
    """Put in a table, or replace it. Raises Refused with the row and column where something is wrong."""
    table, properties = _described(data)
    breakdown, compares = _connections(data, properties)
    rows = _rows(data, rows_csv)
    measures = {p["Key"]: p for p in properties if p.get("Type") in MEASURES}
    times = [p["Key"] for p in properties if p.get("Type") == "TimeDimension"]
    if not measures or len(times) != 1:
        raise Refused(
            _("The table needs one column with periods (TimeDimension) and at least one with numbers (Topic).")
        )
    names = dict(Region.objects.values_list("code", "name"))
    figures: dict[tuple, OutsideFigure] = {}
    for number, row in enumerate(rows, 1):
        period = _period(row.get(times[0]), number, times[0])
        cells = [(dimension, _code(row.get(column), names)) for column, dimension in breakdown.items()]
        for key in measures:
            place = (key, ",".join(name for name, _code_ in cells), ",".join(code for _name, code in cells), period)
            if place in figures:
                raise Refused(_("Row %(n)s says the same as an earlier row.") % {"n": number})
            figures[place] = OutsideFigure(
                measure=key,
                breakdown=place[1],
                code=place[2][:80],
                period=period,
                value=_number(row.get(key), number, key),
            )
    OutsideTable.objects.filter(key=table["Identifier"]).delete()
    kept = OutsideTable.objects.create(
        key=table["Identifier"], title=table["Title"][:200], source=str(table.get("Source") or "")[:200],
        licence=str(table.get("License") or "")[:120], compares=compares, imported_at=now,
        measures={key: {"title": p.get("Title", key), "unit": p.get("Unit", "")} for key, p in measures.items()},
    )  # fmt: skip
    for figure in figures.values():
        figure.table = kept
    OutsideFigure.objects.bulk_create(figures.values(), batch_size=2000)
    audit(actor=actor, verb="import figures", subject=kept, figures=len(figures))
    return ImportedFigures(kept.title, len(figures))


def tables() -> tuple[Table, ...]:
    """What was imported, by title; two statements."""
    breakdowns: dict[int, set[str]] = {}
    for table, breakdown in OutsideFigure.objects.values_list("table_id", "breakdown").distinct():
        breakdowns.setdefault(table, set()).add(breakdown)
    return tuple(
        Table(
            one.key, one.title, one.source, one.licence, one.measures, one.compares,
            tuple(sorted(breakdowns.get(one.pk, ()))), one.imported_at,
        )
        for one in OutsideTable.objects.order_by("title")
    )  # fmt: skip


def compare(table: str, measure: str, breakdown: str = "") -> tuple[Comparison, ...]:
    """Their newest period beside our latest values, category by category; () when the measure is held against nothing."""
    found = OutsideTable.objects.filter(key=table).first()
    key = found.compares.get(measure) if found else None
    if key not in INDICATORS:
        return ()
    theirs = found.figures.filter(measure=measure, breakdown=breakdown).order_by("code", "-period").distinct("code")
    ours = {
        row[0]: row[1]
        for row in DataPoint.objects.filter(indicator=key, breakdown=breakdown, period=None).values_list(
            "first", "value"
        )
    }
    words = words_of(breakdown) if breakdown else {}
    return tuple(
        Comparison(one.code, label(words, one.code), ours.get(one.code), one.value, one.period) for one in theirs
    )


def _described(data: Any) -> tuple[dict, list[dict]]:
    table = data.get("TableInfos") if isinstance(data, dict) else None
    table = table[0] if isinstance(table, list) and table else table
    properties = data.get("DataProperties") if isinstance(data, dict) else None
    if not isinstance(table, dict) or not isinstance(properties, list):
        raise Refused(_("The file needs “TableInfos” and “DataProperties”, as CBS open data have."))
    if not re.fullmatch(r"[\w-]{1,60}", str(table.get("Identifier", ""))) or not table.get("Title"):
        raise Refused(_("“TableInfos” needs an Identifier and a Title."))
    if not all(isinstance(one, dict) and one.get("Key") for one in properties):
        raise Refused(_("Every entry of “DataProperties” needs a Key."))
    return table, properties


def _connections(data: dict, properties: list[dict]) -> tuple[dict[str, str], dict[str, str]]:
    columns = {one["Key"] for one in properties}
    breakdown, compares = data.get("Breakdown") or {}, data.get("Compares") or {}
    for column, dimension in breakdown.items():
        if column not in columns or dimension not in DIMENSIONS:
            raise Refused(_("Breakdown: %(column)s is no column, or %(dimension)s no dimension of ours.")
                          % {"column": column, "dimension": dimension})  # fmt: skip
    for column, key in compares.items():
        if column not in columns or key not in INDICATORS:
            raise Refused(_("Compares: %(column)s is no column, or %(key)s no indicator of ours.")
                          % {"column": column, "key": key})  # fmt: skip
    return breakdown, compares


def _rows(data: dict, rows_csv: str | None) -> list[dict]:
    if rows_csv is not None:
        delimiter = ";" if ";" in rows_csv.partition("\n")[0] else ","
        rows = list(csv.DictReader(io.StringIO(rows_csv.removeprefix("﻿")), delimiter=delimiter))
    else:
        rows = data.get("TypedDataSet")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise Refused(_("There are no rows (“TypedDataSet”) in it."))
    if len(rows) > MOST_ROWS:
        raise Refused(_("At most %(n)s rows at once.") % {"n": MOST_ROWS})
    return rows


def _period(value: Any, number: int, column: str) -> date:
    """CBS periods: 2025JJ00 (year), 2025KW02 (quarter), 2025MM03 (month); or a date."""
    said = str(value or "").strip()
    found = PERIODS.fullmatch(said)
    try:
        if DATES.fullmatch(said):
            return date.fromisoformat(said)
        if found:
            count = int(found["number"] or 0)
            month = {"KW": 3 * count - 2, "MM": count}.get(found["kind"] or "JJ", 1)
            return date(int(found["year"]), month, 1)
    except ValueError:
        pass
    raise Refused(
        _("Row %(n)s, %(column)s: “%(value)s” is no period.") % {"n": number, "column": column, "value": said[:20]}
    )


def _code(value: Any, names: dict[str, str]) -> str:
    """A code without the spaces that CBS fills it up with; a municipality by its name."""
    code = str(value or "").strip()
    return names.get(code, code)


def _number(value: Any, number: int, column: str) -> float | None:
    said = str("" if value is None else value).strip()
    if said in ("", ".", "-", "x"):
        return None
    try:
        return float(said.replace(",", "."))
    except ValueError as error:
        raise Refused(
            _("Row %(n)s, %(column)s: “%(value)s” is no number.") % {"n": number, "column": column, "value": said[:20]}
        ) from error
