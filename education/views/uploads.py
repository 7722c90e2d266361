"""Files with programmes: sending, the dry run, putting in."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import View

from accounts.permissions import SchoolRequired
from core.exceptions import Refused
from education import files, queries, uploading
from education.columns import BY_FIELD
from education.forms import FORM_OVERHEAD, UploadForm, too_large_message
from education.models import ProgrammeUpload
from education.progress import recall
from education.views.downloads import download

DISCARD_AT_MOST = 64 * 1024 * 1024


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
            upload = uploading.receive_upload(
                school=self.organisation, actor=request.user, filename=file.name, content=file.read()
            )
        except Refused as refusal:
            form.add_error("file", refusal.message)
            return self.show(form, 422)
        uploading.begin_check(upload=upload, actor=request.user, language=get_language())
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
        if upload.status == ProgrammeUpload.Status.WAITING:
            template = "education/progress_part.html" if request.htmx else "education/progress.html"
            done, of = recall(upload.pk) or (0, 0)
            return render(request, template, {"upload": upload, "done": done, "of": of})
        if request.htmx:
            return HttpResponse(headers={"HX-Refresh": "true"})
        changes = [row for row in upload.rows if row["state"] != "unchanged"]
        items = upload.errors or changes
        page = Paginator(items, 50).get_page(request.GET.get("page"))
        context = {
            "upload": upload, "page_obj": page, "rows": [] if upload.errors else _rows_for_display(page),
            "n_to_import": upload.n_new + upload.n_changed,
            "n_error_rows": len({error["row"] for error in upload.errors}),
        }  # fmt: skip
        return render(request, "education/upload_detail.html", context)


def _rows_for_display(page) -> list[dict]:
    return [
        row | {"columns": [(BY_FIELD[field].name, *values) for field, values in row["changes"].items()]} for row in page
    ]


class UploadCheck(OwnUpload, View):
    """Ask once more for a check that did not begin: for when the queue stood still."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, ref) -> HttpResponse:
        uploading.begin_check(upload=self.upload(ref), actor=request.user, language=get_language())
        return redirect("education:upload-detail", ref)


class UploadImport(OwnUpload, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, ref) -> HttpResponse:
        try:
            upload = uploading.import_upload(upload=self.upload(ref), actor=request.user)
        except Refused as refusal:
            messages.warning(request, refusal.message)
            return redirect("education:upload-detail", ref)
        messages.success(
            request,
            _("Done: %(new)s new, %(changed)s changed. Now confirm what they teach.")
            % {"new": upload.n_new, "changed": upload.n_changed},
        )
        return redirect("education:skills")


class UploadErrors(OwnUpload, View):
    def get(self, request: HttpRequest, ref) -> HttpResponse:
        return download(files.csv_file(files.error_rows(self.upload(ref).errors)), "fouten.csv", "text/csv")
