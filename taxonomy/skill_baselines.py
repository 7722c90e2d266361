"""What the reader of texts is measured against: label look-up, the same over stems, and the sentence encoder alone.

Each gives scored skills; the threshold that is best on the tuning half is taken, so that they are as good as they can be.
"""

import re
from collections.abc import Callable
from functools import cache

import numpy as np
import snowballstemmer

from taxonomy.encoder import encode
from taxonomy.judged_passages import Passage, agreement
from taxonomy.label_index import current_index
from taxonomy.models import Label, SkillLabel
from taxonomy.reading.meaning import current_vectors
from taxonomy.reading.phrases import phrases
from taxonomy.reading.sentences import sentences
from taxonomy.skill_vectors import plain_label
from taxonomy.text import normalize

Scored = dict[int, float]  # skill id -> score
LONGEST = 7  # words of a label
_STEMMERS = {"nl": snowballstemmer.stemmer("dutch"), "en": snowballstemmer.stemmer("english")}


@cache
def _stem(word: str, language: str) -> str:
    return _STEMMERS[language].stemWord(word)


class LookUp:
    """Labels found word for word (or stem for stem), the longest first; scored by the length of the label."""

    def __init__(self, *, stems: bool) -> None:
        self._stems = stems
        self._labels: dict[str, dict[tuple[str, ...], set[int]]] = {"nl": {}, "en": {}}
        rows = SkillLabel.objects.filter(language__in=("nl", "en")).exclude(kind=Label.Kind.HIDDEN)
        for skill_id, language, text in rows.values_list("skill_id", "language", "text"):
            words = self._form(normalize(plain_label(text)).split(), language)
            if 0 < len(words) <= LONGEST:
                self._labels[language].setdefault(words, set()).add(skill_id)

    def _form(self, words: list[str], language: str) -> tuple[str, ...]:
        return tuple(_stem(word, language) for word in words) if self._stems else tuple(words)

    def __call__(self, passage: Passage) -> Scored:
        found: Scored = {}
        labels = self._labels[passage.language]
        for sentence in sentences(passage.text):
            words = self._form(list(sentence.plain), passage.language)
            at = 0
            while at < len(words):
                for length in range(min(LONGEST, len(words) - at), 0, -1):
                    skills = labels.get(words[at : at + length])
                    if skills:
                        score = float(len(" ".join(words[at : at + length])))
                        # Of skills with the same label the first one: nothing here can tell them apart.
                        skill_id = min(skills)
                        found[skill_id] = max(score, found.get(skill_id, 0.0))
                        at += length - 1
                        break
                at += 1
        return found


def clauses_encoded(passage: Passage) -> Scored:
    """The encoder alone: the label nearest in meaning to each piece between punctuation marks, scored by the cosine."""
    pieces = re.split(r"[.,;:!?()\n•]+", passage.text)
    return _nearest([" ".join(piece.lower().split()) for piece in pieces if piece.strip()])


def phrases_encoded(passage: Passage) -> Scored:
    """The same over the phrases that the reader takes: lists and lead-ins are cut, so a part of it is borrowed."""
    return _nearest(
        [
            " ".join(sentence.words[at].lower() for at in positions)
            for sentence in sentences(passage.text)
            for positions in phrases(sentence)
        ]
    )


def _nearest(texts: list[str]) -> Scored:
    vectors = current_vectors(current_index())
    found: Scored = {}
    if texts:
        cosines = encode(texts) @ vectors.vectors.T
        for row, label in enumerate(cosines.argmax(axis=1)):
            skill_id = int(vectors.skills[label])
            found[skill_id] = max(float(cosines[row, label]), found.get(skill_id, 0.0))
    return found


def best_threshold(passages: list[Passage], scored: Callable[[Passage], Scored]) -> float:
    """The threshold with the best F1 at concept level on these passages."""
    of = {passage.id: scored(passage) for passage in passages}
    values = sorted({value for found in of.values() for value in found.values()})
    tried = np.quantile(values, np.linspace(0, 1, 60)).tolist() if values else [0.0]

    def f1(threshold: float) -> float:
        return agreement(passages, lambda one: above(of[one.id], threshold)).f1

    return max(tried, key=lambda threshold: (f1(threshold), -threshold))


def above(found: Scored, threshold: float) -> set[int]:
    return {skill_id for skill_id, score in found.items() if score >= threshold}
