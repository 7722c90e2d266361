"""What changes a smart CV. Every change checks the version that the person saw, is audited, and wakes the matcher."""

import dataclasses
import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audit
from core import events
from core.choices import Level
from core.exceptions import Conflict, Refused
from core.hooks import hooked
from core.models import Place
from profiles.answers import EducationAnswer, InitiativeAnswer, JobAnswer, SkillAnswer
from profiles.interests import ITEMS, TYPES, score
from profiles.models import CV, CVCertificate, CVLanguage, CVSkill, Education, Initiative, Job, WishedOccupation
from profiles.steps import VALUES
from taxonomy.models import Certificate, Occupation, Skill
from taxonomy.queries import skills_of_occupation

MOST_SKILLS = 200
MOST_JOBS = 40
MOST_EDUCATIONS = 20
MOST_INITIATIVES = 20
MOST_WISHES = 5
SKILLS_WITH_A_JOB = 15  # essential skills that come along with a job; the rest is offered


def start_cv(*, user: User | None = None) -> CV:
    """A new draft, or the CV of this account (made when there is none yet).

    Nobody but the person sees it until they say that employers may.
    """
    with transaction.atomic():
        if user is not None and user.is_authenticated:
            cv, created = CV.objects.get_or_create(owner=user, defaults={"findable": False})
        else:
            cv, created = CV.objects.create(findable=False), True
        if created:
            audit(actor=user, verb="start cv", subject=cv)
    return cv


def touch(cv: CV) -> None:
    """Raise the version and wake the matcher, whatever version the caller had seen."""
    CV.objects.filter(pk=cv.pk).update(version=F("version") + 1, updated_at=Now())
    cv.refresh_from_db(fields=["version", "updated_at"])
    events.changed("cv", cv.pk)


def _take(cv: CV, version: int, verb: str, **details) -> None:
    """Claim the next version, or raise Conflict when somebody was first."""
    if not CV.objects.filter(pk=cv.pk, version=version).update(version=F("version") + 1, updated_at=Now()):
        raise Conflict
    cv.version = version + 1
    audit(actor=cv.owner if cv.owner_id else None, verb=verb, subject=cv, **details)
    events.changed("cv", cv.pk)


def _set(cv: CV, version: int, verb: str, wanted: Mapping[str, object]) -> bool:
    """Give fields their values; False when they all have them already (a form that was sent twice is no conflict)."""
    now = CV.objects.values(*wanted).get(pk=cv.pk)
    if now == dict(wanted):
        return False
    _take(cv, version, verb, fields=sorted(name for name in wanted if now[name] != wanted[name]))
    CV.objects.filter(pk=cv.pk).update(**wanted)
    for name, value in wanted.items():
        setattr(cv, name, value)
    return True


# What a person can do.


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
    _take(cv, version, "add job" if job is None else "change job", occupation=fields["occupation_id"])
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
    _take(cv, version, "remove job", occupation=job.occupation_id)
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
        _take(cv, seen, "remove jobs", count=len(gone))
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
    _take(cv, version, "save skills", added=len(new), removed=len(gone), changed=len(changed))
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
    _take(cv, version, "save educations", count=len(wanted))
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
    _take(cv, version, "save languages", count=len(languages))
    CVLanguage.objects.filter(cv=cv).delete()
    CVLanguage.objects.bulk_create([CVLanguage(cv=cv, language=code, level=lvl) for code, lvl in languages.items()])


@transaction.atomic
def save_certificates(*, cv: CV, version: int, certificates: Mapping[int, datetime.date | None]) -> None:
    """Replace the certificates: {certificate id: valid until, or None}."""
    if Certificate.objects.filter(pk__in=certificates).count() != len(certificates):
        raise Refused(_("One of these certificates does not exist. Search for it again."))
    if dict(CVCertificate.objects.filter(cv=cv).values_list("certificate_id", "valid_until")) == dict(certificates):
        return
    _take(cv, version, "save certificates", count=len(certificates))
    CVCertificate.objects.filter(cv=cv).delete()
    CVCertificate.objects.bulk_create(
        [CVCertificate(cv=cv, certificate_id=pk, valid_until=until) for pk, until in certificates.items()]
    )


# What a person wants.


@transaction.atomic
def save_interests(*, cv: CV, version: int, answers: Mapping[str, int | None]) -> None:
    """Add answers to the interest questions (None takes one back) and compute the six scores anew."""
    held = CV.objects.values_list("interest_answers", flat=True).get(pk=cv.pk)
    merged = {key: value for key, value in (held | dict(answers)).items() if key in ITEMS and value is not None}
    scores = score(merged)
    _set(cv, version, "save interests", {"interest_answers": merged, **dict(zip(TYPES, scores, strict=True))})


@transaction.atomic
def save_values(*, cv: CV, version: int, values: Mapping[str, int | None]) -> None:
    """What somebody finds important in work: {one of VALUES: 0-100, or None}."""
    _set(cv, version, "save values", {name: values.get(name) for name in VALUES})


@transaction.atomic
def save_wishes(
    *,
    cv: CV,
    version: int,
    occupations: Sequence[int],
    sectors: Sequence[str],
    hours_min: int | None,
    hours_max: int | None,
    days: int,
    travel_mode: str,
    travel_minutes: int | None,
    place: Place | None,
) -> None:
    """What somebody is looking for: occupations (ids, at most five), sectors, hours, days and the journey."""
    wanted = list(dict.fromkeys(occupations))
    if len(wanted) > MOST_WISHES:
        raise Refused(_("Choose at most %(most)s occupations.") % {"most": MOST_WISHES})
    if Occupation.objects.filter(pk__in=wanted).count() != len(wanted):
        raise Refused(_("One of these occupations does not exist. Search for it again."))
    changed = _set(
        cv,
        version,
        "save wishes",
        {
            "wished_sectors": list(sectors),
            "hours_min": hours_min,
            "hours_max": hours_max,
            "days": days,
            "travel_mode": travel_mode,
            "travel_minutes": travel_minutes,
            "place_id": place.pk if place else None,
        },
    )
    rows = WishedOccupation.objects.filter(cv=cv).order_by("id")
    if list(rows.values_list("occupation_id", flat=True)) == wanted:
        return
    if not changed:
        _take(cv, version, "save wishes", fields=["occupations"])
    rows.delete()
    WishedOccupation.objects.bulk_create([WishedOccupation(cv=cv, occupation_id=pk) for pk in wanted])


# What a person does.


@transaction.atomic
def save_drive(*, cv: CV, version: int, ready_to_learn: int | None, start_within_weeks: int | None) -> None:
    """How ready somebody is for the next step."""
    wanted = {"ready_to_learn": ready_to_learn, "start_within_weeks": start_within_weeks}
    _set(cv, version, "save drive", wanted)


@transaction.atomic
def save_initiatives(*, cv: CV, version: int, initiatives: Sequence[InitiativeAnswer]) -> None:
    """Replace the list of what somebody did of their own accord."""
    wanted = list(dict.fromkeys(initiatives))
    if len(wanted) > MOST_INITIATIVES:
        raise Refused(_("You can keep at most %(most)s of these.") % {"most": MOST_INITIATIVES})
    rows = Initiative.objects.filter(cv=cv).order_by("id")
    if [InitiativeAnswer(*row) for row in rows.values_list("kind", "text", "year")] == wanted:
        return
    _take(cv, version, "save initiatives", count=len(wanted))
    rows.delete()
    Initiative.objects.bulk_create([Initiative(cv=cv, kind=i.kind, text=i.text, year=i.year) for i in wanted])


@transaction.atomic
def set_findable(*, cv: CV, version: int, findable: bool) -> None:
    """Let employers see this CV, without the name, or stop that."""
    _set(cv, version, "set findable", {"findable": findable})


# Everything at once.


@transaction.atomic
def update_cv(*, cv: CV, version: int, **parts) -> None:
    """Change several parts of a CV or, when one of them is refused, none.

    The parts are named after the operation that saves them ("jobs" for `save_jobs`) and hold its arguments. Raises
    Conflict when the CV is not of this version any more.
    """
    current = CV.objects.select_for_update().values_list("version", flat=True).get(pk=cv.pk)
    if current != version:
        raise Conflict
    cv.version = version
    for name, save in PARTS.items():
        if name in parts:
            save(cv=cv, version=cv.version, **parts[name])


PARTS = {
    "jobs": save_jobs,
    "skills": save_skills,
    "educations": save_educations,
    "languages": save_languages,
    "certificates": save_certificates,
    "interests": save_interests,
    "values": save_values,
    "wishes": save_wishes,
    "drive": save_drive,
    "initiatives": save_initiatives,
    "findable": set_findable,
}


# Drafts and accounts.


@transaction.atomic
def claim_draft(*, ref: uuid.UUID | str, user: User) -> CV | None:
    """Give a draft to an account. An account that has a CV keeps its answers; what was missing is filled in.

    Returns the CV of the account; None when it has none and the draft is gone.
    """
    User.objects.select_for_update().get(pk=user.pk)  # two requests after one login wait for each other
    own = CV.objects.filter(owner=user).first()
    draft = CV.objects.select_for_update().filter(ref=ref, owner=None).first()
    if draft is None:
        return own
    if own is None:
        draft.owner = user
        draft.save(update_fields=["owner"])
        own = draft
    else:
        _merge(draft, own)
        for take in hooked("merge").values():
            take(draft=draft, own=own)
        draft.delete()
    touch(own)
    audit(actor=user, verb="claim draft", subject=own)
    return own


def _merge(draft: CV, own: CV) -> None:
    """Add to `own` what only `draft` has."""
    single = ["education_level", "travel_minutes", "ready_to_learn", "start_within_weeks", "place_id"]
    for name in single + list(VALUES):
        if getattr(own, name) is None:
            setattr(own, name, getattr(draft, name))
    if own.hours_min is None and own.hours_max is None:
        own.hours_min, own.hours_max = draft.hours_min, draft.hours_max
    own.wished_sectors = own.wished_sectors or draft.wished_sectors
    if own.interests is None:
        own.interest_answers = draft.interest_answers | own.interest_answers
        for name, value in zip(TYPES, score(own.interest_answers), strict=True):
            setattr(own, name, value)
    own.save()
    _move(draft.jobs.order_by("id"), own, own.jobs, ["title", "occupation_id", "start_year"], MOST_JOBS)
    _move(draft.cv_skills.order_by("id"), own, own.cv_skills, ["skill_id"], MOST_SKILLS)
    _move(draft.languages.order_by("id"), own, own.languages, ["language"])
    _move(draft.cv_certificates.order_by("id"), own, own.cv_certificates, ["certificate_id"])
    _move(draft.educations.order_by("id"), own, own.educations, ["title", "level", "year"], MOST_EDUCATIONS)
    _move(draft.wishes.order_by("id"), own, own.wishes, ["occupation_id"], MOST_WISHES)
    _move(draft.initiatives.order_by("id"), own, own.initiatives, ["kind", "text"], MOST_INITIATIVES)


def _move(rows, own: CV, held, key: list[str], most: int = 1000) -> None:
    """Hand over the rows that `held` has no equal of, as far as there is room."""
    known = set(held.values_list(*key))
    moving = [row.pk for row in rows if tuple(getattr(row, name) for name in key) not in known]
    room = max(most - held.count(), 0)
    rows.model.objects.filter(pk__in=moving[:room]).update(cv=own)


@transaction.atomic
def erase_cv(*, cv: CV) -> None:
    """Delete a smart CV with all that hangs on it."""
    audit(actor=cv.owner if cv.owner_id else None, verb="erase cv", subject=cv)
    cv.delete()


@transaction.atomic
def erase_old_drafts(*, before: datetime.datetime) -> int:
    """Delete the drafts that nobody touched since `before`; says how many."""
    old = CV.objects.filter(owner=None, updated_at__lt=before)
    count = old.count()
    old.delete()
    if count:
        audit(actor=None, verb="erase old drafts", count=count)
    return count
