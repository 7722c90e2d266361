"""What a number can be broken down by, and the words for every code. "?" stands for unknown in every dimension."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from cockpit.isco import MAJOR, SUB_MAJOR
from core.choices import SBI_SECTION, EducationLevel, Sector, TravelMode
from education.models import Programme
from matching.models import Application
from profiles.models import Initiative, UnusedReason
from taxonomy.models import Certificate, Skill, SkillGroup

UNKNOWN = "?"
ELSEWHERE = "? "  # before a province: somewhere in it, in which municipality is not known
SBI = {
    "A": _("farming, forestry and fishing"), "C": _("industry"), "D": _("energy supply"), "F": _("construction"),
    "G": _("trade and garages"), "H": _("transport and storage"), "I": _("hotels and restaurants"),
    "J": _("information and communication"), "K": _("financial services"), "M": _("specialist business services"),
    "N": _("rental and other business services"), "O": _("public administration"), "P": _("education"),
    "Q": _("health and welfare"), "R": _("culture, sport and recreation"), "S": _("other services"),
}  # fmt: skip
INTERESTS = {
    "R": _("doing (realistic)"), "I": _("finding out (investigative)"), "A": _("making (artistic)"),
    "S": _("helping (social)"), "E": _("leading (enterprising)"), "C": _("arranging (conventional)"),
}  # fmt: skip
SITUATIONS = {"work": _("in work"), "looking": _("without work")}
DUTCH = {"b2": _("Dutch at B2 or higher"), "below": _("Dutch below B2")}
SIDES = {"supply": _("people"), "demand": _("open vacancies")}
SHUT_OUT_BY = {
    "skill": _("a skill"), "certificate": _("a certificate or licence"), "language": _("a language"),
    "education": _("the diploma"), "hours": _("the hours"), "distance": _("the journey"),
}  # fmt: skip
BANDS = {f"{low:02d}": f"{low}–{low + 10} %" for low in range(0, 100, 10)}
VALUES = {
    "achievement": _("using what you can"), "independence": _("deciding yourself"),
    "recognition": _("being seen and growing"), "relationships": _("nice people, helping others"),
    "support": _("a boss who backs you"), "conditions": _("security and good conditions"),
}  # fmt: skip
YES_NO = {"yes": _("yes"), "no": _("no")}

Words = Mapping[str, str | Promise]


@dataclass(frozen=True)
class Dimension:
    """`parts`: every unit is in exactly one category, so categories add up to the total (and can be subtracted from it).

    `within` names a coarser dimension whose categories these divide.
    """

    key: str
    name: Promise
    words: Callable[[], Words]
    parts: bool = True
    within: str = ""


def _choices(enum) -> Callable[[], Words]:
    return lambda: {str(value): label for value, label in enum.choices}


def _concepts(model) -> Callable[[], Words]:
    """Labels of rows of the taxonomy by id, in the language of the page."""

    def read() -> Words:
        first, second = ("label_en", "label_nl") if get_language() == "en" else ("label_nl", "label_en")
        return {str(pk): one or other for pk, one, other in model.objects.values_list("pk", first, second)}

    return read


def _themselves() -> Words:
    return {}


DIMENSIONS = {
    dimension.key: dimension
    for dimension in (
        Dimension("province", _("province"), _themselves),
        Dimension("municipality", _("municipality"), _themselves, within="province"),
        Dimension("sbi", _("branch (SBI)"), lambda: SBI),
        Dimension("sector", _("sector"), _choices(Sector), within="sbi"),
        Dimension("isco1", _("occupation group"), lambda: MAJOR),
        Dimension("isco2", _("occupation group, finer"), lambda: SUB_MAJOR, within="isco1"),
        Dimension("education", _("level of education"), _choices(EducationLevel)),
        Dimension("situation", _("situation"), lambda: SITUATIONS),
        Dimension("dutch", _("language level"), lambda: DUTCH),
        Dimension("travel", _("means of travel"), _choices(TravelMode)),
        Dimension("size", _("size of the firm"), _choices(Organisation.Size)),
        Dimension("interest", _("strongest interest"), lambda: INTERESTS),
        Dimension("letter", _("interest"), lambda: INTERESTS, parts=False),
        Dimension("work_value", _("what matters in work"), lambda: VALUES, parts=False),
        Dimension("skill", _("skill"), _concepts(Skill), parts=False),
        Dimension("skill_group", _("group of skills"), _concepts(SkillGroup), parts=False),
        Dimension("certificate", _("certificate"), _concepts(Certificate), parts=False),
        Dimension("unused_reason", _("what is in the way"), _choices(UnusedReason), parts=False),
        Dimension("problem", _("trouble with staff"), _choices(Organisation.StaffingProblem), parts=False),
        Dimension("reason", _("reason of the employer"), _choices(Application.Reason)),
        Dimension("initiative", _("initiative"), _choices(Initiative.Kind), parts=False),
        Dimension("programme_kind", _("kind of programme"), _choices(Programme.Kind)),
        Dimension("shut_out_by", _("shut out by"), lambda: SHUT_OUT_BY),
        Dimension("band", _("chance that was said"), lambda: BANDS),
        Dimension("learned", _("followed a course"), lambda: YES_NO),
        Dimension("from_isco1", _("from occupation group"), lambda: MAJOR),
        Dimension("to_isco1", _("to occupation group"), lambda: MAJOR),
        Dimension("from_isco", _("from occupation group, finer"), lambda: SUB_MAJOR, within="from_isco1"),
        Dimension("to_isco", _("to occupation group, finer"), lambda: SUB_MAJOR, within="to_isco1"),
        Dimension("from_sector", _("from sector"), _choices(Sector)),
        Dimension("to_sector", _("to sector"), _choices(Sector)),
    )
}


def words_of(key: str) -> dict[str, str]:
    """The words for every code of a dimension; codes that are missing here speak for themselves."""
    return {UNKNOWN: str(_("unknown"))} | {code: str(word) for code, word in DIMENSIONS[key].words().items()}


def label(words: Mapping[str, str], code: str) -> str:
    if code.startswith(ELSEWHERE):
        return _("elsewhere in %(province)s") % {"province": code.removeprefix(ELSEWHERE)}
    return words.get(code, code)


def sbi_case(column: str) -> str:
    """SQL: the SBI section of a sector column."""
    cases = " ".join(f"WHEN '{sector}' THEN '{section}'" for sector, section in SBI_SECTION.items())
    return f"CASE {column} {cases} ELSE '{UNKNOWN}' END"
