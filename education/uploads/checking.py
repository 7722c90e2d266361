"""Files with programmes: receiving, choosing columns, and the dry run that says what would change."""

import hashlib
from collections.abc import Callable
from pathlib import PurePath

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.operations import audit
from core.events import send
from core.exceptions import Refused
from core.limits import spend
from education.forms import ProgrammeForm
from education.models import Programme, ProgrammeFeed, ProgrammeUpload, UploadRow
from education.queries import as_data, as_plain, differences
from education.uploads import mapping as mappings
from education.uploads.cells import formula_start, unguarded
from education.uploads.columns import BY_FIELD
from education.uploads.forms import too_large_message
from education.uploads.mapping import Mapping
from education.uploads.sources import looks_long, read_table
from education.uploads.tables import Table, Unreadable

MAX_ERRORS = 2_000  # more are counted, not kept
LONG_FILE = 2_000  # rows; a worker handles longer files
BATCH = 1_000
REPORT_EVERY = 100  # rows
MOST_UPLOADS = 30  # files that one account sends an hour
REMEMBERED = 20  # earlier files whose columns are remembered
Status = ProgrammeUpload.Status
Origin = Programme.Origin
State = UploadRow.State
Progress = Callable[[int, int], None]


@transaction.atomic
def receive_upload(
    *,
    school: Organisation,
    actor: User | None,
    filename: str,
    content: bytes,
    complete: bool = False,
    origin: str = Origin.FILE,
    defaults: dict[str, str] | None = None,
) -> ProgrammeUpload:
    """Keep a file to be checked, with a guess of its columns. Raises `Refused`.

    `complete`: what is not in it goes off the site. `defaults`: what empty cells mean. The same file sent twice while
    it waits is one upload. A file that cannot be read is kept with the reason, without its content.
    """
    if len(content) > settings.MAX_UPLOAD_BYTES:
        raise Refused(too_large_message())
    Organisation.objects.select_for_update().get(pk=school.pk)
    digest = hashlib.sha256(content).hexdigest()
    same = ProgrammeUpload.objects.filter(school=school, digest=digest, complete=complete, origin=origin)
    waiting = same.filter(status__in=(Status.WAITING, Status.MAPPING)).first()
    if waiting is not None:
        return waiting
    if actor is not None:
        spend("upload programmes", who=actor.pk, most=MOST_UPLOADS)
    upload = ProgrammeUpload(
        school=school, uploaded_by=actor, filename=PurePath(filename.replace("\\", "/")).name[:200], digest=digest,
        complete=complete, origin=origin, status=Status.WAITING, content=content,
    )  # fmt: skip
    try:
        table = read_table(content, only_top=True)
        _set_columns(upload, table, defaults or {})
    except Unreadable as error:
        upload.errors = [{"row": None, "column": "", "message": error.message}]
        upload.status, upload.content = Status.REFUSED, None
    upload.save()
    audit(actor=actor, verb="upload programmes", subject=upload, bytes=len(content))
    return upload


def _set_columns(upload: ProgrammeUpload, table: Table, defaults: dict[str, str]) -> None:
    for name in mappings.doubled(table):
        raise Unreadable(_("The column “%(name)s” is in this file twice. Keep one.") % {"name": name})
    earlier = ProgrammeUpload.objects.filter(school=upload.school, origin=upload.origin, imported_at__isnull=False)
    before = earlier.order_by("-imported_at").values_list("header", "mapping")[:REMEMBERED]
    guessed = mappings.guess(table, before)
    guessed = Mapping(guessed.columns, guessed.defaults | defaults)
    upload.header, upload.mapping = table.header, guessed.as_json()
    if guessed.missing:
        upload.status = Status.MAPPING


@transaction.atomic
def choose_columns(*, upload: ProgrammeUpload, actor: User, mapping: Mapping) -> ProgrammeUpload:
    """Say what the columns of a file hold; it is to be checked again. Raises `Refused`."""
    upload = ProgrammeUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.content is None or upload.status not in (Status.MAPPING, Status.WAITING, Status.CHECKED, Status.REFUSED):
        raise Refused(_("We no longer have this file. Upload it again."))
    if mapping.missing:
        names = ", ".join(BY_FIELD[name].name for name in mapping.missing)
        raise Refused(_("Choose a column or a fixed value for: %(names)s.") % {"names": names})
    upload.mapping, upload.status = mapping.as_json(), Status.WAITING
    upload.errors, upload.ignored = [], []
    upload.n_rows = upload.n_new = upload.n_changed = upload.n_unchanged = upload.n_withdrawn = 0
    upload.upload_rows.all().delete()
    upload.save()
    if upload.origin == Origin.FEED:  # so that the next night knows
        ProgrammeFeed.objects.filter(school=upload.school_id).update(defaults=mapping.defaults)
    audit(actor=actor, verb="choose columns", subject=upload)
    return upload


def begin_check(*, upload: ProgrammeUpload, actor: User | None, language: str) -> ProgrammeUpload:
    """Check a short file at once and a long one in the queue; at once too when the queue is unreachable.

    A file of which the columns are not clear yet waits for the school.
    """
    if upload.status != Status.WAITING:
        return upload
    if looks_long(bytes(upload.content), LONG_FILE) and send(
        "education.check_upload", upload.pk, actor.pk if actor else None, language
    ):
        return upload
    return check_upload(upload=upload, actor=actor)


@transaction.atomic
def check_upload(
    *, upload: ProgrammeUpload, actor: User | None, on_progress: Progress | None = None
) -> ProgrammeUpload:
    """Dry run: read the file, check every row and say what would change. Saves no programme; safe to call twice."""
    upload = ProgrammeUpload.objects.select_for_update(of=("self",)).select_related("school__place").get(pk=upload.pk)
    if upload.status != Status.WAITING:
        return upload
    try:
        table = read_table(bytes(upload.content))
        rows = _check_rows(table, upload, on_progress or (lambda done, of: None))
    except Unreadable as error:
        upload.errors, rows = [{"row": None, "column": "", "message": error.message}], []
        upload.content = None
    upload.status = Status.REFUSED if upload.errors else Status.CHECKED
    if not upload.errors:
        UploadRow.objects.bulk_create(rows, batch_size=BATCH)
    upload.save()
    audit(
        actor=actor, verb="check programmes", subject=upload,
        rows=upload.n_rows, new=upload.n_new, changed=upload.n_changed, withdrawn=upload.n_withdrawn,
        errors=len(upload.errors),
    )  # fmt: skip
    return upload


def _check_rows(table: Table, upload: ProgrammeUpload, on_progress: Progress) -> list[UploadRow]:
    """The rows with what each would do; fills in the errors and counts of the upload."""
    mapping = mappings.from_json(upload.mapping)
    upload.ignored = mappings.ignored(table, mapping)
    existing = {programme.code: programme for programme in own_programmes(upload.school_id)}
    form = ProgrammeForm(school=upload.school, places={})
    seen: dict[str, int] = {}
    errors: list[dict] = []
    rows: list[UploadRow] = []
    total = len(table.rows)
    for done, (number, cells) in enumerate(table.rows):
        if done % REPORT_EVERY == 0:
            on_progress(done, total)
        if len(cells) > len(table.header):
            errors.append(_problem(number, "", _("This row has more cells than there are column names.")))
            continue
        code, data, problems = _checked_row(number, mapping.values(cells), form)
        if code and code in seen:
            text = _("Row %(row)s has the same code. A code may be used once.") % {"row": seen[code]}
            problems.append(_problem(number, "code", text, code))
        seen.setdefault(code, number)
        errors += problems
        if not problems:
            rows.append(row_for(upload, number, code, data, existing.get(code)))
    on_progress(total, total)
    rows += withdrawals(upload, existing.values(), set(seen))
    upload.n_rows = total
    upload.errors = errors[:MAX_ERRORS]
    count(upload, rows)
    return rows


def _checked_row(number: int, values: dict[str, str], form: ProgrammeForm) -> tuple[str, dict, list[dict]]:
    """(code, plain values, problems); no values where there are problems."""
    problems = []
    data = {}
    for name, cell in values.items():
        sign = formula_start(cell)
        if sign:
            text = _("This cell starts with “%(sign)s”, like a formula. Write the value itself.")
            problems.append(_problem(number, name, text % {"sign": sign.strip() or _("a tab")}, cell))
        data[name] = unguarded(cell).strip()
    code = " ".join(data.get("code", "").split())
    if problems:
        return code, {}, problems
    if form.check(data):
        return form.cleaned_data["code"], as_plain(form.cleaned_data), []
    return code, {}, [
        _problem(number, name, message, data.get(name, ""))
        for name, messages in form.errors.items()
        for message in messages
    ]  # fmt: skip


def _problem(row: int, name: str, message: str, value: str = "") -> dict:
    column = BY_FIELD[name].name if name in BY_FIELD else ""
    return {"row": row, "column": column, "message": str(message), "value": value[:80]}


def own_programmes(school_id: int):
    return Programme.objects.filter(school_id=school_id).select_related("place").order_by("id")


def row_for(upload: ProgrammeUpload, number: int | None, code: str, data: dict, before: Programme | None) -> UploadRow:
    """What a row does with the programme of its code, `before`; None when there is none yet."""
    if before is None:
        return UploadRow(upload=upload, number=number, code=code, title=data["title"], data=data, state=State.NEW)
    plain = as_plain(as_data(before))
    changes = {name: [plain[name], data[name]] for name in differences(plain, data)}
    if before.left_out:
        changes["status"] = [before.status, before.left_out]
    return UploadRow(
        upload=upload, number=number, code=code, title=data["title"], data=data, changes=changes, programme=before,
        state=State.CHANGED if changes else State.UNCHANGED,
    )  # fmt: skip


def withdrawals(upload: ProgrammeUpload, programmes, codes: set[str]) -> list[UploadRow]:
    """Rows for what goes off the site, because a whole offer does not have it.

    A file speaks for what was typed in and uploaded, the school's own system for what came from there.
    """
    if not upload.complete:
        return []
    fed = upload.origin == Origin.FEED
    return [
        UploadRow(
            upload=upload, code=programme.code, title=programme.title, programme=programme, state=State.WITHDRAWN,
            changes={"status": [programme.status, Programme.Status.WITHDRAWN.value]},
        )
        for programme in programmes
        if programme.code not in codes
        and programme.status != Programme.Status.WITHDRAWN
        and (programme.origin == Origin.FEED) == fed
    ]  # fmt: skip


def count(upload: ProgrammeUpload, rows: list[UploadRow]) -> None:
    states = [row.state for row in rows]
    upload.n_new, upload.n_changed, upload.n_unchanged, upload.n_withdrawn = map(
        states.count, (State.NEW, State.CHANGED, State.UNCHANGED, State.WITHDRAWN)
    )
