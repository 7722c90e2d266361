"""Tell the worker, after the commit, what there is to do."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def changed(kind: str, pk: int) -> None:
    """Let the matcher know that a CV, vacancy or programme changed: the task `matching.<kind>_changed`."""
    enqueue(f"matching.{kind}_changed", pk)


def enqueue(task: str, *arguments) -> None:
    """Send a task by name once the transaction is committed.

    A queue that is down loses no data and breaks no page: pages compute what is missing, and beat catches up.
    """
    transaction.on_commit(partial(send, task, *arguments))


def send(task: str, *arguments) -> bool:
    """Send a task by name now; False (and a line in the log) when the queue is unreachable."""
    try:
        current_app.send_task(task, arguments, retry=False)
    except OperationalError:
        logger.warning("The queue is unreachable; %s %s will be done later.", task, arguments)
        return False
    return True
