"""Judged examples, facts of this project: what somebody types, and which concepts would be right."""

import csv
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from taxonomy.models import Occupation, Skill

DIR = Path(__file__).parent / "judged"
CONCEPTS = {"occupation": Occupation, "skill": Skill}


@dataclass(frozen=True)
class JudgedSearch:
    """One query. `means` holds the ids of every concept that answers it among those loaded now; never empty."""

    find: str  # "occupation" or "skill"
    kind: str  # of difficulty: prefix, typo, inflection …
    query: str
    means: frozenset[int]
    held_out: bool  # half, by a checksum of the query: not looked at while search was improved


@dataclass(frozen=True)
class JudgedPair:
    """Two skills, or two occupations, and how near they are: 0 not, 1 somewhat, 2 near."""

    one: int
    other: int
    near: int
    held_out: bool


def held_out(text: str) -> bool:
    """Whether an example belongs to the half that is kept out of tuning.

    >>> [held_out(text) for text in ("lasser", "kapper")]
    [False, True]
    """
    return zlib.crc32(text.encode()) % 2 == 1


def judged_searches() -> list[JudgedSearch]:
    """The judged queries that can be answered with the concepts in the database: fewer for the core than for ESCO."""
    names = {find: _names(find) for find in CONCEPTS}
    found = []
    for row in _rows("search.csv"):
        known = names[row["find"]]
        means = frozenset(known[name] for name in row["means"].split("|") if name in known)
        if means:
            found.append(JudgedSearch(row["find"], row["kind"], row["query"], means, held_out(row["query"])))
    return found


def judged_pairs(find: str) -> list[JudgedPair]:
    """The judged pairs of "skill" or "occupation" of which both sides are in the database."""
    names = _names(find)
    return [
        JudgedPair(names[row["one"]], names[row["other"]], int(row["near"]), held_out(f"{row['one']} {row['other']}"))
        for row in _rows("nearness.csv")
        if row["find"] == find and row["one"] in names and row["other"] in names
    ]


def _names(find: str) -> dict[str, int]:
    """The ids of concepts by what the files call them: the key, or the shown label as `nl:…` or `en:…`."""
    names: dict[str, int] = {}
    for pk, key, nl, en in CONCEPTS[find].objects.order_by("-id").values_list("id", "key", "label_nl", "label_en"):
        names |= {f"nl:{nl}": pk, f"en:{en}": pk}
        if key:
            names[key] = pk
    return names


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (DIR / name).open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))
