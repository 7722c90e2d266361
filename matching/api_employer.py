"""Candidates and decisions over the REST API, for a firm: the queries, operations and permissions of the pages."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import IsEmployer
from core.api import Errors
from matching import operations, queries
from matching.api_common import LIMIT_PARAMETER, limit_of
from matching.forms import MessageForm, RejectForm
from matching.models import Application
from matching.serializers import AskableSerializer, CandidateSerializer, NearCandidateSerializer
from vacancies.models import Vacancy


class OwnVacancyView(Errors):
    permission_classes = [IsAuthenticated, IsEmployer]

    def own(self, pk: int) -> Vacancy:
        rows = Vacancy.objects.select_related("organisation", "occupation", "place")
        return get_object_or_404(rows, pk=pk, organisation=self.organisation)

    def candidate(self, vacancy: Vacancy, ref) -> queries.Candidate:
        candidate = queries.candidate_for(vacancy, ref, now=timezone.now())
        if candidate is None:
            raise Http404
        return candidate

    def answer(self, vacancy: Vacancy, ref) -> Response:
        match = queries.match_for(self.candidate(vacancy, ref).cv, vacancy, who="they")
        return Response(CandidateSerializer(match).data)


class Candidates(OwnVacancyView):
    @extend_schema(
        operation_id="vacancies_candidates_list",
        parameters=[LIMIT_PARAMETER],
        responses=inline_serializer(
            "CandidateList", {"applications": serializers.IntegerField(), "results": CandidateSerializer(many=True)}
        ),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Everybody who applied and the best of who may be found, in order of fit; names only after an application.

        The limit counts people who did not apply; they are there while the vacancy is open. From four weeks after it closed
        only who was hired is there, and `applications` still says how many people applied.
        """
        vacancy = self.own(pk)
        found = queries.candidates_for_vacancy(vacancy, limit=limit_of(request), now=timezone.now())
        applied = queries.count_applications(vacancy)
        return Response({"applications": applied, "results": CandidateSerializer(found, many=True).data})


class Waiting(Errors):
    permission_classes = [IsAuthenticated, IsEmployer]

    @extend_schema(operation_id="vacancies_waiting_list", responses=AskableSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Per open vacancy of the firm how many people fit well and could be asked, and how many of them are new."""
        ids = Vacancy.objects.open().filter(organisation=self.organisation).order_by("id").values_list("id", flat=True)
        return Response(AskableSerializer(sorted(queries.waiting_for(ids).items()), many=True).data)


class AlmostCandidates(OwnVacancyView):
    @extend_schema(
        operation_id="vacancies_candidates_almost_list",
        parameters=[LIMIT_PARAMETER],
        responses=inline_serializer("AlmostCandidateList", {"results": NearCandidateSerializer(many=True)}),
    )
    def get(self, request: Request, pk: int) -> Response:
        """People who would fit if one thing changed, without a name; while the vacancy is open."""
        found = queries.almost_for_vacancy(self.own(pk), limit_of(request))
        return Response({"results": NearCandidateSerializer(found, many=True).data})


class OneCandidate(OwnVacancyView):
    @extend_schema(operation_id="vacancies_candidates_retrieve", responses=CandidateSerializer)
    def get(self, request: Request, pk: int, ref) -> Response:
        """Why this person stands where they stand. Reading an application marks it as seen."""
        vacancy = self.own(pk)
        candidate = self.candidate(vacancy, ref)
        if not candidate.is_known:
            operations.open_anonymous(cv=candidate.cv, vacancy=vacancy, actor=request.user)
        elif candidate.application is not None:
            operations.mark_seen(application=candidate.application, actor=request.user, now=timezone.now())
        return self.answer(vacancy, ref)


class DecisionInput(serializers.Serializer):
    """`reason` is required to reject; `message` goes to the person with an invitation or a rejection."""

    decision = serializers.ChoiceField(choices=["approach", "shortlist", "invite", "reject", "hire"])
    reason = serializers.ChoiceField(choices=Application.Reason.choices, required=False)
    message = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class Decision(OwnVacancyView):
    @extend_schema(request=DecisionInput, responses=CandidateSerializer)
    def post(self, request: Request, pk: int, ref) -> Response:
        """Ask somebody to apply, or decide about an application."""
        vacancy = self.own(pk)
        candidate = self.candidate(vacancy, ref)
        sent = DecisionInput(data=request.data)
        sent.is_valid(raise_exception=True)
        self.decide(vacancy, candidate, sent.validated_data)
        return self.answer(vacancy, ref)

    @transaction.atomic
    def decide(self, vacancy: Vacancy, candidate: queries.Candidate, data: dict) -> None:
        who = {"actor": self.request.user, "now": timezone.now()}
        decision, application = data["decision"], candidate.application
        if decision == "approach":
            operations.approach(cv=candidate.cv, vacancy=vacancy, **who)
        elif application is None:
            raise Http404
        elif decision == "reject":
            operations.reject(application=application, **cleaned(RejectForm(data)), **who)
        elif decision == "invite":
            operations.invite(application=application, **cleaned(MessageForm(data)), **who)
        else:
            step = {"shortlist": operations.shortlist, "hire": operations.hire}[decision]
            step(application=application, **who)


def cleaned(form) -> dict:
    """What the page's form makes of it. Raises ValidationError at its fields."""
    if not form.is_valid():
        raise ValidationError(form.errors)
    return form.cleaned_data
