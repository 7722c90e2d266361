"""A whole site for browser tests: the demo region, gunicorn and a Celery worker, on their own database and queue."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from config.run import free_port

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
SMALL_REGION = ["--employers", "150", "--jobseekers", "120", "--programmes", "150", "--open-vacancies", "150",
                "--past-vacancies", "250", "--functions", "15"]  # fmt: skip
DATABASE, QUEUE = "zelf_browser", 9


def pytest_collection_modifyitems(items) -> None:
    """All browser tests run in one process, against one site."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


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


def _with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=path))


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    """The running site; built once, in well under a minute."""
    base = os.environ["DATABASE_URL"]
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    home = tmp_path_factory.mktemp("site")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")} | {
        "DATABASE_URL": _with_path(base, f"/{DATABASE}"),
        "REDIS_URL": _with_path(settings.REDIS_URL, f"/{QUEUE}"),
        "LOCAL_DIR": str(home),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEMO": "1",
        "TESTING": "0",
        "THROTTLE_ANON": "6000/min",
        "THROTTLE_USER": "6000/min",
    }
    port = free_port(8600)
    site = Site(f"http://127.0.0.1:{port}", environment)
    site.manage("migrate", "--verbosity", "0")
    site.manage("collectstatic", "--no-input", "--verbosity", "0")
    site.manage("load_taxonomy", "--verbosity", "0")
    site.manage("load_places", "--verbosity", "0")
    site.manage("load_demo", "--verbosity", "0", *SMALL_REGION)
    log = (home / "log").open("w")
    processes = [
        subprocess.Popen([str(part) for part in command], cwd=ROOT, env=environment | extra, stdout=log, stderr=log)
        for command, extra in (
            (
                [BIN / "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", 1, "--threads", 6,
                 "--worker-class", "gthread"],
                {"DATABASE_POOL": "1"},
            ),
            ([BIN / "celery", "-A", "config", "worker", "--concurrency", 1, "--loglevel", "WARNING"], {}),
        )
    ]  # fmt: skip
    try:
        _wait_until_up(site.url)
        yield site
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=20)


def _wait_until_up(url: str) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"{url}/health/", timeout=5):
                return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError("The site did not start")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium: Browser, site: Site) -> Iterator:
    """Call it for a fresh visitor: `open_browser(width=360, dark=True)` gives a page of its own session."""
    contexts: list[BrowserContext] = []

    def open_page(width: int = 1280, height: int = 900, dark: bool = False, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale="nl-NL",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def log_in(open_browser):
    """Log in as one of the demo people: `log_in("werkgever@demo.nl", width=360)` gives a page."""

    def log_in_as(email: str, **options) -> Page:
        page = open_browser(**options)
        page.goto("/auth/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", "demo-demo-demo")
        page.click("main button[type=submit]")
        page.wait_for_load_state()
        return page

    return log_in_as
