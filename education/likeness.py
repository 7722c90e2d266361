"""How like the pieces of a text are to the names of skills: TF-IDF over parts of words, one index a process and edition."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Max
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from taxonomy.models import Edition, Label, SkillLabel

LANGUAGES = ("nl", "en")


@dataclass(frozen=True)
class LabelVectors:
    """`labels`: (n_labels, n_features), L2-normalised rows; `skills`: the skill id of each row."""

    edition: tuple[int, int]
    vectorizer: TfidfVectorizer
    labels: sparse.csr_array
    skills: np.ndarray


_lock = threading.Lock()
_vectors: dict[str, LabelVectors] = {}


def label_vectors(language: str) -> LabelVectors | None:
    """The vectors of all labels in a language; None while there are no labels."""
    number = Edition.objects.values_list("number", flat=True).first() or 0
    # The newest label as well: a number that was rolled back comes again, an id of a label does not.
    edition = (number, SkillLabel.objects.aggregate(newest=Max("id"))["newest"] or 0)
    with _lock:
        held = _vectors.get(language)
        if held is None or held.edition != edition:
            rows = SkillLabel.objects.filter(language=language).exclude(kind=Label.Kind.HIDDEN).order_by("id")
            pairs = list(rows.values_list("skill_id", "normalized"))
            if not pairs:
                return None
            vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32)
            labels = vectorizer.fit_transform([text for _skill, text in pairs]).tocsr()
            held = LabelVectors(edition, vectorizer, labels, np.array([skill for skill, _text in pairs]))
            _vectors[language] = held
    return held


def likest(pieces: Sequence[str], *, language: str, least: float, most: int) -> list[tuple[int, float, int]]:
    """(skill id, cosine in [0, 1], number of the piece) for the `most` likest skills of each piece, from `least` up."""
    vectors = label_vectors(language) if pieces else None
    if vectors is None:
        return []
    near = (vectors.vectorizer.transform(pieces) @ vectors.labels.T).tocsr()
    found = []
    for number in range(len(pieces)):
        row = slice(near.indptr[number], near.indptr[number + 1])
        best: dict[int, float] = {}
        for at, cosine in zip(near.indices[row], near.data[row], strict=True):
            if cosine >= least:
                skill = int(vectors.skills[at])
                best[skill] = max(best.get(skill, 0.0), float(cosine))
        ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
        found += [(skill, cosine, number) for skill, cosine in ranked]
    return found
