"""Addresses of firms and schools together."""

from django.urls import path

from partners.views import both, firm, school

app_name = "partners"
urlpatterns = [
    path("firm/", firm.Firm.as_view(), name="firm"),
    path("firm/activities/new/", firm.EditActivity.as_view(), name="activity-new"),
    path("firm/activities/<int:pk>/", firm.EditActivity.as_view(), name="activity"),
    path("firms/", school.Firms.as_view(), name="firms"),
    path("firms/<uuid:ref>/", school.BookFirm.as_view(), name="book"),
    path("bookings/", school.Bookings.as_view(), name="bookings"),
    path("bookings/<uuid:ref>/", both.Detail.as_view(), name="booking"),
    path("bookings/<uuid:ref>/event.ics", both.Event.as_view(), name="event"),
    path("bookings/<uuid:ref>/example/", both.TellExample.as_view(), name="example"),
    path("calendar/", both.NewKey.as_view(), name="calendar-key"),
    path("calendar/<uuid:key>.ics", both.Feed.as_view(), name="feed"),
    path("examples/", both.Examples.as_view(), name="examples"),
]
