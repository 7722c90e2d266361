"""Addresses of CockpitWerk."""

from django.urls import path

from cockpit import views

app_name = "cockpit"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("figures.csv", views.Download.as_view(), name="download"),
]
