"""A school in the browser: a file with its own column names, the dry run, undo, what it teaches, who finished it."""

import os
import re
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessible import faults

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")  # a folder for pictures, to be looked at


def look(page, name: str) -> list[str]:
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    return faults(page, name)


@pytest.mark.parametrize("width, dark", [(360, False), (1280, True)])
def test_from_a_foreign_file_to_a_learner_who_finished(width, dark, log_in, tmp_path):
    code, tag = f"B{uuid.uuid4().hex[:6]}", f"-{width}"
    title = f"Metselen op locatie {code}"
    school = log_in("school@demo.nl", width=width, dark=dark)
    file = tmp_path / "aanbod.csv"
    rows = [f"{code};{title};Je leert metselen, voegen en profielen stellen.;10 weken"]
    rows += [f"{code}-{n};Cursus {code} {n};Je leert schilderen en behangen.;4" for n in range(3)]
    # A name of its own: columns of a file with the same names would be known from the run before.
    file.write_text(f"cursuscode;cursusnaam;inhoud;duur;{code}\n" + "\n".join(rows), encoding="cp1252")
    school.goto("/education/upload/")
    problems = look(school, f"upload{tag}")
    school.set_input_files("input[type=file]", str(file))
    school.click("main form button[type=submit]")
    school.wait_for_url(re.compile("/columns/"))
    problems += look(school, f"columns{tag}")
    weeks = school.locator("select[name=column-weeks] option", has_text="duur").get_attribute("value")
    school.select_option("select[name=column-weeks]", weeks)
    school.fill("[name=default-kind]", "cursus")
    school.click("main form button[type=submit]")
    expect(school.locator("[aria-invalid=true]").first).to_be_visible()
    problems += look(school, f"columns-error{tag}")
    school.fill("[name=default-hours_per_week]", "8")
    school.fill("[name=default-price]", "gratis")
    school.click("main form button[type=submit]")
    school.wait_for_url(re.compile("/education/upload/[0-9a-f-]{36}/$"))
    expect(school.locator("main")).to_contain_text(title)
    problems += look(school, f"dry-run{tag}")
    school.get_by_role("button", name="Zet erin").click()
    expect(school.locator("main")).to_contain_text("Maak dit bestand ongedaan")
    problems += look(school, f"imported{tag}")

    # Undo it, then put it in once more: its columns are known now.
    school.get_by_role("link", name="Maak dit bestand ongedaan").click()
    problems += look(school, f"undo{tag}")
    school.get_by_role("button", name="Maak dit bestand ongedaan").click()
    expect(school.locator("main")).to_contain_text("weer zoals voor dit bestand")
    school.goto("/education/mine/?q=" + code)
    expect(school.locator("main")).not_to_contain_text(title)
    school.goto("/education/upload/")
    school.set_input_files("input[type=file]", str(file))
    school.click("main form button[type=submit]")
    school.get_by_role("button", name="Zet erin").click()

    # What it teaches, then the public page.
    school.goto("/education/mine/?q=" + code)
    school.get_by_role("link", name=title, exact=True).click()
    number = re.search(r"/mine/(\d+)/", school.url)[1]
    problems += look(school, f"edit{tag}")
    school.goto(f"/education/mine/{number}/skills/")
    expect(school.locator(".skill-choice", has_text="metselen").first).to_be_visible()
    problems += look(school, f"skills{tag}")
    school.get_by_role("button", name=re.compile("op de site")).first.click()
    school.wait_for_load_state()
    school.goto(f"/education/{number}/")
    expect(school.locator("main")).to_contain_text("metselen")
    problems += look(school, f"public{tag}")

    # Somebody finished it: the learner says yes, and the smart CV knows.
    school.goto(f"/education/mine/{number}/finished/")
    school.fill("[name=learners]", "werkzoekende@demo.nl\nABCD-EFG-HJZ")
    school.click("main form button[type=submit]")
    expect(school.locator("[aria-invalid=true]")).to_be_visible()
    school.fill("[name=learners]", "werkzoekende@demo.nl")
    school.click("main form button[type=submit]")
    expect(school.locator("main")).to_contain_text("1 persoon bevestigd")
    problems += look(school, f"finished{tag}")
    learner = log_in("werkzoekende@demo.nl", width=width, dark=dark)
    learner.goto("/learned/")
    problems += look(learner, f"learned{tag}")
    learner.locator("li", has_text=title).get_by_role("button", name="Zet het op mijn slimme cv").click()
    expect(learner.locator("main")).to_contain_text("met wat je leerde")
    learner.goto("/cv/check/")  # the whole CV; the overview only counts
    expect(learner.locator("main")).to_contain_text(title)
    school.goto("/education/feed/")
    problems += look(school, f"feed{tag}")
    assert not problems, "\n".join(problems)


def test_a_long_file_shows_progress_that_is_found_again(log_in, tmp_path):
    """2,500 rows through the worker; the page is left and found back in the list."""
    code = uuid.uuid4().hex[:6]
    file = tmp_path / "lang.csv"
    header = "code;titel;soort;weken;uren_per_week;prijs\n"
    file.write_text(header + "\n".join(f"{code}{n};Cursus {n};cursus;4;8;0" for n in range(2_500)), encoding="utf-8")
    school = log_in("school@demo.nl")
    school.goto("/education/upload/")
    school.set_input_files("input[type=file]", str(file))
    school.click("main form button[type=submit]")
    address = school.url
    again = log_in("school@demo.nl")  # another browser, much later
    again.goto("/education/upload/")
    again.get_by_role("link", name="lang.csv").first.click()
    assert again.url == address
    expect(again.get_by_role("button", name="Zet erin")).to_be_visible(timeout=60_000)
    again.get_by_role("button", name="Zet erin").click()
    expect(again.get_by_role("link", name="Maak dit bestand ongedaan")).to_be_visible(timeout=60_000)
    again.get_by_role("link", name="Maak dit bestand ongedaan").click()
    again.get_by_role("button", name="Maak dit bestand ongedaan").click()
    expect(again.locator("main")).to_contain_text("Dit bestand is teruggedraaid", timeout=60_000)
