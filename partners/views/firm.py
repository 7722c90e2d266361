"""What a firm offers to schools, and who comes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.permissions import EmployerRequired
from core.exceptions import Refused
from partners import operations, queries
from partners.forms import ActivityForm, TermsForm
from partners.models import Activity


class Firm(EmployerRequired, View):
    """The firm's terms, its list, and what is booked."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(TermsForm(instance=queries.terms_of(self.organisation)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TermsForm(request.POST, instance=queries.terms_of(self.organisation))
        if not form.is_valid():
            return self.show(form)
        operations.save_terms(
            firm=self.organisation, values=form.cleaned_data, actor=request.user, today=timezone.localdate()
        )
        messages.success(request, _("Saved. Schools see how much room you have."))
        return redirect("partners:firm")

    def show(self, form: TermsForm) -> HttpResponse:
        today = timezone.localdate()
        context = {
            "firm": self.organisation,
            "form": form,
            "terms": queries.terms_of(self.organisation),
            "activities": queries.activities_of(self.organisation),
            "rooms": queries.rooms_of(self.organisation, queries.months_from(today)),
            "bookings": queries.coming_to(self.organisation, today),
            "been": queries.been(self.organisation, today)[:10],
            "calendar": queries.calendar_key(self.organisation),
        }
        return render(self.request, "partners/firm.html", context, status=422 if form.errors else 200)


class EditActivity(EmployerRequired, View):
    """Add something to the list (without pk), or change or remove it."""

    def activity(self, pk: int | None) -> Activity | None:
        if pk is None:
            return None
        activity = queries.activity_of(self.organisation, pk)
        if activity is None:
            raise Http404
        return activity

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        activity = self.activity(pk)
        return self.show(activity, ActivityForm(instance=activity))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        activity = self.activity(pk)
        if activity is not None and request.POST.get("do") == "remove":
            operations.remove_activity(activity=activity, actor=request.user)
            messages.success(request, _("Taken off your list. What is booked stays booked."))
            return redirect("partners:firm")
        form = ActivityForm(request.POST)
        if not form.is_valid():
            return self.show(activity, form)
        try:
            operations.save_activity(
                firm=self.organisation, values=form.cleaned_data, actor=request.user, activity=activity
            )
        except Refused as refusal:
            form.add_error("kind", refusal.message)
            return self.show(activity, form)
        messages.success(request, _("Saved."))
        return redirect("partners:firm")

    def show(self, activity: Activity | None, form: ActivityForm) -> HttpResponse:
        context = {"activity": activity, "form": form}
        return render(self.request, "partners/activity.html", context, status=422 if form.errors else 200)
