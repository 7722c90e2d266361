"""Addresses of demand: for schools, for firms that read a proposal, for people who ask."""

from django.urls import path

from demand.views import others, school

app_name = "demand"
urlpatterns = [
    path("", school.Overview.as_view(), name="overview"),
    path("programmes/<int:pk>/", school.ProgrammeDemand.as_view(), name="programme"),
    path("programmes/<int:pk>/ask/", others.Ask.as_view(), name="ask"),
    path("gaps/", school.Gaps.as_view(), name="gaps"),
    path("proposals/", school.Proposals.as_view(), name="proposals"),
    path("proposals/new/", school.NewProposal.as_view(), name="proposal-new"),
    path("proposals/firm/", others.FirmProposals.as_view(), name="firm"),
    path("proposals/<uuid:ref>/", others.ProposalPage.as_view(), name="proposal"),
    path("proposals/<uuid:ref>/pdf/", others.ProposalFile.as_view(), name="proposal-pdf"),
    path("proposals/<uuid:ref>/change/", school.ChangeProposal.as_view(), name="proposal-change"),
    path("requests/", school.Requests.as_view(), name="requests"),
]
