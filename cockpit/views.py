"""Pages of CockpitWerk."""

import csv

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.operations import audit
from accounts.permissions import AnalystRequired
from cockpit.figures import figures, figures_as_of


class Home(AnalystRequired, TemplateView):
    """The state of the region in one look."""

    template_name = "cockpit/home.html"

    def get_context_data(self, **kwargs) -> dict:
        shown = figures()
        most = max([row.demand for row in shown.sectors] + [row.supply or 0 for row in shown.sectors], default=0)
        return super().get_context_data(figures=shown, most=max(1, most), **kwargs)


class Download(AnalystRequired, View):
    """The tables as CSV; every download is written down."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        shown = figures()
        audit(actor=request.user, verb="download cockpit figures")
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{figures_as_of(timezone.localdate(now))}"'
        response.write("﻿")  # spreadsheets read UTF-8 only with a mark
        writer = csv.writer(response, delimiter=";")
        hidden = _("hidden")
        writer.writerow([_("table"), _("row"), _("figure"), _("value")])
        for sector in shown.sectors:
            supply = hidden if sector.supply is None else sector.supply
            writer.writerow([_("sectors"), sector.sector, _("jobseekers"), supply])
            writer.writerow([_("sectors"), sector.sector, _("people asked for"), sector.demand])
        for skill in shown.scarce_skills:
            writer.writerow([_("scarce skills"), skill.label, _("vacancies that ask it"), skill.asked])
            offered = hidden if skill.offered is None else skill.offered
            writer.writerow([_("scarce skills"), skill.label, _("people who can do it"), offered])
        for row in shown.reasons:
            count = hidden if row.count is None else row.count
            writer.writerow([_("reasons for saying no"), row.reason, _("applications"), count])
        return response
