"""Programmes and uploads for the operator."""

from django.contrib import admin

from education.models import Programme, ProgrammeCertificate, ProgrammeFeed, ProgrammeSkill, ProgrammeUpload


class SkillInline(admin.TabularInline):
    model = ProgrammeSkill
    extra = 0
    raw_id_fields = ("skill",)


class CertificateInline(admin.TabularInline):
    model = ProgrammeCertificate
    extra = 0
    raw_id_fields = ("certificate",)


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):
    list_display = ("title", "code", "school", "kind", "status", "origin")
    list_filter = ("status", "kind", "mode")
    list_select_related = ("school",)
    search_fields = ("title", "code", "school__name")
    raw_id_fields = ("school", "place")
    inlines = (SkillInline, CertificateInline)
    ordering = ("title", "id")


@admin.register(ProgrammeUpload)
class ProgrammeUploadAdmin(admin.ModelAdmin):
    """Uploads are looked at, not changed."""

    list_display = ("filename", "school", "status", "n_rows", "n_new", "n_changed", "created_at")
    list_filter = ("status",)
    list_select_related = ("school",)
    exclude = ("content",)
    ordering = ("-created_at",)

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(ProgrammeFeed)
class ProgrammeFeedAdmin(admin.ModelAdmin):
    """An operator sees which catalogues are read, and can stop one; schools give the address themselves."""

    list_display = ("school", "address", "is_on", "updated_at")
    list_select_related = ("school",)
    readonly_fields = ("school", "address", "defaults", "language")
    ordering = ("school__name",)

    def has_add_permission(self, request) -> bool:
        return False
