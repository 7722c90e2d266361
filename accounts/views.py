"""Where people go after logging in, organisations, and what somebody decides about their own data."""

import json

from allauth.account.views import ConfirmLoginCodeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views import View
from rest_framework.authtoken.models import Token

from accounts import operations, queries
from accounts.deeds import words_for
from accounts.forms import EmployerForm, EraseForm, InviteForm, OrganisationForm, SchoolForm, SettingsForm
from accounts.models import Organisation
from core.exceptions import Refused

ONE_YEAR = 365 * 24 * 3600  # seconds


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


class ConfirmLoginCode(ConfirmLoginCodeView):
    """Log in with a code from the mail; the first time it takes the account back from who knew only a password."""

    def form_valid(self, form) -> HttpResponse:
        if self._action == "verify" and operations.prove_address(user=self._process.user):
            messages.info(
                self.request,
                _(
                    "Your e-mail address is proven. Your old password no longer works: choose a new one, or ask for a code."
                ),
            )
        return super().form_valid(form)


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


class Team(LoginRequiredMixin, View):
    """Colleagues of a firm or school: who they are, ask one more, let one go."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.organisations = queries.organisations_of(request.user)
        if not self.organisations:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        organisation = self.organisations[0]
        return self.show(request, organisation, InviteForm(), OrganisationForm(instance=organisation))

    def post(self, request: HttpRequest) -> HttpResponse:
        organisation = self.organisations[0]
        invite, about = InviteForm(), OrganisationForm(instance=organisation)
        match request.POST.get("do"):
            case "invite":
                invite = InviteForm(request.POST)
                if invite.is_valid():
                    return self.invite(request, organisation, invite.cleaned_data["email"])
            case "save":
                about = OrganisationForm(request.POST, instance=organisation)
                if about.is_valid():
                    operations.change_organisation(organisation=about.save(commit=False), actor=request.user)
                    messages.success(request, _("Saved."))
                    return redirect("accounts:team")
            case "remove":
                return self.remove(request, organisation)
            case _other:
                raise Http404
        return self.show(request, organisation, invite, about)

    def invite(self, request: HttpRequest, organisation: Organisation, email: str) -> HttpResponse:
        code = operations.invitation_for(organisation, email)
        link = request.build_absolute_uri(reverse("accounts:join", args=[code]))
        try:
            operations.invite_colleague(organisation=organisation, email=email, link=link, actor=request.user)
            messages.success(request, _("Sent. Your colleague gets a link that works for a week."))
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect("accounts:team")

    def remove(self, request: HttpRequest, organisation: Organisation) -> HttpResponse:
        chosen = request.POST.get("member")
        member = next((m for m in queries.members_of(organisation) if str(m.pk) == chosen), None)
        if member is None:
            raise Http404
        try:
            operations.remove_member(organisation=organisation, member=member, actor=request.user)
            messages.success(request, _("Done. This person no longer has access."))
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect("accounts:home" if member == request.user else "accounts:team")

    def show(self, request: HttpRequest, organisation: Organisation, invite, about) -> HttpResponse:
        form = about if about.errors else invite
        context = {
            "organisation": organisation, "members": queries.members_of(organisation), "invite": invite,
            "about": about, "form": form,
        }  # fmt: skip
        return render(request, "accounts/team.html", context, status=422 if form.errors else 200)


class Join(LoginRequiredMixin, View):
    """Say yes to an invitation of a colleague."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        context = {"invitation": operations.read_invitation(code)}
        return render(request, "accounts/join.html", context, status=200 if context["invitation"] else 410)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        invitation = operations.read_invitation(code)
        if invitation is None:
            return redirect("accounts:join", code)
        try:
            operations.join_organisation(invitation=invitation, user=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("accounts:join", code)
        messages.success(request, _("Welcome! Your page is ready."))
        return redirect("accounts:home")


class Settings(LoginRequiredMixin, View):
    """Name, language, key for the API, data, and who looked."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, SettingsForm(instance=request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SettingsForm(request.POST, instance=request.user)
        if not form.is_valid():
            return self.show(request, form)
        operations.change_settings(user=form.save(commit=False))
        language = form.cleaned_data["language"]
        with override(language):
            messages.success(request, _("Saved."))
        response = redirect("accounts:settings")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=ONE_YEAR, samesite="Lax")
        return response

    def show(self, request: HttpRequest, form: SettingsForm, erase: EraseForm | None = None) -> HttpResponse:
        context = {
            "form": form,
            "erase_form": erase or EraseForm(),
            "token": Token.objects.filter(user=request.user).first(),
            "deeds": [(entry.at, words_for(entry.verb)) for entry in queries.audit_of(request.user)[:30]],
            "sights": [(sight.at, sight.who, words_for(sight.verb)) for sight in queries.sights_of(request.user)],
            "organisations": queries.organisations_of(request.user),
        }
        failed = bool(form.errors or (erase and erase.errors))
        context["form"], context["settings_form"] = (erase if erase and erase.errors else form), form
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
        operations.erase_user(user=user, now=timezone.now())
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
