"""What a school confirmed comes onto the smart CV, when the person says so."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audit
from core.exceptions import Refused
from education.completions import answer_completion
from education.models import Completion, Programme
from education.queries import certificates_of, taught_by
from profiles.answers import FinishedAnswer
from profiles.models import CV, CVLanguage, FinishedProgramme
from profiles.operations import finish_programme, save_languages, start_cv


@transaction.atomic
def accept_completion(*, completion: Completion, user: User, now: datetime) -> FinishedProgramme:
    """Put a programme that a school confirmed on the smart CV of this person, with its skills and the evidence.

    Raises `Refused` when it was answered before. Somebody without a smart CV gets one.
    """
    if not answer_completion(completion=completion, accepted=True):
        raise Refused(_("You answered this before."))
    programme = Programme.objects.select_related("school").get(pk=completion.programme_id)
    cv = CV.objects.filter(owner=user).first() or start_cv(user=user)
    finished = FinishedAnswer(
        programme=programme.pk, title=programme.title, school=programme.school.name, year=completion.finished_on.year,
        skills=tuple((each.skill_id, each.level) for each in taught_by(programme)),
        certificates=tuple(row.certificate_id for row in certificates_of(programme)),
        grants_level=programme.level if programme.grants_level else None,
    )  # fmt: skip
    row = finish_programme(
        cv=cv, finished=finished, today=now.date(), confirmed_by=FinishedProgramme.ConfirmedBy.SCHOOL, actor=user
    )
    _raise_language(cv, programme)
    return row


@transaction.atomic
def decline_completion(*, completion: Completion, user: User) -> None:
    """Leave a confirmation of a school aside; the school does not see it."""
    if not answer_completion(completion=completion, accepted=False):
        raise Refused(_("You answered this before."))
    audit(actor=user, verb="decline completion", subject=user)


def _raise_language(cv: CV, programme: Programme) -> None:
    """The language that a course teaches, where somebody had less of it."""
    if not programme.taught_language or not programme.taught_language_level:
        return
    held = dict(CVLanguage.objects.filter(cv=cv).values_list("language", "level"))
    if held.get(programme.taught_language, 0) < programme.taught_language_level:
        cv.refresh_from_db(fields=["version"])
        levels = held | {programme.taught_language: programme.taught_language_level}
        save_languages(cv=cv, version=cv.version, languages=levels)
