"""Matches and applications of a jobseeker."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from core.exceptions import Refused
from matching import operations, queries
from matching.forms import MOST_SHOWN, PER_PAGE, ApplyForm, FilterForm, shown
from matching.models import Application
from profiles.models import CV
from profiles.queries import cv_of
from vacancies.models import Vacancy


class CVRequired:
    """Puts the visitor's smart CV (an account's or a draft's) on the view; without one the way leads to making it."""

    cv: CV

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        cv = cv_of(request)
        if cv is None:
            messages.info(request, _("First make your smart CV. It takes a few minutes."))
            return redirect("profiles:start")
        self.cv = cv
        return super().dispatch(request, *args, **kwargs)


def published_vacancy(pk: int) -> Vacancy:
    """A vacancy that is open or was; otherwise 404."""
    return get_object_or_404(
        Vacancy.objects.select_related("organisation", "occupation", "place").exclude(status=Vacancy.Status.DRAFT),
        pk=pk,
    )


def visible_vacancy(request: HttpRequest, cv: CV, pk: int) -> Vacancy:
    """An open vacancy, or a closed one that this person applied to; otherwise 404."""
    vacancy = published_vacancy(pk)
    if not vacancy.is_open and not Application.objects.filter(cv=cv, vacancy=vacancy).exists():
        raise Http404
    return vacancy


class Matches(CVRequired, View):
    """Vacancies in order of fit."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = FilterForm(request.GET or None)
        view = request.GET.get("view", "")
        filters = form.filters(saved=view == "saved", hidden=view == "hidden")
        limit = shown(request.GET.get("show"))
        order = request.GET.get("order", "") if not view else ""
        found = queries.matches_for_cv(self.cv, filters=filters, limit=limit + 1, by_market=order == "market")
        narrowed = any(value for key, value in request.GET.items() if key not in {"view", "show", "order"})
        context = {
            "matches": found[:limit],
            "more": limit + PER_PAGE if len(found) > limit and limit < MOST_SHOWN else None,
            "form": form,
            "view": view,
            "filtered": narrowed,
            "order": order,
            "kept": [(key, value) for key, value in request.GET.items() if key not in {"show", "order"}],
            "has_prices": order != "market" or queries.market_prices() is not None,
            "almost": [] if view or narrowed else queries.almost_for_cv(self.cv),
            "cv": self.cv,
        }
        return render(request, "matching/matches.html", context)


class Quick(View):
    """The first matches, as a fragment beside the smart CV; empty without one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        cv = cv_of(request)
        filled = cv is not None and (cv.cv_skills.exists() or cv.wishes.exists())
        return render(
            request, "matching/_quick.html", {"matches": queries.matches_for_cv(cv, limit=3) if filled else []}
        )


class MatchPage(CVRequired, View):
    """One vacancy and one person: why it fits, what is missing, the chance, and what raises it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        vacancy = visible_vacancy(request, self.cv, pk)
        context = {
            "match": queries.match_for(self.cv, vacancy),
            "vacancy": vacancy,
            "suggestions": queries.suggestions_for(self.cv, vacancy),
            "application": Application.objects.filter(cv=self.cv, vacancy=vacancy).first(),
        }
        return render(request, "matching/match.html", context)


class Apply(CVRequired, View):
    """Apply with one click and a short motivation."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, visible_vacancy(request, self.cv, pk), ApplyForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        vacancy = published_vacancy(pk)  # it may have closed while somebody wrote: they get to read that
        form = ApplyForm(request.POST)
        if not request.user.is_authenticated:
            request.session[f"motivation:{pk}"] = {key: request.POST.get(key, "")[:1500] for key in ("why", "did")}
            messages.info(request, _("Make an account first, then you send your application."))
            return redirect(f"{reverse('account_signup')}?next={reverse('matching:apply', args=[pk])}")
        if not form.is_valid():
            return self.show(request, vacancy, form)
        try:
            application = operations.apply(
                cv=self.cv, vacancy=vacancy, actor=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.show(request, vacancy, form)
        request.session.pop(f"motivation:{pk}", None)
        return redirect("matching:application", application.ref)

    def show(self, request: HttpRequest, vacancy: Vacancy, form: ApplyForm) -> HttpResponse:
        if not form.is_bound:
            form.initial = request.session.get(f"motivation:{vacancy.pk}", {})
        context = {"form": form, "vacancy": vacancy, "match": queries.match_for(self.cv, vacancy)}
        return render(request, "matching/apply.html", context, status=422 if form.errors else 200)


class Bookmark(CVRequired, View):
    """Save or hide a vacancy, or take that back."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        vacancy = visible_vacancy(request, self.cv, pk)
        wish = request.POST.get("wish")
        if wish in {"save", "hide"}:
            operations.bookmark(cv=self.cv, vacancy=vacancy, hidden=wish == "hide")
        else:
            operations.remove_bookmark(cv=self.cv, vacancy=vacancy)
        said = {
            "save": _("Saved. You find it back under “Saved”."),
            "hide": _("Hidden. You find it back under “Hidden”."),
        }.get(wish, _("It is back in your list."))
        messages.success(request, said)
        return redirect(_back(request) or reverse("matching:matches"))


def _back(request: HttpRequest) -> str:
    """The address to go back to, when it is one of our own pages."""
    address = request.POST.get("back", "")
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else ""


class Applications(LoginRequiredMixin, CVRequired, View):
    """All applications of a person, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "matching/applications.html", {"applications": queries.applications_of(self.cv)})


class ApplicationPage(LoginRequiredMixin, View):
    """One application: what was promised, what happened, what helps further."""

    def get(self, request: HttpRequest, ref) -> HttpResponse:
        return self.show(request, own_application(request, ref), ApplyForm())

    def show(self, request: HttpRequest, application: Application, form: ApplyForm) -> HttpResponse:
        context = {
            "form": form,
            "application": application,
            "vacancy": application.vacancy,
            "match": queries.match_for(application.cv, application.vacancy),
            "suggestions": queries.suggestions_for(application.cv, application.vacancy),
            "events": queries.events_of(application),
            "next_step": queries.next_step(application),
        }
        return render(request, "matching/application.html", context, status=422 if form.errors else 200)


class AnswerApplication(ApplicationPage):
    """Withdraw an application, or say yes or no to an employer who asked to apply; with a yes somebody may tell why."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, ref) -> HttpResponse:
        application, form = own_application(request, ref), ApplyForm(request.POST)
        answers = {
            "withdraw": (operations.withdraw, _("You withdrew your application. The employer knows.")),
            "accept": (operations.accept_approach, _("Good! The employer now sees your name and your CV.")),
            "decline": (operations.decline_approach, _("You said no. The employer does not get to see who you are.")),
        }
        answer = request.POST.get("answer", "")
        if answer not in answers:
            raise Http404
        if answer == "accept" and not form.is_valid():
            return self.show(request, application, form)
        told = form.cleaned_data if answer == "accept" else {}
        operation, said = answers[answer]
        try:
            operation(application=application, actor=request.user, now=timezone.now(), **told)
            messages.success(request, said)
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect("matching:application", application.ref)


def own_application(request: HttpRequest, ref) -> Application:
    """The applicant's own application; 404 for anybody else."""
    application = queries.application_for(request.user, ref)
    if application is None or application.cv.owner_id != request.user.pk:
        raise Http404
    return application
