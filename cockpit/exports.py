"""Files of a table: CSV, XLSX and Parquet. What goes to the public is rounded to five; every export is written down."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import tablib
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audit
from cockpit.catalogue.indicator import Unit
from cockpit.privacy import rounded
from cockpit.queries import Cell, View

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet reads what begins so as a formula
COUNTS = (Unit.PEOPLE, Unit.NUMBER)


@dataclass(frozen=True)
class File:
    name: str
    content: bytes
    content_type: str


def export(*, view: View, kind: str, public: bool, actor: User | None, now: datetime) -> File:
    """The table as a file of this kind ("csv", "xlsx", "parquet"); raises KeyError for another kind."""
    write, content_type = KINDS[kind]
    header, rows = table_of(view, public=public)
    content = write(header, rows, view)
    audit(
        actor=actor, verb="export cockpit", indicator=view.indicator.key, breakdown=view.breakdown, kind=kind, public=public,
        rows=len(rows),
    )  # fmt: skip
    parts = [view.indicator.key, view.breakdown.replace(",", "-"), str(timezone.localdate(now))]
    return File(f"{'_'.join(part for part in parts if part)}.{kind}", content, content_type)


def table_of(view: View, *, public: bool) -> tuple[list[str], list[list[Any]]]:
    """Header and rows: codes and labels, value, n, hidden. For the public counts and n are rounded to five, shares to whole
    numbers."""
    header = []
    for dimension in view.dimensions:
        header += [dimension.code, dimension.label]
    header += ["value", "n", "hidden", "unit", "period"]
    period = view.period.isoformat() if view.period else ""
    rows = []
    cells = view.cells or ((view.total,) if view.total else ())
    for cell in cells:
        names = [
            text
            for category in (cell.first, cell.second)[: len(view.dimensions)]
            for text in (category.code, category.label)
        ]
        value, n = (_for_public(cell.value, view), rounded(cell.n)) if public else (cell.value, cell.n)
        rows.append([*names, value, n, cell.suppressed, view.indicator.unit, period])
    return header, rows


def for_public(view: View) -> View:
    """The view with every number rounded as the public gets it."""

    def one(cell: Cell) -> Cell:
        return replace(cell, value=_for_public(cell.value, view), n=rounded(cell.n))

    return replace(view, cells=tuple(map(one, view.cells)), total=one(view.total) if view.total else None)


def _for_public(value: float | None, view: View) -> float | None:
    if value is None or not view.indicator.is_protected:
        return value
    return rounded(value) if view.indicator.unit in COUNTS else round(value)


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(DANGEROUS) else value


def _csv(header: list[str], rows: list[list[Any]], view: View) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([[_safe(value) for value in row] for row in rows])
    return ("﻿" + text.getvalue()).encode()  # spreadsheets read UTF-8 only with a mark


def _xlsx(header: list[str], rows: list[list[Any]], view: View) -> bytes:
    data = tablib.Dataset(
        *([_safe(value) for value in row] for row in rows), headers=header, title=view.indicator.key[:31]
    )
    about = tablib.Dataset(headers=[_("about"), ""], title="info")
    for name, said in _about(view):
        about.append([name, _safe(said)])
    return tablib.Databook([data, about]).export("xlsx")


def _about(view: View) -> list[tuple[str, str]]:
    one = view.indicator
    return [
        (_("indicator"), one.name), (_("question"), one.question), (_("definition"), one.definition), (_("unit"), one.unit),
        (_("owner"), one.owner), (_("version"), str(one.version)),
        (_("computed"), one.computed_at.isoformat(timespec="minutes") if one.computed_at else ""),
    ]  # fmt: skip


def _parquet(header: list[str], rows: list[list[Any]], view: View) -> bytes:
    names = [*header[:-5], "value", "n", "hidden", "unit", "period"]
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    kinds = [pa.string()] * (len(names) - 5) + [pa.float64(), pa.int64(), pa.bool_(), pa.string(), pa.string()]
    unique = [name if name not in names[:place] else f"{name}_{place}" for place, name in enumerate(names)]
    one = view.indicator
    table = pa.table(
        {name: pa.array(list(column), kind) for name, column, kind in zip(unique, columns, kinds, strict=True)},
        metadata={"name": one.name, "question": one.question, "definition": one.definition, "unit": one.unit},
    )
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


Writer = Callable[[list[str], list[list[Any]], View], bytes]
KINDS: dict[str, tuple[Writer, str]] = {
    "csv": (_csv, "text/csv; charset=utf-8"),
    "xlsx": (_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "parquet": (_parquet, "application/vnd.apache.parquet"),
}
