"""Ranking occupations for a title: how close it lies to their labels, in four ways, as one sum.

For a title and an occupation:

    evidence = Σ weight · feature + 0.4 · log(1 + Dutch labels)

- **closest**: cosine of the learned vectors of the title and the occupation's closest Dutch label;
- **centre**: cosine with the mean of all that is said of the occupation: labels in two languages, descriptions;
- **across**: cosine with its closest English label or description;
- **spelling**: cosine of character n-grams with its closest Dutch label (what the encoder has not learned).

Work with many names is more often meant than work with one. The weights were fitted on labels of ESCO that were held
out from training; those of learned cosines are a fifth higher since two encoders are asked, whose means lie closer together
(docs/language.md).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.preprocessing import normalize as unit_rows

from taxonomy.titles.encoder import Encoder, Vectors

FEATURES = ("closest", "centre", "across", "spelling")
WEIGHTS = np.array([6.0, 8.4, 6.6, 4.5], dtype=np.float32)
BREADTH = 0.4
ALONE_CENTRE, ALONE_ACROSS = 0.7, 0.5  # of `closest`, for a text that no occupation knows: it has one label only


@dataclass(frozen=True)
class Labels:
    """Rows of one kind by the occupation they belong to: `owner` (n,) ascending, rows in `FEATURES`' spaces."""

    owner: NDArray[np.int32]
    vectors: Vectors

    def best(self, similarity: NDArray[np.float32], size: int) -> NDArray[np.float32]:
        """(titles, size) the highest similarity per owner; 0 where an owner has no row."""
        best = np.zeros((len(similarity), size), dtype=np.float32)
        if len(self.owner):
            owners, starts = np.unique(self.owner, return_index=True)
            best[:, owners] = np.maximum.reduceat(similarity, starts, axis=1)
        return best


@dataclass(frozen=True)
class TitleIndex:
    """What titles are compared with. Occupations are rows 0 … n-1 of `centres`."""

    encoder: Encoder
    dutch: Labels
    english: Labels
    centres: Vectors
    spelling: sparse.csr_matrix  # (pieces, Dutch labels), unit columns

    @classmethod
    def build(
        cls, encoder: Encoder, size: int, dutch: list[tuple[int, str]], english: list[tuple[int, str]]
    ) -> "TitleIndex":
        """From (occupation row, normalised text), any order; English texts are labels and descriptions."""
        dutch, english = sorted(dutch), sorted(english)
        rows = encoder.rows([text for _, text in dutch])
        kinds = []
        for texts, vectors in (
            (dutch, encoder.vectors(rows)), (english, encoder.vectors(encoder.rows([text for _, text in english])))
        ):  # fmt: skip
            kinds.append(Labels(np.array([row for row, _ in texts], dtype=np.int32), vectors))
        centres = np.zeros((size, encoder.width), dtype=np.float32)
        for labels in kinds:
            np.add.at(centres, labels.owner, labels.vectors)
        return cls(encoder, kinds[0], kinds[1], unit_rows(centres).astype(np.float32), _columns(rows))

    @property
    def size(self) -> int:
        return len(self.centres)

    def features(self, titles: list[str]) -> NDArray[np.float32]:
        """(titles, occupations, features) for cleaned titles."""
        rows = self.encoder.rows(titles)
        vectors = self.encoder.vectors(rows)
        found = np.empty((len(titles), self.size, len(FEATURES)), dtype=np.float32)
        found[:, :, 0] = self.dutch.best(vectors @ self.dutch.vectors.T, self.size)
        found[:, :, 1] = vectors @ self.centres.T
        found[:, :, 2] = self.english.best(vectors @ self.english.vectors.T, self.size)
        found[:, :, 3] = self.dutch.best((unit_rows(rows) @ self.spelling).toarray(), self.size)
        return found

    def evidence(self, titles: list[str]) -> NDArray[np.float32]:
        """(titles, occupations) the sum above: differences are log odds."""
        labels = np.bincount(self.dutch.owner, minlength=self.size)
        return self.features(titles) @ WEIGHTS + np.float32(BREADTH) * np.log1p(labels).astype(np.float32)

    def prepared(self, texts: list[str]) -> "Texts":
        """Texts that titles will be compared with, normalised."""
        rows = self.encoder.rows(texts)
        return Texts(self.encoder.vectors(rows), _columns(rows))

    def evidence_of_texts(self, titles: list[str], texts: "Texts") -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Evidence (titles, texts) for texts that no occupation has as a label, and their `closest`.

        Each counts as an occupation with one label.
        """
        rows = self.encoder.rows(titles)
        closest = self.encoder.vectors(rows) @ texts.vectors.T
        spelling = (unit_rows(rows) @ texts.spelling).toarray()
        alone = WEIGHTS[0] + WEIGHTS[1] * ALONE_CENTRE + WEIGHTS[2] * ALONE_ACROSS
        return alone * closest + WEIGHTS[3] * spelling + np.float32(BREADTH * np.log(2)), closest


@dataclass(frozen=True)
class Texts:
    """Texts in the spaces of the features: `vectors` (n, width), `spelling` (pieces, n), unit columns."""

    vectors: Vectors
    spelling: sparse.csr_matrix


def _columns(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    return unit_rows(rows).T.tocsr()
