"""Labels of skills looked up in a sentence: over word roots, in any order, with verbs put together again."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from taxonomy.label_index import Entry, LabelIndex, content_words, meant
from taxonomy.lexicon import PARTICLES
from taxonomy.reading.sentences import Sentence
from taxonomy.text import STOP_WORDS, root, short_vowels

_PARTICIPLE = re.compile(rf"({'|'.join(sorted(PARTICLES, key=len, reverse=True))}|)ge([a-z]{{3,}})$")
LEAST_COVERED = 0.5  # of a label's words, by rarity, for a candidate
MOST_PARTS = 14  # candidates of this kind, a sentence
MOST_MEANINGS = 4  # skills that the same words may say
COMMON_ROOT = 160  # labels: a root in more of them finds none on its own

WINDOW = 4  # words that may stand between the words of a label
MOST_TYPOS = 300  # unknown words that are compared, per text


class Rule(StrEnum):
    """Why words were taken for a skill."""

    LABEL = "label"  # the words of a label, one after the other
    FORMS = "forms"  # other forms of these words
    SPREAD = "spread"  # the words of a label in another order or with others in between
    VERB = "verb"  # a verb whose first part stands elsewhere: "neem ... op"
    PART = "part"  # the words of a label that matter, not all of them
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
    covered: float = 1.0  # how much of the label the words say, by rarity


class Forms:
    """The roots of the words of one text; unknown long words become the known ones that they misspell."""

    def __init__(self, index: LabelIndex) -> None:
        self._index = index
        self._known: dict[str, str] = {}
        self._parts: dict[str, tuple[str, str] | None] = {}
        self._typos = 0

    def of(self, plain: tuple[str, ...]) -> list[str]:
        return [self._form(word) for word in plain]

    def _form(self, word: str) -> str:
        form = self._known.get(word)
        if form is None:
            form = self._whole(word)
            unknown = form not in self._index.vocabulary and len(form) >= 6 and word not in STOP_WORDS
            if unknown and self._typos < MOST_TYPOS:
                self._typos += 1
                form = meant(form, self._index)
            self._known[word] = form
        return form

    def parts(self, word: str) -> tuple[str, str] | None:
        """The known roots of the two halves of a compound that is not known itself; None for other words."""
        if word not in self._parts:
            self._parts[word] = self._split(word)
        return self._parts[word]

    def _split(self, word: str) -> tuple[str, str] | None:
        vocabulary = self._index.vocabulary
        if len(word) < 8 or root(word) in vocabulary or not word.isalpha():
            return None
        for middle in range(3, len(word) - 3):  # the longest last part first: it says what the thing is
            left, right = word[:middle], root(word[middle:])
            if right not in vocabulary:
                continue
            for link in ("", "s", "en", "e", "n"):
                first = root(left.removesuffix(link)) if left.endswith(link) else ""
                if len(first) >= 3 and first in vocabulary:
                    return first, right
        return None

    def _whole(self, word: str) -> str:
        """The root of a word; that of the verb for a past participle ("gesteld" is of "stellen")."""
        form = root(word)
        if form not in self._index.vocabulary and (match := _PARTICIPLE.match(word)):
            verb = root(match[1] + match[2])
            if verb in self._index.vocabulary:
                return verb
        return form


def label_candidates(
    index: LabelIndex, sentence: Sentence, known: Forms, language: str, places: frozenset[int] = frozenset()
) -> list[Candidate]:
    """Every skill of which a label may be said in this sentence, overlapping ones too; not by the names of `places`."""
    plain, words = sentence.plain, sentence.words
    forms = known.of(plain)
    content = [at for at, word in enumerate(plain) if word not in STOP_WORDS and at not in places]
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
            scored = sorted(
                ((_score(entry, said, words, positions, language), entry) for entry in entries),
                key=lambda pair: (-pair[0], pair[1].skill_id),
            )
            for score, entry in scored[:MOST_MEANINGS]:
                if score > 0:
                    rule = Rule.LABEL if said == " ".join(content_words(entry.text.split())) else Rule.FORMS
                    found.append(Candidate(entry.skill_id, positions, score, rule, entry.text, entry))
    places: dict[str, list[int]] = defaultdict(list)
    for at in content:
        places[forms[at]].append(at)
        for part in known.parts(plain[at]) or ():
            places[part].append(at)
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
            if len(positions) < len(entry.roots) and not any(known.parts(plain[at]) for at in positions):
                continue  # one word for two, and no compound
            spread = max(0, positions[-1] - positions[0] + 1 - len(entry.roots))
            if spread <= WINDOW:
                score = entry.weight * (0.84 - 0.05 * spread)
                found.append(Candidate(entry.skill_id, positions, score, Rule.SPREAD, entry.text, entry))
    found.extend(_parts(index, places, language))
    return found


def _parts(index: LabelIndex, places: dict[str, list[int]], language: str) -> list[Candidate]:
    """Skills of which a label is said in part: the rare words of it, close to one another."""
    said: dict[int, list[str]] = defaultdict(list)
    for form in places:
        near = index.postings.get(form, ())
        if len(near) <= COMMON_ROOT:
            for at in near:
                said[at].append(form)
    scored = []
    for at, forms in said.items():
        entry = index.entries[at]
        if entry.language != language or len(entry.roots) < 2:
            continue
        # The common words of the label count when they are there, though they find nothing.
        there = [one for one in dict.fromkeys(entry.roots) if one in places]
        covered = sum(index.rarity[one] for one in there) / index.rarities[at]
        if LEAST_COVERED <= covered < 1:
            scored.append((covered * entry.weight, at, tuple(there), forms[0]))
    found, seen = [], set()
    for score, at, there, around in sorted(scored, reverse=True):
        entry = index.entries[at]
        positions = _closest(there, places, around)
        if positions[-1] - positions[0] >= len(positions) + WINDOW or entry.skill_id in seen:
            continue
        seen.add(entry.skill_id)
        found.append(
            Candidate(entry.skill_id, positions, 0.6 * score, Rule.PART, entry.text, entry, score / entry.weight)
        )
        if len(found) == MOST_PARTS:
            break
    return found


def _rejoined(index: LabelIndex, plain: tuple[str, ...], forms: list[str]) -> Iterator[tuple[int, str]]:
    """(position of the verb, whole root) for verbs whose first part stands elsewhere in the sentence."""
    for at, word in enumerate(plain):
        if word not in PARTICLES or plain[at : at + 3] == ("af", "en", "toe"):
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
        participle = _PARTICIPLE.match(said)
        start = (participle[1] + participle[2] if participle else said)[:3]
        return 0.76 * entry.weight if entry.text[:3] in (said[:3], start) else 0.0
    base = 1.0 if said == " ".join(content_words(entry.text.split())) else 0.9
    return base * entry.weight * (1.0 if entry.language == language else 0.9)
