"""What a person can do: jobs, skills, educations, languages, certificates."""

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from core.choices import Level
from core.exceptions import Refused
from profiles.answers import EducationAnswer, JobAnswer, SkillAnswer
from profiles.models import CV, CVCertificate, CVLanguage, CVSkill, Education, Job
from profiles.operations.base import MOST_EDUCATIONS, MOST_JOBS, MOST_SKILLS, SKILLS_WITH_A_JOB, take
from taxonomy.models import Certificate, Occupation, Skill
from taxonomy.queries import skills_of_occupation


@transaction.atomic
def save_job(
    *,
    cv: CV,
    version: int,
    title: str,
    occupation: Occupation | None = None,
    employer: str = "",
    start_year: int | None = None,
    end_year: int | None = None,
    is_current: bool = False,
    job: Job | None = None,
) -> Job:
    """Add a job, or change `job`. The core skills of its occupation come along, to be kept or dropped.

    A job that is already there exactly so is given back: sending twice adds nothing.
    """
    fields = {
        "title": title,
        "occupation_id": occupation.pk if occupation else None,
        "employer": employer,
        "start_year": start_year,
        "end_year": None if is_current else end_year,
        "is_current": is_current,
    }
    same = Job.objects.filter(cv=cv, **fields).first()
    if same is not None and job in (None, same):
        return same
    if job is None and Job.objects.filter(cv=cv).count() >= MOST_JOBS:
        raise Refused(_("You can keep at most %(most)s jobs.") % {"most": MOST_JOBS})
    take(cv, version, "add job" if job is None else "change job", occupation=fields["occupation_id"])
    if job is None:
        job = Job.objects.create(cv=cv, **fields)
        moved = occupation is not None
    else:
        moved = job.occupation_id != fields["occupation_id"]
        Job.objects.filter(pk=job.pk, cv=cv).update(**fields)
        job.refresh_from_db()
    if moved:
        _untouched(job).delete()
        if occupation is not None:
            _bring_skills(job, occupation)
    return job


def _untouched(job: Job):
    """Skills that came along with a job and about which the person never said anything."""
    return CVSkill.objects.filter(cv_id=job.cv_id, job=job, joy=None, unused_at_work=False, level=Level.INDEPENDENT)


def _bring_skills(job: Job, occupation: Occupation) -> None:
    held = set(CVSkill.objects.filter(cv_id=job.cv_id).values_list("skill_id", flat=True))
    essential = [row.skill_id for row in skills_of_occupation(occupation) if row.essential][:SKILLS_WITH_A_JOB]
    room = max(MOST_SKILLS - len(held), 0)
    last_used = None if job.is_current else job.end_year
    CVSkill.objects.bulk_create(
        [
            CVSkill(cv_id=job.cv_id, skill_id=pk, job=job, last_used_year=last_used)
            for pk in essential
            if pk not in held
        ][:room],
        ignore_conflicts=True,
    )


@transaction.atomic
def remove_job(*, cv: CV, version: int, job: Job, with_skills: bool = False) -> None:
    """Take a job away; `with_skills` also the skills that came along with it."""
    take(cv, version, "remove job", occupation=job.occupation_id)
    if with_skills:
        CVSkill.objects.filter(cv=cv, job=job).delete()
    Job.objects.filter(pk=job.pk, cv=cv).delete()


@transaction.atomic
def save_jobs(*, cv: CV, version: int, jobs: Sequence[JobAnswer]) -> None:
    """Replace the list of jobs. Jobs that stay as they are keep their skills; new ones bring theirs along."""
    wanted = list(dict.fromkeys(jobs))
    if len(wanted) > MOST_JOBS:
        raise Refused(_("You can keep at most %(most)s jobs.") % {"most": MOST_JOBS})
    names = [field.name for field in dataclasses.fields(JobAnswer)]
    held = {JobAnswer(*row[1:]): row[0] for row in Job.objects.filter(cv=cv).values_list("pk", *names)}
    new = [job for job in wanted if job not in held]
    gone = [pk for job, pk in held.items() if job not in wanted]
    occupations = Occupation.objects.in_bulk({job.occupation_id for job in new if job.occupation_id})
    if any(job.occupation_id and job.occupation_id not in occupations for job in new):
        raise Refused(_("One of these occupations does not exist. Search for it again."))
    seen = version
    if gone:
        take(cv, seen, "remove jobs", count=len(gone))
        seen = cv.version
        Job.objects.filter(pk__in=gone).delete()
    for job in new:
        fields = dataclasses.asdict(job)
        occupation = occupations.get(fields.pop("occupation_id"))
        save_job(cv=cv, version=seen, occupation=occupation, **fields)
        seen = cv.version


@transaction.atomic
def save_skills(*, cv: CV, version: int, kept: Sequence[SkillAnswer], shown: Iterable[int] | None = None) -> None:
    """Keep these skills with their levels and joy. Of the skills in `shown` (all, when None) the others are dropped."""
    answers = {answer.skill_id: answer for answer in kept}
    rows = {row.skill_id: row for row in CVSkill.objects.filter(cv=cv)}
    offered = set(rows) if shown is None else set(shown)
    gone = [row.pk for pk, row in rows.items() if pk in offered and pk not in answers]
    new = [answers[pk] for pk in answers if pk not in rows]
    if len(rows) - len(gone) + len(new) > MOST_SKILLS:
        raise Refused(_("You can keep at most %(most)s skills. Choose what matters most.") % {"most": MOST_SKILLS})
    if new and Skill.objects.filter(pk__in=[answer.skill_id for answer in new]).count() != len(new):
        raise Refused(_("One of these skills does not exist any more. Search for it again."))
    changed = []
    for pk, row in rows.items():
        answer = answers.get(pk)
        if answer and (row.level, row.joy, row.unused_at_work) != (answer.level, answer.joy, answer.unused_at_work):
            row.level, row.joy, row.unused_at_work = answer.level, answer.joy, answer.unused_at_work
            changed.append(row)
    if not (gone or new or changed):
        return
    take(cv, version, "save skills", added=len(new), removed=len(gone), changed=len(changed))
    CVSkill.objects.filter(pk__in=gone).delete()
    CVSkill.objects.bulk_update(changed, ["level", "joy", "unused_at_work"])
    jobs = _jobs_by_skill(cv, [answer.skill_id for answer in new])
    CVSkill.objects.bulk_create(
        [
            CVSkill(
                cv=cv,
                skill_id=answer.skill_id,
                level=answer.level,
                joy=answer.joy,
                unused_at_work=answer.unused_at_work,
                job=jobs.get(answer.skill_id),
            )
            for answer in new
        ]
    )


def _jobs_by_skill(cv: CV, skill_ids: list[int]) -> dict[int, Job]:
    """The first job of the CV whose occupation needs a skill."""
    jobs = {job.occupation_id: job for job in Job.objects.filter(cv=cv, occupation__isnull=False).order_by("-id")}
    pairs = Occupation.skills.through.objects.filter(occupation_id__in=jobs, skill_id__in=skill_ids)
    return {skill: jobs[occupation] for skill, occupation in pairs.values_list("skill_id", "occupation_id")}


@transaction.atomic
def add_skill(*, cv: CV, version: int, skill: Skill, level: int = Level.INDEPENDENT, joy: int | None = None) -> CVSkill:
    """Add one skill; one that is there already stays as it is."""
    held = CVSkill.objects.filter(cv=cv, skill=skill).first()
    if held is not None:
        return held
    save_skills(cv=cv, version=version, kept=[SkillAnswer(skill.pk, level, joy)], shown=[])
    return CVSkill.objects.get(cv=cv, skill=skill)


@transaction.atomic
def save_educations(*, cv: CV, version: int, educations: Sequence[EducationAnswer]) -> None:
    """Replace the list of educations; the highest finished one becomes the level of the CV."""
    wanted = list(dict.fromkeys(educations))
    if len(wanted) > MOST_EDUCATIONS:
        raise Refused(_("You can keep at most %(most)s educations.") % {"most": MOST_EDUCATIONS})
    rows = Education.objects.filter(cv=cv).order_by("id")
    if [EducationAnswer(*row) for row in rows.values_list("title", "level", "year", "finished")] == wanted:
        return
    take(cv, version, "save educations", count=len(wanted))
    rows.delete()
    Education.objects.bulk_create(
        [Education(cv=cv, title=e.title, level=e.level, year=e.year, finished=e.finished) for e in wanted]
    )
    cv.education_level = max((e.level for e in wanted if e.finished), default=None)
    cv.save(update_fields=["education_level"])


@transaction.atomic
def save_languages(*, cv: CV, version: int, languages: Mapping[str, int]) -> None:
    """Replace the languages: {language code: level 1-6}."""
    if dict(CVLanguage.objects.filter(cv=cv).values_list("language", "level")) == dict(languages):
        return
    take(cv, version, "save languages", count=len(languages))
    CVLanguage.objects.filter(cv=cv).delete()
    CVLanguage.objects.bulk_create([CVLanguage(cv=cv, language=code, level=lvl) for code, lvl in languages.items()])


@transaction.atomic
def save_certificates(*, cv: CV, version: int, certificates: Mapping[int, datetime.date | None]) -> None:
    """Replace the certificates: {certificate id: valid until, or None}."""
    if Certificate.objects.filter(pk__in=certificates).count() != len(certificates):
        raise Refused(_("One of these certificates does not exist. Search for it again."))
    if dict(CVCertificate.objects.filter(cv=cv).values_list("certificate_id", "valid_until")) == dict(certificates):
        return
    take(cv, version, "save certificates", count=len(certificates))
    CVCertificate.objects.filter(cv=cv).delete()
    CVCertificate.objects.bulk_create(
        [CVCertificate(cv=cv, certificate_id=pk, valid_until=until) for pk, until in certificates.items()]
    )
