"""Addresses of accounts and organisations."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("employer/", views.RegisterEmployer.as_view(), name="register-employer"),
    path("school/", views.RegisterSchool.as_view(), name="register-school"),
    path("team/", views.Team.as_view(), name="team"),
    path("team/<str:code>/", views.Join.as_view(), name="join"),
    path("settings/", views.Settings.as_view(), name="settings"),
    path("data/", views.Export.as_view(), name="export"),
    path("erase/", views.Erase.as_view(), name="erase"),
    path("key/", views.TokenKey.as_view(), name="token"),
]
