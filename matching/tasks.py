"""Background work of the matcher: ids in, safe to run twice."""

from datetime import timedelta
from threading import Thread

import structlog
from celery import shared_task, signals
from django.conf import settings
from django.core.mail import send_mail
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from matching import indexing, operations, queries, sharding
from matching.models import Application
from profiles.models import CV
from profiles.operations import erase_old_drafts as erase_drafts

RETRY = {"autoretry_for": (OperationalError,), "max_retries": 3, "retry_backoff": True}
QUICK = {"soft_time_limit": 30, "time_limit": 40}

log = structlog.get_logger(__name__)


@signals.worker_process_init.connect
def get_ready(**_sent) -> None:
    """Beside the first tasks of a new process; they wait only for what they need themselves."""
    Thread(target=warm_up, name="warm-up", daemon=True).start()


def warm_up() -> None:
    """Load the market and the floors, and compile loops, by looking at the work for somebody. Changes nothing."""
    try:
        if (cv := CV.objects.first()) is not None:
            places, _lists = queries.places_of_cv(cv, 1)
            for vacancy_id, _fit in places:
                queries.compile_advice(cv, vacancy_id)
    except DatabaseError as problem:  # the server is not there yet, or not migrated: the first task loads what it needs
        log.warning("not_warmed_up", problem=type(problem).__name__)
    finally:
        connection.close()


@shared_task(name="matching.cv_changed", **RETRY, soft_time_limit=120, time_limit=140)  # compiles loops the first time
def cv_changed(cv_id: int) -> int:
    """Fresh recommendations for one person, and their place in the lists of vacancies."""
    return operations.refresh_recommendations(cv_id=cv_id, now=timezone.now())


@shared_task(name="matching.vacancy_changed", **RETRY, **QUICK)
def vacancy_changed(vacancy_id: int) -> int:
    """One vacancy in its place in everybody's recommendations, and its list of people."""
    return operations.refresh_recommendations_of_vacancy(vacancy_id=vacancy_id, now=timezone.now())


@shared_task(name="matching.rank_list", **RETRY, **QUICK)
def rank_list(vacancy_id: int) -> int:
    """The list of one vacancy anew, when it ran low or grew far."""
    return operations.rank_list(vacancy_id=vacancy_id, now=timezone.now())


@shared_task(name="matching.programme_changed", **RETRY, **QUICK)
def programme_changed(programme_id: int) -> None:
    """Suggestions are computed when they are read, from what is published then: nothing is kept that could be stale."""


@shared_task(name="matching.refresh_all", **RETRY, soft_time_limit=1500, time_limit=1600)
def refresh_all() -> int:
    """Every list and everybody's recommendations anew, for what a queue that was down may have missed."""
    now = timezone.now()
    operations.rank_all_lists(now=now)
    ids = CV.objects.filter(owner__isnull=False).order_by("id").values_list("id", flat=True)
    return sum(1 for pk in ids if operations.refresh_recommendations(cv_id=pk, now=now))


@shared_task(name="matching.refresh_market", **RETRY, soft_time_limit=1500, time_limit=1600)
def refresh_market() -> int:
    """The prices of the market order anew."""
    return operations.refresh_market_prices(now=timezone.now())


@shared_task(name="matching.train_chance_model", **RETRY)
def train_chance_model() -> list[int]:
    """Watch the live model, then new versions of both chance models from all outcomes so far."""
    now = timezone.now()
    operations.backfill_snapshots()
    operations.check_drift(now=now)
    return [operations.train_chance_model(now=now, target=target).version for target in ("invited", "hired")]


@shared_task(name="matching.close_expired_vacancies", **RETRY, **QUICK)
def close_expired_vacancies() -> int:
    return operations.close_expired_vacancies(now=timezone.now())


@shared_task(name="matching.erase_old_drafts", **RETRY, **QUICK)
def erase_old_drafts() -> int:
    """Smart CVs without an account that nobody touched for a month."""
    return erase_drafts(before=timezone.now() - timedelta(days=settings.DRAFT_DAYS))


@shared_task(name="matching.rebuild_index", **RETRY, soft_time_limit=1500, time_limit=1600)
def rebuild_index() -> list[str]:
    """The next generation of the compiled index, where there are people enough for one; one build at a time."""
    if CV.objects.filter(owner__isnull=False).count() < settings.INDEX_FROM:
        return []
    try:
        return indexing.rebuild()
    except indexing.Building:
        return []


@shared_task(name="matching.lists_of_shard", **RETRY, soft_time_limit=1500, time_limit=1600)
def lists_of_shard(run: str, shard: int, of: int, vacancy_ids: list[int], k: int) -> None:
    """The best of one shard for these vacancies, left for `sharding.collect`."""
    sharding.answer(run, shard, of, vacancy_ids, k)


@shared_task(name="matching.notify", autoretry_for=(OSError,), max_retries=5, retry_backoff=True, **QUICK)
def notify(application_id: int, status: str) -> int:
    """Tell the other side by e-mail that something happened. Returns how many mails went out."""
    application = (
        Application.objects.select_related("cv__owner", "vacancy__organisation").filter(pk=application_id).first()
    )
    if application is None or application.cv.owner is None:
        return 0
    if status in {"approached", "invited", "rejected", "hired"}:
        people = [application.cv.owner]
    else:
        people = list(User.objects.filter(memberships__organisation=application.vacancy.organisation, is_active=True))
    for person in people:
        with override(person.language):
            subject, text = _mail(application, status)
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [person.email])
    return len(people)


def _mail(application: Application, status: str) -> tuple[str, str]:
    """Subject and text for the receiver; names of applicants stay out of the subject."""
    values = {"title": application.vacancy.title, "firm": application.vacancy.organisation.name}
    texts = {
        "sent": (
            _("New application: %(title)s"),
            _("Somebody applied for %(title)s. Log in to see who, and why this person fits."),
        ),
        "withdrawn": (
            _("Application withdrawn: %(title)s"), _("Somebody withdrew their application for %(title)s."),
        ),
        "declined": (_("No, thank you: %(title)s"), _("The person you asked for %(title)s says no this time.")),
        "approached": (
            _("%(firm)s asks you to apply"),
            _("%(firm)s saw your smart CV without your name and asks if you want to apply for %(title)s. Log in to say yes "
              "or no. Until then they do not know who you are."),
        ),
        "invited": (_("You are invited: %(title)s"), _("Good news! %(firm)s invites you for %(title)s.")),
        "rejected": (
            _("About your application: %(title)s"),
            _("It did not work out this time. Log in to see the reason, and what helps you on."),
        ),
        "hired": (_("You have the job: %(title)s"), _("Congratulations! %(firm)s hires you for %(title)s.")),
    }  # fmt: skip
    subject, text = texts[status]
    body = text % values
    if status in {"invited", "rejected"} and status == application.status and application.message:
        body += f"\n\n{application.message}"
    return subject % values, f"{body}\n\nZelf aan het Werk"
