"""What eight visitors do at once: people of every role, each with the pages they use most."""

import itertools
import re

from locust import HttpUser, between, task

_turn = itertools.count()


class Person(HttpUser):
    """Logs in as one of the demo people and looks around as they would."""

    abstract = True
    wait_time = between(0.1, 0.5)
    email = ""

    def on_start(self) -> None:
        page = self.client.get("/auth/login/", name="log in")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
        self.client.post(
            "/auth/login/",
            {"login": self.email, "password": "demo-demo-demo", "csrfmiddlewaretoken": token},
            headers={"Referer": f"{self.host}/auth/login/"},
            name="log in",
        )


class Jobseeker(Person):
    weight = 4
    email = "werkzoekende@demo.nl"

    def on_start(self) -> None:
        super().on_start()
        self.vacancies = re.findall(r'href="/matches/(\d+)/"', self.client.get("/matches/", name="matches").text)

    @task(3)
    def matches(self) -> None:
        self.client.get("/matches/", name="matches")

    @task(3)
    def match(self) -> None:
        if self.vacancies:
            number = self.vacancies[next(_turn) % len(self.vacancies)]
            self.client.get(f"/matches/{number}/", name="one match")

    @task
    def cv(self) -> None:
        self.client.get("/cv/", name="smart CV")

    @task
    def applications(self) -> None:
        self.client.get("/applications/", name="applications")

    @task
    def vacancies_list(self) -> None:
        self.client.get("/vacancies/", name="vacancies")


class Employer(Person):
    weight = 2
    email = "werkgever@demo.nl"

    def on_start(self) -> None:
        super().on_start()
        page = self.client.get("/vacancies/mine/", name="own vacancies").text
        self.vacancies = re.findall(r'href="/vacancies/(\d+)/candidates/"', page)

    @task
    def mine(self) -> None:
        self.client.get("/vacancies/mine/", name="own vacancies")

    @task(2)
    def candidates(self) -> None:
        if self.vacancies:
            number = self.vacancies[next(_turn) % len(self.vacancies)]
            self.client.get(f"/vacancies/{number}/candidates/", name="candidates")


class School(Person):
    weight = 1
    email = "school@demo.nl"

    @task
    def mine(self) -> None:
        self.client.get("/education/mine/", name="own programmes")

    @task
    def all_programmes(self) -> None:
        self.client.get("/education/", name="programmes")


class Analyst(Person):
    weight = 1
    email = "analist@demo.nl"

    @task
    def cockpit(self) -> None:
        self.client.get("/cockpit/", name="CockpitWerk")
