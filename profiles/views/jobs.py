"""The work somebody has done."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from profiles import flow, operations, queries
from profiles.forms import JobForm, JobTitleForm, RemoveJobForm
from profiles.models import CV, Job
from profiles.views.base import NONE_OF_THESE, CVPage, StepPage, picked, today
from taxonomy.models import Occupation
from taxonomy.queries import resolve_occupation


class Jobs(CVPage):
    """The list of jobs; without one the first question."""

    def get(self, request: HttpRequest) -> HttpResponse:
        jobs = queries.jobs_of(self.cv)
        if not jobs:
            return redirect("profiles:job-add")
        context = {"cv": self.cv, "jobs": [(job, queries.years(job)) for job in jobs], "place": flow.place_of("jobs")}
        return render(request, "profiles/jobs.html", context)


class JobTitle(StepPage):
    """What somebody does or did. Words that may mean several occupations lead to a choice on the same page."""

    name = "jobs"
    title = _("Your work")
    lead = _("Begin with what you do now, or did last.")
    form_class = JobTitleForm
    template_name = "profiles/job_title.html"
    job: Job | None = None

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if "pk" in kwargs:
            self.job = own_job(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def initial(self) -> dict:
        return {"title": self.job.title} if self.job else {}

    def try_saving(self, form) -> HttpResponse:
        """Save when it is clear which occupation is meant, or that none is; otherwise ask."""
        title = form.cleaned_data["title"]
        chosen = picked(self.request, "title", title)
        if chosen == NONE_OF_THESE:
            form.occupation = None
            return super().try_saving(form)
        found = resolve_occupation(title, chosen)
        if found.id is None:
            return self.ask(form, "title", title, found.choices)
        form.occupation = Occupation.objects.get(pk=found.id)
        return super().try_saving(form)

    def store(self, cv: CV, version: int, form) -> Job:
        known = self.job
        return operations.save_job(
            cv=cv,
            version=version,
            title=form.cleaned_data["title"],
            occupation=form.occupation,
            employer=known.employer if known else "",
            start_year=known.start_year if known else None,
            end_year=known.end_year if known else None,
            is_current=known.is_current if known else False,
            job=known,
        )

    def after(self, result: object) -> str:
        return reverse("profiles:job", args=[result.pk])


def own_job(request: HttpRequest, pk: int) -> Job:
    """A job of the visitor's own CV; 404 for anybody else's."""
    return get_object_or_404(Job.objects.select_related("occupation"), pk=pk, cv=queries.cv_of(request) or 0)


class JobDetails(StepPage):
    """When and where somebody had this job."""

    name = "jobs"
    title = _("When was this?")
    form_class = JobForm
    template_name = "profiles/job.html"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        self.job = own_job(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def make_form(self, data=None) -> JobForm:
        return JobForm(data, initial=self.initial(), today=today())

    def initial(self) -> dict:
        job = self.job
        said = job.is_current or job.start_year or job.end_year
        return {
            "is_current": job.is_current if said else None,
            "start_year": job.start_year,
            "end_year": job.end_year,
            "employer": job.employer,
        }

    def details(self, form) -> dict:
        return {"job": self.job, "skip": self.after(None)}

    def store(self, cv: CV, version: int, form) -> Job:
        job = self.job
        return operations.save_job(
            cv=cv, version=version, title=job.title, occupation=job.occupation, job=job, **form.cleaned_data
        )

    def after(self, result: object) -> str:
        return reverse("profiles:skills")


class JobRemove(StepPage):
    name = "jobs"
    title = _("Take away this job?")
    form_class = RemoveJobForm
    template_name = "profiles/job_remove.html"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        self.job = own_job(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def details(self, form) -> dict:
        return {"job": self.job}

    def store(self, cv: CV, version: int, form) -> None:
        operations.remove_job(cv=cv, version=version, job=self.job, **form.cleaned_data)

    def after(self, result: object) -> str:
        return reverse("profiles:jobs")
