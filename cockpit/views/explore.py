"""Explore one indicator: break it down, compare, take it along."""

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.generic import View

from accounts.operations import audit
from accounts.permissions import AnalystRequired
from cockpit import charts, explore, queries
from cockpit.exports import KINDS, export

FILES = ("csv", "xlsx", "parquet", "svg", "png")
PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


class Explore(AnalystRequired, View):
    """One view: a chart with the table under it, at an address that stays."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        asked = explore.read(key, request.GET)
        shown = explore.show(asked)
        if shown is None:
            raise Http404
        names = {one.code: one.label for one in queries.dimensions()}
        breakdowns = [
            ("", ""),
            *((by, " × ".join(names[part] for part in by.split(","))) for by in shown.entry.breakdowns if by),
        ]
        context = {
            "shown": shown,
            "entry": shown.entry,
            "breakdowns": breakdowns,
            "query": shown.asked.as_query(),
            "files": FILES,
            "chart_links": [(one, shown.asked.as_query(chart=one)) for one in shown.charts],
            "subjects": queries.catalogue(subject=shown.entry.subject),
        }
        return render(request, "cockpit/explore.html", context)


class Download(AnalystRequired, View):
    """The view as a file: a table (CSV, XLSX, Parquet) or a picture (SVG, PNG); every one is written down."""

    def get(self, request: HttpRequest, key: str, kind: str) -> HttpResponse:
        asked = explore.read(key, request.GET)
        public = request.GET.get("public") == "on"
        now = timezone.now()
        shown = explore.show(asked, public=public)
        if shown is None or kind not in {*KINDS, *PICTURES}:
            raise Http404
        if kind in KINDS:
            plain = explore.show(asked)
            file = export(view=plain.view, kind=kind, public=public, actor=request.user, now=now)
            return attachment(file.content, file.name, file.content_type)
        picture = explore.picture_of(shown, timezone.localdate(now))
        content = charts.png(picture) if kind == "png" else picture.encode()
        audit(actor=request.user, verb="export cockpit", indicator=key, breakdown=asked.by, kind=kind, public=public)
        return attachment(content, f"{key}.{kind}", PICTURES[kind])


class MakeEmbed(AnalystRequired, View):
    """An address that others may put in their own page: this view only, rounded for the public."""

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        shown = explore.show(explore.read(key, request.GET))
        if shown is None:
            raise Http404
        address = request.build_absolute_uri(reverse("cockpit:embed", args=[explore.embed_code(shown.asked)]))
        audit(actor=request.user, verb="make embed", indicator=key, breakdown=shown.asked.by)
        context = {"shown": shown, "entry": shown.entry, "address": address, "query": shown.asked.as_query()}
        return render(request, "cockpit/embed_made.html", context)


@method_decorator([xframe_options_exempt, csp_replace({"frame-ancestors": ["*"]})], name="dispatch")
class Embed(View):
    """What the code stands for, for everybody; small enough for a column of a newspaper."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        asked = explore.read_embed(code)
        shown = explore.show(asked, public=True) if asked else None
        if shown is None:
            raise Http404
        return render(request, "cockpit/embed.html", {"shown": shown, "entry": shown.entry})


def attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )
