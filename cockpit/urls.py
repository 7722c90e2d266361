"""Addresses of CockpitWerk."""

from django.urls import path

from cockpit.views import explore, home, reports

app_name = "cockpit"
urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("catalogue/", home.Catalogue.as_view(), name="catalogue"),
    path("points/", home.Points.as_view(), name="points"),
    path("explore/<slug:key>/", explore.Explore.as_view(), name="explore"),
    path("explore/<slug:key>/file.<str:kind>", explore.Download.as_view(), name="download"),
    path("explore/<slug:key>/embed/", explore.MakeEmbed.as_view(), name="make-embed"),
    path("embed/<str:code>/", explore.Embed.as_view(), name="embed"),
    path("signals/", reports.Signals.as_view(), name="signals"),
    path("outlook/", reports.Outlook.as_view(), name="outlook"),
    path("skills-audit/", reports.SkillsAudit.as_view(), name="skills-audit"),
    path("skills-audit/pdf/", reports.SkillsAuditFile.as_view(), name="skills-audit-pdf"),
]
