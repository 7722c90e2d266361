"""Places in the admin."""

from django.contrib import admin

from core.models import Place


@admin.register(Place)
class PlaceAdmin(admin.ModelAdmin):
    list_display = ("postcode", "name", "municipality", "province", "source")
    list_filter = ("province", "source")
    search_fields = ("postcode", "name")
