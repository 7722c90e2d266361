"""Forms of schools about demand, of firms about proposals, and of people who ask a school something."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.choices import Sector
from core.forms import PlainTextField
from demand.models import ProposalFirm


class GapFilter(forms.Form):
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[("", _("all sectors")), *Sector.choices])
    everything = forms.BooleanField(label=_("Also what people can do or schools teach"), required=False)


class ProposalForm(forms.Form):
    """The field to look at, and skills to leave out; with a title it is kept."""

    sector = forms.ChoiceField(
        label=_("For which sector?"), required=False, choices=[("", _("all sectors")), *Sector.choices]
    )
    untaught_only = forms.BooleanField(label=_("Only what no programme teaches yet"), required=False)
    without = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.MultipleHiddenInput)
    title = PlainTextField(label=_("Name of the elective"), max_length=120, required=False)
    text = PlainTextField(
        label=_("What do you have in mind?"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For instance: for whom, when, how firms could help."),
    )  # fmt: skip

    def __init__(self, data=None, *args, keeping: bool = False, **kwargs) -> None:
        super().__init__(data, *args, **kwargs)
        self.fields["title"].required = keeping
        sent = data.getlist("without")[:100] if hasattr(data, "getlist") else []
        numbers = sorted({int(pk) for pk in sent if pk.isdecimal() and len(pk) < 16})
        self.fields["without"].choices = [(pk, pk) for pk in numbers]


class AnswerForm(forms.ModelForm):
    answer = forms.ChoiceField(label=_("What do you think?"), choices=ProposalFirm.Answer, widget=forms.RadioSelect)
    comment = PlainTextField(
        label=_("What would make it better?"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    class Meta:
        model = ProposalFirm
        fields = ("answer", "comment")


class RequestForm(forms.Form):
    """What a person chooses to send to a school."""

    name = PlainTextField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    phone = PlainTextField(
        label=_("Phone number"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    message = PlainTextField(label=_("Your question"), max_length=1500, widget=forms.Textarea(attrs={"rows": 5}))
