"""Write a generated region into the database, in bulk and in one transaction."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from accounts.models import Membership, Organisation, User
from education.models import Programme, ProgrammeCertificate, ProgrammeSkill
from matching.models import Application, ApplicationEvent
from profiles.interests import TYPES, score
from profiles.models import (
    CV,
    CVCertificate,
    CVLanguage,
    CVSkill,
    Education,
    Initiative,
    Job,
    WishedOccupation,
)
from simulation.answers import Answers, draw_answers
from simulation.contacts import save_contacts
from simulation.firms import Firm, Post, draw_firms, draw_posts
from simulation.hiring import Outcome, simulate_applications
from simulation.leavers import Leaver, draw_leavers, save_leavers
from simulation.names import SCHOOLS
from simulation.people import Person, draw_person
from simulation.schools import Course, draw_courses
from simulation.world import World, read_world
from vacancies.models import CertificateRequirement, LanguageRequirement, Requirement, Vacancy
from vacancies.operations import proposed_text

DEMO_PASSWORD = "demo-demo-demo"  # noqa: S105 - shown on the demo page
BATCH = 2000
SHOWN_STATUSES = {"sent", "invited", "rejected"}  # what the demo jobseeker has of it, as far as possible
SHOWN_SECTORS = {"construction", "installation", "care"}
VALUE_FIELDS = ("achievement", "independence", "recognition", "relationships", "support", "conditions")
EVENTS_BEFORE = {
    "seen": ("sent",),
    "rejected": ("sent", "seen"),
    "invited": ("sent", "seen"),
    "hired": ("sent", "seen"),
}


@dataclass(frozen=True)
class Counts:
    """How large a region is; the defaults are the pilot's."""

    employers: int = 2000
    jobseekers: int = 1000
    programmes: int = 400
    open_vacancies: int = 1500
    past_vacancies: int = 2500
    functions: int = 150


@dataclass(frozen=True)
class Region:
    """A generated labour market: rows refer to each other by position."""

    world: World
    people: list[Person]
    firms: list[Firm]
    posts: list[Post]
    courses: list[Course]
    outcomes: list[Outcome]
    answers: Answers
    leavers: list[Leaver]
    seed: int
    today: date


def generate(seed: int, counts: Counts, today: date) -> Region:
    """The same seed, counts, day and taxonomy give the same region."""
    world = read_world()
    rng = np.random.default_rng(seed)
    people = [draw_person(world, rng, today.year) for _ in range(counts.jobseekers)]
    firms = draw_firms(world, rng, counts.employers)
    posts = draw_posts(world, rng, firms, today, counts.open_vacancies, counts.past_vacancies, counts.functions)
    courses = draw_courses(world, rng, counts.programmes, today)
    outcomes = simulate_applications(world, people, firms, posts, rng, today)
    answers = draw_answers(people, firms, outcomes, np.random.default_rng([seed, 1]), today)
    leavers = draw_leavers(world, people, courses, np.random.default_rng([seed, 2]), today.year)
    return Region(world, people, firms, posts, courses, outcomes, answers, leavers, seed, today)


@transaction.atomic
def save(region: Region) -> None:
    """Insert the region, with a demo log-in for every role."""
    password = make_password(DEMO_PASSWORD)
    organisations = _save_firms(region)
    schools = _save_schools(region)
    cvs = _save_people(region)
    vacancies = _save_posts(region, organisations)
    programmes = _save_courses(region, schools)
    save_leavers(region.leavers, cvs, region.courses, programmes, schools)
    _save_outcomes(region, cvs, vacancies)
    shown = _save_log_ins(region, password, organisations, schools, cvs)
    save_contacts(np.random.default_rng(region.seed), organisations, schools, shown, region.today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # PostgreSQL plans the first pages with the numbers of these rows


def _at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)


def _save_firms(region: Region) -> list[Organisation]:
    return Organisation.objects.bulk_create(
        [
            Organisation(
                kind="employer", name=firm.name, kvk=f"99{number:06d}", sector=firm.sector, size=firm.size,
                place_id=region.world.postcodes[firm.place], is_demo=True,
                staffing_problems=region.answers.staffing_problems[number],
            )
            for number, firm in enumerate(region.firms)
        ],
        batch_size=BATCH,
    )  # fmt: skip


def _save_schools(region: Region) -> list[Organisation]:
    places = {course.school: course.place for course in region.courses}
    return Organisation.objects.bulk_create(
        [
            Organisation(
                kind="school", name=name, sector="education", is_demo=True,
                place_id=region.world.postcodes[places.get(number, 0)],
            )
            for number, (name, _) in enumerate(SCHOOLS)
        ]
    )  # fmt: skip


def _save_people(region: Region) -> list[CV]:
    world = region.world
    owners = User.objects.bulk_create(
        [
            User(email=f"persoon{number:04d}@demo.invalid", name=person.name, password="!")  # noqa: S106 - no password fits
            for number, person in enumerate(region.people)
        ],
        batch_size=BATCH,
    )
    cvs = CV.objects.bulk_create(
        [
            CV(
                owner=owner, place_id=world.postcodes[person.place], education_level=person.education,
                hours_min=person.hours[0], hours_max=person.hours[1], days=person.days, travel_mode=person.travel_mode,
                travel_minutes=person.travel_minutes, ready_to_learn=person.ready_to_learn, is_demo=True,
                interest_answers=person.interest_answers, **_scores(TYPES, score(person.interest_answers)),
                unused_because=why, **_scores(VALUE_FIELDS, person.values),
            )
            for owner, person, why in zip(owners, region.people, region.answers.unused_because, strict=True)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    for cv, day in zip(cvs, region.answers.registered, strict=True):
        cv.created_at = _at(day)
    CV.objects.bulk_update(cvs, ["created_at"], batch_size=BATCH)
    pairs = list(zip(cvs, region.people, strict=True))
    Job.objects.bulk_create(
        [
            Job(
                cv=cv, title=world.occupation_labels[row].capitalize(), occupation_id=int(world.occupation_ids[row]),
                start_year=start, end_year=end, is_current=end is None,
            )
            for cv, person in pairs
            for row, start, end in person.jobs
        ],
        batch_size=BATCH,
    )  # fmt: skip
    CVSkill.objects.bulk_create(
        [
            CVSkill(
                cv=cv, skill_id=int(world.skill_ids[skill]), level=level, joy=joy, last_used_year=last,
                unused_at_work=unused,
            )
            for cv, person in pairs
            for skill, (level, joy, last, unused) in person.skills.items()
        ],
        batch_size=BATCH,
    )  # fmt: skip
    CVLanguage.objects.bulk_create(
        [CVLanguage(cv=cv, language=code, level=level) for cv, p in pairs for code, level in p.languages.items()],
        batch_size=BATCH,
    )
    CVCertificate.objects.bulk_create(
        [CVCertificate(cv=cv, certificate_id=world.papers[key]) for cv, p in pairs for key in p.papers],
        batch_size=BATCH,
    )
    Education.objects.bulk_create(
        [
            Education(cv=cv, title=world.occupation_labels[p.jobs[-1][0]].capitalize(), level=p.education)
            for cv, p in pairs
        ],
        batch_size=BATCH,
    )
    WishedOccupation.objects.bulk_create(
        [WishedOccupation(cv=cv, occupation_id=int(world.occupation_ids[row])) for cv, p in pairs for row in p.wishes],
        batch_size=BATCH,
    )
    Initiative.objects.bulk_create(
        [Initiative(cv=cv, kind=kind, text=text, year=year) for cv, p in pairs for kind, text, year in p.initiatives],
        batch_size=BATCH,
    )
    return cvs


def _scores(fields: tuple[str, ...], scores) -> dict[str, int | None]:
    return {field: None if score is None else round(score) for field, score in zip(fields, scores, strict=True)}


def _save_posts(region: Region, organisations: list[Organisation]) -> list[Vacancy]:
    world = region.world
    vacancies = Vacancy.objects.bulk_create(
        [
            Vacancy(
                organisation=organisations[post.firm], kind=post.kind, title=post.title,
                occupation_id=int(world.occupation_ids[post.occupation]), status="closed" if post.closed else "open",
                text=proposed_text(
                    title=world.occupation_labels[post.occupation],
                    firm=region.firms[post.firm].name,
                    skills=[world.skill_labels[skill] for skill in list(post.requirements)[:5]],
                ),
                hours_min=post.hours[0], hours_max=post.hours[1], days=post.days, pay_min=post.pay[0],
                pay_max=post.pay[1], education_level=post.education, education_is_hard=post.education_hard,
                remote=post.remote, openings=post.openings, place_id=world.postcodes[post.place],
                published_at=_at(post.published), closed_at=_at(post.closed) if post.closed else None,
                **_scores(VALUE_FIELDS, post.values),
            )
            for post in region.posts
        ],
        batch_size=BATCH,
    )  # fmt: skip
    pairs = list(zip(vacancies, region.posts, strict=True))
    Requirement.objects.bulk_create(
        [
            Requirement(
                vacancy=vacancy, skill_id=int(world.skill_ids[skill]), importance=importance, min_level=level,
                is_hard=hard,
            )
            for vacancy, post in pairs
            for skill, (importance, level, hard) in post.requirements.items()
        ],
        batch_size=BATCH,
    )  # fmt: skip
    LanguageRequirement.objects.bulk_create(
        [
            LanguageRequirement(vacancy=vacancy, language=code, level=level, is_hard=hard)
            for vacancy, post in pairs
            for code, (level, hard) in post.languages.items()
        ],
        batch_size=BATCH,
    )
    CertificateRequirement.objects.bulk_create(
        [
            CertificateRequirement(vacancy=vacancy, certificate_id=world.papers[key], is_hard=hard)
            for vacancy, post in pairs
            for key, hard in post.papers.items()
        ],
        batch_size=BATCH,
    )
    return vacancies


def _save_courses(region: Region, schools: list[Organisation]) -> list[Programme]:
    world = region.world
    programmes = Programme.objects.bulk_create(
        [
            Programme(
                school=schools[course.school], code=course.code, title=course.title, description=course.description,
                kind=course.kind, mode=course.mode, level=course.level, entry_level=course.entry_level,
                weeks=course.weeks, hours_per_week=course.hours_per_week, price=course.price,
                start_dates=course.start_dates, subsidies=course.subsidies,
                price_with_subsidy=course.price_with_subsidy, grants_level=course.grants_level, status="published",
                place_id=world.postcodes[course.place],
            )
            for course in region.courses
        ],
        batch_size=BATCH,
    )  # fmt: skip
    pairs = list(zip(programmes, region.courses, strict=True))
    ProgrammeSkill.objects.bulk_create(
        [
            ProgrammeSkill(programme=programme, skill_id=int(world.skill_ids[skill]), level=level, confirmed=True)
            for programme, course in pairs
            for skill, level in course.skills.items()
        ],
        batch_size=BATCH,
    )
    ProgrammeCertificate.objects.bulk_create(
        [
            ProgrammeCertificate(programme=programme, certificate_id=world.papers[key])
            for programme, course in pairs
            for key in course.papers
        ]
    )
    return programmes


def _save_outcomes(region: Region, cvs: list[CV], vacancies: list[Vacancy]) -> None:
    applications = Application.objects.bulk_create(
        [
            Application(
                cv=cvs[row.person], vacancy=vacancies[row.post], status=row.status, why=row.why, did=row.did,
                applied_at=_at(row.applied), decided_at=_at(row.decided) if row.decided else None, reason=row.reason,
                was_invited=row.was_invited,
            )
            for row in region.outcomes
        ],
        batch_size=BATCH,
    )  # fmt: skip
    events = []
    for application, row in zip(applications, region.outcomes, strict=True):
        for number, status in enumerate((*EVENTS_BEFORE.get(row.status, ()), row.status)):
            at = _at(row.decided) if row.decided and status == row.status else _at(row.applied + timedelta(days=number))
            events.append(ApplicationEvent(application=application, at=at, status=status))
        if row.was_invited and row.status != "invited":
            events.append(ApplicationEvent(application=application, at=_at(row.decided, 9), status="invited"))
    ApplicationEvent.objects.bulk_create(events, batch_size=BATCH)


def operator_password(known: str) -> str:
    """The operator's (hashed) password; none that works out on the internet, for everybody knows it."""
    return make_password(None) if settings.PRODUCTION else known


def _save_log_ins(
    region: Region, password: str, organisations: list[Organisation], schools: list[Organisation], cvs: list[CV]
) -> tuple[Organisation, Organisation]:
    """Five people who show the five roles: an ordinary CV, the firm and the school with the most to see. Gives those two."""
    users = User.objects.bulk_create(
        [
            User(email="werkgever@demo.nl", name="Wilma Werkgever", password=password),
            User(email="school@demo.nl", name="Sjoerd School", password=password),
            User(email="analist@demo.nl", name="Anna Analist", password=password, is_analyst=True),
            User(
                email="beheerder@demo.nl", name="Bert Beheerder", is_staff=True, is_superuser=True, is_analyst=True,
                password=operator_password(password),
            ),
        ]
    )  # fmt: skip
    jobseeker = cvs[_showcase(region)].owner
    jobseeker.email, jobseeker.password = "werkzoekende@demo.nl", password
    jobseeker.save(update_fields=["email", "password"])
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in (jobseeker, *users)]
    )
    waiting: dict[int, int] = {}
    for row in region.outcomes:
        if row.status in {"sent", "seen"} and region.posts[row.post].closed is None:
            firm = region.posts[row.post].firm
            waiting[firm] = waiting.get(firm, 0) + 1
    busiest = max(waiting, key=waiting.get, default=0)
    most = max(range(len(schools)), key=lambda row: sum(course.school == row for course in region.courses))
    Membership.objects.create(organisation=organisations[busiest], user=users[0])
    Membership.objects.create(organisation=schools[most], user=users[1])
    return organisations[busiest], schools[most]


def _showcase(region: Region) -> int:
    """Somebody with answers to everything, an open application, an invitation and a rejection to look at."""
    statuses: dict[int, set[str]] = {}
    for row in region.outcomes:
        statuses.setdefault(row.person, set()).add(row.status)

    def richness(number: int) -> tuple[int, ...]:
        person = region.people[number]
        answered = bool(person.interest_answers) + bool(person.wishes) + (person.values[0] is not None)
        familiar = region.world.sectors[person.jobs[-1][0]] in SHOWN_SECTORS if person.jobs else False
        return len(SHOWN_STATUSES & statuses.get(number, set())), answered, familiar, len(person.skills)

    return max(range(len(region.people)), key=richness)
