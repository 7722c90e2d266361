"""Accounts in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, Membership, Organisation, User


@admin.register(User)
class PersonAdmin(UserAdmin):
    ordering = ("email",)
    list_display = ("email", "name", "is_active", "is_analyst", "is_staff", "date_joined")
    list_filter = ("is_active", "is_analyst", "is_staff")
    search_fields = ("email", "name")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "phone", "language")}),
        (
            _("rights"),
            {"fields": ("is_active", "is_analyst", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
    )
    add_fieldsets = ((None, {"fields": ("email", "password1", "password2")}),)


class MembershipInline(admin.TabularInline):
    model = Membership
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "kvk", "sector", "size", "place", "is_demo")
    list_filter = ("kind", "sector", "size", "is_demo")
    search_fields = ("name", "kvk")
    autocomplete_fields = ("place",)
    inlines = (MembershipInline,)


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    """To read only."""

    list_display = ("at", "verb", "subject_type", "subject_id", "actor")
    list_filter = ("verb",)
    date_hierarchy = "at"
    list_select_related = ("actor",)

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
