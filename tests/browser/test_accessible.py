"""Every page, at phone and desktop width, in both themes: no WCAG 2.2 A/AA violation and no sideways scrolling."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import get_resolver
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

EVERY_RULE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}  # what a theme can change
LAYOUT = EVERY_RULE | {"rules": {"color-contrast": {"enabled": False}}}  # what a width can change
PAGES = {
    "": [
        "/", "/about/", "/how/", "/privacy/", "/accessibility/", "/help/", "/demo/", "/demo/mail/", "/design/",
        "/auth/login/", "/auth/signup/", "/auth/login/code/", "/auth/password/reset/",
        "/auth/password/reset/done/", "/vacancies/",
        "/vacancies/{vacancy}/", "/vacancies/new/", "/education/courses/", "/education/{programme}/",
        "/education/schools/", "/cv/", "/no-such-page/",
        "/partners/examples/", "/cockpit/embed/{embed}/",
    ],
    "werkzoekende@demo.nl": [
        "/cv/", "/cv/overview/", "/cv/jobs/", "/cv/jobs/add/", "/cv/skills/", "/cv/education/", "/cv/languages/",
        "/cv/certificates/", "/cv/interests/1/", "/cv/interests/result/", "/cv/choose/1/", "/cv/values/", "/cv/wishes/",
        "/cv/wishes/hours/", "/cv/wishes/travel/", "/cv/drive/", "/cv/drive/initiatives/", "/cv/findable/",
        "/cv/check/", "/matches/", "/matches/?order=market", "/matches/courses/",
        "/matches/courses/{programme}/finished/", "/matches/?view=saved", "/matches/{vacancy}/", "/matches/{vacancy}/apply/",
        "/applications/", "{application}", "/account/settings/", "/auth/password/change/", "/auth/email/",
        "/cv/jobs/{job}/", "/cv/jobs/{job}/title/", "/cv/jobs/{job}/remove/", "/cv/print/", "/cv/erase/", "/learned/",
        "/demand/programmes/{programme}/ask/",
        "/account/employer/", "/account/school/", "/auth/2fa/", "/auth/2fa/totp/activate/", "/auth/reauthenticate/",
        "/auth/logout/",
    ],
    "werkgever@demo.nl": [
        "/vacancies/mine/", "/vacancies/{own}/candidates/", "{candidate}", "/vacancies/{own}/edit/",
        "/vacancies/{own}/", "/account/team/", "/partners/firm/", "/partners/firm/activities/new/",
        "/partners/firm/activities/{activity}/",
        "/demand/proposals/firm/",
    ],
    "school@demo.nl": [
        "/education/mine/", "/education/upload/", "/education/upload/columns/", "/education/skills/",
        "/education/mine/new/", "/education/mine/{taught}/", "/education/mine/{taught}/skills/",
        "/education/mine/{taught}/withdraw/",
        "/education/mine/{taught}/finished/", "/education/feed/",
        "/partners/firms/", "/partners/firms/{firm}/", "/partners/bookings/",
        "/partners/bookings/{booking}/", "/partners/bookings/{been}/example/",
        "/demand/", "/demand/programmes/{taught}/", "/demand/gaps/", "/demand/gaps/?everything=on", "/demand/proposals/",
        "/demand/proposals/new/", "/demand/requests/", "/demand/proposals/{proposal}/",
    ],
    "analist@demo.nl": [
        "/cockpit/", "/cockpit/catalogue/", "/cockpit/points/", "/cockpit/explore/{indicator}/",
        "/cockpit/explore/{indicator}/?by=municipality", "/cockpit/explore/tightness/?by=sector",
        "/cockpit/explore/{indicator}/?by=province&chart=line", "/cockpit/signals/", "/cockpit/outlook/",
        "/cockpit/skills-audit/",
    ],
    "beheerder@demo.nl": [
        "/operator/model/", "/taxonomy/try/",
        "/taxonomy/without-dutch/skills/", "/taxonomy/without-dutch/occupations/",
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def places(site) -> dict[str, str]:
    """Addresses of rows that the demo people own."""
    found = site.manage(
        "shell", "-v", "0", "-c",
        "from matching.models import Application as A; from vacancies.models import Vacancy as V\n"
        "from profiles.models import Job\n"
        "from education.models import Programme as P; from core.references import seal\n"
        "seeker = A.objects.filter(cv__owner__email='werkzoekende@demo.nl', applied_at__isnull=False)\n"
        "own = A.objects.filter(vacancy__organisation__memberships__user__email='werkgever@demo.nl',"
        " vacancy__status='open', applied_at__isnull=False).select_related('cv').first()\n"
        "used = seeker.values('vacancy_id')\n"
        "taught = P.objects.filter(school__memberships__user__email='school@demo.nl').first()\n"
        "from partners.models import Activity, Booking; from django.utils import timezone\n"
        "from accounts.models import Organisation as O\n"
        "activity = Activity.objects.filter(firm__memberships__user__email='werkgever@demo.nl').first()\n"
        "booked = Booking.objects.filter(school__memberships__user__email='school@demo.nl')\n"
        "today = timezone.localdate()\n"
        "from demand.models import Proposal; from django.http import QueryDict\n"
        "from cockpit.explore import embed_code, read\n"
        "proposal = Proposal.objects.filter(school__memberships__user__email='school@demo.nl').first()\n"
        "job = Job.objects.filter(cv__owner__email='werkzoekende@demo.nl').first()\n"
        "print(V.objects.open().exclude(id__in=used).order_by('id').first().pk,"
        " P.objects.filter(status='published').first().pk,"
        " f'/applications/{seeker.first().ref}/', own.vacancy_id,"
        " f'/vacancies/{own.vacancy_id}/candidates/{seal(own.vacancy_id, own.cv_id)}/', taught.pk, job.pk,"
        " activity.pk, O.objects.filter(contact_terms__isnull=False).first().ref,"
        " booked.filter(day__gt=today).first().ref, booked.filter(day__lt=today).first().ref, proposal.ref, 'jobseekers',"
        " embed_code(read('jobseekers', QueryDict('by=sector'))))",
    ).split()  # fmt: skip
    names = (
        "vacancy", "programme", "application", "own", "candidate", "taught", "job", "activity", "firm", "booking", "been",
        "proposal", "indicator", "embed",
    )  # fmt: skip
    return dict(zip(names, found, strict=True))


def faults(page: Page, path: str, rules: dict = EVERY_RULE) -> list[str]:
    """What axe finds on the page that is open, and how much wider it is than the screen."""
    found = Axe().run(page, options=rules).response["violations"]
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    wide = [f"{path}: {over} px too wide"] if over > 0 else []
    return [f"{path}: {v['id']} {v['nodes'][0]['html'][:160]}" for v in found] + wide


def faults_everywhere(page: Page, path: str, is_first: bool) -> list[str]:
    """Faults at phone and desktop width, in both themes; a page is loaded once and then changes under the eyes.

    Colours are weighed at phone width; at desktop width on the first page, which has the navigation that all pages share.
    """
    problems = []
    looks = [(360, "light", EVERY_RULE), (360, "dark", COLOURS), (1280, "dark", EVERY_RULE if is_first else LAYOUT)]
    if is_first:
        looks.append((1280, "light", COLOURS))
    for width, theme, rules in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        problems += faults(page, f"{path} ({width} px, {theme})", rules)
    return problems


@pytest.mark.parametrize("person", list(PAGES), ids=lambda email: email.split("@")[0] or "visitor")
def test_pages_are_accessible_and_fit(person, places, open_browser, log_in):
    page = log_in(person) if person else open_browser()
    problems = []
    for place, address in enumerate(PAGES[person]):
        path = address.format(**places)
        response = page.goto(path)
        if response.status >= 400 and path != "/no-such-page/":
            problems.append(f"{path}: status {response.status}")
            continue
        problems += faults_everywhere(page, path, is_first=place == 0)
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


@pytest.mark.parametrize("width, dark", [(360, True), (1280, False)])
def test_pages_in_the_middle_of_something_are_accessible_too(width, dark, open_browser, log_in, tmp_path):
    """A vacancy that is being made, an error beside a field, an upload with mistakes, a code that was sent."""
    page = open_browser(width=width, dark=dark)
    page.goto("/vacancies/new/")
    page.fill("input[name=title]", "medewerker bediening")
    page.get_by_role("option").first.click()
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    if not page.url.endswith("/details/"):
        page.click("main form button[type=submit]")
    page.wait_for_url("**/vacancies/new/details/")
    problems = faults(page, "a new vacancy")
    page.click("p.actions button[value=next]")
    page.wait_for_load_state()
    assert page.locator("[aria-invalid=true]").count()
    problems += faults(page, "a vacancy without a postcode")
    page.fill("input[name=postcode]", "9712")
    page.click("p.actions button[value=next]")
    page.wait_for_url("**/vacancies/new/check/")
    problems += faults(page, "a vacancy to check")
    page.goto("/auth/login/code/")
    page.fill("input[name=email]", "analist@demo.nl")
    page.click("main button[type=submit]")
    page.wait_for_url("**/confirm/")
    problems += faults(page, "a code that was sent")

    page = log_in("school@demo.nl", width=width, dark=dark)
    wrong = tmp_path / "fout.csv"
    wrong.write_text("code;titel;soort;prijs\nA;Lassen;cursus;veel\n", encoding="utf-8")
    page.goto("/education/upload/")
    page.set_input_files("input[type=file]", str(wrong))
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile("/education/upload/[0-9a-f-]{36}/"))
    problems += faults(page, "an upload with mistakes")
    assert not problems, "\n".join(problems)


ELSEWHERE = {  # pages that the test above walks through, and what is no page of ours
    "vacancies/new/details/", "vacancies/new/check/", "education/upload/<uuid:ref>/", "auth/login/code/confirm/",
    "cv/interests/<int:page>/", "applications/<uuid:ref>/", "vacancies/<int:pk>/candidates/<uuid:ref>/",
    "cv/choose/<int:at>/", "cv/choose/result/",  # tests/browser/test_choices.py
    "education/upload/<uuid:ref>/columns/", "education/upload/<uuid:ref>/undo/",  # tests/browser/test_schools.py
    "cv/found/", "account/team/<str:code>/",  # forms like those that are tested, for who is in that very moment
}  # fmt: skip
NO_PAGE = re.compile(
    r"^(admin/|api/|metrics|health/|theme/|i18n/|robots|sitemap|taxonomy/|static/)|\.csv$|template\.|programmes\.|"
    r"/(feed|pdf|data|quick|publish|answer|bookmark|import|check)/$|^account/$|^cv/interests/$|^cv/choices/$|^cv/choose/$|^education/$|\.ics$|file\.<|"
    r"^auth/(inactive|confirm-email|password/set|password/reset/key|2fa/)|\^"
)


def test_every_page_is_on_the_list():
    """Whoever adds a page has it looked at."""

    def walk(patterns, before=""):
        for pattern in patterns:
            address = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, address)
            elif hasattr(getattr(pattern.callback, "view_class", object), "get"):
                yield address

    listed = {re.sub(r"\{\w+\}", "…", path.split("?")[0]).strip("/") for paths in PAGES.values() for path in paths}
    missing = [
        address
        for address in walk(get_resolver().url_patterns)
        if address not in ELSEWHERE and not NO_PAGE.search(address)
        and re.sub(r"<[^>]+>", "…", address).strip("/") not in listed
    ]  # fmt: skip
    assert missing == []
