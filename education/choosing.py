"""The choices on the page where a school confirms what a programme teaches."""

from dataclasses import dataclass

from core.choices import Level
from education.models import Programme
from education.queries import certificates_of, skills_of
from taxonomy.extract import find_certificates
from taxonomy.models import Certificate, Skill
from taxonomy.queries import search_skills


@dataclass(frozen=True)
class SkillChoice:
    """One skill to tick, with its level; `passage` is where the text says it, `state` how it came here."""

    id: int
    label: str
    level: int
    passage: str
    state: str  # "confirmed", "proposed", "added" or "found"
    ticked: bool
    foreign: bool  # named in English on a Dutch page


@dataclass(frozen=True)
class PaperChoice:
    id: int
    label: str
    passage: str
    ticked: bool


def skill_choices(programme: Programme, posted: dict[int, int] | None, levels: dict[int, int]) -> list[SkillChoice]:
    """Confirmed and proposed skills, all ticked at first; `posted` (id to level) is what somebody ticked just now."""
    choices = [
        SkillChoice(
            row.skill_id, row.skill.label, levels.get(row.skill_id, row.level), row.passage,
            "confirmed" if row.confirmed else "proposed",
            row.skill_id in posted if posted is not None else True, row.skill.label_is_foreign,
        )
        for row in skills_of(programme)
    ]  # fmt: skip
    extra = set(posted or ()) - {choice.id for choice in choices}
    return choices + [
        SkillChoice(skill.pk, skill.label, posted[skill.pk], "", "added", True, skill.label_is_foreign)
        for skill in Skill.objects.filter(pk__in=extra).order_by("id")
    ]


def found_choices(text: str, shown: set[int]) -> list[SkillChoice]:
    """Skills that a search finds and that are not on the page yet."""
    return [
        SkillChoice(hit.id, hit.label, Level.INDEPENDENT, "", "found", False, hit.foreign)
        for hit in search_skills(text, limit=12)
        if hit.id not in shown
    ]


def paper_choices(programme: Programme, posted: set[int] | None) -> list[PaperChoice]:
    """Certificates of the programme and those its text names; proposals are ticked while it is a draft."""
    own = {row.certificate_id: row.certificate.label for row in certificates_of(programme)}
    passages = {}
    labels = dict(own)
    for found in find_certificates(f"{programme.title}. {programme.description}"):
        pk = found.certificate_id
        passages[pk] = found.passage
        labels.setdefault(pk, found.label)
    for certificate in Certificate.objects.filter(pk__in=(posted or set()) - set(labels)):
        labels[certificate.pk] = certificate.label
    draft = programme.status == Programme.Status.DRAFT
    return [
        PaperChoice(pk, label, passages.get(pk, ""), pk in posted if posted is not None else pk in own or draft)
        for pk, label in labels.items()
    ]
