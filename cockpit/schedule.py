"""What beat starts for CockpitWerk, and when (Europe/Amsterdam)."""

from celery.schedules import crontab

BEAT = {"refresh the cockpit": {"task": "cockpit.refresh", "schedule": crontab(hour="4", minute="40")}}
