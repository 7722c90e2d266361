"""Addresses of the site. Each room has its own `urls.py`."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("core.urls")),
    path("account/", include("accounts.urls")),
    path("taxonomy/", include("taxonomy.urls")),
    path("cv/", include("profiles.urls")),
    path("", include("vacancies.urls")),
    path("education/", include("education.urls")),
    path("", include("matching.urls")),
    path("cockpit/", include("cockpit.urls")),
    path("api/", include("config.api")),
    path("admin/", admin.site.urls),
    path("auth/", include("allauth.urls")),
    path("", include("django_prometheus.urls")),
]
