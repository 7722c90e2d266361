from django.urls import path

from profiles import views, views_draft

app_name = "profiles"
urlpatterns = [
    path("", views.Start.as_view(), name="start"),
    path("overview/", views.Overview.as_view(), name="overview"),
    path("jobs/", views.Jobs.as_view(), name="jobs"),
    path("jobs/add/", views.JobTitle.as_view(), name="job-add"),
    path("jobs/<int:pk>/", views.JobDetails.as_view(), name="job"),
    path("jobs/<int:pk>/title/", views.JobTitle.as_view(), name="job-title"),
    path("jobs/<int:pk>/remove/", views.JobRemove.as_view(), name="job-remove"),
    path("skills/", views.Skills.as_view(), name="skills"),
    path("education/", views.Educations.as_view(), name="educations"),
    path("languages/", views.Languages.as_view(), name="languages"),
    path("certificates/", views.Certificates.as_view(), name="certificates"),
    path("interests/", views.interests, name="interests"),
    path("interests/<int:page>/", views.Interests.as_view(), name="interests-page"),
    path("interests/result/", views.InterestsResult.as_view(), name="interests-result"),
    path("values/", views.Values.as_view(), name="values"),
    path("wishes/", views.Wishes.as_view(), name="wishes"),
    path("wishes/hours/", views.Hours.as_view(), name="hours"),
    path("wishes/travel/", views.Travel.as_view(), name="travel"),
    path("drive/", views.Drive.as_view(), name="drive"),
    path("drive/initiatives/", views.Initiatives.as_view(), name="initiatives"),
    path("findable/", views.Findable.as_view(), name="findable"),
    path("check/", views.Check.as_view(), name="check"),
    path("print/", views.Print.as_view(), name="print"),
    path("pdf/", views.Pdf.as_view(), name="pdf"),
    path("erase/", views.Erase.as_view(), name="erase"),
    path("found/", views_draft.FoundDraft.as_view(), name="found-draft"),
]
