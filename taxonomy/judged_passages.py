"""Judged passages: reading them, splitting them, and counting how well found skills agree with the marks.

The format is described in `taxonomy/judged/skills/README.md`.
"""

import csv
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from taxonomy.models import Skill, SkillNearness, SkillRelation

JUDGED = Path(__file__).parent / "judged" / "skills"
SEED = 2026
NEIGHBOUR = 7  # steps of 1/15 from which a near skill counts as a neighbour
_MARK = re.compile(r"\[([^\[\]]*)\]\(([-?]?)([^()\s]+)\)")


class BadJudged(ValueError):
    """The folder cannot be read; the message says what is wrong and where."""


@dataclass(frozen=True)
class Mark:
    """Marked words; any of `concepts` (skill ids) is right."""

    start: int
    end: int
    stance: str  # "said", "denied" or "wish"
    concepts: frozenset[int]


@dataclass(frozen=True)
class Passage:
    id: str
    kind: str
    language: str
    trade: str
    text: str
    marks: tuple[Mark, ...]

    @property
    def said(self) -> set[frozenset[int]]:
        """What the passage says, once each."""
        return {mark.concepts for mark in self.marks if mark.stance == "said"}


def read_passages(directory: Path) -> tuple[list[Passage], list[Passage]]:
    """(tuning, held out): the passages of a folder, with their marks for the taxonomy that is loaded.

    `passages.tsv` is split by `halves`; what `tuning.tsv` holds, if it is there, is for tuning. Raises `BadJudged`.
    """
    file = directory / "passages.tsv"
    if not file.is_file():
        raise BadJudged(f"{directory} has no passages.tsv")
    tuning, held_out = halves(_read(file))
    more = directory / "tuning.tsv"
    tuning += _read(more) if more.is_file() else []
    if len({one.id for one in tuning + held_out}) != len(tuning + held_out):
        raise BadJudged(f"{directory}: two passages have the same id")
    return tuning, held_out


def _read(file: Path) -> list[Passage]:
    ids = {
        **dict(Skill.objects.values_list("uri", "pk")),
        **dict(Skill.objects.exclude(key=None).values_list("key", "pk")),
    }
    names = _names(file.parent / "concepts.tsv")
    passages = []
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = {"id", "kind", "language", "trade", "text"} - set(rows.fieldnames or ())
        if missing:
            raise BadJudged(f"{file.name} lacks the columns {', '.join(sorted(missing))}")
        for line, row in enumerate(rows, start=2):
            if row["kind"] not in ("vacancy", "cv", "course") or row["language"] not in ("nl", "en") or not row["text"]:
                raise BadJudged(f"{file.name}, line {line}: kind, language or text is not as described")
            text, marks = _unmarked(row["text"].replace("\\n", "\n"), names, ids)
            passages.append(Passage(row["id"], row["kind"], row["language"], row["trade"], text, marks))
    return passages


def _names(file: Path) -> dict[str, list[str]]:
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["name"]: row["concepts"].split("|") for row in rows}


def _unmarked(text: str, names: dict[str, list[str]], ids: dict[str, int]) -> tuple[str, tuple[Mark, ...]]:
    """The text as it is read, and its marks that this taxonomy has a concept for."""
    parts, marks, at, length = [], [], 0, 0
    for match in _MARK.finditer(text):
        parts.append(text[at : match.start()])
        length += len(parts[-1])
        concepts = {
            ids[concept]
            for name in match[3].split("|")
            for concept in names.get(name, [name])
            if concept in ids
        }  # fmt: skip
        if concepts:
            stance = {"-": "denied", "?": "wish", "": "said"}[match[2]]
            marks.append(Mark(length, length + len(match[1]), stance, frozenset(concepts)))
        parts.append(match[1])
        length += len(match[1])
        at = match.end()
    parts.append(text[at:])
    return "".join(parts), tuple(marks)


def halves(passages: Iterable[Passage], seed: int = SEED) -> tuple[list[Passage], list[Passage]]:
    """(tuning, held out): the order of the SHA-256 of seed and id decides, so a passage stays where it is."""
    ordered = sorted(passages, key=lambda one: hashlib.sha256(f"{seed}:{one.id}".encode()).hexdigest())
    middle = (len(ordered) + 1) // 2
    return ordered[:middle], ordered[middle:]


@dataclass(frozen=True)
class Agreement:
    """Micro-averaged over passages; all in [0, 1]."""

    precision: float
    recall: float
    f1: float
    found: int
    marked: int


def agreement(
    passages: Iterable[Passage], find: Callable[[Passage], set[int]], neighbours: dict[int, set[int]] | None = None
) -> Agreement:
    """How well what `find` gives agrees with what the passages say.

    A found skill is right when a mark names it, and a mark is found when one of its concepts is; with `neighbours`
    a concept also counts for those near to it.
    """
    right = found = hit = marked = 0
    for passage in passages:
        skills = find(passage)
        groups = passage.said
        if neighbours is not None:
            groups = {group.union(*(neighbours.get(one, set()) for one in group)) for group in groups}
        named = set().union(*groups)
        right += len(skills & named)
        found += len(skills)
        hit += sum(not group.isdisjoint(skills) for group in groups)
        marked += len(groups)
    precision, recall = right / max(found, 1), hit / max(marked, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return Agreement(precision, recall, f1, found, marked)


def neighbours() -> dict[int, set[int]]:
    """For every skill the broader, narrower and related ones, and those near by the stored nearness."""
    near: dict[int, set[int]] = {}
    pairs = list(SkillRelation.objects.values_list("origin_id", "target_id"))
    pairs += SkillNearness.objects.filter(similarity__gte=NEIGHBOUR).values_list("skill_id", "other_id")
    for one, other in pairs:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    return near
