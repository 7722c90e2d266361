"""What the platform makes of a text, a title or a search, with the reasons: for operators who look why.

Nothing that is given is stored or logged.
"""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.choices import EducationLevel, Language, LanguageLevel, Level
from taxonomy.extract import Asked, Kind, Rule, Stance, Understood, read_text

RULES = {
    Rule.LABEL: gettext_lazy("the words of a label"),
    Rule.FORMS: gettext_lazy("other forms of the words of a label"),
    Rule.SPREAD: gettext_lazy("the words of a label, apart or in another order"),
    Rule.VERB: gettext_lazy("a verb of which a part stands elsewhere"),
    Rule.PART: gettext_lazy("the words of a label that matter most"),
    Rule.MEANING: gettext_lazy("a phrase with the same meaning"),
}
STANCES = {
    Stance.SAID: "",
    Stance.WISH: gettext_lazy("wish, or still to be learned"),
    Stance.DENIED: gettext_lazy("denied"),
}
ASKED = {Asked.REQUIRED: gettext_lazy("asked"), Asked.NICE: gettext_lazy("nice to have")}


@dataclass(frozen=True)
class Finding:
    """One thing that was read. `tone` is how it is marked: "skill", "paper", "fact", or "not" when it does not count."""

    number: int
    what: str  # the sort of thing, in words
    label: str
    foreign: bool
    words: str  # the words of the text
    details: tuple[str, ...]  # level, required or nice, denied
    why: str
    score: float | None  # [0, 1]
    tone: str
    start: int
    end: int


@dataclass(frozen=True)
class Segment:
    """A piece of the text; `finding` is what it says, None for what says nothing."""

    text: str
    finding: Finding | None


@dataclass(frozen=True)
class Reading:
    language: str
    findings: list[Finding]  # in order of the text
    segments: list[Segment]
    cut: bool  # the text was longer than is read


def explain_text(text: str, *, kind: Kind) -> Reading:
    """Everything that is understood of a text, in its order, and the text with those passages marked."""
    understood = read_text(text, kind=kind)
    rows = sorted(_rows(understood), key=lambda row: (row["start"], row["tone"] == "skill", row["end"]))
    findings = [
        Finding(number=number, words=text[row["start"] : row["end"]], **row) for number, row in enumerate(rows, 1)
    ]
    return Reading(understood.language, findings, list(_segments(text, findings)), understood.cut)


def _rows(found: Understood):
    for skill in found.skills:
        yield _row(
            _("skill"), skill, skill.label, [_level(Level, skill.level), *_attitude(skill)], foreign=skill.foreign,
            why=_because(RULES.get(skill.rule, skill.rule), skill.said), score=skill.score,
            tone="skill" if skill.stance is Stance.SAID else "not",
        )  # fmt: skip
    for paper in found.certificates:
        tone = "paper" if paper.stance is Stance.SAID else "not"
        yield _row(_("paper"), paper, paper.label, _attitude(paper), tone=tone)
    for language in found.languages:
        tone = "fact" if language.stance is Stance.SAID else "not"
        details = [_level(LanguageLevel, language.level), *_attitude(language)]
        yield _row(_("language"), language, str(Language(language.language).label), details, tone=tone)
    for education in found.education:
        yield _row(_("education"), education, str(EducationLevel(education.level).label), [])
    if found.hours:
        yield _row(_("hours"), found.hours, _span(found.hours.least, found.hours.most), [])
    if found.pay:
        per = {"hour": _("an hour's pay"), "month": _("a month's pay"), "year": _("a year's pay")}.get(
            str(found.pay.per), str(found.pay.per)
        )
        yield _row(_("pay"), found.pay, f"€ {_span(found.pay.least, found.pay.most)} {per}", [])
    for place in found.places:
        yield _row(_("place"), place, f"{place.postcode} {place.name}".strip(), [])


def _row(what: str, found, label: str, details, *, foreign=False, why="", score=None, tone="fact") -> dict:
    return {
        "what": what, "label": label, "foreign": foreign, "details": tuple(str(one) for one in details if one),
        "why": why, "score": score, "tone": tone, "start": found.start, "end": found.end,
    }  # fmt: skip


def _attitude(found) -> list[str | Promise]:
    return [ASKED.get(found.asked, ""), STANCES[found.stance]]


def _level(levels, value: int | None) -> str:
    return str(levels(value).label) if value else ""


def _because(rule: str | Promise, said: str) -> str:
    return f"{rule}: “{said}”" if said else str(rule)


def _span(least, most) -> str:
    numbers = [
        number_format(number, 0 if number == int(number) else 2, force_grouping=True) for number in (least, most)
    ]
    return "–".join(dict.fromkeys(numbers))


def _segments(text: str, findings: list[Finding]):
    """The text in pieces. Of passages that overlap the first is marked; the others stand in the list only."""
    at = 0
    for finding in findings:
        if finding.start < at or finding.end <= finding.start:
            continue
        if finding.start > at:
            yield Segment(text[at : finding.start], None)
        yield Segment(text[finding.start : finding.end], finding)
        at = finding.end
    if at < len(text):
        yield Segment(text[at:], None)
