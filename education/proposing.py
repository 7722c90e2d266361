"""What a programme probably teaches: skills proposed from its title, text and codes, each with what says so.

Four witnesses, each with a weight that was chosen on the tuning half of the judged programmes (`evaluate_programmes`):
the words of the text (`taxonomy.extract`, read as a course), how like its clauses are to the names of skills, the
occupation that the title names (for what leads to a whole occupation), and what other schools confirmed for the same
crebo or RIO code. What several witnesses say is surer than what one says.
"""

import re
from dataclasses import dataclass

from core.choices import Level
from education.likeness import likest
from education.models import Programme, ProgrammeSkill
from taxonomy.extract import Kind, find_skills
from taxonomy.models import OccupationSkill
from taxonomy.queries import search_occupations, search_skills
from taxonomy.text import normalize

MOST = 20  # proposals for one programme: who has to judge more stops reading
LEAST = 0.3  # sureness from which something is proposed
WHOLE = {Programme.Kind.DEGREE, Programme.Kind.BBL, Programme.Kind.EVC}  # lead to (a recognition of) an occupation
TEXT, LIKE, LIKE_IN_OCCUPATION, TITLE, OCCUPATION, CODE = 0.85, 0.6, 1.0, 0.6, 0.7, 0.9
LEAST_TITLE, LEAST_OCCUPATION = 0.62, 0.6  # scores of search from which a hit counts
LEAST_LIKE = 0.3  # cosine of a clause and a label from which it counts
MOST_CLAUSES = 40
LONGEST_CLAUSE = 6  # words
FILLER = re.compile(
    r"\b(niveau|deel|module|cursus|opleiding|training|workshop|basis|gevorderden?|beginners?|vervolg|keuzedeel|bbl|bol|mbo|hbo|"
    r"evc|certificaat|voor|allround|eerste|basisvakopleiding|praktijkdiploma)\b|\d+|\([^)]*\)",
    re.IGNORECASE,
)
SPLIT = re.compile(r"[.,:;!?()\n•–]|\ben\b|\bof\b|\bmet\b|\bvoor\b|\bin\b|\bvan\b|\bop\b|\bbij\b|\band\b|\bwith\b")
LEVELS = {1: Level.BASIC, 2: Level.INDEPENDENT, 3: Level.INDEPENDENT, 4: Level.SKILLED, 5: Level.SKILLED,
          6: Level.SKILLED, 7: Level.EXPERT, 8: Level.EXPERT}  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    skill_id: int
    level: int  # core.choices.Level
    score: float  # [0, 1]: how sure it is
    passage: str  # the words that say so


@dataclass
class _Evidence:
    score: float = 0.0
    best: float = 0.0
    passage: str = ""
    level: int | None = None

    def add(self, score: float, passage: str, level: int | None = None) -> None:
        """Independent witnesses: one minus the product of the doubts."""
        self.score = 1 - (1 - self.score) * (1 - min(score, 0.99))
        if score > self.best:
            self.best, self.passage = score, passage[:300]
        self.level = level or self.level


def propose(programme: Programme, most: int = MOST) -> list[Proposal]:
    """The skills that a programme probably teaches, the surest first; equal ones by id."""
    language = "en" if programme.language == "en" else "nl"
    found: dict[int, _Evidence] = {}
    occupation = _occupation(programme)
    needed = _needed(occupation)
    text = f"{programme.title}. {programme.description}"
    for each in find_skills(text, language=language, limit=60, kind=Kind.COURSE):
        _add(found, each.skill_id, TEXT * each.score, each.passage, each.level)
    clauses = _clauses(programme.description)
    for skill_id, cosine, number in likest(
        [normalize(each) for each in clauses], language=language, least=LEAST_LIKE, most=3
    ):
        weight = LIKE_IN_OCCUPATION if skill_id in needed else LIKE
        _add(found, skill_id, weight * cosine, clauses[number])
    title = " ".join(FILLER.sub(" ", programme.title).split())
    for hit in search_skills(title, limit=3, language=language) if title else ():
        if hit.score >= LEAST_TITLE:
            _add(found, hit.id, TITLE * hit.score, programme.title)
    if programme.kind in WHOLE:
        for skill_id, weight in needed.items():
            _add(found, skill_id, OCCUPATION * weight, programme.title)
    for skill_id, share in _confirmed_elsewhere(programme):
        _add(found, skill_id, CODE * share, programme.crebo or programme.rio)
    usual = _usual_level(programme)
    ranked = sorted(found.items(), key=lambda pair: (-pair[1].score, pair[0]))
    return [
        Proposal(skill_id, min(max(each.level or usual, Level.BEGINNER), Level.EXPERT), each.score, each.passage)
        for skill_id, each in ranked[:most]
        if each.score >= LEAST
    ]


def _add(found: dict[int, _Evidence], skill_id: int, score: float, passage: str, level: int | None = None) -> None:
    found.setdefault(skill_id, _Evidence()).add(score, passage, level)


def _usual_level(programme: Programme) -> int:
    """Where neither the text nor the kind says how far it goes, somebody can do it alone afterwards."""
    if programme.kind in WHOLE and programme.level:
        return LEVELS[programme.level]
    title = programme.title.lower()
    if re.search(r"\b(beginners?|basis|kennismaking|starten|introductie|introduction|beginnen)\b", title):
        return Level.BASIC
    if re.search(r"\b(gevorderden?|vervolg|verdieping|expert|advanced|specialist)\b", title):
        return Level.SKILLED
    return Level.INDEPENDENT


def _occupation(programme: Programme) -> int | None:
    title = " ".join(FILLER.sub(" ", programme.title).split())
    hits = search_occupations(title, limit=1) if title else []
    return hits[0].id if hits and hits[0].score >= LEAST_OCCUPATION else None


def _needed(occupation: int | None) -> dict[int, float]:
    """Skills of an occupation with how much they belong to it: essential ones first, rare ones more than common ones."""
    if occupation is None:
        return {}
    rows = OccupationSkill.objects.filter(occupation_id=occupation).values_list("skill_id", "essential", "skill__idf")
    most = max((idf for _skill, _essential, idf in rows), default=0) or 1
    return {skill: (1.0 if essential else 0.55) * (0.6 + 0.4 * idf / most) for skill, essential, idf in rows}


def _clauses(text: str) -> list[str]:
    """Short pieces of a text, in which one thing is said."""
    pieces = (" ".join(piece.split()) for piece in SPLIT.split(text))
    short = dict.fromkeys(piece for piece in pieces if len(piece) >= 4 and len(piece.split()) <= LONGEST_CLAUSE)
    return list(short)[:MOST_CLAUSES]


def _confirmed_elsewhere(programme: Programme) -> list[tuple[int, float]]:
    """(skill, share of the other programmes with the same code that confirmed it)."""
    same = Programme.objects.none()
    if programme.crebo:
        same = Programme.objects.filter(crebo=programme.crebo)
    elif programme.rio:
        same = Programme.objects.filter(rio=programme.rio)
    others = list(
        same.exclude(pk=programme.pk).filter(status=Programme.Status.PUBLISHED).values_list("pk", flat=True)[:20]
    )
    if not others:
        return []
    counts: dict[int, int] = {}
    rows = ProgrammeSkill.objects.filter(programme__in=others, confirmed=True)
    for skill_id in rows.values_list("skill_id", flat=True):
        counts[skill_id] = counts.get(skill_id, 0) + 1
    return [(skill_id, n / len(others)) for skill_id, n in counts.items()]
