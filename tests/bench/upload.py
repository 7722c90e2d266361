"""`python -m tests.bench.upload`: 20,000 programmes through the site and its Celery worker, with the seconds of each step."""

import re
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urljoin

import requests

from tests.site import run_site

ROWS = 20_000
REGION = ["--employers", "20", "--jobseekers", "20", "--programmes", "20", "--open-vacancies", "20",
          "--past-vacancies", "20", "--functions", "5"]  # fmt: skip
HEADER = "code;titel;omschrijving;soort;niveau;weken;uren_per_week;prijs;wanneer;postcode;startdatum"


def rows(price: int) -> str:
    return HEADER + "\n" + "\n".join(
        f"R{n};Cursus {n};Je leert lassen en een tekening lezen, deel {n}.;cursus;mbo 2;12;8;{price},00;avond;9711;01-02-2027"
        for n in range(ROWS)
    )  # fmt: skip


class School:
    """A browser without a screen, logged in as the demo school."""

    def __init__(self, url: str) -> None:
        self.url, self.session = url, requests.Session()
        self.post("/auth/login/", login="school@demo.nl", password="demo-demo-demo")

    def get(self, path: str):
        return self.session.get(urljoin(self.url, path), timeout=60)

    def post(self, path: str, form: str = "", files=None, **data):
        page = self.get(form or path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
        headers = {"Referer": self.url}
        data |= {"csrfmiddlewaretoken": token}
        return self.session.post(urljoin(self.url, path), data=data, files=files, headers=headers, timeout=120)

    def wait(self, path: str, words: str) -> float:
        started = time.monotonic()
        while words not in self.get(path).text:
            if time.monotonic() - started > 600:
                raise TimeoutError(words)
            time.sleep(0.5)
        return time.monotonic() - started


def main() -> int:
    with tempfile.TemporaryDirectory() as home, run_site(Path(home), "bench_upload", REGION) as site:
        school = School(site.url)
        for name, price in (("new", 100), ("changed", 200), ("unchanged", 200)):
            started = time.monotonic()
            sent = school.post("/education/upload/", files={"file": ("groot.csv", rows(price), "text/csv")})
            path = re.search(r"/education/upload/[0-9a-f-]{36}/", sent.url)[0]
            answered = time.monotonic() - started
            checked = school.wait(path, "verandert niets" if name == "unchanged" else "Zet erin")
            line = f"{name:<10} page {answered:5.1f} s  check {checked:5.1f} s"
            if name != "unchanged":
                school.post(f"{path}import/", form=path)
                line += f"  import {school.wait(path, 'Maak dit bestand ongedaan'):5.1f} s"
            print(line, f" in all {time.monotonic() - started:5.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
