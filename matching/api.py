"""Matches, applications and candidates over the REST API: the queries, operations and permissions of the pages."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import generics, serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import IsOperator
from core.api import Errors
from education.models import Programme
from matching import operations, queries
from matching.api_choices import Choices
from matching.api_common import LIMIT_PARAMETER, limit_of
from matching.api_employer import AlmostCandidates, Candidates, Decision, OneCandidate, Waiting
from matching.api_learned import LearnedAnswer, LearnedList
from matching.forms import ApplyForm, FilterForm
from matching.models import Application
from matching.serializers import (
    ApplicationDetailSerializer,
    ApplicationSerializer,
    MarketAdviceSerializer,
    MatchSerializer,
    ModelVersionSerializer,
    NearVacancySerializer,
    SkillAdviceSerializer,
    SuggestionSerializer,
)
from profiles.api import FinishedProgrammeSerializer
from profiles.models import CV
from profiles.queries import wished_occupations
from vacancies.models import Vacancy

BIGGEST_ID = 2**63 - 1


def listed(name: str, serializer: type[serializers.Serializer]) -> serializers.Serializer:
    """What a computed list looks like; `more` says whether a higher limit gives more."""
    return inline_serializer(name, {"more": serializers.BooleanField(), "results": serializer(many=True)})


# For a jobseeker.


class OwnCVView(Errors):
    """Puts the smart CV of the person who asks on the view; 404 while there is none."""

    permission_classes = [IsAuthenticated]

    def cv(self) -> CV:
        return get_object_or_404(CV.objects.select_related("owner", "place"), owner=self.request.user)

    def vacancy(self, cv: CV, pk: int) -> Vacancy:
        """An open vacancy, or one that this person applied to."""
        vacancy = published(pk)
        if not vacancy.is_open and not Application.objects.filter(cv=cv, vacancy=vacancy).exists():
            raise Http404
        return vacancy


def published(pk: int) -> Vacancy:
    rows = Vacancy.objects.select_related("organisation", "occupation", "place")
    return get_object_or_404(rows.exclude(status=Vacancy.Status.DRAFT), pk=pk)


class Matches(OwnCVView):
    @extend_schema(
        operation_id="matches_list",
        parameters=[
            LIMIT_PARAMETER,
            OpenApiParameter("text", str, description="words in the title or the name of the firm"),
            OpenApiParameter("sector", str),
            OpenApiParameter("max_minutes", int, enum=[15, 30, 45, 60], description="travel at most, one way"),
            OpenApiParameter("hours", int, description="hours a week that must be possible"),
            OpenApiParameter("min_pay", int, description="pay at least, EUR gross a month"),
            OpenApiParameter("kind", str, enum=["vacancy", "function"]),
            OpenApiParameter(
                "order", str, enum=["fit", "market"], description="market: chance × wish, crowds spread out"
            ),
            OpenApiParameter("view", str, enum=["saved", "hidden"], description="only what was saved, or hidden"),
        ],
        responses=listed("MatchList", MatchSerializer),
    )
    def get(self, request: Request) -> Response:
        """Open vacancies in order of fit for the smart CV of the person who asks."""
        form = FilterForm(request.query_params)
        if not form.is_valid():
            raise ValidationError(form.errors)
        view = request.query_params.get("view", "")
        if view not in {"", "saved", "hidden"}:
            raise ValidationError({"view": _("Choose “saved” or “hidden”.")})
        order = request.query_params.get("order", "fit")
        if order not in {"fit", "market"}:
            raise ValidationError({"order": _("Choose “fit” or “market”.")})
        limit = limit_of(request)
        filters = form.filters(saved=view == "saved", hidden=view == "hidden")
        found = queries.matches_for_cv(self.cv(), filters=filters, limit=limit + 1, by_market=order == "market")
        return Response({"more": len(found) > limit, "results": MatchSerializer(found[:limit], many=True).data})


class OneMatch(OwnCVView):
    @extend_schema(operation_id="matches_retrieve", responses=MatchSerializer)
    def get(self, request: Request, vacancy: int) -> Response:
        """Why this vacancy stands where it stands, what is missing, and the chance."""
        cv = self.cv()
        return Response(MatchSerializer(queries.match_for(cv, self.vacancy(cv, vacancy))).data)


class Suggestions(OwnCVView):
    @extend_schema(
        operation_id="matches_suggestions_list",
        responses=inline_serializer("SuggestionList", {"results": SuggestionSerializer(many=True)}),
    )
    def get(self, request: Request, vacancy: int) -> Response:
        """At most three programmes that raise the chance for this vacancy, with the chance after each."""
        cv = self.cv()
        found = queries.suggestions_for(cv, self.vacancy(cv, vacancy))
        return Response({"results": SuggestionSerializer(found, many=True).data})


class AlmostMatches(OwnCVView):
    @extend_schema(
        operation_id="matches_almost_list",
        parameters=[LIMIT_PARAMETER],
        responses=inline_serializer("AlmostList", {"results": NearVacancySerializer(many=True)}),
    )
    def get(self, request: Request) -> Response:
        """Open vacancies that would fit if one thing changed: which, and the fit recomputed without it."""
        found = queries.almost_for_cv(self.cv(), limit_of(request))
        return Response({"results": NearVacancySerializer(found, many=True).data})


class CourseAdvice(OwnCVView):
    @extend_schema(
        operation_id="matches_courses_list",
        parameters=[
            OpenApiParameter("occupation", int, description="one of the wished occupations; else the whole market")
        ],
        responses=MarketAdviceSerializer,
    )
    def get(self, request: Request) -> Response:
        """Courses, alone or two together, that open most vacancies or lead to a wished occupation."""
        cv = self.cv()
        wanted = request.query_params.get("occupation")
        occupation = next((wish for wish in wished_occupations(cv) if str(wish.pk) == wanted), None)
        if wanted and occupation is None:
            raise ValidationError({"occupation": _("Choose one of the occupations that you wished for.")})
        return Response(MarketAdviceSerializer(queries.market_advice(cv, occupation)).data)


class SkillAdvice(OwnCVView):
    @extend_schema(operation_id="matches_skills_list", responses=SkillAdviceSerializer)
    def get(self, request: Request) -> Response:
        """The skills that would raise the chances of the person who asks most, over the open vacancies in reach."""
        return Response(SkillAdviceSerializer(queries.skill_advice(self.cv())).data)


class FinishInput(serializers.Serializer):
    programme = serializers.IntegerField(min_value=1, max_value=BIGGEST_ID)
    year = serializers.IntegerField(min_value=1960, max_value=9999)


class FinishedProgrammes(OwnCVView):
    @extend_schema(
        operation_id="cv_finished_programmes_create", request=FinishInput, responses={201: FinishedProgrammeSerializer}
    )
    def post(self, request: Request) -> Response:
        """ "I finished this programme": its skills come onto the smart CV, with the programme as evidence."""
        cv = self.cv()
        sent = FinishInput(data=request.data)
        sent.is_valid(raise_exception=True)
        today = timezone.localdate()
        if sent.validated_data["year"] > today.year:
            raise ValidationError({"year": _("This year is in the future.")})
        shown = Programme.objects.exclude(status=Programme.Status.DRAFT).select_related("school")
        programme = shown.filter(pk=sent.validated_data["programme"]).first()
        if programme is None:
            raise ValidationError({"programme": _("We do not know this programme.")})
        row = operations.finish_programme(
            cv=cv, programme=programme, year=sent.validated_data["year"], today=today, actor=request.user
        )
        return Response(FinishedProgrammeSerializer(row).data, status=status.HTTP_201_CREATED)


class Told(serializers.Serializer):
    """What somebody tells with an application; ten letters or more count, whatever they say."""

    why = serializers.CharField(required=False, allow_blank=True, max_length=1500, help_text="why this work")
    did = serializers.CharField(
        required=False, allow_blank=True, max_length=1500, help_text="what was already done for it"
    )


class ApplyInput(Told):
    vacancy = serializers.IntegerField(min_value=1, max_value=BIGGEST_ID)


class AnswerInput(Told):
    answer = serializers.ChoiceField(choices=["withdraw", "accept", "decline"])


def told_in(sent: serializers.Serializer) -> dict[str, str]:
    """The two texts of valid input, as the form of the page reads them."""
    form = ApplyForm(sent.validated_data)
    if not form.is_valid():
        raise ValidationError(form.errors)
    return form.cleaned_data


class Applications(OwnCVView, generics.ListAPIView):
    """The applications of the person who asks, newest first; POST sends one, with the chance that goes with it."""

    serializer_class = ApplicationSerializer
    filter_backends = []
    queryset = Application.objects.none()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return queries.applications_of(self.cv())

    @extend_schema(request=ApplyInput, responses={201: ApplicationDetailSerializer})
    def post(self, request: Request) -> Response:
        sent = ApplyInput(data=request.data)
        sent.is_valid(raise_exception=True)
        application = operations.apply(
            cv=self.cv(), vacancy=published(sent.validated_data["vacancy"]), actor=request.user, now=timezone.now(),
            **told_in(sent),
        )  # fmt: skip
        return Response(detail(application), status=status.HTTP_201_CREATED)


def detail(application: Application) -> dict:
    return ApplicationDetailSerializer(application).data


class OneApplication(Errors):
    permission_classes = [IsAuthenticated]

    def own(self, ref) -> Application:
        application = queries.application_for(self.request.user, ref)
        if application is None or application.cv.owner_id != self.request.user.pk:
            raise Http404
        return application

    @extend_schema(operation_id="applications_retrieve", responses=ApplicationDetailSerializer)
    def get(self, request: Request, ref) -> Response:
        """What was promised and what happened."""
        return Response(detail(self.own(ref)))


class AnswerApplication(OneApplication):
    http_method_names = ["post", "options"]

    @extend_schema(request=AnswerInput, responses=ApplicationDetailSerializer)
    def post(self, request: Request, ref) -> Response:
        """Withdraw an application, or say yes or no to an employer who asked to apply."""
        sent = AnswerInput(data=request.data)
        application = self.own(ref)
        sent.is_valid(raise_exception=True)
        answers = {
            "withdraw": operations.withdraw,
            "accept": operations.accept_approach,
            "decline": operations.decline_approach,
        }
        answer = sent.validated_data["answer"]
        told = told_in(sent) if answer == "accept" else {}
        answers[answer](application=application, actor=request.user, now=timezone.now(), **told)
        return Response(detail(self.own(ref)))


# For an operator.


class Model(Errors):
    permission_classes = [IsOperator]

    @extend_schema(
        operation_id="model_retrieve",
        responses=inline_serializer(
            "ModelQuality",
            {
                "live": serializers.IntegerField(allow_null=True),
                "usable": serializers.BooleanField(),
                "reliability": inline_serializer(
                    "Reliability",
                    {
                        "said": serializers.FloatField(),
                        "happened": serializers.FloatField(),
                        "n": serializers.IntegerField(),
                    },
                    many=True,
                ),
                "versions": ModelVersionSerializer(many=True),
            },
        ),
    )
    def get(self, request: Request) -> Response:
        """The live chance model on outcomes that it had not seen, and all versions, newest first.

        Not usable: none is live, or one for an older way of counting; until the next training the written-down prior speaks.
        """
        quality = queries.model_quality()
        return Response(
            {
                "live": quality.live.version if quality.live else None,
                "usable": quality.usable,
                "reliability": [vars(row) for row in quality.reliability],
                "versions": ModelVersionSerializer(quality.versions, many=True).data,
            }
        )


urlpatterns = [
    path("cv/choices/", Choices.as_view(), name="api-choices"),
    path("matches/", Matches.as_view(), name="api-matches"),
    path("matches/almost/", AlmostMatches.as_view(), name="api-almost"),
    path("matches/courses/", CourseAdvice.as_view(), name="api-courses"),
    path("matches/skills/", SkillAdvice.as_view(), name="api-skills"),
    path("cv/finished-programmes/", FinishedProgrammes.as_view(), name="api-finished-programmes"),
    path("matches/<int:vacancy>/", OneMatch.as_view(), name="api-match"),
    path("matches/<int:vacancy>/suggestions/", Suggestions.as_view(), name="api-suggestions"),
    path("learned/", LearnedList.as_view(), name="api-learned"),
    path("learned/<uuid:ref>/", LearnedAnswer.as_view(), name="api-learned-answer"),
    path("applications/", Applications.as_view(), name="api-applications"),
    path("applications/<uuid:ref>/", OneApplication.as_view(), name="api-application"),
    path("applications/<uuid:ref>/answer/", AnswerApplication.as_view(), name="api-application-answer"),
    path("employer/waiting/", Waiting.as_view(), name="api-waiting"),
    path("vacancies/<int:pk>/candidates/", Candidates.as_view(), name="api-candidates"),
    path("vacancies/<int:pk>/candidates/almost/", AlmostCandidates.as_view(), name="api-candidates-almost"),
    path("vacancies/<int:pk>/candidates/<uuid:ref>/", OneCandidate.as_view(), name="api-candidate"),
    path("vacancies/<int:pk>/candidates/<uuid:ref>/decision/", Decision.as_view(), name="api-decision"),
    path("model/", Model.as_view(), name="api-model"),
]
