"""Which column of a file holds what: guessed from the names, corrected by the school, remembered for the next time."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from education.uploads.cells import normalised
from education.uploads.columns import BY_FIELD, BY_NAME, COLUMNS
from education.uploads.tables import Table

MOST_JOINED = 4  # columns that together make a code
REQUIRED = tuple(column.field for column in COLUMNS if column.required)


@dataclass(frozen=True)
class Mapping:
    """`columns`: field to the positions of its columns (several only for the code); `defaults`: what empty cells mean."""

    columns: dict[str, list[int]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """Required fields for which there is neither a column nor a value."""
        return [name for name in REQUIRED if not self.columns.get(name) and not self.defaults.get(name)]

    def as_json(self) -> dict:
        return {"columns": self.columns, "defaults": self.defaults}

    def values(self, cells: list[str]) -> dict[str, str]:
        """The cells of a row by field."""
        found = {}
        for name, positions in self.columns.items():
            parts = [cells[at].strip() for at in positions if cells[at].strip()]
            found[name] = "-".join(parts)
        for name, value in self.defaults.items():
            if not found.get(name):
                found[name] = value
        return found


def from_json(saved: dict) -> Mapping:
    return Mapping(dict(saved.get("columns", {})), dict(saved.get("defaults", {})))


def guess(table: Table, before: Iterable[tuple[list[str], dict]] = ()) -> Mapping:
    """What the columns hold: as the school said of a file with the same names `before`, else by the names.

    `before` holds (header, saved mapping) of earlier files, newest first.
    """
    names = [normalised(name) for name in table.header]
    for header, saved in before:
        if saved.get("columns") and [normalised(name) for name in header] == names:
            return from_json(saved)
    columns: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        column = BY_NAME.get(name)
        if column is not None:
            columns.setdefault(column.field, []).append(at)
    columns = {name: _one(positions, name, names) for name, positions in columns.items()}
    if "code" not in columns:
        other = columns.get("crebo") or columns.get("rio")
        if other:
            columns["code"] = other
    return Mapping(columns, {})


def _one(positions: list[int], name: str, names: list[str]) -> list[int]:
    """One column for a field: our own name for it first, then the order of the words that we know for it."""
    column = BY_FIELD[name]
    order = [normalised(word) for word in (column.name, *column.aliases)]
    return [min(positions, key=lambda at: (order.index(names[at]), at))]


def doubled(table: Table) -> list[str]:
    """Names of ours that stand above two columns: nobody can say which of them counts."""
    names = [normalised(name) for name in table.header]
    own = [normalised(column.name) for column in COLUMNS]
    return [name for name in own if names.count(name) > 1]


def ignored(table: Table, mapping: Mapping) -> list[str]:
    """The names of the columns that hold something and that we do not use."""
    used = {at for positions in mapping.columns.values() for at in positions}
    return [
        name.strip()[:60] or _("column %(number)s, without a name") % {"number": at + 1}
        for at, name in enumerate(table.header)
        if at not in used and (name.strip() or any(cells[at].strip() for _row, cells in table.rows))
    ]


def examples(table: Table, at: int, most: int = 3) -> list[str]:
    """Some different values of a column."""
    found = dict.fromkeys(cells[at].strip()[:60] for _row, cells in table.rows[:200])
    found.pop("", None)
    return list(found)[:most]
