"""Firms and schools together over the REST API."""

from datetime import date

from django.http import Http404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Organisation
from accounts.permissions import IsEmployer, IsSchool
from core.api import Errors
from partners import operations, queries
from partners.forms import ActivityForm, BookingForm, FindForm, TermsForm
from partners.models import Activity, Booking, Terms


class ActivitySerializer(serializers.ModelSerializer):
    class Meta:
        model = Activity
        fields = ("id", "kind", "direction", "places", "text")
        read_only_fields = ("id",)


class RoomSerializer(serializers.Serializer):
    month = serializers.DateField()
    booked = serializers.IntegerField()
    most = serializers.IntegerField()
    left = serializers.IntegerField()
    waiting = serializers.IntegerField()


class FirmSerializer(serializers.Serializer):
    ref = serializers.UUIDField(source="firm.ref")
    name = serializers.CharField(source="firm.name")
    sector = serializers.CharField(source="firm.sector")
    place = serializers.CharField(source="firm.place.name", default=None)
    km = serializers.FloatField(allow_null=True)
    activities = ActivitySerializer(many=True)
    room = RoomSerializer()
    booked_by = serializers.ListField(child=serializers.CharField())


class TermsSerializer(serializers.ModelSerializer):
    class Meta:
        model = Terms
        fields = ("contacts_per_month", "contact_name", "contact_email", "contact_phone", "practical")


class BookingSerializer(serializers.ModelSerializer):
    firm = serializers.CharField(source="firm.name", read_only=True)
    school = serializers.CharField(source="school.name", read_only=True)

    class Meta:
        model = Booking
        fields = (
            "ref", "firm", "school", "kind", "status", "day", "until", "starts_at", "people", "message", "reason",
        )  # fmt: skip
        read_only_fields = fields


class BookingInput(serializers.Serializer):
    firm = serializers.UUIDField()
    kind = serializers.CharField()
    day = serializers.DateField()
    until = serializers.DateField(required=False, allow_null=True)
    starts_at = serializers.TimeField(required=False, allow_null=True)
    people = serializers.IntegerField(min_value=1, max_value=200, default=1)
    message = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    wait = serializers.BooleanField(default=False)


class CancelInput(serializers.Serializer):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


def cleaned(form) -> dict:
    """What the page's own form makes of the data. Raises ValidationError with its messages per field."""
    if not form.is_valid():
        raise ValidationError(dict(form.errors.items()))
    return form.cleaned_data


class Firms(Errors, generics.GenericAPIView):
    """Firms that schools may ask, with the room that they have in a month."""

    permission_classes = [IsAuthenticated, IsSchool]
    serializer_class = FirmSerializer
    queryset = Organisation.objects.none()  # for the schema; what is read comes from `queries`

    @extend_schema(
        operation_id="partner_firms",
        parameters=[
            OpenApiParameter("month", date, description="the first day of a month; this month by default"),
            OpenApiParameter("kind", str),
            OpenApiParameter("sector", str),
            OpenApiParameter("max_km", int, description="5, 10, 20 or 40"),
            OpenApiParameter("text", str, description="words in the name or the place"),
            OpenApiParameter("with_room", bool),
        ],
        responses=FirmSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        form = FindForm(request.query_params, today=timezone.localdate())
        cleaned(form)
        wanted = form.wanted()
        page = self.paginate_queryset(queries.find_firms(self.organisation, wanted))
        return self.get_paginated_response(FirmSerializer(queries.filled_in(page, wanted.month), many=True).data)


class SchoolBookings(Errors, generics.GenericAPIView):
    """What the school booked from today on; posting books."""

    permission_classes = [IsAuthenticated, IsSchool]
    serializer_class = BookingSerializer
    queryset = Booking.objects.none()

    @extend_schema(operation_id="school_bookings", responses=BookingSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(queries.coming_of(self.organisation, timezone.localdate()))
        return self.get_paginated_response(BookingSerializer(page, many=True).data)

    @extend_schema(operation_id="school_book", request=BookingInput, responses={201: BookingSerializer})
    def post(self, request: Request) -> Response:
        data = BookingInput(data=request.data)
        data.is_valid(raise_exception=True)
        firm = queries.firm_for_schools(data.validated_data["firm"])
        if firm is None:
            raise Http404
        plain = {name: value for name, value in data.validated_data.items() if name != "firm" and value is not None}
        values = cleaned(BookingForm(plain, activities=queries.activities_of(firm)))
        booking = operations.book(
            school=self.organisation, firm=firm, actor=request.user, today=timezone.localdate(), **values
        )
        return Response(BookingSerializer(booking).data, status=status.HTTP_201_CREATED)


class FirmBookings(Errors, generics.GenericAPIView):
    """What schools booked at the firm from today on."""

    permission_classes = [IsAuthenticated, IsEmployer]
    serializer_class = BookingSerializer
    queryset = Booking.objects.none()

    @extend_schema(operation_id="firm_bookings", responses=BookingSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(queries.coming_to(self.organisation, timezone.localdate()))
        return self.get_paginated_response(BookingSerializer(page, many=True).data)


class CancelBooking(Errors, generics.GenericAPIView):
    """Cancel a booking, for either side."""

    permission_classes = [IsAuthenticated]
    serializer_class = CancelInput

    @extend_schema(operation_id="cancel_booking", request=CancelInput, responses=BookingSerializer)
    def post(self, request: Request, ref) -> Response:
        found = queries.booking_of(request.user, ref)
        if found is None:
            raise Http404
        data = CancelInput(data=request.data)
        data.is_valid(raise_exception=True)
        booking = operations.cancel(
            booking=found[0], by=found[1], actor=request.user, reason=data.validated_data.get("reason", ""),
            today=timezone.localdate(),
        )  # fmt: skip
        return Response(BookingSerializer(booking).data)


class FirmTerms(Errors, generics.GenericAPIView):
    """How the firm wants to be asked. 404 until it is said for the first time."""

    permission_classes = [IsAuthenticated, IsEmployer]
    serializer_class = TermsSerializer

    @extend_schema(operation_id="firm_terms", responses=TermsSerializer)
    def get(self, request: Request) -> Response:
        terms = queries.terms_of(self.organisation)
        if terms is None:
            raise Http404
        return Response(TermsSerializer(terms).data)

    @extend_schema(operation_id="save_firm_terms", request=TermsSerializer, responses=TermsSerializer)
    def put(self, request: Request) -> Response:
        values = cleaned(TermsForm(request.data, instance=queries.terms_of(self.organisation)))
        terms = operations.save_terms(
            firm=self.organisation, values=values, actor=request.user, today=timezone.localdate()
        )
        return Response(TermsSerializer(terms).data)


class FirmActivities(Errors, generics.GenericAPIView):
    """What the firm offers to schools, and wishes; posting adds a line."""

    permission_classes = [IsAuthenticated, IsEmployer]
    serializer_class = ActivitySerializer
    queryset = Activity.objects.none()

    @extend_schema(operation_id="firm_activities", responses=ActivitySerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(queries.activities_of(self.organisation))
        return self.get_paginated_response(ActivitySerializer(page, many=True).data)

    @extend_schema(operation_id="add_firm_activity", request=ActivitySerializer, responses={201: ActivitySerializer})
    def post(self, request: Request) -> Response:
        activity = operations.save_activity(
            firm=self.organisation, values=cleaned(ActivityForm(request.data)), actor=request.user, activity=None
        )
        return Response(ActivitySerializer(activity).data, status=status.HTTP_201_CREATED)


urlpatterns = [
    path("partners/firms/", Firms.as_view(), name="api-partner-firms"),
    path("partners/bookings/", SchoolBookings.as_view(), name="api-school-bookings"),
    path("partners/bookings/<uuid:ref>/cancel/", CancelBooking.as_view(), name="api-booking-cancel"),
    path("partners/firm/bookings/", FirmBookings.as_view(), name="api-firm-bookings"),
    path("partners/firm/terms/", FirmTerms.as_view(), name="api-firm-terms"),
    path("partners/firm/activities/", FirmActivities.as_view(), name="api-firm-activities"),
]
