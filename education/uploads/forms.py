"""Forms around files: sending one, and saying what its columns hold."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from education.forms import ProgrammeForm
from education.uploads.columns import COLUMNS, Column
from education.uploads.mapping import MOST_JOINED, Mapping

FORM_OVERHEAD = 64 * 1024  # bytes of a posted form around its file


def too_large_message() -> str:
    return _("This file is larger than %(size)s MB. Divide it over several files.") % {
        "size": settings.MAX_UPLOAD_BYTES // (1024 * 1024)
    }


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Your file"), help_text=_("CSV, XLSX or OOAPI (JSON), at most 10 MB and 20,000 rows."),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.xlsx,.json,text/csv,application/json"}
        ),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty."),
            "missing": _("Choose a file first."),
        },
    )  # fmt: skip
    complete = forms.BooleanField(
        label=_("This is our whole offer"), required=False,
        help_text=_("Programmes that are not in the file then go off the site. You first see which."),
    )  # fmt: skip

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_UPLOAD_BYTES:
            raise ValidationError(too_large_message(), code="large")
        return file


class FeedForm(forms.Form):
    address = forms.URLField(
        label=_("Address of your catalogue"), max_length=300, assume_scheme="https",
        help_text=_("The root of your OOAPI endpoint (version 5 or 6), or a page with courses or programmes."),
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )  # fmt: skip
    is_on = forms.BooleanField(label=_("Read it every night"), required=False)


class MappingForm(forms.Form):
    """For each of our fields a column of the file, and what an empty cell means.

    `header` holds the names of the columns, `examples` some values of each.
    """

    def __init__(
        self, data=None, *, header: list[str], examples: list[list[str]], mapping: Mapping | None = None
    ) -> None:
        mapping = mapping or Mapping()
        initial = {f"default-{name}": value for name, value in mapping.defaults.items()}
        for name, positions in mapping.columns.items():
            initial |= {_column(name, number): at for number, at in enumerate(positions)}
        super().__init__(data, initial=initial)
        choices = [("", _("not in the file")), *((at, _shown(at, name, examples)) for at, name in enumerate(header))]
        for column in COLUMNS:
            for number in range(MOST_JOINED if column.field == "code" else 1):
                self.fields[_column(column.field, number)] = _ColumnField(
                    label=column.name if not number else _("and with it"), choices=choices, coerce=int,
                    required=column.required and not number, empty_value=None,
                    help_text="" if number else column.what,
                )  # fmt: skip
            if column.field not in ("code", "title", "description"):
                self.fields[f"default-{column.field}"] = _Default(column)

    def rows(self) -> list[dict]:
        """The fields in the order of the page: a column, what an empty cell means, and more columns for the code."""
        return [
            {
                "column": column,
                "select": self[_column(column.field, 0)],
                "more": [self[_column(column.field, number)] for number in range(1, MOST_JOINED)]
                if column.field == "code" else [],
                "default": self[f"default-{column.field}"] if f"default-{column.field}" in self.fields else None,
            }
            for column in COLUMNS
        ]  # fmt: skip

    def clean(self) -> dict:
        data = super().clean()
        for column in COLUMNS:
            name = column.field
            if column.required and not self._positions(name) and not data.get(f"default-{name}"):
                self.add_error(_column(name, 0), _("Choose a column, or say what goes for all rows."))
        return data

    def _positions(self, name: str) -> list[int]:
        found = [self.cleaned_data.get(_column(name, number)) for number in range(MOST_JOINED)]
        return [at for at in dict.fromkeys(found) if at is not None]

    def mapping(self) -> Mapping:
        names = [column.field for column in COLUMNS]
        columns = {name: positions for name in names if (positions := self._positions(name))}
        return Mapping(columns, {name: text for name in names if (text := self.cleaned_data.get(f"default-{name}"))})


class _ColumnField(forms.TypedChoiceField):
    """A column of the file. What is required may also be said for all rows: `MappingForm.clean` looks at both."""

    def validate(self, value) -> None:
        if value not in self.empty_values:
            super().validate(value)


class _Default(forms.CharField):
    """A fixed value, checked as the cell would be; stays as it was written."""

    def __init__(self, column: Column) -> None:
        self.checks = ProgrammeForm.base_fields[column.field]
        super().__init__(required=False, max_length=200, label=_("If it is empty: %(name)s") % {"name": column.name})
        self.widget.attrs["placeholder"] = str(column.accepts)

    def clean(self, value) -> str:
        text = super().clean(value)
        if text:
            self.checks.clean(text)
        return text


def _column(name: str, number: int) -> str:
    return f"column-{name}" if not number else f"column-{name}-{number + 1}"


def _shown(at: int, name: str, examples: list[list[str]]) -> str:
    values = ", ".join(examples[at])
    title = name.strip() or _("column %(number)s, without a name") % {"number": at + 1}
    return f"{title} ({values[:60]}{'…' if len(values) > 60 else ''})" if values else title
