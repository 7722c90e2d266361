"""From text to skills, certificates, languages and an education level, each with the passage that says it.

Labels of the taxonomy are looked up over word roots (plural, verb forms), contiguous or in any order within a short
window ("je adviseert onze klanten" says "klanten adviseren"); a longer label beats the shorter one inside it. What is
denied ("geen ervaring met", "niet nodig") is left out.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import get_language

from taxonomy.label_index import Entry, LabelIndex, content_words, current_index, meant
from taxonomy.lexicon import (
    CLAUSE_ENDS,
    EDUCATION_WORDS,
    LANGUAGE_LEVELS,
    LANGUAGE_OF,
    LEVEL_WORDS,
    NEGATIONS,
    NOT_NEEDED,
    NOT_NEGATED_BY,
    PARTICLES,
)
from taxonomy.models import Certificate
from taxonomy.text import STOP_WORDS, normalize, root, short_vowels

LONGEST_TEXT = 200_000  # characters; the rest is not read
WINDOW = 4  # words that may stand between the words of a label
MOST_TYPOS = 300  # unknown words that are compared, per text
PASSAGE = 200
_SENTENCE = re.compile(r"[^.!?;\n\r•·]+(?:\.(?=\w)[^.!?;\n\r•·]*)*")
_WORD = re.compile(r"[^\W_]+(?:[+#]+)?", re.UNICODE)
_DRIVING = re.compile(
    r"\b(?:rijbewij(?:s|zen)|driving licen[cs]e)\s*(?:categorie(?:ën)?\s*)?[:(\"'“]?\s*"
    r"((?:am|be|b|c1e|c1|ce|c|de|d1|d|e|t)\b(?:\s*(?:,|/|\+|&|en|of|and|or)\s*(?:am|be|b|c1e|c1|ce|c|de|d1|d|e|t)\b)*)"
    r"|\b(am|be|b|ce|c|de|d|t)[ -]?rijbewijs\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FoundSkill:
    skill_id: int
    label: str
    passage: str  # the sentence that says it
    level: int | None  # core.choices.Level where the text says one
    score: float  # [0, 1]


@dataclass(frozen=True)
class FoundCertificate:
    certificate_id: int
    label: str
    passage: str


@dataclass(frozen=True)
class FoundLanguage:
    language: str  # core.choices.Language
    level: int | None  # core.choices.LanguageLevel where the text says one
    passage: str


@dataclass(frozen=True)
class _Match:
    entry: Entry
    positions: tuple[int, ...]
    score: float


def _sentences(text: str):
    """(passage, words, normalised words) for each sentence or line."""
    for match in _SENTENCE.finditer(text[:LONGEST_TEXT]):
        words, plain = [], []
        for found in _WORD.finditer(match[0]):
            parts = normalize(found[0]).split()
            if parts:
                words.append(found[0])
                plain.append("".join(parts))
        if plain:
            yield " ".join(match[0].split()), words, plain


def _denied(plain: list[str], sentence: str) -> set[int]:
    """Positions of words of which the sentence says that they are not there or not needed."""
    denied: set[int] = set()
    for at, word in enumerate(plain):
        if word in NEGATIONS and not (at + 1 < len(plain) and plain[at + 1] in NOT_NEGATED_BY):
            for position in range(at + 1, min(at + 10, len(plain))):
                if plain[position] in CLAUSE_ENDS:
                    break
                denied.add(position)
    joined = normalize(sentence)
    if any(phrase in joined for phrase in NOT_NEEDED):
        end = next((at for at, word in enumerate(plain) if word in CLAUSE_ENDS), len(plain))
        denied.update(range(end))
    return denied


def find_skills(text: str, *, language: str = "nl", limit: int = 30) -> list[FoundSkill]:
    """The skills that a text speaks of, the surest first; empty for an empty text.

    `language` is that of the text; labels of the other language count when they are names or more than one word.
    """
    index = current_index()
    shown = get_language() or "nl"
    best: dict[int, tuple[float, int, FoundSkill]] = {}
    known: dict[str, str] = {}
    typos = 0
    order = 0
    for passage, words, plain in _sentences(text):
        forms = []
        for word in plain:
            form = known.get(word)
            if form is None:
                form = root(word)
                if form not in index.vocabulary and len(form) >= 6 and typos < MOST_TYPOS and word not in STOP_WORDS:
                    typos += 1
                    form = meant(form, index)
                known[word] = form
            forms.append(form)
        matches = _matches(index, words, plain, forms, language)
        if not matches:
            continue
        denied = _denied(plain, passage)
        for match in _without_parts(matches):
            if denied.intersection(match.positions):
                continue
            order += 1
            nl, en = index.labels[match.entry.skill_id]
            label = (en or nl) if shown == "en" else (nl or en)
            level = _level_near(plain, match.positions)
            found = FoundSkill(match.entry.skill_id, label, passage[:PASSAGE], level, round(match.score, 3))
            before = best.get(found.skill_id)
            if before is None or (found.score, found.level is not None) > (before[0], before[2].level is not None):
                best[found.skill_id] = (found.score, before[1] if before else order, found)
    ranked = sorted(best.values(), key=lambda entry: (-entry[0], entry[1]))
    return [found for *_, found in ranked[:limit]]


def _matches(index: LabelIndex, words: list[str], plain: list[str], forms: list[str], language: str) -> list[_Match]:
    content = [at for at, word in enumerate(plain) if word not in STOP_WORDS]
    sequence = [forms[at] for at in content]
    found: list[_Match] = []
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
                found.append(_Match(entry, positions, score))
    places: dict[str, list[int]] = defaultdict(list)
    for at in content:
        places[forms[at]].append(at)
    for at, whole in _rejoined(index, plain, forms):
        places[whole].append(at)
        places[whole].sort()
        entries = index.phrases.get((whole,), ())
        found.extend(_Match(entry, (at,), 0.8 * entry.weight) for entry in entries if entry.language == language)
    for form in places:
        for entry in index.by_rarest.get(form, ()):
            if entry.language != language or not all(one in places for one in entry.roots):
                continue
            positions = _closest(entry.roots, places, form)
            spread = positions[-1] - positions[0] + 1 - len(positions)
            if len(positions) == len(entry.roots) and 0 <= spread <= WINDOW:
                found.append(_Match(entry, positions, entry.weight * (0.84 - 0.05 * spread)))
    return found


def _rejoined(index: LabelIndex, plain: list[str], forms: list[str]):
    """(position of the verb, whole root) for verbs whose first part stands elsewhere in the sentence."""
    for at, word in enumerate(plain):
        if word not in PARTICLES:
            continue
        part = short_vowels(word)
        after = (at + 2,) if plain[at + 1 : at + 2] == ["te"] else ()
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


def _score(entry: Entry, said: str, words: list[str], positions: tuple[int, ...], language: str) -> float:
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


def _without_parts(matches: list[_Match]) -> list[_Match]:
    """The surest of matches that share words: more words first, then the higher score. In order of the text."""
    taken: set[int] = set()
    kept = []
    for match in sorted(matches, key=lambda one: (-len(one.positions), -one.score, one.positions, one.entry.skill_id)):
        if not taken.issuperset(match.positions) and not (len(match.positions) == 1 and taken & set(match.positions)):
            taken.update(match.positions)
            kept.append(match)
    return sorted(kept, key=lambda one: one.positions)


def _level_near(plain: list[str], positions: tuple[int, ...]) -> int | None:
    """The level that the words around say, the nearest before counts first; None when they say nothing."""
    before = range(positions[0] - 1, max(-1, positions[0] - 6), -1)
    after = range(positions[-1] + 1, min(len(plain), positions[-1] + 3))
    levels = [LEVEL_WORDS[plain[at]] for at in (*before, *after) if plain[at] in LEVEL_WORDS]
    return max(levels[:2]) if levels else None


def find_certificates(text: str, *, language: str = "nl") -> list[FoundCertificate]:
    """The certificates and licences that a text names, in order of the text; denied ones are left out."""
    known: dict[tuple[str, ...], list[tuple[Certificate, str]]] = defaultdict(list)
    by_key = {}
    for certificate in Certificate.objects.order_by("id"):
        by_key[certificate.key] = certificate
        for label in (certificate.label_nl, certificate.label_en, *certificate.alternatives.split("|")):
            words = normalize(label).split()
            if words and len(label) > 1:
                short = label if len(words) == 1 and len(label) <= 5 and label.upper() == label else ""
                known[tuple(words)].append((certificate, short))
    longest = max(map(len, known), default=0)
    found: dict[int, FoundCertificate] = {}
    for passage, words, plain in _sentences(text):
        denied = _denied(plain, passage)
        at = 0
        while at < len(plain):
            step = 1
            for length in range(min(longest, len(plain) - at), 0, -1):
                entries = known.get(tuple(plain[at : at + length]), ())
                # Short capitals are names (BIG, VCA), the same letters in lower case are words.
                fitting = [one for one, short in entries if not short or words[at] == short]
                if fitting:
                    step = length
                    if at not in denied:
                        one = fitting[0]
                        found.setdefault(one.pk, FoundCertificate(one.pk, one.label, passage[:PASSAGE]))
                    break
            at += step
        for match in _DRIVING.finditer(passage):
            start = len(_WORD.findall(passage[: match.start()]))
            if start in denied:
                continue
            for category in re.findall(r"[a-z]\w*", (match[1] or match[2]).lower()):
                one = by_key.get(f"rijbewijs_{category}")
                if one is not None and category not in ("en", "of", "and", "or"):
                    found.setdefault(one.pk, FoundCertificate(one.pk, one.label, passage[:PASSAGE]))
    return list(found.values())


def find_languages(text: str) -> list[FoundLanguage]:
    """The languages that a text names, with the highest CEFR level that it says for each; denied ones are left out."""
    found: dict[str, FoundLanguage] = {}
    for passage, _, plain in _sentences(text):
        denied = _denied(plain, passage)
        named = [
            at for at, word in enumerate(plain)
            if word in LANGUAGE_OF and at not in denied
            and (not word.endswith("se") or {"taal", "language", "talen"} & set(plain[at + 1 : at + 5]))
        ]  # fmt: skip
        for number, at in enumerate(named):
            end = named[number + 1] if number + 1 < len(named) else len(plain)
            begin = named[number - 1] + 1 if number else 0
            level = _language_level(plain, at, begin, end)
            code = LANGUAGE_OF[plain[at]]
            before = found.get(code)
            if before is None or (level or 0) > (before.level or 0):
                found[code] = FoundLanguage(code, level, passage[:PASSAGE])
        # "Nederlands en Engels vloeiend", "goed Nederlands en Engels": what is said of one goes for its neighbour.
        for one, other in pairwise(named):
            codes = LANGUAGE_OF[plain[one]], LANGUAGE_OF[plain[other]]
            if other - one == 2 and plain[one + 1] in ("en", "of", "and", "or"):
                levels = [found[code].level for code in codes]
                for code, level in zip(codes, reversed(levels), strict=True):
                    if found[code].level is None and level is not None:
                        found[code] = FoundLanguage(code, level, passage[:PASSAGE])
    return list(found.values())


def _language_level(plain: list[str], at: int, begin: int, end: int) -> int | None:
    after, before = plain[at + 1 : min(end, at + 9)], plain[max(begin, at - 6) : at]
    for word in after:
        if re.fullmatch(r"[abc][12]", word):
            return _cefr(word)
    for start in range(len(before) - 1, -1, -1):  # the nearest word before, as part of the longest phrase
        if re.fullmatch(r"[abc][12]", before[start]):
            return _cefr(before[start])
        for longer in range(max(0, start - 3), start + 1):
            phrase = " ".join(before[longer : start + 1])
            if phrase in LANGUAGE_LEVELS:
                return LANGUAGE_LEVELS[phrase]
    joined = f" {' '.join(after)} "
    fitting = [phrase for phrase in LANGUAGE_LEVELS if f" {phrase} " in joined]
    return LANGUAGE_LEVELS[max(fitting, key=len)] if fitting else None


def _cefr(word: str) -> int:
    return {"a": 0, "b": 2, "c": 4}[word[0]] + int(word[1])


def find_education_level(text: str, *, highest: bool = False) -> int | None:
    """The education level (NLQF) that a text names, the lowest of several or the highest (for a CV); None without."""
    found = []
    for passage, _, _ in _sentences(text):
        lowered = passage.lower()
        for pattern, level in EDUCATION_WORDS:
            for match in re.finditer(pattern, lowered):
                if match[0] == "wo" and re.search(r"\b(?:ma|di|do|vr|za|zo)\b", lowered):
                    continue  # Wednesday
                found.append(level)
                lowered = lowered.replace(match[0], " " * len(match[0]), 1)
    return (max if highest else min)(found) if found else None
