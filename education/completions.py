"""A school says who finished a programme; the person decides what happens with it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audit
from core.events import enqueue
from core.exceptions import Refused
from core.limits import spend
from education.learners import fresh_code
from education.models import Completion, LearnerCode, Programme

MOST_LEARNERS = 500  # in one go
MOST_AN_HOUR = 60  # times that one account confirms
Status = Completion.Status


@transaction.atomic
def learner_code(*, user: User) -> LearnerCode:
    """The code that somebody gives to a school instead of an address; made when there is none yet."""
    User.objects.select_for_update().get(pk=user.pk)
    code, created = LearnerCode.objects.get_or_create(user=user, defaults={"code": fresh_code()})
    if created:
        audit(actor=user, verb="make learner code", subject=user)
    return code


@transaction.atomic
def confirm_completions(
    *, programme: Programme, actor: User, learners: Sequence[tuple[str, str]], finished_on: date, today: date, link: str
) -> int:
    """Write down that these people, each (address, "") or ("", code), finished a programme; returns how many are new.

    Who was confirmed before is left as it is. Everybody with an address gets the same letter with `link`, account or not. Raises
    `Refused` for a day to come, a programme without anything to learn, and for very many at once.
    """
    spend("confirm completions", who=actor.pk, most=MOST_AN_HOUR)
    if len(learners) > MOST_LEARNERS:
        raise Refused(_("Confirm at most %(count)s people at once.") % {"count": MOST_LEARNERS})
    if finished_on > today:
        raise Refused(_("This day is still to come."))
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    if not teaches(programme):
        raise Refused(_("Confirm first what this programme teaches."))
    held = set(Completion.objects.filter(programme=programme).values_list("address", "code"))
    new = [
        Completion(programme=programme, confirmed_by=actor, address=address, code=code, finished_on=finished_on)
        for address, code in dict.fromkeys(learners)
        if (address, code) not in held
    ]
    Completion.objects.bulk_create(new)
    audit(actor=actor, verb="confirm completions", subject=programme, count=len(new))
    for row in new:
        if row.address:
            enqueue("education.tell_learner", row.pk, link)
    return len(new)


def teaches(programme: Programme) -> bool:
    confirmed = programme.programme_skills.filter(confirmed=True).exists()
    return confirmed or programme.programme_certificates.exists() or bool(programme.taught_language)


@transaction.atomic
def take_back_completion(*, completion: Completion, actor: User) -> None:
    """A school takes a confirmation back. What stands on a smart CV by then is that person's own."""
    audit(actor=actor, verb="take back completion", subject=completion.programme)
    completion.delete()


@transaction.atomic
def answer_completion(*, completion: Completion, accepted: bool) -> bool:
    """Note what the learner said; False when it was answered before."""
    waiting = Completion.objects.filter(pk=completion.pk, status=Status.WAITING)
    return bool(waiting.update(status=Status.ACCEPTED if accepted else Status.DECLINED))


@transaction.atomic
def erase_completions(*, before: datetime) -> int:
    """Erase confirmations of before this moment, answered or not: the address was for asking only."""
    count, _by_table = Completion.objects.filter(created_at__lt=before).delete()
    if count:
        audit(actor=None, verb="erase old completions", count=count)
    return count
