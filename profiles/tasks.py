"""Work on smart CVs that waits for nobody."""

import datetime

from celery import shared_task
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from profiles import operations


@shared_task(name="profiles.erase_old_drafts", autoretry_for=(OperationalError,), max_retries=3, soft_time_limit=300)
def erase_old_drafts() -> int:
    """Erase smart CVs without an account that nobody touched for `DRAFT_DAYS`; says how many."""
    return operations.erase_old_drafts(before=timezone.now() - datetime.timedelta(days=settings.DRAFT_DAYS))
