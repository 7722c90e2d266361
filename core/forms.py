"""Form fields that every room uses."""

import html

import nh3
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.geo import find_place
from core.models import Place


class PostcodeField(forms.CharField):
    """A four-digit postcode (letters may follow); cleans to a `Place`, or None when empty and not required."""

    default_error_messages = {
        "form": _("Write four digits, for instance 9711."),
        "unknown": _("We do not know the postcode %(postcode)s. Check the four digits."),
    }

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("Postcode"))
        kwargs.setdefault("max_length", 8)
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "postal-code", "inputmode": "text", "class": "input-short"}

    def prepare_value(self, value):
        return value.pk if isinstance(value, Place) else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        place = find_place(text)
        if place is None:
            digits = text.strip()[:4]
            code = "unknown" if len(digits) == 4 and digits.isdigit() else "form"
            raise ValidationError(self.error_messages[code], code=code, params={"postcode": digits})
        return place


class PlainTextField(forms.CharField):
    """Text without markup: tags are dropped, what people typed stays readable."""

    def to_python(self, value):
        text = super().to_python(value)
        return html.unescape(nh3.clean(text, tags=set())).replace("\x00", "").strip() if text else text
