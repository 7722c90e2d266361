"""Background work on the taxonomy: safe to run twice."""

from celery import shared_task
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError

LOCK_SECONDS = 1800  # longer than building takes


@shared_task(name="taxonomy.build_titles", autoretry_for=(OperationalError,), max_retries=3, time_limit=1700)
def build_titles() -> None:
    """Build the model of job titles when the taxonomy changed since it was built. One at a time."""
    if cache.add("taxonomy:build-titles", 1, timeout=LOCK_SECONDS):
        try:
            call_command("build_titles", if_stale=True, verbosity=0)
        finally:
            cache.delete("taxonomy:build-titles")
