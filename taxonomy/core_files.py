"""The shipped core taxonomy: CSV files under `taxonomy/core/`, read and checked as a whole before anything is saved.

Every problem is named with file, row and column; all of them are reported at once.
"""

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.choices import EducationLevel, Sector
from taxonomy.models import Certificate, Skill

CORE_DIR = Path(__file__).parent / "core"
KEY = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
COLUMNS = {
    "skill_groups": ("key", "nl", "en"),
    "skills": ("key", "nl", "en", "alt_nl", "alt_en", "kind", "group", "esco_uri", "definition_nl"),
    "occupations": (
        "key", "nl", "en", "alt_nl", "alt_en", "isco", "esco_uri", "sector", "nlqf", "riasec", "onet_soc", "essential",
        "optional", "demand", "pay_min", "pay_max", "description_nl",
    ),
    "certificates": ("key", "nl", "en", "alt", "kind", "esco_uri"),
}  # fmt: skip
KINDS = {"skill_groups": "group", "skills": "skill", "occupations": "occupation", "certificates": "certificate"}


class BadCore(Exception):
    """The files cannot be loaded; `problems` says where and why, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Row:
    """One line of a file, with where it stands."""

    file: str
    number: int  # as a text editor counts, the header is line 1
    values: dict[str, str]

    @property
    def key(self) -> str:
        return self.values["key"]

    def list(self, column: str) -> list[str]:
        """The parts of a cell that are separated by |, without doubles."""
        return list(dict.fromkeys(part.strip() for part in self.values[column].split("|") if part.strip()))


@dataclass
class Core:
    """All rows by kind and key."""

    skill_groups: dict[str, Row] = field(default_factory=dict)
    skills: dict[str, Row] = field(default_factory=dict)
    occupations: dict[str, Row] = field(default_factory=dict)
    certificates: dict[str, Row] = field(default_factory=dict)


def uri_of(kind: str, row: Row) -> str:
    return row.values.get("esco_uri") or f"urn:zelf:{KINDS[kind]}:{row.key}"


def digest(directory: Path = CORE_DIR) -> str:
    """One fingerprint of all files, to see whether there is anything new to load."""
    total = hashlib.sha256()
    for path in sorted(directory.glob("*.csv")):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()


def read_core(directory: Path = CORE_DIR) -> Core:
    """Read `<kind>.csv` and `<kind>_*.csv`. Raises BadCore with every problem found."""
    core, problems = Core(), []
    for kind, columns in COLUMNS.items():
        rows = getattr(core, kind)
        uris: dict[str, Row] = {}
        paths = sorted({*directory.glob(f"{kind}.csv"), *directory.glob(f"{kind}_*.csv")})
        if not paths:
            problems.append(f"{kind}: no file {kind}.csv or {kind}_*.csv in {directory}")
        for row in _rows(paths, columns, problems):
            for name, other in (("key", rows.get(row.key)), ("esco_uri", uris.get(row.values.get("esco_uri") or "-"))):
                if other is not None:
                    where = f"{other.file} row {other.number}"
                    problems.append(f"{row.file} row {row.number}, {name}: already used in {where}")
            rows.setdefault(row.key, row)
            uris.setdefault(row.values.get("esco_uri") or "", row)
    problems += _check(core)
    if problems:
        raise BadCore(problems)
    return core


def _rows(paths: list[Path], columns: tuple[str, ...], problems: list[str]) -> Iterator[Row]:
    for path in paths:
        try:
            text = path.read_text("utf-8-sig")
        except UnicodeDecodeError as error:
            problems.append(f"{path.name}: not UTF-8 (byte {error.start})")
            continue
        reader = csv.DictReader(text.splitlines(keepends=True))
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            problems.append(f"{path.name} row 1: column {', '.join(missing)} is missing")
            continue
        for values in reader:
            if None in values or None in values.values():
                problems.append(f"{path.name} row {reader.line_num}: expected {len(reader.fieldnames or ())} cells")
                continue
            yield Row(path.name, reader.line_num, {name: value.strip() for name, value in values.items()})


def _check(core: Core) -> Iterator[str]:
    for kind in COLUMNS:
        for row in getattr(core, kind).values():
            for column, problem in _problems(kind, row, core):
                yield f"{row.file} row {row.number}, {column}: {problem}"


def _problems(kind: str, row: Row, core: Core) -> Iterator[tuple[str, str]]:
    values = row.values
    if not KEY.fullmatch(values["key"]) or len(values["key"]) > 80:
        yield "key", f"“{values['key']}” is not a key (a-z, 0-9, _)"
    for column in ("nl", "en"):
        if not values[column] or len(values[column]) > 300:
            yield column, "is empty" if not values[column] else "is longer than 300 characters"
    if values.get("esco_uri") and not values["esco_uri"].startswith("http://data.europa.eu/esco/"):
        yield "esco_uri", f"“{values['esco_uri']}” is not an ESCO URI"
    if kind == "skills":
        if values["kind"] not in Skill.Kind.values:
            yield "kind", f"“{values['kind']}” is not one of {', '.join(Skill.Kind.values)}"
        if values["group"] not in core.skill_groups:
            yield "group", f"there is no skill group “{values['group']}”"
    if kind == "certificates" and values["kind"] not in Certificate.Kind.values:
        yield "kind", f"“{values['kind']}” is not one of {', '.join(Certificate.Kind.values)}"
    if kind == "occupations":
        yield from _occupation_problems(row, core)


def _occupation_problems(row: Row, core: Core) -> Iterator[tuple[str, str]]:
    values = row.values
    if not re.fullmatch(r"\d{4}", values["isco"]):
        yield "isco", f"“{values['isco']}” is not four digits"
    if values["sector"] not in Sector.values:
        yield "sector", f"“{values['sector']}” is not one of {', '.join(Sector.values)}"
    for column, low, high in (
        ("nlqf", min(EducationLevel), max(EducationLevel)), ("demand", 0, 10), ("pay_min", 1500, 30_000),
        ("pay_max", 1500, 30_000),
    ):  # fmt: skip
        if not values[column].isdigit() or not low <= int(values[column]) <= high:
            yield column, f"“{values[column]}” is not a whole number from {low:d} to {high:d}"
    if values["pay_min"].isdigit() and values["pay_max"].isdigit() and int(values["pay_min"]) > int(values["pay_max"]):
        yield "pay_max", "is lower than pay_min"
    try:
        scores = [float(part) for part in values["riasec"].split("|")]
    except ValueError:
        scores = []
    if len(scores) != 6 or not all(1 <= score <= 7 for score in scores):
        yield "riasec", f"“{values['riasec']}” is not six numbers from 1 to 7"
    essential = set(row.list("essential"))
    if not essential:
        yield "essential", "is empty"
    for column in ("essential", "optional"):
        for key in row.list(column):
            if key not in core.skills:
                yield column, f"there is no skill “{key}”"
    for key in sorted(essential & set(row.list("optional"))):
        yield "optional", f"“{key}” is essential as well"
