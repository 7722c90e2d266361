"""Where people go after logging in, organisations, and what somebody decides about their own data."""

import json

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from rest_framework.authtoken.models import Token

from accounts import operations, queries
from accounts.forms import EmployerForm, EraseForm, SchoolForm, SettingsForm
from accounts.models import Organisation
from core.exceptions import Refused


class Home(LoginRequiredMixin, View):
    """Sends people to the place they come for."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if "vacancy_draft" in request.session:
            return redirect("vacancies:check")
        if queries.organisation_of(request.user, Organisation.Kind.EMPLOYER) is not None:
            return redirect("vacancies:mine")
        if queries.organisation_of(request.user, Organisation.Kind.SCHOOL) is not None:
            return redirect("education:mine")
        if request.user.is_analyst or request.user.is_staff:
            return redirect("cockpit:home")
        return redirect("matching:matches")


class Register(LoginRequiredMixin, View):
    """Put a firm or a school on the platform; who does it becomes its first member."""

    kind: str
    form_class: type
    template: str
    after: str

    def get(self, request: HttpRequest) -> HttpResponse:
        if queries.organisation_of(request.user, self.kind) is not None:
            return redirect(self._next(request))
        return render(request, self.template, {"form": self.form_class(), "next": self._next(request)})

    def post(self, request: HttpRequest) -> HttpResponse:
        if queries.organisation_of(request.user, self.kind) is not None:
            return redirect(self._next(request))
        form = self.form_class(request.POST)
        if not form.is_valid():
            return render(request, self.template, {"form": form, "next": self._next(request)}, status=422)
        values = form.cleaned_data
        values["place"] = values.pop("postcode")
        try:
            operations.register_organisation(user=request.user, kind=self.kind, **values)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return render(request, self.template, {"form": form, "next": self._next(request)}, status=422)
        messages.success(request, _("Welcome! Your page is ready."))
        return redirect(self._next(request))

    def _next(self, request: HttpRequest) -> str:
        wanted = request.POST.get("next") or request.GET.get("next") or ""
        if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
            return wanted
        return reverse(self.after)


class RegisterEmployer(Register):
    kind = Organisation.Kind.EMPLOYER
    form_class = EmployerForm
    template = "accounts/register_employer.html"
    after = "vacancies:mine"


class RegisterSchool(Register):
    kind = Organisation.Kind.SCHOOL
    form_class = SchoolForm
    template = "accounts/register_school.html"
    after = "education:mine"


class Settings(LoginRequiredMixin, View):
    """Name, language, key for the API, data, and who looked."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, SettingsForm(instance=request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SettingsForm(request.POST, instance=request.user)
        if not form.is_valid():
            return self.show(request, form)
        form.save()
        messages.success(request, _("Saved."))
        return redirect("accounts:settings")

    def show(self, request: HttpRequest, form: SettingsForm, erase: EraseForm | None = None) -> HttpResponse:
        context = {
            "form": form,
            "erase_form": erase or EraseForm(),
            "token": Token.objects.filter(user=request.user).first(),
            "entries": queries.audit_of(request.user)[:30],
        }
        failed = bool(form.errors or (erase and erase.errors))
        return render(request, "accounts/settings.html", context, status=422 if failed else 200)


class Export(LoginRequiredMixin, View):
    """Everything the platform holds about the person, as a file."""

    def get(self, request: HttpRequest) -> HttpResponse:
        operations.audit(actor=request.user, verb="export own data", subject=request.user)
        text = json.dumps(operations.export_user(user=request.user), ensure_ascii=False, indent=2, default=str)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return response


class Erase(LoginRequiredMixin, View):
    """Erase the account and everything that belongs to it."""

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EraseForm(request.POST)
        if not form.is_valid():
            return Settings().show(request, SettingsForm(instance=request.user), form)
        user = request.user
        logout(request)
        operations.erase_user(user=user)
        messages.success(request, _("Everything is erased. Take care."))
        return redirect("home")


class TokenKey(LoginRequiredMixin, View):
    """Make a new key for the API (the old one stops), or take it back."""

    def post(self, request: HttpRequest) -> HttpResponse:
        Token.objects.filter(user=request.user).delete()
        if request.POST.get("wish") == "new":
            Token.objects.create(user=request.user)
            operations.audit(actor=request.user, verb="make API key", subject=request.user)
        return redirect(reverse("accounts:settings") + "#api")
