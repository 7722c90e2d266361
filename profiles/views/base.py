"""What the pages of the smart CV share: the CV of the visitor, one question a page, lists of things."""

from collections.abc import Callable

from django import forms as django_forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views import View

from core.exceptions import Conflict, Refused
from profiles import flow, operations, queries
from profiles.models import CV
from taxonomy.queries import Hit

NONE_OF_THESE = "none"


def today():
    return timezone.localdate()


def number(text: str | None) -> int:
    """A posted number; 0 for what is none."""
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0


def picked(request: HttpRequest, name: str, text: str) -> str:
    """The id chosen for a typed text: from the radios when they were about this text, else from the suggestions."""
    ids = request.POST.getlist(f"{name}_id") or [""]
    return ids[-1] if request.POST.get("asked") == text else ids[0]


class CVPage(View):
    """What all pages share: the CV of the visitor, pages that are never cached, saving with a version."""

    cv: CV | None

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        self.cv = queries.cv_of(request)
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def needed(self) -> CV:
        """The CV, where a page makes no sense without one."""
        if self.cv is None:
            raise Http404
        return self.cv

    def save(self, change: Callable[[CV, int], object]) -> object:
        """Run an operation on the CV (a new one, when this is the first answer) with the version that was seen."""
        with transaction.atomic():
            cv = self.cv or operations.start_cv(user=self.request.user)
            version = number(self.request.POST.get("version")) if self.cv else cv.version
            result = change(cv, version)
        if self.cv is None:
            self.cv = cv
            if cv.owner_id is None:
                self.request.session[queries.SESSION_KEY] = str(cv.ref)
        return result


class StepPage(CVPage):
    """One question: a form, saved by `store`. A change in another tab keeps what was typed, to be looked at again."""

    name: str
    form_class: type[django_forms.Form]
    template_name = "profiles/step.html"
    title: str | Promise = ""
    lead: str | Promise = ""

    def number(self) -> int | None:
        """Which page of several this is; None when there is one."""
        return None

    def place(self) -> flow.Place:
        return flow.place_of(self.name, self.number())

    def make_form(self, data=None) -> django_forms.Form:
        return self.form_class(data, initial=self.initial() if self.cv else None)

    def initial(self) -> dict:
        return {}

    def store(self, cv: CV, version: int, form) -> object:
        raise NotImplementedError

    def details(self, form) -> dict:
        return {}

    def after(self, result: object) -> str:
        return self.place().next

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self.show(self.make_form())

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        return self.try_saving(form)

    def try_saving(self, form) -> HttpResponse:
        try:
            result = self.save(lambda cv, version: self.store(cv, version, form))
        except Conflict:
            return self.show(form, conflict=True, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.show(form, status=422)
        if self.request.POST.get("then") == "overview":
            messages.success(self.request, gettext("Saved. You can go on whenever you like."))
            return redirect("profiles:overview")
        return redirect(self.after(result))

    def ask(self, form, name: str, text: str, choices: list[Hit]) -> HttpResponse:
        """Put before the person what a typed text may mean."""
        if self.request.POST.get("asked") == text:
            form.add_error(name, gettext("Choose what comes closest, or “none of these”."))
        return self.show(form, choices=choices, asked=text)

    def show(self, form, *, conflict: bool = False, status: int = 200, **more) -> HttpResponse:
        if conflict:
            self.cv = queries.cv_of(self.request)
        fresh = self.request.method != "POST" or conflict
        version = (self.cv.version if self.cv else 0) if fresh else number(self.request.POST.get("version"))
        context = {
            "form": form,
            "cv": self.cv,
            "version": str(version),
            "conflict": conflict,
            "place": self.place(),
            "title": self.title,
            "lead": self.lead,
        }
        return render(self.request, self.template_name, context | self.details(form) | more, status=status)


class ListPage(StepPage):
    """A list to which one thing at a time is added; `remove` takes one away by its place in the list."""

    def rows(self) -> list:
        raise NotImplementedError

    def keep(self, cv: CV, version: int, rows: list) -> None:
        raise NotImplementedError

    def make_form(self, data=None):
        return self.form_class(data, today=today())

    def details(self, form) -> dict:
        return {"rows": self.rows()}

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        place = request.POST.get("remove")
        if place is None:
            return super().post(request, **kwargs)
        rows = self.rows()
        left = [row for index, row in enumerate(rows) if index != number(place)] if place.isdecimal() else rows
        try:
            self.save(lambda cv, version: self.keep(cv, version, left))
        except Conflict:
            return self.show(self.make_form(), conflict=True, status=409)
        return redirect(request.path)

    def store(self, cv: CV, version: int, form) -> None:
        self.keep(cv, version, [*self.rows(), form.answer()])

    def after(self, result: object) -> str:
        return self.request.path
