from django.urls import path
from django.views.generic import RedirectView

from education.views import feeds, finished, own, public, uploads

app_name = "education"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="education:list"), name="root"),
    path("courses/", public.CourseList.as_view(), name="list"),
    path("schools/", public.Start.as_view(), name="start"),
    path("<int:pk>/", public.Detail.as_view(), name="detail"),
    path("mine/", own.Mine.as_view(), name="mine"),
    path("mine/new/", own.Edit.as_view(), name="new"),
    path("mine/<int:pk>/", own.Edit.as_view(), name="edit"),
    path("mine/<int:pk>/skills/", own.ProgrammeSkills.as_view(), name="programme-skills"),
    path("mine/<int:pk>/publish/", own.Publish.as_view(), name="publish"),
    path("mine/<int:pk>/withdraw/", own.Withdraw.as_view(), name="withdraw"),
    path("mine/<int:pk>/finished/", finished.Finished.as_view(), name="finished"),
    path("finished/<uuid:ref>/", finished.TakeBack.as_view(), name="take-back"),
    path("skills/", own.SkillQueue.as_view(), name="skills"),
    path("feed/", feeds.Feed.as_view(), name="feed"),
    path("upload/", uploads.Upload.as_view(), name="upload"),
    path("upload/columns/", public.Columns.as_view(), name="columns"),
    path("upload/template.<str:kind>", public.Template.as_view(), name="template"),
    path("upload/programmes.<str:kind>", own.Export.as_view(), name="export"),
    path("upload/<uuid:ref>/", uploads.UploadDetail.as_view(), name="upload-detail"),
    path("upload/<uuid:ref>/columns/", uploads.UploadColumns.as_view(), name="upload-columns"),
    path("upload/<uuid:ref>/undo/", uploads.UploadUndo.as_view(), name="upload-undo"),
    path("upload/<uuid:ref>/check/", uploads.UploadCheck.as_view(), name="upload-check"),
    path("upload/<uuid:ref>/import/", uploads.UploadImport.as_view(), name="upload-import"),
    path("upload/<uuid:ref>/errors.csv", uploads.UploadErrors.as_view(), name="upload-errors"),
]
