"""What the region asks of a school, over the REST API: a school reads its own numbers, and people under ten are null."""

from django.http import Http404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import IsSchool
from core.api import Errors
from demand import queries
from demand.forms import GapFilter
from demand.models import Proposal, ProposalFirm, SkillGap
from education.models import Programme
from education.queries import programme_for_school

HIDDEN = "null when fewer than ten, or not counted yet"


class ProgrammeDemandSerializer(serializers.Serializer):
    """The demand for one programme, as counted last night; all null before the first night."""

    programme = serializers.IntegerField(source="programme.pk")
    code = serializers.CharField(source="programme.code")
    title = serializers.CharField(source="programme.title")
    vacancies = serializers.IntegerField(allow_null=True, help_text="open vacancies in reach that it helps to fill")
    people_over = serializers.IntegerField(
        allow_null=True, help_text=f"people whom it brings over even odds for at least one vacancy; {HIDDEN}"
    )
    people_top = serializers.IntegerField(
        allow_null=True, help_text=f"people for whom it is one of the three best suggestions; {HIDDEN}"
    )
    open_requests = serializers.IntegerField(help_text="questions of people that wait for an answer")


class MonthSerializer(serializers.Serializer):
    month = serializers.DateField(source="first")
    vacancies = serializers.IntegerField()


class WantedSkillSerializer(serializers.Serializer):
    skill = serializers.CharField(source="label")
    vacancies = serializers.IntegerField()
    taught = serializers.BooleanField()


class HiredSerializer(serializers.Serializer):
    sector = serializers.CharField(source="label")
    people = serializers.IntegerField()


class ProgrammeTrendSerializer(serializers.Serializer):
    """One programme: vacancies and firms as of now, twelve months, what is asked, people of last night, and leavers."""

    programme = serializers.IntegerField(source="programme.pk")
    code = serializers.CharField(source="programme.code")
    title = serializers.CharField(source="programme.title")
    vacancies = serializers.IntegerField(help_text="open vacancies in reach that it helps to fill")
    firms = serializers.IntegerField(help_text="firms behind them")
    months = MonthSerializer(many=True, help_text="new vacancies a month, twelve months")
    asked = WantedSkillSerializer(many=True, help_text="what these vacancies ask most")
    people_over = serializers.IntegerField(allow_null=True, help_text=HIDDEN)
    people_top = serializers.IntegerField(allow_null=True, help_text=HIDDEN)
    leavers = serializers.IntegerField(allow_null=True, help_text=f"people who have it on their smart CV; {HIDDEN}")
    hired = HiredSerializer(many=True, help_text="sectors in which ten leavers or more found work")


class GapSerializer(serializers.Serializer):
    skill = serializers.IntegerField(source="skill_id")
    label = serializers.CharField(source="skill.label")
    fills = serializers.IntegerField(
        help_text="vacancies without anybody over even odds that get somebody with just this skill"
    )
    vacancies = serializers.IntegerField(help_text="open vacancies that ask it")
    openings = serializers.IntegerField(help_text="people that those vacancies need")
    people = serializers.SerializerMethodField(help_text=f"people who can do it on their own; {HIDDEN}")
    programmes = serializers.IntegerField(help_text="published programmes that teach it, or what is nearly the same")

    def get_people(self, gap: SkillGap) -> int | None:
        return queries.visible(gap.people)


class ProposalSerializer(serializers.ModelSerializer):
    sector = serializers.CharField(help_text="the key of a sector, or empty for all")
    n_firms = serializers.IntegerField(help_text="firms whose vacancies ask for it")
    n_answers = serializers.IntegerField(help_text="firms that said what they think")

    class Meta:
        model = Proposal
        fields = (
            "ref", "title", "text", "sector", "computed_at", "n_vacancies", "demand", "shared_at", "n_firms", "n_answers",
        )  # fmt: skip
        extra_kwargs = {"demand": {"help_text": "what those vacancies lack together, in hundredths of a vacancy"}}


class ProposalSkillSerializer(serializers.Serializer):
    skill = serializers.IntegerField(source="skill_id")
    label = serializers.CharField(source="skill.label")
    gain = serializers.IntegerField(help_text="what it adds to the ones before it, in hundredths of a vacancy")
    vacancies = serializers.IntegerField(help_text="vacancies in the field that ask exactly this")


class ProposalFirmSerializer(serializers.ModelSerializer):
    firm = serializers.CharField(source="firm.name")

    class Meta:
        model = ProposalFirm
        fields = ("firm", "vacancies", "answer", "comment")


class ProposalDetailSerializer(ProposalSerializer):
    skills = ProposalSkillSerializer(many=True, source="shown_skills")
    firms = ProposalFirmSerializer(many=True, source="shown_firms")

    class Meta(ProposalSerializer.Meta):
        fields = (*ProposalSerializer.Meta.fields, "skills", "firms")


class ForSchools(Errors, generics.GenericAPIView):
    permission_classes = [IsAuthenticated, IsSchool]


class Programmes(ForSchools):
    """The school's published programmes, most wanted first: demand and interest."""

    serializer_class = ProgrammeDemandSerializer
    queryset = Programme.objects.none()  # for the schema; what is read comes from `queries`

    @extend_schema(operation_id="demand_programmes", responses=ProgrammeDemandSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(queries.programmes_of(self.organisation))
        return self.get_paginated_response(ProgrammeDemandSerializer(page, many=True).data)


class OneProgramme(ForSchools):
    """The demand for one published programme of the school, with its trend."""

    serializer_class = ProgrammeTrendSerializer

    @extend_schema(operation_id="demand_programme", responses=ProgrammeTrendSerializer)
    def get(self, request: Request, pk: int) -> Response:
        programme = programme_for_school(self.organisation, pk)
        if programme is None or programme.status != Programme.Status.PUBLISHED:
            raise Http404
        return Response(ProgrammeTrendSerializer(queries.programme_detail(programme, timezone.localdate())).data)


class Gaps(ForSchools):
    """Skills that vacancies of the region ask, by the vacancies that they would fill."""

    serializer_class = GapSerializer
    queryset = SkillGap.objects.none()

    @extend_schema(
        operation_id="demand_gaps",
        parameters=[
            OpenApiParameter("sector", str, description="the key of a sector"),
            OpenApiParameter("everything", bool, description="also what people can do or schools teach already"),
        ],
        responses=GapSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        form = GapFilter(request.query_params)
        if not form.is_valid():
            raise ValidationError(dict(form.errors.items()))
        page = self.paginate_queryset(queries.gaps(form.cleaned_data["sector"], form.cleaned_data["everything"]))
        return self.get_paginated_response(GapSerializer(page, many=True).data)


class Proposals(ForSchools):
    """Proposals for electives that the school kept, newest first."""

    serializer_class = ProposalSerializer
    queryset = Proposal.objects.none()

    @extend_schema(operation_id="demand_proposals", responses=ProposalSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(queries.proposals_of(self.organisation))
        return self.get_paginated_response(ProposalSerializer(page, many=True).data)


class OneProposal(ForSchools):
    """One proposal with its skills in the order of choosing, and what firms say of it."""

    serializer_class = ProposalDetailSerializer

    @extend_schema(operation_id="demand_proposal", responses=ProposalDetailSerializer)
    def get(self, request: Request, ref) -> Response:
        proposal = queries.proposals_of(self.organisation).filter(ref=ref).first()
        if proposal is None:
            raise Http404
        proposal.shown_skills, proposal.shown_firms = queries.skills_of(proposal), queries.firms_of(proposal)
        return Response(ProposalDetailSerializer(proposal).data)


urlpatterns = [
    path("demand/programmes/", Programmes.as_view(), name="api-demand-programmes"),
    path("demand/programmes/<int:pk>/", OneProgramme.as_view(), name="api-demand-programme"),
    path("demand/gaps/", Gaps.as_view(), name="api-demand-gaps"),
    path("demand/proposals/", Proposals.as_view(), name="api-demand-proposals"),
    path("demand/proposals/<uuid:ref>/", OneProposal.as_view(), name="api-demand-proposal"),
]
