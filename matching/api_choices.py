"""Choices between jobs over the REST API: the conversation of the pages, for the smart CV of the person who asks."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Errors
from matching import operations
from matching.queries import choices
from profiles.models import CV


class JobCardSerializer(serializers.Serializer):
    title = serializers.CharField()
    sentences = serializers.ListField(child=serializers.CharField())
    facts = serializers.ListField(child=serializers.CharField())


class PairSerializer(serializers.Serializer):
    pair = serializers.CharField(help_text="its code, to be sent back with the answer")
    jobs = JobCardSerializer(many=True, help_text="the first is “a”, the second “b”")


class ChoiceSerializer(serializers.Serializer):
    pair = serializers.CharField(max_length=120)
    answer = serializers.RegexField(r"^(a|b|skip)$", help_text="a, b or skip")


class ChoiceInput(ChoiceSerializer):
    version = serializers.IntegerField(
        min_value=1, help_text="of the smart CV that you read; 409 when it is not the last"
    )


class OutcomeSerializer(serializers.Serializer):
    """Shares are whole percents: how probable it is that this counts for more than the other of its kind."""

    types = serializers.DictField(child=serializers.IntegerField())
    values = serializers.DictField(child=serializers.IntegerField(allow_null=True))
    facts = serializers.DictField(child=serializers.IntegerField(allow_null=True))
    sure = serializers.IntegerField(help_text="of how many of 100 new pairs it is known which is liked better")
    answered = serializers.IntegerField(help_text="choices that were learned from")
    predicted = serializers.IntegerField(help_text="of the pairs held out, how many were predicted right")
    held_out = serializers.IntegerField()
    filled = serializers.DictField(help_text="answers of the smart CV that this filled in")


class ConversationSerializer(serializers.Serializer):
    """Pairs answered so far, the pair that comes next (null when done), and what follows (null until then)."""

    version = serializers.IntegerField()
    answers = ChoiceSerializer(many=True)
    next = PairSerializer(allow_null=True)
    result = OutcomeSerializer(allow_null=True)
    words = serializers.ListField(child=serializers.CharField())


def shown(cv: CV) -> dict:
    talk = choices.conversation_of(cv)
    return {
        "version": cv.version,
        "answers": [{"pair": answer.pair.code, "answer": answer.said} for answer in talk.answers],
        "next": {"pair": talk.next.code, "jobs": talk.next.cards()} if talk.next else None,
        "result": cv.choice_result or None,
        "words": [line.words for line in choices.summary(cv)],
    }


class Choices(Errors):
    permission_classes = [IsAuthenticated]

    def own(self) -> CV:
        return get_object_or_404(CV, owner=self.request.user)

    @extend_schema(operation_id="cv_choices_retrieve", responses=ConversationSerializer)
    def get(self, request: Request) -> Response:
        """Where the conversation stands, with the pair to put before the person now."""
        return Response(ConversationSerializer(shown(self.own())).data)

    @extend_schema(operation_id="cv_choices_create", request=ChoiceInput, responses=ConversationSerializer)
    def post(self, request: Request) -> Response:
        """Answer the next pair, or one that was answered before."""
        cv = self.own()
        sent = ChoiceInput(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        answers = choices.answered_with(choices.conversation_of(cv), data["pair"], data["answer"])
        if answers is None:
            raise ValidationError({"pair": _("This pair was not asked. Read which pair comes next.")}, code="unknown")
        operations.save_choices(cv=cv, version=data["version"], answers=answers)
        return Response(ConversationSerializer(shown(self.own())).data)

    @extend_schema(operation_id="cv_choices_destroy", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Begin anew: the answers and what they filled in go."""
        cv = self.own()
        operations.save_choices(cv=cv, version=cv.version, answers=[])
        return Response(status=204)
