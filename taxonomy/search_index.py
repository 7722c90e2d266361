"""Every label of one kind of concept, held in memory to be searched: built once per edition of the taxonomy and process.

A label is the words it consists of; words are few (some 30,000 for all of ESCO in two languages), so a query is compared
with the words first, and only then with the labels that hold them. All of it is NumPy over compact arrays.
"""

import threading
from bisect import bisect_left
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
from django.db import DatabaseError, connection
from django.db.models import Subquery
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from taxonomy.meaning import meanings
from taxonomy.models import Concept, Edition, Label, Occupation, OccupationLabel, Skill, SkillLabel
from taxonomy.text import stem

LEAST_LIKENESS = 0.3  # words that are less alike do not meet
LEAST_TYPO = 0.68  # optimal string alignment (normalised) from which a word may be a misspelling of another
TYPO_CANDIDATES = 80  # words with most trigrams in common that are compared letter by letter
REMEMBERED = 512  # words whose likenesses are kept
TABLES: dict[str, tuple[type[Concept], type[Label]]] = {
    "occupation": (Occupation, OccupationLabel),
    "skill": (Skill, SkillLabel),
}


@dataclass(frozen=True)
class Facts:
    """What is known of a concept apart from its labels."""

    id: int
    label_nl: str
    label_en: str
    kind: str
    core: bool
    popularity: float  # [0, 1]


@dataclass(frozen=True)
class Likeness:
    """How much words of the vocabulary are like a typed one: `word` ascending by `quality`, each (n,)."""

    word: NDArray[np.int32]
    quality: NDArray[np.float32]


@dataclass
class SearchIndex:
    """Labels by their words. Row numbers of labels run along `concept`, those of words along `vocabulary`."""

    edition: tuple[int, int | None]
    facts: list[Facts]
    concept: NDArray[np.int32]  # (labels,) row in `facts`
    preferred: NDArray[np.bool_]  # (labels,)
    bonus: NDArray[np.float32]  # (labels,) what a label scores for itself: common, our own, preferred
    length: NDArray[np.float32]  # (labels,) letters
    first_word: NDArray[np.int32]  # (labels,)
    vocabulary: list[str]  # sorted
    word_length: NDArray[np.float32]  # (words,)
    holders: NDArray[np.int32]  # labels by word, from `holders_from[word]` to the next
    holders_from: NDArray[np.int64]  # (words + 1,)
    texts: bytes  # all labels as written, UTF-8
    texts_from: NDArray[np.int64]  # (labels + 1,)
    normalized: str
    normalized_from: NDArray[np.int64]  # (labels + 1,)
    stems: dict[str, list[int]]
    trigrams: dict[str, NDArray[np.int32]]
    letters: str  # the vocabulary as one text, a line feed around each word
    letters_from: NDArray[np.int64]  # (words,)
    _known: dict[str, Likeness] = field(default_factory=dict)

    def fact(self, pk: int) -> Facts | None:
        """What is known of a concept; None when it is not in this edition."""
        at = bisect_left(self.facts, pk, key=lambda one: one.id)
        return self.facts[at] if at < len(self.facts) and self.facts[at].id == pk else None

    def text(self, label: int) -> str:
        return self.texts[self.texts_from[label] : self.texts_from[label + 1]].decode()

    def plain(self, label: int) -> str:
        return self.normalized[self.normalized_from[label] : self.normalized_from[label + 1]]

    def number(self, word: str) -> int | None:
        """The row of a word in the vocabulary; None when no label holds it."""
        at = bisect_left(self.vocabulary, word)
        return at if at < len(self.vocabulary) and self.vocabulary[at] == word else None

    def knows(self, word: str) -> bool:
        """Whether a label holds this word, or a form of it."""
        return self.number(word) is not None or (len(word) > 4 and stem(word) in self.stems)

    def starting(self, start: str) -> tuple[int, int]:
        """The words that begin like this, from the first row up to the second."""
        return bisect_left(self.vocabulary, start), bisect_left(self.vocabulary, start + "\x7f")

    def alike(self, word: str) -> Likeness:
        """The words that `word` may stand for: its forms, compounds that hold it, and what it may be a typo of."""
        found = self._known.get(word)
        if found is None:
            found = self._alike(word)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[word] = found
        return found

    def _alike(self, word: str) -> Likeness:
        quality: dict[int, float] = {}
        base = stem(word)
        if len(word) < 3:
            for row in range(*self.starting(word)):
                quality[row] = likeness(word, base, self.vocabulary[row])
        else:
            part = base if len(base) > 3 else word
            at, starts = self.letters.find(part), []
            while at >= 0:
                starts.append(at)
                at = self.letters.find(part, at + 1)
            rows = np.unique(np.searchsorted(self.letters_from, starts, side="right") - 1).tolist() if starts else []
            for row in (*rows, *self.stems.get(base, ())):
                quality[row] = likeness(word, base, self.vocabulary[row])
            for form in other_gender(word):
                row = self.number(form)
                if row is not None:
                    quality[row] = max(quality.get(row, 0.0), 0.95)
            if len(word) > 3 and max(quality.values(), default=0) < 0.79:
                quality = self._misspelt(word) | quality
        kept = sorted((value, row) for row, value in quality.items() if value >= LEAST_LIKENESS)
        return Likeness(
            np.array([row for _, row in kept], dtype=np.int32), np.array([value for value, _ in kept], dtype=np.float32)
        )

    def _misspelt(self, word: str) -> dict[int, float]:
        """Words that `word` may be a misspelling of (or of whose beginning it may be one), with their likeness."""
        lists = [self.trigrams[gram] for gram in _trigrams(word) if gram in self.trigrams]
        if not lists:
            return {}
        rows, counts = np.unique(np.concatenate(lists), return_counts=True)
        dice = counts / (len(word) + self.word_length[rows])
        best = rows[np.argsort(-dice, kind="stable")[:TYPO_CANDIDATES]]
        found = {}
        for row in best.tolist():
            known = self.vocabulary[row]
            alike = OSA.normalized_similarity(word, known)
            if len(known) > len(word) + 1 and len(word) > 4:  # still being typed
                alike = max(alike, 0.95 * OSA.normalized_similarity(word, known[: len(word)]))
            if alike >= LEAST_TYPO:
                found[row] = 0.88 * alike
        return found

    def meeting(self, words: list[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """How well each label answers each word, and how many of its letters that is; both (words, labels)."""
        quality = np.zeros((len(words), len(self.concept)), dtype=np.float32)
        letters = np.zeros_like(quality)
        for number, word in enumerate(words):
            like = self.alike(word)
            begin, end = self.holders_from[like.word], self.holders_from[like.word + 1]
            counts = end - begin
            if not counts.sum():
                continue
            # All holders of all these words one after the other, the best words last: the best one stays.
            places = np.repeat(end - np.cumsum(counts), counts) + np.arange(counts.sum())
            labels = self.holders[places]
            quality[number, labels] = np.repeat(like.quality, counts)
            letters[number, labels] = np.repeat(self.word_length[like.word], counts)
        return quality, letters


def likeness(word: str, base: str, part: str) -> float:
    """How alike two words are, in [0, 1]: forms of one word, then the same head of a compound, then any part of it.

    >>> [round(likeness("lasser", "las", part), 2) for part in ("lasser", "lassers", "lasserij", "puntlasser")]
    [1.0, 0.95, 0.9, 0.84]
    """
    if word == part:
        return 1.0
    other = stem(part)
    if base == other and len(base) > 2:
        return 0.95
    if part.startswith(word):
        return 0.92 - 0.01 * min(len(part) - len(word), 12)
    if len(word) > 3 and part.endswith(word):
        return 0.84
    if len(base) > 3 and other.endswith(base):
        return 0.78
    if len(word) > 2 and word in part:
        return 0.66
    if len(base) > 3 and base in part:
        return 0.55
    return 0.0


_GENDERS = (
    ("lieden", "man"), ("lui", "man"), ("vrouw", "man"), ("mannen", "man"), ("trice", "teur"), ("euse", "eur"),
    ("ster", "er"), ("ester", "er"), ("essen", "es"), ("esse", ""), ("iste", "ist"), ("ante", "ant"), ("ente", "ent"),
    ("ute", "uut"), ("ge", "oog"), ("esse", "er"), ("in", ""), ("a", "us"), ("juf", "meester"),
)  # fmt: skip


def other_gender(word: str) -> list[str]:
    """What a word for a woman, or for several people, may be for one man: how most occupations are labelled.

    >>> other_gender("timmerlieden"), other_gender("directrice"), other_gender("masseuse"), other_gender("bakster")
    (['timmerman'], ['directeur'], ['masseur'], ['bakker', 'baker'])
    """
    found = []
    for ending, other in _GENDERS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            base = word.removesuffix(ending)
            if ending == "ster" and base[-2] in "aeiou":
                found.append(f"{base}{base[-1]}er")  # bakster, bakker
            found.append(base + other)
    return found


def _trigrams(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}


_lock = threading.Lock()
_indexes: dict[str, SearchIndex] = {}


def current_index(find: str) -> SearchIndex:
    """The index of this edition of the taxonomy for "occupation" or "skill"; while it is built others use the last."""
    # The newest label as well: a number that was rolled back comes again, an id of a label does not.
    newest = TABLES[find][1].objects.order_by("-id").values("id")[:1]
    edition = Edition.objects.annotate(newest=Subquery(newest)).values_list("number", "newest").first()
    if edition is None:
        edition = (0, newest.values_list("id", flat=True).first())
    index = _indexes.get(find)
    if index is not None and index.edition == edition:
        return index
    if not _lock.acquire(blocking=index is None):
        return index  # somebody else is building it
    try:
        index = _indexes.get(find)
        if index is None or index.edition != edition:
            index = _indexes[find] = build_index(find, edition)
    finally:
        _lock.release()
    return index


def held_index(find: str) -> SearchIndex:
    """The index that `current_index` gave last in this process."""
    return _indexes[find]


def warm() -> None:
    """Build the indexes before the first visitor needs them; a database that is not there yet is no error."""
    with suppress(DatabaseError):
        for find in TABLES:
            meanings(find, current_index(find).edition).closest("warm", 1)
    connection.close()
    connection.close_pool()  # processes that are forked from here must not share it


def build_index(find: str, edition: tuple[int, int | None]) -> SearchIndex:
    """Read all concepts and labels of one kind. Half a second for the 115,000 labels of ESCO's skills."""
    concepts, labels = TABLES[find]
    facts = [
        Facts(pk, nl, en, kind, key is not None, popularity)
        for pk, nl, en, kind, key, popularity in (
            (*row[:3], "occupation", row[3], min(row[4], 10) / 10)
            if find == "occupation"
            else (*row[:3], row[5], row[3], (7.5 - min(row[4], 7.5)) / 7)
            for row in concepts.objects.order_by("id").values_list(
                "id", "label_nl", "label_en", "key", *(("demand",) if find == "occupation" else ("idf", "kind"))
            )
        )
    ]
    row_of = {one.id: row for row, one in enumerate(facts)}
    rows = labels.objects.exclude(normalized="").order_by("id")
    concept, preferred, texts, plain = [], [], [], []
    for pk, kind, text, normalized in rows.values_list(f"{find}_id", "kind", "text", "normalized").iterator(10_000):
        concept.append(row_of[pk])
        preferred.append(kind == Label.Kind.PREFERRED)
        texts.append(text.encode())
        plain.append(normalized)
    vocabulary = sorted({word for text in plain for word in text.split(" ")})
    number = {word: row for row, word in enumerate(vocabulary)}
    words = [[number[word] for word in text.split(" ")] for text in plain]
    sizes = np.array([len(one) for one in words], dtype=np.int64)
    flat = np.array([word for one in words for word in one], dtype=np.int32)
    order = np.argsort(flat, kind="stable")
    stems, trigrams = defaultdict(list), defaultdict(list)
    for row, word in enumerate(vocabulary):
        stems[stem(word)].append(row)
        if len(word) > 2:
            for gram in _trigrams(word):
                trigrams[gram].append(row)
    concept_array = np.array(concept, dtype=np.int32)
    preferred_array = np.array(preferred, dtype=bool)
    own = np.array([0.14 * one.popularity + 0.04 * one.core for one in facts], dtype=np.float32)
    return SearchIndex(
        edition=edition,
        facts=facts,
        concept=concept_array,
        preferred=preferred_array,
        bonus=own[concept_array] + np.float32(0.07) * preferred_array if facts else np.zeros(0, np.float32),
        length=np.array([len(text.replace(" ", "")) for text in plain], dtype=np.float32),
        first_word=np.array([one[0] for one in words], dtype=np.int32),
        vocabulary=vocabulary,
        word_length=np.array([len(word) for word in vocabulary], dtype=np.float32),
        holders=np.repeat(np.arange(len(words), dtype=np.int32), sizes)[order],
        holders_from=np.searchsorted(flat[order], np.arange(len(vocabulary) + 1)),
        texts=b"".join(texts),
        texts_from=_offsets(texts),
        normalized="".join(plain),
        normalized_from=_offsets(plain),
        stems=dict(stems),
        trigrams={gram: np.array(found, dtype=np.int32) for gram, found in trigrams.items()},
        letters="\n".join(("", *vocabulary, "")),
        letters_from=_offsets([f"{word}\n" for word in vocabulary])[:-1] + 1,
    )


def _offsets(parts: list) -> NDArray[np.int64]:
    """Where each part begins when they are written one after the other, and where the last one ends."""
    return np.concatenate([[0], np.cumsum([len(part) for part in parts], dtype=np.int64)]).astype(np.int64)
