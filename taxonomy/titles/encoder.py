"""An encoder of job titles, trained on what the taxonomy itself says: labels of one occupation mean the same.

A title is a bag of character n-grams and words; each has a vector, and the title's vector is their weighted sum, at
unit length. The vectors are learned by contrast (InfoNCE): two labels of one occupation, Dutch or English, have to
lie closer to each other than to the labels of the other occupations in the batch. So "poetser" comes to lie beside
"schoonmaker", and "monteur" beside "technicus", without a dictionary.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize as unit_rows

Vectors = NDArray[np.float32]
WIDTH = 128
KEPT = 0.999  # of the running mean of squared slopes, per step
MOST_PIECES = {"char": 60_000, "word": 40_000}
SETTINGS = {
    "char": {"analyzer": "char_wb", "ngram_range": (3, 5)},
    "word": {"analyzer": "word", "token_pattern": r"\S+", "ngram_range": (1, 2)},
}


class Pieces:
    """Titles (normalised) as sparse rows over character n-grams and words, TF-IDF weighted.

    >>> pieces = Pieces.fit(["lasser", "mig lasser", "bakker", "brood bakker"])
    >>> rows = pieces.transform(["tig lasser"])
    >>> rows.shape[0], bool(rows.nnz)
    (1, True)
    """

    def __init__(self, parts: dict[str, TfidfVectorizer]) -> None:
        self.parts = parts
        self.size = sum(len(part.vocabulary_) for part in parts.values())

    @classmethod
    def fit(cls, texts: list[str]) -> "Pieces":
        parts = {}
        for name, settings in SETTINGS.items():
            parts[name] = TfidfVectorizer(
                **settings, sublinear_tf=True, min_df=2, max_features=MOST_PIECES[name], dtype=np.float32,
                lowercase=False,
            )  # fmt: skip
            parts[name].fit(texts)
        return cls(parts)

    def transform(self, texts: list[str]) -> sparse.csr_matrix:
        """Sparse rows (n, size), each part at unit length; a title without a known piece is an empty row."""
        return sparse.hstack([part.transform(texts) for part in self.parts.values()], format="csr", dtype=np.float32)

    def state(self) -> dict[str, NDArray]:
        """What `restore` needs, as arrays without Python objects."""
        state = {}
        for name, part in self.parts.items():
            pieces = sorted(part.vocabulary_, key=part.vocabulary_.__getitem__)
            state[f"{name}_pieces"] = np.frombuffer("\n".join(pieces).encode(), dtype=np.uint8)
            state[f"{name}_idf"] = part.idf_.astype(np.float32)
        return state

    @classmethod
    def restore(cls, state: dict[str, NDArray]) -> "Pieces":
        parts = {}
        for name, settings in SETTINGS.items():
            pieces = state[f"{name}_pieces"].tobytes().decode().split("\n")
            parts[name] = TfidfVectorizer(
                **settings, sublinear_tf=True, dtype=np.float32, lowercase=False, vocabulary=pieces
            )
            parts[name].idf_ = np.asarray(state[f"{name}_idf"])
        return cls(parts)


@dataclass(frozen=True)
class Training:
    """How the encoder learns; the defaults are what docs/language.md reports on."""

    steps: int = 3000
    batch: int = 256  # occupations in a batch: each is a negative for all others
    rate: float = 0.01
    temperature: float = 0.05
    dropped: float = 0.1  # share of the pieces of a title that is left out at random
    width: int = WIDTH
    seed: int = 20


@dataclass(frozen=True)
class Group:
    """Rows that mean the same: Dutch labels, and English labels and descriptions beside them."""

    dutch: NDArray[np.int64]
    other: NDArray[np.int64]
    weight: float = 1.0  # how often it is drawn, next to others of its size


def train(rows: sparse.csr_matrix, groups: list[Group], training: Training) -> Vectors:
    """The vectors of all pieces, (rows.shape[1], width). Needs at least two groups."""
    random = np.random.default_rng(training.seed)
    table = random.standard_normal((rows.shape[1], training.width), dtype=np.float32)
    table *= np.float32(0.3 / np.sqrt(training.width))
    moment, steps_of = np.zeros(len(table), np.float32), np.zeros(len(table), np.int32)
    weight = np.array([group.weight * min(len(group.dutch) + len(group.other), 40) ** 0.75 for group in groups])
    weight /= weight.sum()
    batch = min(training.batch, len(groups))
    for step in range(training.steps):
        chosen = random.choice(len(groups), batch, replace=False, p=weight)
        pairs = np.array([_pair(groups[one], random) for one in chosen], dtype=np.int64)
        picked = rows[pairs.T.ravel()]
        picked.data *= random.random(len(picked.data), dtype=np.float32) >= training.dropped
        touched, place = np.unique(picked.indices, return_inverse=True)
        picked = sparse.csr_matrix((picked.data, place, picked.indptr), shape=(2 * batch, len(touched)))
        current = table[touched]
        slope = picked.T @ _contrast(picked @ current, training.temperature)
        # RMSprop with one step size per piece, corrected for how often that piece was seen.
        steps_of[touched] += 1
        moment[touched] = KEPT * moment[touched] + (1 - KEPT) * np.square(slope).mean(axis=1)
        size = np.sqrt(moment[touched] / (1 - KEPT ** steps_of[touched])) + 1e-9
        rate = training.rate * (1 - step / training.steps) / size
        table[touched] = current - rate.astype(np.float32)[:, None] * slope
    return table


def _pair(group: Group, random: np.random.Generator) -> tuple[int, int]:
    """A Dutch label and another row of its group: half the time Dutch too, where there are several."""
    first = group.dutch[random.integers(len(group.dutch))]
    within = len(group.other) == 0 or (len(group.dutch) > 1 and random.random() < 0.5)
    pool = group.dutch if within else group.other
    second = pool[random.integers(len(pool))]
    if second == first and len(group.other):
        second = group.other[random.integers(len(group.other))]
    return first, second


def _contrast(out: Vectors, temperature: float) -> Vectors:
    """Gradient of the symmetric InfoNCE loss to the summed vectors `out` (2b, d): first halves against second halves.

    Reference: van den Oord et al. 2018, Representation Learning with Contrastive Predictive Coding.
    """
    half = len(out) // 2
    norms = np.linalg.norm(out, axis=1, keepdims=True) + 1e-8
    unit = out / norms
    first, second = unit[:half], unit[half:]
    scores = first @ second.T / temperature
    to_second = np.exp(scores - scores.max(axis=1, keepdims=True))
    to_second /= to_second.sum(axis=1, keepdims=True)
    to_first = np.exp(scores - scores.max(axis=0, keepdims=True))
    to_first /= to_first.sum(axis=0, keepdims=True)
    slope = (to_second + to_first) / 2
    slope[np.arange(half), np.arange(half)] -= 1
    slope /= half * temperature
    to_unit = np.concatenate([slope @ second, slope.T @ first])
    return ((to_unit - unit * (to_unit * unit).sum(axis=1, keepdims=True)) / norms).astype(np.float32)


class Encoder:
    """Pieces with their learned vectors: one table, or several that were learned apart and are asked together.

    What tables from different random starts agree on is more often right than what one of them says.
    """

    def __init__(self, pieces: Pieces, tables: list[Vectors]) -> None:
        self.pieces, self.tables = pieces, tables

    @property
    def width(self) -> int:
        return sum(table.shape[1] for table in self.tables)

    def rows(self, texts: list[str]) -> sparse.csr_matrix:
        return self.pieces.transform(texts)

    def vectors(self, rows: sparse.csr_matrix) -> Vectors:
        """Unit vectors (n, width), their cosine the mean over the tables; zeros for rows without a known piece."""
        parts = [unit_rows(rows @ table) for table in self.tables]
        return (np.hstack(parts) / np.sqrt(len(parts))).astype(np.float32)
