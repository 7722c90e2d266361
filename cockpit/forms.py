"""What analysts look for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cockpit.catalogue.indicator import Subject
from core.forms import PlainTextField

SUBJECTS = [("", _("all subjects")), *Subject.choices]


class CatalogueForm(forms.Form):
    text = PlainTextField(label=_("Words"), required=False, max_length=80)
    subject = forms.ChoiceField(label=_("Subject"), required=False, choices=SUBJECTS)


class PointsForm(CatalogueForm):
    """The same words and subjects, over all data points."""


class PlacesForm(forms.Form):
    """The municipalities that a report is about; none is the whole region."""

    municipality = forms.MultipleChoiceField(
        label=_("Municipalities"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data, *, names: list[str]) -> None:
        super().__init__(data)
        self.fields["municipality"].choices = [(name, name) for name in names]

    def chosen(self) -> list[str]:
        return self.cleaned_data["municipality"] if self.is_valid() else []
