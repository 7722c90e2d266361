"""How much one skill counts for another, and how near two occupations are.

One formula, with weights for each kind of concept. The ingredients, each in [0, 1], are described in
`taxonomy.likeness`:

    skills       nearness = 0.30 · meaning + 0.20 · words + 0.25 · place + 0.25 · company
    occupations  nearness = 0.15 · meaning + 0.15 · words + 0.15 · place + 0.55 · company

Pairs from the threshold on are kept, at most `MOST` each, in steps of 1/15: what just reaches it counts 4/15, `top` and
over 13/15. Only a concept itself is 15. Skills in different languages are never near: German is no substitute for French.

The weights come from the tuned half of the judged pairs; `manage.py evaluate_nearness` compares the formula with each
ingredient alone on the other half.
"""

from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray
from scipy import sparse

from taxonomy.lexicon import LANGUAGE_OF
from taxonomy.likeness import PARTS, Ingredients, ingredients_of
from taxonomy.models import Edition, Occupation, OccupationNearness, Skill, SkillNearness
from taxonomy.operations import lock_edition
from taxonomy.text import normalize

MOST = 12
BLOCK = 1024


@dataclass(frozen=True)
class Formula:
    """Weights of the ingredients (they add up to 1) and where counting begins and ends."""

    weights: dict[str, float]
    threshold: float
    top: float

    def __call__(self, parts: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
        """Nearness in [0, 1] of concepts whose ingredients these are, in their shape."""
        return sum(self.weights[name] * parts[name] for name in PARTS)  # type: ignore[return-value]

    def steps(self, nearness: NDArray[np.float32]) -> NDArray[np.int32]:
        """Nearness from the threshold on as steps of 1/15.

        >>> Formula({}, 0.4, 0.9).steps(np.array([0.4, 0.65, 0.9, 1.0])).tolist()
        [4, 8, 13, 13]
        """
        scaled = 4 + 9 * (np.asarray(nearness, dtype=np.float64) - self.threshold) / (self.top - self.threshold)
        return np.clip(np.floor(scaled + 1e-9), 4, 13).astype(np.int32)


FORMULAS: dict[type, Formula] = {
    Skill: Formula({"meaning": 0.30, "words": 0.20, "place": 0.25, "company": 0.25}, threshold=0.38, top=0.85),
    Occupation: Formula({"meaning": 0.15, "words": 0.15, "place": 0.15, "company": 0.55}, threshold=0.30, top=0.80),
}
STORED: dict[type, tuple[type, str]] = {
    Skill: (SkillNearness, "skill_id"),
    Occupation: (OccupationNearness, "occupation_id"),
}


@dataclass(frozen=True)
class Near:
    """Pairs both ways: `similarity` (steps of 1/15, 4-13) that `other` counts for `one`; sorted by one, other."""

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    similarity: NDArray[np.int32]


def compute_nearness(model: type[Skill] | type[Occupation] = Skill) -> Near:
    """Compare all concepts of one kind in the database. Takes seconds for the core, half a minute for ESCO's skills."""
    found = ingredients_of(model)
    if found is None:
        empty = np.empty(0, dtype=np.int64)
        return Near(empty, empty, empty.astype(np.int32))
    return near_pairs(found, FORMULAS[model])


def near_pairs(found: Ingredients, formula: Formula) -> Near:
    """The pairs that reach the threshold of the formula."""
    spoken = np.array([_language(*labels) for labels in found.labels])
    first, second, scores = [], [], []
    for start in range(0, len(found.ids), BLOCK):
        near = formula(found.block(slice(start, start + BLOCK)))
        near[np.arange(near.shape[0]), np.arange(start, start + near.shape[0])] = 0
        row, column = np.nonzero(near >= formula.threshold)
        same = (spoken[row + start] == spoken[column]) | (spoken[row + start] == "") | (spoken[column] == "")
        row, column = row[same], column[same]
        first.append(row + start)
        second.append(column)
        scores.append(near[row, column])
    return _nearest(found.ids, formula, np.concatenate(first), np.concatenate(second), np.concatenate(scores))


def _nearest(ids, formula: Formula, first, second, scores) -> Near:
    """Keep a pair when either sees the other among its nearest; ties go to the lower id."""
    order = np.lexsort((second, -scores, first))
    first, second, scores = first[order], second[order], scores[order]
    begins = np.searchsorted(first, np.arange(len(ids)))
    kept = np.arange(len(first)) - begins[first] < MOST // 2
    pairs = sparse.csr_array((scores[kept], (first[kept], second[kept])), shape=(len(ids), len(ids)))
    pairs = pairs.maximum(pairs.T).tocoo()
    order = np.lexsort((pairs.col, pairs.row))
    return Near(ids[pairs.row[order]], ids[pairs.col[order]], formula.steps(pairs.data[order]))


def _language(*labels: str) -> str:
    """The language that a label names, empty when it names none."""
    found = [LANGUAGE_OF[word] for label in labels for word in normalize(label).split() if word in LANGUAGE_OF]
    return found[0] if found else ""


@transaction.atomic
def save_nearness(*, near: Near, model: type[Skill] | type[Occupation] = Skill) -> int:
    """Replace the stored nearness of one kind and say for which edition it was built; returns the number of rows."""
    edition = lock_edition()
    stored, column = STORED[model]
    table = stored._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 (our own names)
        with cursor.copy(f"COPY {table} ({column}, other_id, similarity) FROM STDIN") as copy:
            for row in zip(near.one.tolist(), near.other.tolist(), near.similarity.tolist(), strict=True):
                copy.write_row(row)
    if model is Skill:
        Edition.objects.filter(pk=edition.pk).update(nearness_of=edition.number)
    return len(near.one)
