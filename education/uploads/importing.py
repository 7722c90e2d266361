"""Putting a checked file in, whole or not at all, and taking it back."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.operations import audit
from core.events import changed, enqueue, send
from core.exceptions import Refused
from education.models import Completion, Programme, ProgrammeUpload, UploadRow
from education.operations import set_values
from education.queries import FIELDS, as_data, as_plain, from_plain, last_import
from education.uploads.checking import (
    BATCH,
    LONG_FILE,
    Origin,
    Progress,
    State,
    Status,
    count,
    own_programmes,
    row_for,
    withdrawals,
)

MOST_KEPT = 100  # titles that we name
MOST_EVENTS = 200  # more programmes at once are not announced one by one
SAVED = [*FIELDS, "status", "left_out", "origin", "skills_proposed", "version", "updated_at"]


def begin_import(*, upload: ProgrammeUpload, actor: User, language: str, now: datetime) -> ProgrammeUpload:
    """Put a short file in at once and a long one in the queue; at once too when the queue is unreachable.

    Raises `Refused` as `import_upload` does.
    """
    if upload.n_rows <= LONG_FILE:
        return import_upload(upload=upload, actor=actor, now=now)
    ready = ProgrammeUpload.objects.filter(pk=upload.pk, status__in=(Status.CHECKED, Status.IMPORTING))
    if not ready.update(status=Status.IMPORTING):
        return import_upload(upload=upload, actor=actor, now=now)
    upload.status = Status.IMPORTING
    if send("education.import_upload", upload.pk, actor.pk, language):
        return upload
    return import_upload(upload=upload, actor=actor, now=now)


@transaction.atomic
def import_upload(
    *, upload: ProgrammeUpload, actor: User | None, now: datetime, on_progress: Progress | None = None
) -> ProgrammeUpload:
    """Put a checked upload in, whole or not at all; raises `Refused` when it is not ready or was put in before.

    What is new, changed or withdrawn is decided again under the lock: somebody may have edited since the dry run.
    """
    report = on_progress or (lambda done, of: None)
    school, upload = _locked(upload)
    if upload.status == Status.IMPORTED:
        raise Refused(_("This file was put in before. Nothing was changed."))
    if upload.status not in (Status.CHECKED, Status.IMPORTING):
        raise Refused(_("This file has errors or is still being checked. Nothing was changed."))
    existing = {programme.code: programme for programme in own_programmes(school.pk).select_for_update(of=("self",))}
    planned = upload.upload_rows.exclude(state=State.WITHDRAWN).order_by("id")
    rows = [row_for(upload, row.number, row.code, row.data, existing.get(row.code)) for row in planned]
    rows += withdrawals(upload, existing.values(), {row.code for row in rows})
    report(0, len(rows))
    new = []
    for row in rows:
        if row.state == State.NEW:
            row.programme = Programme(school=school, code=row.code, origin=upload.origin, **from_plain(row.data))
            new.append(row.programme)
    for start in range(0, len(new), BATCH):
        Programme.objects.bulk_create(new[start : start + BATCH])
        report(min(start + BATCH, len(new)), len(rows))
    altered = [row.programme for row in rows if row.changes and _apply(row, which=1)]
    _save(altered)
    if upload.origin == Origin.FEED:  # from now on the school's own system speaks for these
        own = Programme.objects.filter(school=school, code__in=[row.code for row in rows])
        own.exclude(origin=Origin.FEED).update(origin=Origin.FEED)
    upload.upload_rows.all().delete()
    for row in rows:
        row.programme_id = row.programme.pk  # bulk_create gave it
    UploadRow.objects.bulk_create([row for row in rows if row.state != State.UNCHANGED], batch_size=BATCH)
    count(upload, rows)
    upload.status, upload.imported_at, upload.content = Status.IMPORTED, now, None
    upload.save()
    report(len(rows), len(rows))
    audit(
        actor=actor, verb="import programmes", subject=upload,
        new=upload.n_new, changed=upload.n_changed, withdrawn=upload.n_withdrawn,
    )  # fmt: skip
    _announce(new + altered)
    return upload


def begin_undo(*, upload: ProgrammeUpload, actor: User, language: str) -> ProgrammeUpload:
    """Undo a short file at once and a long one in the queue; at once too when the queue is unreachable.

    Raises `Refused` as `undo_upload` does.
    """
    if upload.n_rows > LONG_FILE and _is_last(upload):
        ready = ProgrammeUpload.objects.filter(pk=upload.pk, status__in=(Status.IMPORTED, Status.UNDOING))
        if ready.update(status=Status.UNDOING) and send("education.undo_upload", upload.pk, actor.pk, language):
            upload.status = Status.UNDOING
            return upload
    return undo_upload(upload=upload, actor=actor)


@transaction.atomic
def undo_upload(*, upload: ProgrammeUpload, actor: User | None, on_progress: Progress | None = None) -> ProgrammeUpload:
    """Take the last upload back. What somebody changed by hand since then stays as they made it, and is in `kept`.

    A new programme goes, unless it was edited (it stays) or published (it goes off the site, and a later upload brings
    it back with its skills). Raises `Refused` when a later upload was put in.
    """
    report = on_progress or (lambda done, of: None)
    school, upload = _locked(upload)
    if upload.status not in (Status.IMPORTED, Status.UNDOING) or not _is_last(upload):
        raise Refused(_("Only the last file that was put in can be undone."))
    rows = list(upload.upload_rows.order_by("id"))
    if not rows and upload.n_new + upload.n_changed + upload.n_withdrawn:
        raise Refused(_("This is too long ago to be undone."))
    programmes = own_programmes(school.pk).select_for_update(of=("self",)).in_bulk()
    finished = set(Completion.objects.filter(programme__school=school).values_list("programme_id", flat=True))
    altered, gone, kept = [], [], []
    for row in rows:
        programme = programmes.get(row.programme_id)
        if programme is None:
            continue
        if row.state != State.NEW:
            row.programme = programme
            if _apply(row, which=0):
                altered.append(programme)
            continue
        if programme.code != row.code or as_plain(as_data(programme)) != row.data:
            kept.append(programme.title)
        elif programme.status == Programme.Status.DRAFT and programme.pk not in finished:
            gone.append(programme.pk)
        elif programme.status != Programme.Status.WITHDRAWN:
            programme.left_out, programme.status = programme.status, Programme.Status.WITHDRAWN
            programme.version += 1
            altered.append(programme)
    _save(altered)
    for start in range(0, len(gone), BATCH):
        report(start, len(rows))
        Programme.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    report(len(rows), len(rows))
    upload.status, upload.kept = Status.UNDONE, kept[:MOST_KEPT]
    upload.save(update_fields=["status", "kept", "updated_at"])
    audit(actor=actor, verb="undo upload", subject=upload, back=len(altered) + len(gone), kept=len(kept))
    _announce(altered)
    return upload


def _is_last(upload: ProgrammeUpload) -> bool:
    last = last_import(upload.school)
    return last is not None and last.pk == upload.pk


def _locked(upload: ProgrammeUpload) -> tuple[Organisation, ProgrammeUpload]:
    school = Organisation.objects.select_for_update().get(pk=upload.school_id)
    return school, ProgrammeUpload.objects.select_for_update().get(pk=upload.pk)


def _apply(row: UploadRow, which: int) -> bool:
    """Put the values after (1) or before (0) an upload into the programme, where it still has the other ones."""
    programme, other = row.programme, 1 - which
    plain = as_plain(as_data(programme))
    values = {name: pair[which] for name, pair in row.changes.items() if name in plain and plain[name] == pair[other]}
    now, then = row.changes.get("status", ("", ""))[other], row.changes.get("status", ("", ""))[which]
    # Taken off the site by hand is not left out: no upload, and no undoing of one, changes that.
    moves = programme.status == now and bool(programme.left_out) == (now == Programme.Status.WITHDRAWN)
    if moves:
        programme.status, programme.left_out = then, now if then == Programme.Status.WITHDRAWN else ""
    if values or moves:
        set_values(programme, from_plain(values), values)
    return bool(values or moves)


def _save(programmes: list[Programme]) -> None:
    Programme.objects.bulk_create(
        programmes, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=SAVED
    )


def _announce(programmes: list[Programme]) -> None:
    to_read = [programme.pk for programme in programmes if not programme.skills_proposed]
    if to_read:
        enqueue("education.propose_skills", to_read)
    for programme in programmes[:MOST_EVENTS]:
        if programme.status != Programme.Status.DRAFT:
            changed("programme", programme.pk)


@transaction.atomic
def erase_uploads(*, before: datetime) -> int:
    """Erase files that were never put in, and what is needed to undo older ones, last touched before this moment."""
    old = ProgrammeUpload.objects.filter(updated_at__lt=before)
    UploadRow.objects.filter(upload__in=old.filter(status__in=(Status.IMPORTED, Status.UNDONE))).delete()
    still = Q(status=Status.IMPORTED) & ~Q(origin=Origin.FEED, n_new=0, n_changed=0, n_withdrawn=0)
    _n, by_table = old.exclude(still).delete()
    erased = by_table.get(ProgrammeUpload._meta.label, 0)
    if erased:
        audit(actor=None, verb="erase old uploads", count=erased)
    return erased
