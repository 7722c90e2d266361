"""Addresses of matches, applications, candidates and the chance model."""

from django.urls import path

from matching import (
    views_choices,
    views_courses,
    views_employer,
    views_jobseeker,
    views_learned,
    views_operator,
)

app_name = "matching"
urlpatterns = [
    path("cv/choose/", views_choices.Begin.as_view(), name="choices"),
    path("cv/choose/<int:at>/", views_choices.Choice.as_view(), name="choice"),
    path("cv/choose/result/", views_choices.Result.as_view(), name="choices-result"),
    path("matches/", views_jobseeker.Matches.as_view(), name="matches"),
    path("matches/courses/", views_courses.Courses.as_view(), name="courses"),
    path("matches/courses/<int:pk>/finished/", views_courses.Finish.as_view(), name="finish"),
    path("matches/quick/", views_jobseeker.Quick.as_view(), name="quick"),
    path("matches/<int:pk>/", views_jobseeker.MatchPage.as_view(), name="match"),
    path("matches/<int:pk>/apply/", views_jobseeker.Apply.as_view(), name="apply"),
    path("matches/<int:pk>/bookmark/", views_jobseeker.Bookmark.as_view(), name="bookmark"),
    path("learned/", views_learned.Learned.as_view(), name="learned"),
    path("learned/<uuid:ref>/", views_learned.AnswerSchool.as_view(), name="learned-answer"),
    path("applications/", views_jobseeker.Applications.as_view(), name="applications"),
    path("applications/<uuid:ref>/", views_jobseeker.ApplicationPage.as_view(), name="application"),
    path("applications/<uuid:ref>/answer/", views_jobseeker.AnswerApplication.as_view(), name="answer"),
    path("vacancies/<int:pk>/candidates/", views_employer.Candidates.as_view(), name="candidates"),
    path("vacancies/<int:pk>/candidates/<uuid:ref>/", views_employer.Candidate.as_view(), name="candidate"),
    path("operator/model/", views_operator.ModelQuality.as_view(), name="model"),
]
