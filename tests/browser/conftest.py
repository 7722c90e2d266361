"""A whole site for browser tests: the demo region, gunicorn and a Celery worker, on their own database and queue."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.site import WORKER, Site, run_site

CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
SMALL_REGION = ["--employers", "150", "--jobseekers", "120", "--programmes", "150", "--open-vacancies", "150",
                "--past-vacancies", "250", "--functions", "15"]  # fmt: skip


def chromium_path() -> str | None:
    """The system's Chromium; None lets Playwright look for a browser of its own."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    """The running site with a small region: one for each test process, made once for all of them."""
    together = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        together = together.parent
    home = tmp_path_factory.mktemp("site")
    with run_site(home, f"browser_{WORKER}", SMALL_REGION, template=together / "template") as site:
        yield site


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
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
