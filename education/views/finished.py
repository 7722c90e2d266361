"""A school confirms who finished a programme."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from accounts.permissions import SchoolRequired
from core.exceptions import Refused
from education import completions, queries
from education.forms import CompletionsForm
from education.learners import shown_code
from education.views.own import OwnProgramme


class Finished(OwnProgramme, View):
    """Addresses and codes, one a line; below what was confirmed before."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(pk, CompletionsForm(initial={"finished_on": timezone.localdate()}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = CompletionsForm(request.POST)
        if not form.is_valid():
            return self.show(pk, form)
        try:
            new = completions.confirm_completions(
                programme=self.programme(pk), actor=request.user, learners=form.cleaned_data["learners"],
                finished_on=form.cleaned_data["finished_on"], today=timezone.localdate(),
                link=request.build_absolute_uri(reverse("matching:learned")),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.show(pk, form)
        text = ngettext("%(count)s person confirmed.", "%(count)s people confirmed.", new) % {"count": new}
        messages.success(request, text)
        return redirect("education:finished", pk)

    def show(self, pk: int, form: CompletionsForm) -> HttpResponse:
        programme = self.programme(pk)
        page = Paginator(queries.completions_of(programme), 50).get_page(self.request.GET.get("page"))
        rows = [(row, row.address or shown_code(row.code)) for row in page]
        context = {"programme": programme, "form": form, "page_obj": page, "rows": rows}
        return render(self.request, "education/finished.html", context, status=422 if form.errors else 200)


class TakeBack(SchoolRequired, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, ref) -> HttpResponse:
        completion = queries.completion_of_school(self.organisation, ref)
        if completion is None:
            raise Http404
        pk = completion.programme_id
        completions.take_back_completion(completion=completion, actor=request.user)
        messages.success(request, _("Taken back."))
        return redirect("education:finished", pk)
