"""Applications and chance models in the admin: to look at, not to change."""

from django.contrib import admin

from matching.models import Application, ApplicationEvent, ChanceModel


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


class EventInline(admin.TabularInline):
    model = ApplicationEvent
    extra = 0
    can_delete = False
    readonly_fields = ("at", "status", "actor")


@admin.register(Application)
class ApplicationAdmin(ReadOnly):
    list_display = ("id", "vacancy", "status", "reason", "applied_at", "decided_at")
    list_filter = ("status", "reason")
    list_select_related = ("vacancy",)
    inlines = (EventInline,)


@admin.register(ChanceModel)
class ChanceModelAdmin(ReadOnly):
    list_display = ("version", "target", "is_live", "n_outcomes", "created_at", "refused_because")
