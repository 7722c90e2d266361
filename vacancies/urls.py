"""Addresses of vacancies."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path

from vacancies.views import making, own, public

app_name = "vacancies"
urlpatterns = [
    path("vacancies/", public.vacancy_list, name="list"),
    path("vacancies/feed/", public.NewVacancies(), name="feed"),
    path("sitemap.xml", sitemap, {"sitemaps": {"vacancies": public.VacancySitemap}}, name="sitemap"),
    path("vacancies/new/", making.Start.as_view(), name="start"),
    path("vacancies/new/details/", making.Details.as_view(), name="details"),
    path("vacancies/new/check/", making.Check.as_view(), name="check"),
    path("vacancies/mine/", own.Mine.as_view(), name="mine"),
    path("vacancies/<int:pk>/", public.detail, name="detail"),
    path("vacancies/<int:pk>/edit/", own.Edit.as_view(), name="edit"),
    path("vacancies/<int:pk>/status/", own.ChangeStatus.as_view(), name="status"),
]
