"""The API of vacancies: the same rules, operations and permissions as the pages."""

import pytest

from tests.factories import make_skill, make_user, make_vacancy
from vacancies.models import Vacancy

pytestmark = pytest.mark.django_db
PUBLIC, OWN = "/api/v1/vacancies/", "/api/v1/employer/vacancies/"


@pytest.fixture
def vacancy(firm, carpenter, sawing):
    return make_vacancy(firm, {sawing: 3}, title="Timmerman", text="Bouw mee.", occupation=carpenter)


@pytest.fixture
def payload(carpenter, sawing, licence, firm):
    def make(**changes) -> dict:
        return {
            "title": "Timmerman", "occupation": carpenter.pk, "text": "Je bouwt.", "postcode": "9711", "hours_min": 20,
            "hours_max": 30, "pay_min": 2500, "pay_max": 3000, "days": [1, 2, 32], "offers": ["support"],
            "skills": [{"skill": sawing.pk, "importance": 3, "level": 4, "hard": True}],
            "languages": [{"language": "nl", "level": 4}],
            "certificates": [{"certificate": licence.pk, "hard": True}],
        } | changes  # fmt: skip

    return make


def attributes(response) -> set[str]:
    return {error["attr"] for error in response.json()["errors"]}


def test_everybody_reads_what_is_open(api, vacancy, firm):
    hidden = make_vacancy(firm, status="draft")
    assert [row["id"] for row in api().get(PUBLIC).json()["results"]] == [vacancy.pk]
    detail = api().get(f"{PUBLIC}{vacancy.pk}/").json()
    assert detail["skills"][0]["label"] == "hout zagen"
    assert detail["days"] == [1, 2, 4, 8, 16]
    assert api().get(f"{PUBLIC}{hidden.pk}/").status_code == 404
    assert api().get(PUBLIC, {"postcode": "x"}).status_code == 400


def test_a_firm_makes_publishes_closes_and_copies(api, owner, payload, sawing, licence, sent):
    client = api(owner)
    made = client.post(OWN, payload(), format="json")
    assert made.status_code == 201, made.json()
    body = made.json()
    assert (body["status"], body["version"], body["days"], body["offers"]) == ("draft", 1, [1, 2, 32], ["support"])
    expected = {"skill": sawing.pk, "label": "hout zagen", "importance": 3, "level": 4, "hard": True}
    assert body["skills"] == [expected]
    assert body["languages"] == [{"language": "nl", "level": 4, "hard": False}]
    assert body["certificates"][0]["certificate"] == licence.pk
    url = f"{OWN}{body['id']}/"
    assert client.post(f"{url}publish/").json()["status"] == "open"
    assert sent == [("vacancy", body["id"])]
    assert client.post(f"{url}close/").json()["status"] == "closed"
    assert client.post(f"{url}copy/").status_code == 201
    assert client.get(OWN).json()["count"] == 2


def test_a_change_needs_the_version_that_was_read(api, teammate, vacancy):
    client, url = api(teammate), f"{OWN}{vacancy.pk}/"
    assert attributes(client.patch(url, {"title": "Nieuw"}, format="json")) == {"version"}
    assert client.patch(url, {"title": "Nieuw", "version": 1}, format="json").json()["title"] == "Nieuw"
    clash = client.patch(url, {"title": "Ouder", "version": 1}, format="json")
    assert (clash.status_code, clash.json()["errors"][0]["code"]) == (409, "conflict")
    vacancy.refresh_from_db()
    assert (vacancy.title, vacancy.requirements.count(), vacancy.version) == ("Nieuw", 1, 2)


def test_sent_rows_replace_the_rows_that_were_there(api, owner, vacancy, sawing):
    vacancy.requirements.update(is_hard=True)
    other = make_skill("verven")
    rows = [{"skill": other.pk, "level": 2}, {"skill": sawing.pk}]
    body = api(owner).patch(f"{OWN}{vacancy.pk}/", {"skills": rows, "version": 1}, format="json").json()
    assert {(row["skill"], row["level"], row["hard"]) for row in body["skills"]} == {
        (other.pk, 2, False), (sawing.pk, 3, False),
    }  # fmt: skip


def test_put_replaces_what_is_not_sent(api, owner, vacancy, payload):
    vacancy.remote = True
    vacancy.save()
    body = api(owner).put(f"{OWN}{vacancy.pk}/", payload(version=1, languages=[]), format="json").json()
    assert (body["remote"], body["languages"]) == (False, [])


def test_drafts_can_be_deleted_and_published_ones_cannot(api, owner, vacancy, firm):
    draft = make_vacancy(firm, status="draft", published_at=None)
    assert api(owner).delete(f"{OWN}{draft.pk}/").status_code == 204
    refused = api(owner).delete(f"{OWN}{vacancy.pk}/")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "refused")
    assert list(Vacancy.objects.all()) == [vacancy]


@pytest.mark.parametrize(
    ("change", "attribute"),
    [
        ({"pay_min": 4000}, "pay_max"),
        ({"pay_min": None}, "pay_min"),
        ({"hours_max": 200}, "hours_max"),
        ({"hours_min": 0}, "hours_min"),
        ({"postcode": "0001"}, "postcode"),
        ({"occupation": 10**12}, "occupation"),
        ({"occupation": 10**40}, "occupation"),
        ({"skills": []}, "skills"),
        ({"skills": [{"skill": 10**12}]}, "skills"),
        ({"skills": [{"skill": "x"}]}, "skills.0.skill"),
        ({"skills": [{"skill": 1}] * 10_000}, "skills.non_field_errors"),
        ({"skills": "x"}, "skills.non_field_errors"),
        ({"languages": [{"language": "nl"}, {"language": "nl"}]}, "languages"),
        ({"days": [3]}, "days.0"),
        ({"offers": ["gold"]}, "offers.0"),
        ({"closes_on": "2020-01-01"}, "closes_on"),
        ({"text": "<p></p>"}, "text"),
        ({"title": "x" * 121}, "title"),
    ],
)
def test_what_is_wrong_comes_back_by_attribute_and_nothing_is_saved(api, owner, payload, change, attribute):
    response = api(owner).post(OWN, payload(**change), format="json")
    assert response.status_code == 400
    assert response.json()["type"] == "validation_error"
    assert attribute in attributes(response)
    assert not Vacancy.objects.exists()


@pytest.mark.parametrize("body", [[], "x", None, 1])
def test_a_body_that_is_no_object_is_refused(api, owner, firm, body):
    assert api(owner).post(OWN, body, format="json").status_code == 400


def test_a_stranger_finds_nothing(api, stranger, vacancy, payload):
    client, url = api(stranger), f"{OWN}{vacancy.pk}/"
    assert client.get(OWN).json()["count"] == 0
    assert client.get(url).status_code == 404
    assert client.patch(url, {"title": "x", "version": 1}, format="json").status_code == 404
    assert client.put(url, payload(version=1), format="json").status_code == 404
    assert client.delete(url).status_code == 404
    for step in ("publish", "close", "copy"):
        assert client.post(f"{url}{step}/").status_code == 404
    vacancy.refresh_from_db()
    assert (vacancy.title, vacancy.status) == ("Timmerman", "open")


def test_without_an_account_or_a_firm_nobody_gets_in(api, vacancy):
    assert api().get(OWN).status_code in {401, 403}
    assert api(make_user()).get(OWN).status_code == 403


@pytest.mark.parametrize("own", [False, True])
def test_lists_ask_the_database_equally_often_for_two_and_for_twelve(
    api, owner, firm, own, django_assert_max_num_queries
):
    client, url = api(owner), OWN if own else PUBLIC
    for _ in range(2):
        make_vacancy(firm)
    with django_assert_max_num_queries(6) as few:
        client.get(url)
    for _ in range(10):
        make_vacancy(firm)
    with django_assert_max_num_queries(6) as many:
        client.get(url)
    assert len(many) == len(few)
