"""`make tour`: take the README's pictures anew, from a fresh demo region."""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS, chromium_path
from tests.site import ROOT, run_site

FOLDER = ROOT / "docs" / "tour"
SCALE = 2  # drawn at twice the size, kept at two thirds of that
STOPS = [  # name, log-in, width, height, address, what to bring to the top
    ("home", "", 1100, 820, "/", ""),
    ("matches", "werkzoekende@demo.nl", 1100, 900, "/matches/", "h1"),
    ("application", "werkzoekende@demo.nl", 420, 1250, "{application}", "h1"),
    ("candidates", "werkgever@demo.nl", 1100, 900, "{candidates}", "h1"),
    ("programmes", "school@demo.nl", 1100, 760, "/education/mine/", "h1"),
    ("cockpit", "analist@demo.nl", 1100, 900, "/cockpit/", "h1"),
    ("model", "beheerder@demo.nl", 1100, 820, "/operator/model/", "h1"),
]
PLACES = """
from matching.models import Application
seeker = Application.objects.filter(cv__owner__email='werkzoekende@demo.nl', status__in=['sent', 'seen']).first()
own = Application.objects.filter(
    vacancy__organisation__memberships__user__email='werkgever@demo.nl', vacancy__status='open', applied_at__isnull=False
).first()
print(f'/applications/{seeker.ref}/', f'/vacancies/{own.vacancy_id}/candidates/')
"""


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, run_site(Path(home), "tour") as site, sync_playwright() as playwright:
        application, candidates = site.manage("shell", "-v", "0", "-c", PLACES).split()
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        for name, email, width, height, address, top in STOPS:
            context = browser.new_context(
                base_url=site.url,
                viewport={"width": width, "height": height},
                device_scale_factor=SCALE,
                locale="nl-NL",
                reduced_motion="reduce",
            )
            page = context.new_page()
            if email:
                page.goto("/auth/login/")
                page.fill("input[name=login]", email)
                page.fill("input[name=password]", "demo-demo-demo")
                page.click("main button[type=submit]")
                page.wait_for_load_state()
            page.goto(address.format(application=application, candidates=candidates))
            if top:
                page.locator(top).first.evaluate("element => window.scrollTo(0, element.offsetTop - 24)")
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture = picture.resize((picture.width * 2 // 3, picture.height * 2 // 3), Image.Resampling.LANCZOS)
            picture.quantize(160, Image.Quantize.MAXCOVERAGE, kmeans=4).save(FOLDER / f"{name}.png", optimize=True)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
