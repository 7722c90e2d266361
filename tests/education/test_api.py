"""Programmes over the API: the same rules and permissions as the pages."""

import pytest
from rest_framework.test import APIClient

from education.models import Programme, ProgrammeUpload
from tests.education.conftest import ROW, file, sheet
from tests.factories import make_programme, make_skill

pytestmark = pytest.mark.django_db
OWN = "/api/v1/school/programmes/"
SENT = {"code": "A1", "title": "Lassen", "kind": "cursus", "weeks": 4, "hours_per_week": 8, "price": 12.5}


@pytest.fixture
def api():
    return APIClient()


def test_everybody_reads_published_programmes_only(api, school, welding):
    programme = make_programme(school, {welding: 4})
    draft = make_programme(school, status="draft")
    assert [row["id"] for row in api.get("/api/v1/programmes/").json()["results"]] == [programme.pk]
    assert api.get(f"/api/v1/programmes/{draft.pk}/").status_code == 404
    skills = api.get(f"/api/v1/programmes/{programme.pk}/").json()["skills"]
    assert [(row["skill"], row["level"]) for row in skills] == [(welding.pk, 4)]


def test_a_school_makes_changes_confirms_publishes_and_withdraws(api, owner, school, welding):
    api.force_authenticate(owner)
    made = api.post(OWN, SENT, format="json")
    assert made.status_code == 201
    assert (made.json()["price"], made.json()["status"]) == ("12.50", "draft")
    one = f"{OWN}{made.json()['id']}/"
    changed = api.patch(one, {"price": 1000, "version": made.json()["version"]}, format="json").json()
    assert (changed["price"], changed["title"]) == ("1000.00", "Lassen")
    refused = api.post(f"{one}publish/")
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["code"] == "refused"
    taught = api.put(f"{one}skills/", {"skills": [{"skill": welding.pk, "level": 4}]}, format="json")
    assert taught.json()["skills"][0]["confirmed"] is True
    assert api.post(f"{one}publish/").json()["status"] == "published"
    assert api.delete(one).json()["status"] == "withdrawn"


def test_a_change_to_an_old_version_is_a_conflict(api, owner, school):
    programme = make_programme(school, title="Oud")
    api.force_authenticate(owner)
    answer = api.patch(f"{OWN}{programme.pk}/", {"title": "Nieuw", "version": 99}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "conflict")
    assert Programme.objects.get().title == "Oud"


@pytest.mark.parametrize(
    "field, value", [("price", -1), ("kind", "rijles"), ("start_dates", "31-02-2027"), ("title", ""), ("weeks", [1])]
)
def test_bad_values_are_problems_at_their_field(api, owner, school, field, value):
    api.force_authenticate(owner)
    answer = api.post(OWN, SENT | {field: value}, format="json")
    assert answer.status_code == 400
    assert [error["attr"] for error in answer.json()["errors"]] == [field]
    assert not Programme.objects.exists()


@pytest.mark.parametrize("body", [[1, 2], "x", None])
def test_a_body_that_is_no_object_is_a_problem(api, owner, school, body):
    api.force_authenticate(owner)
    assert api.post(OWN, body, format="json").status_code == 400


@pytest.mark.parametrize(
    "method, path", [("get", ""), ("put", ""), ("patch", ""), ("delete", ""), ("post", "publish/"),
                     ("post", "withdraw/"), ("put", "skills/")]
)  # fmt: skip
def test_a_strangers_programme_does_not_exist(api, stranger, school, method, path):
    programme = make_programme(school, {make_skill(): 3}, title="Van ons")
    api.force_authenticate(stranger)
    answer = getattr(api, method)(f"{OWN}{programme.pk}/{path}", SENT | {"skills": []}, format="json")
    assert answer.status_code == 404
    programme.refresh_from_db()
    assert (programme.title, programme.status, programme.version) == ("Van ons", "published", 1)


@pytest.mark.parametrize("path", [OWN, "/api/v1/school/uploads/"])
def test_without_a_school_nothing_is_shown(api, path, owner):
    assert api.post(path).status_code in (401, 403)
    api.force_authenticate(owner)
    assert api.post(path).status_code == 403


def test_a_file_is_checked_then_put_in_once(api, owner, teammate, school):
    api.force_authenticate(owner)
    sent = api.post("/api/v1/school/uploads/", {"file": file(sheet(ROW))}, format="multipart")
    assert (sent.status_code, sent.json()["n_new"]) == (201, 1)
    assert not Programme.objects.exists()
    url = f"/api/v1/school/uploads/{sent.json()['ref']}/"
    api.force_authenticate(teammate)
    assert api.get(url).json()["status"] == "checked"
    assert api.post(f"{url}import/").json()["status"] == "imported"
    assert api.post(f"{url}import/").status_code == 409
    assert Programme.objects.count() == 1


def test_errors_of_a_file_come_with_row_and_column(api, owner, school):
    api.force_authenticate(owner)
    sent = api.post(
        "/api/v1/school/uploads/", {"file": file(sheet(ROW.replace("1.250,00", "-1")))}, format="multipart"
    ).json()
    assert (sent["status"], sent["errors"][0]["row"], sent["errors"][0]["column"]) == ("refused", 2, "prijs")


def test_long_files_are_checked_after_the_answer(api, owner, school, sent, monkeypatch):
    monkeypatch.setattr("education.uploads.checking.LONG_FILE", 0)
    api.force_authenticate(owner)
    answer = api.post("/api/v1/school/uploads/", {"file": file(sheet(ROW))}, format="multipart")
    assert (answer.status_code, answer.json()["status"]) == (201, "waiting")
    assert [name for name, _arguments in sent] == ["education.check_upload"]


def test_strangers_see_no_upload(api, owner, stranger, school):
    api.force_authenticate(owner)
    ref = api.post("/api/v1/school/uploads/", {"file": file(sheet(ROW))}, format="multipart").json()["ref"]
    api.force_authenticate(stranger)
    assert api.get(f"/api/v1/school/uploads/{ref}/").status_code == 404
    assert api.post(f"/api/v1/school/uploads/{ref}/import/").status_code == 404
    assert not Programme.objects.exists()


def test_a_file_that_is_too_large_is_a_problem(api, owner, school, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    api.force_authenticate(owner)
    for size, code in ((2_000, 400), (200_000, 413)):
        assert api.post("/api/v1/school/uploads/", {"file": file(b"x" * size)}, format="multipart").status_code == code
    assert not ProgrammeUpload.objects.exists()


def test_lists_ask_the_database_as_often_for_many_as_for_few(api, owner, school, django_assert_max_num_queries):
    for _number in range(8):
        make_programme(school, {make_skill(): 3})
    api.force_authenticate(owner)
    with django_assert_max_num_queries(4):
        assert api.get(OWN).json()["count"] == 8
    with django_assert_max_num_queries(4):
        assert api.get("/api/v1/programmes/").json()["count"] == 8
