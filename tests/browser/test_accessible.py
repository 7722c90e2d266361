"""Every page, at phone and desktop width, in both themes: no WCAG 2.2 A/AA violation and no sideways scrolling."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PAGES = {
    "": [
        "/", "/about/", "/how/", "/privacy/", "/accessibility/", "/help/", "/demo/", "/demo/mail/", "/design/",
        "/auth/login/", "/auth/signup/", "/auth/login/code/", "/auth/password/reset/", "/vacancies/",
        "/vacancies/{vacancy}/", "/vacancies/new/", "/education/courses/", "/education/{programme}/",
        "/education/schools/", "/cv/", "/no-such-page/",
    ],
    "werkzoekende@demo.nl": [
        "/cv/", "/cv/overview/", "/cv/jobs/", "/cv/jobs/add/", "/cv/skills/", "/cv/education/", "/cv/languages/",
        "/cv/certificates/", "/cv/interests/1/", "/cv/interests/result/", "/cv/values/", "/cv/wishes/",
        "/cv/wishes/hours/", "/cv/wishes/travel/", "/cv/drive/", "/cv/drive/initiatives/", "/cv/findable/",
        "/cv/check/", "/matches/", "/matches/?view=saved", "/matches/{vacancy}/", "/matches/{vacancy}/apply/",
        "/applications/", "{application}", "/account/settings/", "/auth/password/change/", "/auth/email/",
    ],
    "werkgever@demo.nl": [
        "/vacancies/mine/", "/vacancies/{own}/candidates/", "{candidate}", "/vacancies/{own}/edit/",
        "/vacancies/{own}/",
    ],
    "school@demo.nl": [
        "/education/mine/", "/education/upload/", "/education/upload/columns/", "/education/skills/",
        "/education/mine/new/",
    ],
    "analist@demo.nl": ["/cockpit/"],
    "beheerder@demo.nl": ["/operator/model/"],
}  # fmt: skip


@pytest.fixture(scope="module")
def places(site) -> dict[str, str]:
    """Addresses of rows that the demo people own."""
    found = site.manage(
        "shell", "-v", "0", "-c",
        "from matching.models import Application as A; from vacancies.models import Vacancy as V\n"
        "from education.models import Programme as P; from core.references import seal\n"
        "seeker = A.objects.filter(cv__owner__email='werkzoekende@demo.nl', applied_at__isnull=False)\n"
        "own = A.objects.filter(vacancy__organisation__memberships__user__email='werkgever@demo.nl',"
        " vacancy__status='open', applied_at__isnull=False).select_related('cv').first()\n"
        "used = seeker.values('vacancy_id')\n"
        "print(V.objects.open().exclude(id__in=used).order_by('id').first().pk,"
        " P.objects.filter(status='published').first().pk,"
        " f'/applications/{seeker.first().ref}/', own.vacancy_id,"
        " f'/vacancies/{own.vacancy_id}/candidates/{seal(own.vacancy_id, own.cv_id)}/')",
    ).split()  # fmt: skip
    return dict(zip(("vacancy", "programme", "application", "own", "candidate"), found, strict=True))


@pytest.mark.parametrize("width, dark", [(360, False), (360, True), (1280, False), (1280, True)])
@pytest.mark.parametrize("person", list(PAGES), ids=lambda email: email.split("@")[0] or "visitor")
def test_pages_are_accessible_and_fit(person, width, dark, places, open_browser, log_in):
    page = log_in(person, width=width, dark=dark) if person else open_browser(width=width, dark=dark)
    problems = []
    for address in PAGES[person]:
        path = address.format(**places)
        response = page.goto(path)
        if response.status >= 400 and path != "/no-such-page/":
            problems.append(f"{path}: status {response.status}")
            continue
        found = Axe().run(page, options=AXE).response["violations"]
        problems += [f"{path}: {v['id']} {v['nodes'][0]['html'][:160]}" for v in found]
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            problems.append(f"{path}: {over} px too wide")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("path", ["/", "/cv/", "/vacancies/", "/auth/login/", "/matches/", "/vacancies/mine/"])
def test_no_page_breaks_the_content_security_policy(path, log_in):
    page = log_in("werkgever@demo.nl" if "mine" in path else "werkzoekende@demo.nl")
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert not complaints


def test_texts_are_dutch_by_default_and_english_on_request(open_browser):
    page = open_browser()
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "nl"
    page.get_by_role("button", name=re.compile("English")).first.click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "en"


def test_applying_works_with_the_keyboard_and_without_script(places, log_in):
    page = log_in("werkzoekende@demo.nl", javascript=False)
    page.goto(f"/matches/{places['vacancy']}/")
    link = page.get_by_role("link", name=re.compile("Solliciteer|Laat het weten")).first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/apply/")
