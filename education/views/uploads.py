"""Files with programmes: sending, the dry run, putting in."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import View

from accounts.permissions import SchoolRequired
from core.exceptions import Refused
from education import queries
from education.models import ProgrammeUpload, UploadRow
from education.uploads import checking, files, importing
from education.uploads import mapping as mappings
from education.uploads.columns import BY_FIELD, as_cell
from education.uploads.forms import FORM_OVERHEAD, MappingForm, UploadForm, too_large_message
from education.uploads.progress import recall
from education.uploads.sources import read_table
from education.views.downloads import download

DISCARD_AT_MOST = 64 * 1024 * 1024
Status = ProgrammeUpload.Status


@method_decorator(csrf_exempt, name="dispatch")
class Upload(View):
    """Send a file. A body that is far too large is refused before the form is read (so before the CSRF check)."""

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        if size > settings.MAX_UPLOAD_BYTES + FORM_OVERHEAD:
            _discard(request, size)
            request.method = "GET"
            return UploadPage.as_view(too_large=True)(request)
        return csrf_protect(UploadPage.as_view())(request)


def _discard(request: HttpRequest, size: int) -> None:
    """Read the body away without keeping it: a browser that is still sending does not see our answer."""
    left = min(size, DISCARD_AT_MOST)
    while left > 0 and (chunk := request.read(min(left, 65536))):
        left -= len(chunk)


class UploadPage(SchoolRequired, View):
    too_large = False

    def get(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm()
        if self.too_large:
            form = UploadForm({}, {})
            form.errors.clear()
            form.add_error("file", too_large_message())
        return self.show(form, 413 if self.too_large else 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, 422)
        file = form.cleaned_data["file"]
        try:
            upload = checking.receive_upload(
                school=self.organisation, actor=request.user, filename=file.name, content=file.read(),
                complete=form.cleaned_data["complete"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("file", refusal.message)
            return self.show(form, 422)
        checking.begin_check(upload=upload, actor=request.user, language=get_language())
        return redirect("education:upload-detail", upload.ref)

    def show(self, form: UploadForm, status: int) -> HttpResponse:
        uploads = queries.uploads_of(self.organisation)[:5]
        return render(self.request, "education/upload.html", {"form": form, "uploads": uploads}, status=status)


class OwnUpload(SchoolRequired):
    def upload(self, ref) -> ProgrammeUpload:
        upload = queries.upload_for_school(self.organisation, ref)
        if upload is None:
            raise Http404
        return upload


class UploadDetail(OwnUpload, View):
    """The dry run: progress while it is checked, then what would change, or what is wrong."""

    def get(self, request: HttpRequest, ref) -> HttpResponse:
        upload = self.upload(ref)
        if upload.status == Status.MAPPING:
            return redirect("education:upload-columns", ref)
        if upload.status in (Status.WAITING, Status.IMPORTING, Status.UNDOING):
            template = "education/progress_part.html" if request.htmx else "education/progress.html"
            done, of = recall(upload.pk) or (0, 0)
            return render(request, template, {"upload": upload, "done": done, "of": of})
        if request.htmx:
            return HttpResponse(headers={"HX-Refresh": "true"})
        state = request.GET.get("show", "")
        state = state if state in UploadRow.State.values else ""
        page = Paginator(upload.errors or queries.rows_of(upload, state), 50).get_page(request.GET.get("page"))
        last = queries.last_import(self.organisation)
        context = {
            "upload": upload, "page_obj": page, "rows": [] if upload.errors else [_shown(row) for row in page],
            "state": state, "states": _states(upload),
            "n_to_import": upload.n_new + upload.n_changed + upload.n_withdrawn,
            "n_error_rows": len({error["row"] for error in upload.errors}),
            "mapped": _mapped(upload), "can_undo": last is not None and last.pk == upload.pk,
        }  # fmt: skip
        return render(request, "education/upload_detail.html", context)


def _shown(row: UploadRow) -> dict:
    """A row of the dry run with its changes in words."""
    changes = [
        (BY_FIELD[name].name, *(_short(as_cell(name, value)) for value in pair))
        for name, pair in row.changes.items()
        if name in BY_FIELD
    ]
    returns = row.state == UploadRow.State.CHANGED and "status" in row.changes
    return {"number": row.number, "code": row.code, "title": row.title, "state": row.state, "changes": changes,
            "returns": returns}  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def _states(upload: ProgrammeUpload) -> list[tuple[str, object, int]]:
    counts = (upload.n_new, upload.n_changed, upload.n_unchanged, upload.n_withdrawn)
    found = zip(UploadRow.State.choices, counts, strict=True)
    return [(value, label, n) for (value, label), n in found if n]


def _mapped(upload: ProgrammeUpload) -> list[tuple[str, str, str]]:
    """(our column, the columns of the file, what empty cells mean) for what was used."""
    mapping = mappings.from_json(upload.mapping)
    names = [name for name in BY_FIELD if name in mapping.columns or name in mapping.defaults]
    return [
        (
            BY_FIELD[name].name,
            " + ".join(upload.header[at] or str(at + 1) for at in mapping.columns.get(name, [])),
            mapping.defaults.get(name, ""),
        )
        for name in names
    ]


class UploadColumns(OwnUpload, View):
    """Say what the columns of a file hold."""

    def get(self, request: HttpRequest, ref) -> HttpResponse:
        upload, content = self.with_content(ref)
        if content is None:
            messages.warning(request, _("We no longer have this file. Upload it again."))
            return redirect("education:upload-detail", ref)
        mapping = mappings.from_json(upload.mapping)
        return self.show(upload, self.form(content, upload, mapping), mapping.missing)

    def post(self, request: HttpRequest, ref) -> HttpResponse:
        upload, content = self.with_content(ref)
        if content is None:
            return redirect("education:upload-detail", ref)
        form = self.form(content, upload, None, request.POST)
        if not form.is_valid():
            return self.show(upload, form, [])
        try:
            upload = checking.choose_columns(upload=upload, actor=request.user, mapping=form.mapping())
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.show(upload, form, [])
        checking.begin_check(upload=upload, actor=request.user, language=get_language())
        return redirect("education:upload-detail", ref)

    def with_content(self, ref) -> tuple[ProgrammeUpload, bytes | None]:
        upload = self.upload(ref)
        return upload, bytes(upload.content) if upload.content else None

    def form(self, content: bytes, upload: ProgrammeUpload, mapping, data=None) -> MappingForm:
        table = read_table(content, only_top=True)
        examples = [mappings.examples(table, at) for at in range(len(table.header))]
        return MappingForm(data, header=table.header, examples=examples, mapping=mapping)

    def show(self, upload: ProgrammeUpload, form: MappingForm, missing: list[str]) -> HttpResponse:
        rows = form.rows()
        main = [row for row in rows if row["column"].required or row["select"].value() not in (None, "")]
        rest = [row for row in rows if row not in main]
        context = {
            "upload": upload, "form": form, "missing": [BY_FIELD[name].name for name in missing], "main": main,
            "rest": rest,
            "rest_open": any(row["select"].errors or (row["default"] and row["default"].errors) for row in rest),
        }  # fmt: skip
        return render(self.request, "education/mapping.html", context, status=422 if form.errors else 200)


class UploadCheck(OwnUpload, View):
    """Ask once more for work that did not begin: for when the queue stood still."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, ref) -> HttpResponse:
        upload = self.upload(ref)
        if upload.status == Status.UNDOING:
            importing.begin_undo(upload=upload, actor=request.user, language=get_language())
        elif upload.status == Status.IMPORTING:
            importing.begin_import(upload=upload, actor=request.user, language=get_language(), now=timezone.now())
        else:
            checking.begin_check(upload=upload, actor=request.user, language=get_language())
        return redirect("education:upload-detail", ref)


class UploadImport(OwnUpload, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, ref) -> HttpResponse:
        try:
            upload = importing.begin_import(
                upload=self.upload(ref), actor=request.user, language=get_language(), now=timezone.now()
            )
        except Refused as refusal:
            messages.warning(request, refusal.message)
            return redirect("education:upload-detail", ref)
        if upload.status != Status.IMPORTED:
            return redirect("education:upload-detail", ref)
        messages.success(
            request,
            _("Done: %(new)s new, %(changed)s changed, %(withdrawn)s off the site.")
            % {"new": upload.n_new, "changed": upload.n_changed, "withdrawn": upload.n_withdrawn},
        )
        return redirect("education:upload-detail", ref)


class UploadUndo(OwnUpload, View):
    """Ask first, then take the last upload back."""

    def get(self, request: HttpRequest, ref) -> HttpResponse:
        return render(request, "education/undo.html", {"upload": self.upload(ref)})

    def post(self, request: HttpRequest, ref) -> HttpResponse:
        try:
            upload = importing.begin_undo(upload=self.upload(ref), actor=request.user, language=get_language())
        except Refused as refusal:
            messages.warning(request, refusal.message)
            return redirect("education:upload-detail", ref)
        if upload.status == Status.UNDONE:
            messages.success(request, _("Undone: your programmes are as they were before this file."))
        return redirect("education:upload-detail", ref)


class UploadErrors(OwnUpload, View):
    def get(self, request: HttpRequest, ref) -> HttpResponse:
        return download(files.csv_file(files.error_rows(self.upload(ref).errors)), "fouten.csv", "text/csv")
