"""What is counted at night, and letters."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Organisation, User
from demand import operations
from demand.models import InformationRequest, ProposalFirm

KEPT_AFTER_ANSWER = timedelta(weeks=4)
LETTER = {"autoretry_for": (OSError,), "max_retries": 5, "retry_backoff": True, "soft_time_limit": 30, "time_limit": 40}


@shared_task(
    name="demand.refresh", autoretry_for=(OperationalError,), max_retries=3, retry_backoff=True,
    soft_time_limit=900, time_limit=960,
)  # fmt: skip
def refresh() -> int:
    """The numbers of last night anew."""
    return operations.refresh_demand(now=timezone.now())


@shared_task(name="demand.erase_answered", soft_time_limit=30, time_limit=40)
def erase_answered() -> int:
    """Questions that were answered more than four weeks ago."""
    return operations.erase_answered(before=timezone.now() - KEPT_AFTER_ANSWER)


@shared_task(name="demand.tell_school", **LETTER)
def tell_school(request_id: int) -> int:
    """A letter about a new question; what was asked stays on the site. Returns how many went out."""
    request = InformationRequest.objects.select_related("programme__school").filter(pk=request_id).first()
    if request is None:
        return 0
    return _write(
        request.programme.school,
        lambda: (
            _("A question about %(title)s") % {"title": request.programme.title},
            _("Somebody would like to know more about %(title)s. Log in to read the question and to answer.")
            % {"title": request.programme.title},
        ),
    )


@shared_task(name="demand.tell_firm", **LETTER)
def tell_firm(row_id: int) -> int:
    """A letter to a firm about a proposal that a school shared with it. Returns how many went out."""
    row = ProposalFirm.objects.select_related("proposal__school", "firm").filter(pk=row_id).first()
    if row is None or row.proposal.shared_at is None:
        return 0
    values = {"school": row.proposal.school.name, "title": row.proposal.title}
    return _write(
        row.firm,
        lambda: (
            _("%(school)s asks what you think") % values,
            _("%(school)s wants to teach what your vacancies ask: %(title)s. Log in to read it and say what you think.")
            % values,
        ),
    )


def _write(organisation: Organisation, words) -> int:
    people = list(User.objects.filter(memberships__organisation=organisation, is_active=True).order_by("id"))
    for person in people:
        with override(person.language):
            subject, text = words()
            send_mail(subject, f"{text}\n\nZelf aan het Werk", settings.DEFAULT_FROM_EMAIL, [person.email])
    return len(people)
