"""From text to everything it says about work: skills, certificates, languages, education, hours, pay, place.

`read_text(text, kind=...)` is the one way in; it gives an `Understood`, a frozen dataclass with everything that was
found, each with its passage, its place in the text (`start`, `end`, in characters of the text as given) and why
(`rule`, `said`, `score`). `kind` says what the text is (`Kind.VACANCY`, `Kind.CV`, `Kind.COURSE`): in a course
"je leert lassen" is what it teaches, elsewhere it is a wish.

`find_skills`, `find_certificates`, `find_languages` and `find_education_level` are short ways to the parts that are
said (not denied, not only wished for). Texts are never logged, and what is longer than `LONGEST_TEXT` is not read.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language

from taxonomy.label_index import LabelIndex, current_index
from taxonomy.reading import conditions, terms
from taxonomy.reading.accept import accepted
from taxonomy.reading.conditions import FoundHours, FoundPay, FoundPlace, Per
from taxonomy.reading.labels import Candidate, Rule
from taxonomy.reading.sections import Section, sections
from taxonomy.reading.sentences import LONGEST_TEXT, Sentence, language_of, sentences, without_markup
from taxonomy.reading.terms import FoundCertificate, FoundEducation, FoundLanguage, Read
from taxonomy.reading.wording import Asked, Kind, Stance, Wording, wording

__all__ = [
    "LONGEST_TEXT", "Asked", "FoundCertificate", "FoundEducation", "FoundHours", "FoundLanguage", "FoundPay",
    "FoundPlace", "FoundSkill", "Kind", "Per", "Rule", "Stance", "Understood", "find_certificates",
    "find_education_level", "find_languages", "find_skills", "read_text",
]  # fmt: skip

MOST_SKILLS = 200  # per text; a whole newspaper names more than anybody wants to see


@dataclass(frozen=True)
class FoundSkill:
    """One skill, once a text. `text[start:end]` are the words that say it, `passage` is their sentence."""

    skill_id: int
    label: str  # in the language of the page
    passage: str
    level: int | None  # core.choices.Level where the text says one
    score: float  # [0, 1]: how sure it is
    start: int = 0
    end: int = 0
    stance: Stance = Stance.SAID
    asked: Asked | None = None  # required or nice to have, where the text says so
    rule: Rule = Rule.LABEL
    said: str = ""  # the label that was recognised in these words
    foreign: bool = False  # `label` is not in the language of the page


@dataclass(frozen=True)
class Understood:
    """What was understood of a text. Skills come with the surest first, the rest in order of the text."""

    kind: Kind
    language: str  # "nl" or "en": what the text was read as
    skills: tuple[FoundSkill, ...]  # said, wished for and denied: see `stance`
    certificates: tuple[FoundCertificate, ...]
    languages: tuple[FoundLanguage, ...]
    education: tuple[FoundEducation, ...]
    hours: FoundHours | None
    pay: FoundPay | None
    places: tuple[FoundPlace, ...]
    cut: bool  # the text was longer than is read

    @property
    def said_skills(self) -> tuple[FoundSkill, ...]:
        return tuple(one for one in self.skills if one.stance is Stance.SAID)


def read_text(text: str, *, kind: Kind = Kind.VACANCY, language: str | None = None) -> Understood:
    """Everything that a text says about work; for an empty text everything is empty.

    `language` ("nl" or "en") is that of the text, found out when not given.
    """
    clean = without_markup(text[:LONGEST_TEXT])
    language = language or language_of(clean)
    read = _read(text, kind)
    only = [sentence for sentence, _ in read]
    papers = tuple(terms.certificates(read))
    return Understood(
        kind=kind,
        language=language,
        skills=tuple(_skills(read, language, papers)),
        certificates=papers,
        languages=tuple(terms.languages(read)),
        education=tuple(terms.education(read)),
        hours=conditions.hours(only),
        pay=conditions.pay(clean),
        places=tuple(conditions.places(only, current_index().words)),
        cut=len(text) > LONGEST_TEXT,
    )


def find_skills(
    text: str, *, language: str | None = None, limit: int = 30, kind: Kind = Kind.VACANCY
) -> list[FoundSkill]:
    """The skills that a text says, the surest first; what is denied or only wished for is left out."""
    language = language or language_of(without_markup(text[:LONGEST_TEXT]))
    read = _read(text, kind)
    found = (one for one in _skills(read, language, terms.certificates(read)) if one.stance is Stance.SAID)
    return heapq.nsmallest(limit, found, key=lambda one: -one.score)


def find_certificates(text: str, *, kind: Kind = Kind.VACANCY) -> list[FoundCertificate]:
    """The certificates and licences that a text names, in order of the text; denied ones are left out."""
    return [one for one in terms.certificates(_read(text, kind)) if one.stance is not Stance.DENIED]


def find_languages(text: str, *, kind: Kind = Kind.VACANCY) -> list[FoundLanguage]:
    """The languages that a text names, with the highest CEFR level that it says for each; denied ones are left out."""
    return [one for one in terms.languages(_read(text, kind)) if one.stance is not Stance.DENIED]


def find_education_level(text: str, *, highest: bool = False) -> int | None:
    """The education level (NLQF) that a text names, the lowest of several or the highest (for a CV); None without."""
    levels = [one.level for one in terms.education(_read(text, Kind.VACANCY))]
    return (max if highest else min)(levels) if levels else None


def _read(text: str, kind: Kind) -> Read:
    read = list(sentences(text))
    return [
        (sentence, wording(sentence, kind, nice_section=section is Section.NICE))
        for sentence, section in zip(read, sections(read), strict=True)
    ]


def _skills(read: Read, language: str, papers: Sequence[FoundCertificate]) -> list[FoundSkill]:
    index = current_index()
    shown = get_language() or "nl"
    places = [(paper.start, paper.end) for paper in papers]
    best: dict[int, tuple[tuple, FoundSkill]] = {}
    also: dict[int, list[FoundSkill]] = {}
    for number, one in accepted([sentence for sentence, _ in read], language, places):
        found = _found(index, *read[number], one, shown)
        rank = (found.stance is Stance.SAID, found.score, found.level is not None)
        if found.stance is Stance.SAID:
            also.setdefault(one.skill_id, []).append(found)
        if one.skill_id not in best or rank > best[one.skill_id][0]:
            best[one.skill_id] = rank, found
    ranked = sorted(
        (_with_all_said(found, also.get(found.skill_id, [])) for _, found in best.values()),
        key=lambda found: (-found.score, found.start),
    )
    return ranked[:MOST_SKILLS]


def _with_all_said(found: FoundSkill, mentions: list[FoundSkill]) -> FoundSkill:
    """A skill with the level and what is asked from its other mentions, where its own says nothing of it."""
    level = found.level or max((one.level for one in mentions if one.level), default=None)
    asked = found.asked or next((one.asked for one in mentions if one.asked), None)
    return replace(found, level=level, asked=asked) if mentions else found


def _found(index: LabelIndex, sentence: Sentence, said: Wording, one: Candidate, shown: str) -> FoundSkill:
    nl, en = index.labels[one.skill_id]
    label = (en or nl) if shown == "en" else (nl or en)
    start, end = sentence.span(one.positions)
    return FoundSkill(
        skill_id=one.skill_id, label=label, passage=sentence.passage, level=said.level(one.positions),
        score=round(one.score, 3), start=start, end=end, stance=said.stance(one.positions),
        asked=said.asks(one.positions), rule=one.rule, said=one.said,
        foreign=not (en if shown == "en" else nl),
    )  # fmt: skip
