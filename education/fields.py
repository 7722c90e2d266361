"""Form fields that read what schools write: words, amounts, days and codes, typed in or in a cell."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from core.forms import PlainTextField, PostcodeField
from education.uploads.cells import NoSuchDate, normalised, parse_date, parse_price, parse_whole
from education.uploads.columns import YES


class WordField(forms.ChoiceField):
    """A choice that also understands the words schools use; cleans to the stored value, or None when left empty."""

    default_error_messages = {
        "invalid_choice": _("We do not know “%(value)s”. Choose one of these: %(words)s."),
        "required": _("Choose one of the possibilities."),
    }

    def __init__(self, *, words: dict, shown: str = "", **kwargs) -> None:
        self.words, self.shown = words, shown
        super().__init__(**kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, bool | float):
            value = str(value)
        word = normalised(str(value))
        if word not in self.words:
            params = {"value": str(value)[:40], "words": self.shown}
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params=params)
        return self.words[word]

    def validate(self, value) -> None:
        if self.required and value in self.empty_values:
            raise ValidationError(self.error_messages["required"], code="required")


class WholeField(forms.IntegerField):
    """A whole number that may carry its unit ("12 weken")."""

    default_error_messages = {
        "invalid": _("Write a whole number, for instance 12."),
    }

    def __init__(self, **kwargs) -> None:
        low, high = kwargs["min_value"], kwargs["max_value"]
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-short"}), **kwargs)
        message = _("Write a number from %(low)s to %(high)s.")
        self.error_messages |= {"range": message}
        self.low, self.high = low, high
        self.validators = []

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return parse_whole(str(value))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid")

    def validate(self, value) -> None:
        super().validate(value)
        if value is not None and not self.low <= value <= self.high:
            raise ValidationError(
                self.error_messages["range"], code="range", params={"low": self.low, "high": self.high}
            )


class PriceField(forms.Field):
    """Euros as people write them."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "input-short"})
    default_error_messages = {
        "invalid": _("Write an amount like 1250 or 1.250,00. Write 0 when it is free."),
        "negative": _("A price cannot be below zero. Write 0 when it is free."),
        "large": _("This price is too high. Check the commas and points."),
    }

    def prepare_value(self, value):
        if value is None or isinstance(value, str):
            return value
        return number_format(value, 0 if value == value.to_integral_value() else 2, force_grouping=False)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            price = parse_price(str(value))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if price < 0:
            raise ValidationError(self.error_messages["negative"], code="negative")
        if price >= 1_000_000:
            raise ValidationError(self.error_messages["large"], code="large")
        return price


class DayField(forms.DateField):
    """A date in the ways people write it; days that do not exist are named."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {
        "invalid": _("Write a date like 2027-02-01 or 01-02-2027."),
        "no_day": _("The day %(value)s does not exist. Check the calendar."),
        "far": _("This year cannot be right. Check the date."),
    }

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            day = parse_date(str(value))
        except NoSuchDate:
            raise ValidationError(self.error_messages["no_day"], code="no_day", params={"value": str(value)[:40]})
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if not 2000 <= day.year <= 2100:
            raise ValidationError(self.error_messages["far"], code="far")
        return day


class DaysField(forms.Field):
    """Several days, one a line or with commas between them; cleans to a sorted list without doubles."""

    widget = forms.Textarea(attrs={"rows": 3, "class": "input-short"})
    default_error_messages = {"many": _("Give at most %(most)s days.")}
    most = 24

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else "\n".join(map(str, value))

    def clean(self, value) -> list[date]:
        words = value if isinstance(value, list) else re.split(r"[,;|\n]|\ben\b", str(value or ""))
        one = DayField(required=False)
        days = {one.clean(word.strip() if isinstance(word, str) else word) for word in words} - {None}
        if len(days) > self.most:
            raise ValidationError(self.error_messages["many"], code="many", params={"most": self.most})
        return sorted(days)


class WordsField(forms.Field):
    """Several choices, ticked or as words with commas between them; cleans to a list in the order of the choices."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, choices, words: dict, shown: str, **kwargs) -> None:
        super().__init__(**kwargs)
        self.widget.choices = choices.choices
        self.order = choices.values
        self.one = WordField(choices=choices, words=words, shown=shown, required=False)

    def clean(self, value) -> list[str]:
        words = value if isinstance(value, list | tuple) else re.split(r"[,;|\n]", str(value or ""))
        chosen = {self.one.clean(str(word).strip()) for word in words} - {None}
        return [each for each in self.order if each in chosen]


class CodeField(PlainTextField):
    """A code of a national register; capitals and spaces do not matter."""

    def __init__(self, *, pattern: str, example: str, **kwargs) -> None:
        self.pattern, self.example = re.compile(pattern), example
        super().__init__(required=False, widget=forms.TextInput(attrs={"class": "input-short"}), **kwargs)

    def to_python(self, value) -> str:
        code = re.sub(r"[\s.]", "", str(super().to_python(value) or "")).upper()
        if code and not self.pattern.fullmatch(code):
            message = _("This is not such a code. It looks like %(example)s.")
            raise ValidationError(message, code="form", params={"example": self.example})
        return code


class RememberingPostcodeField(PostcodeField):
    """Asks the database once for each postcode while a file is checked; `memo` is shared by the rows."""

    memo: dict | None = None

    def clean(self, value):
        if self.memo is None:
            return super().clean(value)
        if value not in self.memo:
            try:
                self.memo[value] = super().clean(value)
            except ValidationError as error:
                self.memo[value] = error
        found = self.memo[value]
        if isinstance(found, ValidationError):
            raise found
        return found


class YesField(forms.BooleanField):
    """A tick, or ja and nee."""

    default_error_messages = {"invalid": _("Write ja or nee.")}

    def to_python(self, value):
        if isinstance(value, bool) or value is None:
            return bool(value)
        word = normalised(str(value))
        if word and word not in YES:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return YES.get(word, False)


class YesInput(forms.CheckboxInput):
    """Hands on the words of an upload or API call as they are."""

    def value_from_datadict(self, data, files, name):
        return data.get(name)
