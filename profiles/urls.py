from django.urls import path
from django.views.generic import RedirectView

from profiles.views import can, do, draft, jobs, want, whole

app_name = "profiles"
urlpatterns = [
    path("", whole.Start.as_view(), name="start"),
    path("overview/", whole.Overview.as_view(), name="overview"),
    path("jobs/", jobs.Jobs.as_view(), name="jobs"),
    path("jobs/add/", jobs.JobTitle.as_view(), name="job-add"),
    path("jobs/<int:pk>/", jobs.JobDetails.as_view(), name="job"),
    path("jobs/<int:pk>/title/", jobs.JobTitle.as_view(), name="job-title"),
    path("jobs/<int:pk>/remove/", jobs.JobRemove.as_view(), name="job-remove"),
    path("skills/", can.Skills.as_view(), name="skills"),
    path("education/", can.Educations.as_view(), name="educations"),
    path("languages/", can.Languages.as_view(), name="languages"),
    path("certificates/", can.Certificates.as_view(), name="certificates"),
    path("interests/", want.interests, name="interests"),
    path("interests/<int:page>/", want.Interests.as_view(), name="interests-page"),
    path("interests/result/", want.InterestsResult.as_view(), name="interests-result"),
    # The engine that asks lives in a room above; this address only knows its name.
    path("choices/", RedirectView.as_view(pattern_name="matching:choices"), name="choices"),
    path("values/", want.Values.as_view(), name="values"),
    path("wishes/", want.Wishes.as_view(), name="wishes"),
    path("wishes/hours/", want.Hours.as_view(), name="hours"),
    path("wishes/travel/", want.Travel.as_view(), name="travel"),
    path("drive/", do.Drive.as_view(), name="drive"),
    path("drive/initiatives/", do.Initiatives.as_view(), name="initiatives"),
    path("findable/", do.Findable.as_view(), name="findable"),
    path("check/", whole.Check.as_view(), name="check"),
    path("print/", whole.Print.as_view(), name="print"),
    path("pdf/", whole.Pdf.as_view(), name="pdf"),
    path("erase/", whole.Erase.as_view(), name="erase"),
    path("found/", draft.FoundDraft.as_view(), name="found-draft"),
]
