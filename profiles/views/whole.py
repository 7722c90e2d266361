"""The smart CV as a whole: beginning, looking it over, taking it along, erasing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from profiles import operations, queries
from profiles.forms import EraseForm, JobTitleForm
from profiles.pdf import cv_pdf
from profiles.views.base import CVPage, today


class Start(CVPage):
    """The first question at once; who has a CV already goes on where they were."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.cv is not None:
            return redirect("profiles:overview")
        return render(request, "profiles/start.html", {"form": JobTitleForm(), "version": "0"})


class Overview(CVPage):
    """The steps with what is done and what each brings."""

    def get(self, request: HttpRequest) -> HttpResponse:
        states = queries.completeness(self.cv)
        context = {
            "cv": self.cv,
            "states": states,
            "total": len(states),
            "done": sum(state.status == "done" for state in states),
            "next": next((state for state in states if state.status != "done"), None),
        }
        return render(request, "profiles/overview.html", context)


class Check(CVPage):
    """The whole CV with a way to change every part."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.cv is None:
            return redirect("profiles:start")
        context = {
            "cv": self.cv,
            "shown": queries.cv_for_display(self.cv, anonymous=False),
            "states": queries.completeness(self.cv),
        }
        return render(request, "profiles/check.html", context)


class Print(CVPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        shown = queries.cv_for_display(self.needed(), anonymous=False)
        return render(request, "profiles/print.html", {"cv": shown, "name": queries.name_on(self.cv)})


class Pdf(CVPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        shown = queries.cv_for_display(self.needed(), anonymous=False)
        pdf = cv_pdf(shown, name=queries.name_on(self.cv), today=today())
        headers = {"Content-Disposition": f'attachment; filename="{gettext("smart-cv")}.pdf"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)


class Erase(CVPage):
    """Take the whole CV away, after one more question."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(EraseForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EraseForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        operations.erase_cv(cv=self.needed())
        request.session.pop(queries.SESSION_KEY, None)
        messages.success(request, gettext("Your smart CV is erased."))
        return redirect("home")

    def show(self, form: EraseForm, status: int = 200) -> HttpResponse:
        return render(self.request, "profiles/erase.html", {"form": form, "cv": self.needed()}, status=status)
