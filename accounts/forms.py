"""Forms around accounts and organisations."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.nl import brin

from accounts.models import Organisation, User
from core.choices import Sector
from core.forms import PlainTextField, PostcodeField


class KVKField(forms.CharField):
    """Eight digits; spaces and points that people write between them are passed over."""

    default_error_messages = {
        "form": _("A KVK number has eight digits."),
    }

    def __init__(self, **kwargs) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-short"})
        super().__init__(widget=widget, max_length=20, **kwargs)

    def clean(self, value) -> str:
        digits = re.sub(r"[\s.-]", "", super().clean(value))
        if not re.fullmatch(r"[0-9]{8}", digits):
            raise forms.ValidationError(self.error_messages["form"], code="form")
        return digits


class EmployerForm(forms.Form):
    """A firm, in one page."""

    name = PlainTextField(label=_("Name of your firm"), max_length=120)
    kvk = KVKField(
        label=_("KVK number"), help_text=_("Eight digits, from your registration with the chamber of commerce.")
    )
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

    name = PlainTextField(
        label=_("Name"), required=False, max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PlainTextField(
        label=_("Phone number"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=[("nl", _("Dutch")), ("en", _("English"))])

    class Meta:
        model = User
        fields = ("name", "phone", "language")


class InviteForm(forms.Form):
    """A colleague, by e-mail address."""

    email = forms.EmailField(
        label=_("E-mail address of your colleague"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


class OrganisationForm(forms.ModelForm):
    """What others read about a firm or school. Its number stays what it is."""

    name = PlainTextField(label=_("Name"), max_length=120)
    about = PlainTextField(
        label=_("About us"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    postcode = PostcodeField()
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    staffing_problems = forms.MultipleChoiceField(
        label=_("Is it hard to find or keep people? What is the trouble?"),
        help_text=_("We only count the answers of all firms together: nobody reads yours."),
        choices=Organisation.StaffingProblem.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Organisation
        fields = ("name", "about", "website", "staffing_problems")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["postcode"].initial = self.instance.place
        if self.instance.kind != Organisation.Kind.EMPLOYER:
            del self.fields["staffing_problems"]

    def save(self, commit: bool = True) -> Organisation:
        self.instance.place = self.cleaned_data["postcode"]
        return super().save(commit)


class EraseForm(forms.Form):
    """Erasing cannot be undone: it is asked for by typing it."""

    sure = forms.CharField(
        label=_("Type ERASE to confirm"), max_length=12, widget=forms.TextInput(attrs={"class": "input-short"})
    )

    def clean_sure(self) -> str:
        if self.cleaned_data["sure"].strip().upper() not in {"ERASE", "WIS"}:
            raise forms.ValidationError(_("Type the word exactly. Nothing was erased."))
        return self.cleaned_data["sure"]
