"""What schools say that somebody finished, over the REST API: for the person it is about."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Errors
from education import queries
from matching import operations


class WaitingSerializer(serializers.Serializer):
    ref = serializers.UUIDField()
    programme = serializers.IntegerField(source="programme_id")
    title = serializers.CharField(source="programme.title")
    school = serializers.CharField(source="programme.school.name")
    finished_on = serializers.DateField()


class LearnedInput(serializers.Serializer):
    accept = serializers.BooleanField()


class LearnedList(Errors):
    """What schools confirmed and what waits for an answer."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses=WaitingSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(WaitingSerializer(queries.completions_for(request.user), many=True).data)


class LearnedAnswer(Errors):
    """Say yes (it comes on the smart CV) or no."""

    permission_classes = [IsAuthenticated]

    @extend_schema(request=LearnedInput, responses={204: None})
    def post(self, request: Request, ref) -> Response:
        completion = queries.completions_for(request.user).filter(ref=ref).first()
        if completion is None:
            raise Http404
        sent = LearnedInput(data=request.data)
        sent.is_valid(raise_exception=True)
        if sent.validated_data["accept"]:
            operations.accept_completion(completion=completion, user=request.user, now=timezone.now())
        else:
            operations.decline_completion(completion=completion, user=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
