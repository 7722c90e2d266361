"""What the phrases of a text mean, compared with what the labels of skills mean."""

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from taxonomy.encoder import encode
from taxonomy.label_index import LabelIndex
from taxonomy.reading.labels import Candidate, Rule
from taxonomy.reading.phrases import phrases
from taxonomy.reading.sentences import Sentence
from taxonomy.skill_vectors import SkillVectors, fingerprint, load_vectors

MOST_PHRASES = 260  # a text; what comes after is read by its labels alone
LONGEST_PHRASE = 100  # characters
BEST = 3  # labels that a phrase may mean
LEAST = 0.45  # cosine from which a label may be meant


@dataclass(frozen=True)
class Near:
    """How near a skill is to some words: cosine, that less the hubness of the label, and the lead over other labels."""

    cosine: float
    beyond_hub: float
    lead: float


UNKNOWN = Near(np.nan, np.nan, np.nan)


class Vectors:
    """The vectors of this edition's labels, with the rows of every skill."""

    def __init__(self, edition: tuple, loaded: SkillVectors) -> None:
        self.edition = edition
        self.loaded = loaded
        self.rows: dict[int, NDArray[np.int64]] = {}
        if len(loaded.skills):
            order = np.argsort(loaded.skills, kind="stable")
            ids, starts = np.unique(loaded.skills[order], return_index=True)
            self.rows = dict(zip(ids.tolist(), np.split(order, starts[1:]), strict=True))


_lock = threading.Lock()
_vectors: Vectors | None = None


def current_vectors(index: LabelIndex) -> Vectors:
    """The vectors that belong to this index; one set is kept per process."""
    global _vectors
    edition = (index.edition, fingerprint())
    if _vectors is None or _vectors.edition != edition:
        with _lock:
            if _vectors is None or _vectors.edition != edition:
                _vectors = Vectors(edition, load_vectors())
    return _vectors


class Meaning:
    """The phrases of one text, encoded once."""

    def __init__(self, vectors: Vectors, read: list[Sentence], places: list[frozenset[int]]) -> None:
        self._vectors = vectors
        self._of: dict[int, list[int]] = {}  # number of the sentence -> rows
        self.phrases: list[tuple[int, tuple[int, ...]]] = []
        texts: dict[str, int] = {}
        rows = []
        for number, sentence in enumerate(read):
            for positions in phrases(sentence, places[number]):
                if len(self.phrases) >= MOST_PHRASES or not len(vectors.loaded.skills):
                    break
                text = " ".join(sentence.words[at].lower() for at in positions)[:LONGEST_PHRASE]
                rows.append(texts.setdefault(text, len(texts)))
                self._of.setdefault(number, []).append(len(self.phrases))
                self.phrases.append((number, positions))
        loaded = vectors.loaded
        if not texts:
            self._near = np.empty((0, 0), dtype=np.float32)
            return
        cosines = encode(list(texts)) @ loaded.vectors.T
        most = min(10, cosines.shape[1])
        self._mean = np.partition(cosines, -most, axis=1)[:, -most:].mean(axis=1)[rows]
        self._near = cosines
        self._row = rows
        self._best = {}
        beyond = cosines - 0.5 * loaded.hubs
        top = min(4 * BEST, cosines.shape[1])
        self._order = np.argpartition(-beyond, top - 1, axis=1)[:, :top]
        self._beyond = beyond

    def candidates(self, number: int) -> list[Candidate]:
        """The skills that the phrases of a sentence may mean."""
        found = []
        for phrase in self._of.get(number, ()):
            row = self._row[phrase]
            order = self._order[row]
            order = order[np.argsort(-self._beyond[row, order], kind="stable")]
            seen: set[int] = set()
            for label in order.tolist():
                skill_id = int(self._vectors.loaded.skills[label])
                cosine = float(self._near[row, label])
                if cosine < LEAST or skill_id in seen:
                    continue
                seen.add(skill_id)
                found.append(
                    Candidate(
                        skill_id, self.phrases[phrase][1], cosine, Rule.MEANING, self._vectors.loaded.texts[label]
                    )
                )
                if len(seen) == BEST:
                    break
        return found

    def near(self, number: int, positions: tuple[int, ...], skill_id: int) -> Near:
        """How near a skill is to the phrases around these words; `UNKNOWN` for what was not encoded."""
        labels = self._vectors.rows.get(skill_id)
        mine = set(positions)
        around = [one for one in self._of.get(number, ()) if mine.intersection(self.phrases[one][1])]
        if labels is None or not around:
            return UNKNOWN
        rows = [self._row[one] for one in around]
        block = self._near[np.ix_(rows, labels)]
        best = int(block.argmax())
        phrase, label = around[best // len(labels)], labels[best % len(labels)]
        cosine = float(block.flat[best])
        return Near(cosine, cosine - float(self._vectors.loaded.hubs[label]), cosine - float(self._mean[phrase]))
