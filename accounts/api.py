"""The account over the REST API: who am I, my data, and putting a firm or school on the platform."""

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import operations, queries
from accounts.forms import EmployerForm, SchoolForm, SettingsForm
from accounts.models import Organisation, User
from core.api import Errors


class OrganisationSerializer(serializers.ModelSerializer):
    postcode = serializers.CharField(source="place_id", allow_null=True)
    sector = serializers.CharField()

    class Meta:
        model = Organisation
        fields = ("ref", "kind", "name", "kvk", "brin", "sector", "size", "postcode", "about", "website")
        read_only_fields = fields


class MeSerializer(serializers.ModelSerializer):
    organisations = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("email", "name", "phone", "language", "is_analyst", "organisations")
        read_only_fields = ("email", "is_analyst")

    @extend_schema(responses=OrganisationSerializer(many=True))
    def get_organisations(self, user: User) -> list[dict]:
        return OrganisationSerializer(queries.organisations_of(user), many=True).data


class MeInput(serializers.Serializer):
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    language = serializers.CharField(max_length=2, required=False, help_text="nl or en")


class EmployerInput(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    kvk = serializers.CharField(max_length=20)
    sector = serializers.CharField()
    size = serializers.ChoiceField(Organisation.Size.choices)
    postcode = serializers.CharField(max_length=8)
    about = serializers.CharField(max_length=2000, required=False)


class SchoolInput(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    brin = serializers.CharField(max_length=6, required=False)
    postcode = serializers.CharField(max_length=8)
    about = serializers.CharField(max_length=2000, required=False)


class Mine(Errors):
    permission_classes = [IsAuthenticated]


class Me(Mine):
    """The person who asks; PATCH changes name, phone number or language."""

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(request.user).data)

    @extend_schema(request=MeInput, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        sent = MeInput(data=request.data)
        sent.is_valid(raise_exception=True)
        user = request.user
        form = SettingsForm(
            {name: getattr(user, name) for name in SettingsForm.Meta.fields} | sent.validated_data, instance=user
        )
        if not form.is_valid():
            raise ValidationError(form.errors)
        operations.change_settings(user=form.save(commit=False))
        return Response(MeSerializer(user).data)


class MyData(Mine):
    """Everything the platform holds about the person who asks."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        operations.audit(actor=request.user, verb="export own data", subject=request.user)
        return Response(operations.export_user(user=request.user))


class Register(Mine):
    """Put a firm or school on the platform; who asks becomes its first member. 409 when there already is one."""

    kind: str
    form_class: type

    def register(self, request: Request, sent: serializers.Serializer) -> Response:
        sent.is_valid(raise_exception=True)
        form = self.form_class(sent.validated_data)
        if not form.is_valid():
            raise ValidationError(form.errors)
        values = form.cleaned_data
        values["place"] = values.pop("postcode")
        organisation = operations.register_organisation(user=request.user, kind=self.kind, **values)
        return Response(OrganisationSerializer(organisation).data, status=status.HTTP_201_CREATED)


class RegisterEmployer(Register):
    kind, form_class = Organisation.Kind.EMPLOYER, EmployerForm

    @extend_schema(request=EmployerInput, responses={201: OrganisationSerializer})
    def post(self, request: Request) -> Response:
        return self.register(request, EmployerInput(data=request.data))


class RegisterSchool(Register):
    kind, form_class = Organisation.Kind.SCHOOL, SchoolForm

    @extend_schema(request=SchoolInput, responses={201: OrganisationSerializer})
    def post(self, request: Request) -> Response:
        return self.register(request, SchoolInput(data=request.data))


urlpatterns = [
    path("me/", Me.as_view(), name="api-me"),
    path("me/data/", MyData.as_view(), name="api-my-data"),
    path("me/employer/", RegisterEmployer.as_view(), name="api-register-employer"),
    path("me/school/", RegisterSchool.as_view(), name="api-register-school"),
]
