"""What a sentence says about the skills in it: denied or wished for, asked or nice to have, and at which level."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate, pairwise

from taxonomy.lexicon import (
    AFFIRMATIONS,
    CLAUSE_ENDS,
    FINITE,
    LEVEL_WORDS,
    NEGATIONS,
    NOT_MISSED,
    NOT_NEEDED,
    NOT_NEGATED_BY,
    PREDICATES,
)
from taxonomy.reading.sentences import Sentence


class Kind(StrEnum):
    """What sort of text it is: in a course "je leert lassen" is what it teaches, elsewhere it is a wish."""

    VACANCY = "vacancy"
    CV = "cv"
    COURSE = "course"


class Stance(StrEnum):
    SAID = "said"  # the person can it, the vacancy asks it, the course teaches it
    WISH = "wish"  # somebody wants to learn it, or will learn it on the job
    DENIED = "denied"  # not there, or not needed


class Asked(StrEnum):
    REQUIRED = "required"
    NICE = "nice"


@dataclass(frozen=True)
class Wording:
    """What is said of each word of one sentence, by its position."""

    denied: frozenset[int] = frozenset()
    wished: frozenset[int] = frozenset()
    asked: dict[int, Asked] = field(default_factory=dict)
    levels: tuple[tuple[int, int, int], ...] = ()  # (first position, last position, core.choices.Level)
    values: dict[int, int] = field(default_factory=dict)  # levels that stand right behind: "Excel (basis)"

    def stance(self, positions: tuple[int, ...]) -> Stance:
        if self.denied.intersection(positions):
            return Stance.DENIED
        return Stance.WISH if self.wished.intersection(positions) else Stance.SAID

    def asks(self, positions: tuple[int, ...]) -> Asked | None:
        """Whether it is asked or nice to have; nothing of what is denied or still to be learned."""
        return self.asked.get(positions[0]) if self.stance(positions) is Stance.SAID else None

    def level(self, positions: tuple[int, ...]) -> int | None:
        """The level that is said nearest before, or else right behind; None when nothing is said."""
        first, last = positions[0], positions[-1]
        if first in self.values:
            return self.values[first]
        before = [(first - end, level) for _, end, level in self.levels if 0 < first - end <= REACH_BEFORE]
        if before:
            nearest = min(distance for distance, _ in before)
            return max(level for distance, level in before if distance <= nearest + 1)
        after = [(start - last, level) for start, _, level in self.levels if 0 < start - last <= REACH_AFTER]
        return min(after)[1] if after else None


REACH_BEFORE, REACH_AFTER = 7, 3  # words between a level and the skill it is about
DENIAL_REACH = 10
_AT_END = frozenset({"niet", "not", "nooit", "never"})
_ONLY_AT_END = frozenset({"nee", "none", "nvt"})  # "Rijbewijs: nee"; elsewhere they answer something else
_TAIL = re.compile(
    r"(?:meer|nodig|echt|goed|zo goed|nog|gedaan|geleerd|gehad|gewerkt|gebruikt|te doen|te kunnen|kunnen|afgemaakt|afgerond|"
    r"voltooid|behaald|gehaald|van toepassing|yet|needed)"
)
_CAN = frozenset(
    {"afgerond", "behaald", "gehaald", "voltooid", "kan", "kun", "kunt", "heb", "ben", "doe", "can", "have"}
)
_NOTHING = frozenset({"geen", "nee", "niet", "nooit", "none", "no", "never", "nvt"})
_VALUE_WORDS = frozenset(
    {
        "kennis", "jaar", "jaren", "jr", "years", "year", "niveau", "level", "knowledge", "nog", "heel", "erg", "very", "plus",
    }
)  # fmt: skip
# "Zonder VCA kun je hier niet werken": it is asked.
_INDISPENSABLE = re.compile(
    r"\b(?:zonder|without) ((?:\w+ ){1,5}?)(?:kun|kan|kom|mag|word|ga|gaat|gaan|is|lukt|you)\b"
    r".{0,60}?\b(?:niet|geen|not|cannot|no)\b"
)
_NOT_NEEDED = re.compile(rf"\b(?:{'|'.join(NOT_NEEDED)})\b")
_NO_NEED = re.compile(r"\b(?:hoef|hoeft|hoeven)\b.{0,80}?\b(?:niet|geen)\b")
_WISHES = re.compile(
    r"\b(?:"
    r"(?:wil|zou|wilde)\b(?: \w+){0,3}? (?:graag|liefst|ooit|later)\b(?: \w+){0,2}?|"
    r"(?:wil|willen|wilt|zou|zouden) (?:\w+ ){0,4}?leren\b|graag (?:\w+ ){0,3}?leren\b|"
    r"(?:be)?haal ik|ga ik (?:\w+ ){0,5}?(?:be)?halen|bezig met (?:mijn|het halen|een (?:opleiding|cursus))|iets anders|"
    r"hoop (?:\w+ ){0,3}?te leren|mijn (?:droom|wens|ambitie)(?: is)?|droom (?:ervan|van)|"
    r"(?:want|like|love|hope|eager|hoping) to learn|would like to(?: learn)?|my (?:dream|wish) is"
    r")\b"
)
_LEARNS = re.compile(
    r"\b(?:(?:je|ik|wij|we) (?:leert?|leren) (?:je |jou )?|leer je |leer ik |leren (?:we|wij) je |"
    r"(?:in opleiding|opgeleid|omscholen|omgeschoold|bijscholen) (?:tot|voor|als|in) |you will learn |we will teach you |"
    r"(?:bereid|bereidheid)(?: \w+){0,3}? te leren )"
)
_BEHIND_LEARN = re.compile(r"\b(?:wil|willen|wilt|zou|zal|gaat|ga)\b(?: \w+){0,8}? leren\b")
_LEARNED_LATER = re.compile(
    r"\b(?:leren (?:we|wij) (?:je|jou)|(?:kan|kun) (?:je|jij) (?:(?:bij ons|hier|nog|ook) )*leren|leer je (?:bij ons|hier|nog))\b"
)
# "Je kunt bij ons je VCA halen", "het certificaat haal je via ons".
_EARNED_LATER = re.compile(
    r"\b(?:bij|via|door) ons\b(?: \w+){0,6}? (?:be)?ha(?:len|al je)\b|\b(?:be)?ha(?:len|al je) (?:\w+ ){0,3}?(?:bij|via) ons\b"
)
_NICE_BEHIND = re.compile(
    r"\b(?:een pre|pre|pluspunt|een plus|mooi meegenomen|meegenomen|wenselijk|een voordeel|voordeel|niet noodzakelijk|"
    r"is handig|handig|is fijn|is mooi|is leuk|is prettig|strekt tot aanbeveling|"
    r"nice to have|a plus|an advantage|preferred|a bonus|een bonus|welkom)\b"
)
_NICE_BEFORE = re.compile(
    r"\b(?:bij voorkeur|liefst|fijn als|handig als|mooi als|leuk als|extra leuk|pluspunten|preferably|ideally|"
    r"nice to have|idealiter)\b"
)
_REQUIRED_BEHIND = re.compile(
    r"\b(?:vereist|verplicht|een must|must|noodzakelijk|een vereiste|een eis|onmisbaar|required|mandatory|essential)\b"
)
_REQUIRED_BEFORE = re.compile(
    r"\b(?:je hebt|je bent in het bezit|je beschikt over|in het bezit van|in bezit van|je moet|minimaal|je kunt|je kan|"
    r"wij vragen|we vragen|jij hebt|you have|you must|must have|ervaring met|kennis van)\b"
)
_REQUIRED_AROUND = re.compile(r"\bmoet (?:je|jij|u)\b")  # "een VCA moet je wel hebben"
# "Geen vereiste, maar wel mooi meegenomen": nice to have, not denied.
_BUT_NICE = re.compile(
    rf"\b(?:{'|'.join(NOT_NEEDED)})(?: (?:maar|wel|but|though|echter|het|is|it))+ (?={_NICE_BEHIND.pattern})"
)
_NUMBERS = {
    "een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9, "tien": 10,
    "vijftien": 15, "twintig": 20, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10,
}  # fmt: skip
_YEARS = re.compile(
    r"\b(?:(\d{1,2})(?: (?:a|tot|of|to) \d{1,2})?|(" + "|".join(_NUMBERS) + r")) (?:plus )?(?:jaar|jaren|jr|years?)\b"
)
_AGE = re.compile(r"(?:vanaf|minimaal|minstens|at least) $")
_MUCH = re.compile(r"\b(?:veel|lots of|a lot of) (?:werk)?(?:ervaring|experience)\b")
_LITTLE = re.compile(r"\b(?:weinig|beperkte|little|limited) (?:werk)?(?:ervaring|experience)\b")
_MONTHS = re.compile(r"\b\d{1,2} (?:maand|maanden|months?)\b")


def wording(sentence: Sentence, kind: Kind, *, nice_section: bool = False) -> Wording:
    """Read what one sentence says of its words; `nice_section` when it stands under a heading like "Een pré:"."""
    joined = " ".join(sentence.plain)
    position_of = _Positions(sentence.plain)
    clauses = _Clauses(sentence)
    asked: dict[int, Asked] = {}
    if kind is not Kind.CV:
        asked = dict.fromkeys(range(len(sentence.plain)), Asked.NICE) if nice_section else {}
        asked |= _asked(joined, position_of, clauses, sentence, nice_section)
    levels = list(_levels(sentence, joined, position_of))
    values = list(_values(sentence))
    of_values = {
        at: level
        for before, first, end in values
        for level in [max((one for at, last, one in levels if first <= at and last < end), default=0)]
        if level
        for at in range(before, first)
    }
    inside = {at for _, first, end in values for at in range(first, end)}
    return Wording(
        denied=frozenset(_denied(sentence, joined, position_of, clauses)),
        wished=frozenset(_wished(sentence, joined, position_of, clauses, kind)),
        asked=asked,
        levels=tuple(one for one in levels if one[0] not in inside),
        values=of_values,
    )


class _Positions:
    """From a place in the joined words to the position of the word there."""

    def __init__(self, plain: tuple[str, ...]) -> None:
        self._starts = [0, *accumulate(len(word) + 1 for word in plain)]

    def __call__(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1


class _Clauses:
    """A sentence in clauses: each says one thing of its words, so that "C is niet nodig" says nothing of B before it."""

    def __init__(self, sentence: Sentence) -> None:
        plain = sentence.plain
        breaks = [0, *sorted(sentence.breaks), len(plain)]
        starts = {0}
        for begin, end in pairwise(breaks):
            if begin in sentence.breaks and (
                plain[begin] in AFFIRMATIONS or (self._says(plain[max(starts) : begin]) and self._own(plain[begin:end]))
            ):
                starts.add(begin)
            for at in range(begin, end):
                if plain[at] == "wel" and at + 1 == end and begin:
                    starts.add(begin)  # "rijbewijs B wel"
                elif plain[at] in CLAUSE_ENDS:
                    starts.add(at)
                elif plain[at] in ("en", "and") and at + 1 < end and plain[at + 1] not in ("dat", "om", "te", "that"):
                    joined = self._says(plain[max(starts) : at]) and self._own(plain[at + 1 : end])
                    starts.update([at] if joined else [])
        self._starts = [*sorted(starts), len(plain)]

    def around(self, position: int) -> tuple[int, int]:
        """The first and one past the last position of the clause around a word."""
        at = bisect_right(self._starts, position)
        return self._starts[at - 1], self._starts[min(at, len(self._starts) - 1)]

    @staticmethod
    def _says(words: tuple[str, ...]) -> bool:
        return any(word in FINITE or word in PREDICATES for word in words)

    @staticmethod
    def _own(words: tuple[str, ...]) -> bool:
        """Whether these words are a clause of their own: with a verb that does not just go on after "en", or "niet nodig"."""
        verb = next((at for at, word in enumerate(words) if word in FINITE), None)
        if verb == 0 and words[0] in ("is", "zijn", "are"):
            return False  # "Dutch (A2 or higher) is a plus"
        if verb is not None and (verb == 0 or words[verb - 1] not in ("en", "of", "and", "or")):
            return True
        return any(phrase in " ".join(words) for phrase in NOT_NEEDED)


def _denied(sentence: Sentence, joined: str, position_of: _Positions, clauses: _Clauses) -> set[int]:
    plain, denied = sentence.plain, set()
    values = list(_values(sentence))
    for at, word in enumerate(plain):
        follower = plain[at + 1] if at + 1 < len(plain) else ""
        value = next((one for one in values if one[1] <= at < one[2]), None)
        if value:
            if word in NEGATIONS or word in _ONLY_AT_END:
                denied.update(range(value[0], value[1]))
            continue
        if word in _ONLY_AT_END and at and at + 1 == clauses.around(at)[1]:
            denied.update(range(clauses.around(at)[0], at))
        if word not in NEGATIONS or follower in NOT_NEGATED_BY or f"{word} {follower}" in NOT_NEEDED:
            continue
        if word in ("zonder", "without"):
            if follower not in NOT_MISSED:
                denied.update(range(at + 1, min(at + 5, len(plain))))
            continue
        begin, end = clauses.around(at)
        if (word in _AT_END or (word == "geen" and at)) and (
            at + 1 >= end or at + 1 in sentence.breaks or _TAIL.fullmatch(" ".join(plain[at + 1 : end]))
        ):
            # "Lassen kan ik niet", "Frezen heb ik nooit gedaan"; in "lassen kan ik, frezen niet" only the last.
            last = max((one for one in sentence.breaks if begin < one <= at), default=begin)
            affirmed = last > begin and not _CAN.isdisjoint(plain[begin:last])
            denied.update(range(last if affirmed else begin, at))
        else:
            denied.update(range(at + 1, min(at + DENIAL_REACH, end)))
    for match in _NO_NEED.finditer(joined):
        begin, end = clauses.around(position_of(match.start()))
        denied.update(range(begin, end))
    nice = {match.start() for match in _BUT_NICE.finditer(joined)}
    for match in _NOT_NEEDED.finditer(joined):
        if match.start() not in nice:
            at = position_of(match.start())
            begin, _ = clauses.around(at)
            denied.update(range(begin, at))
    for match in _INDISPENSABLE.finditer(joined):
        denied.difference_update(range(position_of(match.start()), position_of(match.end(1))))
    return denied


def _wished(sentence: Sentence, joined: str, position_of: _Positions, clauses: _Clauses, kind: Kind) -> set[int]:
    wished: set[int] = set()
    own = "ik" in sentence.plain or "i" in sentence.plain or "mijn" in sentence.plain or kind is Kind.CV
    for match in _WISHES.finditer(joined):
        if not own and "leren" not in match[0] and "learn" not in match[0]:
            continue  # "je wilt graag met kinderen werken" is what is asked
        at = position_of(match.start())
        begin, end = clauses.around(at)
        # "Les geven zou ik graag willen leren" says it before.
        last = max((one for one in sentence.breaks if begin < one <= at), default=begin)
        wished.update(range(last if end - position_of(match.end() - 1) <= 3 else at, end))
    for match in _LEARNED_LATER.finditer(joined) if kind is not Kind.COURSE else ():
        at = position_of(match.start())
        begin, _ = clauses.around(at)
        wished.update(range(max((one for one in sentence.breaks if begin < one <= at), default=begin), at))
    for match in _EARNED_LATER.finditer(joined) if kind is not Kind.COURSE else ():
        wished.update(range(*clauses.around(position_of(match.start()))))
    if kind is not Kind.COURSE:
        for pattern in (_LEARNS, _BEHIND_LEARN):
            for match in pattern.finditer(joined):
                begin = position_of(match.start())
                _, end = clauses.around(begin)
                wished.update(range(begin, end))
    # "Je wilt graag leren", and nothing after it, is an attitude that is asked.
    bare = not own and sentence.plain[-1] in ("leren", "learn")
    return {at for at in wished if not (bare and sentence.plain[at] in ("leren", "willen", "wilt", "wil", "learn"))}


def _values(sentence: Sentence):
    """(begin, first, end) of "Excel (basis)", "Frans: geen": what stands from `first` on is said of `begin` to `first`."""
    plain = sentence.plain
    breaks = [0, *sorted(sentence.breaks), len(plain)]
    for before, first, end in zip(breaks, breaks[1:], breaks[2:], strict=False):
        words = plain[first:end]
        says = any(word in LEVEL_WORDS or word in _NOTHING or word in ("jaar", "jr", "years") for word in words)
        if says and sentence.opened(first) and all(
            word in LEVEL_WORDS or word in _NOTHING or word in _VALUE_WORDS or word.isdigit() for word in words
        ):  # fmt: skip
            yield before, first, end


def _asked(
    joined: str, position_of: _Positions, clauses: _Clauses, sentence: Sentence, nice_section: bool
) -> dict[int, Asked]:
    asked: dict[int, Asked] = {}
    for match in _REQUIRED_AROUND.finditer(joined):
        asked |= dict.fromkeys(range(*clauses.around(position_of(match.start()))), Asked.REQUIRED)
    for match in _INDISPENSABLE.finditer(joined):
        asked |= dict.fromkeys(range(position_of(match.start()), position_of(match.end(1))), Asked.REQUIRED)
    cues: list[tuple[int, int, Asked, bool]] = []  # position of the cue, its last word, what it says, looks back
    for pattern, says, back in (
        *([] if nice_section else [(_REQUIRED_BEFORE, Asked.REQUIRED, False)]),
        (_BUT_NICE, Asked.NICE, True), (_NICE_BEFORE, Asked.NICE, False),
        (_REQUIRED_BEHIND, Asked.REQUIRED, True), (_NICE_BEHIND, Asked.NICE, True),
    ):  # fmt: skip
        for match in pattern.finditer(joined):
            at, last = position_of(match.start()), position_of(match.end() - 1)
            leads = (
                at <= 1 and match[0][:3] != "is " and last + 1 < len(sentence.plain) and last + 1 in sentence.breaks
            )  # "Een pré: …"
            cues.append((at, last, says, back and not leads))
    done = 0  # what a cue that looks back reached already
    for at, last, says, back in sorted(cues, key=lambda cue: cue[0]):
        begin, end = clauses.around(at)
        if back:
            breaks = [one for one in sentence.breaks if done <= one <= at]
            start = max(begin, done, *(breaks[:1] if done and breaks and breaks[0] < at else [0]))
            asked.update(dict.fromkeys(range(start, at), says))
            done = last + 1
        else:
            asked.update(dict.fromkeys(range(last + 1, end), says))
    return asked


def _levels(sentence: Sentence, joined: str, position_of: _Positions):
    for at, word in enumerate(sentence.plain):
        if word in LEVEL_WORDS:
            yield at, at, LEVEL_WORDS[word]
    for match in _YEARS.finditer(joined):
        years = int(match[1]) if match[1] else _NUMBERS[match[2]]
        age = 14 < years < 22 and _AGE.search(joined, 0, match.start())
        if years <= 50 and not age:
            level = 2 if years < 1 else 3 if years < 4 else 4 if years < 10 else 5
            yield position_of(match.start()), position_of(match.end() - 1), level
    for pattern, level in ((_MUCH, 4), (_LITTLE, 2)):
        for match in pattern.finditer(joined):
            yield position_of(match.start()), position_of(match.end() - 1), level
    for match in _MONTHS.finditer(joined):
        yield position_of(match.start()), position_of(match.end() - 1), 2
