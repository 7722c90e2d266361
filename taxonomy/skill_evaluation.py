"""How well texts are read for skills, on judged passages, next to simpler ways in the same run."""

from dataclasses import dataclass
from pathlib import Path

from taxonomy.extract import find_skills
from taxonomy.judged_passages import Agreement, BadJudged, Passage, agreement, neighbours, read_passages
from taxonomy.reading.accept import current_model
from taxonomy.reading.wording import Kind
from taxonomy.skill_baselines import LookUp, above, best_threshold, clauses_encoded, phrases_encoded

READER = "this reader"
BASELINES = ("label look-up", "label look-up over stems", "encoder alone")
EXTRA = "encoder over our phrases"  # reported as well; it borrows a part of the reader


@dataclass(frozen=True)
class Row:
    half: str  # "tuning" or "held out"
    way: str
    threshold: float  # the best on the tuning half
    same: Agreement
    neighbouring: Agreement


@dataclass(frozen=True)
class Report:
    passages: int
    tuning: int
    held_out: int
    rows: tuple[Row, ...]
    better_baseline: str  # of `BASELINES`, by F1 at concept level on the held-out half
    ratio: float  # F1 of the reader against it


def evaluate(directory: Path) -> Report:
    """Read the passages of a folder in every way. Raises `BadJudged`."""
    tuning, held_out = read_passages(directory)
    if not held_out:
        raise BadJudged(f"{directory} has fewer than two passages")
    near = neighbours()
    ways = dict(
        zip(
            (*BASELINES, EXTRA),
            (LookUp(stems=False), LookUp(stems=True), clauses_encoded, phrases_encoded),
            strict=True,
        )
    )
    rows = []
    thresholds = {name: best_threshold(tuning, scored) for name, scored in ways.items()}
    for half, part in (("tuning", tuning), ("held out", held_out)):
        for name, scored in ways.items():
            found = {one.id: above(scored(one), thresholds[name]) for one in part}
            rows.append(_row(half, name, thresholds[name], part, found, near))
        read = {one.id: read_skills(one) for one in part}
        rows.append(_row(half, READER, current_model().threshold, part, read, near))
    of = {row.way: row.same.f1 for row in rows if row.half == "held out"}
    better = max(BASELINES, key=lambda name: of[name])
    return Report(
        len(tuning) + len(held_out), len(tuning), len(held_out), tuple(rows), better, of[READER] / max(of[better], 1e-9)
    )


def read_skills(passage: Passage) -> set[int]:
    """What the product finds in a passage."""
    found = find_skills(passage.text, language=passage.language, kind=Kind(passage.kind), limit=100)
    return {one.skill_id for one in found}


def _row(half: str, way: str, threshold: float, part: list[Passage], found: dict[str, set[int]], near) -> Row:
    def find(passage: Passage) -> set[int]:
        return found[passage.id]

    return Row(half, way, round(threshold, 3), agreement(part, find), agreement(part, find, near))
