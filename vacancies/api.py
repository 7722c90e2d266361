"""Vacancies over the REST API: everybody reads what is open, a firm manages its own. Same forms and operations as pages."""

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import IsEmployer
from core.api import Errors
from core.choices import Day, EducationLevel, Importance, Language, LanguageLevel, Level
from taxonomy.models import Certificate, Skill
from vacancies import operations, queries
from vacancies.forms import (
    MOST_PAPERS,
    MOST_SKILLS,
    OFFERS,
    Asked,
    SearchForm,
    VacancyForm,
    as_querydict,
    as_text,
    is_offered,
)
from vacancies.models import Vacancy

BIGGEST_ID = 2**63 - 1


# What is sent back.


class AskedSkillSerializer(serializers.Serializer):
    skill = serializers.IntegerField(source="skill_id")
    label = serializers.CharField(source="skill.label")
    importance = serializers.IntegerField()
    level = serializers.IntegerField(source="min_level")
    hard = serializers.BooleanField(source="is_hard")


class AskedLanguageSerializer(serializers.Serializer):
    language = serializers.CharField()
    level = serializers.IntegerField()
    hard = serializers.BooleanField(source="is_hard")


class AskedPaperSerializer(serializers.Serializer):
    certificate = serializers.IntegerField(source="certificate_id")
    label = serializers.CharField(source="certificate.label")
    hard = serializers.BooleanField(source="is_hard")


class VacancySerializer(serializers.ModelSerializer):
    """What lists show. `kind` is "function" for a role without an opening."""

    organisation = serializers.CharField(source="organisation.name")
    occupation_label = serializers.CharField(source="occupation.label")
    postcode = serializers.CharField(source="place_id", allow_null=True)
    place = serializers.CharField(source="place.name", default=None)

    class Meta:
        model = Vacancy
        fields = (
            "id", "kind", "status", "title", "organisation", "occupation", "occupation_label", "postcode", "place",
            "remote", "hours_min", "hours_max", "pay_min", "pay_max", "published_at", "closes_on",
        )  # fmt: skip
        read_only_fields = fields


class VacancyDetailSerializer(VacancySerializer):
    days = serializers.SerializerMethodField(help_text="Monday 1, Tuesday 2, Wednesday 4 … Sunday 64")
    offers = serializers.SerializerMethodField()
    skills = AskedSkillSerializer(source="requirements", many=True)
    languages = AskedLanguageSerializer(source="language_requirements", many=True)
    certificates = AskedPaperSerializer(source="certificate_requirements", many=True)

    class Meta(VacancySerializer.Meta):
        fields = (
            *VacancySerializer.Meta.fields, "text", "days", "education_level", "education_is_hard", "openings",
            "starts_on", "closed_at", "offers", "skills", "languages", "certificates", "version",
        )  # fmt: skip
        read_only_fields = fields

    def get_days(self, vacancy: Vacancy) -> list[int]:
        return [day for day in Day.values if vacancy.days & day]

    def get_offers(self, vacancy: Vacancy) -> list[str]:
        return [name for name in OFFERS if is_offered(getattr(vacancy, name))]


# What a firm sends. These check the shape; the rules are those of the form.


class SkillInput(serializers.Serializer):
    skill = serializers.IntegerField(min_value=1, max_value=BIGGEST_ID)
    importance = serializers.ChoiceField(Importance.choices, default=Importance.IMPORTANT)
    level = serializers.ChoiceField(Level.choices, default=Level.INDEPENDENT)
    hard = serializers.BooleanField(default=False)


class LanguageInput(serializers.Serializer):
    language = serializers.ChoiceField(Language.choices)
    level = serializers.ChoiceField(LanguageLevel.choices, default=LanguageLevel.B1)
    hard = serializers.BooleanField(default=False)


class PaperInput(serializers.Serializer):
    certificate = serializers.IntegerField(min_value=1, max_value=BIGGEST_ID)
    hard = serializers.BooleanField(default=False)


class VacancyInput(serializers.Serializer):
    title = serializers.CharField(max_length=120)
    occupation = serializers.IntegerField(min_value=1, max_value=BIGGEST_ID)
    kind = serializers.ChoiceField(Vacancy.Kind.choices, required=False)
    text = serializers.CharField(max_length=8000)
    postcode = serializers.CharField(max_length=8)
    remote = serializers.BooleanField(required=False)
    hours_min = serializers.IntegerField()
    hours_max = serializers.IntegerField()
    days = serializers.ListField(child=serializers.ChoiceField(Day.choices), required=False, max_length=7)
    pay_min = serializers.IntegerField(help_text="euros a month before tax, full-time")
    pay_max = serializers.IntegerField()
    education_level = serializers.ChoiceField(EducationLevel.choices, required=False, allow_null=True)
    education_is_hard = serializers.BooleanField(required=False)
    openings = serializers.IntegerField(required=False)
    starts_on = serializers.DateField(required=False, allow_null=True)
    closes_on = serializers.DateField(required=False, allow_null=True)
    offers = serializers.ListField(child=serializers.ChoiceField(list(OFFERS)), required=False, max_length=len(OFFERS))
    skills = SkillInput(many=True, max_length=MOST_SKILLS)
    languages = LanguageInput(many=True, required=False, max_length=len(Language))
    certificates = PaperInput(many=True, required=False, max_length=MOST_PAPERS)
    version = serializers.IntegerField(required=False, help_text="the version that you read; required for a change")

    def validate_skills(self, rows: list[dict]) -> list[dict]:
        return _known(rows, "skill", Skill)

    def validate_certificates(self, rows: list[dict]) -> list[dict]:
        return _known(rows, "certificate", Certificate)

    def validate_languages(self, rows: list[dict]) -> list[dict]:
        return _once(rows, "language")


def _once(rows: list[dict], name: str) -> list[dict]:
    if len({row[name] for row in rows}) < len(rows):
        raise ValidationError(_("Every one can be there only once."))
    return rows


def _known(rows: list[dict], name: str, model) -> list[dict]:
    known = set(model.objects.filter(pk__in=[row[name] for row in rows]).values_list("pk", flat=True))
    for row in rows:
        if row[name] not in known:
            raise ValidationError(_("We do not know number %(pk)s.") % {"pk": row[name]})
    return _once(rows, name)


ROWS = {"skills": ("skill", ""), "languages": ("language", "language_"), "certificates": ("paper", "paper_")}


def _as_typed(data: dict) -> dict[str, list[str]]:
    """What was sent, as the details page would post it."""
    typed: dict[str, list[str]] = {}
    for name, value in data.items():
        if name in ROWS:
            key, prefix = ROWS[name]
            typed[key] = []
            for row in value:
                pk = str(row["certificate" if key == "paper" else key])
                typed[key].append(pk)
                typed |= {f"{prefix}{part}_{pk}": [str(row[part])] for part in ("importance", "level") if part in row}
                if row["hard"]:
                    typed[f"{prefix}hard_{pk}"] = ["on"]
        elif isinstance(value, list):
            typed[name] = [str(item) for item in value]
        elif isinstance(value, bool):
            typed[name] = ["on"] if value else []
        else:
            typed[name] = [as_text(value)]
    return typed


NEW = {"kind": ["vacancy"], "openings": ["1"], "days": ["1", "2", "4", "8", "16"]}


def _checked(typed: dict[str, list[str]], before: Vacancy | None) -> dict:
    """What the operations take. Raises ValidationError by the rules of the form."""
    data = as_querydict(typed)
    form, asked = VacancyForm(data, today=timezone.localdate(), before=before), Asked(data)
    if not form.is_valid() or asked.errors:
        errors = dict(form.errors)
        raise ValidationError(errors | ({"skills": asked.errors} if asked.errors else {}))
    return form.values() | asked.values()


# For everybody.


@extend_schema(
    parameters=[
        OpenApiParameter("text", str, description="work or firm"),
        OpenApiParameter("sector", str),
        OpenApiParameter("postcode", str, description="four digits"),
        OpenApiParameter("max_km", int, description="5, 10, 20 or 40"),
        OpenApiParameter("hours", int),
        OpenApiParameter("min_pay", int),
        OpenApiParameter("kind", str, enum=["vacancy", "function"]),
    ]
)
class OpenList(generics.ListAPIView):
    """Open vacancies and functions, newest first."""

    permission_classes = [AllowAny]
    serializer_class = VacancySerializer
    filter_backends = []
    queryset = Vacancy.objects.none()

    def get_queryset(self) -> QuerySet[Vacancy]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        form = SearchForm(self.request.query_params)
        if not form.is_valid():
            raise ValidationError(form.errors)
        return queries.search(**form.criteria())


class OpenDetail(generics.RetrieveAPIView):
    """One open vacancy with all that it asks."""

    permission_classes = [AllowAny]
    serializer_class = VacancyDetailSerializer
    queryset = Vacancy.objects.none()

    def get_queryset(self) -> QuerySet[Vacancy]:
        return queries.with_requirements().filter(status=Vacancy.Status.OPEN)


# For a firm.


class EmployerView(Errors):
    permission_classes = [IsAuthenticated, IsEmployer]
    parser_classes = [JSONParser]

    def vacancy(self, pk: int) -> Vacancy:
        vacancy = queries.vacancy_of(self.organisation, pk)
        if vacancy is None:
            raise Http404
        return vacancy

    def answer(self, vacancy: Vacancy, code: int = status.HTTP_200_OK) -> Response:
        vacancy = queries.with_requirements().get(pk=vacancy.pk)
        return Response(VacancyDetailSerializer(vacancy).data, status=code)


class OwnList(EmployerView, generics.ListAPIView):
    """The firm's own vacancies in every state; POST makes a draft."""

    serializer_class = VacancySerializer
    filter_backends = []
    queryset = Vacancy.objects.none()

    def get_queryset(self) -> QuerySet[Vacancy]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return queries.vacancies_of(self.organisation)

    @extend_schema(request=VacancyInput, responses={201: VacancyDetailSerializer})
    def post(self, request: Request) -> Response:
        sent = VacancyInput(data=request.data)
        sent.is_valid(raise_exception=True)
        values = _checked(NEW | _as_typed(sent.validated_data), None)
        vacancy = operations.create_vacancy(organisation=self.organisation, values=values, actor=request.user)
        return self.answer(vacancy, status.HTTP_201_CREATED)


class OwnDetail(EmployerView):
    """One of the firm's vacancies. PUT replaces it, PATCH changes what is sent, DELETE throws a draft away."""

    @extend_schema(responses=VacancyDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return self.answer(self.vacancy(pk))

    @extend_schema(request=VacancyInput, responses=VacancyDetailSerializer)
    def put(self, request: Request, pk: int) -> Response:
        return self.save(request, self.vacancy(pk), partial=False)

    @extend_schema(request=VacancyInput(partial=True), responses=VacancyDetailSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        return self.save(request, self.vacancy(pk), partial=True)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        operations.delete_draft(vacancy=self.vacancy(pk), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def save(self, request: Request, vacancy: Vacancy, *, partial: bool) -> Response:
        data = request.data
        if partial and isinstance(data, dict):  # what is not sent stays as it is; rows are replaced as a whole
            stored = VacancyDetailSerializer(queries.with_requirements().get(pk=vacancy.pk)).data
            data = {key: value for key, value in stored.items() if key != "version"} | data
        sent = VacancyInput(data=data)
        sent.is_valid(raise_exception=True)
        version = sent.validated_data.pop("version", None)
        if version is None:
            raise ValidationError({"version": _("Send the version that you read, so that nobody’s changes get lost.")})
        values = _checked(NEW | {"kind": [vacancy.kind]} | _as_typed(sent.validated_data), vacancy)
        saved = operations.update_vacancy(vacancy=vacancy, version=version, values=values, actor=request.user)
        return self.answer(saved)


class OwnPublish(EmployerView):
    """Put a vacancy on the site; a closed one opens again."""

    @extend_schema(request=None, responses=VacancyDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        vacancy = self.vacancy(pk)
        return self.answer(operations.publish_vacancy(vacancy=vacancy, actor=request.user, now=timezone.now()))


class OwnClose(EmployerView):
    """Take a vacancy off the site. Nobody is turned down by this."""

    @extend_schema(request=None, responses=VacancyDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        vacancy = self.vacancy(pk)
        return self.answer(operations.close_vacancy(vacancy=vacancy, actor=request.user, now=timezone.now()))


class OwnCopy(EmployerView):
    """A new draft with the same contents."""

    @extend_schema(request=None, responses={201: VacancyDetailSerializer})
    def post(self, request: Request, pk: int) -> Response:
        copy = operations.copy_vacancy(vacancy=self.vacancy(pk), actor=request.user)
        return self.answer(copy, status.HTTP_201_CREATED)


urlpatterns = [
    path("vacancies/", OpenList.as_view(), name="api-vacancies"),
    path("vacancies/<int:pk>/", OpenDetail.as_view(), name="api-vacancy"),
    path("employer/vacancies/", OwnList.as_view(), name="api-employer-vacancies"),
    path("employer/vacancies/<int:pk>/", OwnDetail.as_view(), name="api-employer-vacancy"),
    path("employer/vacancies/<int:pk>/publish/", OwnPublish.as_view(), name="api-employer-vacancy-publish"),
    path("employer/vacancies/<int:pk>/close/", OwnClose.as_view(), name="api-employer-vacancy-close"),
    path("employer/vacancies/<int:pk>/copy/", OwnCopy.as_view(), name="api-employer-vacancy-copy"),
]
