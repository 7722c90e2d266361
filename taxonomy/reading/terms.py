"""Certificates and licences, languages and the education level that a text names."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise

from taxonomy.lexicon import EDUCATION_WORDS, LANGUAGE_LEVELS, LANGUAGE_OF
from taxonomy.models import Certificate
from taxonomy.reading.sentences import Sentence
from taxonomy.reading.wording import Asked, Stance, Wording
from taxonomy.text import normalize_again

Read = list[tuple[Sentence, Wording]]  # a text, sentence by sentence

_CATEGORY = r"(?:am|be|b|c1e|c1|ce|c|de|d1|d|e|t)\b"
_DRIVING = re.compile(
    rf"\b(?:rijbewij(?:s|zen)|driving licen[cs]e)\s*(?:categorie(?:ën)?\s*)?[:(\"'“-]?\s*"
    rf"({_CATEGORY}(?:\s*(?:,|/|\+|&|en|of|and|or)\s*{_CATEGORY})*)"
    rf"|\b(am|be|b|ce|c|de|d|t)[ -]?rijbewijs\b",
    re.IGNORECASE,
)
_CATEGORIES = frozenset({"AM", "B", "BE", "C", "C1", "C1E", "CE", "D", "D1", "T"})
_PAPERS = frozenset({"certificaat", "diploma", "registratie", "bewijs", "pas", "certificate", "licence", "license"})
_LEVELS = re.compile(r"\b(?:mbo|niveau)[ -]?(?:niveau )?([1-4])(?: ?(?:/|-|of|en|à|or) ?([1-4]))\b")


@dataclass(frozen=True)
class FoundCertificate:
    """A certificate or licence; `start` and `end` are its place in the text in characters."""

    certificate_id: int
    label: str
    passage: str
    start: int = 0
    end: int = 0
    stance: Stance = Stance.SAID
    asked: Asked | None = None


@dataclass(frozen=True)
class FoundLanguage:
    language: str  # core.choices.Language
    level: int | None  # core.choices.LanguageLevel where the text says one
    passage: str
    start: int = 0
    end: int = 0
    stance: Stance = Stance.SAID
    asked: Asked | None = None


@dataclass(frozen=True)
class FoundEducation:
    level: int  # core.choices.EducationLevel
    passage: str
    start: int = 0
    end: int = 0


def certificates(read: Read) -> list[FoundCertificate]:
    """All certificates and licences that are named, in order of the text; one that is asked beats one denied."""
    known: dict[tuple[str, ...], list[tuple[Certificate, str]]] = defaultdict(list)
    by_key = {}
    for certificate in Certificate.objects.order_by("id"):
        by_key[certificate.key] = certificate
        for label in (certificate.label_nl, certificate.label_en, *certificate.alternatives.split("|")):
            words = normalize_again(label).split()
            if words and len(label) > 1:
                short = label if len(words) == 1 and len(label) <= 5 and label.upper() == label else ""
                known[tuple(words)].append((certificate, short))
    longest: dict[str, int] = {}  # by the first word
    for label in known:
        longest[label[0]] = max(longest.get(label[0], 0), len(label))
    found: dict[int, FoundCertificate] = {}

    def keep(one: Certificate, sentence: Sentence, said: Wording, first: int, last: int) -> None:
        start, end = sentence.spans[first][0], sentence.spans[last][1]
        this = FoundCertificate(
            one.pk, one.label, sentence.passage, start, end, said.stance((first,)), said.asks((first,))
        )
        if one.pk not in found or (found[one.pk].stance is not Stance.SAID and this.stance is Stance.SAID):
            found[one.pk] = this

    for sentence, said in read:
        plain, words = sentence.plain, sentence.words
        at = 0
        while at < len(plain):
            step = 1
            for length in range(min(longest.get(plain[at], 0), len(plain) - at), 0, -1):
                entries = known.get(tuple(plain[at : at + length]), ())
                # Short capitals are names (BIG, VCA), the same letters in lower case are words.
                fitting = [one for one, short in entries if not short or words[at] == short]
                if fitting:
                    step = length
                    if at + step < len(plain) and plain[at + step] in _PAPERS and at + step not in sentence.breaks:
                        step += 1  # "VCA-certificaat"
                    if not (length == 1 and fitting[0].key == "rijbewijs_b" and _DRIVING.search(sentence.raw)):
                        keep(fitting[0], sentence, said, at, at + step - 1)
                    break
            at += step
        for match in _DRIVING.finditer(sentence.raw):
            first = sentence.position_at(match.start())
            last = max(first, sentence.position_at(match.end() - 1))
            for category in re.findall(r"[a-z]\w*", (match[1] or match[2]).lower()):
                one = by_key.get(f"rijbewijs_{category}")
                if one is not None and category not in ("en", "of", "and", "or"):
                    keep(one, sentence, said, first, min(last, len(plain) - 1))
        if "rijbewijs" in plain and not sentence.raw.isupper():  # "Rijbewijs B is vereist, BE een pre"
            for at in range(plain.index("rijbewijs") + 1, len(plain)):
                if words[at] in _CATEGORIES and plain[at - 1] != "rijbewijs":
                    one = by_key.get(f"rijbewijs_{plain[at]}")
                    if one is not None and one.pk not in found:
                        keep(one, sentence, said, at, at)
    return list(found.values())


def languages(read: Read) -> list[FoundLanguage]:
    """All languages that are named, each with the highest CEFR level that is said of it."""
    found: dict[str, FoundLanguage] = {}
    for sentence, said in read:
        plain = sentence.plain
        named = [
            at for at, word in enumerate(plain)
            if word in LANGUAGE_OF
            and (not word.endswith("se") or {"taal", "language", "talen"} & set(plain[at + 1 : at + 5]))
        ]  # fmt: skip
        for number, at in enumerate(named):
            end = named[number + 1] if number + 1 < len(named) else len(plain)
            begin = named[number - 1] + 1 if number else 0
            code = LANGUAGE_OF[plain[at]]
            start, stop = sentence.spans[at]
            this = FoundLanguage(
                code, _language_level(sentence, at, begin, end), sentence.passage, start, stop, said.stance((at,)),
                said.asks((at,)),
            )  # fmt: skip
            before = found.get(code)
            if before is None or _rank(this) > _rank(before):
                found[code] = this
        # "Nederlands en Engels vloeiend", "goed Nederlands en Engels": what is said of one goes for its neighbour.
        for one, other in pairwise(named):
            codes = LANGUAGE_OF[plain[one]], LANGUAGE_OF[plain[other]]
            if other - one == 2 and plain[one + 1] in ("en", "of", "and", "or"):
                levels = [found[code].level for code in codes]
                for code, level in zip(codes, reversed(levels), strict=True):
                    if found[code].level is None and level is not None:
                        found[code] = replace(found[code], level=level)
    return list(found.values())


def _rank(found: FoundLanguage) -> tuple[bool, int]:
    return found.stance is Stance.SAID, found.level or 0


def _language_level(sentence: Sentence, at: int, begin: int, end: int) -> int | None:
    plain = sentence.plain
    if begin:  # what stands before a comma is said of the language before: "Engels B1, Duits is mijn moedertaal"
        begin = max((one for one in sentence.breaks if begin < one <= at), default=begin)
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


def education(read: Read) -> list[FoundEducation]:
    """Every education level that is named, in order of the text; not those that are denied, unfinished or wished for."""
    found = []
    for sentence, said in read:
        lowered = sentence.raw.lower()
        for match in _LEVELS.finditer(lowered):
            start = sentence.start + match.start(2)
            if said.stance((sentence.position_at(match.start()),)) is Stance.SAID:
                found.append(FoundEducation(int(match[2]), sentence.passage, start, start + 1))
        for pattern, level in EDUCATION_WORDS:
            for match in re.finditer(pattern, lowered):
                if match[0] == "wo" and re.search(r"\b(?:ma|di|do|vr|za|zo)\b", lowered):
                    continue  # Wednesday
                start = sentence.start + match.start()
                if said.stance((sentence.position_at(match.start()),)) is Stance.SAID:
                    found.append(FoundEducation(level, sentence.passage, start, start + len(match[0])))
                lowered = lowered[: match.start()] + " " * len(match[0]) + lowered[match.end() :]
    return sorted(found, key=lambda one: one.start)
