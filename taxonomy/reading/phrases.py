"""A sentence in phrases that may each say one skill: what is listed, what follows "ervaring met", a verb with its object."""

import re

from taxonomy.reading.sentences import Sentence
from taxonomy.text import STOP_WORDS

_NUMBER = re.compile(r"\d+|[abc][12]")  # and CEFR levels: they say no skill
LONGEST = 6  # words of a phrase; longer ones are looked at in windows
WINDOW = 4
MOST = 9  # phrases a sentence
_JOINS = frozenset(
    {
        "en", "of", "and", "or", "maar", "but", "zoals", "waaronder", "bijvoorbeeld", "ook", "plus", "daarnaast", "als",
        "waarbij", "zodat", "omdat", "want", "terwijl", "including",
    }
)  # fmt: skip
_LEADS = frozenset(
    {
        "je", "jij", "jou", "jouw", "ik", "mijn", "we", "wij", "ons", "onze", "u", "uw", "hij", "zij", "ze", "er", "dat",
        "die", "dit", "deze", "wat", "wie", "de", "het", "een", "te", "om", "zelf", "graag", "wel", "dan", "nog", "al",
        "heel", "erg", "zeer", "ruime", "enige", "goed", "goede", "ervaring", "ervaren", "kennis", "van", "met", "in",
        "op", "aan", "bij", "voor", "naar", "over", "uit", "door", "tijdens", "ga", "gaat", "gaan", "ben", "bent", "is",
        "zijn", "was", "heb", "hebt", "heeft", "hebben", "had", "kan", "kun", "kunt", "kunnen", "moet", "moeten", "mag",
        "zal", "zult", "wil", "wilt", "willen", "wordt", "worden", "leer", "leert", "leren", "verantwoordelijk",
        "affiniteit", "beheersing", "vaardigheden", "verder", "natuurlijk", "soms", "af", "toe", "vaak", "altijd",
        "the", "a", "an", "you", "your", "i", "my", "our", "will", "be", "are", "have", "has", "experience",
        "knowledge", "of", "with", "to", "for", "can", "strong", "good", "jaar", "jaren", "years",
    }
)  # fmt: skip
_WHO = frozenset({"je", "jij", "ik", "we", "wij", "u", "you", "i"})
_DOES = frozenset(
    {
        "leer", "leert", "leren", "kan", "kun", "kunt", "kunnen", "ga", "gaat", "gaan", "heb", "hebt", "ben", "bent",
        "moet", "mag", "wil", "wilt", "will", "can", "learn", "have", "are",
    }
)  # fmt: skip
_TAILS = frozenset(
    {
        "je", "jij", "ik", "we", "wij", "u", "hij", "zij", "ze", "de", "het", "een", "te", "van", "met", "is", "zijn",
        "ben", "bent", "heb", "hebt", "heeft", "kan", "kunt", "kunnen", "vereist", "pre", "must", "nodig", "handig",
        "gaat", "ga", "wordt", "worden", "the", "a", "of", "to", "required", "plus", "ook", "goed", "zelf", "graag",
        "gewerkt", "gedaan", "geleerd", "and", "en",
    }
)  # fmt: skip


def phrases(sentence: Sentence, places: frozenset[int] = frozenset()) -> list[tuple[int, ...]]:
    """The positions of the words of every phrase, at most `MOST`, in order of the sentence; `places` are left out."""
    found: dict[tuple[int, ...], None] = {}
    segment: list[int] = []
    clause: list[int] = []
    for at, word in enumerate(sentence.plain):
        if at in sentence.breaks:
            _add(found, sentence, segment)
            _add_joined(found, sentence, clause)
            segment, clause = [], []
        if at in places:
            continue
        if word in _JOINS:
            _add(found, sentence, segment)
            segment = []
        else:
            segment.append(at)
        clause.append(at)
    _add(found, sentence, segment)
    _add_joined(found, sentence, clause)
    return list(found)[:MOST]


def _add_joined(found: dict, sentence: Sentence, clause: list[int]) -> None:
    """A short list as a whole as well: "groente en fruit plukken"."""
    core = _trimmed(sentence, clause)
    if 2 < len(core) <= LONGEST and any(sentence.plain[at] in _JOINS for at in core):
        found[tuple(core)] = None


def _add(found: dict, sentence: Sentence, segment: list[int]) -> None:
    core = _trimmed(sentence, segment)
    content = [at for at in core if sentence.plain[at] not in STOP_WORDS]
    if all(_NUMBER.fullmatch(sentence.plain[at]) for at in content):
        return
    if len(core) <= LONGEST:
        found[tuple(core)] = None
        return
    content = [at for at in content if sentence.plain[at] not in _LEADS] or content
    for start in range(0, max(1, len(content) - WINDOW + 1), 2):
        part = content[start : start + WINDOW]
        found[tuple(range(part[0], part[-1] + 1)) if part[-1] - part[0] < LONGEST else tuple(part)] = None


def _trimmed(sentence: Sentence, segment: list[int]) -> list[int]:
    """A segment without the words around what it says: those before "leer je" too, unless nothing comes behind."""
    plain = sentence.plain
    said = [
        at
        for at in range(1, len(segment))
        if (plain[segment[at - 1]] in _WHO and plain[segment[at]] in _DOES)
        or (plain[segment[at - 1]] in _DOES and plain[segment[at]] in _WHO)
    ]
    behind = _without_ends(plain, segment[said[-1] + 1 :]) if said else []
    return behind or _without_ends(plain, segment)


def _without_ends(plain: tuple[str, ...], segment: list[int]) -> list[int]:
    start, end = 0, len(segment)
    while start < end and plain[segment[start]] in _LEADS:
        start += 1
    while end > start and plain[segment[end - 1]] in _TAILS:
        end -= 1
    return segment[start:end]
