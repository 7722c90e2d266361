"""What operators fill in."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from taxonomy.extract import LONGEST_TEXT, Kind
from taxonomy.text import normalize


def clean_label(text: str) -> str:
    """A label on one line. Raises ValidationError when search could never find it."""
    text = " ".join(text.split())
    if not normalize(text):
        raise ValidationError(_("Write at least one letter or digit."))
    return text


class TryForm(forms.Form):
    """A text, a job title and a search, each of them optional; at least one."""

    text = forms.CharField(
        label=_("Text"), required=False, max_length=LONGEST_TEXT, strip=False,
        help_text=_("A vacancy, a CV or the description of a course."),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("What is it?"), initial=Kind.VACANCY,
        choices=[(Kind.VACANCY, _("vacancy")), (Kind.CV, _("CV")), (Kind.COURSE, _("course"))],
    )  # fmt: skip
    title = forms.CharField(
        label=_("Job title"), required=False, max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    search = forms.CharField(
        label=_("Search words"), required=False, max_length=300, help_text=_("As somebody types it in a field for work or skills."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def clean(self) -> dict:
        values = super().clean() or {}
        if not self.errors and not any((values.get(name) or "").strip() for name in ("text", "title", "search")):
            raise ValidationError(_("Fill in a text, a title or a search."))
        return values

    def clean_kind(self) -> Kind:
        return Kind(self.cleaned_data["kind"])


class DutchLabelForm(forms.Form):
    """A Dutch label for one concept."""

    label = forms.CharField(
        label=_("Dutch label"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_label(self) -> str:
        return clean_label(self.cleaned_data["label"])
