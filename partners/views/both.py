"""What firms and schools both do: look at a booking, cancel it, put it in a calendar, tell what went well."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.models import Organisation
from accounts.queries import organisations_of
from core.exceptions import Refused
from partners import operations, queries
from partners.calendar import calendar_of
from partners.forms import CancelForm, ExampleForm
from partners.models import Booking


class OwnBooking(LoginRequiredMixin):
    """Finds a booking of one of the person's organisations, and the side that they are on."""

    def booking(self, ref) -> tuple[Booking, Organisation]:
        found = queries.booking_of(self.request.user, ref)
        if found is None:
            raise Http404
        return found


class Detail(OwnBooking, View):
    """One booking; posting cancels it."""

    def get(self, request: HttpRequest, ref) -> HttpResponse:
        return self.show(*self.booking(ref), CancelForm())

    def post(self, request: HttpRequest, ref) -> HttpResponse:
        booking, side = self.booking(ref)
        form = CancelForm(request.POST)
        if not form.is_valid():
            return self.show(booking, side, form)
        try:
            operations.cancel(
                booking=booking, by=side, actor=request.user, reason=form.cleaned_data["reason"],
                today=timezone.localdate(),
            )  # fmt: skip
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("partners:booking", ref)
        messages.success(request, _("Cancelled. The other side gets a message."))
        return redirect(home_of(side))

    def show(self, booking: Booking, side: Organisation, form: CancelForm) -> HttpResponse:
        today = timezone.localdate()
        context = {
            "booking": booking,
            "other": booking.school if side.pk == booking.firm_id else booking.firm,
            "is_firm": side.pk == booking.firm_id,
            "home": home_of(side),
            "form": form,
            "over": booking.last_day < today,
            "begun": booking.day <= today,
            "example": queries.example_of(booking),
            "side": side,
        }
        return render(self.request, "partners/booking.html", context, status=422 if form.errors else 200)


class Event(OwnBooking, View):
    """One booking as a file for a calendar."""

    def get(self, request: HttpRequest, ref) -> HttpResponse:
        booking, side = self.booking(ref)
        return calendar_file(calendar_of(side, [booking]), "afspraak.ics")


class Feed(View):
    """All bookings of an organisation, for a calendar program; the key in the address is the only way in."""

    def get(self, request: HttpRequest, key) -> HttpResponse:
        found = queries.bookings_by_key(key)
        if found is None:
            raise Http404
        return calendar_file(calendar_of(*found), "afspraken.ics")


class NewKey(LoginRequiredMixin, View):
    """Make an address for the calendar, or a new one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        mine = {str(one.ref): one for one in organisations_of(request.user)}
        organisation = mine.get(request.POST.get("organisation", ""))
        if organisation is None:
            raise Http404
        operations.new_calendar_key(organisation=organisation, actor=request.user)
        messages.success(request, _("This is the address of your calendar. An old one no longer works."))
        return redirect(home_of(organisation))


class TellExample(OwnBooking, View):
    """Write about what went well, or say yes to what the other side wrote."""

    def get(self, request: HttpRequest, ref) -> HttpResponse:
        booking, side = self.booking(ref)
        example = queries.example_of(booking)
        initial = {"title": example.title, "text": example.text} if example else {}
        return self.show(booking, side, ExampleForm(initial=initial))

    def post(self, request: HttpRequest, ref) -> HttpResponse:
        booking, side = self.booking(ref)
        example = queries.example_of(booking)
        answer = request.POST.get("answer")
        if answer in ("agree", "hide") and example is not None:
            if answer == "agree" and example.author_id == side.pk:
                raise Http404  # who wrote it cannot agree for the other side
            operations.answer_example(example=example, agree=answer == "agree", actor=request.user, now=timezone.now())
            messages.success(request, _("Thank you. Others can read it now.") if answer == "agree" else _("Hidden."))
            return redirect("partners:booking", ref)
        form = ExampleForm(request.POST)
        if not form.is_valid():
            return self.show(booking, side, form)
        try:
            operations.tell_example(
                booking=booking, author=side, actor=request.user, today=timezone.localdate(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.show(booking, side, form)
        messages.success(request, _("Saved. Others read it once the other side agrees."))
        return redirect("partners:booking", ref)

    def show(self, booking: Booking, side: Organisation, form: ExampleForm) -> HttpResponse:
        example = queries.example_of(booking)
        context = {"booking": booking, "form": form, "example": example, "side": side}
        return render(self.request, "partners/example.html", context, status=422 if form.errors else 200)


class Examples(View):
    """Good examples, for everybody."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(queries.examples(), 12).get_page(request.GET.get("page"))
        return render(request, "partners/examples.html", {"page_obj": page})


def home_of(side: Organisation) -> str:
    return "partners:firm" if side.kind == Organisation.Kind.EMPLOYER else "partners:bookings"


def calendar_file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )
