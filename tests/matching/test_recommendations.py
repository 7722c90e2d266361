"""Recommendations that are kept: always what computing them anew would give."""

import random
import subprocess
import sys
import time
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import urlsplit, urlunsplit

import pytest
from celery import Celery
from django.conf import settings
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from core import events
from core.embedded import database_url
from matching import open_market, operations, queries, tasks
from matching.engine.index.gains import _gains
from matching.engine.training_loops import after, standing
from matching.models import Recommendation
from tests.factories import make_cv, make_programme, make_skill, make_user, make_vacancy
from vacancies.models import Requirement, Vacancy
from vacancies.operations import close_vacancy, publish_vacancy

ROOT = Path(__file__).resolve().parents[2]


def kept() -> dict[int, list[tuple[int, int, int]]]:
    """Per CV (rank, vacancy, fit)."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    rows = Recommendation.objects.order_by("cv_id", "-fit", "vacancy_id").values_list("cv_id", "vacancy_id", "fit")
    for cv, *row in rows:
        places = found.setdefault(cv, [])
        places.append((len(places) + 1, *row))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_moving_one_vacancy_gives_what_computing_everything_anew_gives(seed, firm, owner, now, monkeypatch):
    monkeypatch.setattr("matching.operations.recommendations.KEPT", 4)
    chance = random.Random(seed)
    skills = [make_skill() for _ in range(6)]

    def some() -> dict:
        return {skill: chance.randint(1, 5) for skill in chance.sample(skills, chance.randint(1, 4))}

    cvs = [make_cv(make_user(), some()) for _ in range(5)]
    vacancies = [make_vacancy(firm, some(), status=chance.choice(["open", "draft"])) for _ in range(9)]
    for cv in cvs:
        operations.refresh_recommendations(cv_id=cv.pk, now=now)
    for _ in range(20):
        vacancy = Vacancy.objects.get(pk=chance.choice(vacancies).pk)
        if not vacancy.is_open:
            publish_vacancy(vacancy=vacancy, actor=owner, now=now)
        elif chance.random() < 0.5:
            close_vacancy(vacancy=vacancy, actor=owner, now=now)
        else:
            asked = vacancy.requirements.all()
            Requirement.objects.filter(pk=chance.choice(asked).pk).update(
                min_level=chance.randint(1, 5), is_hard=chance.random() < 0.5
            )
            vacancy.version += 1
            vacancy.save()
        operations.refresh_recommendations_of_vacancy(vacancy_id=vacancy.pk, now=now)
        moved = kept()
        for cv in cvs:
            operations.refresh_recommendations(cv_id=cv.pk, now=now)
        assert moved == kept()
    assert max(len(rows) for rows in moved.values()) <= 4


@pytest.mark.django_db
def test_what_is_kept_is_the_head_of_the_page_without_what_fails_an_indispensable_requirement(
    cv, firm, sawing, painting, now
):
    for level in (1, 3, 5):
        make_vacancy(firm, {sawing: level})
    failing = make_vacancy(firm, {painting: 5})
    Requirement.objects.filter(vacancy=failing).update(is_hard=True)
    operations.refresh_recommendations(cv_id=cv.pk, now=now)
    shown = [match.vacancy.pk for match in queries.matches_for_cv(cv)]
    assert shown[-1] == failing.pk
    assert [vacancy for _rank, vacancy, _fit in kept()[cv.pk]] == shown[:-1]


@pytest.mark.django_db(transaction=True)
def test_what_is_true_already_is_not_written_again(cv, vacancy, painting, now):
    operations.rank_list(vacancy_id=vacancy.pk, now=now)
    operations.refresh_recommendations(cv_id=cv.pk, now=now)

    def written() -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 'list', ctid::text, xmin::text, fit FROM matching_listed "
                "UNION ALL SELECT 'own', ctid::text, xmin::text, fit FROM matching_recommendation ORDER BY 1"
            )
            return cursor.fetchall()

    before = written()
    assert len(before) == 2
    operations.refresh_recommendations(cv_id=cv.pk, now=now)
    assert written() == before
    cv.cv_skills.update(level=1)
    operations.refresh_recommendations(cv_id=cv.pk, now=now)
    assert [row[0] for row in written()] == ["list", "own"]
    assert not {row[1:3] for row in written()} & {row[1:3] for row in before}


@pytest.mark.django_db
def test_a_new_process_gets_ready_before_its_first_task(cv, vacancy, painting, monkeypatch, settings):
    settings.WORK_INDEX_FROM = 1
    make_programme(skills={painting: 4}, mode="evening")
    monkeypatch.setattr(tasks, "connection", Mock())  # it has a connection of its own, and closes that
    open_market.forget()
    with CaptureQueriesContext(connection) as cold:
        tasks.warm_up()
    with CaptureQueriesContext(connection) as warm:
        assert tasks.cv_changed(cv.pk) == 1
    loads = [row["sql"] for row in cold if "vacancies_requirement" in row["sql"]]
    assert loads
    assert not [row["sql"] for row in warm if "vacancies_requirement" in row["sql"]]
    compiled = [len(loop.signatures) for loop in (_gains, after, standing)]
    assert queries.market_advice(cv).vacancies == queries.skill_advice(cv).vacancies == 1
    assert [len(loop.signatures) for loop in (_gains, after, standing)] == compiled == [1, 1, 1]
    monkeypatch.setattr(queries, "places_of_cv", Mock(side_effect=OperationalError("the server is starting")))
    tasks.warm_up()  # the first task loads what it needs


@pytest.mark.django_db
def test_a_change_of_fit_writes_no_index():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename IN ('matching_listed', 'matching_recommendation') "
            "AND indexdef ~ 'fit'"
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db
def test_tasks_may_run_twice_and_for_what_is_gone(cv, vacancy):
    for _ in range(2):
        assert tasks.cv_changed(cv.pk) == 1
        assert tasks.vacancy_changed(vacancy.pk) == 1
        assert tasks.refresh_all() == 1
    assert tasks.cv_changed(10**9) == 0
    assert tasks.vacancy_changed(10**9) == 0
    tasks.programme_changed(1)
    assert len(kept()[cv.pk]) == 1


@pytest.mark.django_db
def test_vacancies_close_by_themselves_the_night_after_their_last_day_in_the_netherlands(
    firm, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(events, "send", lambda task, *arguments: None)
    night = datetime(2026, 7, 1, 22, 5, tzinfo=UTC)  # five past twelve in Amsterdam on 2 July
    past = make_vacancy(firm, closes_on=date(2026, 7, 1))
    last_day = make_vacancy(firm, closes_on=date(2026, 7, 2))
    with django_capture_on_commit_callbacks(execute=True):
        assert operations.close_expired_vacancies(now=night) == 1
    past.refresh_from_db()
    last_day.refresh_from_db()
    assert (past.status, last_day.status) == ("closed", "open")


@pytest.mark.django_db
def test_a_queue_that_is_down_breaks_no_page(
    client, owner, person, cv, vacancy, now, monkeypatch, django_capture_on_commit_callbacks
):
    nowhere = Celery(broker="redis://127.0.0.1:9/0")
    monkeypatch.setattr(events, "current_app", nowhere)
    with django_capture_on_commit_callbacks(execute=True):
        close_vacancy(vacancy=vacancy, actor=owner, now=now)
    vacancy.refresh_from_db()
    assert vacancy.status == "closed"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_brings_a_published_vacancy_to_people_within_five_seconds(
    cv, firm, owner, sawing, now, monkeypatch, tmp_path
):
    vacancy = make_vacancy(firm, {sawing: 3}, status="draft")
    queue = f"test-{uuid.uuid4()}"
    sender = Celery(broker=settings.REDIS_URL)
    sender.conf.task_default_queue = queue
    monkeypatch.setattr(events, "current_app", sender)
    address = urlunsplit(urlsplit(database_url())._replace(path=f"/{connection.settings_dict['NAME']}"))
    environment = {"DATABASE_URL": address, "REDIS_URL": settings.REDIS_URL, "LOCAL_DIR": str(tmp_path), "DEBUG": "1"}
    command = [
        sys.executable, "-m", "celery", "-A", "config", "worker", "-Q", queue, "--pool", "solo", "--without-gossip",
        "--without-mingle", "--loglevel", "WARNING",
    ]  # fmt: skip
    with (tmp_path / "log").open("w") as log:
        worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            events.send("matching.cv_changed", cv.pk)  # until the worker is up
            assert wait_until(lambda: sender_is_empty(sender, queue), 40), (tmp_path / "log").read_text()[-2000:]
            start = time.monotonic()
            publish_vacancy(vacancy=vacancy, actor=owner, now=now)
            assert wait_until(lambda: kept().get(cv.pk), 5), (tmp_path / "log").read_text()[-2000:]
            assert time.monotonic() - start < 5
            connected = backends()
            Recommendation.objects.all().delete()
            events.send("matching.cv_changed", cv.pk)
            assert wait_until(kept, 5)
            assert backends() == connected  # the next task went on with the same connection
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [list(connected)])
            Recommendation.objects.all().delete()
            events.send("matching.cv_changed", cv.pk)
            assert wait_until(kept, 5), "a connection that broke is made anew"
        finally:
            worker.terminate()
            worker.wait(timeout=20)
            sender.close()
    assert [row[1] for row in kept()[cv.pk]] == [vacancy.pk]


def backends() -> set[int]:
    """Other connections to this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        return {row[0] for row in cursor.fetchall()}


def sender_is_empty(sender: Celery, queue: str) -> bool:
    with sender.connection_for_read() as link:
        return link.default_channel.client.llen(queue) == 0


def wait_until(true, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False
