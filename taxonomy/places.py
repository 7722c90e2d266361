"""Names of places, so that "Groningen" is read as a place and not as a misspelt word of a label."""

from functools import cache

from django.db.models import Count, Max, Min

from core.models import Place
from taxonomy.reading.sentences import Sentence
from taxonomy.text import normalize

OFFICIAL = {"den haag": "'s-Gravenhage", "den bosch": "'s-Hertogenbosch"}  # by the names that people use instead
CALLED = {normalize(official): used for used, official in OFFICIAL.items()}
LONGEST_NAME = 4  # words


def place_names() -> frozenset[str]:
    """The names of all places that are loaded, normalised, of three letters and more; also those that people use."""
    seen = Place.objects.aggregate(count=Count("name"), first=Min("name"), last=Max("name"))
    return _read(seen["count"], seen["first"], seen["last"])


@cache
def _read(count: int, first: str | None, last: str | None) -> frozenset[str]:
    """Kept for as long as these three say that the table is as it was."""
    names = {normalize(name) for name in Place.objects.values_list("name", flat=True).distinct()}
    names |= {CALLED[name] for name in names & CALLED.keys()}
    return frozenset(name for name in names if len(name) > 2)


def place_positions(sentence: Sentence, names: frozenset[str], words: frozenset[str]) -> frozenset[int]:
    """The positions of the words that name a place: with a capital, and no word of a label (`words`) as they stand.

    The first word of a sentence has a capital anyhow: it is a place when nothing, or a comma, follows.
    """
    plain = sentence.plain
    found: set[int] = set()
    for start in range(len(plain)):
        if not sentence.words[start][0].isupper():
            continue
        for length in range(min(LONGEST_NAME, len(plain) - start), 0, -1):
            said, end = plain[start : start + length], start + length
            starts = start == 0 and length == 1 and end < len(plain) and end not in sentence.breaks
            if " ".join(said) in names and not words.issuperset(said) and not starts:
                found.update(range(start, end))
                break
    return frozenset(found)
