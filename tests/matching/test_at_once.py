"""What waits for somebody else's transaction goes by what that one left, and never ends in an error."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from accounts.operations import erase_user
from core import events
from matching import operations
from matching.engine import prior
from matching.models import Application, ChanceModel
from tests.factories import make_cv, make_user

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 20  # seconds, for who never comes


@contextmanager
def waiting_for_this(work: Callable[[], object]) -> Iterator[list]:
    """A transaction that ends as soon as `work` waits for it, and what came of the work: an answer or an error."""
    came, pids = [], []

    def run() -> None:
        try:
            connection.ensure_connection()
            pids.append(connection.connection.info.backend_pid)
            came.append(work())
        except Exception as error:  # whatever it is, the test sees it
            came.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        yield came
        thread.start()
        end = time.monotonic() + LONG
        while not came and not (pids and waits(pids[0])):
            assert time.monotonic() < end
            time.sleep(0.01)
    thread.join(LONG)


def waits(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted", [pid])
        return cursor.fetchone()[0] > 0


def version(number: int, parameters: dict | None = None, **fields) -> ChanceModel:
    values = prior().to_json() if parameters is None else parameters
    return ChanceModel.objects.create(version=number, parameters=values, **fields)


def test_an_operator_who_goes_back_while_a_training_ends_has_the_last_word(operator, now):
    first = version(1)
    version(5, {"made": "for another engine"}, is_live=True)
    with waiting_for_this(lambda: operations.make_live(model=first, actor=operator)) as came:
        trained = operations.train_chance_model(now=now)
        assert trained.is_live
    assert came == [None]
    assert ChanceModel.objects.get(is_live=True) == first


def test_of_two_operators_who_choose_at_once_the_last_one_counts(operator):
    _live, one, other = version(1, is_live=True), version(2), version(3)
    with waiting_for_this(lambda: operations.make_live(model=other, actor=operator)) as came:
        operations.make_live(model=one, actor=operator)
    assert came == [None]
    assert ChanceModel.objects.get(is_live=True) == other


def test_a_firm_can_leave_while_an_applicant_takes_an_application_back(
    sent, person, owner, vacancy, firm, now, monkeypatch
):
    monkeypatch.setattr(events, "send", lambda task, *arguments: None)
    other = make_user()
    waits_on = operations.apply(cv=make_cv(other), vacancy=vacancy, why="", did="", actor=other, now=now)
    with waiting_for_this(lambda: erase_user(user=owner, now=now)) as came:
        operations.withdraw(application=sent, actor=person, now=now)
    assert came == [None]
    found = {row.pk: row for row in Application.objects.all()}
    assert (found[sent.pk].status, found[sent.pk].reason, found[sent.pk].decided_at) == ("withdrawn", "", None)
    assert (found[waits_on.pk].status, found[waits_on.pk].decided_at) == ("rejected", now)
    firm.refresh_from_db()
    assert firm.name == "Een bedrijf dat vertrok"
