"""What the pages of the smart CV need."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from profiles.interests import ITEMS
from profiles.models import (
    CV,
    CVCertificate,
    CVLanguage,
    CVSkill,
    Education,
    Initiative,
    Job,
    WishedOccupation,
)
from profiles.queries.answers import jobs_of
from profiles.steps import STEPS, VALUES, Step
from taxonomy.models import OccupationSkill

ENOUGH_SKILLS = 5
OFFERED = 24  # skills that an occupation offers at once, besides those already kept
MOST_OFFERED = 120  # on one page, so that its form stays within the number of fields that the site accepts


@dataclass(frozen=True)
class SkillChoice:
    """A skill on the page of skills: held already, or offered because it goes with a job."""

    skill_id: int
    label: str
    foreign: bool
    held: bool
    level: int
    joy: int | None
    unused: bool


@dataclass(frozen=True)
class SkillChoices:
    title: str  # the job it goes with; empty for the other skills
    held: list[SkillChoice]
    offered: list[SkillChoice]


def skill_choices(cv: CV | None) -> list[SkillChoices]:
    """All skills of a CV and those that go with its jobs, a list a job; every skill once."""
    if cv is None:
        return []
    held = {row.skill_id: row for row in CVSkill.objects.filter(cv=cv).select_related("skill").order_by("id")}
    jobs = [job for job in jobs_of(cv) if job.occupation_id]
    needed = _needed_by(list(dict.fromkeys(job.occupation_id for job in jobs)))
    seen: set[int] = set()
    room = MOST_OFFERED
    result = []
    for job in jobs:
        rows = [row for row in needed.get(job.occupation_id, []) if row.skill_id not in seen]
        mine = [_held(held[row.skill_id]) for row in rows if row.skill_id in held]
        came_along = [row for row in held.values() if row.job_id == job.pk and row.skill_id not in seen]
        listed = {choice.skill_id for choice in mine}
        mine += [_held(row) for row in came_along if row.skill_id not in listed]
        offered = [
            SkillChoice(row.skill_id, row.skill.label, row.skill.label_is_foreign, False, 3, None, False)
            for row in rows
            if row.skill_id not in held
        ][: min(OFFERED, room)]
        room -= len(offered)
        seen |= {choice.skill_id for choice in mine + offered}
        if mine or offered:
            result.append(SkillChoices(job.title, mine, offered))
    rest = [_held(row) for pk, row in held.items() if pk not in seen]
    return result + ([SkillChoices("", rest, [])] if rest else [])


def _held(row: CVSkill) -> SkillChoice:
    return SkillChoice(
        row.skill_id, row.skill.label, row.skill.label_is_foreign, True, row.level, row.joy, row.unused_at_work
    )


def _needed_by(occupation_ids: list[int]) -> dict[int, list[OccupationSkill]]:
    """What each occupation needs, essential and telling skills first; one query for all of them."""
    needed: dict[int, list[OccupationSkill]] = {}
    rows = OccupationSkill.objects.filter(occupation_id__in=occupation_ids).select_related("skill")
    for row in sorted(rows, key=lambda r: (not r.essential, r.source != "core", -r.skill.idf, r.skill_id)):
        needed.setdefault(row.occupation_id, []).append(row)
    return needed


def counts(cv: CV | None) -> dict[str, int]:
    """How many answers each step holds, in one query."""
    if cv is None:
        return {}
    tables = {
        "jobs": Job, "skills": CVSkill, "educations": Education, "languages": CVLanguage,
        "certificates": CVCertificate, "occupations": WishedOccupation, "initiatives": Initiative,
    }  # fmt: skip
    made = {
        name: Subquery(
            model.objects.filter(cv=OuterRef("pk")).order_by().values("cv").annotate(n=Count("pk")).values("n")
        )
        for name, model in tables.items()
    }
    row = CV.objects.filter(pk=cv.pk).annotate(**{f"n_{name}": query for name, query in made.items()})
    values = row.values(*(f"n_{name}" for name in made)).get()
    return {name: values[f"n_{name}"] or 0 for name in made}


@dataclass(frozen=True)
class StepState:
    """One step of the CV: "done", "busy" (something is there, more helps) or "todo"."""

    step: Step
    status: str
    hint: str


def completeness(cv: CV | None) -> list[StepState]:
    """How far each step is, with what it brings or holds."""
    have = counts(cv)
    states = []
    for step in STEPS:
        status, hint = _state(step.key, cv, have)
        states.append(StepState(step, status, hint or str(step.brings)))
    return states


def _state(key: str, cv: CV | None, have: dict[str, int]) -> tuple[str, str]:
    if cv is None:
        return "todo", ""
    if key in {"jobs", "skills", "educations", "languages", "certificates"}:
        n = have[key]
        few = key == "skills" and n < ENOUGH_SKILLS
        return ("todo", "") if not n else ("busy" if few else "done", counted_words(key, n))
    if key == "interests":
        n = len(cv.interest_answers)
        hint = _("%(n)s of %(of)s choices made") % {"n": n, "of": len(ITEMS)} if 0 < n < len(ITEMS) else ""
        return ("done" if n == len(ITEMS) else "busy" if n else "todo"), hint
    if key == "choices":
        n = len(cv.choice_answers)
        hint = "" if cv.choice_result or not n else counted_words("choices", n)
        return ("done" if cv.choice_result else "busy" if n else "todo"), hint
    if key == "values":
        n = sum(value is not None for value in cv.work_values)
        return ("done" if n == len(VALUES) else "busy" if n else "todo"), ""
    if key == "wishes":
        parts = [cv.place_id, cv.hours_max or cv.hours_min, have["occupations"] or cv.wished_sectors]
        n = sum(bool(part) for part in parts)
        return ("done" if n == len(parts) else "busy" if n else "todo"), ""
    n = (cv.ready_to_learn is not None) + (cv.start_within_weeks is not None)
    return ("done" if n == 2 else "busy" if n or have["initiatives"] else "todo"), ""


def counted_words(key: str, n: int) -> str:
    words = {
        "jobs": ngettext("%(n)s job", "%(n)s jobs", n),
        "skills": ngettext("%(n)s skill", "%(n)s skills", n),
        "educations": ngettext("%(n)s education", "%(n)s educations", n),
        "languages": ngettext("%(n)s language", "%(n)s languages", n),
        "choices": ngettext("%(n)s choice made", "%(n)s choices made", n),
        "certificates": ngettext("%(n)s certificate", "%(n)s certificates", n),
    }
    return words[key] % {"n": n}
