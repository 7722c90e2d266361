"""For operators: try what is understood of words, and give concepts the Dutch label that they lack."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views import View

from accounts.permissions import OperatorRequired
from taxonomy import operations, queries
from taxonomy.forms import DutchLabelForm, TryForm
from taxonomy.models import Occupation, Skill
from taxonomy.titles.reading import read_title
from taxonomy.trying import explain_text

MODELS = {"skill": Skill, "occupation": Occupation}
A_PAGE = 25


class TryWords(OperatorRequired, View):
    """Type a text, a title or a search and see what is made of it. Sent by POST, so that it stands in no address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "taxonomy/try.html", {"form": TryForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TryForm(request.POST)
        shown: dict = {"form": form}
        if form.is_valid():
            values = form.cleaned_data
            if values["text"].strip():
                shown["reading"] = explain_text(values["text"], kind=values["kind"])
            if values["title"].strip():
                shown["titled"] = read_title(values["title"])
            if values["search"].strip():
                shown["searched"] = [
                    (_("occupations"), queries.search_occupations(values["search"])),
                    (_("skills"), queries.search_skills(values["search"])),
                ]
        return render(request, "taxonomy/try.html", shown, status=200 if form.is_valid() else 422)


class MissingDutch(OperatorRequired, View):
    """The most used concepts without a Dutch label, with a field for each."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        return self.show(request, kind, None, DutchLabelForm())

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        chosen = request.POST.get("concept", "")
        concept = get_object_or_404(MODELS[kind], pk=chosen if chosen.isdecimal() and len(chosen) < 18 else None)
        form = DutchLabelForm(request.POST)
        if not form.is_valid():
            return self.show(request, kind, concept.pk, form)
        operations.add_dutch_label(concept=concept, text=form.cleaned_data["label"], actor=request.user)
        said = {"english": concept.label_en, "dutch": form.cleaned_data["label"]}
        messages.success(request, _("“%(english)s” is now called “%(dutch)s”.") % said)
        page = {"page": request.GET["page"]} if request.GET.get("page", "").isdecimal() else {}
        return redirect(f"{request.path}?{urlencode(page)}" if page else request.path)

    def show(self, request: HttpRequest, kind: str, chosen: int | None, form: DutchLabelForm) -> HttpResponse:
        pages = Paginator(queries.without_dutch_label(MODELS[kind]), A_PAGE)
        shown = {
            "kind": kind, "page_obj": pages.get_page(request.GET.get("page")), "form": form, "chosen": chosen,
            "total": pages.count,
        }  # fmt: skip
        return render(request, "taxonomy/missing.html", shown, status=422 if form.errors else 200)
