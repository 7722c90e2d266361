"""The whole road with four people: a school, an employer, a jobseeker and an analyst."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PASSWORD = "wind-mee-over-de-dijk"


def sign_up(page: Page, email: str) -> None:
    """Fill in the sign-up page that is open."""
    page.fill("input[name=email]", email)
    page.fill("input[name=password1]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def fresh(name: str) -> str:
    return f"{name}-{uuid.uuid4().hex[:8]}@example.org"


def open_vacancies(site, analyst: Page) -> float:
    """What CockpitWerk says after counting again."""
    site.manage("cockpit_refresh", "vacancies")
    return analyst.request.get("/api/v1/cockpit/indicators/vacancies/").json()["total"]["value"]


def test_from_programme_to_hire(open_browser, log_in, site, tmp_path):
    analyst = log_in("analist@demo.nl")
    analyst.goto("/cockpit/")
    vacancies_before = open_vacancies(site, analyst)

    # A school uploads a programme, confirms what it teaches, and publishes it.
    school = open_browser()
    school.goto("/education/schools/")
    school.goto("/auth/signup/?next=/account/school/")
    sign_up(school, fresh("school"))
    school.fill("input[name=name]", "Vakschool aan het Water")
    school.fill("input[name=postcode]", "9711")
    school.click("main form button[type=submit]")
    school.goto("/education/upload/")
    upload = tmp_path / "opleidingen.csv"
    upload.write_text(
        "code;titel;omschrijving;soort;niveau;instroomniveau;weken;uren_per_week;prijs;taal;wanneer;postcode;"
        "startdatum;website;geeft_diploma\n"
        "W1;Werken in de bediening;Je leert kassa draaien, gasten ontvangen, drankjes schenken en tafels dekken.;"
        "cursus;;;6;4;95,00;nl;avond;9711;;;nee\n",
        encoding="utf-8",
    )
    school.set_input_files("input[type=file]", str(upload))
    school.click("main form button[type=submit]")
    school.get_by_role("button", name=re.compile("Zet", re.I)).first.click()
    school.wait_for_load_state()
    school.goto("/education/mine/")
    expect(school.locator("main")).to_contain_text("Werken in de bediening")
    school.goto("/education/skills/")
    link = school.get_by_role("link", name=re.compile("Werken in de bediening"))
    if link.count():
        link.first.click()
        school.wait_for_load_state()
    school.get_by_role("button", name=re.compile("op de site")).first.click()
    school.wait_for_load_state()

    # An employer begins without an account and publishes; what was filled in survives signing up.
    employer = open_browser()
    employer.goto("/vacancies/new/")
    title = f"Medewerker bediening {uuid.uuid4().hex[:6]}"
    choose(employer, "medewerker bediening")
    employer.click("main form button[type=submit]")
    employer.wait_for_load_state()
    if not employer.url.endswith("/details/"):  # choices: the first is the occupation itself
        employer.click("main form button[type=submit]")
        employer.wait_for_load_state()
    expect(employer).to_have_url(re.compile("/vacancies/new/details/"))
    assert employer.locator("tr input[name=skill]").count() >= 5
    employer.fill("input[name=title]", title)
    employer.fill("input[name=postcode]", "9712")
    employer.click("p.actions button[value=next]")
    expect(employer).to_have_url(re.compile("/vacancies/new/check/"))
    employer.click("main form button[type=submit]")
    sign_up(employer, fresh("firm"))
    if not employer.url.endswith("/check/"):
        employer.goto("/account/")
    expect(employer).to_have_url(re.compile("/vacancies/new/check/"))
    employer.click("main form button[type=submit]")
    employer.fill("input[name=name]", "Eetcafé De Proef")
    employer.fill("input[name=kvk]", f"{uuid.uuid4().int % 10**8:08d}")
    employer.select_option("select[name=sector]", "hospitality")
    employer.fill("input[name=postcode]", "9712")
    employer.click("main form button[type=submit]")
    expect(employer).to_have_url(re.compile("/vacancies/new/check/"))
    employer.click("main form button[type=submit]")
    employer.wait_for_url(re.compile(r"/vacancies/\d+/candidates/"))
    vacancy = re.search(r"/vacancies/(\d+)/", employer.url)[1]
    expect(employer.locator(".candidate").first).to_be_visible()

    # A jobseeker makes a smart CV without an account, sees the match and applies.
    seeker = open_browser(width=390)
    seeker.goto("/cv/")
    seeker.goto("/cv/jobs/add/")
    choose(seeker, "serveerster")
    submit_until(seeker)
    seeker.goto("/cv/skills/")
    seeker.locator("main form button[type=submit]").last.click()
    seeker.wait_for_load_state()
    seeker.goto(f"/matches/{vacancy}/")
    expect(seeker.locator("h1")).to_contain_text(title)
    expect(seeker.locator(".chance").first).to_be_visible()
    seeker.goto(f"/matches/{vacancy}/apply/")
    seeker.fill("textarea[name=why]", "Ik werk graag met mensen en ik woon om de hoek.")
    seeker.fill("textarea[name=did]", "Ik hielp drie jaar op het dorpsfeest.")
    seeker.click("main form button[type=submit]")
    email = fresh("jobseeker")
    sign_up(seeker, email)
    if "/apply/" not in seeker.url:
        seeker.goto(f"/matches/{vacancy}/apply/")
    expect(seeker.locator("textarea[name=why]")).to_have_value(re.compile("om de hoek"))
    seeker.click("main form button[type=submit]")
    seeker.wait_for_url(re.compile(r"/applications/[0-9a-f-]{36}/"))
    expect(seeker.locator("h1")).to_contain_text("kans")
    expect(seeker.locator(".chance-range").first).to_contain_text(re.compile(r"\d+"))
    application = seeker.url

    # The employer sees the order, invites and hires.
    employer.goto(f"/vacancies/{vacancy}/candidates/")
    employer.locator("section", has_text="Gesolliciteerd").locator(".candidate a").first.click()
    employer.wait_for_load_state()
    expect(employer.locator("main")).to_contain_text("om de hoek")
    expect(employer.locator("main")).to_contain_text(email)
    employer.fill("textarea[name=message]", "Kom je dinsdag om tien uur langs?")
    employer.click("button[value=invite]")
    seeker.goto(application)
    expect(seeker.locator("h1")).to_contain_text("uitgenodigd")
    expect(seeker.locator("main")).to_contain_text("dinsdag om tien uur")
    employer.click("button[value=hire]")
    seeker.goto(application)
    expect(seeker.locator("h1")).to_contain_text("baan")

    # CockpitWerk counts it.
    site.manage("shell", "-v", "0", "-c", "from django.core.cache import cache; cache.clear()")
    analyst.goto("/auth/login/")
    analyst = log_in("analist@demo.nl")
    analyst.goto("/cockpit/")
    assert open_vacancies(site, analyst) == vacancies_before + 1


def choose(page: Page, title: str) -> None:
    """Type a job title and take the first suggestion."""
    page.fill("input[name=title]", title)
    page.get_by_role("option").first.click()


def submit_until(page: Page) -> None:
    """Send the form; when it asks which occupation is meant, the first choice will do."""
    for _ in range(3):
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()
        if not page.locator("main input[type=radio]").count():
            return
        page.locator("main input[type=radio]").first.check()
