"""Background work of CockpitWerk: safe to run twice."""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from cockpit.operations import refresh_all


@shared_task(name="cockpit.refresh", autoretry_for=(OperationalError,), max_retries=3, retry_backoff=True,
             soft_time_limit=1500, time_limit=1600)  # fmt: skip
def refresh(force: bool = False) -> int:
    """Data points whose sources changed, then signals and forecasts from them. Returns how many indicators were computed."""
    return refresh_all(now=timezone.now(), force=force).computed
