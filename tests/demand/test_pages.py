"""What schools, firms and jobseekers do with demand."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Membership
from demand import operations
from demand.models import InformationRequest, Proposal, ProposalFirm
from demand.tasks import erase_answered, tell_firm, tell_school
from education.models import Programme
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db
NEW = reverse("demand:proposal-new")


@pytest.fixture
def counted(region):
    operations.refresh_demand(now=timezone.now())
    return region


@pytest.fixture
def proposal(client, counted, teacher) -> Proposal:
    client.force_login(teacher)
    answer = client.post(NEW, {"sector": "construction", "title": "Keuzedeel lassen", "text": "Voor jaar 2"})
    assert answer.status_code == 302
    return Proposal.objects.get()


@pytest.fixture
def jobseeker(db):
    return make_user("zoeker@example.org", name="Jan Zoeker")


def test_a_school_reads_the_demand(client, counted, teacher):
    client.force_login(teacher)
    assert "Brood bakken" in client.get(reverse("demand:overview")).content.decode()
    page = client.get(reverse("demand:programme", args=[Programme.objects.get().pk]))
    assert page.context["detail"].vacancies == 1
    assert "bakken" in page.content.decode()
    assert "lassen" in client.get(reverse("demand:gaps")).content.decode()


def test_before_the_first_night_the_pages_say_so(client, region, teacher):
    client.force_login(teacher)
    assert "vannacht" in client.get(reverse("demand:overview")).content.decode()
    assert "vannacht" in client.get(reverse("demand:gaps")).content.decode()


def test_a_proposal_names_what_is_short_and_who_asks(proposal, skills, firm):
    first = proposal.skills.order_by("position").first()
    assert (first.skill, first.vacancies) == (skills["lassen"], 3)
    assert proposal.skills.filter(skill=skills["bakken"]).count() == 0, "another sector"
    assert [(row.firm, row.vacancies) for row in proposal.firms.all()] == [(firm, 3)]
    assert sum(one.gain for one in proposal.skills.all()) <= proposal.demand


def test_a_skill_can_be_left_out(client, counted, teacher, skills):
    client.force_login(teacher)
    page = client.get(NEW, {"without": skills["lassen"].pk})
    assert skills["lassen"] not in [one.skill for one in page.context["draft"].skills]
    assert client.get(NEW, {"without": "x' OR 1=1"}).status_code == 200
    assert client.get(NEW, {"sector": "nonsense"}).status_code == 200


def test_nothing_to_propose_is_said(client, counted, teacher):
    client.force_login(teacher)
    page = client.post(NEW, {"sector": "care", "title": "Leeg"})
    assert page.status_code == 422
    assert not Proposal.objects.exists()
    assert client.post(NEW, {"sector": "construction", "title": ""}).status_code == 422


def test_firms_read_it_only_once_it_is_shared_and_answer(client, proposal, firm, owner, teacher, stranger):
    page, change = (reverse(f"demand:{name}", args=[proposal.ref]) for name in ("proposal", "proposal-change"))
    client.force_login(owner)
    assert client.get(page).status_code == 404
    assert client.post(change, {"wish": "share"}).status_code in (302, 404)
    proposal.refresh_from_db()
    assert proposal.shared_at is None
    client.force_login(teacher)
    client.post(change, {"wish": "share"})
    client.force_login(owner)
    assert "Keuzedeel lassen" in client.get(reverse("demand:firm")).content.decode()
    assert client.post(page, {"answer": "nonsense"}).status_code == 422
    assert client.post(page, {"answer": "help", "comment": "Graag op vrijdag"}).status_code == 302
    client.force_login(teacher)
    assert "Graag op vrijdag" in client.get(page).content.decode()
    client.force_login(stranger)
    for address in (page, reverse("demand:proposal-pdf", args=[proposal.ref])):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code in (404, 405)


def test_a_firm_does_not_read_what_other_firms_said(client, proposal, firm, owner, teacher):
    other = make_organisation(member=make_user("ander@example.org"))
    row = ProposalFirm.objects.create(proposal=proposal, firm=other, vacancies=1, answer="no", comment="Veel te duur")
    client.force_login(teacher)
    client.post(reverse("demand:proposal-change", args=[proposal.ref]), {"wish": "share"})
    client.force_login(owner)
    shown = client.get(reverse("demand:proposal", args=[proposal.ref])).content.decode()
    assert "Veel te duur" not in shown
    assert row.firm.name not in shown


def test_the_pdf_is_tagged_and_says_the_same(client, proposal, teacher, tmp_path):
    client.force_login(teacher)
    answer = client.get(reverse("demand:proposal-pdf", args=[proposal.ref]))
    file = tmp_path / "proposal.pdf"
    file.write_bytes(answer.content)
    reader = PdfReader(file)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "Keuzedeel lassen" in text
    assert "lassen" in text


def test_letters_about_a_proposal(proposal, owner, firm):
    row = proposal.firms.get()
    assert tell_firm(row.pk) == 0, "not shared yet"
    operations.share_proposal(proposal=proposal, actor=owner, now=timezone.now())
    assert tell_firm(row.pk) == 1
    assert mail.outbox[0].to == [owner.email]
    assert operations.share_proposal(proposal=proposal, actor=owner, now=timezone.now()) == 0


def test_a_person_asks_and_the_school_answers(client, counted, jobseeker, teacher, stranger):
    programme = Programme.objects.get()
    ask = reverse("demand:ask", args=[programme.pk])
    client.force_login(jobseeker)
    assert client.get(ask).context["form"].initial["name"] == "Jan Zoeker"
    sent = {"name": "Jan Zoeker", "email": "zoeker@example.org", "message": "Kan het in de avond?"}
    assert client.post(ask, sent | {"email": "geen adres"}).status_code == 422
    assert client.post(ask, sent).status_code == 302
    assert client.post(ask, sent).status_code == 422, "one open question about a programme at a time"
    request = InformationRequest.objects.get()
    assert tell_school(request.pk) == 1
    assert "avond" not in mail.outbox[0].body, "what was asked stays on the site"
    inbox = reverse("demand:requests")
    other_school = make_user()
    Membership.objects.create(organisation=make_organisation("school", sector="education"), user=other_school)
    client.force_login(other_school)
    assert "avond" not in client.get(inbox).content.decode()
    assert client.post(inbox, {"request": str(request.ref)}).status_code == 404
    client.force_login(teacher)
    assert "avond" in client.get(inbox).content.decode()
    assert client.post(inbox, {"request": "geen"}).status_code == 404
    client.post(inbox, {"request": str(request.ref)})
    request.refresh_from_db()
    assert request.answered_at is not None
    InformationRequest.objects.update(answered_at=timezone.now() - timezone.timedelta(days=29))
    assert erase_answered() == 1


def test_a_question_can_be_taken_back(client, counted, jobseeker):
    programme = Programme.objects.get()
    operations.ask_information(
        person=jobseeker, programme=programme, name="Jan", email="zoeker@example.org", phone="", message="Hoe laat?"
    )
    client.force_login(jobseeker)
    client.post(reverse("demand:ask", args=[programme.pk]), {"wish": "take back"})
    assert not InformationRequest.objects.exists()


def test_a_programme_that_is_not_published_takes_no_questions(client, counted, jobseeker):
    Programme.objects.update(status="withdrawn")
    client.force_login(jobseeker)
    assert client.get(reverse("demand:ask", args=[Programme.objects.get().pk])).status_code == 404


@pytest.mark.parametrize("name", ["overview", "gaps", "proposals", "proposal-new", "requests"])
def test_only_schools_read_demand(client, name, jobseeker):
    address = reverse(f"demand:{name}")
    assert client.get(address).status_code == 302
    client.force_login(jobseeker)
    assert client.get(address).url == reverse("accounts:register-school")
