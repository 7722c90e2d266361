"""Pages about programmes for everybody: what there is, and what a file must look like."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts.models import Organisation
from accounts.queries import organisation_of
from education import queries
from education.forms import SearchForm
from education.models import Programme
from education.uploads import files
from education.uploads.columns import COLUMNS
from education.views.downloads import table


class Start(TemplateView):
    """What a school gets here, with one button."""

    template_name = "education/start.html"

    def get_context_data(self, **kwargs) -> dict:
        school = organisation_of(self.request.user, Organisation.Kind.SCHOOL)
        return super().get_context_data(school=school, **kwargs)


class CourseList(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        form = SearchForm(request.GET or {})
        wanted = form.cleaned_data if form.is_valid() else {}
        found = queries.find_programmes(queries.Filters(**wanted))
        page = Paginator(found, 20).get_page(request.GET.get("page"))
        return render(
            request, "education/list.html", {"form": form, "page_obj": page, "narrowed": any(wanted.values())}
        )


class Detail(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        programme = queries.visible_programme(request.user, pk)
        if programme is None:
            raise Http404
        own = organisation_of(request.user, Organisation.Kind.SCHOOL)
        return render(
            request,
            "education/detail.html",
            {
                "programme": programme,
                "skills": queries.taught_by(programme),
                "certificates": queries.certificates_of(programme),
                "subsidies": [Programme.Subsidy(each).label for each in programme.subsidies],
                "is_own": own is not None and own.pk == programme.school_id,
                "starts": [day for day in programme.start_dates if day >= timezone.localdate()],
            },
        )


class Columns(TemplateView):
    template_name = "education/columns.html"
    extra_context = {"columns": COLUMNS}


class Template(View):
    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        return table(kind, files.template_rows(), "opleidingen-voorbeeld")
