from django.urls import path
from django.views.generic import RedirectView

from education import views

app_name = "education"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="education:list"), name="root"),
    path("courses/", views.CourseList.as_view(), name="list"),
    path("schools/", views.Start.as_view(), name="start"),
    path("<int:pk>/", views.Detail.as_view(), name="detail"),
    path("mine/", views.Mine.as_view(), name="mine"),
    path("mine/new/", views.Edit.as_view(), name="new"),
    path("mine/<int:pk>/", views.Edit.as_view(), name="edit"),
    path("mine/<int:pk>/skills/", views.ProgrammeSkills.as_view(), name="programme-skills"),
    path("mine/<int:pk>/publish/", views.Publish.as_view(), name="publish"),
    path("mine/<int:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("skills/", views.SkillQueue.as_view(), name="skills"),
    path("upload/", views.Upload.as_view(), name="upload"),
    path("upload/columns/", views.Columns.as_view(), name="columns"),
    path("upload/template.<str:kind>", views.Template.as_view(), name="template"),
    path("upload/programmes.<str:kind>", views.Export.as_view(), name="export"),
    path("upload/<uuid:ref>/", views.UploadDetail.as_view(), name="upload-detail"),
    path("upload/<uuid:ref>/check/", views.UploadCheck.as_view(), name="upload-check"),
    path("upload/<uuid:ref>/import/", views.UploadImport.as_view(), name="upload-import"),
    path("upload/<uuid:ref>/errors.csv", views.UploadErrors.as_view(), name="upload-errors"),
]
