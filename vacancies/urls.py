"""Addresses of vacancies."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path

from vacancies import views

app_name = "vacancies"
urlpatterns = [
    path("vacancies/", views.vacancy_list, name="list"),
    path("vacancies/feed/", views.NewVacancies(), name="feed"),
    path("sitemap.xml", sitemap, {"sitemaps": {"vacancies": views.VacancySitemap}}, name="sitemap"),
    path("vacancies/new/", views.Start.as_view(), name="start"),
    path("vacancies/new/details/", views.Details.as_view(), name="details"),
    path("vacancies/new/check/", views.Check.as_view(), name="check"),
    path("vacancies/mine/", views.Mine.as_view(), name="mine"),
    path("vacancies/<int:pk>/", views.detail, name="detail"),
    path("vacancies/<int:pk>/edit/", views.Edit.as_view(), name="edit"),
    path("vacancies/<int:pk>/status/", views.ChangeStatus.as_view(), name="status"),
]
