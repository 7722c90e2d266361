"""What somebody learned: a finished programme brings its skills into the smart CV, with the evidence."""

import datetime

from django.db import transaction

from accounts.models import User
from accounts.operations import audit
from core.exceptions import Conflict
from profiles.answers import FinishedAnswer
from profiles.models import CV, CVCertificate, CVLanguage, CVSkill, Education, FinishedProgramme
from profiles.operations.base import MOST_EDUCATIONS, MOST_SKILLS, touch

BY = FinishedProgramme.ConfirmedBy


@transaction.atomic
def finish_programme(
    *, cv: CV, finished: FinishedAnswer, today: datetime.date, confirmed_by: str = BY.LEARNER, actor: User | None = None
) -> FinishedProgramme:
    """Put a finished programme on a smart CV: skills at the level it reaches, papers, and its diploma as an education.

    This is what the promise of a course counts with (`matching.engine.training`): a higher level that somebody has
    already stays, an equal or lower one becomes that of the programme, used in the year of finishing. Sent twice it
    changes nothing; a school's word replaces the learner's own, never the other way round.
    """
    CV.objects.select_for_update().get(pk=cv.pk)  # a learner and a school at once wait for each other
    held = FinishedProgramme.objects.filter(cv=cv, programme=finished.programme).first()
    if held is not None:
        if held.confirmed_by != confirmed_by and confirmed_by == BY.SCHOOL:
            held.confirmed_by = confirmed_by
            held.save(update_fields=["confirmed_by"])
            _tell(cv, held, actor)
        return held
    row = FinishedProgramme.objects.create(
        cv=cv, programme=finished.programme, title=finished.title[:160], school=finished.school[:120],
        year=finished.year, confirmed_by=confirmed_by,
    )  # fmt: skip
    row.changed = _bring_skills(cv, row, finished)
    row.certificates = _bring_papers(cv, finished, today)
    row.languages = _bring_languages(cv, finished)
    row.save(update_fields=["changed", "certificates", "languages"])
    if finished.grants_level:
        _bring_diploma(cv, finished)
    _tell(cv, row, actor)
    return row


@transaction.atomic
def take_back_programme(*, cv: CV, version: int, row: FinishedProgramme, actor: User | None = None) -> None:
    """Undo a finished programme. What the person changed since then stays. Raises Conflict for an old version."""
    if not CV.objects.select_for_update().filter(pk=cv.pk, version=version).exists():
        raise Conflict
    for skill in CVSkill.objects.filter(cv=cv, learned_in=row):
        before = row.changed.get(str(skill.skill_id))
        if before is None:
            skill.delete()
        else:
            skill.level, skill.last_used_year = before
            skill.learned_in = None
            skill.save(update_fields=["level", "last_used_year", "learned_in"])
    for pk, until in row.certificates.items():
        paper = CVCertificate.objects.filter(cv=cv, certificate_id=int(pk), valid_until=None)
        if until is None:
            paper.delete()
        else:
            paper.update(valid_until=until)
    for code, level in row.languages.items():
        spoken = CVLanguage.objects.filter(cv=cv, language=code)
        spoken.delete() if level is None else spoken.update(level=level)
    Education.objects.filter(cv=cv, title=row.title, year=row.year, finished=True).delete()
    _set_level(cv)
    row.delete()
    touch(cv)
    audit(actor=actor, verb="take back programme", subject=cv, programme=row.programme)


def _tell(cv: CV, row: FinishedProgramme, actor: User | None) -> None:
    touch(cv)
    audit(actor=actor, verb="finish programme", subject=cv, programme=row.programme, confirmed_by=row.confirmed_by)


def _bring_skills(cv: CV, row: FinishedProgramme, finished: FinishedAnswer) -> dict[str, list | None]:
    """Add or raise what the programme teaches; what it was before comes back, by skill."""
    held = {skill.skill_id: skill for skill in CVSkill.objects.filter(cv=cv)}
    changed: dict[str, list | None] = {}
    for skill_id, level in dict(finished.skills).items():
        skill = held.get(skill_id)
        if skill is None:
            if len(held) >= MOST_SKILLS:
                continue
            held[skill_id] = CVSkill.objects.create(
                cv=cv, skill_id=skill_id, level=level, last_used_year=finished.year, learned_in=row
            )
            changed[str(skill_id)] = None
            continue
        fresher = skill.last_used_year is not None and skill.last_used_year < finished.year
        if level > skill.level or (level == skill.level and fresher):
            changed[str(skill_id)] = [skill.level, skill.last_used_year]
            skill.level, skill.learned_in = level, row
            skill.last_used_year = finished.year if fresher else skill.last_used_year
            skill.save(update_fields=["level", "last_used_year", "learned_in"])
    return changed


def _bring_papers(cv: CV, finished: FinishedAnswer, today: datetime.date) -> dict[str, str | None]:
    held = {paper.certificate_id: paper for paper in CVCertificate.objects.filter(cv=cv)}
    changed: dict[str, str | None] = {}
    for pk in finished.certificates:
        paper = held.get(pk)
        if paper is None:
            CVCertificate.objects.create(cv=cv, certificate_id=pk)
            changed[str(pk)] = None
        elif paper.valid_until is not None and paper.valid_until < today:
            changed[str(pk)] = paper.valid_until.isoformat()
            paper.valid_until = None
            paper.save(update_fields=["valid_until"])
    return changed


def _bring_languages(cv: CV, finished: FinishedAnswer) -> dict[str, int | None]:
    held = dict(CVLanguage.objects.filter(cv=cv).values_list("language", "level"))
    changed: dict[str, int | None] = {}
    for code, level in finished.languages:
        if level > held.get(code, 0):
            CVLanguage.objects.update_or_create(cv=cv, language=code, defaults={"level": level})
            changed[code] = held.get(code)
    return changed


def _bring_diploma(cv: CV, finished: FinishedAnswer) -> None:
    rows = Education.objects.filter(cv=cv)
    if rows.count() < MOST_EDUCATIONS:
        rows.get_or_create(
            cv=cv, title=finished.title[:160], level=finished.grants_level, year=finished.year, finished=True
        )
    level = max(cv.education_level or 0, finished.grants_level or 0)
    CV.objects.filter(pk=cv.pk).update(education_level=level)
    cv.education_level = level


def _set_level(cv: CV) -> None:
    """The highest finished education, as `save_educations` counts it."""
    levels = Education.objects.filter(cv=cv, finished=True).values_list("level", flat=True)
    cv.education_level = max(levels, default=None)
    cv.save(update_fields=["education_level"])
