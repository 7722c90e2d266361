"""Forms of employers: a title to begin with, then one page to correct."""

from collections.abc import Mapping
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.choices import Day, EducationLevel, Importance, Language, LanguageLevel, Level, Sector
from core.forms import PlainTextField, PostcodeField
from taxonomy.models import Certificate, Occupation, Skill
from vacancies.models import Vacancy

MOST_SKILLS, MOST_PAPERS = 40, 20
LONGEST_ID = 18  # digits that fit in a 64-bit key
FARTHEST_DAYS = 731
LOWEST_PAY, HIGHEST_PAY = 500, 30_000
# Below this a month may be under the minimum wage: 36 hours a week at 14.71 an hour, what adults of 21 and over got at
# least from January 2026. Younger people and learners may get less, so it is a remark and no error.
LOWEST_MONTH = 2294
OFFERED = 80  # a value that the work offers, on the scale of 0 to 100
OFFERED_FROM = 60  # from here on it is shown as offered
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
    nearest = PlainTextField(
        label=_("Which occupation comes closest?"), required=False, max_length=120,
        help_text=_("Your own title stays. We use the occupation to fill in what such work asks."),
    )  # fmt: skip


class SearchForm(forms.Form):
    """What a visitor looks for."""

    text = PlainTextField(label=_("Work or firm"), required=False, max_length=80)
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
    """All of a vacancy but what it asks in rows (skills, languages, papers): see `Asked`."""

    title = PlainTextField(label=_("Title"), max_length=120)
    occupation = forms.ModelChoiceField(Occupation.objects.all(), widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=Vacancy.Kind, widget=forms.HiddenInput, required=False)
    postcode = PostcodeField(label=_("Postcode of the work"))
    remote = forms.BooleanField(label=_("Can be done from home"), required=False)
    hours_min = forms.IntegerField(label=_("Hours a week, from"), min_value=1, max_value=60)
    hours_max = forms.IntegerField(label=_("Hours a week, at most"), min_value=1, max_value=60)
    days = forms.TypedMultipleChoiceField(
        label=_("Days"), choices=Day.choices, coerce=int, widget=forms.CheckboxSelectMultiple,
        initial=[1, 2, 4, 8, 16],
    )  # fmt: skip
    pay_min = forms.IntegerField(label=_("Pay from"), min_value=LOWEST_PAY, max_value=HIGHEST_PAY)
    pay_max = forms.IntegerField(label=_("Pay to"), min_value=LOWEST_PAY, max_value=HIGHEST_PAY)
    education_level = forms.TypedChoiceField(
        label=_("Education"), required=False, coerce=int, empty_value=None,
        choices=[("", _("makes no difference")), *EducationLevel.choices],
    )  # fmt: skip
    education_is_hard = forms.BooleanField(label=_("The law asks this diploma"), required=False)
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

    def __init__(self, *args, today: date, before: Vacancy | None = None, **kwargs) -> None:
        """`before` is the vacancy that is changed: what it already says is not asked to be different."""
        super().__init__(*args, **kwargs)
        self.today, self.before = today, before

    def clean_starts_on(self) -> date | None:
        starts = self.cleaned_data["starts_on"]
        unchanged = self.before is not None and self.before.starts_on == starts
        if starts is not None and starts < self.today and not unchanged:
            raise forms.ValidationError(_("This day has passed. Choose a later one, or leave it empty."))
        return self._within_reach(starts)

    def _within_reach(self, day: date | None) -> date | None:
        if day is not None and (day - self.today).days > FARTHEST_DAYS:
            raise forms.ValidationError(_("This is more than two years ahead. Check the year."))
        return day

    def clean_closes_on(self) -> date | None:
        closes = self.cleaned_data["closes_on"]
        if closes is not None and closes < self.today:
            raise forms.ValidationError(_("This day has passed. Choose a later one."))
        return self._within_reach(closes)

    def clean(self) -> dict:
        values = super().clean()
        for low, high in (("hours_min", "hours_max"), ("pay_min", "pay_max")):
            if values.get(low) and values.get(high) and values[low] > values[high]:
                self.add_error(high, _("This is less than the lowest. Turn them around."))
        return values

    def values(self) -> dict:
        """What `operations` take, without the rows."""
        v = self.cleaned_data
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
            **{name: self._offered(name) for name in OFFERS},
        }  # fmt: skip

    def _offered(self, name: str) -> int | None:
        """A ticked value; a finer one that is stored already stays as long as its tick does."""
        stored = getattr(self.before, name, None)
        ticked = name in self.cleaned_data["offers"]
        if ticked == is_offered(stored):
            return stored
        return OFFERED if ticked else None


def is_offered(value: int | None) -> bool:
    """Whether a value from 0 to 100 is shown as something that the work offers."""
    return (value or 0) >= OFFERED_FROM


class Asked:
    """What a vacancy asks, in rows: skills, languages and papers, as the details page posts them.

    Skills: ids in `skill`, with `importance_<id>`, `level_<id>` and `hard_<id>`. Papers: ids in `paper`, with
    `paper_hard_<id>`. Languages: codes in `language`, with `language_level_<code>` and `language_hard_<code>`. What is
    in `drop` (`skill-7`, `paper-2`, `language-nl`) is left out. Rows that mean nothing are passed over.
    """

    def __init__(self, data) -> None:
        self.errors: list[str] = []
        self.dropped = set(data.getlist("drop"))
        self.skills = self._skills(data)
        self.languages = self._languages(data)
        self.papers = self._papers(data)

    def _skills(self, data) -> list[dict]:
        ids = self._ids(data, "skill", MOST_SKILLS, _("skills"))
        known = Skill.objects.in_bulk(ids)
        rows = [
            {
                "skill": pk,
                "label": known[pk].label,
                "foreign": known[pk].label_is_foreign,
                "importance": _within(data.get(f"importance_{pk}"), Importance.values, Importance.IMPORTANT),
                "level": _within(data.get(f"level_{pk}"), Level.values, Level.INDEPENDENT),
                "hard": f"hard_{pk}" in data,
            }
            for pk in ids
            if pk in known
        ]
        if not rows:
            self.errors.append(str(_("Choose at least one skill that the work asks.")))
        return rows

    def _languages(self, data) -> list[dict]:
        codes = [code for code in dict.fromkeys(data.getlist("language")) if code in Language.values]
        return [
            {
                "language": code,
                "label": str(Language(code).label),
                "level": _within(data.get(f"language_level_{code}"), LanguageLevel.values, LanguageLevel.B1),
                "hard": f"language_hard_{code}" in data,
            }
            for code in codes
            if f"language-{code}" not in self.dropped
        ]

    def _papers(self, data) -> list[dict]:
        ids = self._ids(data, "paper", MOST_PAPERS, _("papers"))
        known = Certificate.objects.in_bulk(ids)
        return [
            {
                "certificate": pk,
                "label": known[pk].label,
                "foreign": known[pk].label_is_foreign,
                "hard": f"paper_hard_{pk}" in data,
            }
            for pk in ids
            if pk in known
        ]

    def _ids(self, data, name: str, most: int, what) -> list[int]:
        numbers = [int(pk) for pk in data.getlist(name) if pk.isdecimal() and len(pk) <= LONGEST_ID]
        kept = [pk for pk in dict.fromkeys(numbers) if f"{name}-{pk}" not in self.dropped]
        if len(kept) > most:
            message = _("At most %(most)s %(what)s: choose what the work really asks.")
            self.errors.append(message % {"most": most, "what": what})
        return kept[:most]

    def add_skill(self, pk: int) -> None:
        """Put a skill at the end, once."""
        if all(row["skill"] != pk for row in self.skills):
            skill = Skill.objects.get(pk=pk)
            row = {"skill": pk, "label": skill.label, "foreign": skill.label_is_foreign}
            self.skills.append(row | {"importance": 2, "level": 3, "hard": False})

    def as_data(self) -> dict[str, list[str]]:
        """The rows as they would be posted."""
        data = {
            "skill": [str(row["skill"]) for row in self.skills],
            "language": [row["language"] for row in self.languages],
            "paper": [str(row["certificate"]) for row in self.papers],
        }
        for row in self.skills:
            data[f"importance_{row['skill']}"], data[f"level_{row['skill']}"] = (
                [str(int(row["importance"]))], [str(int(row["level"]))],
            )  # fmt: skip
        for row in self.languages:
            data[f"language_level_{row['language']}"] = [str(int(row["level"]))]
        hard = [f"hard_{row['skill']}" for row in self.skills if row["hard"]]
        hard += [f"language_hard_{row['language']}" for row in self.languages if row["hard"]]
        hard += [f"paper_hard_{row['certificate']}" for row in self.papers if row["hard"]]
        return data | {name: ["on"] for name in hard}

    def values(self) -> dict[str, list[dict]]:
        """What `operations` take."""
        return {"requirements": self.skills, "languages": self.languages, "certificates": self.papers}


def _within(text: str | None, allowed: list[int], default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 3 and int(text) in allowed else default


class AddForm(forms.Form):
    """One more skill (by name), language or paper."""

    add_skill = PlainTextField(label=_("Add a skill"), required=False, max_length=120)
    add_language = forms.ChoiceField(
        label=_("Add a language"), required=False, choices=[("", _("choose")), *Language.choices]
    )
    add_paper = forms.ModelChoiceField(
        Certificate.objects.none(), label=_("Add a paper"), required=False, empty_label=_("choose")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["add_paper"].queryset = Certificate.objects.order_by("label_nl", "label_en")
        self.fields["add_paper"].label_from_instance = lambda certificate: certificate.label


class PasteForm(forms.Form):
    """A text that an employer already has."""

    pasted = PlainTextField(
        label=_("Do you already have a text? Paste it here."), required=False, max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}), help_text=_("We read which skills and papers it asks."),
    )  # fmt: skip


def as_text(value) -> str:
    """A stored value as somebody would type it."""
    return "" if value is None else str(value)


def as_querydict(data: Mapping[str, list[str]]) -> QueryDict:
    """Lists of texts by name, as a form reads them."""
    filled = QueryDict(mutable=True)
    for key, values in data.items():
        filled.setlist(key, values)
    return filled


def as_posted(vacancy: Vacancy) -> QueryDict:
    """A vacancy as the details form would have posted it."""
    data = {
        name: [as_text(getattr(vacancy, name))]
        for name in (
            "title", "kind", "text", "hours_min", "hours_max", "pay_min", "pay_max", "education_level", "openings",
            "starts_on", "closes_on", "version",
        )
    }  # fmt: skip
    data["occupation"] = [str(vacancy.occupation_id)]
    data["postcode"] = [vacancy.place_id or ""]
    data["days"] = [str(1 << bit) for bit in range(7) if vacancy.days & (1 << bit)]
    data["offers"] = [name for name in OFFERS if is_offered(getattr(vacancy, name))]
    for name in ("remote", "education_is_hard"):
        if getattr(vacancy, name):
            data[name] = ["on"]
    for row in vacancy.requirements.order_by("-importance", "id"):
        data.setdefault("skill", []).append(str(row.skill_id))
        data[f"importance_{row.skill_id}"], data[f"level_{row.skill_id}"] = [str(row.importance)], [str(row.min_level)]
        if row.is_hard:
            data[f"hard_{row.skill_id}"] = ["on"]
    for row in vacancy.language_requirements.order_by("id"):
        data.setdefault("language", []).append(row.language)
        data[f"language_level_{row.language}"] = [str(row.level)]
        if row.is_hard:
            data[f"language_hard_{row.language}"] = ["on"]
    for row in vacancy.certificate_requirements.order_by("id"):
        data.setdefault("paper", []).append(str(row.certificate_id))
        if row.is_hard:
            data[f"paper_hard_{row.certificate_id}"] = ["on"]
    return as_querydict(data)
