"""Schools find firms with room, and book."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.models import Organisation
from accounts.permissions import SchoolRequired
from core.exceptions import Refused
from partners import operations, queries
from partners.forms import BookingForm, FindForm
from partners.models import Booking


class Firms(SchoolRequired, View):
    """Firms that schools may ask, with the room that they have."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = FindForm(request.GET, today=timezone.localdate())
        wanted = form.wanted()
        page = Paginator(queries.find_firms(self.organisation, wanted), 20).get_page(request.GET.get("page"))
        page.object_list = queries.filled_in(page.object_list, wanted.month)
        context = {"form": form, "page_obj": page, "month": wanted.month, "narrowed": bool(form.changed_data)}
        return render(request, "partners/firms.html", context)


class BookFirm(SchoolRequired, View):
    """One firm: what it offers, who comes already, and booking it."""

    def firm(self, ref) -> Organisation:
        firm = queries.firm_for_schools(ref)
        if firm is None:
            raise Http404
        return firm

    def get(self, request: HttpRequest, ref) -> HttpResponse:
        firm = self.firm(ref)
        return self.show(firm, BookingForm(activities=queries.activities_of(firm)))

    def post(self, request: HttpRequest, ref) -> HttpResponse:
        firm = self.firm(ref)
        form = BookingForm(request.POST, activities=queries.activities_of(firm))
        if not form.is_valid():
            return self.show(firm, form)
        try:
            booking = operations.book(
                school=self.organisation, firm=firm, actor=request.user, today=timezone.localdate(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.show(firm, form)
        if booking.status == Booking.Status.BOOKED:
            messages.success(request, _("Booked. The firm gets a message."))
        else:
            messages.info(request, _("You are on the waiting list. We mail you when there is room."))
        return redirect("partners:booking", booking.ref)

    def show(self, firm: Organisation, form: BookingForm) -> HttpResponse:
        today = timezone.localdate()
        context = {
            "firm": firm,
            "form": form,
            "activities": queries.activities_of(firm),
            "rooms": queries.rooms_of(firm, queries.months_from(today)),
            "others": queries.booked_by_others(firm, self.organisation, today),
        }
        return render(self.request, "partners/book.html", context, status=422 if form.errors else 200)


class Bookings(SchoolRequired, View):
    """All that the school booked."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        context = {
            "school": self.organisation,
            "bookings": queries.coming_of(self.organisation, today),
            "been": queries.been(self.organisation, today)[:20],
            "calendar": queries.calendar_key(self.organisation),
        }
        return render(request, "partners/bookings.html", context)
