"""The smart CV over the REST API: only the owner reads and changes it, through the operations of the pages."""

import datetime
from typing import Any

from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Clash, Errors
from core.choices import EducationLevel, Language, LanguageLevel, Level, Sector, TravelMode
from core.exceptions import Refused
from core.forms import PlainTextField
from core.geo import find_place
from profiles import operations, queries
from profiles.answers import EducationAnswer, InitiativeAnswer, JobAnswer, SkillAnswer
from profiles.forms import FIRST_YEAR
from profiles.interests import ITEMS
from profiles.models import CV, FinishedProgramme, Initiative, UnusedReason


class PlainText(serializers.CharField):
    """Text without markup."""

    def to_internal_value(self, data):
        text = PlainTextField(required=False).to_python(super().to_internal_value(data))
        if not text and not self.allow_blank:
            self.fail("blank")
        return text


class Year(serializers.IntegerField):
    """A year that does not lie in the future."""

    def __init__(self, **kwargs) -> None:
        super().__init__(min_value=FIRST_YEAR, max_value=9999, allow_null=True, default=None, **kwargs)

    def to_internal_value(self, data):
        year = super().to_internal_value(data)
        if year > timezone.localdate().year:
            raise ValidationError(_("This year is in the future."), code="future")
        return year


def once(rows: list[dict], key: str) -> None:
    """Refuse a list that names the same thing twice."""
    values = [row[key] for row in rows]
    if len(set(values)) != len(values):
        raise ValidationError(_("Each of these once."), code="twice")


class JobSerializer(serializers.Serializer):
    title = PlainText(min_length=2, max_length=120)
    occupation = serializers.IntegerField(allow_null=True, default=None, min_value=1, max_value=2**62)
    occupation_label = serializers.CharField(read_only=True)
    employer = PlainText(max_length=120, allow_blank=True, default="")
    start_year = Year()
    end_year = Year()
    is_current = serializers.BooleanField(default=False)

    def validate(self, data: dict) -> dict:
        if data["is_current"]:
            data["end_year"] = None
        elif data["start_year"] and data["end_year"] and data["end_year"] < data["start_year"]:
            raise ValidationError({"end_year": _("The end lies before the start.")})
        return data


class SkillSerializer(serializers.Serializer):
    skill = serializers.IntegerField(min_value=1, max_value=2**62)
    label = serializers.CharField(read_only=True)
    level = serializers.ChoiceField(Level.choices, default=Level.INDEPENDENT)
    joy = serializers.IntegerField(min_value=0, max_value=2, allow_null=True, default=None)
    unused_at_work = serializers.BooleanField(default=False)


class EducationSerializer(serializers.Serializer):
    title = PlainText(max_length=160)
    level = serializers.ChoiceField(EducationLevel.choices)
    year = Year()
    finished = serializers.BooleanField(default=True)


class LanguageSerializer(serializers.Serializer):
    language = serializers.ChoiceField(Language.choices)
    level = serializers.ChoiceField(LanguageLevel.choices)


class CertificateSerializer(serializers.Serializer):
    certificate = serializers.IntegerField(min_value=1, max_value=2**62)
    label = serializers.CharField(read_only=True)
    valid_until = serializers.DateField(allow_null=True, default=None)


class InitiativeSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(Initiative.Kind.choices)
    text = PlainText(max_length=300)
    year = Year()


class FinishedProgrammeSerializer(serializers.Serializer):
    """A programme that was finished here; its skills are on the CV with this as evidence."""

    programme = serializers.IntegerField()
    title = serializers.CharField()
    school = serializers.CharField()
    year = serializers.IntegerField()
    confirmed_by = serializers.ChoiceField(FinishedProgramme.ConfirmedBy.choices)


class WorkValuesSerializer(serializers.Serializer):
    """Each from 0 to 100, or null while unanswered."""

    achievement = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, required=False)
    independence = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, required=False)
    recognition = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, required=False)
    relationships = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, required=False)
    support = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, required=False)
    conditions = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, required=False)


class WishesSerializer(serializers.Serializer):
    occupations = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=operations.MOST_WISHES, required=False
    )
    sectors = serializers.ListField(child=serializers.ChoiceField(Sector.choices), required=False)
    hours_min = serializers.IntegerField(min_value=1, max_value=60, allow_null=True, required=False)
    hours_max = serializers.IntegerField(min_value=1, max_value=60, allow_null=True, required=False)
    days = serializers.IntegerField(min_value=1, max_value=127, required=False, help_text="Monday 1, Tuesday 2, … 64")
    travel_mode = serializers.ChoiceField(TravelMode.choices, required=False)
    travel_minutes = serializers.IntegerField(min_value=5, max_value=180, allow_null=True, required=False)
    postcode = serializers.CharField(max_length=8, allow_null=True, allow_blank=True, required=False)

    def validate_postcode(self, value: str | None):
        if not value:
            return None
        place = find_place(value)
        if place is None:
            raise ValidationError(_("We do not know this postcode."), code="unknown")
        return place


class CVSerializer(serializers.Serializer):
    """The whole smart CV. Lists are replaced as a whole; what is left out stays as it is."""

    version = serializers.IntegerField(min_value=1, help_text="The version that you read; 409 when it is not the last.")
    updated_at = serializers.DateTimeField(read_only=True)
    findable = serializers.BooleanField(required=False)
    jobs = JobSerializer(many=True, required=False, max_length=operations.MOST_JOBS)
    skills = SkillSerializer(many=True, required=False, max_length=operations.MOST_SKILLS)
    educations = EducationSerializer(many=True, required=False, max_length=operations.MOST_EDUCATIONS)
    education_level = serializers.IntegerField(read_only=True, allow_null=True)
    languages = LanguageSerializer(many=True, required=False)
    certificates = CertificateSerializer(many=True, required=False, max_length=100)
    interest_answers = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=2, allow_null=True), required=False
    )
    interests = serializers.DictField(child=serializers.IntegerField(), read_only=True, allow_null=True)
    values = WorkValuesSerializer(required=False)
    wishes = WishesSerializer(required=False)
    ready_to_learn = serializers.IntegerField(min_value=0, max_value=4, allow_null=True, required=False)
    start_within_weeks = serializers.IntegerField(min_value=0, max_value=104, allow_null=True, required=False)
    unused_because = serializers.ListField(
        child=serializers.ChoiceField(UnusedReason.choices), required=False, max_length=len(UnusedReason)
    )
    initiatives = InitiativeSerializer(many=True, required=False, max_length=operations.MOST_INITIATIVES)
    finished_programmes = FinishedProgrammeSerializer(many=True, read_only=True)

    def validate_skills(self, rows: list[dict]) -> list[dict]:
        once(rows, "skill")
        return rows

    def validate_languages(self, rows: list[dict]) -> list[dict]:
        once(rows, "language")
        return rows

    def validate_certificates(self, rows: list[dict]) -> list[dict]:
        once(rows, "certificate")
        return rows

    def validate_interest_answers(self, answers: dict) -> dict:
        for key in answers:
            if key not in ITEMS:
                raise ValidationError(_("Unknown question: %(key)s") % {"key": key[:60]})
        return answers


def parts(cv: CV, data: dict[str, Any]) -> dict[str, dict]:
    """What was sent, as `operations.update_cv` takes it."""
    out: dict[str, dict] = {}
    if "jobs" in data:
        out["jobs"] = {"jobs": [JobAnswer(occupation_id=job.pop("occupation"), **job) for job in data["jobs"]]}
    if "skills" in data:
        out["skills"] = {"kept": [SkillAnswer(skill_id=row.pop("skill"), **row) for row in data["skills"]]}
    if "educations" in data:
        out["educations"] = {"educations": [EducationAnswer(**row) for row in data["educations"]]}
    if "languages" in data:
        out["languages"] = {"languages": {row["language"]: row["level"] for row in data["languages"]}}
    if "certificates" in data:
        held: dict[int, datetime.date | None] = {row["certificate"]: row["valid_until"] for row in data["certificates"]}
        out["certificates"] = {"certificates": held}
    if "interest_answers" in data:
        out["interests"] = {"answers": data["interest_answers"]}
    if "values" in data:
        stored = dict(zip(operations.VALUES, cv.work_values, strict=True))
        out["values"] = {"values": stored | data["values"]}
    if "wishes" in data:
        sent = data["wishes"]
        if "postcode" in sent:
            sent["place"] = sent.pop("postcode")
        wishes = queries.wishes_of(cv) | sent
        if wishes["hours_min"] and wishes["hours_max"] and wishes["hours_min"] > wishes["hours_max"]:
            raise ValidationError({"wishes": {"hours_max": _("“At most” is less than “at least”.")}})
        out["wishes"] = wishes
    names = ("ready_to_learn", "start_within_weeks", "unused_because")
    if any(name in data for name in names):
        out["drive"] = {name: data.get(name, getattr(cv, name)) for name in names}
    if "initiatives" in data:
        out["initiatives"] = {"initiatives": [InitiativeAnswer(**row) for row in data["initiatives"]]}
    if "findable" in data:
        out["findable"] = {"findable": data["findable"]}
    return out


class OwnCV(Errors):
    """The smart CV of the person who asks; 404 while there is none."""

    def own(self) -> CV:
        cv = CV.objects.filter(owner=self.request.user).select_related("place", "owner").first()
        if cv is None:
            raise Http404
        return cv

    @extend_schema(responses=CVSerializer)
    def get(self, request: Request) -> Response:
        return Response(queries.everything_of(self.own()))

    @extend_schema(request=None, responses={201: CVSerializer})
    def post(self, request: Request) -> Response:
        """Start a smart CV."""
        if CV.objects.filter(owner=request.user).exists():
            raise Clash(_("You already have a smart CV."), code="exists")
        cv = operations.start_cv(user=request.user)
        return Response(queries.everything_of(cv), status=status.HTTP_201_CREATED)

    @extend_schema(request=CVSerializer, responses=CVSerializer)
    def patch(self, request: Request) -> Response:
        """Change parts of the smart CV, all or none of them."""
        cv = self.own()
        serializer = CVSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        try:
            operations.update_cv(cv=cv, version=data["version"], **parts(cv, data))
        except Refused as refusal:
            raise ValidationError(refusal.message, code="refused") from None
        return Response(queries.everything_of(self.own()))

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        operations.erase_cv(cv=self.own())
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [path("cv/", OwnCV.as_view(), name="api-cv")]
