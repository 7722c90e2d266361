"""Candidates and decisions of an employer."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.permissions import EmployerRequired
from core.exceptions import Refused
from core.references import unseal
from matching import operations, queries
from matching.forms import MOST_SHOWN, PER_PAGE, MessageForm, RejectForm, shown
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

    def application_of(self, vacancy: Vacancy, ref: UUID) -> Application:
        """The application of whom this firm calls `ref` here; 404 while nobody applied or was asked."""
        candidate = queries.candidate_for(vacancy, ref, now=timezone.now())
        if candidate is None or candidate.application is None:
            raise Http404
        return candidate.application


class Candidates(OwnVacancy, View):
    """People in order of fit: who applied, and who could be asked."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        vacancy = self.own()
        now = timezone.now()
        show = shown(request.GET.get("show"))
        found = queries.candidates_for_vacancy(vacancy, limit=show + 1, now=now)
        applied = [match for match in found if match.name_is_known]
        others = [match for match in found if not match.name_is_known]
        settled = vacancy.is_settled(now)
        context = {
            "vacancy": vacancy, "applied": applied, "others": others[:show], "settled": settled,
            "more": show + PER_PAGE if len(others) > show < MOST_SHOWN else None,
            "almost": queries.almost_for_vacancy(vacancy),
            "new": queries.new_for(vacancy),
            "ever": queries.count_applications(vacancy) if settled else None,
        }  # fmt: skip
        operations.look_at_list(vacancy=vacancy, now=now)
        return render(request, "matching/candidates.html", context)


class Candidate(OwnVacancy, View):
    """One candidate: why they stand where they stand. Anonymous until they applied or accepted."""

    def get(self, request: HttpRequest, pk: int, ref: UUID) -> HttpResponse:
        return self.show(request, self.own(), ref, RejectForm())

    def show(self, request: HttpRequest, vacancy: Vacancy, ref: UUID, reject_form: RejectForm) -> HttpResponse:
        now = timezone.now()
        candidate = queries.candidate_for(vacancy, ref, now=now)
        if candidate is None:
            raise Http404
        cv, application, known = candidate.cv, candidate.application, candidate.is_known
        if not known:
            operations.open_anonymous(cv=cv, vacancy=vacancy, actor=request.user)
        elif application.status == "sent":
            operations.mark_seen(application=application, actor=request.user, now=now)
        context = {
            "vacancy": vacancy,
            "match": queries.match_for(cv, vacancy, who="they"),
            "application": application,
            "known": known,
            "person": cv.owner if known else None,
            "cv": cv_for_display(cv, anonymous=not known),
            "reject_form": reject_form,
            "message_form": MessageForm(),
            "events": queries.events_of(application) if application else [],
        }
        return render(request, "matching/candidate.html", context, status=422 if reject_form.errors else 200)

    def post(self, request: HttpRequest, pk: int, ref: UUID) -> HttpResponse:
        vacancy = self.own()
        decision = request.POST.get("decision", "")
        now = timezone.now()
        try:
            if decision == "approach":
                cv = get_object_or_404(CV.objects.matchable(), pk=unseal(vacancy.pk, ref))
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
            if queries.candidate_for(vacancy, ref, now=now) is None:
                return redirect("matching:candidates", pk)
        return redirect("matching:candidate", pk, ref)

    def decide(self, request: HttpRequest, vacancy: Vacancy, ref: UUID, decision: str, now: datetime) -> None:
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
            if queries.count_hired(vacancy) > vacancy.openings:
                messages.warning(
                    request, _("You have now hired more people than this vacancy asks for. Is that right?")
                )
        else:
            raise Http404
