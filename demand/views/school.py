"""What a school reads of the demand for what it teaches, its proposals, and the questions that it gets."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from accounts.permissions import SchoolRequired
from core.exceptions import Refused
from demand import operations, queries
from demand.forms import GapFilter, ProposalForm
from demand.models import Proposal
from education.models import Programme
from education.queries import programme_for_school


class Overview(SchoolRequired, View):
    """The school's programmes, most wanted first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = queries.programmes_of(self.organisation)
        context = {
            "page_obj": Paginator(rows, 25).get_page(request.GET.get("page")),
            "counted_at": queries.counted_at(),
            "smallest": settings.SMALLEST_GROUP,
            "open_requests": sum(row.open_requests for row in rows),
        }
        return render(request, "demand/overview.html", context)


class ProgrammeDemand(SchoolRequired, View):
    """The demand for one programme."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        programme = programme_for_school(self.organisation, pk)
        if programme is None or programme.status != Programme.Status.PUBLISHED:
            raise Http404
        detail = queries.programme_detail(programme, timezone.localdate())
        return render(
            request,
            "demand/programme.html",
            {"detail": detail, "programme": programme, "smallest": settings.SMALLEST_GROUP},
        )


class Gaps(SchoolRequired, View):
    """Skills that are asked and not there."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = GapFilter(request.GET)
        wanted = form.cleaned_data if form.is_valid() else {}
        found = queries.gaps(wanted.get("sector", ""), wanted.get("everything", False))
        page = Paginator(found, 25).get_page(request.GET.get("page"))
        for gap in page:
            gap.people_shown = queries.visible(gap.people)
        context = {
            "form": form, "page_obj": page, "sector": wanted.get("sector", ""), "counted_at": queries.counted_at(),
            "smallest": settings.SMALLEST_GROUP,
        }  # fmt: skip
        return render(request, "demand/gaps.html", context)


class NewProposal(SchoolRequired, View):
    """Work out a set for a field, leave skills out, and keep it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(ProposalForm(request.GET), ProposalForm(keeping=True))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProposalForm(request.POST, keeping=True)
        if not form.is_valid():
            return self.show(ProposalForm(request.POST), form)
        values = form.cleaned_data
        try:
            proposal = operations.keep_proposal(
                school=self.organisation, draft=self.draft(form), title=values["title"], text=values["text"],
                sector=values["sector"], actor=request.user, now=timezone.now(),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.show(ProposalForm(request.POST), form)
        messages.success(request, _("Kept. Look it over, then share it with the firms."))
        return redirect("demand:proposal", proposal.ref)

    def draft(self, form: ProposalForm) -> queries.Draft:
        form.is_valid()
        values = form.cleaned_data
        return queries.draft(
            self.organisation, values.get("sector", ""), set(values.get("without", [])),
            values.get("untaught_only", False),
        )  # fmt: skip

    def show(self, field: ProposalForm, form: ProposalForm) -> HttpResponse:
        context = {"field": field, "form": form, "draft": self.draft(field), "without": field["without"].value() or []}
        failed = form.is_bound and self.request.method == "POST"
        return render(self.request, "demand/proposal_new.html", context, status=422 if failed else 200)


class Proposals(SchoolRequired, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "demand/proposals.html", {"proposals": queries.proposals_of(self.organisation)})


class ChangeProposal(SchoolRequired, View):
    """Share a proposal with the firms that ask for it, or throw it away."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, ref) -> HttpResponse:
        proposal = Proposal.objects.filter(school=self.organisation, ref=ref).first()
        if proposal is None:
            raise Http404
        if request.POST.get("wish") == "delete":
            operations.delete_proposal(proposal=proposal, actor=request.user)
            messages.success(request, _("Thrown away."))
            return redirect("demand:proposals")
        told = operations.share_proposal(proposal=proposal, actor=request.user, now=timezone.now())
        messages.success(
            request,
            ngettext("Shared. %(count)s firm gets a letter.", "Shared. %(count)s firms get a letter.", told)
            % {"count": told},
        )
        return redirect("demand:proposal", ref)


class Requests(SchoolRequired, View):
    """What people asked; posting says that the school answered."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(queries.requests_of(self.organisation), 25).get_page(request.GET.get("page"))
        return render(request, "demand/requests.html", {"page_obj": page})

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = queries.request_for(self.organisation, _uuid(request.POST.get("request", "")))
        if asked is None:
            raise Http404
        operations.mark_answered(request=asked, actor=request.user, now=timezone.now())
        messages.success(request, _("Thank you. We erase the question after four weeks."))
        return redirect("demand:requests")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
