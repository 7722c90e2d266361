"""A smart CV as a whole: many changes at once, drafts and accounts, erasing."""

import datetime
import uuid

from django.db import transaction

from accounts.models import User
from accounts.operations import audit
from core.exceptions import Conflict
from core.hooks import hooked
from profiles.interests import TYPES, score
from profiles.models import CV
from profiles.operations.base import (
    MOST_EDUCATIONS,
    MOST_INITIATIVES,
    MOST_JOBS,
    MOST_SKILLS,
    MOST_WISHES,
    touch,
)
from profiles.operations.can import (
    save_certificates,
    save_educations,
    save_jobs,
    save_languages,
    save_skills,
)
from profiles.operations.want import (
    save_drive,
    save_initiatives,
    save_interests,
    save_values,
    save_wishes,
    set_findable,
)
from profiles.steps import VALUES


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
        for hook in hooked("merge").values():
            hook(draft=draft, own=own)
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
    own.unused_because = own.unused_because or draft.unused_because
    if own.interests is None:
        own.interest_answers = draft.interest_answers | own.interest_answers
        for name, value in zip(TYPES, score(own.interest_answers), strict=True):
            setattr(own, name, value)
    if not own.choice_answers:
        own.choice_answers, own.choice_result = draft.choice_answers, draft.choice_result
    own.save()
    _move(draft.finished_programmes.order_by("id"), own, own.finished_programmes, ["programme"])
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
