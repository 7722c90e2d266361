"""Contacts between firms and schools in the admin."""

from django.contrib import admin

from partners.models import Activity, Booking, Example, Terms


@admin.register(Terms)
class TermsAdmin(admin.ModelAdmin):
    list_display = ("firm", "contacts_per_month")
    autocomplete_fields = ("firm",)
    list_select_related = ("firm",)


@admin.register(Activity)
class ActivityAdmin(admin.ModelAdmin):
    list_display = ("firm", "kind", "direction", "places")
    list_filter = ("kind", "direction")
    autocomplete_fields = ("firm",)
    list_select_related = ("firm",)


@admin.register(Booking)
class BookingAdmin(admin.ModelAdmin):
    """Read only: only the operations keep a firm from being asked more than it allows."""

    list_display = ("firm", "school", "kind", "day", "status")
    list_filter = ("status", "kind")
    list_select_related = ("firm", "school")

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Example)
class ExampleAdmin(admin.ModelAdmin):
    list_display = ("title", "author", "agreed_at")
    list_select_related = ("author",)
    autocomplete_fields = ("author",)
    raw_id_fields = ("booking",)
