"""The demo region on the shipped taxonomy: reproducible, like life, and decided by a process the matcher cannot see."""

import ast
import hashlib
import itertools
import json
from collections import Counter
from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from scipy.stats import spearmanr

from accounts.models import Organisation, User
from core.models import Place
from core.references import seal
from education.queries import published_programmes
from matching.models import Application, ChanceModel
from partners.models import Booking, Terms
from profiles.interests import TYPES, score
from profiles.models import CV
from simulation.facts import facts_of, shortfalls
from simulation.load import Counts, Region, generate
from vacancies.models import Vacancy

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("region")]  # one process loads it once

TODAY = date(2026, 3, 2)
SMALL = Counts(employers=60, jobseekers=120, programmes=70, open_vacancies=80, past_vacancies=160, functions=10)
OPTIONS = asdict(SMALL) | {"verbosity": 0}
DEMO_PEOPLE = ("werkzoekende", "werkgever", "school", "analist", "beheerder")
BACKEND = "django.contrib.auth.backends.ModelBackend"
SIGN = "Dit is een proefregio met verzonnen gegevens."


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """The shipped taxonomy and places, in a transaction that is rolled back after this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_taxonomy", verbosity=0, no_nearness=True)
        call_command("load_places", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def region(scene) -> Region:
    return generate(7, SMALL, TODAY)


@pytest.fixture(scope="module")
def demo(scene, django_db_blocker):
    """The region as `load_demo` puts it in the database, once."""
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), transaction.atomic(), quick:
        call_command("load_demo", **OPTIONS)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def empty(scene, db) -> None:
    """No region, also when another test loaded it before."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE accounts_organisation, accounts_user CASCADE")


def digest(region: Region) -> str:
    parts = [asdict(row) for row in itertools.chain(region.people, region.firms, region.posts, region.courses)]
    parts += [asdict(row) for row in region.outcomes]
    return hashlib.sha256(json.dumps(parts, default=_plain).encode()).hexdigest()


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value.tolist()


def test_the_same_seed_gives_the_same_region_and_another_seed_another_one(region):
    assert digest(generate(7, SMALL, TODAY)) == digest(region)
    assert digest(generate(8, SMALL, TODAY)) != digest(region)


def test_the_region_is_as_large_as_asked(region):
    assert len(region.people) == SMALL.jobseekers
    assert len(region.firms) == len({firm.name for firm in region.firms}) == SMALL.employers
    assert len(region.courses) == len({course.code for course in region.courses}) == SMALL.programmes
    functions = [post for post in region.posts if post.kind == "function"]
    opened = [post for post in region.posts if post.kind == "vacancy" and post.closed is None]
    closed = [post for post in region.posts if post.closed is not None]
    assert (len(opened), len(closed), len(functions)) == (80, 160, 10)


def test_who_finished_a_programme_holds_what_it_gives_and_began_no_later(region):
    assert len(region.leavers) == len({(one.person, one.course) for one in region.leavers}) > 20
    papers = 0
    for one in region.leavers:
        person, course = region.people[one.person], region.courses[one.course]
        assert set(course.papers) <= set(person.papers)
        held = sum(person.skills.get(skill, (0,))[0] >= level for skill, level in course.skills.items())
        assert 2 * held >= len(course.skills)
        assert one.year < TODAY.year
        papers += bool(course.papers)
    assert 0 < papers < len(region.leavers), "papers and diplomas"


def test_everything_lies_in_groningen_or_drenthe_and_under_the_name_of_its_postcode(region):
    used = {region.world.postcodes[row.place] for row in (*region.people, *region.firms, *region.posts)}
    used |= {region.world.postcodes[row.place] for row in region.courses}
    places = Place.objects.in_bulk(used, field_name="postcode")
    assert set(places) == used
    assert len({place.name for place in places.values()}) > 20
    elsewhere = {
        (p.postcode, p.name, p.province) for p in places.values() if p.province not in ("Groningen", "Drenthe")
    }
    assert not elsewhere


def test_vacancies_and_applications_lie_in_the_past_two_years(region):
    for post in region.posts:
        assert (TODAY - post.published).days <= 730
        assert post.published <= (post.closed or TODAY) <= TODAY
        assert post.pay[0] <= post.pay[1]
        assert post.hours[0] <= post.hours[1]
        assert post.requirements
    for row in region.outcomes:
        post = region.posts[row.post]
        assert post.published <= row.applied <= (post.closed or TODAY)
        assert row.decided is None or row.applied < row.decided < TODAY
        assert bool(row.reason) == (row.status == "rejected")


def test_two_skills_of_one_person_are_nearer_than_those_of_two_people(region):
    groups = region.world.skill_groups
    rng = np.random.default_rng(1)

    def share_in_one_group(pairs) -> float:
        return float(np.mean([groups[a] == groups[b] != 0 for a, b in pairs]))

    within, between = [], []
    for person in region.people:
        other = region.people[int(rng.integers(len(region.people)))]
        own, others = list(person.skills), list(other.skills)
        within += [tuple(rng.choice(own, 2, replace=False)) for _ in range(20)]
        if other is not person:
            between += [(rng.choice(own), rng.choice(others)) for _ in range(20)]
    assert share_in_one_group(within) > 1.5 * share_in_one_group(between)


def test_people_have_a_level_in_the_skills_of_their_work_and_more_after_more_years(region):
    years = [max((end or TODAY.year) - start for _, start, end in person.jobs) for person in region.people]
    levels = [np.mean([level for level, *_ in person.skills.values()]) for person in region.people]
    assert spearmanr(years, levels).statistic > 0.3
    for person in region.people:
        work = {s for row, *_ in person.jobs for s in (*region.world.essential[row], *region.world.optional[row])}
        assert len(work & set(person.skills)) >= len(person.skills) / 2


def test_answers_to_the_questionnaire_follow_the_interests(region):
    answered = [person for person in region.people if person.interest_answers]
    assert 0.7 < len(answered) / len(region.people) < 0.97
    for number, kind in enumerate(TYPES):
        real = [person.interests[number] for person in answered]
        heard = [score(person.interest_answers)[number] for person in answered]
        assert spearmanr(real, heard).statistic > 0.5, kind


def test_what_people_like_doing_follows_their_interests(region):
    tastes = {0: [], 2: []}
    for person in region.people:
        for skill, (_, joy, _, unused) in person.skills.items():
            if joy in tastes and not unused:
                profile = region.world.skill_interests[skill]
                tastes[joy].append(np.corrcoef(profile, person.interests)[0, 1])
    assert np.mean(tastes[2]) > np.mean(tastes[0]) + 0.3


def test_the_hiring_process_and_the_matcher_do_not_know_each_other():
    reached, todo = set(), {"simulation.hiring"}
    while todo:
        module = todo.pop()
        reached.add(module)
        names = imports_of(file_of(module))
        assert not {name for name in names if name.split(".")[0] == "matching"}, module
        todo |= {name for name in names if name.startswith("simulation.") and file_of(name).exists()} - reached
    assert {"simulation.hiring", "simulation.people", "simulation.world"} <= reached
    for path in (settings.BASE_DIR / "matching").rglob("*.py"):
        assert not {name for name in imports_of(path) if name.split(".")[0] == "simulation"}, path


def file_of(module: str) -> Path:
    return settings.BASE_DIR / f"{module.replace('.', '/')}.py"


def imports_of(path: Path) -> set[str]:
    """The modules and names that a file imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


@pytest.fixture(scope="module")
def decided(scene):
    """A labour market with enough outcomes to measure, and the applications that were weighed."""
    many = generate(11, Counts(40, 500, 1, 100, 400, 1), TODAY)
    return many, [row for row in many.outcomes if row.decided and row.reason != "filled"]


def test_ability_that_no_cv_shows_decides_in_part(decided):
    region, rows = decided
    ability = [region.people[row.person].true_ability for row in rows]
    found = spearmanr(ability, [row.was_invited for row in rows])
    assert found.statistic > 0.03
    assert found.pvalue < 0.05
    assert found.statistic < 0.6  # a matcher that cannot see it still has a chance to be right


def test_who_lacks_less_is_invited_more_often(decided):
    region, rows = decided
    facts = facts_of(region.world, region.people, region.firms, region.posts)
    gaps = shortfalls(facts, *np.array([(row.person, row.post) for row in rows]).T)
    lacking = np.sum(list(gaps.values()), axis=0)
    assert spearmanr(lacking, [row.was_invited for row in rows]).statistic < -0.2
    assert 0.1 < np.mean([row.was_invited for row in rows]) < 0.8
    assert len({row.reason for row in rows}) >= 5


def test_nobody_is_hired_beyond_the_openings(decided):
    region, rows = decided
    hired: dict[int, int] = {}
    for row in rows:
        if row.status == "hired":
            assert row.was_invited
            hired[row.post] = hired.get(row.post, 0) + 1
    assert hired
    assert all(number <= region.posts[post].openings for post, number in hired.items())


def test_loading_puts_everything_in_the_database_and_lets_the_chance_model_learn(demo):
    assert Organisation.objects.filter(kind="employer", is_demo=True).count() == SMALL.employers
    assert CV.objects.filter(is_demo=True).count() == SMALL.jobseekers
    assert published_programmes().count() == SMALL.programmes
    assert Vacancy.objects.filter(status="open", kind="vacancy").count() == SMALL.open_vacancies
    assert Vacancy.objects.filter(status="closed").count() == SMALL.past_vacancies
    assert Application.objects.filter(snapshot={}).count() == 0
    assert set(ChanceModel.objects.filter(is_live=True).values_list("target", flat=True)) == {"invited", "hired"}
    for name in DEMO_PEOPLE:
        assert User.objects.get(email=f"{name}@demo.nl").check_password("demo-demo-demo")
    assert not User.objects.exclude(email__endswith="@demo.nl").exclude(email__endswith="@demo.invalid").exists()


def test_loading_a_second_time_says_why_not_and_changes_nothing(demo):
    before = (Organisation.objects.count(), CV.objects.count(), Application.objects.count())
    with pytest.raises(CommandError, match="There are organisations already"):
        call_command("load_demo", **OPTIONS)
    call_command("load_demo", if_empty=True, **OPTIONS)
    assert (Organisation.objects.count(), CV.objects.count(), Application.objects.count()) == before


def test_if_empty_loads_into_an_empty_database(empty):
    call_command("load_demo", if_empty=True, **OPTIONS | {"jobseekers": 30, "past_vacancies": 40})
    assert CV.objects.count() == 30


def test_loading_without_places_says_what_to_do_first(empty):
    Place.objects.all().delete()
    with pytest.raises(CommandError, match="Load the taxonomy and the places first"):
        call_command("load_demo", **OPTIONS)


ONLY_IN_A_DEMO = ("/demo/", "/demo/mail/", "/design/")
PAGES = {
    "": [
        "/", "/about/", "/how/", "/privacy/", "/accessibility/", "/help/", "/demo/", "/demo/mail/", "/design/",
        "/auth/login/", "/auth/signup/", "/vacancies/", "/vacancies/new/", "/vacancies/{vacancy}/",
        "/education/courses/", "/education/{programme}/", "/education/schools/", "/cv/", "/no-such-page/",
    ],
    "werkzoekende": [
        "/account/", "/account/settings/", "/cv/overview/", "/cv/jobs/", "/cv/skills/", "/cv/interests/1/",
        "/cv/wishes/", "/cv/check/", "/matches/", "/matches/{vacancy}/", "/matches/{vacancy}/apply/",
        "/applications/", "/applications/{application}/",
    ],
    "werkgever": [
        "/vacancies/mine/", "/vacancies/{own}/edit/", "/vacancies/{own}/candidates/",
        "/vacancies/{own}/candidates/{candidate}/", "/account/team/",
    ],
    "school": ["/education/mine/", "/education/mine/new/", "/education/upload/", "/education/skills/"],
    "analist": ["/cockpit/"],
    "beheerder": ["/operator/model/"],
}  # fmt: skip


API = {
    "": ["vacancies/", "programmes/", "vacancies/{vacancy}/", "programmes/{programme}/"],
    "werkzoekende": ["cv/", "matches/", "matches/{vacancy}/", "matches/{vacancy}/suggestions/", "applications/",
                     "applications/{application}/", "me/data/"],
    "werkgever": ["employer/vacancies/", "employer/vacancies/{own}/", "vacancies/{own}/candidates/",
                  "vacancies/{own}/candidates/{candidate}/"],
    "school": ["school/programmes/"],
    "analist": ["cockpit/indicators/jobseekers/"],
    "beheerder": ["model/"],
}  # fmt: skip


@pytest.fixture
def addresses(demo) -> dict[str, object]:
    """What to fill in where an address names a row: rows that the demo people may see."""
    sent = Application.objects.filter(cv__owner__email="werkzoekende@demo.nl", applied_at__isnull=False)
    own = Vacancy.objects.filter(organisation__memberships__user__email="werkgever@demo.nl")
    received = Application.objects.filter(vacancy__in=own.open(), applied_at__isnull=False).earliest("pk")
    return {
        "vacancy": Vacancy.objects.open().exclude(pk__in=sent.values("vacancy")).earliest("pk").pk,
        "programme": published_programmes().earliest("pk").pk,
        "application": sent.earliest("pk").ref,
        "own": received.vacancy_id,
        "candidate": seal(received.vacancy_id, received.cv_id),
    }


def client_of(name: str) -> Client:
    client = Client()
    if name:
        client.force_login(User.objects.get(email=f"{name}@demo.nl"), BACKEND)
    return client


def test_every_page_says_that_it_shows_made_up_data(addresses, settings):
    for name, pages in PAGES.items():
        client = client_of(name)
        for page in pages:
            path = page.format(**addresses)
            for settings.DEMO in (True, False):
                if settings.DEMO or page not in ONLY_IN_A_DEMO:
                    response = client.get(path, follow=True)
                    assert response.status_code == (404 if page == "/no-such-page/" else 200), path
                    assert (SIGN in response.content.decode()) == settings.DEMO, path


def test_the_api_answers_over_many_rows_without_a_query_for_each(addresses):
    for name, pages in API.items():
        client = client_of(name)
        for page in pages:
            assert client.get(f"/api/v1/{page.format(**addresses)}").status_code == 200, page


def test_no_firm_of_the_region_is_asked_more_than_it_allows(demo):
    for terms in Terms.objects.all():
        months = Counter(
            day.replace(day=1) for day in Booking.objects.filter(firm=terms.firm).values_list("day", flat=True)
        )
        assert max(months.values(), default=0) <= terms.contacts_per_month
    firm = Organisation.objects.get(memberships__user__email="werkgever@demo.nl")
    school = Organisation.objects.get(memberships__user__email="school@demo.nl")
    assert Booking.objects.filter(firm=firm, school=school).count() >= 2, "the demo people have something to look at"
