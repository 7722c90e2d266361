"""A proposal as firms and the school read it, and a person who asks a school something."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views import View

from accounts.permissions import EmployerRequired
from core.exceptions import Refused
from demand import operations, queries
from demand.forms import AnswerForm, RequestForm
from demand.models import Proposal, ProposalFirm
from demand.pdf import proposal_pdf
from education.models import Programme
from education.queries import published_programmes


class ReadProposal(LoginRequiredMixin):
    """Finds a proposal for who may read it."""

    def proposal(self, ref) -> tuple[Proposal, ProposalFirm | None]:
        found = queries.proposal_for(self.request.user, ref)
        if found is None:
            raise Http404
        return found


class ProposalPage(ReadProposal, View):
    """One proposal; a firm answers it here."""

    def get(self, request: HttpRequest, ref) -> HttpResponse:
        proposal, row = self.proposal(ref)
        return self.show(proposal, row, AnswerForm(instance=row) if row else None)

    def post(self, request: HttpRequest, ref) -> HttpResponse:
        proposal, row = self.proposal(ref)
        if row is None:
            raise Http404
        form = AnswerForm(request.POST, instance=row)
        if not form.is_valid():
            return self.show(proposal, row, form)
        operations.answer_proposal(row=row, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Thank you. The school reads what you think."))
        return redirect("demand:proposal", ref)

    def show(self, proposal: Proposal, row: ProposalFirm | None, form: AnswerForm | None) -> HttpResponse:
        context = {
            "proposal": proposal, "row": row, "form": form, "skills": queries.skills_of(proposal),
            "firms": queries.firms_of(proposal),
        }  # fmt: skip
        return render(self.request, "demand/proposal.html", context, status=422 if form and form.errors else 200)


class ProposalFile(ReadProposal, View):
    """The proposal as a PDF, to take to a meeting."""

    def get(self, request: HttpRequest, ref) -> HttpResponse:
        proposal, _row = self.proposal(ref)
        content = proposal_pdf(proposal, queries.skills_of(proposal), queries.firms_of(proposal))
        name = slugify(proposal.title) or "keuzedeel"
        return HttpResponse(
            content,
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "private, no-store"},
        )


class FirmProposals(EmployerRequired, View):
    """What schools propose to a firm."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "demand/firm.html", {"rows": queries.proposals_for(self.organisation)})


class Ask(LoginRequiredMixin, View):
    """Ask a school about a programme; the person sees and chooses what is sent."""

    def programme(self, pk: int) -> Programme:
        programme = published_programmes().filter(pk=pk).first()
        if programme is None:
            raise Http404
        return programme

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = request.user
        initial = {"name": person.name, "email": person.email, "phone": person.phone}
        return self.show(self.programme(pk), RequestForm(initial=initial))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        programme = self.programme(pk)
        if request.POST.get("wish") == "take back":
            asked = queries.own_request(request.user, programme)
            if asked is not None:
                operations.take_back(request=asked, actor=request.user)
            messages.success(request, _("Taken back. The school no longer sees your question."))
            return redirect("education:detail", pk)
        form = RequestForm(request.POST)
        if not form.is_valid():
            return self.show(programme, form)
        try:
            operations.ask_information(person=request.user, programme=programme, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.show(programme, form)
        messages.success(request, _("Sent. The school answers by mail or phone."))
        return redirect("education:detail", pk)

    def show(self, programme: Programme, form: RequestForm) -> HttpResponse:
        asked = queries.own_request(self.request.user, programme)
        context = {"programme": programme, "form": form, "asked": asked, "today": timezone.localdate()}
        return render(self.request, "demand/ask.html", context, status=422 if form.errors else 200)
