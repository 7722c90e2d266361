"""Courses for a jobseeker: which brings me on, and which did I finish."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from core.exceptions import Conflict, Refused
from education.models import Programme
from education.queries import certificates_of, taught_by
from matching import operations, queries
from matching.views_jobseeker import CVRequired
from profiles import operations as cv_operations
from profiles.models import FinishedProgramme
from profiles.queries import wished_occupations

EARLIEST_YEAR = 1960


class Courses(CVRequired, View):
    """Courses that open most vacancies, or that lead to a wished occupation; what that is measured from.

    Over the whole market with the skills that raise chances most, for what somebody can do already needs no course.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        wishes = wished_occupations(self.cv)
        chosen = request.GET.get("occupation", "")
        occupation = next((wish for wish in wishes if str(wish.pk) == chosen), None)
        context = {
            "cv": self.cv,
            "wishes": wishes,
            "found": queries.market_advice(self.cv, occupation),
            "gains": None if occupation else queries.skill_advice(self.cv),
            "in_work": self.cv.jobs.filter(is_current=True).exists(),
            "today": timezone.localdate(),
        }
        return render(request, "matching/courses.html", context)


class FinishForm(forms.Form):
    year = forms.IntegerField(
        label=gettext_lazy("In which year did you finish it?"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-short"}),
        error_messages={"invalid": gettext_lazy("Write a year of four digits, for instance 2019.")},
    )

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if not EARLIEST_YEAR <= year <= timezone.localdate().year:
            raise forms.ValidationError(_("Write a year that lies behind us, for instance 2019."), code="year")
        return year


class Finish(CVRequired, View):
    """ "I finished this course": what comes onto the smart CV, with the course as evidence; it can be taken back."""

    def programme(self, pk: int) -> Programme:
        found = Programme.objects.exclude(status=Programme.Status.DRAFT).select_related("school").filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, self.programme(pk), FinishForm(initial={"year": timezone.localdate().year}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        programme = self.programme(pk)
        if request.POST.get("do") == "undo":
            return self.take_back(request, programme)
        form = FinishForm(request.POST)
        if not form.is_valid():
            return self.show(request, programme, form)
        try:
            operations.finish_programme(
                cv=self.cv,
                programme=programme,
                today=timezone.localdate(),
                actor=actor_of(request),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.show(request, programme, form)
        messages.success(request, _("Well done! What you learned is now in your smart CV."))
        return redirect("matching:finish", pk)

    def take_back(self, request: HttpRequest, programme: Programme) -> HttpResponse:
        row = FinishedProgramme.objects.filter(cv=self.cv, programme=programme.pk).first()
        version = request.POST.get("version", "")
        if row is None or not version.isdecimal():
            raise Http404
        try:
            cv_operations.take_back_programme(cv=self.cv, version=int(version), row=row, actor=actor_of(request))
            messages.success(request, _("It is off your smart CV, with what it brought."))
        except Conflict:
            messages.error(request, _("You changed something in another tab. Look again."))
        return redirect("matching:finish", programme.pk)

    def show(self, request: HttpRequest, programme: Programme, form: FinishForm) -> HttpResponse:
        context = {
            "programme": programme,
            "form": form,
            "cv": self.cv,
            "done": FinishedProgramme.objects.filter(cv=self.cv, programme=programme.pk).first(),
            "skills": taught_by(programme),
            "certificates": certificates_of(programme),
        }
        return render(request, "matching/finish.html", context, status=422 if form.errors else 200)


def actor_of(request: HttpRequest):
    return request.user if request.user.is_authenticated else None
