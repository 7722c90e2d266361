"""What the phrases of a text mean, compared with what the labels of skills mean, and how they are spelled."""

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from taxonomy.encoder import encode
from taxonomy.label_index import LabelIndex
from taxonomy.reading.labels import Candidate, Rule
from taxonomy.reading.phrases import phrases
from taxonomy.reading.sentences import Sentence
from taxonomy.skill_vectors import SkillVectors, fingerprint, load_vectors

MOST_PHRASES = 260  # a text; what comes after is read by its labels alone
LONGEST_PHRASE = 100  # characters
BEST = 5  # skills that a phrase may mean
LEAST = 0.45  # of meaning and spelling together from which a label may be meant
HUBNESS = 0.5  # of a label that is taken off its cosine


@dataclass(frozen=True)
class Near:
    """How near a skill is to some words.

    `cosine` of meaning, that less the hubness of the label; `spelling`: cosine of character n-grams; `both`: meaning and
    spelling together, less a part of the hubness; `ahead`: that less the best of another skill.
    """

    cosine: float
    beyond_hub: float
    spelling: float
    both: float
    ahead: float


UNKNOWN = Near(*[np.nan] * 5)


class Vectors:
    """The vectors of this edition's labels, those of a skill side by side, and how they are spelled."""

    def __init__(self, edition: tuple, loaded: SkillVectors) -> None:
        self.edition = edition
        order = np.argsort(loaded.skills, kind="stable")
        self.skills, self.vectors, self.hubs = loaded.skills[order], loaded.vectors[order], loaded.hubs[order]
        self.texts = [loaded.texts[at] for at in order.tolist()]
        ids, *ends = np.unique(self.skills, return_index=True, return_counts=True)
        places = zip(ids.tolist(), *(each.tolist() for each in ends), strict=True)
        self.labels = {pk: range(first, first + count) for pk, first, count in places}
        self.speller = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32)
        if self.texts:
            self.spelled = self.speller.fit_transform(self.texts).T.tocsr()  # (n-grams, labels)


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
    """The phrases of one text, encoded once and compared with all labels."""

    def __init__(self, vectors: Vectors, read: list[Sentence], places: list[frozenset[int]]) -> None:
        self._vectors = vectors
        self._of: dict[int, list[tuple[int, tuple[int, ...]]]] = {}  # number of the sentence -> (row, positions)
        texts: dict[str, int] = {}
        count = 0
        for number, sentence in enumerate(read):
            for positions in phrases(sentence, places[number]):
                if count >= MOST_PHRASES or not vectors.texts:
                    break
                count += 1
                text = " ".join(sentence.words[at].lower() for at in positions)[:LONGEST_PHRASE]
                self._of.setdefault(number, []).append((texts.setdefault(text, len(texts)), positions))
        if texts:
            said = list(texts)
            self._near = encode(said) @ vectors.vectors.T
            self._spelling = (vectors.speller.transform(said) @ vectors.spelled).toarray()
            self._both = self._near + self._spelling - HUBNESS * vectors.hubs
            self._best = [self._skills_of(both) for both in self._both]

    def _skills_of(self, both: NDArray[np.float32]) -> list[tuple[int, int]]:
        """(skill, label) of the skills that a phrase may mean, the likeliest first, and one more."""
        top = min(6 * BEST, len(both))
        order = np.argpartition(-both, top - 1)[:top]
        found: dict[int, int] = {}
        for label in order[np.lexsort((order, -both[order]))].tolist():
            found.setdefault(int(self._vectors.skills[label]), label)
        return list(found.items())[: BEST + 1]

    def candidates(self, number: int) -> list[Candidate]:
        """The skills that the phrases of a sentence may mean."""
        found = []
        for row, positions in self._of.get(number, ()):
            for skill_id, label in self._best[row][:BEST]:
                cosine, spelling = float(self._near[row, label]), float(self._spelling[row, label])
                if cosine + spelling >= LEAST:
                    found.append(Candidate(skill_id, positions, cosine, Rule.MEANING, self._vectors.texts[label]))
        return found

    def near(self, number: int, positions: tuple[int, ...], skill_id: int) -> Near:
        """How near a skill, by its closest label, is to the phrases around these words; `UNKNOWN` for what was not encoded."""
        labels = self._vectors.labels.get(skill_id)
        around = [row for row, words in self._of.get(number, ()) if not set(words).isdisjoint(positions)]
        if labels is None or not around:
            return UNKNOWN
        mine = slice(labels.start, labels.stop)
        cosine, together = self._near[around, mine], self._both[around, mine].max(axis=1)
        both, row = max(zip(together.tolist(), around, strict=True))
        rival = next((label for one, label in self._best[row] if one != skill_id), None)
        return Near(
            float(cosine.max()),
            float((cosine - self._vectors.hubs[mine]).max()),
            float(self._spelling[around, mine].max()),
            both,
            both - float(self._both[row, rival]) if rival is not None else 0.0,
        )
