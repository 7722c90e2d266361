"""All labels of skills by their word roots, to look texts up in: built once per edition of the taxonomy and process."""

import math
import re
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Max

from taxonomy.models import Edition, Label, Skill, SkillLabel
from taxonomy.text import STOP_WORDS, normalize, root

TYPO_LIKENESS = 0.72  # Dice over trigrams from which an unknown word may be a known one
COMMON = 250  # a root in more labels than this says nothing on its own, unless it is a core label


@dataclass(frozen=True)
class Entry:
    skill_id: int
    roots: tuple[str, ...]
    text: str  # normalised
    language: str
    weight: float
    alone: bool  # a single word that may count wherever it stands
    exact_case: str = ""  # the label as written, for names such as SAP or Java in Dutch text


@dataclass(frozen=True)
class SkillFacts:
    core: bool  # one of our own
    kind: str
    idf: float


@dataclass
class LabelIndex:
    edition: tuple[int, int]
    phrases: dict[tuple[str, ...], list[Entry]] = field(default_factory=lambda: defaultdict(list))
    by_rarest: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    longest: dict[str, int] = field(default_factory=dict)  # first root -> most words of a phrase
    trigrams: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    vocabulary: set[str] = field(default_factory=set)
    labels: dict[int, tuple[str, str]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    postings: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))  # root -> places in `entries`
    rarity: dict[str, float] = field(default_factory=dict)  # root -> how rare it is in labels, > 0
    rarities: list[float] = field(default_factory=list)  # of each entry, that of all its roots
    facts: dict[int, SkillFacts] = field(default_factory=dict)
    words: frozenset[str] = frozenset()  # of all Dutch labels as they stand, normalised


_lock = threading.Lock()
_index: LabelIndex | None = None


def current_index() -> LabelIndex:
    """The index of this edition of the taxonomy; one is kept per process."""
    global _index
    number = Edition.objects.values_list("number", flat=True).first() or 0
    # The newest label as well: a number that was rolled back comes again, an id of a label does not.
    edition = (number, SkillLabel.objects.aggregate(newest=Max("id"))["newest"] or 0)
    if _index is None or _index.edition != edition:
        with _lock:
            if _index is None or _index.edition != edition:
                _index = _build(edition)
    return _index


def content_words(words: list[str]) -> list[str]:
    return [word for word in words if word not in STOP_WORDS]


def _build(edition: tuple[int, int]) -> LabelIndex:
    index = LabelIndex(edition)
    for pk, nl, en, key, kind, idf in Skill.objects.values_list("pk", "label_nl", "label_en", "key", "kind", "idf"):
        index.labels[pk] = nl, en
        index.facts[pk] = SkillFacts(key is not None, kind, idf)
    rows = list(
        SkillLabel.objects.filter(language__in=("nl", "en"))
        .exclude(kind=Label.Kind.HIDDEN)
        .order_by("id")
        .values_list("skill_id", "language", "kind", "text", "normalized")
    )
    roots: dict[str, str] = {}
    frequency: Counter[str] = Counter()
    prepared = []
    for skill_id, language, kind, text, normalized in rows:
        if text.endswith(")") and "(" in text:  # "Python (computerprogrammering)" is said as "Python"
            text = text[: text.rindex("(")].strip() or text
            normalized = normalize(text)
        words = content_words(normalized.split())
        if not words or len(words) > 7:
            continue
        for word in words:
            if word not in roots:
                roots[word] = root(word)
        found = tuple(roots[word] for word in words)
        frequency.update(set(found))
        prepared.append((skill_id, language, kind, text, normalized, found))
    for skill_id, language, kind, text, normalized, found in prepared:
        is_core = index.facts[skill_id].core
        weight = 1.0 if is_core else 0.93
        weight -= 0.0 if kind == Label.Kind.PREFERRED else 0.02
        alone, name = True, ""
        if len(found) == 1:
            if len(normalized) < 3 and not re.search(r"[+#]", normalized):
                continue
            alone = is_core or frequency[found[0]] <= COMMON
            if language == "en" or len(normalized) < 4:
                name = text if any(char.isupper() or char.isdigit() for char in text) else ""
                if len(normalized) < 4 and not name and not re.search(r"[+#]", normalized):
                    continue
        if not alone:
            continue
        entry = Entry(skill_id, found, normalized, language, weight, alone, name)
        index.entries.append(entry)
        for one in set(found):
            index.postings[one].append(len(index.entries) - 1)
        index.phrases[found].append(entry)
        index.longest[found[0]] = max(index.longest.get(found[0], 1), len(found))
        if 1 < len(found) <= 4 and len(set(found)) > 1:
            index.by_rarest[min(found, key=lambda one: (frequency[one], one))].append(entry)
    index.vocabulary = set(frequency)
    index.words = frozenset(word for entry in index.entries if entry.language == "nl" for word in entry.text.split())
    total = math.log(1 + len(prepared))
    index.rarity = {one: total - math.log(count) + 0.1 for one, count in frequency.items()}
    index.rarities = [sum(index.rarity[one] for one in dict.fromkeys(entry.roots)) for entry in index.entries]
    for known in index.vocabulary:
        if len(known) >= 6:
            for gram in _trigrams(known):
                index.trigrams[gram].append(known)
    return index


def _trigrams(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}


def meant(word: str, index: LabelIndex) -> str:
    """The known root that an unknown one is a misspelling of; itself when there is none."""
    mine = _trigrams(word)
    shared: Counter[str] = Counter()
    for gram in mine:
        near = index.trigrams.get(gram, ())
        if len(near) < 1500:
            shared.update(near)
    best, likeness = word, TYPO_LIKENESS
    for known, common in shared.most_common(20):
        score = 2 * common / (len(mine) + len(known))
        if score > likeness and known[0] == word[0]:
            best, likeness = known, score
    return best
