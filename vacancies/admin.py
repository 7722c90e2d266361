"""Vacancies in the admin."""

from django.contrib import admin

from vacancies.models import CertificateRequirement, LanguageRequirement, Requirement, Vacancy


class RequirementInline(admin.TabularInline):
    model = Requirement
    autocomplete_fields = ("skill",)
    extra = 0


class LanguageInline(admin.TabularInline):
    model = LanguageRequirement
    extra = 0


class CertificateInline(admin.TabularInline):
    model = CertificateRequirement
    extra = 0


@admin.register(Vacancy)
class VacancyAdmin(admin.ModelAdmin):
    list_display = ("title", "organisation", "kind", "status", "published_at")
    list_filter = ("status", "kind", "occupation__sector")
    search_fields = ("title", "organisation__name")
    autocomplete_fields = ("organisation", "occupation", "place")
    list_select_related = ("organisation",)
    inlines = (RequirementInline, LanguageInline, CertificateInline)
