from django.conf.urls import i18n
from django.urls import include, path

from core import views

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("about/", views.page("about"), name="about"),
    path("how/", views.page("how"), name="how"),
    path("privacy/", views.page("privacy"), name="privacy"),
    path("accessibility/", views.page("accessibility"), name="accessibility"),
    path("help/", views.page("help"), name="help"),
    path("theme/", views.set_theme, name="set-theme"),
    path("i18n/", include(i18n)),
    path("health/", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("design/", views.gallery, name="gallery"),
    path("demo/", views.demo, name="demo"),
    path("demo/mail/", views.demo_mail, name="demo-mail"),
]
