"""Programmes over the REST API: everybody reads what is published, a school manages its own."""

from django.http import Http404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import IsSchool
from core.api import Errors
from education import completions, operations, queries
from education.forms import CompletionsForm, ProgrammeForm, SearchForm
from education.models import Programme
from education.uploads import api as uploads
from education.uploads.cells import as_text


class SchoolView(Errors):
    permission_classes = [IsAuthenticated, IsSchool]

    def programme(self, pk: int) -> Programme:
        programme = queries.programme_for_school(self.organisation, pk)
        if programme is None:
            raise Http404
        return programme


class TaughtSerializer(serializers.Serializer):
    skill = serializers.IntegerField(source="skill_id")
    label = serializers.CharField(source="skill.label", read_only=True)
    level = serializers.IntegerField(min_value=1, max_value=5)
    confirmed = serializers.BooleanField(read_only=True)
    passage = serializers.CharField(read_only=True)


class PaperSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="certificate_id")
    label = serializers.CharField(source="certificate.label", read_only=True)


class ProgrammeSerializer(serializers.ModelSerializer):
    school = serializers.CharField(source="school.name", read_only=True)
    place = serializers.CharField(source="place_id", read_only=True, allow_null=True)
    place_name = serializers.CharField(source="place.name", read_only=True, default=None)

    class Meta:
        model = Programme
        fields = (
            "id", "school", "code", "title", "description", "kind", "crebo", "rio", "mode", "level", "entry_level",
            "entry_requirements", "entry_language_level", "grants_level", "weeks", "hours_per_week", "price",
            "price_with_subsidy", "subsidies", "language", "taught_language", "taught_language_level", "start_dates",
            "url", "place", "place_name", "status", "version",
        )  # fmt: skip
        read_only_fields = fields


class ProgrammeDetailSerializer(ProgrammeSerializer):
    skills = serializers.SerializerMethodField()
    certificates = serializers.SerializerMethodField()

    class Meta(ProgrammeSerializer.Meta):
        fields = (*ProgrammeSerializer.Meta.fields, "skills", "certificates")
        read_only_fields = fields

    def get_skills(self, programme: Programme) -> list[dict]:
        rows = queries.skills_of(programme)
        if not self.context.get("own"):
            rows = [row for row in rows if row.confirmed]
        return TaughtSerializer(rows, many=True).data

    def get_certificates(self, programme: Programme) -> list[dict]:
        return PaperSerializer(queries.certificates_of(programme), many=True).data


class ProgrammeInput(serializers.Serializer):
    """What a school sends. Kinds, levels and dates may be written as in an upload; `version` guards a change."""

    code = serializers.CharField(max_length=80)
    title = serializers.CharField(max_length=160)
    description = serializers.CharField(max_length=8000, required=False)
    kind = serializers.CharField()
    level = serializers.CharField(required=False)
    entry_level = serializers.CharField(required=False)
    grants_level = serializers.BooleanField(required=False)
    weeks = serializers.IntegerField(min_value=1, max_value=520)
    hours_per_week = serializers.IntegerField(min_value=1, max_value=60)
    price = serializers.CharField()
    mode = serializers.CharField(required=False)
    language = serializers.CharField(required=False)
    place = serializers.CharField(required=False)
    start_dates = serializers.ListField(child=serializers.CharField(), required=False)
    crebo = serializers.CharField(required=False)
    rio = serializers.CharField(required=False)
    entry_requirements = serializers.CharField(max_length=1000, required=False)
    entry_language_level = serializers.CharField(required=False)
    price_with_subsidy = serializers.CharField(required=False)
    subsidies = serializers.ListField(child=serializers.CharField(), required=False)
    taught_language = serializers.CharField(required=False)
    taught_language_level = serializers.CharField(required=False)
    url = serializers.URLField(required=False)
    version = serializers.IntegerField(required=False)


class SkillsInput(serializers.Serializer):
    skills = TaughtSerializer(many=True)
    certificates = serializers.ListField(child=serializers.IntegerField(), required=False, default=list)
    version = serializers.IntegerField(required=False, default=None, allow_null=True)
    publish = serializers.BooleanField(required=False, default=False)


# For everybody.


@extend_schema(
    parameters=[
        OpenApiParameter(name, str, description=what)
        for name, what in {
            "q": "words in title, description, school or place",
            "kind": "kind of programme",
            "mode": "when the lessons are",
            "level": "level somebody has (1-8)",
            "weeks": "most weeks: 1, 5, 13, 26 or 52",
            "price": "highest price: 0, 500, 1500 or 5000",
        }.items()
    ]
)
class PublishedList(generics.ListAPIView):
    """Published programmes."""

    permission_classes = [AllowAny]
    serializer_class = ProgrammeSerializer
    filter_backends = []
    queryset = Programme.objects.none()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        form = SearchForm(self.request.query_params)
        if not form.is_valid():
            raise ValidationError(form.errors)
        return queries.find_programmes(queries.Filters(**form.cleaned_data))


class PublishedDetail(generics.RetrieveAPIView):
    """One published programme with what it teaches."""

    permission_classes = [AllowAny]
    serializer_class = ProgrammeDetailSerializer
    queryset = Programme.objects.none()

    def get_queryset(self):
        return queries.published_programmes()


# For a school.


def _cleaned(form: ProgrammeForm | CompletionsForm) -> dict:
    if not form.is_valid():
        raise ValidationError(form.errors)
    return form.cleaned_data


def _as_typed(data) -> dict:
    """JSON values as somebody would type them: the form reads text."""
    if not hasattr(data, "items"):
        raise ValidationError(_("Send an object with the fields of a programme."))
    fields = ProgrammeForm.base_fields
    return {key: _typed(value) for key, value in data.items() if key in fields}


def _typed(value):
    """Lists stay lists (of texts): days and subsidies."""
    return [as_text(each) for each in value] if isinstance(value, list) else as_text(value)


def _version(data) -> int | None:
    value = data.get("version") if hasattr(data, "get") else None
    if value in (None, ""):
        return None
    if not str(value).isdecimal():
        raise ValidationError({"version": _("Write a whole number, for instance 12.")})
    return int(value)


class OwnList(SchoolView, generics.ListAPIView):
    """The school's own programmes in every state; POST makes a draft."""

    serializer_class = ProgrammeSerializer
    filter_backends = []
    queryset = Programme.objects.none()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return queries.programmes_of(self.organisation).select_related("school", "place")

    @extend_schema(request=ProgrammeInput, responses={201: ProgrammeDetailSerializer})
    def post(self, request: Request) -> Response:
        data = _cleaned(ProgrammeForm(_as_typed(request.data), school=self.organisation))
        programme = operations.save_programme(school=self.organisation, actor=request.user, data=data)
        return Response(
            ProgrammeDetailSerializer(programme, context={"own": True}).data, status=status.HTTP_201_CREATED
        )


class OwnDetail(SchoolView):
    """One of the school's programmes, with proposals. PUT replaces it, PATCH changes what is sent, DELETE withdraws."""

    @extend_schema(responses=ProgrammeDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return self.answer(self.programme(pk))

    @extend_schema(request=ProgrammeInput, responses=ProgrammeDetailSerializer)
    def put(self, request: Request, pk: int) -> Response:
        return self.save(request, self.programme(pk), {})

    @extend_schema(request=ProgrammeInput(partial=True), responses=ProgrammeDetailSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        programme = self.programme(pk)
        plain = queries.as_plain(queries.as_data(programme)) | {"code": programme.code}
        return self.save(request, programme, {key: _typed(value) for key, value in plain.items()})

    @extend_schema(responses=ProgrammeDetailSerializer)
    def delete(self, request: Request, pk: int) -> Response:
        return self.answer(operations.withdraw_programme(programme=self.programme(pk), actor=request.user))

    def save(self, request: Request, programme: Programme, before: dict) -> Response:
        form = ProgrammeForm(before | _as_typed(request.data), school=self.organisation, programme=programme)
        saved = operations.save_programme(
            school=self.organisation, actor=request.user, programme=programme,
            data=_cleaned(form), version=_version(request.data),
        )  # fmt: skip
        return self.answer(saved)

    def answer(self, programme: Programme) -> Response:
        return Response(ProgrammeDetailSerializer(programme, context={"own": True}).data)


class OwnPublish(SchoolView):
    """Put a programme on the site."""

    @extend_schema(request=None, responses=ProgrammeDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        programme = operations.publish_programme(programme=self.programme(pk), actor=request.user)
        return Response(ProgrammeDetailSerializer(programme, context={"own": True}).data)


class OwnWithdraw(SchoolView):
    """Take a programme off the site."""

    @extend_schema(request=None, responses=ProgrammeDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        programme = operations.withdraw_programme(programme=self.programme(pk), actor=request.user)
        return Response(ProgrammeDetailSerializer(programme, context={"own": True}).data)


class OwnSkills(SchoolView):
    """Confirm what a programme teaches; what is left out is dropped."""

    @extend_schema(request=SkillsInput, responses=ProgrammeDetailSerializer)
    def put(self, request: Request, pk: int) -> Response:
        sent = SkillsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        programme = operations.confirm_skills(
            programme=self.programme(pk), actor=request.user, publish=data["publish"], version=data["version"],
            skills={row["skill_id"]: row["level"] for row in data["skills"]}, certificates=data["certificates"],
        )  # fmt: skip
        return Response(ProgrammeDetailSerializer(programme, context={"own": True}).data)


class CompletionsInput(serializers.Serializer):
    """`learners`: an e-mail address or the code that a learner gave, each."""

    learners = serializers.ListField(child=serializers.CharField(max_length=254), min_length=1, max_length=500)
    finished_on = serializers.DateField()


class CompletionsOutput(serializers.Serializer):
    confirmed = serializers.IntegerField(help_text="how many are new; nothing is said about accounts or answers")


class OwnCompletions(SchoolView):
    """Say who finished a programme. The people decide themselves whether it comes on their smart CV."""

    @extend_schema(request=CompletionsInput, responses={201: CompletionsOutput})
    def post(self, request: Request, pk: int) -> Response:
        programme = self.programme(pk)
        sent = CompletionsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        form = CompletionsForm(
            {"learners": "\n".join(sent.validated_data["learners"]), "finished_on": sent.validated_data["finished_on"]}
        )
        new = completions.confirm_completions(
            programme=programme, actor=request.user, today=timezone.localdate(),
            link=request.build_absolute_uri(reverse("matching:learned")), **_cleaned(form),
        )  # fmt: skip
        return Response({"confirmed": new}, status=status.HTTP_201_CREATED)


urlpatterns = [
    path("programmes/", PublishedList.as_view(), name="api-programmes"),
    path("programmes/<int:pk>/", PublishedDetail.as_view(), name="api-programme"),
    path("school/programmes/", OwnList.as_view(), name="api-school-programmes"),
    path("school/programmes/<int:pk>/", OwnDetail.as_view(), name="api-school-programme"),
    path("school/programmes/<int:pk>/publish/", OwnPublish.as_view(), name="api-school-programme-publish"),
    path("school/programmes/<int:pk>/withdraw/", OwnWithdraw.as_view(), name="api-school-programme-withdraw"),
    path("school/programmes/<int:pk>/skills/", OwnSkills.as_view(), name="api-school-programme-skills"),
    path("school/programmes/<int:pk>/completions/", OwnCompletions.as_view(), name="api-school-programme-completions"),
    *uploads.urlpatterns,
]
