"""Made-up material for the gallery of components and the example on the home page."""

from dataclasses import dataclass

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from core.choices import Level, TravelMode


class EveryWidget(forms.Form):
    """One field for each widget that the site uses."""

    text = forms.CharField(label=_("Your name"), help_text=_("As people call you."))
    number = forms.IntegerField(label=_("Hours a week"), min_value=1, max_value=60)
    date = forms.DateField(
        label=_("When can you start?"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    choice = forms.ChoiceField(label=_("How well can you do it?"), choices=Level.choices)
    radio = forms.ChoiceField(
        label=_("How do you travel?"), choices=TravelMode.choices, widget=forms.RadioSelect, help_text=_("Choose one.")
    )
    several = forms.MultipleChoiceField(
        label=_("What is fine with you?"),
        choices=[("early", _("Early shifts")), ("late", _("Late shifts")), ("weekend", _("At weekends"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    story = forms.CharField(label=_("What did you already do yourself?"), widget=forms.Textarea, required=False)
    file = forms.FileField(label=_("Your CV as a file"), required=False, help_text=_("PDF or Word, at most 10 MB."))
    agree = forms.BooleanField(label=_("Employers may find my smart CV"), help_text=_("You can stop this at any time."))


@dataclass(frozen=True)
class ExampleChance:
    low: int
    p: int
    high: int
    enough: bool = True


EXAMPLE = ExampleChance(48, 63, 74)


def context(page: str | None) -> dict:
    """Everything the gallery shows; `page` is the page of the example list."""
    filled = {"text": "Hiltje", "number": "32", "choice": "3", "radio": "bike", "several": ["early"], "agree": "on"}
    wrong = {"number": "90", "choice": "", "date": "x"}
    return {
        "forms": [
            EveryWidget(prefix="empty"),
            EveryWidget({f"filled-{key}": value for key, value in filled.items()}, prefix="filled"),
            EveryWidget({f"wrong-{key}": value for key, value in wrong.items()}, prefix="wrong"),
        ],
        "chances": [ExampleChance(35, 42, 58), ExampleChance(1, 3, 9), ExampleChance(88, 97, 99)],
        "unsure": ExampleChance(12, 40, 70, enough=False),
        "page_obj": Paginator(range(240), 20).get_page(page or 3),
    }
