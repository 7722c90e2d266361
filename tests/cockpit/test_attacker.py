"""An attacker who reads all that is published, subtracts whatever can be subtracted, and knows how the tables hang together.

The attacker uses nothing of the suppression itself: only the rows of the series table. What is true is counted in plain Python from
the people of a made-up region with many small groups.
"""

import itertools
import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db import transaction
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from accounts.models import User
from cockpit.computing import refresh
from cockpit.models import DataPoint
from core.choices import SBI_SECTION
from matching.models import Application
from profiles.models import CV, CVLanguage, CVSkill, Job
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 15, 10, tzinfo=UTC)
SMALLEST = 10
PLACES = [("9711", "Groningen", "Groningen", 40), ("9601", "Hoogezand", "Groningen", 8), ("9501", "Stadskanaal", "Groningen", 4),
          ("9401", "Assen", "Drenthe", 25), ("7811", "Emmen", "Drenthe", 15), ("7941", "Meppel", "Drenthe", 2)]  # fmt: skip
WORK = [("care", "5321", 30), ("welfare", "2635", 8), ("retail", "5223", 18), ("automotive", "7231", 3), ("metal", "7212", 12),
        ("process_industry", "8160", 5), ("ict", "2512", 9), ("media", "2166", 1), ("construction", "7115", 11)]  # fmt: skip
PEOPLE_KEYS = ("jobseekers", "in_work", "share_in_work", "findable", "education_high", "hours_wanted", "part_time", "dutch_b2",
               "initiative", "tightness", "new_jobseekers", "travel_minutes", "unused", "skills_per_person")  # fmt: skip
OTHER_KEYS = (
    "applications",
    "invited",
    "hired",
    "hires",
    "days_to_decision",
    "skills_offered",
    "chance_median",
    "silence",
)
FINER = {"municipality": "province", "sector": "sbi", "isco2": "isco1"}


@pytest.fixture(scope="module")
def people_drawn():
    """(place, sector, isco, education, in work, dutch, hours) of 240 people."""
    rng = random.Random(11)
    rows = []
    for _ in range(240):
        place = rng.choices(PLACES, [p[3] for p in PLACES])[0]
        work = rng.choices([*WORK, None], [*[w[2] for w in WORK], 6])[0]
        rows.append((place, work, rng.choice([1, 2, 3, 4, 6, 6, None]), rng.random() < 0.6, rng.choice([2, 4, 6, None]),
                     rng.choice([20, 24, 32, 36, 40])))  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def region(people_drawn, django_db_setup, django_db_blocker):
    """The people in the database with everything computed, in a transaction that is rolled back after this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield made_region(people_drawn)
        transaction.set_rollback(True)


def made_region(people_drawn):
    """People with jobs, skills and applications."""
    rng = random.Random(12)
    places = {
        code: make.make_place(code, name=name, municipality=name, province=province, latitude=53.0, longitude=6.5)
        for code, name, province, _n in PLACES
    }
    work = {sector: make.make_occupation(sector, sector=sector, isco=isco) for sector, isco, _n in WORK}
    skills = [make.make_skill() for _ in range(6)]
    users = User.objects.bulk_create([User(email=f"p{n}@example.org", password="!") for n in range(len(people_drawn))])
    cvs = CV.objects.bulk_create(
        [
            CV(
                owner=user,
                place=places[place[0]],
                education_level=level,
                hours_max=hours,
                travel_minutes=30,
                findable=n % 7 > 0,
            )
            for n, (user, (place, _w, level, _in, _d, hours)) in enumerate(zip(users, people_drawn, strict=True))
        ]
    )
    for number, cv in enumerate(cvs):
        cv.created_at = NOW - timedelta(days=3 * number + 16)
    CV.objects.bulk_update(cvs, ["created_at"])
    pairs = list(zip(cvs, people_drawn, strict=True))
    Job.objects.bulk_create(
        [Job(cv=cv, title="x", occupation=work[p[1][0]], is_current=p[3]) for cv, p in pairs if p[1]]
    )
    CVLanguage.objects.bulk_create([CVLanguage(cv=cv, language="nl", level=p[4]) for cv, p in pairs if p[4]])
    CVSkill.objects.bulk_create(
        [
            CVSkill(cv=cv, skill=skill, level=4, unused_at_work=rng.random() < 0.4)
            for cv in cvs
            for skill in rng.sample(skills, 3)
        ]
    )
    firm = make.make_organisation()
    vacancies = [
        make.make_vacancy(
            firm, occupation=work[sector], place=places[rng.choice(list(places))], published_at=NOW - timedelta(days=400)
        )
        for sector, _isco, _n in WORK
        for _ in range(2)
    ]  # fmt: skip
    made = []
    for cv, vacancy in itertools.product(cvs, vacancies):
        if rng.random() > 0.12:
            continue
        at = NOW - timedelta(days=rng.randint(20, 380))
        status = rng.choice(["rejected", "rejected", "invited", "hired", "sent"])
        invited = status in ("invited", "hired")
        made.append(
            Application(
                cv=cv, vacancy=vacancy, applied_at=at, decided_at=None if status == "sent" else at + timedelta(days=4),
                status=status, was_invited=invited, reason="skills" if status == "rejected" else "",
                snapshot={"chance": {"p": rng.randint(5, 95), "low": 1, "high": 99}},
            )
        )  # fmt: skip
    Application.objects.bulk_create(made)
    refresh(now=NOW, only=[*PEOPLE_KEYS, *OTHER_KEYS])
    return cvs


def published() -> dict[tuple, tuple]:
    """All that anybody can read: {(indicator, names, codes): (value, n)}; months are not among it."""
    rows = DataPoint.objects.filter(suppressed=False, period=None)
    return {
        (row.indicator, tuple(row.breakdown.split(",")) if row.breakdown else (), tuple(filter(None, (row.first, row.second)))): (
            row.value, row.n,
        )
        for row in rows
    }  # fmt: skip


def of_person(person, in_work_only: bool = False) -> dict[str, str]:
    (_code, name, province, _n), work, level, working, dutch, _hours = person
    isco = work[1] if work else "??"
    return {
        "municipality": name, "province": province, "sector": work[0] if work else "?",
        "sbi": SBI_SECTION[work[0]] if work else "?", "isco1": isco[:1], "isco2": isco[:2] if work else "?",
        "education": str(level) if level else "?", "situation": "work" if work and working else "looking",
        "dutch": "?" if not dutch else "b2" if dutch >= 4 else "below", "interest": "?",
    }  # fmt: skip


def true_counts(people, names: tuple[str, ...]) -> Counter:
    return Counter(tuple(of_person(person)[name] for name in names) for person in people)


def small(n: float) -> bool:
    return 0.5 < n < SMALLEST - 0.5


def known_people(everything) -> dict[tuple, int]:
    """How many people each cell holds, from whichever indicator of all people says so."""
    known = {}
    for (key, names, codes), (_value, n) in everything.items():
        if key in ("jobseekers", "share_in_work", "findable", "initiative", "tightness", "skills_per_person"):
            assert known.setdefault((names, codes), n) == n
    return known


def test_what_is_shown_is_true_and_never_about_few(region, people_drawn):
    known = known_people(published())
    assert len(known) > 60
    for (names, codes), n in known.items():
        assert n == true_counts(people_drawn, names)[codes], (names, codes)
        assert n >= SMALLEST


def test_no_difference_between_a_total_and_its_parts_is_about_few(region):
    known = known_people(published())
    tables = defaultdict(dict)
    for (names, codes), n in known.items():
        tables[names][codes] = n
    tried = 0
    for names, cells in tables.items():
        for place, name in enumerate(names):
            sums: dict[tuple, int] = defaultdict(int)
            for codes, n in cells.items():
                sums[codes[:place] + codes[place + 1 :]] += n
            totals = tables[names[:place] + names[place + 1 :]]
            for codes, shown in sums.items():
                if codes in totals:
                    tried += 1
                    assert not small(totals[codes] - shown), (names, name, codes)
    assert tried > 30


def test_no_difference_between_filters_is_about_few(region):
    """With a job against all, those who answered against all, both sides of every share."""
    everything, tried = published(), 0
    known = known_people(everything)
    for (key, names, codes), (value, n) in everything.items():
        if key not in PEOPLE_KEYS or key in ("new_jobseekers",):
            continue
        whole = known.get((names, codes))
        assert whole is None or not small(whole - n), (key, names, codes)
        if key in ("share_in_work", "findable", "education_high", "part_time", "dutch_b2", "initiative", "unused"):
            hits = round(value * n / 100)
            tried += 1
            assert not small(hits), (key, names, codes)
            assert not small(n - hits), (key, names, codes)
    assert tried > 60


def system_of(people, known):
    """Unknown cells and every equation that holds between them, for all tables of all people."""
    all_names = {names for names, _codes in known} | {names[:0] for names, _codes in known}
    all_names |= {(name,) for names, _codes in known for name in names}
    cells = {(names, codes): count for names in all_names for codes, count in true_counts(people, names).items()}
    up: dict[tuple, list] = defaultdict(list)
    for names, codes in cells:
        for place, name in enumerate(names):
            rest = names[:place] + names[place + 1 :], codes[:place] + codes[place + 1 :]
            up[(*rest, name)].append((names, codes))
            coarse = FINER.get(name)
            wide_names = names[:place] + ((coarse,) if coarse else ()) + names[place + 1 :]
            if coarse and wide_names in all_names:
                one = next(of_person(p)[coarse] for p in people if of_person(p)[name] == codes[place])
                up[(wide_names, (*codes[:place], one, *codes[place + 1 :]), name)].append((names, codes))
    unknown = [cell for cell in cells if cell not in known]
    place_of = {cell: number for number, cell in enumerate(unknown)}
    matrix, right = lil_matrix((len(up), len(unknown))), np.zeros(len(up))
    for row, ((names, codes, _name), parts) in enumerate(up.items()):
        for cell, sign in [((names, codes), -1), *((part, 1) for part in parts)]:
            if cell in place_of:
                matrix[row, place_of[cell]] += sign
            else:
                right[row] -= sign * known[cell]
    return cells, unknown, matrix.tocsr(), right


def test_linear_algebra_over_all_tables_finds_nobody(region, people_drawn):
    cells, unknown, matrix, right = system_of(people_drawn, known_people(published()))
    truth = np.array([cells[cell] for cell in unknown], dtype=float)
    assert np.allclose(matrix @ truth, right)  # the attacker's equations are true
    dense = matrix.toarray()
    _u, sizes, basis = np.linalg.svd(dense, full_matrices=True)
    null = basis[int((sizes > 1e-9).sum()) :]
    found = [cell for cell, free in zip(unknown, np.abs(null).max(axis=0), strict=True) if free < 1e-9]
    assert not [cell for cell in found if small(cells[cell])]
    # Knowing besides that nobody is counted negatively, and that what is hidden is not empty, still gives no exact number.
    rng = random.Random(13)
    few = [number for number, cell in enumerate(unknown) if small(cells[cell])]
    assert len(few) > 30
    for number in rng.sample(few, 12):
        aim = np.zeros(len(unknown))
        aim[number] = 1
        low, high = (
            linprog(sign * aim, A_eq=matrix, b_eq=right, bounds=(1, None), method="highs").fun * sign
            for sign in (1, -1)
        )
        assert high - low > 0.5, unknown[number]


def test_answers_and_applications_are_never_of_few_people(region, people_drawn):
    """People are counted, not applications: one person may have sent many."""
    sector_of = dict(Application.objects.values_list("vacancy_id", "vacancy__occupation__sector"))
    people: dict[tuple, set[int]] = defaultdict(set)
    months: dict[tuple, Counter] = defaultdict(Counter)
    for cv, vacancy, decided in Application.objects.filter(decided_at__isnull=False).values_list(
        "cv_id", "vacancy_id", "decided_at"
    ):
        if datetime(2025, 11, 1, tzinfo=UTC) <= decided < datetime(2026, 11, 1, tzinfo=UTC):
            people[sector_of[vacancy],].add(cv)
            months[sector_of[vacancy],][cv] += 1
    shown = {
        codes: n for (key, names, codes), (_v, n) in published().items() if key == "invited" and names == ("sector",)
    }
    assert len(shown) > 2
    for codes, n in shown.items():
        assert len(people[codes]) >= SMALLEST
        assert n == sum(months[codes].values())


def test_months_of_people_never_differ_by_few(region):
    rows = DataPoint.objects.filter(indicator="jobseekers", breakdown="", suppressed=False).order_by("period")
    stock = [row.value for row in rows.exclude(period=None)]
    stock.append(rows.get(period=None).value)
    assert len(stock) > 5
    assert all(not small(abs(one - other)) for one, other in itertools.pairwise(stock))


def test_what_is_suppressed_is_not_even_stored(region):
    hidden = DataPoint.objects.filter(suppressed=True)
    assert hidden.count() > 100
    assert not hidden.exclude(value=None, n=None).exists()
