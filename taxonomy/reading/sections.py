"""Under which heading a sentence stands: what is asked, what is nice to have, what the firm offers."""

import re
from enum import StrEnum

from taxonomy.reading.sentences import Sentence


class Section(StrEnum):
    PLAIN = "plain"
    NICE = "nice"
    OFFERED = "offered"  # what the firm offers or is: skills in it are seldom asked


LONGEST_HEADING = 7  # words
_NICE = re.compile(r"^(?:een )?(?:pre|pluspunt|pluspunten|plus|nice to have|wensen|mooi meegenomen|extra)\b")
_ONLY_NICE = re.compile(
    r"(?:een |wat |de |jouw )?(?:pre(?: s)?|pluspunt(?:en)?|plus|nice to haves?|wensen|mooi meegenomen|extra s?|bonus)"
    r"(?: is| zijn| als| voor jou)?"
)
_OFFERED = re.compile(
    r"^(?:dit |wat |dat )?(?:bieden|bied|krijg|krijgen|mag|kun|kan) (?:wij|we|je|jij|jou|wij jou|we jou)\b|"
    r"^(?:wij|we) bieden|^(?:arbeidsvoorwaarden|ons aanbod|over ons|over het bedrijf|wie zijn wij|wie zijn we|"
    r"wij zijn|bedrijfsprofiel|we offer|what we offer|our offer|about us|benefits)\b"
)
_OTHER = re.compile(
    r"^(?:functie|taken|werkzaamheden|jouw|jij|wat ga|dit ga|wat vragen|wat vraag|dit vragen|wij vragen|we vragen|eisen|"
    r"profiel|gevraagd|over jou|"
    r"solliciteren|solliciteer|interesse|contact|wie ben|requirements|responsibilities|you|tasks)\b"
)
# Headings when nothing else stands in the line: "kennis van Photoshop" is none.
_NOUNS = re.compile(
    r"(?:(?:jouw|je|en|and|vaardigheden|kennis|eigenschappen|ervaring|werkervaring|opleiding|opleidingen|skills|"
    r"experience|education)(?: |$))+"
)


def sections(read: list[Sentence]) -> list[Section]:
    """One section a sentence; a heading counts for itself and for what follows, up to the next heading."""
    now = Section.PLAIN
    found = []
    for sentence in read:
        start = " ".join(sentence.plain[:6])
        heading = len(sentence.plain) <= LONGEST_HEADING
        leads = sentence.raw.rstrip().endswith(":") and heading
        if _ONLY_NICE.fullmatch(" ".join(sentence.plain)) or (leads and _NICE.match(start)):
            now = Section.NICE
        elif _OFFERED.match(start):
            if heading:
                now = Section.OFFERED
            else:
                found.append(Section.OFFERED)
                continue
        elif heading and (_OTHER.match(start) or _NOUNS.fullmatch(start) or (leads and _NOUNS.match(start))):
            now = Section.PLAIN
        found.append(now)
    return found
