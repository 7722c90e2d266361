"""The Celery application: tasks live in each app's `tasks.py`."""

import os

from celery import Celery, signals
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("zelf")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.task_prerun.connect
@signals.task_postrun.connect
def tend_connections(task, **_sent) -> None:
    """What Django does around a request: a connection stays open for the next task, unless it broke."""
    if not task.request.is_eager:
        close_old_connections()
