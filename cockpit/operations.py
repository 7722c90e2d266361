"""What CockpitWerk does on a night, or when somebody asks."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.operations import audit
from cockpit.computing import Refreshed, refresh
from cockpit.forecast import forecast_all
from cockpit.months import months_before
from cockpit.signals import detect


@transaction.atomic
def refresh_all(
    *, now: datetime, only: Iterable[str] | None = None, force: bool = False, actor: User | None = None
) -> Refreshed:
    """Compute data points, and what follows from them: the signals of the last whole month, and forecasts."""
    done = refresh(now=now, only=only, force=force)
    if done.computed:
        detect(month=months_before(timezone.localdate(now).replace(day=1), 1))
        forecast_all(now=now)
    if actor is not None:
        audit(actor=actor, verb="refresh cockpit", computed=done.computed)
    return done
