"""The beginning of a smart CV, the limits of one, and how a change claims its version."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from accounts.operations import audit
from core import events
from core.exceptions import Conflict
from profiles.models import CV

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


def take(cv: CV, version: int, verb: str, **details) -> None:
    """Claim the next version, or raise Conflict when somebody was first."""
    if not CV.objects.filter(pk=cv.pk, version=version).update(version=F("version") + 1, updated_at=Now()):
        raise Conflict
    cv.version = version + 1
    audit(actor=cv.owner if cv.owner_id else None, verb=verb, subject=cv, **details)
    events.changed("cv", cv.pk)


def set_fields(cv: CV, version: int, verb: str, wanted: Mapping[str, object]) -> bool:
    """Give fields their values; False when they all have them already (a form that was sent twice is no conflict)."""
    now = CV.objects.values(*wanted).get(pk=cv.pk)
    if now == dict(wanted):
        return False
    take(cv, version, verb, fields=sorted(name for name in wanted if now[name] != wanted[name]))
    CV.objects.filter(pk=cv.pk).update(**wanted)
    for name, value in wanted.items():
        setattr(cv, name, value)
    return True
