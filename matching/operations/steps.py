"""Steps of an application, by the person and by the firm. Every step is checked, written down and told."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import AuditEntry, Organisation, User
from accounts.operations import audit
from core.events import enqueue
from core.exceptions import Refused
from core.limits import DAY, spend
from matching import queries
from matching.engine import ENGINE_VERSION
from matching.models import Application, ApplicationEvent, Bookmark
from matching.queries.applications import NEXT_STEPS
from profiles.models import CV
from vacancies.models import Vacancy

Status = Application.Status


OPEN = (Status.SENT, Status.SEEN, Status.SHORTLISTED, Status.INVITED)
MOST_APPROACHES = 100  # people that one colleague asks a day
NOT_AGAIN: dict[str, Promise] = {  # why somebody is not asked to apply
    Status.DECLINED: gettext_lazy("You asked this person before, and they said no."),
    Status.WITHDRAWN: gettext_lazy("This person applied here and took it back. You cannot ask them again."),
    Status.REJECTED: gettext_lazy("This person applied here and you turned them down. You cannot ask them again."),
    Status.SENT: gettext_lazy("This person applied already. Open their application."),
}


def rejection_text(application: Application, reason: str) -> str:
    """The kind text that goes out when an employer writes none: thanks, the reason, a next step."""
    with override(application.cv.owner.language if application.cv.owner else None):
        return _(
            "Thank you for your interest in %(title)s. We choose somebody else this time: %(reason)s.\n\n%(step)s\n\n"
            "We wish you well in your search."
        ) % {
            "title": application.vacancy.title,
            "reason": Application.Reason(reason).label,
            "step": NEXT_STEPS[reason],
        }


@transaction.atomic
def apply(*, cv: CV, vacancy: Vacancy, why: str, did: str, actor: User, now: datetime) -> Application:
    """Send an application with the chance that goes with it.

    Raises Refused when the vacancy closed, the CV has no owner or belongs to somebody else, or this person applied already.
    """
    if cv.owner_id is None or cv.owner_id != actor.pk:
        raise Refused(_("Make an account first, then you send your application."))
    vacancy = Vacancy.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=vacancy.pk)
    if not vacancy.is_open:
        raise Refused(_("This vacancy closed while you were writing. Nothing was sent."))
    application = Application.objects.select_for_update().filter(cv=cv, vacancy=vacancy).first()
    if application is not None and application.status not in (Status.APPROACHED, Status.DECLINED):
        raise Refused(_("You already applied here. You find it under your applications."))
    if application is None:
        application = Application(cv=cv, vacancy=vacancy)
    application.why, application.did = why.strip(), did.strip()
    _send(application, actor, now)
    return application


def _send(application: Application, actor: User, now: datetime) -> None:
    """Put an application in the hands of the employer, with a snapshot of what was promised."""
    application.status = Status.SENT
    application.applied_at = now
    application.engine_version = ENGINE_VERSION
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError as error:  # the other tab was quicker
        raise Refused(_("You already applied here. You find it under your applications.")) from error
    application.snapshot = snapshot(
        queries.match_for(
            application.cv, application.vacancy, motivation=queries.answered(application.why, application.did)
        )
    )
    application.save(update_fields=["snapshot"])
    _record(application, actor, now, "apply")


def snapshot(match: queries.Match) -> dict:
    """What was promised, and the features that it came from: the chance model learns from these."""
    chance = match.chance
    return {
        "fit": match.fit, "can": match.can, "want": match.want, "do": match.do, "features": list(match.features),
        "chance": {"p": chance.p, "low": chance.low, "high": chance.high}, "model": chance.model_version,
    }  # fmt: skip


@transaction.atomic
def withdraw(*, application: Application, actor: User, now: datetime) -> None:
    """The applicant takes it back. Raises Refused when it was already decided."""
    _move(application, actor, now, Status.WITHDRAWN, OPEN, "withdraw")


@transaction.atomic
def accept_approach(*, application: Application, actor: User, now: datetime, why: str = "", did: str = "") -> None:
    """Yes to an employer who asked: from now on it is an application, and the employer knows who it is and what they tell."""
    vacancy = Vacancy.objects.select_for_update(of=("self",)).get(pk=application.vacancy_id)
    application = _locked(application, (Status.APPROACHED,))
    if not vacancy.is_open:
        raise Refused(_("This vacancy is closed by now."))
    application.why, application.did = why.strip(), did.strip()
    _send(application, actor, now)


@transaction.atomic
def decline_approach(*, application: Application, actor: User, now: datetime) -> None:
    """No to an employer who asked; they do not learn who it is."""
    _move(application, actor, now, Status.DECLINED, (Status.APPROACHED,), "decline approach")


@transaction.atomic
def bookmark(*, cv: CV, vacancy: Vacancy, hidden: bool) -> None:
    """Save a vacancy, or hide it."""
    Bookmark.objects.update_or_create(cv=cv, vacancy=vacancy, defaults={"hidden": hidden})


@transaction.atomic
def remove_bookmark(*, cv: CV, vacancy: Vacancy) -> None:
    """Neither saved nor hidden any more."""
    Bookmark.objects.filter(cv=cv, vacancy=vacancy).delete()


@transaction.atomic
def take_bookmarks(*, draft: CV, own: CV) -> None:
    """What somebody saved or hid before logging in, as far as they had not decided about it before."""
    held = Bookmark.objects.filter(cv=own).values("vacancy_id")
    Bookmark.objects.filter(cv=draft).exclude(vacancy_id__in=held).update(cv=own)


@transaction.atomic
def approach(*, cv: CV, vacancy: Vacancy, actor: User, now: datetime) -> Application:
    """Ask somebody, still without a name, to apply. Asking twice changes nothing.

    Raises Refused when the vacancy is not open, or the person cannot be found any more, applied, or gave an answer before.
    """
    if not Vacancy.objects.select_for_update().get(pk=vacancy.pk).is_open:
        raise Refused(_("This vacancy is closed. Open it again to ask people."))
    if not CV.objects.matchable().filter(pk=cv.pk).exists():
        raise Refused(_("This person can no longer be asked."))
    application, created = Application.objects.get_or_create(
        cv=cv, vacancy=vacancy, defaults={"status": Status.APPROACHED}
    )
    if created:
        _record(application, actor, now, "approach")
        spend("approach", who=actor.pk, most=MOST_APPROACHES, seconds=DAY)
    elif application.status != Status.APPROACHED:
        raise Refused(str(NOT_AGAIN.get(application.status, NOT_AGAIN[Status.SENT])))
    return application


@transaction.atomic
def open_anonymous(*, cv: CV, vacancy: Vacancy, actor: User) -> None:
    """Write down that a firm opened somebody's CV without a name; only the first time for one vacancy."""
    CV.objects.select_for_update(of=("self",), no_key=True).get(pk=cv.pk)  # two tabs at once are one time
    seen = {"verb": "see anonymous cv", "subject_type": CV._meta.label_lower, "subject_id": cv.pk}
    if not AuditEntry.objects.filter(**seen, details__vacancy=vacancy.pk).exists():
        audit(actor=actor, verb="see anonymous cv", subject=cv, vacancy=vacancy.pk)


@transaction.atomic
def mark_seen(*, application: Application, actor: User, now: datetime) -> None:
    """The employer opened it; only the first time counts."""
    if Application.objects.filter(pk=application.pk, status=Status.SENT).update(status=Status.SEEN, updated_at=now):
        application.status = Status.SEEN
        _record(application, actor, now, "see application", tell=False)


@transaction.atomic
def shortlist(*, application: Application, actor: User, now: datetime) -> None:
    _move(application, actor, now, Status.SHORTLISTED, (Status.SENT, Status.SEEN), "shortlist", tell=False)


@transaction.atomic
def invite(*, application: Application, actor: User, now: datetime, message: str = "") -> None:
    """Invite for an interview; the message goes along."""
    _move(
        application, actor, now, Status.INVITED, (Status.SENT, Status.SEEN, Status.SHORTLISTED), "invite",
        was_invited=True, message=message, decided_at=now,
    )  # fmt: skip


@transaction.atomic
def reject(*, application: Application, reason: str, message: str, actor: User, now: datetime) -> None:
    """Say no with a reason; without a message a kind one is sent. A person always decides this, never the system."""
    if reason not in Application.Reason.values:
        raise Refused(_("Choose a reason."))
    changes = {"reason": reason, "message": message.strip() or rejection_text(application, reason)}
    _move(application, actor, now, Status.REJECTED, OPEN, "reject", decided_at_if_new=now, **changes)


@transaction.atomic
def hire(*, application: Application, actor: User, now: datetime) -> None:
    """Hire after an invitation."""
    _move(application, actor, now, Status.HIRED, (Status.INVITED,), "hire", was_invited=True, decided_at_if_new=now)


@transaction.atomic
def answer_for_leaving_firm(*, firm: Organisation, actor: User, now: datetime) -> None:
    """Tell everybody who still waits for this firm that it is gone, so that nobody waits for ever.

    Who takes an application back at this very moment does not wait any more, and hears nothing.
    """
    waiting = Application.objects.filter(vacancy__organisation=firm, status__in=OPEN).order_by("id")
    for application in waiting.select_related("cv__owner", "vacancy").select_for_update(of=("self",)):
        with override(application.cv.owner.language if application.cv.owner else None):
            message = _(
                "The firm behind %(title)s left Zelf aan het Werk, so this vacancy is closed. It was not about you. Look at "
                "the vacancies that are like this one."
            ) % {"title": application.vacancy.title}
        _move(
            application, actor, now, Status.REJECTED, OPEN, "reject", decided_at_if_new=now,
            reason=Application.Reason.WITHDRAWN_VACANCY, message=message,
        )  # fmt: skip


def _locked(application: Application, allowed: tuple) -> Application:
    """The row as it is now, locked. Raises Refused when its status has moved on."""
    current = (
        Application.objects.select_for_update(of=("self",))
        .select_related("cv__owner", "vacancy__organisation")
        .get(pk=application.pk)
    )
    if current.status not in allowed:
        raise Refused(
            _("That is no longer possible: this application is now “%(status)s”.")
            % {"status": current.get_status_display()}
        )
    return current


def _move(
    application: Application, actor: User, now: datetime, to: str, allowed: tuple, verb: str, *, tell: bool = True,
    decided_at_if_new: datetime | None = None, **changes,
) -> None:  # fmt: skip
    current = _locked(application, allowed)
    if decided_at_if_new is not None and current.decided_at is None:
        changes["decided_at"] = decided_at_if_new
    for name, value in {"status": to, **changes}.items():
        setattr(current, name, value)
        setattr(application, name, value)
    current.save()
    _record(current, actor, now, verb, tell=tell)


def _record(application: Application, actor: User, now: datetime, verb: str, *, tell: bool = True) -> None:
    ApplicationEvent.objects.create(application=application, at=now, status=application.status, actor=actor)
    audit(actor=actor, verb=verb, subject=application)
    if tell:
        enqueue("matching.notify", application.pk, application.status)
