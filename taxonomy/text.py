"""Words made comparable: one spelling for search and for reading texts."""

import re
import unicodedata
from functools import lru_cache

STOP_WORDS = frozenset(
    {
        "de", "het", "een", "en", "of", "van", "voor", "in", "op", "met", "te", "bij", "aan", "als", "die", "dat", "m",
        "v", "x", "w", "f", "uur", "fulltime", "parttime", "ervaren", "ervaring", "the", "a", "an", "and", "or", "for",
        "on", "with", "to", "at",
    }
)  # fmt: skip
_NOT_WORD = re.compile(r"[^a-z0-9+#]+")
_LIGATURES = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})

# Endings of Dutch words, longest first, with the least length of what must remain. Light on purpose: a stem is only
# used to look a word up, and has to be the start (not the root) of its other forms.
_ENDINGS = (
    ("eringen", 4), ("ingen", 4), ("sters", 4), ("sten", 5), ("ers", 4), ("ster", 4), ("ing", 4), ("tjes", 4),
    ("tje", 4), ("jes", 4), ("en", 3), ("er", 4), ("es", 4), ("st", 5), ("je", 4), ("e", 4), ("s", 4), ("t", 4),
    ("d", 5), ("n", 5),
)  # fmt: skip


def normalize(text: str) -> str:
    """Lower case, without accents, punctuation as single spaces; `+` and `#` stay (C++, C#).

    >>> normalize("  Timmerman/-vrouw (m/v) ")
    'timmerman vrouw m v'
    >>> normalize("Coördinator C#")
    'coordinator c#'
    """
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    return " ".join(_NOT_WORD.sub(" ", "".join(char for char in plain if not unicodedata.combining(char))).split())


# For words and labels, which come again in every text; not for whole texts.
normalize_again = lru_cache(maxsize=100_000)(normalize)


def stem(word: str) -> str:
    """The start that a word shares with its other forms: plural, verb forms, male and female.

    >>> stem("lassers"), stem("lassen"), stem("lasser"), stem("bouwt"), stem("bouwen")
    ('las', 'las', 'las', 'bouw', 'bouw')
    """
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeou":
        word = word[:-1]
    return word


def search_words(text: str) -> list[str]:
    """The words of a query that carry meaning; all of them when none would be left.

    >>> search_words("medewerker bediening m v 32 uur")
    ['medewerker', 'bediening']
    """
    words = normalize(text).split()
    return [word for word in words if word not in STOP_WORDS and not word.isdigit()] or words


_ROOT_ENDINGS = (
    ("eringen", 3), ("ingen", 3), ("sters", 3), ("ers", 3), ("ster", 3), ("ing", 3), ("tjes", 3), ("tje", 3),
    ("jes", 3), ("en", 3), ("er", 4), ("es", 4), ("je", 4), ("e", 3), ("s", 3), ("t", 3), ("d", 4),
)  # fmt: skip
_LONG_VOWELS = re.compile(r"([aeou])\1")


def short_vowels(word: str) -> str:
    """A word with its long vowels written short, as in `root`."""
    return _LONG_VOWELS.sub(r"\1", word)


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """What the forms of a Dutch or English word have in common, good enough to compare two of them.

    Not a word itself, and (unlike `stem`) not always its start: long vowels are written short, v as f and z as s.

    >>> [root(word) for word in ("verkopen", "verkoopt", "verkoper")]
    ['verkop', 'verkop', 'verkop']
    >>> [root(word) for word in ("adviseren", "adviseert", "beheren", "beheer", "geven", "geeft")]
    ['advis', 'advis', 'beher', 'beher', 'gef', 'gef']
    """
    word = short_vowels(word)
    for _ in range(2):
        for ending, least in _ROOT_ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= least:
                word = word[: -len(ending)]
                break
        if len(word) > 3 and word[-1] == word[-2]:
            word = word[:-1]
    return {"v": "f", "z": "s"}.get(word[-1:], "").join((word[:-1], "")) if word[-1:] in "vz" and word else word
