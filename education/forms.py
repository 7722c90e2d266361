"""What makes a programme valid: one form for the browser, the API and every row of an upload."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.choices import EducationLevel, Language, LanguageLevel, Level
from core.forms import PlainTextField
from education.fields import (
    CodeField,
    DayField,
    DaysField,
    PriceField,
    RememberingPostcodeField,
    WholeField,
    WordField,
    WordsField,
    YesField,
    YesInput,
)
from education.learners import read_learner
from education.models import Programme
from education.uploads.columns import (
    CEFR,
    KIND_NAMES,
    KINDS,
    LANGUAGES,
    LEVEL_NAMES,
    LEVELS,
    MODE_NAMES,
    MODES,
    SUBSIDIES,
    SUBSIDY_NAMES,
)

LEVEL_HINT = ", ".join(LEVEL_NAMES.values())
NO_LEVEL = [("", _("none")), *EducationLevel.choices]
NO_LANGUAGE = [("", _("none")), *Language.choices]
NO_LANGUAGE_LEVEL = [("", _("none")), *LanguageLevel.choices]
ANY_LEVEL = [("", _("anyone can start")), *EducationLevel.choices]


class ProgrammeForm(forms.Form):
    """A programme as a school fills it in. `school` gives the postcode where the row has none."""

    title = PlainTextField(label=_("What is the programme called?"), max_length=160)
    code = PlainTextField(
        label=_("Code"), max_length=80, help_text=_("Your own code for this programme."),
        widget=forms.TextInput(attrs={"class": "input-short", "autocomplete": "off"}),
    )  # fmt: skip
    description = PlainTextField(
        label=_("What does somebody learn?"), max_length=8000, required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Write full sentences. We look for skills in this text and propose them to you."),
    )  # fmt: skip
    crebo = CodeField(label=_("Crebo code"), max_length=10, pattern=r"\d{5}|[KC]\d{4}", example="25655, K0165")
    rio = CodeField(label=_("RIO or CROHO code"), max_length=16, pattern=r"[0-9A-Z]{4,12}", example="34406, 1001O3528")
    kind = WordField(
        label=_("Kind"), choices=Programme.Kind, words=KINDS, shown=", ".join(KIND_NAMES.values()),
    )  # fmt: skip
    level = WordField(
        label=_("Level that somebody reaches"), choices=NO_LEVEL, words=LEVELS, shown=LEVEL_HINT, required=False
    )
    entry_level = WordField(
        label=_("Level needed to start"), choices=ANY_LEVEL, words=LEVELS, shown=LEVEL_HINT, required=False
    )
    entry_requirements = PlainTextField(
        label=_("What else is needed to start"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For instance a driving licence, or a working place at a firm."),
    )  # fmt: skip
    entry_language_level = WordField(
        label=_("Language needed to start"), choices=NO_LANGUAGE_LEVEL, words=CEFR, shown="A1, A2, B1, B2, C1, C2",
        required=False, help_text=_("The level in the language of the lessons."),
    )  # fmt: skip
    grants_level = YesField(
        label=_("Ends in a diploma of this level"),
        required=False,
        widget=YesInput(check_test=lambda value: value in (True, "on", "True")),
    )
    weeks = WholeField(label=_("Weeks"), min_value=1, max_value=520)
    hours_per_week = WholeField(
        label=_("Hours a week"), min_value=1, max_value=60, help_text=_("Lessons and homework together.")
    )
    price = PriceField(label=_("Price in euros"), help_text=_("Everything included. Write 0 when it is free."))
    price_with_subsidy = PriceField(
        label=_("Price with a subsidy"), required=False, help_text=_("What somebody pays who gets the subsidy.")
    )
    subsidies = WordsField(
        label=_("Who may pay (a part of) it"), choices=Programme.Subsidy, words=SUBSIDIES,
        shown=", ".join(SUBSIDY_NAMES.values()), required=False,
    )  # fmt: skip
    mode = WordField(
        label=_("When"), choices=Programme.Mode, words=MODES, shown=", ".join(MODE_NAMES.values()), required=False
    )
    language = WordField(
        label=_("Language of the lessons"), choices=Language, words=LANGUAGES, shown="nederlands, engels, …",
        required=False,
    )  # fmt: skip
    taught_language = WordField(
        label=_("Language that people learn"), choices=NO_LANGUAGE, words=LANGUAGES, shown="nederlands, engels, …",
        required=False, help_text=_("Only for a language course."),
    )  # fmt: skip
    taught_language_level = WordField(
        label=_("Up to level"), choices=NO_LANGUAGE_LEVEL, words=CEFR, shown="A1, A2, B1, B2, C1, C2", required=False
    )
    place = RememberingPostcodeField(
        required=False, help_text=_("Where the lessons are. Left empty: the postcode of your school.")
    )
    start_dates = DaysField(
        label=_("First days"), required=False,
        help_text=_("One date a line, like 1-9-2027. Left empty: people can start at any moment."),
    )  # fmt: skip
    url = forms.URLField(
        label=_("Web page"), required=False, assume_scheme="https", max_length=200,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Where people can read more and sign up."),
    )  # fmt: skip

    def __init__(self, data=None, *, school: Organisation, programme: Programme | None = None, places=None, **kwargs):
        self.school, self.programme = school, programme
        super().__init__(data, **kwargs)
        self.fields["place"].memo = places

    def check(self, data: dict) -> bool:
        """Check other values with the same form: in a long file building a form a row costs more than checking it."""
        self.data, self.is_bound = data, True
        self._errors = None
        return self.is_valid()

    def clean_code(self) -> str:
        """A code names one programme of the school. (In a file it says which programme the row changes.)"""
        code = self.cleaned_data["code"]
        if self.programme is not None and code != self.programme.code:
            taken = Programme.objects.filter(school=self.school, code=code).exclude(pk=self.programme.pk).exists()
            if taken:
                raise ValidationError(_("You already have a programme with this code."), code="taken")
        return code

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        if not title:
            raise ValidationError(_("Write a title without markup."), code="required")
        return title

    def clean_mode(self) -> str:
        return self.cleaned_data["mode"] or Programme.Mode.DAY.value

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or Language.NL.value

    def clean_taught_language(self) -> str:
        return self.cleaned_data["taught_language"] or ""

    def clean(self) -> dict:
        data = super().clean()
        if data.get("place") is None and "place" not in self.errors and data.get("mode") != Programme.Mode.ONLINE:
            data["place"] = self.school.place
        if data.get("grants_level") and data.get("level") is None and "level" not in self.errors:
            self.add_error("level", _("Choose the level of the diploma."))
        price, less = data.get("price"), data.get("price_with_subsidy")
        if price is not None and less is not None and less > price:
            self.add_error("price_with_subsidy", _("With a subsidy it cannot cost more than without."))
        if (
            data.get("taught_language_level")
            and not data.get("taught_language")
            and "taught_language" not in self.errors
        ):
            self.add_error("taught_language", _("Choose the language that people learn."))
        return data


class CompletionsForm(forms.Form):
    """Who finished a programme: addresses and codes, one a line; cleans to `education.learners` pairs."""

    learners = forms.CharField(
        label=_("Who finished it?"), widget=forms.Textarea(attrs={"rows": 8}), max_length=60_000,
        help_text=_("An e-mail address or the code that the learner gave you, one a line."),
    )  # fmt: skip
    finished_on = DayField(label=_("When?"))

    def clean_learners(self) -> list[tuple[str, str]]:
        found, problems = [], []
        for number, line in enumerate(self.cleaned_data["learners"].splitlines(), 1):
            if not line.strip():
                continue
            try:
                found.append(read_learner(line))
            except ValueError as error:
                problems.append(_("Line %(number)s: %(what)s.") % {"number": number, "what": error})
        if problems:
            raise ValidationError(problems[:10])
        return found


class MineFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("all")), *Programme.Status.choices])


class Budget(TextChoices):
    FREE = "0", _("free")
    SMALL = "500", _("up to € 500")
    MIDDLE = "1500", _("up to € 1.500")
    LARGE = "5000", _("up to € 5.000")


class Duration(TextChoices):
    WEEK = "1", _("one week")
    MONTH = "5", _("up to a month")
    QUARTER = "13", _("up to three months")
    HALF = "26", _("up to half a year")
    YEAR = "52", _("up to a year")


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("What do you want to learn?"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *Programme.Kind.choices])
    mode = forms.ChoiceField(label=_("When"), required=False, choices=[("", _("any time")), *Programme.Mode.choices])
    level = forms.TypedChoiceField(
        label=_("What I have now"), required=False, coerce=int, empty_value=None,
        choices=[("", _("does not matter")), *EducationLevel.choices],
    )  # fmt: skip
    weeks = forms.TypedChoiceField(
        label=_("How long"), required=False, coerce=int, empty_value=None,
        choices=[("", _("does not matter")), *Duration.choices],
    )  # fmt: skip
    price = forms.TypedChoiceField(
        label=_("Price"), required=False, coerce=int, empty_value=None,
        choices=[("", _("does not matter")), *Budget.choices],
    )  # fmt: skip


class SkillsForm(forms.Form):
    """What was ticked on the page that confirms skills: `skills` maps ids to levels, `levels` also of the unticked."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    q = forms.CharField(
        label=_("Add another skill"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        help_text=_("Type a word, for instance “solderen”, and tick what fits."),
    )  # fmt: skip

    def __init__(self, *args, searching: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if searching:
            self.fields["q"].widget.attrs["autofocus"] = True  # somebody was typing here: go on here

    def clean(self) -> dict:
        data = super().clean()
        levels = {}
        for name in self.data:
            if name.startswith("level-") and name[6:].isdecimal() and self.data[name].isdecimal():
                levels[int(name[6:])] = int(self.data[name])
        ticked = _ids(self.data.getlist("skill"))
        added = _ids([self.data.get("add", "")])
        if added:
            data["q"] = ""  # chosen from the suggestions: nothing is left to search for
        data["levels"] = levels
        data["skills"] = {pk: levels.get(pk, Level.INDEPENDENT.value) for pk in (*ticked, *added)}
        data["certificates"] = set(_ids(self.data.getlist("certificate")))
        return data


def _ids(values: list[str]) -> list[int]:
    return [int(value) for value in values if value.isdecimal() and len(value) < 16]
