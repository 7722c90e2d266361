"""Forms around matches and applications."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.choices import Sector
from core.forms import PlainTextField
from matching.models import Application
from matching.queries import MatchFilters

PER_PAGE = 12
MOST_SHOWN = 200


def shown(asked: str | None) -> int:
    """How many rows a list shows: what was asked for, at least a page, at most `MOST_SHOWN`."""
    number = int(asked) if asked and asked.isdecimal() and len(asked) < 6 else PER_PAGE
    return min(MOST_SHOWN, max(PER_PAGE, number))


class FilterForm(forms.Form):
    """What narrows a list of matches; cleans to `MatchFilters`."""

    text = forms.CharField(label=_("Word in the title"), required=False, max_length=80)
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[("", _("all sectors")), *Sector.choices])
    max_minutes = forms.TypedChoiceField(
        label=_("Travel at most"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("any distance")), (15, _("15 minutes")), (30, _("30 minutes")), (45, _("45 minutes")),
                 (60, _("an hour"))],
    )  # fmt: skip
    hours = forms.IntegerField(label=_("Hours a week"), required=False, min_value=1, max_value=60)
    min_pay = forms.IntegerField(label=_("Pay at least, a month"), required=False, min_value=0, max_value=20_000)
    kind = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("everything")), ("vacancy", _("only vacancies")), ("function", _("only functions"))],
    )

    def filters(self, *, saved: bool = False, hidden: bool = False) -> MatchFilters:
        """The filters as filled in; a field with an error counts as empty."""
        values = self.cleaned_data if self.is_bound and self.is_valid() else getattr(self, "cleaned_data", {})
        return MatchFilters(
            text=values.get("text") or "",
            sector=values.get("sector") or "",
            max_minutes=values.get("max_minutes"),
            hours=values.get("hours"),
            min_pay=values.get("min_pay"),
            kind=values.get("kind") or "",
            saved=saved,
            hidden=hidden,
        )


class ApplyForm(forms.Form):
    """A short motivation: why this work, and what somebody already did for it. Neither is compulsory."""

    why = PlainTextField(
        label=_("Why this work?"),
        required=False,
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Two sentences are enough. What draws you in this work or this firm?"),
    )
    did = PlainTextField(
        label=_("What did you already do for it?"),
        required=False,
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For instance a day along, a course, voluntary work, or something you made at home."),
    )


class RejectForm(forms.Form):
    """A no with a reason and a kind text that names a next step."""

    reason = forms.ChoiceField(
        label=_("The reason"),
        choices=[("", _("choose a reason")), *Application.Reason.choices],
        help_text=_("The person reads this. It helps them further, and it makes the chances more honest."),
    )
    message = PlainTextField(
        label=_("Your message"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Leave it empty and we write a kind message with a next step that fits the reason."),
    )


class MessageForm(forms.Form):
    """A few words with an invitation."""

    message = PlainTextField(
        label=_("Your message"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("When and where, and who they will meet."),
    )
