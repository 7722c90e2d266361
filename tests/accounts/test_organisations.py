"""Firms and schools: registering one, and working in it together."""

import re
import threading

import pytest
from django.core import mail, signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import operations
from accounts.forms import OrganisationForm
from accounts.models import AuditEntry, Membership, Organisation
from accounts.operations import remove_member
from core.exceptions import Refused
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db
EMPLOYER, SCHOOL = reverse("accounts:register-employer"), reverse("accounts:register-school")
TEAM = reverse("accounts:team")
FIRM = {"name": "De Werf", "kvk": "87654321", "sector": "construction", "size": 2, "postcode": "9712 AB"}


def test_a_firm_is_registered_in_one_page(client, newcomer):
    client.force_login(newcomer)
    assert client.post(EMPLOYER, FIRM).url == reverse("vacancies:mine")
    firm = newcomer.memberships.get().organisation
    assert (firm.kind, firm.kvk, firm.place_id, firm.size) == ("employer", "87654321", "9712", 2)
    assert client.get(EMPLOYER).url == reverse("vacancies:mine")


@pytest.mark.parametrize("kvk", ["8765 4321", "8765.4321", " 87654321 ", "8765-43-21"])
def test_a_number_may_be_written_with_spaces(client, newcomer, kvk):
    client.force_login(newcomer)
    client.post(EMPLOYER, FIRM | {"kvk": kvk})
    assert Organisation.objects.get().kvk == "87654321"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kvk": "1234567"}, "kvk"),
        ({"kvk": "123456789"}, "kvk"),
        ({"kvk": "١٢٣٤٥٦٧٨"}, "kvk"),
        ({"kvk": "NL123456"}, "kvk"),
        ({"kvk": ""}, "kvk"),
        ({"name": "<b></b>"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"sector": "space"}, "sector"),
        ({"size": 9}, "size"),
        ({"postcode": "0000"}, "postcode"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_saved(client, newcomer, change, field):
    client.force_login(newcomer)
    page = client.post(EMPLOYER, FIRM | change)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {field}
    assert not Organisation.objects.exists()


def test_a_number_that_is_already_here_leads_to_the_colleague(client, newcomer, firm):
    client.force_login(newcomer)
    page = client.post(EMPLOYER, FIRM | {"kvk": firm.kvk})
    assert "Vraag je collega" in str(page.context["form"].errors["kvk"])
    assert not newcomer.memberships.exists()


def test_a_number_that_is_taken_at_the_same_moment_is_refused_without_half_a_firm(newcomer, firm):
    with pytest.raises(Refused, match="is er al"):
        operations.register_organisation(user=newcomer, kind="employer", name="Tweede", kvk=firm.kvk)
    assert Organisation.objects.count() == 1


def test_sending_the_page_twice_makes_one_firm(client, newcomer):
    client.force_login(newcomer)
    client.post(EMPLOYER, FIRM)
    client.post(EMPLOYER, FIRM | {"kvk": "11112222"})
    assert Organisation.objects.count() == 1
    with pytest.raises(Refused):
        operations.register_organisation(user=newcomer, kind="employer", name="Nog een")


def test_a_firm_and_a_school_with_one_number_may_both_be_here(client, newcomer):
    client.force_login(newcomer)
    client.post(EMPLOYER, FIRM)
    client.post(SCHOOL, {"name": "Werfschool", "brin": "25lv", "postcode": "9712"})
    assert Organisation.objects.get(kind="school").brin == "25LV"


@pytest.mark.parametrize("brin", ["25L", "LV25", "hallo"])
def test_a_brin_number_is_checked_for_form(client, newcomer, brin):
    client.force_login(newcomer)
    page = client.post(SCHOOL, {"name": "School", "brin": brin, "postcode": "9712"})
    assert set(page.context["form"].errors) == {"brin"}


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_registering_never_leads_to_another_site(client, newcomer, next_):
    client.force_login(newcomer)
    assert client.post(EMPLOYER, FIRM | {"next": next_}).url == reverse("vacancies:mine")


def test_registering_needs_an_account(client, db):
    for url in (EMPLOYER, SCHOOL, TEAM):
        assert client.get(url).url.startswith(reverse("account_login"))


# Together.


def invited(client, django_capture_on_commit_callbacks, email: str) -> str:
    """The link in the mail to a colleague."""
    with django_capture_on_commit_callbacks(execute=True):
        client.post(TEAM, {"do": "invite", "email": email})
    return re.search(r"http://testserver(\S+)", mail.outbox[-1].body)[1]


def test_a_colleague_joins_by_the_link_in_the_mail(client, owner, firm, newcomer, django_capture_on_commit_callbacks):
    client.force_login(owner)
    link = invited(client, django_capture_on_commit_callbacks, "Newcomer@example.org")
    assert mail.outbox[-1].to == ["Newcomer@example.org"]
    assert "newcomer" not in link.lower()
    client.force_login(newcomer)
    assert firm.name in client.get(link).content.decode()
    assert not newcomer.memberships.exists()
    client.post(link)
    client.post(link)
    assert newcomer.memberships.get().organisation == firm
    assert client.get(reverse("vacancies:mine")).status_code == 200


def test_an_invitation_works_only_for_whom_it_was_sent_to(client, firm, newcomer):
    code = operations.invitation_for(firm, "somebody-else@example.org")
    client.force_login(newcomer)
    page = client.post(reverse("accounts:join", args=[code]), follow=True)
    assert "ander e-mailadres" in page.content.decode()
    assert not newcomer.memberships.exists()


def test_who_has_a_firm_does_not_join_another(firm, stranger):
    invitation = operations.read_invitation(operations.invitation_for(firm, stranger.email))
    with pytest.raises(Refused, match="Verlaat"):
        operations.join_organisation(invitation=invitation, user=stranger)


def test_forged_and_old_links_say_that_they_no_longer_work(client, firm, newcomer, monkeypatch):
    client.force_login(newcomer)
    forged = signing.dumps({"organisation": str(firm.ref), "to": "x"}, salt="other")
    for code in (forged, "abc", operations.invitation_for(firm, newcomer.email)[:-2]):
        assert client.get(reverse("accounts:join", args=[code])).status_code == 410
    code = operations.invitation_for(firm, newcomer.email)
    monkeypatch.setattr("accounts.operations.INVITATION_AGE", -1)
    assert client.get(reverse("accounts:join", args=[code])).status_code == 410


def test_no_invitation_to_what_is_no_address(client, owner, firm):
    client.force_login(owner)
    page = client.post(TEAM, {"do": "invite", "email": "geen adres"})
    assert page.status_code == 422
    assert not AuditEntry.objects.filter(verb="invite colleague").exists()


def test_a_firm_says_what_the_trouble_is_with_finding_people_and_a_school_is_not_asked(client, owner, firm):
    client.force_login(owner)
    sent = {"do": "save", "name": firm.name, "postcode": "9711", "staffing_problems": ["few", "time"]}
    assert client.post(TEAM, sent).status_code == 302
    firm.refresh_from_db()
    assert firm.staffing_problems == ["few", "time"]
    assert client.post(TEAM, sent | {"staffing_problems": ["ghosts"]}).status_code == 422
    assert "staffing_problems" not in OrganisationForm(instance=make_organisation("school")).fields


def test_members_end_access_but_the_last_one_stays(client, owner, firm, teammate):
    client.force_login(owner)
    client.post(TEAM, {"do": "remove", "member": teammate.pk})
    assert not teammate.memberships.exists()
    page = client.post(TEAM, {"do": "remove", "member": owner.pk}, follow=True)
    assert "de enige" in page.content.decode()
    assert owner.memberships.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_colleagues_who_remove_each_other_at_once_one_stays(owner, firm, teammate):
    start = threading.Barrier(2)
    refused = []

    def remove(member, actor) -> None:
        try:
            start.wait(5)
            remove_member(organisation=firm, member=member, actor=actor)
        except Refused:
            refused.append(member)
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=pair) for pair in ((owner, teammate), (teammate, owner))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (firm.memberships.count(), len(refused)) == (1, 1)


def test_the_firm_is_locked_before_its_members_are_counted(firm, owner, teammate):
    with CaptureQueriesContext(connection) as asked:
        remove_member(organisation=firm, member=teammate, actor=owner)
    [lock] = [n for n, query in enumerate(asked) if "FOR UPDATE" in query["sql"]]
    [count] = [n for n, query in enumerate(asked) if "COUNT(*)" in query["sql"]]
    assert "accounts_organisation" in asked[lock]["sql"]
    assert lock < count


def test_a_stranger_has_no_say_in_another_firm(client, firm, teammate, stranger):
    client.force_login(stranger)
    assert firm.name not in client.get(TEAM).content.decode()
    assert client.post(TEAM, {"do": "remove", "member": teammate.pk}).status_code == 404
    assert teammate.memberships.exists()


def test_without_a_firm_there_is_no_team(client, newcomer):
    client.force_login(newcomer)
    assert client.get(TEAM).status_code == 404


def test_members_change_what_others_read_and_not_the_number(client, teammate, firm):
    client.force_login(teammate)
    data = {"do": "save", "name": "De Eems BV", "about": "Wij <b>bouwen</b>.", "postcode": "9711", "kvk": "00000000"}
    assert client.post(TEAM, data).status_code == 302
    before = firm.kvk
    firm.refresh_from_db()
    assert (firm.name, firm.about, firm.kvk) == ("De Eems BV", "Wij bouwen.", before)
    page = client.post(TEAM, data | {"website": "javascript:alert(1)"})
    assert page.status_code == 422


# Over the API.


def test_the_api_registers_by_the_same_rules(api, newcomer, firm):
    client = api(newcomer)
    taken = client.post("/api/v1/me/employer/", FIRM | {"kvk": firm.kvk}, format="json")
    assert (taken.status_code, taken.json()["errors"][0]["attr"]) == (400, "kvk")
    made = client.post("/api/v1/me/employer/", FIRM, format="json")
    assert (made.status_code, made.json()["kvk"], made.json()["postcode"]) == (201, "87654321", "9712")
    again = client.post("/api/v1/me/employer/", FIRM | {"kvk": "11112222"}, format="json")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "refused")
    assert client.post("/api/v1/me/school/", {"name": "S", "postcode": "9712"}, format="json").status_code == 201
    assert Membership.objects.filter(user=newcomer).count() == 2


def test_a_school_and_a_firm_have_their_own_way_home(client, db):
    user = make_user()
    make_organisation("school", user)
    client.force_login(user)
    assert client.get(reverse("accounts:home")).url == reverse("education:mine")
