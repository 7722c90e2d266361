from django.urls import path

from taxonomy import views

app_name = "taxonomy"
urlpatterns = [
    path("occupations/", views.occupations, name="occupations"),
    path("occupations/<int:pk>/skills/", views.occupation_skills, name="skills-of-occupation"),
    path("skills/", views.skills, name="skills"),
]
