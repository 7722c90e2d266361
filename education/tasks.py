"""Work on programmes that a page does not wait for."""

from contextlib import suppress
from datetime import timedelta
from functools import partial

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from core.exceptions import Refused
from education import operations
from education.models import Programme, ProgrammeFeed, ProgrammeUpload
from education.uploads import checking, feeds, importing
from education.uploads.progress import remember

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


@shared_task(name="education.propose_skills", autoretry_for=(OperationalError,), max_retries=3, time_limit=300)
def propose_skills(pks: list[int]) -> None:
    """Read the texts of programmes for skills, where that was not done yet."""
    operations.propose_skills_of(Programme.objects.filter(pk__in=pks, skills_proposed=False))


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


@shared_task(name="education.erase_old_uploads")
def erase_old_uploads() -> None:
    """Erase files that a school sent and did not put in."""
    importing.erase_uploads(before=timezone.now() - timedelta(days=UPLOAD_DAYS))
