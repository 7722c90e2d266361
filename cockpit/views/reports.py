"""Signals, the outlook, and the Location Skills Audit on screen and as a PDF."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from accounts.operations import audit
from accounts.permissions import AnalystRequired
from cockpit import charts, regions
from cockpit.charts.svg import NARROW, WIDE
from cockpit.dimensions import words_of
from cockpit.forms import PlacesForm
from cockpit.pdf import skills_audit_pdf
from cockpit.prospects import Prospect, prospects, signals
from cockpit.skills_audit import skills_audit
from cockpit.views.explore import attachment

OUTLOOKS = {"": "", "sector": "sector", "isco1": "isco1"}
HISTORY = 24  # months drawn before the forecast


class Signals(AnalystRequired, View):
    """What changed in a month more than chance explains."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "cockpit/signals.html", {"month": signals(_month(request.GET.get("month", "")))})


class Outlook(AnalystRequired, View):
    """Demand in the coming months, with how well such forecasts did."""

    def get(self, request: HttpRequest) -> HttpResponse:
        dimension = OUTLOOKS.get(request.GET.get("by", ""), "")
        rows = [(one, *(drawn(one, width) for width in (WIDE, NARROW))) for one in prospects(dimension)]
        known = [row for row in rows if row[0].months]
        return render(
            request,
            "cockpit/outlook.html",
            {"rows": known, "refused": [row[0] for row in rows if not row[0].months], "by": dimension},
        )


def drawn(one: Prospect, width: int) -> str:
    """The past as a line, the months to come dashed in a band."""
    past = [(point.period, point.value) for point in one.history[-HISTORY:]]
    ahead = [(month.period, month.expected) for month in one.months]
    joined = [past[-1], *ahead] if past and past[-1][1] is not None else ahead
    band = charts.Band([(month.period, month.low, month.high) for month in one.months]) if ahead else None
    return charts.lines([charts.Line("", past), charts.Line("", joined, dashed=True)], width=width, band=band)


class SkillsAudit(AnalystRequired, View):
    """The Location Skills Audit for any set of municipalities."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = PlacesForm(request.GET, names=[shape.name for shape in regions.shapes()])
        context = {"form": form, "report": skills_audit(form.chosen()), "reasons": words_of("unused_reason")}
        return render(request, "cockpit/skills_audit.html", context | {"query": request.GET.urlencode()})


class SkillsAuditFile(AnalystRequired, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        form = PlacesForm(request.GET, names=[shape.name for shape in regions.shapes()])
        now = timezone.now()
        content = skills_audit_pdf(skills_audit(form.chosen()), timezone.localdate(now))
        audit(
            actor=request.user, verb="export cockpit", indicator="skills audit", kind="pdf", places=len(form.chosen())
        )
        return attachment(content, f"location-skills-audit_{timezone.localdate(now)}.pdf", "application/pdf")


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
