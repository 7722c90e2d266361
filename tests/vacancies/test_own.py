"""What a firm does with its own vacancies, and what others cannot."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from core.exceptions import Conflict, Refused
from tests.factories import make_cv, make_user, make_vacancy
from vacancies import operations
from vacancies.models import Vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def vacancy(firm, carpenter, sawing, measuring):
    return make_vacancy(
        firm, {sawing: 3, measuring: 2}, title="Timmerman", text="Bouw mee.", occupation=carpenter, independence=63
    )


def status_url(vacancy):
    return reverse("vacancies:status", args=[vacancy.pk])


def edit_url(vacancy):
    return reverse("vacancies:edit", args=[vacancy.pk])


@pytest.mark.parametrize("persona", ["owner", "teammate"])
def test_members_see_and_change_their_vacancies(client, request, persona, vacancy, filled):
    client.force_login(request.getfixturevalue(persona))
    assert "Timmerman" in client.get(reverse("vacancies:mine")).content.decode()
    assert client.get(edit_url(vacancy)).status_code == 200
    response = client.post(edit_url(vacancy), filled(title="Meestertimmerman", version=vacancy.version))
    assert response.url == reverse("vacancies:mine")
    vacancy.refresh_from_db()
    assert (vacancy.title, vacancy.version) == ("Meestertimmerman", 2)


def test_a_stranger_finds_nothing_of_another_firm(client, stranger, vacancy, filled):
    client.force_login(stranger)
    assert "Timmerman" not in client.get(reverse("vacancies:mine")).content.decode()
    assert client.get(edit_url(vacancy)).status_code == 404
    assert client.post(edit_url(vacancy), filled(title="Gekaapt", version=1)).status_code == 404
    for wish in ("publish", "close", "copy", "delete"):
        assert client.post(status_url(vacancy), {"wish": wish}).status_code == 404
    vacancy.refresh_from_db()
    assert (vacancy.title, vacancy.status, Vacancy.objects.count()) == ("Timmerman", "open", 1)


def test_without_an_account_or_a_firm_the_way_leads_there(client, vacancy):
    assert client.get(edit_url(vacancy)).url.startswith(reverse("account_login"))
    client.force_login(make_user())
    assert client.get(reverse("vacancies:mine")).url == reverse("accounts:register-employer")


def test_the_form_shows_what_is_stored_and_saving_it_unchanged_changes_nothing(client, owner, vacancy, licence):
    vacancy.language_requirements.create(language="de", level=4, is_hard=True)
    vacancy.language_requirements.create(language="gos", level=2)
    vacancy.certificate_requirements.create(certificate=licence, is_hard=False)
    before = snapshot(vacancy)
    client.force_login(owner)
    page = client.get(edit_url(vacancy))
    form, asked = page.context["form"], page.context["asked"]
    data = {name: form[name].value() for name in form.fields} | asked.as_data() | {"do": "next"}
    data = {key: value for key, value in data.items() if value not in (None, False)}
    assert client.post(edit_url(vacancy), data).status_code == 302
    vacancy.refresh_from_db()
    assert snapshot(vacancy) == before


def snapshot(vacancy: Vacancy) -> tuple:
    fields = [getattr(vacancy, name) for name in operations.FIELDS]
    return (
        fields,
        sorted(vacancy.requirements.values_list("skill", "importance", "min_level", "is_hard")),
        sorted(vacancy.language_requirements.values_list("language", "level", "is_hard")),
        sorted(vacancy.certificate_requirements.values_list("certificate", "is_hard")),
    )


def test_two_colleagues_at_once_lose_nothing(client, owner, vacancy, filled):
    client.force_login(owner)
    first, second = filled(title="Van de een", version=1), filled(title="Van de ander", version=1)
    assert client.post(edit_url(vacancy), first).status_code == 302
    page = client.post(edit_url(vacancy), second)
    assert page.status_code == 409
    assert page.context["form"]["title"].value() == "Van de ander"
    assert ("Titel", "Van de een") in page.context["conflict"]
    vacancy.refresh_from_db()
    assert vacancy.title == "Van de een"
    again = second | {"version": page.context["form"]["version"].value()}
    assert client.post(edit_url(vacancy), again).status_code == 302
    vacancy.refresh_from_db()
    assert vacancy.title == "Van de ander"


def test_a_row_that_comes_while_changing_keeps_the_page_of_the_vacancy(client, owner, vacancy, filled, measuring):
    client.force_login(owner)
    page = client.post(edit_url(vacancy), filled(version=1, do="add", add_skill_id=measuring.pk))
    assert page.context["vacancy"] == vacancy
    assert len(page.context["asked"].skills) == 2
    assert "vacancy_draft" not in client.session
    vacancy.refresh_from_db()
    assert vacancy.version == 1


def test_a_start_that_has_passed_may_stay_but_not_be_chosen(client, owner, vacancy, filled, today):
    vacancy.starts_on = today - timedelta(days=5)
    vacancy.save()
    client.force_login(owner)
    same = filled(version=1, starts_on=vacancy.starts_on.isoformat())
    assert client.post(edit_url(vacancy), same).status_code == 302
    other = filled(version=2, starts_on=(today - timedelta(days=4)).isoformat())
    assert client.post(edit_url(vacancy), other).status_code == 422


def test_close_open_again_and_copy(client, owner, vacancy):
    client.force_login(owner)
    client.post(status_url(vacancy), {"wish": "close"})
    vacancy.refresh_from_db()
    assert (vacancy.status, vacancy.closed_at is not None) == ("closed", True)
    client.post(status_url(vacancy), {"wish": "publish"})
    vacancy.refresh_from_db()
    assert (vacancy.status, vacancy.closed_at) == ("open", None)
    response = client.post(status_url(vacancy), {"wish": "copy"})
    copy = Vacancy.objects.exclude(pk=vacancy.pk).get()
    assert response.url == edit_url(copy)
    assert (copy.status, copy.title, copy.requirements.count()) == ("draft", "Timmerman", 2)
    assert client.post(status_url(vacancy), {"wish": "what"}).status_code == 404


def test_only_what_was_never_on_the_site_can_be_thrown_away(client, owner, vacancy, now):
    with pytest.raises(Refused):
        operations.delete_draft(vacancy=vacancy, actor=owner)
    draft = operations.copy_vacancy(vacancy=vacancy, actor=owner)
    client.force_login(owner)
    client.post(status_url(draft), {"wish": "delete"})
    assert list(Vacancy.objects.all()) == [vacancy]


def test_a_vacancy_that_cannot_be_published_says_why(client, owner, vacancy, today):
    vacancy.status, vacancy.closes_on = "closed", today - timedelta(days=1)
    vacancy.save()
    client.force_login(owner)
    page = client.post(status_url(vacancy), {"wish": "publish"}, follow=True)
    assert "sluitingsdatum is voorbij" in page.content.decode()
    vacancy.refresh_from_db()
    assert vacancy.status == "closed"


def test_publishing_and_closing_twice_change_and_tell_nothing_the_second_time(owner, vacancy, now, sent):
    operations.publish_vacancy(vacancy=vacancy, actor=owner, now=now)
    assert sent == []
    operations.close_vacancy(vacancy=vacancy, actor=owner, now=now)
    closed = operations.close_vacancy(vacancy=vacancy, actor=owner, now=now + timedelta(hours=1))
    assert closed.closed_at == now
    assert sent == [("vacancy", vacancy.pk)]


def test_opening_again_keeps_the_day_of_the_first_time(owner, vacancy, now):
    first = vacancy.published_at
    operations.close_vacancy(vacancy=vacancy, actor=owner, now=now)
    again = operations.publish_vacancy(vacancy=vacancy, actor=owner, now=now + timedelta(days=5))
    assert (again.published_at, again.closed_at) == (first, None)


def test_a_stale_version_saves_nothing(owner, vacancy):
    with pytest.raises(Conflict):
        operations.update_vacancy(vacancy=vacancy, version=0, values={"title": "Oud"}, actor=owner)
    assert not AuditEntry.objects.filter(verb="change vacancy").exists()


def test_the_list_counts_applications_and_days(client, owner, vacancy, now):
    vacancy.published_at = now - timedelta(days=12)
    vacancy.save()
    for _ in range(2):
        vacancy.applications.create(cv=make_cv(make_user()), applied_at=now)
    client.force_login(owner)
    row = client.get(reverse("vacancies:mine")).context["page_obj"][0]
    assert (row.n_applied, row.n_new, row.days_open) == (2, 2, 12)


def test_the_list_asks_the_database_equally_often_for_two_and_for_twelve(
    client, owner, firm, vacancy, django_assert_max_num_queries
):
    client.force_login(owner)
    make_vacancy(firm)
    client.get(reverse("vacancies:mine"))
    with django_assert_max_num_queries(8) as few:
        client.get(reverse("vacancies:mine"))
    for _ in range(10):
        make_vacancy(firm)
    with django_assert_max_num_queries(8) as many:
        client.get(reverse("vacancies:mine"))
    assert len(many) == len(few)
