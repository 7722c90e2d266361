"""Work on programmes that a page does not wait for."""

from contextlib import suppress
from datetime import timedelta
from functools import partial
from hashlib import sha256
from smtplib import SMTPException

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from core.events import send
from core.exceptions import Refused
from core.limits import DAY, within
from education import completions, operations
from education.models import Completion, Programme, ProgrammeFeed, ProgrammeUpload
from education.uploads import checking, feeds, importing
from education.uploads.progress import remember

AT_ONCE = 50  # programmes that one task reads
COMPLETION_DAYS = 180  # what a school wrote down about somebody is erased after this
UPLOAD_DAYS = 30  # a file that was never put in is erased after this


@shared_task(name="education.check_upload", autoretry_for=(OperationalError,), max_retries=3, time_limit=300)
def check_upload(pk: int, actor_pk: int | None, language: str) -> None:
    """Check a large file. Does nothing when it was checked already."""
    upload = ProgrammeUpload.objects.filter(pk=pk).first()
    if upload is None:
        return
    with override(language):
        checking.check_upload(
            upload=upload, actor=User.objects.filter(pk=actor_pk).first(), on_progress=partial(remember, upload.pk)
        )


@shared_task(name="education.import_upload", autoretry_for=(OperationalError,), max_retries=3, time_limit=600)
def import_upload(pk: int, actor_pk: int, language: str) -> None:
    """Put a large file in. Does nothing when it is in already."""
    upload = ProgrammeUpload.objects.filter(pk=pk).first()
    if upload is None:
        return
    with override(language), suppress(Refused):
        importing.import_upload(
            upload=upload, actor=User.objects.filter(pk=actor_pk).first(), now=timezone.now(),
            on_progress=partial(remember, upload.pk),
        )  # fmt: skip


@shared_task(name="education.undo_upload", autoretry_for=(OperationalError,), max_retries=3, time_limit=600)
def undo_upload(pk: int, actor_pk: int, language: str) -> None:
    """Take a large file back. Does nothing when that was done already."""
    upload = ProgrammeUpload.objects.filter(pk=pk).first()
    if upload is None:
        return
    with override(language), suppress(Refused):
        actor = User.objects.filter(pk=actor_pk).first()
        importing.undo_upload(upload=upload, actor=actor, on_progress=partial(remember, upload.pk))


@shared_task(name="education.propose_skills", autoretry_for=(OperationalError,), max_retries=3, time_limit=300)
def propose_skills(pks: list[int]) -> None:
    """Read the texts of programmes for skills, where that was not done yet: some now, the rest behind what waits."""
    operations.propose_skills_of(Programme.objects.filter(pk__in=pks[:AT_ONCE], skills_proposed=False))
    if pks[AT_ONCE:]:
        send("education.propose_skills", pks[AT_ONCE:])


@shared_task(name="education.refresh_feeds")
def refresh_feeds() -> None:
    """Read the catalogues of all schools that asked for it, each in a task of its own."""
    for pk in ProgrammeFeed.objects.filter(is_on=True).order_by("id").values_list("pk", flat=True):
        refresh_feed.delay(pk, None)


@shared_task(name="education.refresh_feed", autoretry_for=(OperationalError,), max_retries=3, time_limit=600)
def refresh_feed(pk: int, actor_pk: int | None) -> None:
    """Read one school's catalogue; what happened is in the school's log."""
    feed = ProgrammeFeed.objects.filter(pk=pk).select_related("school").first()
    if feed is None:
        return
    with override(feed.language):
        actor = User.objects.filter(pk=actor_pk).first()
        feeds.refresh_feed(feed=feed, actor=actor, now=timezone.now())


@shared_task(name="education.tell_learner", autoretry_for=(OSError, SMTPException), max_retries=3, retry_backoff=True)
def tell_learner(pk: int, link: str) -> None:
    """Write to an address of which a school says that somebody finished a programme: the same letter to everybody."""
    completion = Completion.objects.filter(pk=pk).select_related("programme__school").first()
    if completion is None or not within(
        f"limit:finished:{sha256(completion.address.encode()).hexdigest()}", most=3, seconds=DAY
    ):
        return
    with override(settings.LANGUAGE_CODE):
        words = {
            "school": completion.programme.school.name, "title": completion.programme.title,
            "url": link,
        }  # fmt: skip
        subject = _("%(school)s says that you finished a course") % words
        text = (
            _(
                "%(school)s says that you finished “%(title)s”.\n\n"
                "Do you want it on your smart CV? Log in with this e-mail address and say yes or no:\n%(url)s\n\n"
                "No account yet? Then you can make one there. It is free.\n"
                "Do nothing, and nothing happens. The school does not see what you choose."
            )
            % words
        )
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [completion.address])


@shared_task(name="education.erase_old_completions")
def erase_old_completions() -> None:
    """Erase what schools wrote down about people, after half a year."""
    completions.erase_completions(before=timezone.now() - timedelta(days=COMPLETION_DAYS))


@shared_task(name="education.erase_old_uploads")
def erase_old_uploads() -> None:
    """Erase files that a school sent and did not put in."""
    importing.erase_uploads(before=timezone.now() - timedelta(days=UPLOAD_DAYS))
