"""What schools do with files of programmes: sending, a dry run, putting in whole or not at all."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePath

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation, User
from accounts.operations import audit
from core.events import changed, enqueue, send
from core.exceptions import Refused
from core.limits import spend
from education.columns import BY_FIELD, BY_NAME, COLUMNS, as_cell
from education.forms import ProgrammeForm, too_large_message
from education.models import Programme, ProgrammeUpload
from education.operations import Status, set_values
from education.queries import FIELDS, as_data, as_plain, differences, from_plain
from education.reading import Table, Unreadable, formula_start, looks_long, normalised, read_table, unguarded

MAX_ROWS = 20_000
MAX_ERRORS = 2_000  # more are counted, not kept
LONG_FILE = 2_000  # rows; longer files are checked by a worker
BATCH = 1_000
REPORT_EVERY = 100
MOST_UPLOADS = 30  # files that one account sends an hour
UploadStatus = ProgrammeUpload.Status


@transaction.atomic
def receive_upload(*, school: Organisation, actor: User, filename: str, content: bytes) -> ProgrammeUpload:
    """Keep a file to be checked. The same file sent twice while it waits is one upload. Raises `Refused`."""
    if len(content) > settings.MAX_UPLOAD_BYTES:
        raise Refused(too_large_message())
    Organisation.objects.select_for_update().get(pk=school.pk)
    digest = hashlib.sha256(content).hexdigest()
    waiting = ProgrammeUpload.objects.filter(school=school, digest=digest, status=UploadStatus.WAITING).first()
    if waiting is not None:
        return waiting
    spend("upload programmes", who=actor.pk, most=MOST_UPLOADS)
    upload = ProgrammeUpload.objects.create(
        school=school,
        uploaded_by=actor,
        filename=PurePath(filename.replace("\\", "/")).name[:200],
        digest=digest,
        content=content,
        status=UploadStatus.WAITING,
    )
    audit(actor=actor, verb="upload programmes", subject=upload, bytes=len(content))
    return upload


def begin_check(*, upload: ProgrammeUpload, actor: User, language: str) -> ProgrammeUpload:
    """Check a short file at once and a long one in the queue; at once too when the queue is unreachable."""
    long = upload.content is not None and looks_long(bytes(upload.content), LONG_FILE)
    if long and send("education.check_upload", upload.pk, actor.pk, language):
        return upload
    return check_upload(upload=upload, actor=actor)


@transaction.atomic
def check_upload(
    *, upload: ProgrammeUpload, actor: User | None, on_progress: Callable[[int, int], None] | None = None
) -> ProgrammeUpload:
    """Dry run: read the file, check every row and say what would change. Saves no programme; safe to call twice."""
    upload = ProgrammeUpload.objects.select_for_update(of=("self",)).select_related("school__place").get(pk=upload.pk)
    if upload.status != UploadStatus.WAITING:
        return upload
    try:
        table = read_table(bytes(upload.content), set(BY_NAME), MAX_ROWS)
        columns = _columns(table, upload)
    except Unreadable as error:
        upload.errors = [{"row": None, "column": "", "message": error.message}]
    else:
        _check_rows(table, columns, upload, on_progress or (lambda done, of: None))
    upload.status = UploadStatus.REFUSED if upload.errors else UploadStatus.CHECKED
    if upload.errors:
        upload.rows = []
    upload.content = None
    upload.save()
    audit(
        actor=actor, verb="check programmes", subject=upload,
        rows=upload.n_rows, new=upload.n_new, changed=upload.n_changed, errors=len(upload.errors),
    )  # fmt: skip
    return upload


def _columns(table: Table, upload: ProgrammeUpload) -> dict[int, str]:
    """Field names by position in the row; raises `Unreadable` when the header cannot be right."""
    columns: dict[int, str] = {}
    ignored = []
    for position, name in enumerate(table.header):
        column = BY_NAME.get(normalised(name))
        if column is None:
            if name.strip() or any(len(cells) > position and cells[position].strip() for _row, cells in table.rows):
                ignored.append(name.strip()[:60] or _("column %(number)s, without a name") % {"number": position + 1})
            continue
        if column.field in columns.values():
            raise Unreadable(_("The column “%(name)s” is in this file twice. Keep one.") % {"name": column.name})
        columns[position] = column.field
    upload.ignored = ignored
    missing = [column.name for column in COLUMNS if column.required and column.field not in columns.values()]
    if missing:
        raise Unreadable(
            ngettext(
                "A column is missing: %(names)s. The first row must hold the column names, as in the template.",
                "Columns are missing: %(names)s. The first row must hold the column names, as in the template.",
                len(missing),
            )
            % {"names": ", ".join(missing)}
        )
    return columns


def _check_rows(table: Table, columns: dict[int, str], upload: ProgrammeUpload, on_progress) -> None:
    existing = _plain_by_code(upload.school_id)
    places: dict = {}
    seen: dict[str, int] = {}
    code_at = next(position for position, field in columns.items() if field == "code")
    errors: list[dict] = []
    total = len(table.rows)
    for done, (number, cells) in enumerate(table.rows):
        if done % REPORT_EVERY == 0:
            on_progress(done, total)
        if len(cells) > len(table.header):
            errors.append(_problem(number, "", _("This row has more cells than there are column names.")))
            continue
        row, problems = _checked_row(number, cells, columns, upload.school, places)
        code = " ".join(unguarded(cells[code_at]).split())
        if code and code in seen:
            text = _("Row %(row)s has the same code. A code may be used once.") % {"row": seen[code]}
            problems.append(_problem(number, "code", text, code))
        seen.setdefault(code, number)
        if problems:
            errors += problems
        else:
            _note_change(row, existing.get(row["code"]))
            upload.rows.append(row)
    on_progress(total, total)
    upload.n_rows = total
    upload.errors = errors[:MAX_ERRORS]
    states = [row["state"] for row in upload.rows]
    upload.n_new, upload.n_changed, upload.n_unchanged = map(states.count, ("new", "changed", "unchanged"))


def _checked_row(number: int, cells: list[str], columns: dict[int, str], school, places) -> tuple[dict | None, list]:
    problems = []
    data = {}
    for position, field in columns.items():
        cell = cells[position]
        sign = formula_start(cell)
        if sign:
            problems.append(
                _problem(number, field, _("This cell starts with “%(sign)s”, like a formula. Write the value itself.")
                         % {"sign": sign.strip() or _("a tab")}, cell)
            )  # fmt: skip
        data[field] = unguarded(cell).strip()
    if problems:
        return None, problems
    form = ProgrammeForm(data, school=school, places=places)
    if form.is_valid():
        return {"row": number, "code": form.cleaned_data["code"], "data": as_plain(form.cleaned_data)}, []
    return None, [
        _problem(number, field, message, data.get(field, ""))
        for field, messages in form.errors.items()
        for message in messages
    ]


def _problem(row: int, field: str, message: str, value: str = "") -> dict:
    column = BY_FIELD[field].name if field in BY_FIELD else ""
    return {"row": row, "column": column, "message": str(message), "value": value[:80]}


def _plain_by_code(school_id: int) -> dict[str, dict]:
    programmes = Programme.objects.filter(school_id=school_id).select_related("place")
    return {programme.code: as_plain(as_data(programme)) for programme in programmes}


def _note_change(row: dict, before: dict | None) -> None:
    """Write into the row whether it is new, changed or unchanged, and which values it replaces."""
    changes = differences(before, row["data"]) if before is not None else []
    row["state"] = "new" if before is None else "changed" if changes else "unchanged"
    row["changes"] = {field: [_short(field, before[field]), _short(field, row["data"][field])] for field in changes}


def _short(field: str, value) -> str:
    text = as_cell(field, value)
    return text if len(text) <= 80 else f"{text[:79]}…"


@transaction.atomic
def import_upload(*, upload: ProgrammeUpload, actor: User) -> ProgrammeUpload:
    """Put a checked upload in, whole or not at all; raises `Refused` when it is not ready or was put in before.

    What is new or changed is decided again under the lock: somebody may have edited since the dry run.
    """
    school = Organisation.objects.select_for_update().get(pk=upload.school_id)
    upload = ProgrammeUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.status == UploadStatus.IMPORTED:
        raise Refused(_("This file was put in before. Nothing was changed."))
    if upload.status != UploadStatus.CHECKED:
        raise Refused(_("This file has errors or is still being checked. Nothing was changed."))
    own = Programme.objects.select_for_update(of=("self",)).select_related("place").filter(school=school)
    existing = {programme.code: programme for programme in own}
    new: list[Programme] = []
    altered: list[Programme] = []
    reread: list[Programme] = []
    for row in upload.rows:
        programme = existing.get(row["code"])
        if programme is None:
            new.append(Programme(school=school, code=row["code"], **from_plain(row["data"])))
            continue
        changes = differences(as_plain(as_data(programme)), row["data"])
        if not changes:
            continue
        set_values(programme, from_plain(row["data"]), changes)
        altered.append(programme)
        if not programme.skills_proposed:
            reread.append(programme)
    Programme.objects.bulk_create(new, batch_size=BATCH)
    Programme.objects.bulk_create(
        altered, batch_size=BATCH, update_conflicts=True, unique_fields=["id"],
        update_fields=[*FIELDS, "skills_proposed", "version", "updated_at"],
    )  # fmt: skip
    upload.n_new, upload.n_changed = len(new), len(altered)
    upload.n_unchanged = len(upload.rows) - len(new) - len(altered)
    upload.status, upload.rows = UploadStatus.IMPORTED, []
    upload.save()
    audit(actor=actor, verb="import programmes", subject=upload, new=upload.n_new, changed=upload.n_changed)
    to_read = [programme.pk for programme in new + reread]
    for start in range(0, len(to_read), 50):
        enqueue("education.propose_skills", to_read[start : start + 50])
    for programme in altered:
        if programme.status == Status.PUBLISHED:
            changed("programme", programme.pk)
    return upload


@transaction.atomic
def erase_uploads(*, before: datetime) -> int:
    """Erase files that were never put in, with all that was read from them, last touched before this moment."""
    count, _by_table = (
        ProgrammeUpload.objects.exclude(status=UploadStatus.IMPORTED).filter(updated_at__lt=before).delete()
    )
    if count:
        audit(actor=None, verb="erase old uploads", count=count)
    return count
