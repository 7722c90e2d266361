"""Every address with an id in it: somebody else's row does not exist for a stranger, whichever way they ask."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts.models import Membership, User
from demand.models import Proposal
from education.models import Completion, LearnerCode, Programme, ProgrammeUpload
from matching.models import Application, ApplicationEvent, Bookmark
from matching.operations import apply
from partners.models import Activity, Booking
from profiles.models import CV, Job
from tests.factories import make_cv, make_organisation, make_programme, make_skill, make_user, make_vacancy
from vacancies.models import Vacancy

pytestmark = pytest.mark.django_db

# Addresses whose argument names no row of a person or an organisation, and why.
OPEN_TO_ALL = {
    "taxonomy:skills-of-occupation": "occupations are public",
    "profiles:interests-page": "the number of a page of the questionnaire; the answers are the visitor's own",
    "matching:choice": "the number of a pair of jobs; the answers are the visitor's own",
    "education:template": "a kind of file",
    "education:export": "a kind of file; the programmes in it are those of the visitor's own school",
    **{
        f"cockpit-{name}": "the key of an indicator of the catalogue; for analysts only, see the tests of cockpit"
        for name in ("indicator", "series", "export", "outside-table")
    },
    "accounts:join": "a signed invitation; see the tests of accounts",
    "partners:book": "firms that want to be asked are there for every school; see the tests of partners",
    "partners:feed": "the secret key is the way in, for calendar programs; see the tests of partners",
    "cockpit:embed": "a signed code of one view, rounded for the public; see the tests of cockpit",
    "cockpit:explore": "an indicator; all of CockpitWerk is for analysts, see the tests of cockpit",
    "cockpit:download": "an indicator, see above",
    "cockpit:make-embed": "an indicator, see above",
    "account_confirm_email": "a signed code from a letter (allauth)",
    "account_reset_password_from_key": "a signed code from a letter (allauth)",
}
DENIED = (401, 403, 404)
ASKS_WHO_YOU_ARE = ("/auth/login/", "/account/employer/", "/account/school/", "/cv/")
KEPT = (
    Membership,
    CV,
    Job,
    Vacancy,
    Programme,
    ProgrammeUpload,
    Completion,
    Application,
    ApplicationEvent,
    Bookmark,
    Activity,
    Booking,
)


# Words that would do something if the row were the sender's; the address picks those that it knows.
SENT = {
    "version": 1, "wish": "close", "answer": "withdraw", "decision": "shortlist", "do": "save", "action": "save",
    "skills": [], "certificates": [], "title": "Van een ander", "code": "X1", "why": "Daarom", "did": "Dit",
}  # fmt: skip


@dataclass
class World:
    """A jobseeker, a firm and a school with rows that are theirs alone, and rows that everybody may see."""

    person: User
    employer: User
    teacher: User
    job: Job
    draft: Vacancy
    vacancy: Vacancy
    application: Application
    candidate: str
    programme: Programme
    public_programme: Programme
    upload: ProgrammeUpload
    completion: Completion
    activity: Activity
    booking: Booking
    proposal: Proposal


@dataclass(frozen=True)
class Row:
    """What an address is about: `hidden` gives the arguments that are no business of a stranger, `who` may see `shown`."""

    who: str
    hidden: Callable[[World], list]
    shown: Callable[[World], list] | None = field(default=None)


def job(world: World) -> list:
    return [world.job.pk]


def draft(world: World) -> list:
    return [world.draft.pk]


def vacancy(world: World) -> list:
    return [world.vacancy.pk]


def candidate(world: World) -> list:
    return [world.vacancy.pk, world.candidate]


def application(world: World) -> list:
    return [world.application.ref]


def programme(world: World) -> list:
    return [world.programme.pk]


def public_programme(world: World) -> list:
    return [world.public_programme.pk]


def completion(world: World) -> list:
    return [world.completion.ref]


def upload(world: World) -> list:
    return [world.upload.ref]


def activity(world: World) -> list:
    return [world.activity.pk]


def booking(world: World) -> list:
    return [world.booking.ref]


def proposal(world: World) -> list:
    return [world.proposal.ref]


ROWS = {
    **{f"profiles:{name}": Row("person", job) for name in ("job", "job-title", "job-remove")},
    "vacancies:detail": Row("person", draft, vacancy),  # public once it is published, as all with two kinds of rows
    **{f"vacancies:{name}": Row("employer", draft) for name in ("edit", "status")},
    "education:detail": Row("person", programme, public_programme),
    **{f"education:{name}": Row("teacher", programme) for name in ("edit", "programme-skills", "publish", "withdraw", "finished")
    },
    "education:take-back": Row("teacher", completion),
    "matching:learned-answer": Row("person", completion),
    "api-learned-answer": Row("person", completion),
    **{
        f"education:{name}": Row("teacher", upload)
        for name in (
            "upload-detail", "upload-columns", "upload-check", "upload-import", "upload-undo", "upload-errors",
        )
    },
    **{f"matching:{name}": Row("person", draft, vacancy) for name in ("match", "apply", "bookmark")},
    **{f"matching:{name}": Row("person", application) for name in ("application", "answer")},
    "matching:candidates": Row("employer", vacancy),
    "matching:candidate": Row("employer", candidate),
    "demand:programme": Row("teacher", programme, public_programme),
    "demand:ask": Row("person", programme, public_programme),
    **{f"demand:{name}": Row("teacher", proposal) for name in ("proposal", "proposal-pdf", "proposal-change")},
    "partners:activity": Row("employer", activity),
    **{f"partners:{name}": Row("teacher", booking) for name in ("booking", "event", "example")},
    "api-booking-cancel": Row("teacher", booking),
    "api-demand-programme": Row("teacher", programme, public_programme),
    "api-demand-proposal": Row("teacher", proposal),
    "api-vacancy": Row("person", draft, vacancy),
    **{
        f"api-employer-vacancy{name}": Row("employer", draft) for name in ("", "-publish", "-close", "-copy")
    },
    "api-programme": Row("person", programme, public_programme),
    **{
        f"api-school-programme{name}": Row("teacher", programme)
        for name in ("", "-publish", "-withdraw", "-skills", "-completions")
    },
    **{
        f"api-school-upload{name}": Row("teacher", upload)
        for name in ("", "-columns", "-rows", "-import", "-undo")
    },
    **{name: Row("person", draft, vacancy) for name in ("api-match", "api-suggestions")},
    **{name: Row("person", application) for name in ("api-application", "api-application-answer")},
    **{name: Row("employer", vacancy) for name in ("api-candidates", "api-candidates-almost")},
    "matching:finish": Row("person", programme, public_programme),
    **{name: Row("employer", candidate) for name in ("api-candidate", "api-decision")},
}  # fmt: skip


def addresses_with_arguments(patterns, namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if pattern.pattern.regex.groups:
                yield f"{namespace}{pattern.name or pattern.pattern}"
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses_with_arguments(pattern.url_patterns, inner)


def test_every_address_with_an_id_is_tried_below_or_open_to_all():
    found = {name for name in addresses_with_arguments(get_resolver().url_patterns) if not name.startswith("admin:")}
    assert found == set(ROWS) | set(OPEN_TO_ALL), "Say in ROWS whose row the new address is about."


@pytest.fixture
def world() -> World:
    person, employer, teacher = make_user("zoeker@example.org"), make_user(), make_user()
    sawing = make_skill("hout zagen")
    cv = make_cv(person, {sawing: 4}, findable=False)
    firm, school = make_organisation(member=employer), make_organisation("school", teacher, sector="education")
    open_vacancy = make_vacancy(firm, {sawing: 3})
    sent = apply(cv=cv, vacancy=open_vacancy, why="", did="", actor=person, now=timezone.now())
    listed = client_of(employer).get(reverse("api-candidates", args=[open_vacancy.pk])).json()["results"]
    upload = ProgrammeUpload.objects.create(
        school=school, uploaded_by=teacher, filename="x.csv", digest="x", status="checked", n_rows=1
    )
    lesson = Activity.objects.create(firm=firm, kind="guest_lesson")
    lesson_booked = Booking.objects.create(firm=firm, school=school, kind="guest_lesson", day=timezone.localdate())
    taught = make_programme(school, {sawing: 3})
    LearnerCode.objects.create(user=person, code="ABCDEFGHJK")
    finished = Completion.objects.create(programme=taught, code="ABCDEFGHJK", finished_on=timezone.localdate())
    return World(
        person, employer, teacher, Job.objects.create(cv=cv, title="Timmerman"),
        make_vacancy(firm, status="draft", published_at=None), open_vacancy, sent, listed[0]["ref"],
        make_programme(school, {sawing: 3}, status="draft"), taught, upload, finished, lesson, lesson_booked,
        Proposal.objects.create(
            school=school, title="Keuzedeel", computed_at=timezone.now(), n_vacancies=1, demand=100
        ),
    )  # fmt: skip


@pytest.fixture
def stranger() -> User:
    """May do everything with rows of their own: has a smart CV, a firm and a school."""
    user = make_user("vreemde@example.org")
    make_cv(user)
    make_organisation(member=user)
    make_organisation("school", user, sector="education")
    return user


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def ask(client: Client, address: str) -> dict[str, object]:
    """The answer to every method."""
    if not address.startswith("/api/"):
        return {"get": client.get(address), "post": client.post(address, SENT)}
    answers = {"get": client.get(address)}
    for method in ("post", "put", "patch", "delete"):
        answers[method] = getattr(client, method)(address, SENT, content_type="application/json")
    return answers


def rows_of_the_world() -> list:
    return [list(model.objects.order_by("pk").values()) for model in KEPT]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_stranger_and_a_visitor_find_nothing_and_change_nothing(name, world, stranger):
    row = ROWS[name]
    address = reverse(name, args=row.hidden(world))
    before = rows_of_the_world()
    possible = 0
    for user in (stranger, None):
        for method, answer in ask(client_of(user), address).items():
            said = f"{method} {address} by {user}: {answer.status_code} {answer.headers.get('Location', '')}"
            if answer.status_code == 302:
                assert answer.headers["Location"].partition("?")[0] in ASKS_WHO_YOU_ARE, said
                assert user is None, said
            else:
                assert answer.status_code in (*DENIED, 405), said
            possible += answer.status_code != 405
    assert possible, "no method of this address does anything"
    assert rows_of_the_world() == before


@pytest.mark.parametrize("name", sorted(ROWS))
def test_whose_row_it_is_does_find_it(name, world):
    row = ROWS[name]
    client = client_of(getattr(world, row.who))
    address = reverse(name, args=(row.shown or row.hidden)(world))
    answers = ask(client, address)
    assert answers["get"].status_code not in DENIED, answers["get"].status_code
    if answers["get"].status_code == 405:
        assert any(answer.status_code not in (*DENIED, 405) for answer in answers.values())


@pytest.mark.parametrize("name", ["matching:candidate", "api-candidate", "api-decision"])
def test_a_candidate_of_another_firm_is_not_found_under_a_vacancy_of_ones_own(name, world, stranger):
    own = make_vacancy(stranger.memberships.get(organisation__kind="employer").organisation)
    before = rows_of_the_world()
    for method, answer in ask(client_of(stranger), reverse(name, args=[own.pk, world.candidate])).items():
        assert answer.status_code in (404, 405), method
    assert rows_of_the_world() == before


def test_the_admin_is_closed_to_who_is_no_operator(stranger):
    names = {name for name in addresses_with_arguments(get_resolver().url_patterns) if name.startswith("admin:")}
    tried = 0
    for name in names:
        if not name.endswith(("_change", "_delete", "_history")):
            continue
        for user in (stranger, None):
            for answer in ask(client_of(user), reverse(name, args=[1])).values():
                assert answer.status_code == 302, name
                assert answer.headers["Location"].startswith("/admin/login/"), name
                tried += 1
    assert tried > 40
