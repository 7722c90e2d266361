"""CockpitWerk over the REST API: catalogue, data points, series, signals, forecasts, files and metadata. For analysts."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import IsAnalyst
from cockpit import dcat, exports, outside, prospects, queries, regions
from cockpit.catalogue.indicator import Subject
from cockpit.dimensions import DIMENSIONS
from cockpit.forecast import DIMENSIONS as FORECAST
from cockpit.models import DataPoint
from cockpit.skills_audit import skills_audit
from core.api import Errors
from core.pagination import Pages


class Analysts(Errors):
    permission_classes = [IsAnalyst]


class CatalogueQuery(serializers.Serializer):
    text = serializers.CharField(required=False, default="", max_length=100)
    subject = serializers.ChoiceField(Subject.choices, required=False, default="", allow_blank=True)


class ViewQuery(serializers.Serializer):
    breakdown = serializers.CharField(required=False, default="", max_length=60, allow_blank=True)
    first = serializers.ListField(child=serializers.CharField(max_length=80), required=False, default=None)
    second = serializers.ListField(child=serializers.CharField(max_length=80), required=False, default=None)
    period = serializers.DateField(required=False, default=None, allow_null=True)


class ExportQuery(ViewQuery):
    kind = serializers.ChoiceField(list(exports.KINDS), required=False, default="csv")
    public = serializers.BooleanField(required=False, default=False, help_text="rounded, to be passed on")


class SeriesQuery(serializers.Serializer):
    breakdown = serializers.CharField(required=False, default="", max_length=60, allow_blank=True)
    code = serializers.ListField(child=serializers.CharField(max_length=80), required=False, default=None)


class PointsQuery(serializers.Serializer):
    indicator = serializers.CharField(required=False, default="", max_length=60)
    breakdown = serializers.CharField(required=False, default=None, max_length=60, allow_blank=True, allow_null=True)
    first = serializers.CharField(required=False, default="", max_length=80)
    since = serializers.DateField(required=False, default=None)
    latest = serializers.BooleanField(required=False, default=False, help_text="only the latest values, no months")


class ProspectQuery(serializers.Serializer):
    dimension = serializers.ChoiceField(FORECAST, required=False, default="", allow_blank=True)


class ComparisonQuery(serializers.Serializer):
    measure = serializers.CharField(max_length=60)
    breakdown = serializers.CharField(required=False, default="", max_length=60, allow_blank=True)


class PointSerializer(serializers.ModelSerializer):
    class Meta:
        model = DataPoint
        fields = (
            "indicator", "breakdown", "first", "second", "period", "value", "n", "suppressed", "computed_at", "version",
        )  # fmt: skip


def asked(serializer: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """The query, checked; a problem names its parameter."""
    said = serializer(data=request.query_params)
    said.is_valid(raise_exception=True)
    return said.validated_data


class Catalogue(Analysts):
    """Every indicator with its words, its latest value and its months."""

    @extend_schema(operation_id="cockpit_indicators", parameters=[CatalogueQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        entries = queries.catalogue(**asked(CatalogueQuery, request))
        return Response({"count": len(entries), "results": [asdict(entry) for entry in entries]})


class Metadata(Analysts):
    """The catalogue as DCAT-AP in JSON-LD."""

    class JSONLD(JSONRenderer):
        media_type = "application/ld+json"
        format = "jsonld"

    renderer_classes = [JSONLD, JSONRenderer]

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        base = request.build_absolute_uri("/api/v1/cockpit/")
        language = "en" if get_language() == "en" else "nl"
        return Response(dcat.catalogue_as_dcat(queries.catalogue(), lambda rest: base + rest, language))


class One(Analysts):
    """One indicator: its words and one of its tables."""

    def view(self, key: str, said: dict[str, Any]) -> queries.View:
        if queries.entry(key) is None:
            raise Http404
        names = ("breakdown", "first", "second", "period")
        found = queries.view(key, **{name: said[name] for name in names})
        if found is None:
            raise ValidationError({"breakdown": _("This indicator is not broken down so.")})
        return found


class OneView(One):
    @extend_schema(parameters=[ViewQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, key: str) -> Response:
        return Response(asdict(self.view(key, asked(ViewQuery, request))))


class OneSeries(One):
    """An indicator month by month."""

    @extend_schema(parameters=[SeriesQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, key: str) -> Response:
        said = asked(SeriesQuery, request)
        entry = queries.entry(key)
        if entry is None:
            raise Http404
        if said["breakdown"] and said["breakdown"] not in DIMENSIONS:
            raise ValidationError({"breakdown": _("This indicator is not broken down so.")})
        found = queries.series(key, said["breakdown"], said["code"])
        return Response({"indicator": key, "unit": entry.unit, "series": [asdict(one) for one in found]})


class OneExport(One):
    """A table as a file; it is written down who took it."""

    @extend_schema(parameters=[ExportQuery], responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, key: str) -> HttpResponse:
        said = asked(ExportQuery, request)
        file = exports.export(
            view=self.view(key, said), kind=said["kind"], public=said["public"], actor=request.user, now=timezone.now()
        )
        response = HttpResponse(file.content, content_type=file.content_type)
        response["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return response


class Points(Errors, ListAPIView):
    """Data points, page by page, with filters."""

    permission_classes = [IsAnalyst]
    serializer_class = PointSerializer
    filter_backends: list = []

    class pagination_class(Pages):
        page_size = 500
        max_page_size = 5000

    @extend_schema(parameters=[PointsQuery])
    def get(self, request: Request, *args, **kwargs) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self):
        said = asked(PointsQuery, self.request)
        rows = DataPoint.objects.order_by("indicator", "breakdown", "period", "first", "second")
        for name in ("indicator", "first"):
            if said[name]:
                rows = rows.filter(**{name: said[name]})
        if said["breakdown"] is not None:
            rows = rows.filter(breakdown=said["breakdown"])
        if said["latest"]:
            rows = rows.filter(period=None)
        return rows.filter(period__gte=said["since"]) if said["since"] else rows


class Signals(Analysts):
    """What changed significantly in a month, with the test and the false discovery rate."""

    @extend_schema(parameters=[OpenApiParameter("period", OpenApiTypes.DATE)], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        said = request.query_params.get("period")
        try:
            period = date.fromisoformat(said) if said else None
        except ValueError as error:
            raise ValidationError({"period": _("Write a day as 2026-10-01.")}) from error
        return Response(asdict(prospects.signals(period)))


class Prospects(Analysts):
    """Forecasts of new places of work, with their error beside that of the naive seasonal forecast."""

    @extend_schema(parameters=[ProspectQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        found = prospects.prospects(**asked(ProspectQuery, request))
        return Response({"count": len(found), "results": [asdict(one) for one in found]})


class Regions(Analysts):
    """Municipalities with their points, and outlines where borders were imported."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response({"results": [asdict(shape) for shape in regions.shapes()]})


class Outside(Analysts):
    """Tables from elsewhere, with their columns and the indicators that they can be held against."""

    @extend_schema(operation_id="cockpit_outside_tables", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response({"results": [asdict(table) for table in outside.tables()]})


class OutsideComparison(Analysts):
    """Their newest numbers beside our latest ones; empty where a measure is held against nothing of ours."""

    @extend_schema(parameters=[ComparisonQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, key: str) -> Response:
        if key not in {table.key for table in outside.tables()}:
            raise Http404
        said = asked(ComparisonQuery, request)
        if said["breakdown"] and said["breakdown"] not in DIMENSIONS:
            raise ValidationError({"breakdown": _("This indicator is not broken down so.")})
        found = outside.compare(key, said["measure"], said["breakdown"])
        return Response({"results": [asdict(one) for one in found]})


class Audit(Analysts):
    """The Location Skills Audit, for the whole region or for `municipality` (may be repeated)."""

    @extend_schema(
        parameters=[OpenApiParameter("municipality", OpenApiTypes.STR, many=True)], responses=OpenApiTypes.OBJECT
    )
    def get(self, request: Request) -> Response:
        return Response(asdict(skills_audit(request.query_params.getlist("municipality")[:400])))


urlpatterns = [
    path("cockpit/indicators/", Catalogue.as_view(), name="cockpit-indicators"),
    path("cockpit/catalogue/", Metadata.as_view(), name="cockpit-catalogue"),
    path("cockpit/indicators/<slug:key>/", OneView.as_view(), name="cockpit-indicator"),
    path("cockpit/indicators/<slug:key>/series/", OneSeries.as_view(), name="cockpit-series"),
    path("cockpit/indicators/<slug:key>/export/", OneExport.as_view(), name="cockpit-export"),
    path("cockpit/points/", Points.as_view(), name="cockpit-points"),
    path("cockpit/signals/", Signals.as_view(), name="cockpit-signals"),
    path("cockpit/forecasts/", Prospects.as_view(), name="cockpit-forecasts"),
    path("cockpit/regions/", Regions.as_view(), name="cockpit-regions"),
    path("cockpit/outside/", Outside.as_view(), name="cockpit-outside"),
    path("cockpit/outside/<slug:key>/", OutsideComparison.as_view(), name="cockpit-outside-table"),
    path("cockpit/skills-audit/", Audit.as_view(), name="cockpit-skills-audit"),
]
