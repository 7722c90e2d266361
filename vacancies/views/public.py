"""What everybody sees of vacancies."""

from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Organisation
from accounts.queries import organisation_of
from vacancies import queries
from vacancies.forms import OFFERS, SearchForm, is_offered
from vacancies.models import Vacancy
from vacancies.structured import job_posting

PER_PAGE = 20


def vacancy_list(request: HttpRequest) -> HttpResponse:
    """Open vacancies for everybody, with filters."""
    form = SearchForm(request.GET or None)
    page = Paginator(queries.search(**form.criteria()), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "vacancies/list.html", {"form": form, "page_obj": page, "filtered": bool(request.GET)})


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One vacancy: open to all; drafts and closed ones only to the firm itself."""
    vacancy = get_object_or_404(queries.with_requirements(), pk=pk)
    firm = organisation_of(request.user, Organisation.Kind.EMPLOYER)
    own = firm is not None and firm.pk == vacancy.organisation_id
    if not vacancy.is_open and not own:
        raise Http404
    context = {
        "vacancy": vacancy,
        "own": own,
        "offers": [str(words) for name, words in OFFERS.items() if is_offered(getattr(vacancy, name))],
        "json_ld": job_posting(vacancy, request.build_absolute_uri()) if vacancy.kind == "vacancy" else "",
    }
    return render(request, "vacancies/detail.html", context)


class NewVacancies(Feed):
    """The newest vacancies as an Atom feed."""

    feed_type = Atom1Feed
    title = "Zelf aan het Werk"
    subtitle = _lazy("New vacancies")

    def link(self) -> str:
        return reverse("vacancies:list")

    def feed_url(self) -> str:
        return reverse("vacancies:feed")

    def items(self) -> QuerySet[Vacancy]:
        return queries.open_vacancies().filter(kind=Vacancy.Kind.VACANCY)[:30]

    def item_title(self, item: Vacancy) -> str:
        return f"{item.title} – {item.organisation.name}, {item.place.name}"

    def item_description(self, item: Vacancy) -> str:
        return item.text[:500]

    def item_link(self, item: Vacancy) -> str:
        return reverse("vacancies:detail", args=[item.pk])

    def item_pubdate(self, item: Vacancy):
        return item.published_at

    def item_updateddate(self, item: Vacancy):
        return item.updated_at


class VacancySitemap(Sitemap):
    """Open vacancies for search engines."""

    def items(self) -> QuerySet[Vacancy]:
        return Vacancy.objects.open().order_by("id")

    def location(self, item: Vacancy) -> str:
        return reverse("vacancies:detail", args=[item.pk])

    def lastmod(self, item: Vacancy):
        return item.updated_at
