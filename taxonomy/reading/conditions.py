"""Hours, pay and place as a text says them."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.models import Place
from taxonomy.places import CALLED, OFFICIAL
from taxonomy.reading.sentences import PASSAGE, Sentence
from taxonomy.text import STOP_WORDS, normalize


class Per(StrEnum):
    HOUR = "hour"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class FoundHours:
    """Hours a week; `least` and `most` are equal when one number is said."""

    least: int
    most: int
    passage: str
    start: int
    end: int


@dataclass(frozen=True)
class FoundPay:
    """Gross pay in euros; `least` and `most` are equal when one amount is said, `per` is hour, month or year."""

    least: Decimal
    most: Decimal
    per: Per
    passage: str
    start: int
    end: int


@dataclass(frozen=True)
class FoundPlace:
    name: str  # a place of `core.models.Place`
    postcode: str  # four digits, empty where the text says only the name
    passage: str
    start: int
    end: int


_HOURS = re.compile(
    r"\b(\d{1,2})(?:\s*(?:-|–|/|à|a|tot(?: en met)?|t/m|of|to)\s*(\d{1,2}))?\s*[- ]?(?:uur|uren|u|hours?|hrs?)\b"
    r"(?!\s*(?:'s|in de|’s|s ochtends))(\s*(?:per|p\.?|a|/|in de|each)\s*(?:week|w\b|wk|dag|day|maand|month)"
    r"|\s*(?:pw|p/w|weekly)\b)?",
    re.IGNORECASE,
)
_CLOCK_BEFORE = re.compile(r"\b(?:van|om|tot|vanaf|rond|from|until|at)\s+$", re.IGNORECASE)
_FULL_TIME = re.compile(r"\b(?:fulltime|full[- ]time|voltijds?)\b", re.IGNORECASE)
_AMOUNT = r"(\d{1,3}(?:[. ]\d{3})+|\d{1,6})(?:,(\d{1,2}|-+)|\.(\d{1,2})(?!\d))?(k\b)?"
_EURO = r"(?:€|\beuro?\b)"
_PAY = re.compile(
    rf"{_EURO}?\s*(?<![\d.,]){_AMOUNT}(?:,-+)?\s*{_EURO}?"
    rf"(?:\s*(?:-|–|—|/|(?:tot(?: en met)?|t/m|en|à|a|of|to|and)\b(?:\s*(?:maximaal|max\.?))?)\s*{_EURO}?\s*{_AMOUNT}"
    rf"(?:,-+)?\s*{_EURO}?)?(?=(?P<after>[^\n;!?]{{0,40}}))",
    re.IGNORECASE,
)
_CLOCK_BEHIND = re.compile(r"\s*(?:uur|uren|u|hours?|jaar|jr|years?|:\d\d)\b", re.IGNORECASE)
_PER = (
    (Per.HOUR, re.compile(r"(?:per|p/|/|an|bruto|à|p\.)\s*(?:uur|u\b|hour)|uurloon|p/u|\bper uur|hourly", re.IGNORECASE)),
    (Per.YEAR, re.compile(r"(?:per|p/|/|a|op)\s*(?:jaar\w*|year)|jaarsalaris|annual", re.IGNORECASE)),
    (Per.MONTH, re.compile(r"(?:per|p/|/|a|de)\s*(?:maand|mnd|month|m\b)|maandsalaris|p\.?m\.?\b|monthly", re.IGNORECASE)),
)  # fmt: skip
_MONEY_WORDS = re.compile(r"€|\beuro?\b|salaris|loon|verdien|bruto|salary|wage|\bpay\b|vergoeding", re.IGNORECASE)
_NOT_PAY = re.compile(
    r"reiskosten|kilometer|\bkm\b|omzet|budget|boete|schade|kost\b|kosten|prijs|bonus|opleidingsb|netto winst",
    re.IGNORECASE,
)
_BOUNDS = {Per.HOUR: (5, 200), Per.MONTH: (300, 20_000), Per.YEAR: (10_000, 250_000)}
_POSTCODE = re.compile(r"\b([1-9]\d{3})\s?[A-Z]{2}\b")
_NAMED_BEFORE = (
    r"\b(?:in|te|uit|vanuit|nabij|omgeving|regio|rondom|standplaats|locatie|werkplek|woonplaats|plaats|near|location)"
    r"(?:\s+(?:de|het|regio|omgeving))?[\s:]+"
)
_PLACE_BEFORE = re.compile(rf"(?:{_NAMED_BEFORE}|\|\s*|,\s*|^\s*|\)\s*)$", re.IGNORECASE)
_SURELY_PLACE = re.compile(rf"{_NAMED_BEFORE}$", re.IGNORECASE)
_AFTER_PLACE = re.compile(r"^\s*(?:,|/|of|en|or|and|&)\s*$", re.IGNORECASE)
_CAPITAL_BEFORE = re.compile(r"(?:(?:In|Te|Uit|Vanuit|Nabij|Regio|Omgeving|Standplaats|Locatie)\s+)*")
_ENDS_NAME = re.compile(r"\s*(?:$|[,|/(–-]|(?:of|en)\b)")
_NAME = re.compile(r"(?:['’][a-z]?[- ]?)?[A-Z][\w'’-]*(?:[ -](?:[A-Z][\w'’-]*|aan|den|de|op|bij|van|der|het|en))*")


def hours(read: list[Sentence]) -> FoundHours | None:
    """The hours a week that the text says first; None when it says none."""
    full_time = None
    for sentence in read:
        for match in _HOURS.finditer(sentence.raw):
            period = (match[3] or "").lower()
            first, last = int(match[1]), int(match[2] or match[1])
            if re.search(r"dag|day|maand|month", period) or not (4 <= first <= last <= 60):
                continue
            if not period and (first < 8 or _CLOCK_BEFORE.search(sentence.raw, 0, match.start())):
                continue
            start = sentence.start + match.start()
            return FoundHours(first, last, sentence.passage, start, sentence.start + match.end())
        if full_time is None and (match := _FULL_TIME.search(sentence.raw)):
            start = sentence.start + match.start()
            full_time = FoundHours(36, 40, sentence.passage, start, start + len(match[0]))
    return full_time


def pay(text: str) -> FoundPay | None:
    """The pay that the text says first; None when it says none, or a sum that cannot be pay."""
    for line in re.finditer(r"[^\n]+", text):
        if not _MONEY_WORDS.search(line[0]):
            continue
        for match in _PAY.finditer(line[0][:2000]):
            found = _as_pay(match, line[0])
            if found is not None:
                least, most, per = found
                start = line.start() + match.start() + len(match[0]) - len(match[0].lstrip())
                end = line.start() + match.start() + len(match[0].rstrip())
                return FoundPay(least, most, per, " ".join(line[0].split())[:PASSAGE], start, end)
    return None


def _as_pay(match: re.Match, line: str) -> tuple[Decimal, Decimal, Per] | None:
    before, after = line[max(0, match.start() - 40) : match.start()], match["after"]
    if _NOT_PAY.search(re.split(r"[;.!?] | en ", before[-25:])[-1] + " " + after[:18]):
        return None
    if _CLOCK_BEHIND.match(after):
        return None
    euro = bool(re.search(_EURO, match[0], re.IGNORECASE))
    behind = after[:8].split("€")[0]  # that of the next amount says nothing of this one
    if not euro and not _MONEY_WORDS.search(before + " " + behind):
        return None
    first, second = match.groups()[:4], match.groups()[4:8]
    most = _number(*(second if second[0] else first))
    least = _number(*first) if not second[3] or first[3] else _number(*first[:3], second[3])  # "2,6 tot 3,1k"
    per = next((one for one, pattern in _PER if pattern.search(after)), None)
    per = per or next((one for one, pattern in _PER if pattern.search(before)), None)
    if per is None:
        if not euro and not re.search(r"salaris|loon|verdien|salary|bruto", before + behind, re.IGNORECASE):
            return None
        per = Per.HOUR if least < 100 else Per.MONTH if least < 12_000 else Per.YEAR
    low, high = _BOUNDS[per]
    if not (low <= least <= most <= high):
        return None
    return least, most, per


def _number(whole: str, comma: str | None, point: str | None, thousands: str | None) -> Decimal:
    cents = comma or point
    number = Decimal(re.sub(r"[. ]", "", whole) + (f".{cents}" if cents and cents.isdigit() else ""))
    return number * 1000 if thousands else number


def places(read: list[Sentence], words_of_labels: frozenset[str] = frozenset()) -> list[FoundPlace]:
    """The places that the text names after "in", "te", "regio" and the like, or by postcode; at most 10.

    A name that is also an ordinary word (`words_of_labels`) counts after such a word, or where nothing follows it.
    """
    candidates: dict[str, tuple[Sentence, int]] = {}
    codes: dict[str, tuple[Sentence, int]] = {}
    for sentence in read:
        for match in _POSTCODE.finditer(sentence.raw):
            codes.setdefault(match[1], (sentence, match.start()))
        behind = -1  # where the last candidate ends: "in Assen of Emmen"
        for match in _NAME.finditer(sentence.raw):
            begin = match.start() + len(_CAPITAL_BEFORE.match(match[0])[0])  # "In Assen"
            before = sentence.raw[max(0, begin - 30) : begin]
            listed = behind >= 0 and _AFTER_PLACE.match(sentence.raw[behind:begin])
            if len(candidates) >= 300 or not (listed or _PLACE_BEFORE.search(before)):
                continue
            behind = match.end()
            sure = _SURELY_PLACE.search(before)
            first = not sure and not before.strip()  # the first word of a sentence has a capital anyhow
            words = sentence.raw[begin : match.end()].split(" ")
            for length in range(min(4, len(words)), 0, -1):
                name = " ".join(words[:length])
                plain = normalize(name)
                doubtful = first or words_of_labels.issuperset(plain.split())  # "Assen" are also axles
                if doubtful and not sure and not _ENDS_NAME.match(sentence.raw, begin + len(name)):
                    continue
                if len(name) > 2 and (sure or plain not in STOP_WORDS):  # "Een" is a village too
                    candidates.setdefault(OFFICIAL.get(plain, name), (sentence, begin))
    if not candidates and not codes:
        return []
    known = dict(Place.objects.filter(name__in=list(candidates)).order_by("name").values_list("name", "name"))
    by_code = dict(Place.objects.filter(postcode__in=list(codes)).values_list("postcode", "name"))
    found, covered = [], set()
    for code, (sentence, at) in codes.items():
        if code in by_code:
            start = sentence.start + at
            found.append(FoundPlace(by_code[code], code, sentence.passage, start, start + 4))
            covered.add(by_code[code])
    for name, (sentence, at) in sorted(candidates.items(), key=lambda item: -len(item[0])):
        start = sentence.start + at
        inside = any(one.start <= start < one.end for one in found)
        if name in known and name not in covered and not inside:
            end = start + len(CALLED.get(normalize(name), name))
            found.append(FoundPlace(name, "", sentence.passage, start, end))
            covered.add(name)
    return sorted(found, key=lambda one: one.start)[:10]
