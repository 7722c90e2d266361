"""A programme that somebody finished comes onto the smart CV: told by themselves, or confirmed by the school."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audit
from core.exceptions import Refused
from education.completions import answer_completion
from education.models import Completion, Programme
from matching.queries.learned import finished_answer
from profiles import operations as cv_operations
from profiles.models import CV, FinishedProgramme


def finish_programme(
    *, cv: CV, programme: Programme, year: int, today: date, actor: User | None = None
) -> FinishedProgramme:
    """ "I finished this programme": what it teaches comes onto the smart CV, with the programme as evidence.

    Sent twice it changes nothing. Raises Refused for a draft.
    """
    if programme.status == Programme.Status.DRAFT:
        raise Refused(_("This programme is not on the site yet."))
    return cv_operations.finish_programme(cv=cv, finished=finished_answer(programme, year), today=today, actor=actor)


@transaction.atomic
def accept_completion(*, completion: Completion, user: User, now: datetime) -> FinishedProgramme:
    """Put a programme that a school confirmed on the smart CV of this person, with its skills and the evidence.

    Raises `Refused` when it was answered before. Somebody without a smart CV gets one.
    """
    if not answer_completion(completion=completion, accepted=True):
        raise Refused(_("You answered this before."))
    programme = Programme.objects.select_related("school").get(pk=completion.programme_id)
    cv = CV.objects.filter(owner=user).first() or cv_operations.start_cv(user=user)
    return cv_operations.finish_programme(
        cv=cv, finished=finished_answer(programme, completion.finished_on.year), today=now.date(),
        confirmed_by=FinishedProgramme.ConfirmedBy.SCHOOL, actor=user,
    )  # fmt: skip


@transaction.atomic
def decline_completion(*, completion: Completion, user: User) -> None:
    """Leave a confirmation of a school aside; the school does not see it."""
    if not answer_completion(completion=completion, accepted=False):
        raise Refused(_("You answered this before."))
    audit(actor=user, verb="decline completion", subject=user)
