"""Work on programmes that a page does not wait for."""

from datetime import timedelta
from functools import partial

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from education import operations, uploading
from education.models import Programme, ProgrammeUpload
from education.progress import remember

UPLOAD_DAYS = 30  # a file that was never put in is erased after this


@shared_task(name="education.check_upload", autoretry_for=(OperationalError,), max_retries=3, time_limit=300)
def check_upload(pk: int, actor_pk: int, language: str) -> None:
    """Check a large file. Does nothing when it was checked already."""
    upload = ProgrammeUpload.objects.filter(pk=pk).first()
    if upload is None:
        return
    with override(language):
        uploading.check_upload(
            upload=upload, actor=User.objects.filter(pk=actor_pk).first(), on_progress=partial(remember, upload.pk)
        )


@shared_task(name="education.propose_skills", autoretry_for=(OperationalError,), max_retries=3, time_limit=300)
def propose_skills(pks: list[int]) -> None:
    """Read the texts of programmes for skills, where that was not done yet."""
    operations.propose_skills_of(Programme.objects.filter(pk__in=pks, skills_proposed=False))


@shared_task(name="education.erase_old_uploads")
def erase_old_uploads() -> None:
    """Erase files that a school sent and did not put in."""
    uploading.erase_uploads(before=timezone.now() - timedelta(days=UPLOAD_DAYS))
