"""Forms of employers: a title to begin with, then one page to correct."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.choices import Day, EducationLevel, Importance, Language, LanguageLevel, Level, Sector
from core.forms import PlainTextField, PostcodeField
from taxonomy.models import Certificate, Occupation, Skill
from vacancies.models import Vacancy

MOST_REQUIREMENTS = 40
LOWEST_PAY, HIGHEST_PAY = 500, 30_000
OFFERED = 80  # a value that the work offers, on the scale of 0 to 100
OFFERS = {
    "achievement": _("you use what you can"),
    "independence": _("you decide much yourself"),
    "recognition": _("you can grow"),
    "relationships": _("nice colleagues, helping others"),
    "support": _("a boss who backs you"),
    "conditions": _("security and good terms"),
}


class TitleForm(forms.Form):
    """What kind of work it is; the rest follows from that."""

    title = PlainTextField(
        label=_("Which work is it?"), max_length=120, help_text=_("For instance: carpenter, carer, cook.")
    )
    kind = forms.ChoiceField(
        label=_("What do you post?"),
        choices=[
            ("vacancy", _("a vacancy: we have a place now")),
            ("function", _("a function: no place now, people may already sign up")),
        ],
        initial="vacancy",
        widget=forms.RadioSelect,
    )


class SearchForm(forms.Form):
    """What a visitor looks for."""

    text = forms.CharField(label=_("Work or firm"), required=False, max_length=80)
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[("", _("all sectors")), *Sector.choices])
    postcode = PostcodeField(required=False)
    max_km = forms.TypedChoiceField(
        label=_("Within"), required=False, coerce=int, empty_value=None,
        choices=[("", _("any distance")), (5, "5 km"), (10, "10 km"), (20, "20 km"), (40, "40 km")],
    )  # fmt: skip
    hours = forms.IntegerField(label=_("Hours a week"), required=False, min_value=1, max_value=60)
    min_pay = forms.IntegerField(label=_("Pay a month, at least"), required=False, min_value=0, max_value=HIGHEST_PAY)
    kind = forms.ChoiceField(
        label=_("Show"), required=False,
        choices=[("", _("everything")), ("vacancy", _("only vacancies")), ("function", _("only functions"))],
    )  # fmt: skip

    def criteria(self) -> dict:
        """Keyword arguments for `queries.search`; fields with an error are left out."""
        if not self.is_bound:
            return {}
        self.is_valid()
        values = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        if "postcode" in values:
            values["place"] = values.pop("postcode")
        return values


class VacancyForm(forms.Form):
    """All of a vacancy but its skills, which `RequirementRows` reads."""

    title = PlainTextField(label=_("Title"), max_length=120)
    occupation = forms.ModelChoiceField(Occupation.objects.all(), widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=Vacancy.Kind, widget=forms.HiddenInput, required=False)
    postcode = PostcodeField(label=_("Postcode of the work"))
    remote = forms.BooleanField(label=_("Can be done from home"), required=False)
    hours_min = forms.IntegerField(label=_("Hours a week, from"), min_value=1, max_value=60)
    hours_max = forms.IntegerField(label=_("to"), min_value=1, max_value=60)
    days = forms.TypedMultipleChoiceField(
        label=_("Days"), choices=Day.choices, coerce=int, widget=forms.CheckboxSelectMultiple,
        initial=[1, 2, 4, 8, 16],
    )  # fmt: skip
    pay_min = forms.IntegerField(
        label=_("Pay from"), min_value=LOWEST_PAY, max_value=HIGHEST_PAY,
        help_text=_("In euros a month before tax, for full-time work."),
    )  # fmt: skip
    pay_max = forms.IntegerField(label=_("to"), min_value=LOWEST_PAY, max_value=HIGHEST_PAY)
    education_level = forms.TypedChoiceField(
        label=_("Education"), required=False, coerce=int, empty_value=None,
        choices=[("", _("does not matter")), *EducationLevel.choices],
    )  # fmt: skip
    education_is_hard = forms.BooleanField(label=_("The law asks this diploma"), required=False)
    dutch = forms.TypedChoiceField(
        label=_("Dutch"), required=False, coerce=int, empty_value=None,
        choices=[("", _("does not matter")), *LanguageLevel.choices],
    )  # fmt: skip
    dutch_hard = forms.BooleanField(label=_("Impossible without"), required=False)
    other_language = forms.ChoiceField(
        label=_("Another language"), required=False,
        choices=[("", _("none")), *(choice for choice in Language.choices if choice[0] != "nl")],
    )  # fmt: skip
    other_level = forms.TypedChoiceField(
        label=_("Level"), required=False, coerce=int, empty_value=3, choices=LanguageLevel.choices, initial=3
    )
    certificates = forms.ModelMultipleChoiceField(
        Certificate.objects.none(), label=_("Papers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    certificates_hard = forms.BooleanField(label=_("These papers are required by law or for safety"), required=False)
    text = PlainTextField(label=_("Text"), max_length=8000, widget=forms.Textarea(attrs={"rows": 12}))
    offers = forms.MultipleChoiceField(
        label=_("What do you offer?"), choices=list(OFFERS.items()), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Choose what is really so: people choose by it."),
    )  # fmt: skip
    openings = forms.IntegerField(label=_("How many people?"), min_value=1, max_value=99, initial=1)
    starts_on = forms.DateField(label=_("Start"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    closes_on = forms.DateField(
        label=_("Closing date"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("After this day it closes by itself."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["certificates"].queryset = Certificate.objects.order_by("label_nl")
        self.fields["certificates"].label_from_instance = lambda certificate: certificate.label

    def clean_closes_on(self) -> date | None:
        closes = self.cleaned_data["closes_on"]
        if closes is not None and closes < self.today:
            raise forms.ValidationError(_("This day has passed. Choose a later one."))
        return closes

    def clean(self) -> dict:
        values = super().clean()
        for low, high in (("hours_min", "hours_max"), ("pay_min", "pay_max")):
            if values.get(low) and values.get(high) and values[low] > values[high]:
                self.add_error(high, _("This is less than the lowest. Turn them around."))
        return values

    def values(self) -> dict:
        """What `operations` take, without the skills."""
        v = dict(self.cleaned_data)
        languages = []
        if v["dutch"]:
            languages.append({"language": "nl", "level": v["dutch"], "hard": v["dutch_hard"]})
        if v["other_language"]:
            languages.append({"language": v["other_language"], "level": v["other_level"], "hard": False})
        return {
            **{
                name: v[name]
                for name in (
                    "title", "occupation", "text", "hours_min", "hours_max", "pay_min", "pay_max", "education_level",
                    "education_is_hard", "remote", "openings", "starts_on", "closes_on",
                )
            },
            "kind": v["kind"] or Vacancy.Kind.VACANCY,
            "place": v["postcode"],
            "days": sum(v["days"]),
            "languages": languages,
            "certificates": [{"certificate": c.pk, "hard": v["certificates_hard"]} for c in v["certificates"]],
            **{name: OFFERED if name in v["offers"] else None for name in OFFERS},
        }  # fmt: skip


class RequirementRows:
    """The skills of a vacancy as posted: ids in `skill`, and per id importance, level and whether it is indispensable."""

    def __init__(self, data) -> None:
        self.error = ""
        ids = [int(pk) for pk in data.getlist("skill") if pk.isdigit()]
        dropped = {pk for pk in data.getlist("drop") if pk}
        kept = [pk for pk in dict.fromkeys(ids) if str(pk) not in dropped]
        if len(kept) > MOST_REQUIREMENTS:
            self.error = ngettext(
                "At most %(most)s skill: choose what the work really asks.",
                "At most %(most)s skills: choose what the work really asks.",
                MOST_REQUIREMENTS,
            ) % {"most": MOST_REQUIREMENTS}
            kept = kept[:MOST_REQUIREMENTS]
        known = Skill.objects.in_bulk(kept)
        self.rows = [
            {
                "skill": pk,
                "label": known[pk].label,
                "importance": _within(data.get(f"importance_{pk}"), Importance.values, Importance.IMPORTANT),
                "level": _within(data.get(f"level_{pk}"), Level.values, Level.INDEPENDENT),
                "hard": f"hard_{pk}" in data,
            }
            for pk in kept
            if pk in known
        ]
        if not self.rows and not self.error:
            self.error = str(_("Choose at least one skill that the work asks."))

    def add(self, skill: Skill) -> None:
        """Put a skill at the end, once."""
        if all(row["skill"] != skill.pk for row in self.rows):
            self.rows.append({"skill": skill.pk, "label": skill.label, "importance": 2, "level": 3, "hard": False})
            self.error = ""


def _within(text: str | None, allowed: list[int], default: int) -> int:
    return int(text) if text and text.isdigit() and int(text) in allowed else default


class AddSkillForm(forms.Form):
    """One more skill, by name."""

    add_skill = forms.CharField(label=_("Add a skill"), required=False, max_length=120)


class PasteForm(forms.Form):
    """A text that an employer already has."""

    pasted = PlainTextField(
        label=_("Do you already have a text? Paste it here."), required=False, max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}), help_text=_("We read which skills and papers it asks."),
    )  # fmt: skip
