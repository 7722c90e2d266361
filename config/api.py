"""The REST API under /api/v1/, its schema and its page. Every room brings its own addresses."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularRedocView.as_view(url_name="schema"), name="api-docs"),
    path("v1/", include("cockpit.api")),
    path("v1/", include("accounts.api")),
    path("v1/", include("taxonomy.api")),
    path("v1/", include("profiles.api")),
    path("v1/", include("vacancies.api")),
    path("v1/", include("education.api")),
    path("v1/", include("partners.api")),
    path("v1/", include("demand.api")),
    path("v1/", include("matching.api")),
]
