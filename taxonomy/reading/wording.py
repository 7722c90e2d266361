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

    def stance(self, positions: tuple[int, ...]) -> Stance:
        if self.denied.intersection(positions):
            return Stance.DENIED
        return Stance.WISH if self.wished.intersection(positions) else Stance.SAID

    def level(self, positions: tuple[int, ...]) -> int | None:
        """The level that is said nearest before, or else right behind; None when nothing is said."""
        first, last = positions[0], positions[-1]
        before = [(first - end, level) for _, end, level in self.levels if 0 < first - end <= REACH_BEFORE]
        if before:
            nearest = min(distance for distance, _ in before)
            return max(level for distance, level in before if distance <= nearest + 1)
        after = [(start - last, level) for start, _, level in self.levels if 0 < start - last <= REACH_AFTER]
        return min(after)[1] if after else None


REACH_BEFORE, REACH_AFTER = 7, 3  # words between a level and the skill it is about
DENIAL_REACH = 10
_AT_END = frozenset({"niet", "not", "nooit", "never"})
_TAIL = re.compile(
    r"(?:meer|nodig|echt|goed|zo goed|nog|gedaan|geleerd|gehad|gewerkt|gebruikt|te doen|te kunnen|kunnen|yet|needed)"
)
_CAN = frozenset({"kan", "kun", "kunt", "heb", "ben", "doe", "can", "have"})
_NO_NEED = re.compile(r"\b(?:hoef|hoeft|hoeven)\b.{0,80}?\b(?:niet|geen)\b")
_WISHES = re.compile(
    r"\b(?:"
    r"(?:wil|zou|wilde)\b(?: \w+){0,3}? (?:graag|liefst|ooit|later)\b(?: \w+){0,2}?|"
    r"(?:wil|willen|wilt|zou|zouden) (?:\w+ ){0,4}?leren\b|graag (?:\w+ ){0,3}?leren\b|"
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
_NICE_BEHIND = re.compile(
    r"\b(?:een pre|pre|pluspunt|een plus|mooi meegenomen|meegenomen|wenselijk|een voordeel|voordeel|niet noodzakelijk|"
    r"is handig|handig|is fijn|nice to have|a plus|an advantage|preferred|a bonus|een bonus|welkom)\b"
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
_NUMBERS = {
    "een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9, "tien": 10,
    "vijftien": 15, "twintig": 20, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10,
}  # fmt: skip
_YEARS = re.compile(
    r"\b(?:(\d{1,2})(?: (?:a|tot|of|to) \d{1,2})?|(" + "|".join(_NUMBERS) + r")) (?:plus )?(?:jaar|jaren|jr|years?)\b"
)
_MONTHS = re.compile(r"\b\d{1,2} (?:maand|maanden|months?)\b")


def wording(sentence: Sentence, kind: Kind, *, nice_section: bool = False) -> Wording:
    """Read what one sentence says of its words; `nice_section` when it stands under a heading like "Een pré:"."""
    joined = " ".join(sentence.plain)
    position_of = _Positions(sentence.plain)
    clauses = _Clauses(sentence)
    asked = _asked(sentence, joined, position_of, clauses)
    if nice_section:
        asked = dict.fromkeys(range(len(sentence.plain)), Asked.NICE) | asked
    return Wording(
        denied=frozenset(_denied(sentence, joined, position_of, clauses)),
        wished=frozenset(_wished(sentence, joined, position_of, clauses, kind)),
        asked=asked,
        levels=tuple(_levels(sentence, joined, position_of)),
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
        if verb is not None and (verb == 0 or words[verb - 1] not in ("en", "of", "and", "or")):
            return True
        return any(phrase in " ".join(words) for phrase in NOT_NEEDED)


def _denied(sentence: Sentence, joined: str, position_of: _Positions, clauses: _Clauses) -> set[int]:
    plain, denied = sentence.plain, set()
    for at, word in enumerate(plain):
        follower = plain[at + 1] if at + 1 < len(plain) else ""
        if word not in NEGATIONS or follower in NOT_NEGATED_BY or f"{word} {follower}" in NOT_NEEDED:
            continue
        if word in ("zonder", "without"):
            if follower not in NOT_MISSED:
                denied.update(range(at + 1, min(at + 5, len(plain))))
            continue
        begin, end = clauses.around(at)
        if word in _AT_END and (
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
    for phrase in NOT_NEEDED:
        for match in re.finditer(rf"\b{phrase}\b", joined):
            at = position_of(match.start())
            begin, _ = clauses.around(at)
            denied.update(range(begin, at))
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
    if kind is not Kind.COURSE:
        for pattern in (_LEARNS, _BEHIND_LEARN):
            for match in pattern.finditer(joined):
                begin = position_of(match.start())
                _, end = clauses.around(begin)
                wished.update(range(begin, end))
    # "Je wilt graag leren", and nothing after it, is an attitude that is asked.
    bare = not own and sentence.plain[-1] in ("leren", "learn")
    return {at for at in wished if not (bare and sentence.plain[at] in ("leren", "willen", "wilt", "wil", "learn"))}


def _asked(sentence: Sentence, joined: str, position_of: _Positions, clauses: _Clauses) -> dict[int, Asked]:
    cues: list[tuple[int, int, Asked, bool]] = []  # position of the cue, its last word, what it says, looks back
    for pattern, says, back in (
        (_REQUIRED_BEFORE, Asked.REQUIRED, False), (_NICE_BEFORE, Asked.NICE, False),
        (_REQUIRED_BEHIND, Asked.REQUIRED, True), (_NICE_BEHIND, Asked.NICE, True),
    ):  # fmt: skip
        for match in pattern.finditer(joined):
            at, last = position_of(match.start()), position_of(match.end() - 1)
            leads = at <= 1 and last + 1 < len(sentence.plain) and last + 1 in sentence.breaks  # "Een pré: …"
            cues.append((at, last, says, back and not leads))
    asked: dict[int, Asked] = {}
    done = 0  # what a cue that looks back reached already
    for at, last, says, back in sorted(cues, key=lambda cue: cue[0]):
        begin, end = clauses.around(at)
        if back:
            breaks = [one for one in sentence.breaks if done < one <= at]
            start = max(begin, done, *(breaks[:1] if done and breaks else [0]))
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
        if years <= 50:
            level = 2 if years < 1 else 3 if years < 4 else 4 if years < 10 else 5
            yield position_of(match.start()), position_of(match.end() - 1), level
    for match in _MONTHS.finditer(joined):
        yield position_of(match.start()), position_of(match.end() - 1), 2
