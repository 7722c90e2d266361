"""An employer's own vacancies."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.permissions import EmployerRequired
from core.exceptions import Conflict, Refused
from vacancies import operations, queries
from vacancies.forms import Asked, VacancyForm, as_posted
from vacancies.models import Vacancy
from vacancies.views.making import DRAFT, DetailsPage


class Mine(EmployerRequired, View):
    """All vacancies of the firm, dense and in order."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(queries.vacancies_of(self.organisation), 50).get_page(request.GET.get("page"))
        today = timezone.localdate()
        for vacancy in page:
            vacancy.days_open = vacancy.days_open_on(today)
        return render(
            request,
            "vacancies/mine.html",
            {"page_obj": page, "firm": self.organisation, "draft": DRAFT in request.session},
        )


class Own(EmployerRequired):
    """Finds the firm's own vacancy; somebody else's does not exist."""

    def vacancy(self, pk: int) -> Vacancy:
        vacancy = queries.vacancy_of(self.organisation, pk)
        if vacancy is None:
            raise Http404
        return vacancy


class Edit(Own, DetailsPage):
    """Change a vacancy. What two people change at once is never lost silently."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.before = self.vacancy(pk)
        data = as_posted(self.before)
        return self.show_unchecked(request, data, Asked(data))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.before = self.vacancy(pk)
        again = self.changed_rows(request)
        if again is not None:
            return again
        form, asked = self.forms(request.POST)
        if form.errors:
            return self.show(request, form, asked, request.POST)
        try:
            operations.update_vacancy(
                vacancy=self.before, version=form.cleaned_data["version"] or 0, actor=request.user,
                values=form.values() | asked.values(),
            )  # fmt: skip
        except Conflict:
            data = request.POST.copy()
            data["version"] = str(self.before.version)
            return self.show_unchecked(
                request, data, asked, conflict=differences(as_posted(self.before), data, form), status=409
            )
        messages.success(request, _("Saved."))
        return redirect("vacancies:mine")


def differences(now: QueryDict, mine: QueryDict, form: VacancyForm) -> list[tuple[str, str]]:
    """What a colleague's version says otherwise than mine, as (label, their value)."""
    return [
        (str(field.label), ", ".join(now.getlist(field.name)) or "–")
        for field in form.visible_fields()
        if [value.split() for value in now.getlist(field.name) if value]
        != [value.split() for value in mine.getlist(field.name) if value]
    ]


class ChangeStatus(Own, View):
    """Publish, close, or copy."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        vacancy = self.vacancy(pk)
        wish = request.POST.get("wish")
        try:
            if wish == "publish":
                operations.publish_vacancy(vacancy=vacancy, actor=request.user, now=timezone.now())
                messages.success(request, _("Published. These are the people who fit best."))
                return redirect("matching:candidates", pk)
            if wish == "close":
                operations.close_vacancy(vacancy=vacancy, actor=request.user, now=timezone.now())
                messages.success(request, _("Closed. Give everybody who applied an answer: that is all they ask."))
            elif wish == "delete":
                operations.delete_draft(vacancy=vacancy, actor=request.user)
                messages.success(request, _("The draft is gone."))
            elif wish == "copy":
                copy = operations.copy_vacancy(vacancy=vacancy, actor=request.user)
                messages.success(request, _("Copied. Look at it and publish."))
                return redirect("vacancies:edit", copy.pk)
            else:
                raise Http404
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("vacancies:edit", pk)
        return redirect("vacancies:mine")
