"""Judged programmes, facts of this project: invented but usual programmes, and the skills that each teaches."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from education.models import Programme
from taxonomy.judged import held_out
from taxonomy.models import Skill

FILE = Path(__file__).parent / "programmes.csv"


@dataclass(frozen=True)
class JudgedProgramme:
    """One programme. `teaches` holds the ids of the skills; they are of the core, and of ESCO where it is loaded too."""

    programme: Programme  # not saved
    teaches: frozenset[int]
    held_out: bool  # half, by a checksum of the title: not looked at while proposals were improved


def judged_programmes() -> list[JudgedProgramme]:
    """The judged programmes whose skills are in the database."""
    ids = dict(Skill.objects.exclude(key=None).values_list("key", "id"))
    found = []
    for row in _rows():
        teaches = frozenset(ids[key] for key in row["teaches"].split("|") if key in ids)
        if teaches:
            english = "the" in f"{row['title']} {row['description']}".lower().split() or " and " in row["description"]
            programme = Programme(
                title=row["title"], description=row["description"], kind=row["kind"],
                level=int(row["level"]) if row["level"] else None, language="en" if english else "nl",
            )  # fmt: skip
            found.append(JudgedProgramme(programme, teaches, held_out(row["title"])))
    return found


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with FILE.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))
