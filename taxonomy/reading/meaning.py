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
    """The phrases of one text, encoded once; `compare` first, then `near`."""

    def __init__(self, vectors: Vectors, read: list[Sentence], places: list[frozenset[int]]) -> None:
        self._vectors = vectors
        self._of: dict[int, list[tuple[int, tuple[int, ...]]]] = {}  # number of the sentence -> (row, positions)
        self._column: dict[int, int] = {}
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

    def compare(self, skills: set[int]) -> None:
        """Compare all phrases with these skills, each by its closest label."""
        known = [one for one in sorted(skills) if one in self._vectors.labels]
        if not known or not self._of:
            return
        self._column = {one: at for at, one in enumerate(known)}
        ranges = [self._vectors.labels[one] for one in known]
        labels = np.concatenate([np.arange(one.start, one.stop) for one in ranges])
        starts = np.cumsum([0, *map(len, ranges[:-1])])
        # One row a label, so that the highest of neighbouring rows is taken for many phrases in one step.
        near, spelling, both = (
            np.ascontiguousarray(grid[:, labels].T) for grid in (self._near, self._spelling, self._both)
        )
        grids = (near, near - self._vectors.hubs[labels, None], spelling, both)
        self._cosine, self._beyond, self._spelled, self._together = (
            np.maximum.reduceat(grid, starts, axis=0).T for grid in grids
        )

    def near(self, number: int, positions: tuple[int, ...], skill_id: int) -> Near:
        """How near a compared skill is to the phrases around these words; `UNKNOWN` for what was not encoded."""
        column = self._column.get(skill_id)
        around = [row for row, words in self._of.get(number, ()) if not set(words).isdisjoint(positions)]
        if column is None or not around:
            return UNKNOWN
        both, row = max((float(self._together[row, column]), row) for row in around)
        rival = next((label for one, label in self._best[row] if one != skill_id), None)
        return Near(
            max(float(self._cosine[row, column]) for row in around),
            max(float(self._beyond[row, column]) for row in around),
            max(float(self._spelled[row, column]) for row in around),
            both,
            both - float(self._both[row, rival]) if rival is not None else 0.0,
        )
