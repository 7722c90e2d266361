"""Files with programmes over the REST API."""

from django.conf import settings
from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import IsSchool
from core.api import Errors
from education import queries
from education.models import ProgrammeUpload, UploadRow
from education.uploads import checking, importing
from education.uploads.columns import BY_FIELD
from education.uploads.forms import FORM_OVERHEAD, UploadForm, too_large_message
from education.uploads.mapping import Mapping


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class UploadSerializer(serializers.ModelSerializer):
    """`mapping` says which columns (by position in `header`) go into which field, and what empty cells mean."""

    class Meta:
        model = ProgrammeUpload
        fields = (
            "ref", "filename", "origin", "complete", "status", "n_rows", "n_new", "n_changed", "n_unchanged",
            "n_withdrawn", "header", "mapping", "ignored", "errors", "created_at", "imported_at",
        )  # fmt: skip
        read_only_fields = fields


class UploadRowSerializer(serializers.ModelSerializer):
    """One row of a dry run; `changes` maps a field to its value before and after."""

    class Meta:
        model = UploadRow
        fields = ("number", "code", "title", "state", "changes")
        read_only_fields = fields


class UploadInput(serializers.Serializer):
    file = serializers.FileField()
    complete = serializers.BooleanField(required=False, default=False)


class ColumnsInput(serializers.Serializer):
    """`columns` maps our fields to positions in the header, `defaults` to what an empty cell means."""

    columns = serializers.DictField(child=serializers.ListField(child=serializers.IntegerField(min_value=0)))
    defaults = serializers.DictField(child=serializers.CharField(max_length=200), required=False, default=dict)


class UploadView(Errors):
    permission_classes = [IsAuthenticated, IsSchool]

    def upload(self, ref) -> ProgrammeUpload:
        upload = queries.upload_for_school(self.organisation, ref)
        if upload is None:
            raise Http404
        return upload

    def answer(self, upload: ProgrammeUpload, code: int = status.HTTP_200_OK) -> Response:
        return Response(UploadSerializer(upload).data, status=code)


class Uploads(UploadView):
    """Send a CSV, XLSX or OOAPI (JSON) file as `file`: a dry run that says what would change.

    A long file is checked afterwards: its status is `waiting` until then, so ask for the upload again. `mapping` means
    that required fields have no column yet: say which under `columns/`. With `complete`, what is not in the file goes
    off the site.
    """

    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": UploadInput}, responses={201: UploadSerializer})
    def post(self, request: Request) -> Response:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.MAX_UPLOAD_BYTES + FORM_OVERHEAD:
            raise TooLarge(detail=too_large_message())
        form = UploadForm(request.data, request.FILES)
        if not form.is_valid():
            raise ValidationError(form.errors)
        file = form.cleaned_data["file"]
        upload = checking.receive_upload(
            school=self.organisation, actor=request.user, filename=file.name, content=file.read(),
            complete=form.cleaned_data["complete"],
        )  # fmt: skip
        upload = checking.begin_check(upload=upload, actor=request.user, language=get_language())
        return self.answer(upload, status.HTTP_201_CREATED)


class OneUpload(UploadView):
    """The outcome of a dry run."""

    @extend_schema(responses=UploadSerializer)
    def get(self, request: Request, ref) -> Response:
        return self.answer(self.upload(ref))


class UploadColumns(UploadView):
    """Say what the columns of a file hold, and check it again."""

    @extend_schema(request=ColumnsInput, responses=UploadSerializer)
    def put(self, request: Request, ref) -> Response:
        upload = self.upload(ref)
        sent = ColumnsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        mapping = Mapping(sent.validated_data["columns"], sent.validated_data["defaults"])
        unknown = (set(mapping.columns) | set(mapping.defaults)) - set(BY_FIELD)
        positions = {at for several in mapping.columns.values() for at in several}
        if unknown or not positions <= set(range(len(upload.header))):
            raise ValidationError({"columns": _("There is a field or position that we do not know.")})
        upload = checking.choose_columns(upload=upload, actor=request.user, mapping=mapping)
        upload = checking.begin_check(upload=upload, actor=request.user, language=get_language())
        return self.answer(upload)


class UploadRows(UploadView, generics.ListAPIView):
    """The rows of a dry run with what each would change; `state` narrows: new, changed, unchanged or withdrawn."""

    serializer_class = UploadRowSerializer
    filter_backends = []
    queryset = UploadRow.objects.none()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return queries.rows_of(self.upload(self.kwargs["ref"]), self.request.query_params.get("state", ""))


class ImportUpload(UploadView):
    """Put a checked file in, whole or not at all. A long one has the status `importing` until it is in."""

    @extend_schema(request=None, responses=UploadSerializer)
    def post(self, request: Request, ref) -> Response:
        upload = importing.begin_import(
            upload=self.upload(ref), actor=request.user, language=get_language(), now=timezone.now()
        )
        return self.answer(upload)


class UndoUpload(UploadView):
    """Take the last file that was put in back. A long one has the status `undoing` until it is done."""

    @extend_schema(request=None, responses=UploadSerializer)
    def post(self, request: Request, ref) -> Response:
        return self.answer(importing.begin_undo(upload=self.upload(ref), actor=request.user, language=get_language()))


urlpatterns = [
    path("school/uploads/", Uploads.as_view(), name="api-school-uploads"),
    path("school/uploads/<uuid:ref>/", OneUpload.as_view(), name="api-school-upload"),
    path("school/uploads/<uuid:ref>/columns/", UploadColumns.as_view(), name="api-school-upload-columns"),
    path("school/uploads/<uuid:ref>/rows/", UploadRows.as_view(), name="api-school-upload-rows"),
    path("school/uploads/<uuid:ref>/import/", ImportUpload.as_view(), name="api-school-upload-import"),
    path("school/uploads/<uuid:ref>/undo/", UndoUpload.as_view(), name="api-school-upload-undo"),
]
