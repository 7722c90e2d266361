from django.urls import path

from taxonomy import views, views_operator

app_name = "taxonomy"
urlpatterns = [
    path("occupations/", views.occupations, name="occupations"),
    path("occupations/<int:pk>/skills/", views.occupation_skills, name="skills-of-occupation"),
    path("skills/", views.skills, name="skills"),
    path("try/", views_operator.TryWords.as_view(), name="try"),
    path("without-dutch/skills/", views_operator.MissingDutch.as_view(), {"kind": "skill"}, name="missing-skills"),
    path(
        "without-dutch/occupations/", views_operator.MissingDutch.as_view(), {"kind": "occupation"},
        name="missing-occupations",
    ),
]  # fmt: skip
