"""Uploading through the pages and the worker: looking, putting in, taking back, and files that are too much."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from core.exceptions import Refused
from education.models import Programme, ProgrammeUpload
from education.tasks import check_upload, erase_old_uploads, import_upload
from education.uploads import checking, importing
from education.uploads.progress import recall
from tests.education.conftest import HEADER, ROW, file, sheet, workbook
from tests.factories import make_programme

pytestmark = pytest.mark.django_db


def put_in(*, upload, actor):
    return importing.import_upload(upload=upload, actor=actor, now=timezone.now())


def test_a_school_uploads_looks_and_puts_in(client, school, owner):
    client.force_login(owner)
    answer = client.post(reverse("education:upload"), {"file": file(sheet(ROW))}, follow=True)
    upload = ProgrammeUpload.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("education:upload-detail", args=[upload.ref])
    assert "Zet erin" in answer.text
    assert not Programme.objects.exists()
    answer = client.post(reverse("education:upload-import", args=[upload.ref]), follow=True)
    assert "Maak dit bestand ongedaan" in answer.text
    assert Programme.objects.count() == 1
    again = client.post(reverse("education:upload-import", args=[upload.ref]), follow=True)
    assert "staat er al in" in again.text
    assert Programme.objects.count() == 1


def test_errors_are_shown_and_can_be_taken_home_without_formulas(client, owner, school):
    client.force_login(owner)
    client.post(reverse("education:upload"), {"file": file(sheet(ROW.replace("Lassen", "=cmd")))})
    upload = ProgrammeUpload.objects.get()
    page = client.get(reverse("education:upload-detail", args=[upload.ref]))
    assert "Zet erin" not in page.text
    assert "titel" in page.text
    taken = client.get(reverse("education:upload-errors", args=[upload.ref])).content.decode("utf-8-sig")
    assert taken.splitlines()[1].startswith("2;titel;'=cmd;")


@pytest.mark.parametrize("data", [{}, {"file": ""}])
def test_no_file_is_answered_at_the_field(client, owner, school, data):
    client.force_login(owner)
    answer = client.post(reverse("education:upload"), data)
    assert answer.status_code == 422
    assert "Kies eerst een bestand" in answer.text


def test_an_empty_file_is_answered_at_the_field(client, owner, school):
    client.force_login(owner)
    answer = client.post(reverse("education:upload"), {"file": file(b"")})
    assert answer.status_code == 422
    assert "leeg" in answer.text


def test_a_file_of_twenty_megabytes_is_refused_before_it_is_read(client, owner, school):
    client.force_login(owner)
    answer = client.post(reverse("education:upload"), {"file": file(b"x" * 20 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "groter dan" in answer.text
    assert not ProgrammeUpload.objects.exists()


@override_settings(MAX_UPLOAD_BYTES=1000)
@pytest.mark.parametrize("size", [1001, 200_000])
def test_a_file_that_is_too_large_is_refused_with_a_clear_answer(client, owner, school, size):
    """Just over the limit by the form; far over it before the form is read."""
    client.force_login(owner)
    answer = client.post(reverse("education:upload"), {"file": file(b"x" * size)})
    assert answer.status_code == (422 if size < 60_000 else 413)
    assert "groter dan" in answer.text
    assert not ProgrammeUpload.objects.exists()


def test_uploading_needs_a_csrf_token(owner, school):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert client.post(reverse("education:upload"), {"file": file(sheet(ROW))}).status_code == 403


def test_long_files_are_checked_by_a_worker_which_can_be_asked_again(client, owner, school, sent, monkeypatch):
    monkeypatch.setattr(checking, "LONG_FILE", 1)
    client.force_login(owner)
    rows = [ROW.replace("L1", f"L{n}") for n in range(3)]
    page = client.post(reverse("education:upload"), {"file": file(sheet(*rows))}, follow=True)
    upload = ProgrammeUpload.objects.get()
    task = ("education.check_upload", [upload.pk, owner.pk, "nl"])
    assert sent == [task]
    assert 'role="status"' in page.text
    url = reverse("education:upload-detail", args=[upload.ref])
    assert "<html" not in client.get(url, headers={"HX-Request": "true"}).text
    client.post(reverse("education:upload-check", args=[upload.ref]))
    assert sent == [task, task]
    check_upload(*task[1])
    assert client.get(url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    upload.refresh_from_db()
    assert (upload.status, upload.n_new) == ("checked", 3)


def test_the_worker_checks_once_in_the_language_of_the_school_and_reports_progress(school, owner):
    upload = checking.receive_upload(
        school=school, actor=owner, filename="a.csv", content=sheet(ROW.replace("1.250,00", "-1"))
    )
    check_upload(upload.pk, owner.pk, "en")
    check_upload(upload.pk, owner.pk, "nl")
    upload.refresh_from_db()
    assert upload.errors[0]["message"].startswith("A price cannot")
    assert recall(upload.pk) == (1, 1)


def test_a_queue_that_is_down_means_checking_at_once(client, owner, school, monkeypatch):
    monkeypatch.setattr(checking, "LONG_FILE", 0)
    monkeypatch.setattr(checking, "send", lambda name, *arguments: False)
    client.force_login(owner)
    client.post(reverse("education:upload"), {"file": file(sheet(ROW))})
    assert ProgrammeUpload.objects.get().status == "checked"


@pytest.mark.parametrize("name", ["upload-detail", "upload-errors", "upload-check", "upload-import"])
def test_an_upload_exists_for_its_own_school_only(client, stranger, teammate, checked, name):
    upload = checked(sheet(ROW))
    url = reverse(f"education:{name}", args=[upload.ref])
    send = client.post if name in ("upload-check", "upload-import") else client.get
    client.force_login(stranger)
    assert send(url).status_code == 404
    assert not Programme.objects.exists()
    client.force_login(teammate)
    assert send(url).status_code in (200, 302)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_for_everybody(client, kind):
    answer = client.get(reverse("education:template", args=[kind]))
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_dry_run_of_many_rows_asks_the_database_a_fixed_number_of_times(school, owner, django_assert_max_num_queries):
    rows = [ROW.replace("L1", f"L{n}") for n in range(60)]
    upload = checking.receive_upload(school=school, actor=owner, filename="a.csv", content=sheet(*rows))
    with django_assert_max_num_queries(9):
        upload = checking.check_upload(upload=upload, actor=owner)
    with django_assert_max_num_queries(14):
        put_in(upload=upload, actor=owner)


@pytest.mark.django_db(transaction=True)
def test_two_members_putting_files_in_at_once_wait_for_each_other(school, owner, checked, monkeypatch):
    """Both files name the same new code: one makes the programme, the other changes it; nobody gets an error."""
    monkeypatch.setattr(importing, "changed", lambda kind, pk: None)
    uploads = [checked(sheet(ROW)), checked(sheet(ROW.replace("Lassen", "Lassen en snijden")))]

    def work(upload):
        try:
            return put_in(upload=upload, actor=owner)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(work, uploads))
    assert sorted((upload.n_new, upload.n_changed) for upload in done) == [(0, 1), (1, 0)]
    assert Programme.objects.get().version == 2


def test_a_file_that_was_never_put_in_is_erased_after_a_month(owner, checked):
    kept, imported, refused, forgotten = (checked(sheet(ROW.replace("L1", code))) for code in ("L1", "L2", "", "L4"))
    assert refused.status == "refused"
    put_in(upload=imported, actor=owner)
    old = [upload.pk for upload in (imported, refused, forgotten)]
    ProgrammeUpload.objects.filter(pk__in=old).update(updated_at=timezone.now() - timedelta(days=31))
    erase_old_uploads()
    assert set(ProgrammeUpload.objects.values_list("pk", flat=True)) == {kept.pk, imported.pk}
    assert AuditEntry.objects.get(verb="erase old uploads").details == {"count": 2}


def test_beat_knows_the_task_that_erases_old_files():
    assert erase_old_uploads.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_a_million_rows_are_refused_quickly_with_a_clear_answer(checked):
    upload = checked(b"code;titel\r\n" + b"1;A\r\n" * 1_000_000)
    assert upload.status in ("refused", "mapping")
    head = HEADER.encode() + b"\r\n"
    upload = checked(head + b"1;A\r\n" * 1_000_000)
    assert "20000 rijen" in upload.errors[0]["message"].replace(".", "")
    assert not Programme.objects.exists()


def test_a_workbook_of_a_million_rows_is_refused_before_it_is_unpacked(checked):
    book = io.BytesIO(workbook(HEADER.split(";"), ROW.split(";")))
    out = io.BytesIO()
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                row = b'<row><c t="inlineStr"><is><t>een opleiding met een naam</t></is></c></row>'
                content = content.replace(b"</sheetData>", row * 1_000_000 + b"</sheetData>")
            target.writestr(name, content)
    upload = checked(out.getvalue(), "groot.xlsx")
    assert (upload.status, upload.content) == ("refused", None)
    assert "veel te groot" in upload.errors[0]["message"]


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_commas_and_tabs_are_understood(owner, checked, delimiter):
    content = sheet(ROW.replace("1.250,00", "1250")).replace(b";", delimiter.encode())
    put_in(upload=checked(content), actor=owner)
    assert Programme.objects.get().title == "Lassen"


def test_an_import_of_a_long_file_goes_through_the_worker_with_progress(client, owner, school, sent, monkeypatch):
    monkeypatch.setattr(checking, "LONG_FILE", 1)
    monkeypatch.setattr(importing, "LONG_FILE", 1)
    client.force_login(owner)
    client.post(reverse("education:upload"), {"file": file(sheet(*[ROW.replace("L1", f"L{n}") for n in range(3)]))})
    upload = ProgrammeUpload.objects.get()
    check_upload(*sent.pop()[1])
    page = client.post(reverse("education:upload-import", args=[upload.ref]), follow=True)
    assert "We zetten je bestand erin" in page.text
    assert sent == [("education.import_upload", [upload.pk, owner.pk, "nl"])]
    assert not Programme.objects.exists()
    import_upload(*sent[0][1])
    import_upload(*sent[0][1])  # a task that comes twice
    assert Programme.objects.count() == 3
    assert recall(upload.pk) == (3, 3)
    assert "Maak dit bestand ongedaan" in client.get(reverse("education:upload-detail", args=[upload.ref])).text


def test_undoing_asks_first_and_says_what_stays(client, owner, school, checked):
    upload = put_in(upload=checked(sheet(ROW, ROW.replace("L1", "L2"))), actor=owner)
    Programme.objects.filter(code="L2").update(title="Zelf veranderd")
    client.force_login(owner)
    undo = reverse("education:upload-undo", args=[upload.ref])
    assert "ongedaan" in client.get(undo).text
    page = client.post(undo, follow=True)
    assert "Zelf veranderd" in page.text
    assert list(Programme.objects.values_list("code", flat=True)) == ["L2"]
    assert "Alleen het laatste" in client.post(undo, follow=True).text


def test_an_older_file_cannot_be_undone(owner, checked):
    first = put_in(upload=checked(sheet(ROW)), actor=owner)
    put_in(upload=checked(sheet(ROW.replace("L1", "L2"))), actor=owner)
    with pytest.raises(Refused):
        importing.undo_upload(upload=first, actor=owner)


def test_the_dry_run_can_be_read_over_the_api(api, owner, school, checked):
    make_programme(school, code="L1", title="Oud", status="published")
    upload = checked(sheet(ROW))
    rows = api(owner).get(reverse("api-school-upload-rows", args=[upload.ref])).json()["results"]
    assert rows[0]["changes"]["title"] == ["Oud", "Lassen"]
    assert api(owner).post(reverse("api-school-upload-import", args=[upload.ref])).json()["status"] == "imported"
    assert api(owner).post(reverse("api-school-upload-undo", args=[upload.ref])).json()["status"] == "undone"
    assert Programme.objects.get().title == "Oud"
    asked = api(owner).post(reverse("api-school-uploads"), {"file": file(b"code;naam\r\n1;A\r\n")}).json()
    assert asked["status"] == "mapping"
    columns = {"columns": {"code": [0], "title": [1]}, "defaults": {"kind": "cursus", "weeks": "4", "price": "0"}}
    put = reverse("api-school-upload-columns", args=[asked["ref"]])
    assert api(owner).put(put, columns, format="json").status_code == 409
    columns["defaults"]["hours_per_week"] = "4"
    assert api(owner).put(put, columns, format="json").json()["n_new"] == 1
    assert api(owner).put(put, {"columns": {"kleur": [9]}}, format="json").status_code == 400
