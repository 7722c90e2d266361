"""Candidates and decisions of an employer."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.permissions import EmployerRequired
from core.exceptions import Refused
from matching import operations, queries
from matching.forms import MessageForm, RejectForm
from matching.models import Application
from profiles.models import CV
from profiles.queries import cv_for_display
from vacancies.models import Vacancy


class OwnVacancy(EmployerRequired):
    """Puts a vacancy of the employer on the view; somebody else's is a 404."""

    vacancy: Vacancy

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.pk = kwargs["pk"]

    def own(self) -> Vacancy:
        return get_object_or_404(
            Vacancy.objects.select_related("organisation", "occupation", "place"),
            pk=self.pk,
            organisation=self.organisation,
        )

    def application_of(self, vacancy: Vacancy, ref) -> Application:
        return get_object_or_404(
            Application.objects.select_related("cv__owner", "vacancy"), vacancy=vacancy, cv__ref=ref
        )


class Candidates(OwnVacancy, View):
    """People in order of fit: who applied, and who could be asked."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        vacancy = self.own()
        found = queries.candidates_for_vacancy(vacancy, limit=60)
        applied = [match for match in found if match.name_is_known]
        others = [match for match in found if not match.name_is_known]
        context = {"vacancy": vacancy, "applied": applied, "others": others[:30]}
        return render(request, "matching/candidates.html", context)


class Candidate(OwnVacancy, View):
    """One candidate: why they stand where they stand. Anonymous until they applied or accepted."""

    def get(self, request: HttpRequest, pk: int, ref) -> HttpResponse:
        return self.show(request, self.own(), ref, RejectForm())

    def show(self, request: HttpRequest, vacancy: Vacancy, ref, reject_form: RejectForm) -> HttpResponse:
        candidate = queries.candidate_for(vacancy, ref)
        if candidate is None:
            raise Http404
        cv, application, known = candidate.cv, candidate.application, candidate.is_known
        if application is not None and application.status == "sent":
            operations.mark_seen(application=application, actor=request.user, now=timezone.now())
        context = {
            "vacancy": vacancy,
            "match": queries.match_for(cv, vacancy, who="they"),
            "application": application,
            "known": known,
            "person": cv.owner if known else None,
            "cv": cv_for_display(cv),
            "reject_form": reject_form,
            "message_form": MessageForm(),
            "events": queries.events_of(application) if application else [],
        }
        return render(request, "matching/candidate.html", context, status=422 if reject_form.errors else 200)

    def post(self, request: HttpRequest, pk: int, ref) -> HttpResponse:
        vacancy = self.own()
        decision = request.POST.get("decision", "")
        now = timezone.now()
        try:
            if decision == "approach":
                cv = get_object_or_404(CV.objects.matchable(), ref=ref)
                operations.approach(cv=cv, vacancy=vacancy, actor=request.user, now=now)
                messages.success(request, _("Asked. You hear from us when this person answers."))
            elif decision == "reject":
                form = RejectForm(request.POST)
                if not form.is_valid():
                    return self.show(request, vacancy, ref, form)
                application = self.application_of(vacancy, ref)
                operations.reject(application=application, actor=request.user, now=now, **form.cleaned_data)
                messages.success(request, _("Sent, with your reason and a next step."))
            else:
                self.decide(request, vacancy, ref, decision, now)
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect("matching:candidate", pk, ref)

    def decide(self, request: HttpRequest, vacancy: Vacancy, ref, decision: str, now) -> None:
        application = self.application_of(vacancy, ref)
        if decision == "invite":
            form = MessageForm(request.POST)
            form.is_valid()
            operations.invite(
                application=application, actor=request.user, now=now, message=form.cleaned_data.get("message", "")
            )
            messages.success(request, _("Invited. The person got your message."))
        elif decision == "shortlist":
            operations.shortlist(application=application, actor=request.user, now=now)
            messages.success(request, _("On your shortlist."))
        elif decision == "hire":
            operations.hire(application=application, actor=request.user, now=now)
            messages.success(request, _("Congratulations, to both of you!"))
        else:
            raise Http404
