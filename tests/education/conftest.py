"""A school with two members, a stranger with a school of their own, and files to upload."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from accounts.models import Membership
from education.proposing import Proposal
from education.uploads.checking import check_upload, receive_upload
from tests.factories import make_organisation, make_place, make_skill, make_user

HEADER = "code;titel;omschrijving;soort;niveau;weken;uren_per_week;prijs;wanneer;postcode;startdatum"
ROW = "L1;Lassen;Je leert staal lassen.;cursus;mbo 2;12;8;1.250,00;avond;9711;01-02-2027"


def sheet(*rows: str, header: str = HEADER) -> bytes:
    """A CSV as a Dutch spreadsheet program saves it."""
    return "\r\n".join([header, *rows]).encode()


def workbook(*rows: list) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def owner(db):
    return make_user("owner@example.org")


@pytest.fixture
def school(owner):
    make_place("9401", name="Assen")
    return make_organisation("school", owner, name="Noorderlicht College", sector="education")


@pytest.fixture
def teammate(school):
    user = make_user("teammate@example.org")
    Membership.objects.create(organisation=school, user=user)
    return user


@pytest.fixture
def stranger(db):
    user = make_user("stranger@example.org")
    make_organisation("school", user, name="Another School", sector="education")
    return user


@pytest.fixture
def welding(db):
    return make_skill("staal lassen")


@pytest.fixture
def checked(school, owner):
    """Receives and checks a file, as the page does for short ones."""

    def check(content: bytes, filename: str = "opleidingen.csv"):
        upload = receive_upload(school=school, actor=owner, filename=filename, content=content)
        return check_upload(upload=upload, actor=owner)

    return check


@pytest.fixture
def finds(monkeypatch):
    """Makes the reader of texts propose exactly these skills (its own quality: `test_proposing`)."""

    def find(*skills):
        def propose(programme):
            text = f"{programme.title}. {programme.description}".lower()
            return [Proposal(skill.pk, 3, 1.0, "Je leert staal lassen.") for skill in skills if skill.label_nl in text]

        monkeypatch.setattr("education.operations.propose", propose)
        monkeypatch.setattr("education.choosing.find_certificates", lambda text: [])

    return find


@pytest.fixture(autouse=True)
def _finds_nothing(finds, monkeypatch):
    finds()
    monkeypatch.setattr("education.choosing.search_skills", lambda text, limit=10: [])


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """Tasks that would go to the queue, as (name, arguments)."""
    tasks: list[tuple] = []
    monkeypatch.setattr(
        "core.events.current_app.send_task", lambda name, args, **kwargs: tasks.append((name, list(args)))
    )
    return tasks


def file(content: bytes, name: str = "opleidingen.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
