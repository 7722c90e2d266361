"""`python -m tests.bench.live`: from a changed smart CV to every list, through the API, PostgreSQL, Valkey and a Celery worker.

A demo region, served on loopback. `--vacancies` copies its open vacancies until there are so many, with a floor that few people
reach, as lists have where many people stand in line; the lists themselves begin empty.
"""

import argparse
import tempfile
import time
from pathlib import Path
from queue import Queue
from threading import Thread

import numpy as np
import psycopg
import requests

from tests.site import Site, run_site

WARM_UP = 5  # changes that load the market and compile
TABLES = {"requirement": "skill_id, importance, min_level, is_hard", "languagerequirement": "language, level, is_hard",
          "certificaterequirement": "certificate_id, is_hard"}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--vacancies", type=int, default=0, help="so many open vacancies instead of those of the region"
    )
    parser.add_argument("--changes", type=int, default=60)
    parser.add_argument("--vacancy-changes", type=int, default=20)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as home,
        run_site(Path(home), "bench_live") as site,
        psycopg.connect(site.environment["DATABASE_URL"], autocommit=True) as database,
    ):
        if options.vacancies:
            copy_vacancies(database, options.vacancies)
        site.manage("shell", "-v", "0", "-c", RANK.format(copied=bool(options.vacancies)))
        database.execute("ANALYZE")
        n = database.execute("SELECT count(*) FROM matching_standing").fetchone()[0]
        listed = database.execute("SELECT count(*) FROM matching_listed").fetchone()[0]
        print(f"{n:,} open vacancies with {listed:,} places in their lists", flush=True)
        for also, n in (("", options.changes), (", a vacancy changed just before each", options.vacancy_changes)):
            answer, saved, answered = change(site, database, n, vacancies_too=bool(also)).T
            print(
                f"{n} changes{also}; ms, median (95 %; least): answer of the API {_ms(answer)}; from the commit of the change to "
                f"that of every list and recommendation {_ms(saved)} (aim 50), from the answer {_ms(answered)}"
            )


RANK = """
from django.utils import timezone
from matching import operations
from matching.models import Standing
from vacancies.models import Vacancy
if {copied}:
    ids = Vacancy.objects.open().values_list("id", flat=True)
    Standing.objects.bulk_create((Standing(vacancy_id=pk, floor=7500) for pk in ids), batch_size=5000)
else:
    operations.rank_all_lists(now=timezone.now())
"""


TELL = """
CREATE OR REPLACE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify(TG_ARGV[0], ''); RETURN NULL; END $$;
CREATE OR REPLACE TRIGGER tell AFTER UPDATE ON profiles_cv FOR EACH STATEMENT EXECUTE FUNCTION tell('saved');
CREATE OR REPLACE TRIGGER tell AFTER INSERT ON matching_recommendation FOR EACH STATEMENT EXECUTE FUNCTION tell('listed')"""

ANOTHER_VACANCY = """
UPDATE vacancies_vacancy SET hours_max = hours_max + 1, version = version + 1, updated_at = clock_timestamp()
WHERE id = (SELECT id FROM vacancies_vacancy WHERE status = 'open' ORDER BY random() LIMIT 1)"""


def copy_vacancies(database: psycopg.Connection, n: int) -> None:
    """Copies of the open vacancies with other levels and hours, until there are n."""
    columns = [
        row[0]
        for row in database.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'vacancies_vacancy' AND column_name <> 'id'"
        )
    ]
    rows = database.execute("SELECT count(*) FROM vacancies_vacancy WHERE status = 'open'").fetchone()[0]
    first = database.execute("SELECT max(id) + 1 FROM vacancies_vacancy").fetchone()[0]
    names = ", ".join(columns)
    values = ", ".join("gen_random_uuid()" if name == "ref" else f"v.{name}" for name in columns)
    database.execute(
        """CREATE TEMP TABLE copies AS SELECT id AS was, %s + row_number() OVER () AS is
            FROM vacancies_vacancy, generate_series(1, %s) WHERE status = 'open'""",
        [first, n // rows - 1],
    )
    database.execute(
        f"INSERT INTO vacancies_vacancy (id, {names}) SELECT copies.is, {values} FROM copies JOIN vacancies_vacancy v ON v.id = was"
    )
    for table, fields in TABLES.items():
        picked = fields.replace("min_level", "1 + floor(random() * 5)")
        database.execute(
            f"INSERT INTO vacancies_{table} (vacancy_id, {fields}) SELECT copies.is, {picked} FROM copies "
            f"JOIN vacancies_{table} ON vacancy_id = was"
        )


def change(site: Site, database: psycopg.Connection, n: int, vacancies_too: bool = False) -> np.ndarray:
    """(n, 3) ms of n changes by one person: from the question to the answer of the API, from the commit of the change to that of
    the lists, and from the answer to that.

    vacancies_too: an open vacancy changes before each, so the worker has to learn of it before it can answer.
    """
    database.execute(TELL)
    person, took = Person(site.url), []
    with Listener(site.environment["DATABASE_URL"]) as heard:
        for number in range(n + WARM_UP):
            if vacancies_too:
                database.execute(ANOTHER_VACANCY)
            start = time.perf_counter()
            person.set_level(1 + number % 5)
            answered = time.perf_counter()
            saved, listed = heard.next("saved"), heard.next("listed")
            took.append((answered - start, listed - saved, listed - answered))
            time.sleep(0.05)
    return 1000 * np.array(took[WARM_UP:])


class Listener:
    """When commits were heard of, by name; a thread of its own, so that nobody has to ask."""

    def __init__(self, address: str) -> None:
        self._database = psycopg.connect(address, autocommit=True)
        self._heard: dict[str, Queue[float]] = {"saved": Queue(), "listed": Queue()}
        self._thread = Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "Listener":
        for name in self._heard:
            self._database.execute(f"LISTEN {name}")
        self._thread.start()
        return self

    def __exit__(self, *_error) -> None:
        self._done = True
        self._thread.join()
        self._database.close()

    def next(self, name: str) -> float:
        """When it was heard for the next time. Raises Empty when that takes five minutes."""
        return self._heard[name].get(timeout=300)

    _done = False

    def _listen(self) -> None:
        while not self._done:
            for notify in self._database.notifies(timeout=0.2):
                self._heard[notify.channel].put(time.perf_counter())


class Person:
    """A jobseeker at the API."""

    def __init__(self, url: str) -> None:
        self.url, self.session = url, requests.Session()
        page = self.session.get(f"{url}/auth/login/", timeout=60)
        token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        data = {"login": "werkzoekende@demo.nl", "password": "demo-demo-demo", "csrfmiddlewaretoken": token}
        self.session.post(f"{url}/auth/login/", data=data, headers={"Referer": url}, timeout=60)
        self.cv = self.session.get(f"{url}/api/v1/cv/", timeout=60).json()

    def set_level(self, level: int) -> None:
        """Change the level of the first skill."""
        skills = [dict(row) for row in self.cv["skills"]]
        skills[0]["level"] = level if skills[0]["level"] != level else 1 + level % 5
        headers = {"Referer": self.url, "X-CSRFToken": self.session.cookies["csrftoken"]}
        sent = {"version": self.cv["version"], "skills": skills}
        answer = self.session.patch(f"{self.url}/api/v1/cv/", json=sent, headers=headers, timeout=60)
        answer.raise_for_status()
        self.cv = answer.json()


def _ms(took: np.ndarray) -> str:
    return f"{np.median(took):.0f} ({np.quantile(took, 0.95):.0f}; {took.min():.0f})"


if __name__ == "__main__":
    main()
