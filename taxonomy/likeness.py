"""What makes two skills, or two occupations, alike: four ingredients, each in [0, 1], none of them counted together here.

- **meaning**: cosine of the multilingual sentence vectors of their labels (Dutch and English joined), from 0.35 (0) to
  0.85 (1);
- **words**: cosine of the character trigrams of their Dutch labels (English where there is none), rare ones heavier;
- **place**: how near they stand in the tree. Skills: 1 for an ESCO relation or broader/narrower skill, 0.7 for the same
  broader skill, 0.5 for the same group. Occupations: 1, 0.6 or 0.3 for the same four, three or two digits of ISCO-08;
- **company**: skills: cosine over the occupations that need them (essential 1, optional ½); occupations: cosine over the
  skills that they need, rare skills heavier.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from taxonomy.encoder import DIMENSIONS, encode
from taxonomy.models import Occupation, OccupationSkill, Skill, SkillRelation

PARTS = ("meaning", "words", "place", "company")
RELATED, SIBLINGS, SAME_GROUP = 1.0, 0.7, 0.5
LARGEST_FAMILY = 60  # groups and broader skills with more members say little about any two of them
ISCO_DIGITS = {2: 0.3, 3: 0.6, 4: 1.0}


@dataclass(frozen=True)
class Ingredients:
    """Everything that two concepts are compared by; rows run along `ids`, ascending."""

    ids: NDArray[np.int64]
    labels: list[tuple[str, str]]  # Dutch, English
    meaning: NDArray[np.float32]  # (n, 512) unit vectors
    words: sparse.csr_array  # (n, trigrams) unit rows
    place: sparse.csr_array  # (n, n)
    company: sparse.csr_array  # (n, what they share) unit rows

    def block(self, rows: slice) -> dict[str, NDArray[np.float32]]:
        """The ingredients of some concepts with all of them, each (rows, n)."""
        return {
            "meaning": spread(self.meaning[rows] @ self.meaning.T),
            "words": (self.words[rows] @ self.words.T).toarray(),
            "place": self.place[rows].toarray(),
            "company": (self.company[rows] @ self.company.T).toarray(),
        }

    def pairs(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> dict[str, NDArray[np.float32]]:
        """The ingredients of some pairs, given by their ids; each (pairs,). Raises KeyError for an unknown id."""
        row_of = {pk: row for row, pk in enumerate(self.ids.tolist())}
        a, b = ([row_of[pk] for pk in side.tolist()] for side in (one, other))
        return {
            "meaning": spread((self.meaning[a] * self.meaning[b]).sum(axis=1)),
            "words": np.asarray(self.words[a].multiply(self.words[b]).sum(axis=1)).ravel(),
            "place": np.array([self.place[i, j] for i, j in zip(a, b, strict=True)], dtype=np.float32),
            "company": np.asarray(self.company[a].multiply(self.company[b]).sum(axis=1)).ravel(),
        }


def spread(cosine: NDArray[np.float32]) -> NDArray[np.float32]:
    """A cosine of sentence vectors as [0, 1]: what is under 0.35 is chance, over 0.85 hardly ever reached.

    >>> spread(np.array([0.2, 0.6, 0.9])).tolist()
    [0.0, 0.5, 1.0]
    """
    return np.clip((cosine - 0.35) / 0.5, 0, 1)


def ingredients_of(model: type[Skill] | type[Occupation]) -> Ingredients | None:
    """Compare all skills or all occupations that have a label; None when there are fewer than two."""
    rows = list(
        model.objects.exclude(label_nl="", label_en="").order_by("id").values_list("id", "label_nl", "label_en")
    )
    if len(rows) < 2:
        return None
    ids = np.array([pk for pk, *_ in rows])
    words = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), sublinear_tf=True, dtype=np.float32).fit_transform(
        [dutch or english for _, dutch, english in rows]
    )
    skills = model is Skill
    return Ingredients(
        ids=ids,
        labels=[(dutch, english) for _, dutch, english in rows],
        meaning=_meaning(rows),
        words=sparse.csr_array(words),
        place=_places(ids) if skills else _isco_places(ids),
        company=_company(ids, of_skills=skills),
    )


def _meaning(rows) -> NDArray[np.float32]:
    """Unit vectors (n, 512): the mean of the Dutch and the English label."""
    total = np.zeros((len(rows), DIMENSIONS), dtype=np.float32)
    for column in (1, 2):
        here = [number for number, row in enumerate(rows) if row[column]]
        if here:
            total[here] += encode([rows[number][column] for number in here])
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
        best = best.maximum(_together(members, value, len(ids)))
    direct = [(row_of[a], row_of[b]) for a, b, _ in relations if a in row_of and b in row_of]
    if direct:
        rows, columns = np.array(direct).T
        related = sparse.csr_array((np.ones(len(rows), np.float32), (rows, columns)), shape=best.shape)
        related.data = np.full(len(related.data), RELATED, np.float32)
        best = best.maximum(related.maximum(related.T))
    return best.tocsr()


def _isco_places(ids: NDArray[np.int64]) -> sparse.csr_array:
    """(n, n) how many digits of ISCO-08 two occupations share."""
    row_of = {pk: row for row, pk in enumerate(ids.tolist())}
    best = sparse.csr_array((len(ids), len(ids)), dtype=np.float32)
    for digits, value in ISCO_DIGITS.items():
        families: dict[str, list[int]] = {}
        for pk, isco in Occupation.objects.values_list("id", "isco"):
            if pk in row_of and len(isco) >= digits:
                families.setdefault(isco[:digits], []).append(row_of[pk])
        best = best.maximum(_together(list(families.values()), value, len(ids)))
    return best.tocsr()


def _together(families: list[list[int]], value: float, n: int) -> sparse.csr_array:
    """(n, n) with `value` for every two rows of one family."""
    if not families:
        return sparse.csr_array((n, n), dtype=np.float32)
    rows = np.concatenate([np.repeat(members, len(members)) for members in families])
    columns = np.concatenate([np.tile(members, len(members)) for members in families])
    same = sparse.csr_array((np.ones(len(rows), np.float32), (rows, columns)), shape=(n, n))
    same.data = np.full(len(same.data), value, np.float32)
    return same


def _company(ids: NDArray[np.int64], *, of_skills: bool) -> sparse.csr_array:
    """Unit rows: which occupations need the skill (n, occupations), or which skills the occupation needs (n, skills)."""
    row_of = {pk: row for row, pk in enumerate(ids.tolist())}
    links = []
    for skill, occupation, essential, idf in OccupationSkill.objects.values_list(
        "skill_id", "occupation_id", "essential", "skill__idf"
    ):
        mine, shared = (skill, occupation) if of_skills else (occupation, skill)
        if mine in row_of:
            links.append((row_of[mine], shared, (1.0 if essential else 0.5) * (1.0 if of_skills else idf)))
    if not links:
        return sparse.csr_array((len(ids), 1), dtype=np.float32)
    rows, shared, weights = zip(*links, strict=True)
    _, columns = np.unique(shared, return_inverse=True)
    uses = sparse.csr_array((np.array(weights, np.float32), (rows, columns)), shape=(len(ids), columns.max() + 1))
    norms = np.sqrt(uses.multiply(uses).sum(axis=1))
    return (sparse.diags_array((1 / np.maximum(norms, 1e-9)).astype(np.float32)) @ uses).tocsr()
