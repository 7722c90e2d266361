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
_OFFERED = re.compile(
    r"^(?:dit |wat |dat )?(?:bieden|bied|krijg|krijgen|mag|kun|kan) (?:wij|we|je|jij|jou|wij jou|we jou)\b|"
    r"^(?:wij|we) bieden|^(?:arbeidsvoorwaarden|ons aanbod|over ons|over het bedrijf|wie zijn wij|wie zijn we|"
    r"wij zijn|bedrijfsprofiel|we offer|what we offer|our offer|about us|benefits)\b"
)
_OTHER = re.compile(
    r"^(?:functie|taken|werkzaamheden|jouw|jij|wat ga|dit ga|wat vragen|wat vraag|dit vragen|wij vragen|we vragen|eisen|"
    r"profiel|gevraagd|vaardigheden|kennis|eigenschappen|ervaring|werkervaring|opleiding|opleidingen|over jou|"
    r"solliciteren|solliciteer|interesse|contact|wie ben|requirements|responsibilities|you|skills|experience|tasks)\b"
)


def sections(read: list[Sentence]) -> list[Section]:
    """One section a sentence; a heading counts for itself and for what follows, up to the next heading."""
    now = Section.PLAIN
    found = []
    for sentence in read:
        start = " ".join(sentence.plain[:6])
        heading = len(sentence.plain) <= LONGEST_HEADING
        if _NICE.match(start) and heading:
            now = Section.NICE
        elif _OFFERED.match(start):
            if heading:
                now = Section.OFFERED
            else:
                found.append(Section.OFFERED)
                continue
        elif _OTHER.match(start) and heading:
            now = Section.PLAIN
        found.append(now)
    return found
