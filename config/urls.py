"""Addresses of the site. Each room has its own `urls.py`."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from accounts.views import ConfirmLoginCode
from core.views import metrics

admin.autodiscover()
# The limits, codes and second factor of the site's own login.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("core.urls")),
    path("account/", include("accounts.urls")),
    path("taxonomy/", include("taxonomy.urls")),
    path("cv/", include("profiles.urls")),
    path("", include("vacancies.urls")),
    path("education/", include("education.urls")),
    path("partners/", include("partners.urls")),
    path("demand/", include("demand.urls")),
    path("", include("matching.urls")),
    path("cockpit/", include("cockpit.urls")),
    path("api/", include("config.api")),
    path("admin/", admin.site.urls),
    path("auth/login/code/confirm/", ConfirmLoginCode.as_view(), name="account_confirm_login_code"),
    path("auth/", include("allauth.urls")),
    path("metrics", metrics, name="metrics"),
]
