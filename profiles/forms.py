"""The questions of the smart CV. What depends on the day gets `today` as an argument."""

import datetime
from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from core.choices import Day, EducationLevel, Language, LanguageLevel, Level, Sector, TravelMode
from core.forms import PlainTextField, PostcodeField
from profiles.answers import EducationAnswer, InitiativeAnswer, SkillAnswer
from profiles.interests import ANSWERS, items_of_page
from profiles.models import CV, Initiative, UnusedReason
from profiles.operations import MOST_SKILLS, MOST_WISHES
from profiles.steps import READY, START_WEEKS, VALUE_ANSWERS, VALUES
from taxonomy.models import Certificate

FIRST_YEAR = 1940
YES_NO = ((True, _("Yes")), (False, _("No")))
SMALL_LANGUAGES = 5  # that stand open on the page; the rest waits under "more languages"

LANGUAGE_WORDS = {
    LanguageLevel.A1: _("A1: a few words"),
    LanguageLevel.A2: _("A2: simple talks"),
    LanguageLevel.B1: _("B1: I can manage"),
    LanguageLevel.B2: _("B2: well"),
    LanguageLevel.C1: _("C1: very well"),
    LanguageLevel.C2: _("C2: as my mother tongue"),
}


def as_flag(value) -> bool:
    return value in (True, "True", "true", "1")


class NumberField(forms.IntegerField):
    """A whole number typed as text, so that wheels and arrows change nothing by accident."""

    default_error_messages = {"invalid": _("Write a whole number.")}

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("required", False)
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-short"})
        super().__init__(widget=widget, **kwargs)


class YearField(NumberField):
    """A year that lies between `FIRST_YEAR` and this one."""

    default_error_messages = {"invalid": _("Write a year of four digits, for instance 2019.")}

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.today: datetime.date | None = None

    def clean(self, value):
        year = super().clean(value)
        if year is None:
            return None
        if not FIRST_YEAR <= year <= 9999:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if self.today and year > self.today.year:
            raise ValidationError(_("This year is in the future."), code="future")
        return year


class DatedForm(forms.Form):
    """A form whose years may not lie in the future."""

    def __init__(self, *args, today: datetime.date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, YearField):
                field.today = today


class JobTitleForm(forms.Form):
    title = PlainTextField(
        label=_("What work do you do, or did you do?"),
        help_text=_("For instance: verzorgende, lasser, planner. Choose from the list or write it in your own words."),
        max_length=120,
        validators=[MinLengthValidator(2)],
        error_messages={"required": _("Write what work it is, for instance “kok”.")},
    )


class JobForm(DatedForm):
    is_current = forms.TypedChoiceField(
        label=_("Do you still do this work?"),
        choices=YES_NO,
        coerce=as_flag,
        empty_value=False,
        widget=forms.RadioSelect,
        required=False,
    )
    start_year = YearField(label=_("From which year?"))
    end_year = YearField(label=_("Until which year?"), help_text=_("Leave it empty if you still do it."))
    employer = PlainTextField(
        label=_("Where?"),
        help_text=_("Only you see this. Firms see it after you apply."),
        max_length=120,
        required=False,
    )

    def clean(self) -> dict:
        data = super().clean()
        start, end = data.get("start_year"), data.get("end_year")
        if data.get("is_current"):
            data["end_year"] = None
        elif start and end and end < start:
            self.add_error("end_year", _("The end lies before the start."))
        return data


class RemoveJobForm(forms.Form):
    with_skills = forms.BooleanField(label=_("Also take away the skills that came along with it"), required=False)


class IdsField(forms.Field):
    """Several ids, posted under one name."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value) -> list[int]:
        ids = value or []
        if not all(str(pk).isdecimal() and len(str(pk)) < 18 for pk in ids):
            raise ValidationError(_("Something went wrong with the list. Try again."), code="ids")
        return list(dict.fromkeys(int(pk) for pk in ids))


class SkillsForm(forms.Form):
    """All cards of the page of skills: which are kept, with level and joy. The search field stands under them."""

    skill = PlainTextField(
        label=_("What else can you do?"),
        help_text=_("For instance: lassen, plannen, Excel, luisteren. Also from hobbies or voluntary work."),
        max_length=120,
        required=False,
    )
    keep = IdsField(required=False, label=_("Skills"))
    shown = IdsField(required=False)

    def clean_keep(self) -> list[int]:
        ids = self.cleaned_data["keep"]
        if len(ids) > MOST_SKILLS:
            message = _("You chose %(n)s skills. Keep at most %(most)s: choose what matters most.")
            raise ValidationError(message, code="many", params={"n": len(ids), "most": MOST_SKILLS})
        return ids

    def posted(self, name: str) -> set[int]:
        """The ids that came in under a name, valid or not."""
        return {int(pk) for pk in self.data.getlist(name) if pk.isdecimal() and len(pk) < 18}

    def answers(self) -> list[SkillAnswer]:
        return [self.answer(pk) for pk in self.cleaned_data.get("keep", [])]

    def answer(self, pk: int) -> SkillAnswer:
        """What was chosen on the card of one skill; nonsense counts as the middle level."""
        level = str(self.data.get(f"level-{pk}", ""))
        known = int(level) if level in {str(value) for value in Level.values} else Level.INDEPENDENT
        loved = 2 if self.data.get(f"joy-{pk}") else None
        return SkillAnswer(pk, int(known), loved, bool(self.data.get(f"unused-{pk}")))


class EducationForm(DatedForm):
    title = PlainTextField(
        label=_("Which education?"),
        help_text=_("For instance: mbo verzorgende IG, vmbo techniek, havo."),
        max_length=160,
        error_messages={"required": _("Write the name of the education.")},
    )
    level = forms.TypedChoiceField(
        label=_("Which level?"),
        choices=[("", _("Choose a level")), *EducationLevel.choices],
        coerce=int,
        error_messages={"required": _("Choose a level.")},
    )
    finished = forms.TypedChoiceField(
        label=_("Did you finish it?"), choices=YES_NO, coerce=as_flag, widget=forms.RadioSelect, initial=True,
        error_messages={"required": _("Say whether you finished it.")},
    )  # fmt: skip
    year = YearField(label=_("In which year?"))

    def answer(self) -> EducationAnswer:
        data = self.cleaned_data
        return EducationAnswer(data["title"], data["level"], data["year"], data["finished"])


class LanguagesForm(forms.Form):
    """A level for each language that somebody speaks."""

    def __init__(self, *args, held: Iterable[str] = (), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        held = list(held)
        self.order = held + [code for code in Language.values if code not in held]
        self.open = max(SMALL_LANGUAGES, len(held))
        choices = [("", _("I do not speak it")), *LANGUAGE_WORDS.items()]
        for code in self.order:
            self.fields[code] = forms.TypedChoiceField(
                label=Language(code).label.capitalize(), choices=choices, coerce=int, empty_value=None, required=False
            )

    def first(self) -> list:
        return [self[code] for code in self.order[: self.open]]

    def more(self) -> list:
        return [self[code] for code in self.order[self.open :]]

    def answers(self) -> dict[str, int]:
        return {code: level for code, level in self.cleaned_data.items() if level}


class CertificatesForm(forms.Form):
    """Checkboxes for common certificates and those found by searching, each with an optional last day."""

    search = PlainTextField(
        label=_("Something else?"),
        help_text=_("For instance: rijbewijs CE, BIG, lasdiploma."),
        max_length=80,
        required=False,
    )
    keep = IdsField(required=False)

    def __init__(self, *args, certificates: list[Certificate], today: datetime.date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.certificates = certificates
        self.today = today
        for certificate in certificates:
            self.fields[f"until-{certificate.pk}"] = forms.DateField(
                label=_("Valid until"),
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                error_messages={"invalid": _("Write a date as day-month-year.")},
            )

    def clean(self) -> dict:
        data = super().clean()
        for name, value in list(data.items()):
            if name.startswith("until-") and value and not 2000 <= value.year <= self.today.year + 60:
                self.add_error(name, _("Check the year of this date."))
        return data

    def answers(self) -> dict[int, datetime.date | None]:
        known = {certificate.pk for certificate in self.certificates}
        kept = [pk for pk in self.cleaned_data["keep"] if pk in known]
        return {pk: self.cleaned_data.get(f"until-{pk}") for pk in kept}

    def rows(self) -> list[tuple]:
        """(certificate, is it kept, the field of its last day) in the order of the page."""
        kept = {str(pk) for pk in (self["keep"].value() or [])}
        return [(each, str(each.pk) in kept, self[f"until-{each.pk}"]) for each in self.certificates]


class InterestsForm(forms.Form):
    """One page of the thirty choices."""

    def __init__(self, *args, page: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for key, text in items_of_page(page).items():
            self.fields[key] = forms.TypedChoiceField(
                label=text, choices=ANSWERS, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
            )


class ValuesForm(forms.Form):
    """Six times: how important is this to you?"""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in VALUES:
            self.fields[name] = forms.TypedChoiceField(
                label=CV._meta.get_field(name).verbose_name.capitalize(),
                choices=VALUE_ANSWERS,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )


class WishesForm(forms.Form):
    occupation = PlainTextField(
        label=_("Which work would you like to do?"),
        help_text=_("Choose at most five. It may be something that you never did."),
        max_length=120,
        required=False,
    )
    keep = IdsField(required=False)
    sectors = forms.MultipleChoiceField(
        label=_("Or choose sectors"), choices=Sector.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    def clean_keep(self) -> list[int]:
        ids = self.cleaned_data["keep"]
        if len(ids) > MOST_WISHES:
            raise ValidationError(_("Choose at most five occupations."), code="many")
        return ids


class HoursForm(forms.Form):
    hours_min = NumberField(label=_("At least"), min_value=1, max_value=60)
    hours_max = NumberField(label=_("At most"), min_value=1, max_value=60)
    days = forms.TypedMultipleChoiceField(
        label=_("On which days can you work?"),
        choices=Day.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )

    def clean(self) -> dict:
        data = super().clean()
        low, high = data.get("hours_min"), data.get("hours_max")
        if low and high and low > high:
            self.add_error("hours_max", _("“At most” is less than “at least”."))
        return data


class TravelForm(forms.Form):
    place = PostcodeField(
        label=_("What is your postcode?"), help_text=_("Four digits are enough. Only you see it."), required=False
    )
    travel_mode = forms.ChoiceField(label=_("How do you travel?"), choices=TravelMode.choices, widget=forms.RadioSelect)
    travel_minutes = NumberField(
        label=_("How many minutes may it take, one way?"), min_value=5, max_value=180, help_text=_("For instance 30.")
    )


class DriveForm(forms.Form):
    ready_to_learn = forms.TypedChoiceField(
        label=_("How much time would you give to learn something for new work?"),
        choices=[(key, text) for key, text in READY.items()],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    start_within_weeks = forms.TypedChoiceField(
        label=_("When can you start?"),
        choices=list(START_WEEKS.items()),
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    unused_because = forms.MultipleChoiceField(
        label=_("Can you do more than your work asks? What is in the way?"),
        help_text=_("Choose what fits. We only count the answers of all people together: no employer sees yours."),
        choices=UnusedReason.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class InitiativeForm(DatedForm):
    kind = forms.ChoiceField(label=_("What did you do?"), choices=Initiative.Kind.choices, widget=forms.RadioSelect)
    text = PlainTextField(
        label=_("Tell it in one sentence"),
        help_text=_("For instance: I help in the repair café every Saturday."),
        max_length=300,
        error_messages={"required": _("Write one sentence.")},
    )
    year = YearField(label=_("In which year?"))

    def answer(self) -> InitiativeAnswer:
        data = self.cleaned_data
        return InitiativeAnswer(data["kind"], data["text"], data["year"])


class FindableForm(forms.Form):
    findable = forms.TypedChoiceField(
        label=_("May employers see your smart CV, without your name?"),
        help_text=_("They see what you can and want. They do not see your name, address or earlier employers."),
        choices=((True, _("Yes, they may invite me to apply")), (False, _("No, only when I apply myself"))),
        coerce=as_flag,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )


class EraseForm(forms.Form):
    sure = forms.BooleanField(
        label=_("Yes, erase my whole smart CV"), error_messages={"required": _("Tick the box if you are sure.")}
    )
