"""Words over the REST API: which occupation a job title means. Public, without personal data; nothing is kept."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Errors
from taxonomy.titles.cleaning import LONGEST_TITLE
from taxonomy.titles.reading import read_title


class TitleQuestionSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=LONGEST_TITLE, help_text="As it is written, in Dutch or English.")
    limit = serializers.IntegerField(min_value=1, max_value=25, default=8, help_text="Most alternatives.")


class MeantSerializer(serializers.Serializer):
    occupation = serializers.IntegerField(source="occupation_id")
    label = serializers.CharField()
    foreign = serializers.BooleanField(help_text="Shown in English: no Dutch label is known.")
    probability = serializers.FloatField()


class TitleReadingSerializer(serializers.Serializer):
    title = serializers.CharField(help_text="What was compared: without hours, places and the like.")
    best = MeantSerializer(allow_null=True, help_text="null: not known.")
    alternatives = MeantSerializer(many=True)
    nothing = serializers.FloatField(help_text="Probability that it is none of our occupations.")


class TitleView(Errors):
    """Which occupation a job title means, with probabilities."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="titles_read", parameters=[TitleQuestionSerializer], responses=TitleReadingSerializer)
    def get(self, request: Request) -> Response:
        asked = TitleQuestionSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        reading = read_title(asked.validated_data["title"], limit=asked.validated_data["limit"])
        return Response(TitleReadingSerializer(reading).data)


urlpatterns = [path("titles/", TitleView.as_view(), name="api-titles")]
