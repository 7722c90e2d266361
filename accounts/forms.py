"""Forms around accounts and organisations."""

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.nl import brin

from accounts.models import Organisation, User
from core.choices import Sector
from core.forms import PlainTextField, PostcodeField


class EmployerForm(forms.Form):
    """A firm, in one page."""

    name = PlainTextField(label=_("Name of your firm"), max_length=120)
    kvk = forms.RegexField(
        r"^\d{8}$", label=_("KVK number"), max_length=12, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("Eight digits, from your registration with the chamber of commerce."),
        error_messages={"invalid": _("A KVK number has eight digits.")},
    )  # fmt: skip
    sector = forms.ChoiceField(label=_("Sector"), choices=[("", _("choose")), *Sector.choices])
    size = forms.TypedChoiceField(label=_("How many people work there?"), coerce=int, choices=Organisation.Size.choices)
    postcode = PostcodeField()
    about = PlainTextField(
        label=_("What do you do?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Two sentences that make people want to work with you."),
    )  # fmt: skip

    def clean_kvk(self) -> str:
        kvk = self.cleaned_data["kvk"]
        if Organisation.objects.filter(kind=Organisation.Kind.EMPLOYER, kvk=kvk).exists():
            raise forms.ValidationError(
                _(
                    "A firm with this number is already here. Ask your colleague to give you access, or check the number."
                )
            )
        return kvk


class SchoolForm(forms.Form):
    """A school, in one page."""

    name = PlainTextField(label=_("Name of the school"), max_length=120)
    brin = forms.CharField(
        label=_("BRIN number"), required=False, max_length=6, help_text=_("If you have one, for instance 25LV.")
    )
    postcode = PostcodeField()
    about = PlainTextField(
        label=_("About the school"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_brin(self) -> str:
        value = self.cleaned_data["brin"].strip().upper()
        if value and not brin.is_valid(value):
            raise forms.ValidationError(_("A BRIN number has two digits and two letters, for instance 25LV."))
        return value


class SettingsForm(forms.ModelForm):
    """What somebody is called here, and in which language we write."""

    class Meta:
        model = User
        fields = ("name", "phone", "language")
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
            "language": forms.Select(choices=[("nl", _("Dutch")), ("en", _("English"))]),
        }


class EraseForm(forms.Form):
    """Erasing cannot be undone: it is asked for by typing it."""

    sure = forms.CharField(label=_("Type ERASE to confirm"), max_length=12)

    def clean_sure(self) -> str:
        if self.cleaned_data["sure"].strip().upper() not in {"ERASE", "WIS"}:
            raise forms.ValidationError(_("Type the word exactly. Nothing was erased."))
        return self.cleaned_data["sure"]
