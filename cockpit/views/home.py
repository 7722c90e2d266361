"""The start page, the catalogue, and all data points."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from accounts.permissions import AnalystRequired
from cockpit import charts, points, queries
from cockpit.catalogue.indicator import Subject, Unit
from cockpit.explore import UNITS
from cockpit.forms import CatalogueForm, PointsForm
from cockpit.overview import overview
from cockpit.prospects import signals

NEWS_ON_HOME = 3


class Home(AnalystRequired, View):
    """The state of the region in one look: ten numbers, each with its trend and what it means."""

    def get(self, request: HttpRequest) -> HttpResponse:
        tiles = [(headline, unit_of(headline.indicator), spark_of(headline.indicator)) for headline in overview()]
        context = {"tiles": tiles, "news": signals().news[:NEWS_ON_HOME], "subjects": queries.subjects()}
        return render(request, "cockpit/home.html", context)


class Catalogue(AnalystRequired, View):
    """All indicators, to search and to read what they mean."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = CatalogueForm(request.GET)
        wanted = form.cleaned_data if form.is_valid() else {}
        found = queries.catalogue(wanted.get("text", ""), wanted.get("subject", ""))
        groups = [
            (str(name), [(entry, unit_of(entry), spark_of(entry)) for entry in found if entry.subject == value])
            for value, name in Subject.choices
        ]
        context = {
            "form": form,
            "groups": [(name, entries) for name, entries in groups if entries],
            "n_indicators": len(found),
            "n_points": sum(entry.points for entry in found),
        }
        return render(request, "cockpit/catalogue.html", context)


class Points(AnalystRequired, View):
    """Every latest data point, to search."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = PointsForm(request.GET)
        wanted = form.cleaned_data if form.is_valid() else {}
        found = points.search(wanted.get("text", ""), wanted.get("subject", ""))
        page = Paginator(found, 50).get_page(request.GET.get("page"))
        page.object_list = points.with_trends(points.named(page.object_list))
        return render(request, "cockpit/points.html", {"form": form, "page_obj": page})


def unit_of(entry: queries.Entry) -> str:
    return str(UNITS[Unit(entry.unit)])


def spark_of(entry: queries.Entry) -> str:
    return charts.spark([point.value for point in entry.months])
