"""Run the whole platform beside the tests: its own database and queue, gunicorn and a Celery worker."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from redis import Redis

from config.env import next_database
from config.run import free_port
from core.embedded import database_url, local_dir, locked, redis_url

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))  # the test process that this is


@dataclass(frozen=True)
class Site:
    url: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a management command against the site's database; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout


@contextmanager
def run_site(
    home: Path, database: str, region: Sequence[str] = (), workers: int = 1, template: Path | None = None
) -> Iterator[Site]:
    """A fresh database with a demo region of the given size, served on loopback until the block ends.

    Test processes that give the same folder as `template` share the making of the region: the first one keeps it there.
    """
    database_url(), redis_url()
    with locked((template or home).with_suffix(".lock")):
        if template is None:
            _fill(_environment(home, database), region)
        else:
            made = f"template_of_{database.rpartition('_')[0]}"
            if not template.exists():
                unfinished = template.with_suffix(".unfinished")
                unfinished.mkdir()
                _fill(_environment(unfinished, made), region)
                unfinished.rename(template)
            shutil.copytree(template, home, dirs_exist_ok=True)
            _create(database, f"TEMPLATE {made}")
    environment = _environment(home, database)
    port = free_port(8600 + 100 * WORKER)
    site = Site(f"http://127.0.0.1:{port}", environment)
    commands = [
        (
            ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", workers, "--threads", 4,
             "--worker-class", "gthread"],
            {"DATABASE_POOL": "1"},
        ),
        (["celery", "-A", "config", "worker", "--concurrency", 1, "--loglevel", "WARNING"], {}),
    ]  # fmt: skip
    with (home / "log").open("w") as log:
        processes = [
            subprocess.Popen(
                [str(BIN / program), *map(str, rest)], cwd=ROOT, env=environment | extra, stdout=log, stderr=log
            )
            for (program, *rest), extra in commands
        ]
        try:
            _wait_until_up(site.url)
            yield site
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=20)


def _environment(home: Path, database: str) -> dict[str, str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")} | {
        "DATABASE_URL": _with_path(database_url(), f"/{database}"),
        "REDIS_URL": _with_path(redis_url(), f"/{6 + 2 * WORKER}"),
        "NUMBA_CACHE_DIR": str(local_dir() / "numba"),
        "LOCAL_DIR": str(home),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEMO": "1",
        "DEBUG": "0",
        "TESTING": "0",
        "THROTTLE_ANON": "6000/min",
        "THROTTLE_USER": "6000/min",
    }
    for address in (environment["REDIS_URL"], next_database(environment["REDIS_URL"])):
        Redis.from_url(address).flushdb()
    return environment


def _create(database: str, options: str = "") -> None:
    with psycopg.connect(database_url(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {database} {options}")


def _fill(environment: dict[str, str], region: Sequence[str]) -> None:
    _create(urlsplit(environment["DATABASE_URL"]).path.strip("/"))
    Site("", environment | {"DEMO": ""}).manage("prepare")
    site = Site("", environment)
    site.manage("load_demo", "--verbosity", "0", *region)
    site.manage("shell", "-v", "0", "-c", "from demand.tasks import refresh; refresh()")  # what the worker does at once


def _with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=path))


def _wait_until_up(url: str) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"{url}/health/", timeout=5):
                return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError("The site did not start")
