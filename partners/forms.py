"""Forms of firms and schools about what they do together."""

from datetime import date

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from core.choices import Sector
from core.forms import PlainTextField
from partners.models import LASTING, MOST_CONTACTS, Activity, Kind, Terms
from partners.queries import Wanted, months_from

LONGEST_DAYS = 366


class TermsForm(forms.ModelForm):
    contacts_per_month = forms.IntegerField(
        label=_("How many contacts a month can you handle?"), min_value=0, max_value=MOST_CONTACTS,
        help_text=_("All schools together never ask more. 0 means: not now."),
    )  # fmt: skip
    contact_name = PlainTextField(
        label=_("Who to ask for"), required=False, max_length=80, help_text=_("Only schools that booked see this.")
    )
    practical = PlainTextField(
        label=_("Good to know beforehand"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("For instance: safety shoes, where to park."),
    )  # fmt: skip

    class Meta:
        model = Terms
        fields = ("contacts_per_month", "contact_name", "contact_email", "contact_phone", "practical")


class ActivityForm(forms.ModelForm):
    places = forms.IntegerField(
        label=_("For how many people at once?"), min_value=1, max_value=200, initial=1,
        help_text=_("The number of places, or the largest group."),
    )  # fmt: skip
    direction = forms.ChoiceField(
        label=_("Offer or wish"), choices=Activity.Direction.choices, initial=Activity.Direction.OFFERS,
        widget=forms.RadioSelect,
    )  # fmt: skip
    text = PlainTextField(
        label=_("Tell more"), required=False, max_length=300,
        help_text=_("For instance: from year 3, with a moped licence, on Thursdays."),
    )  # fmt: skip

    class Meta:
        model = Activity
        fields = ("kind", "direction", "places", "text")


class FindForm(forms.Form):
    """What a school looks for."""

    month = forms.TypedChoiceField(label=_("Month"), required=False, coerce=date.fromisoformat, empty_value=None)
    kind = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("everything")), *Kind.choices])
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[("", _("all sectors")), *Sector.choices])
    max_km = forms.TypedChoiceField(
        label=_("Within"), required=False, coerce=int, empty_value=None,
        choices=[("", _("any distance")), (5, "5 km"), (10, "10 km"), (20, "20 km"), (40, "40 km")],
    )  # fmt: skip
    text = PlainTextField(label=_("Firm or place"), required=False, max_length=80)
    with_room = forms.BooleanField(label=_("Only with room"), required=False)

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.months = months_from(today, 12)
        self.fields["month"].choices = [(m.isoformat(), f"{MONTHS[m.month]} {m.year}") for m in self.months]

    def wanted(self) -> Wanted:
        """What was asked; fields with an error are left out, the month is this one unless another is asked."""
        self.is_valid()
        values = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return Wanted(**({"month": self.months[0]} | values))


class BookingForm(forms.Form):
    """What a school books with one firm."""

    kind = forms.ChoiceField(label=_("What"), widget=forms.RadioSelect)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    starts_at = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("Leave it empty for a whole day."),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Only for an internship, BBL or a teacher who works along."),
    )  # fmt: skip
    people = forms.IntegerField(label=_("How many people?"), min_value=1, max_value=200, initial=1)
    message = PlainTextField(
        label=_("Message"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who comes, and what do you hope to learn? No names of learners, please."),
    )  # fmt: skip
    wait = forms.BooleanField(label=_("Is it full? Put us on the waiting list."), required=False)

    def __init__(self, *args, activities: list[Activity], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.kind, one.get_kind_display()) for one in activities]
        if len(activities) == 1:
            self.fields["kind"].initial = activities[0].kind

    def clean(self) -> dict:
        cleaned = super().clean()
        day, until, kind = cleaned.get("day"), cleaned.get("until"), cleaned.get("kind")
        if day and kind in LASTING and until is not None:
            if until < day:
                self.add_error("until", _("This is before the first day."))
            elif (until - day).days > LONGEST_DAYS:
                self.add_error("until", _("Choose at most a year."))
        return cleaned


class CancelForm(forms.Form):
    reason = PlainTextField(label=_("Why?"), required=False, max_length=300, help_text=_("The other side reads this."))


class ExampleForm(forms.Form):
    title = PlainTextField(label=_("Title"), max_length=100)
    text = PlainTextField(
        label=_("What did you do, and what made it work?"), max_length=3000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("No names of learners, please."),
    )  # fmt: skip
