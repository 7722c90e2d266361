"""Tell the matcher, after the commit, that something changed."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def changed(kind: str, pk: int) -> None:
    """Send the task `matching.<kind>_changed` once the transaction is committed.

    A queue that is down loses no data and breaks no page: pages compute what is missing, and beat catches up.
    """
    transaction.on_commit(partial(_send, kind, pk))


def _send(kind: str, pk: int) -> None:
    try:
        current_app.send_task(f"matching.{kind}_changed", [pk], retry=False)
    except OperationalError:
        logger.warning("The queue is unreachable; %s %s will be matched later.", kind, pk)
