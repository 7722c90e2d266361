"""Labels of skills looked up in a sentence: over word roots, in any order, with verbs put together again."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from taxonomy.label_index import Entry, LabelIndex, content_words, meant
from taxonomy.lexicon import PARTICLES
from taxonomy.reading.sentences import Sentence
from taxonomy.text import STOP_WORDS, root, short_vowels

WINDOW = 4  # words that may stand between the words of a label
MOST_TYPOS = 300  # unknown words that are compared, per text


class Rule(StrEnum):
    """Why words were taken for a skill."""

    LABEL = "label"  # the words of a label, one after the other
    FORMS = "forms"  # other forms of these words
    SPREAD = "spread"  # the words of a label in another order or with others in between
    VERB = "verb"  # a verb whose first part stands elsewhere: "neem ... op"
    MEANING = "meaning"  # a phrase that means what a label means


@dataclass(frozen=True)
class Candidate:
    """A skill that some words of a sentence may say; `said` is the label that was recognised."""

    skill_id: int
    positions: tuple[int, ...]
    score: float
    rule: Rule
    said: str
    entry: Entry | None = None


class Forms:
    """The roots of the words of one text; unknown long words become the known ones that they misspell."""

    def __init__(self, index: LabelIndex) -> None:
        self._index = index
        self._known: dict[str, str] = {}
        self._typos = 0

    def of(self, plain: tuple[str, ...]) -> list[str]:
        return [self._form(word) for word in plain]

    def _form(self, word: str) -> str:
        form = self._known.get(word)
        if form is None:
            form = root(word)
            unknown = form not in self._index.vocabulary and len(form) >= 6 and word not in STOP_WORDS
            if unknown and self._typos < MOST_TYPOS:
                self._typos += 1
                form = meant(form, self._index)
            self._known[word] = form
        return form


def label_candidates(index: LabelIndex, sentence: Sentence, forms: list[str], language: str) -> list[Candidate]:
    """Every skill of which a label may be said in this sentence, overlapping ones too."""
    plain, words = sentence.plain, sentence.words
    content = [at for at, word in enumerate(plain) if word not in STOP_WORDS]
    sequence = [forms[at] for at in content]
    found: list[Candidate] = []
    for start, first in enumerate(sequence):
        for length in range(min(index.longest.get(first, 0), len(sequence) - start), 0, -1):
            entries = index.phrases.get(tuple(sequence[start : start + length]))
            if not entries:
                continue
            positions = tuple(content[start : start + length])
            if positions[-1] - positions[0] >= length + 2:
                continue
            said = " ".join(plain[at] for at in positions)
            scored = [(_score(entry, said, words, positions, language), entry) for entry in entries]
            score, entry = max(scored, key=lambda pair: (pair[0], -pair[1].skill_id))
            if score > 0:
                rule = Rule.LABEL if said == " ".join(content_words(entry.text.split())) else Rule.FORMS
                found.append(Candidate(entry.skill_id, positions, score, rule, entry.text, entry))
    places: dict[str, list[int]] = defaultdict(list)
    for at in content:
        places[forms[at]].append(at)
    for at, whole in _rejoined(index, plain, forms):
        places[whole].append(at)
        places[whole].sort()
        found.extend(
            Candidate(entry.skill_id, (at,), 0.8 * entry.weight, Rule.VERB, entry.text, entry)
            for entry in index.phrases.get((whole,), ())
            if entry.language == language
        )
    for form in places:
        for entry in index.by_rarest.get(form, ()):
            if entry.language != language or not all(one in places for one in entry.roots):
                continue
            positions = _closest(entry.roots, places, form)
            spread = positions[-1] - positions[0] + 1 - len(positions)
            if len(positions) == len(entry.roots) and 0 <= spread <= WINDOW:
                score = entry.weight * (0.84 - 0.05 * spread)
                found.append(Candidate(entry.skill_id, positions, score, Rule.SPREAD, entry.text, entry))
    return found


def _rejoined(index: LabelIndex, plain: tuple[str, ...], forms: list[str]) -> Iterator[tuple[int, str]]:
    """(position of the verb, whole root) for verbs whose first part stands elsewhere in the sentence."""
    for at, word in enumerate(plain):
        if word not in PARTICLES:
            continue
        part = short_vowels(word)
        after = (at + 2,) if plain[at + 1 : at + 2] == ("te",) else ()
        for verb in (*range(max(0, at - 10), at), *after):
            if verb < len(plain) and plain[verb] not in STOP_WORDS and part + forms[verb] in index.vocabulary:
                yield verb, part + forms[verb]


def _closest(roots: tuple[str, ...], places: dict[str, list[int]], around: str) -> tuple[int, ...]:
    """The positions of these roots that lie closest to the first place of one of them, in order."""
    best: tuple[int, ...] = ()
    for centre in places[around][:5]:
        chosen = {centre}
        for one in roots:
            if one != around:
                options = places[one]
                at = bisect_right(options, centre)
                chosen.add(min(options[max(0, at - 1) : at + 1], key=lambda place: abs(place - centre)))
        positions = tuple(sorted(chosen))
        if not best or positions[-1] - positions[0] < best[-1] - best[0]:
            best = positions
    return best


def _score(entry: Entry, said: str, words: tuple[str, ...], positions: tuple[int, ...], language: str) -> float:
    """How sure it is that these words mean this label; 0 when they do not."""
    if len(entry.roots) == 1:
        if entry.exact_case and (entry.language != language or len(entry.text) < 4):
            return 0.95 * entry.weight if words[positions[0]] == entry.exact_case else 0.0
        if entry.language != language:
            return 0.0
        if said == entry.text:
            return 0.9 * entry.weight
        return 0.76 * entry.weight if said[:3] == entry.text[:3] else 0.0
    base = 1.0 if said == " ".join(content_words(entry.text.split())) else 0.9
    return base * entry.weight * (1.0 if entry.language == language else 0.9)


def without_parts(candidates: list[Candidate]) -> list[Candidate]:
    """The surest of those that share words: more words first, then the higher score. In order of the text."""
    taken: set[int] = set()
    kept = []
    for one in sorted(candidates, key=lambda one: (-len(one.positions), -one.score, one.positions, one.skill_id)):
        if not taken.issuperset(one.positions) and not (len(one.positions) == 1 and taken & set(one.positions)):
            taken.update(one.positions)
            kept.append(one)
    return sorted(kept, key=lambda one: one.positions)
