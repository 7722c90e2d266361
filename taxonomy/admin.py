"""The taxonomy for operators: look around, and give concepts words of your own."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from taxonomy.forms import clean_label
from taxonomy.models import (
    Certificate,
    Label,
    Occupation,
    OccupationLabel,
    OccupationSkill,
    Skill,
    SkillGroup,
    SkillLabel,
    Source,
)
from taxonomy.operations import labels_changed
from taxonomy.text import normalize


class MissingDutch(admin.SimpleListFilter):
    title = _("Dutch label")
    parameter_name = "dutch"

    def lookups(self, request, model_admin):
        return [("missing", _("missing")), ("operator", _("from an operator"))]

    def queryset(self, request, queryset: QuerySet) -> QuerySet:
        if self.value() == "missing":
            return queryset.filter(label_nl="")
        if self.value() == "operator":
            return queryset.filter(labels__source=Source.OPERATOR).distinct()
        return queryset


class LabelForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)

    def clean_text(self) -> str:
        return clean_label(self.cleaned_data["text"])


class LabelFormSet(forms.BaseInlineFormSet):
    """Every word only once in a language."""

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data.get("text") or data.get("DELETE"):
                continue
            label = (data.get("language"), data["text"])
            if label in seen:
                form.add_error("text", _("This label is in the list twice."))
            seen.add(label)


class LabelInline(admin.TabularInline):
    """Operators' labels can be added, changed and removed; those of imports only read."""

    extra = 1
    form, formset = LabelForm, LabelFormSet
    fields = ("language", "kind", "text")
    verbose_name = _("own label")
    verbose_name_plural = _("own labels (kept by imports)")

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).filter(source=Source.OPERATOR)


class OccupationLabelInline(LabelInline):
    model = OccupationLabel


class SkillLabelInline(LabelInline):
    model = SkillLabel


class OccupationSkillInline(admin.TabularInline):
    model = OccupationSkill
    extra = 0
    raw_id_fields = ("skill",)
    fields = ("skill", "essential", "source")
    readonly_fields = ("source",)
    max_num = 0
    can_delete = False

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).select_related("skill").order_by("-essential", "skill_id")

    def has_change_permission(self, request, obj=None) -> bool:
        return False


class ConceptAdmin(admin.ModelAdmin):
    """Concepts come from files and imports: nobody makes or removes them here."""

    search_fields = ("label_nl", "label_en", "labels__normalized")
    ordering = ("id",)
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def get_readonly_fields(self, request, obj=None):
        return [field.name for field in self.model._meta.fields if field.name != "id"]

    @admin.display(description=_("all labels"))
    def all_labels(self, obj) -> str:
        return ", ".join(
            f"{label.text} ({label.language}, {label.get_source_display()})"
            for label in sorted(obj.labels.all(), key=lambda label: (label.language != "nl", label.kind, label.text))
        )

    def save_formset(self, request, form, formset, change) -> None:
        if not issubclass(formset.model, Label):
            return super().save_formset(request, form, formset, change)
        for label in formset.save(commit=False):
            label.source = Source.OPERATOR
            label.normalized = normalize(label.text)[:300]
            label.save()
        for label in formset.deleted_objects:
            label.delete()
        if formset.has_changed():
            labels_changed(concept=form.instance, actor=request.user)


@admin.register(Occupation)
class OccupationAdmin(ConceptAdmin):
    list_display = ("label_nl", "label_en", "isco", "sector", "demand", "key")
    list_filter = (MissingDutch, "sector", "education_level")
    inlines = (OccupationLabelInline, OccupationSkillInline)
    fields = (
        "uri", "key", "label_nl", "label_en", "all_labels", "description_nl", "isco", "sector", "education_level",
        "onet_codes", "demand", "pay_min", "pay_max",
    )  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "all_labels"]


@admin.register(Skill)
class SkillAdmin(ConceptAdmin):
    list_display = ("label_nl", "label_en", "kind", "group", "idf", "key")
    list_filter = (MissingDutch, "kind")
    list_select_related = ("group",)
    inlines = (SkillLabelInline,)
    fields = ("uri", "key", "label_nl", "label_en", "all_labels", "description_nl", "kind", "group", "idf")

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "all_labels"]


@admin.register(Certificate)
class CertificateAdmin(ConceptAdmin):
    list_display = ("label_nl", "label_en", "kind", "key")
    list_filter = ("kind",)
    search_fields = ("label_nl", "label_en", "alternatives")


@admin.register(SkillGroup)
class SkillGroupAdmin(ConceptAdmin):
    list_display = ("label_nl", "label_en", "parent", "key")
    list_select_related = ("parent",)
    search_fields = ("label_nl", "label_en")
