"""Words around numbers: what is asked, why it fits, what adds up."""

import numpy as np
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from core.choices import EducationLevel, Language, LanguageLevel
from core.foreign import Foreign, listed, sentence
from matching import loading
from matching.engine import (
    CandidateIndex,
    Explanation,
    VacancyIndex,
)
from matching.engine.almost import Obstacle
from matching.engine.scale import apportion
from matching.queries.shown import JOURNEYS, BreakdownLine, BreakdownPart
from taxonomy.models import Certificate, Skill

COVERED = 8_000  # of 10,000: counts as "can do this"
FITS_WELL = 7_000
AROUND_THE_CORNER = 3  # minutes


class Words:
    """Labels of what vacancies ask, read once for a list."""

    def __init__(self, vacancies: VacancyIndex) -> None:
        self._ids = vacancies.space.ids
        self._skills: dict[int, tuple[str, bool]] | None = None
        self._papers: list[str] | None = None

    def skill_id(self, row: int) -> int:
        return int(self._ids[row])

    def skill(self, row: int) -> str:
        return self._skill(row)[0]

    def in_sentence(self, row: int) -> str:
        """A skill for within a sentence, marked there as English where it has no Dutch."""
        label, foreign = self._skill(row)
        return Foreign(label) if foreign else label

    def is_foreign(self, cover) -> bool:
        """Whether a requirement is shown in English, for want of a Dutch label."""
        return cover.kind == "skill" and self._skill(cover.item)[1]

    def _skill(self, row: int) -> tuple[str, bool]:
        if self._skills is None:
            language = get_language()
            self._skills = loading.shared(f"labels:{language}", loading.taxonomy_stamp(), _labels)
        return self._skills.get(int(self._ids[row]), ("", False))

    def certificate(self, bit: int) -> str:
        if self._papers is None:
            self._papers = [paper.label for paper in Certificate.objects.order_by("id")]
        return self._papers[bit]

    @staticmethod
    def bits(words) -> list[int]:
        return [int(bit) for bit in np.flatnonzero(np.unpackbits(np.ascontiguousarray(words).view(np.uint8),
                                                                 bitorder="little"))]  # fmt: skip

    def requirement(self, cover) -> str:
        """What a requirement is called on a page."""
        if cover.kind == "skill":
            return self.skill(cover.item)
        if cover.kind == "language":
            name = str(Language(Language.values[cover.item]).label)
            return _("%(language)s at level %(level)s") % {
                "language": name, "level": LanguageLevel(cover.asked).label,
            }  # fmt: skip
        if cover.kind == "certificate":
            return self.certificate(cover.item)
        return _("education: %(level)s") % {"level": EducationLevel(cover.asked).label}


def _labels() -> dict[int, tuple[str, bool]]:
    return {skill.pk: (skill.label, skill.label_is_foreign) for skill in Skill.objects.only("label_nl", "label_en")}


def to_per_mille(score: int) -> int:
    """Parts of 10,000 as pages show them."""
    return (score + 5) // 10


def journey_band(minutes: int) -> str:
    """The code of JOURNEYS for so many minutes; empty when unknown."""
    return next((code for code, (under, _words) in JOURNEYS.items() if 0 <= minutes < under), "")


PAGES = {  # of the smart CV, where a part of the fit is said
    "skill": "skills", "language": "languages", "certificate": "certificates", "education": "educations",
    "interests": "interests", "joy": "skills", "wishes": "wishes", "values": "values", "ready_to_learn": "drive",
    "initiatives": "initiatives",
}  # fmt: skip


def fit_lines(story: Explanation, who: str, words: Words) -> tuple[int, list[tuple[str, int]], list[BreakdownPart]]:
    """(fit per mille, lines that add up to it, the same to the last requirement): the engine's lines, rounded together."""
    you = who == "you"
    labels = {
        "interests": _("your interests") if you else _("interests"),
        "joy": _("what you love to do") if you else _("what they love to do"),
        "wishes": _("your wishes") if you else _("wishes"),
        "values": _("what matters to you") if you else _("what matters to them"),
        "ready_to_learn": _("ready to learn"),
        "initiatives": _("what you did yourself") if you else _("own steps"),
        "motivation": _("your motivation") if you else _("motivation"),
    }
    can = _("what you can, of what is asked") if you else _("what they can, of what you ask")
    total = to_per_mille(story.fit)
    leaves: list[tuple[str, int, int, bool, str]] = [
        (words.requirement(cover), cover.adds, cover.coverage, True, cover.kind) for cover in story.requirements
    ] or [(can, story.parts[0].adds, story.parts[0].score, False, "")]
    n_can, n_want = len(leaves), len(story.passion)
    leaves += [
        (labels[part.key], part.adds, part.score, part.known, part.key) for part in (*story.passion, *story.drive)
    ]
    lines = [
        BreakdownLine(
            label if known else _("%(part)s (not known yet)") % {"part": label}, adds, (score + 50) // 100, known,
            PAGES.get(key, "") if you else "", n < len(story.requirements) and words.is_foreign(story.requirements[n]),
        )
        for n, ((label, _adds, score, known, key), adds) in enumerate(
            zip(leaves, apportion(total, [leaf[1] for leaf in leaves]), strict=True)
        )
    ]  # fmt: skip
    names = {"competence": pgettext("part of a fit", "Can"), "passion": pgettext("part of a fit", "Want"),
             "drive": pgettext("part of a fit", "Do")}  # fmt: skip
    groups = (lines[:n_can], lines[n_can : n_can + n_want], lines[n_can + n_want :])
    breakdown = [
        BreakdownPart(part.key, names[part.key], part.weight, sum(line.adds for line in group), group)
        for part, group in zip(story.parts, groups, strict=True)
    ]
    flat = [(can, breakdown[0].adds), *((line.label, line.adds) for line in lines[n_can:])]
    return total, flat, breakdown


def obstacle_words(obstacle: Obstacle, words: Words, who: str) -> str:
    """What would have to be otherwise, as a short sentence."""
    you = who == "you"
    if obstacle.kind == "hours":
        text = _("if you would work %(asked)s hours a week") if you else _("if %(has)s hours a week would do")
    elif obstacle.kind == "journey":
        text = _("if you would travel %(asked)s minutes") if you else _("if the journey may take longer than they wish")
    elif obstacle.kind == "skill":
        text = _("if you could do this: %(what)s") if you else _("if they learn this: %(what)s")
    elif obstacle.kind == "certificate":
        text = _("if you had this: %(what)s") if you else _("if they get this: %(what)s")
    else:
        text = _("if you had reached this: %(what)s") if you else _("if they reach this: %(what)s")
    what = ""
    if obstacle.kind not in ("hours", "journey"):
        what = words.in_sentence(obstacle.item) if obstacle.kind == "skill" else words.requirement(obstacle)
    return sentence(text, asked=obstacle.asked, has=obstacle.has, what=what)


def reasons_for(story: Explanation, index: CandidateIndex, row: int, words: Words, who: str, exact: bool) -> list[str]:
    """Short sentences for what speaks for this match, strongest first; the journey to the minute only when `exact`."""
    you = who == "you"
    reasons = []
    asked = [cover for cover in story.requirements if cover.kind == "skill"]
    if asked:
        can = sum(cover.coverage >= COVERED for cover in asked)
        if can:
            values = {"can": can, "asked": len(asked)}
            reasons.append(
                (_("You can do %(can)s of the %(asked)s things that are asked.") if you
                 else _("Can do %(can)s of the %(asked)s things you ask.")) % values
            )  # fmt: skip
    loved = [words.in_sentence(cover.item) for cover in asked if index.joy[row, cover.item] == 2][:2]
    if loved:
        text = _("You love to do this: %(skills)s.") if you else _("Loves to do this: %(skills)s.")
        reasons.append(sentence(text, skills=listed(loved, _(" and "))))
    parts = {part.key: part for part in story.passion}
    if parts["interests"].known and parts["interests"].score >= FITS_WELL:
        reasons.append(
            _("This kind of work suits your interests.") if you else _("This kind of work suits their interests.")
        )
    if parts["wishes"].known and parts["wishes"].score >= FITS_WELL:
        reasons.append(_("It is what you wished for.") if you else _("It is what they wish for."))
    if parts["values"].known and parts["values"].score >= FITS_WELL:
        reasons.append(
            _("It offers what matters to you in work.") if you else _("You offer what matters to them in work.")
        )
    if story.minutes >= 0 and story.minutes_over == 0 and not exact:
        reasons.append(str(JOURNEYS[journey_band(story.minutes)][1]))
    elif 0 <= story.minutes < AROUND_THE_CORNER:
        reasons.append(_("Around the corner."))
    elif story.minutes >= 0 and story.minutes_over == 0:
        reasons.append(
            ngettext("%(minutes)s minute away.", "%(minutes)s minutes away.", story.minutes)
            % {"minutes": story.minutes}
        )
    drive = {part.key: part for part in story.drive}
    if drive["initiatives"].known:
        reasons.append(_("You already took a step yourself.") if you else _("Already took a step of their own."))
    return reasons
