"""Template tags and filters of the whole site."""

import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

import lucide as icons
from django import forms, template
from django.forms import BoundField
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

register = template.Library()
NBSP = "\u00a0"


# Numbers as people read them.


@register.filter
def euro(value) -> str:
    """€ 2.650, with cents only where there are any; empty for what is no number."""
    amount = _number(value)
    if amount is None:
        return ""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"€{NBSP}{formats.number_format(amount, places, use_l10n=True, force_grouping=True)}"


@register.filter
def permille(value) -> str:
    """712 becomes "71 %"; the unknown (-1 or empty) becomes "?"."""
    amount = _number(value)
    if amount is None or amount < 0:
        return "?"
    return f"{_half_up(amount / 10)}{NBSP}%"


def _number(value) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _half_up(amount: Decimal) -> int:
    return math.floor(amount + Decimal("0.5"))


# Icons.


@register.simple_tag
@cache
def icon(name: str, size: int = 20) -> SafeString:
    """A lucide icon that screen readers skip: it always stands next to text."""
    return mark_safe(icons._render_icon(name, size, **{"class": "icon", "aria-hidden": "true", "focusable": "false"}))


# Fields.


GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.MultiWidget, forms.SelectDateWidget)


@dataclass(frozen=True)
class FieldParts:
    """A field taken apart for `<c-field>`."""

    kind: str  # "group" (radios, checkboxes, several inputs), "check" (one checkbox), "hidden" or "plain"
    widget: SafeString
    hint: str
    hint_id: str
    error_id: str
    describedby: str


@register.simple_block_tag
def landmark(content: str, classes: str) -> str:
    """An <aside> around what stands inside; nothing at all when that is nothing."""
    return format_html('<aside class="{}">{}</aside>', classes, content) if content.strip() else ""


@register.simple_tag
def field_parts(field: BoundField, hint: str = "") -> FieldParts:
    """The widget with its aria attributes, and the ids that belong to it."""
    hint = hint or str(field.help_text)
    hint_id, error_id = f"{field.auto_id}_helptext", f"{field.auto_id}_error"
    describedby = " ".join(part for part, used in ((hint_id, hint), (error_id, field.errors)) if used)
    kind = _kind(field)
    attrs: dict[str, str | bool] = {"aria-describedby": describedby} if describedby and kind != "group" else {}
    return FieldParts(kind, field.as_widget(attrs=attrs), hint, hint_id, error_id, describedby)


def _kind(field: BoundField) -> str:
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(
        widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget | forms.SelectDateWidget
    ):
        return "group"
    return "check" if isinstance(widget, forms.CheckboxInput) else "plain"


@register.filter
def first_input(field: BoundField) -> str:
    """The id of the first control of a field, for a link that jumps to it."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def error_line(field: BoundField, error: str) -> str:
    """The line in the error summary: the question, then what to do."""
    label = str(field.label)
    return f"{label} {error}" if label.endswith(("?", ".", "!", ":")) else f"{label}: {error}"


# The sign and the chance.

CENTRE, FOOT, REACH, GAP = 24.0, 44.0, 38.0, 5.0
ANGLES = {"can": -40, "want": 0, "do": 40}


@dataclass(frozen=True)
class Stroke:
    """One stroke of the sign, with coordinates as plain text in a box of 48 by 48."""

    key: str
    label: str
    value: str
    known: bool
    x1: str
    y1: str
    x2: str
    y2: str
    full_x: str
    full_y: str


@dataclass(frozen=True)
class Sign:
    """The three strokes of `<c-mark>` with their text alternative."""

    strokes: list[Stroke]
    text: str
    pixels: int


@register.simple_tag
def sign(can=-1, want=-1, do=-1, size: str = "m") -> Sign:
    """Three strokes from one foot; their lengths are the three parts of a fit (per mille, -1 for unknown)."""
    labels = {
        "can": pgettext("part of a fit", "can"),
        "want": pgettext("part of a fit", "want"),
        "do": pgettext("part of a fit", "do"),
    }
    strokes = [
        _stroke(key, labels[key], -1 if value in (None, "") else int(value))
        for key, value in (("can", can), ("want", want), ("do", do))
    ]
    text = ", ".join(f"{stroke.label} {stroke.value if stroke.known else _('not known yet')}" for stroke in strokes)
    return Sign(strokes, text, {"s": 32, "m": 56, "l": 96}.get(size, 56))


def _stroke(key: str, label: str, value: int) -> Stroke:
    angle = math.radians(ANGLES[key])

    def at(length: float) -> tuple[str, str]:
        return f"{CENTRE + math.sin(angle) * length:.1f}", f"{FOOT - math.cos(angle) * length:.1f}"

    share = min(max(value, 0), 1000) / 1000
    x1, y1 = at(GAP)
    x2, y2 = at(GAP + max(share * (REACH - GAP), 0.1))
    full_x, full_y = at(REACH)
    return Stroke(key, label, permille(value), value >= 0, x1, y1, x2, y2, full_x, full_y)


@dataclass(frozen=True)
class Band:
    """What `<c-chance>` draws and says."""

    low: str
    width: str
    point: str
    sentence: str
    range: str
    enough: bool


@register.simple_tag
def band(chance, who: str = "you", outcome: str = "interview") -> Band:
    """The chance as a band with words; `who` is "you" (a jobseeker reads) or "they" (an employer reads).

    `outcome`: "interview", or "job" for the chance to be hired, which only the person reads.
    """
    low, high = sorted((_clamp(chance.low), _clamp(chance.high)))
    point = min(max(_clamp(chance.p), low), high)
    if chance.enough:
        sentence = _sentence(point, who, outcome)
        spread = _("An estimate: between %(low)s and %(high)s out of 100.") % {"low": low, "high": high}
    else:
        sentence = _("Too few data for a precise chance.")
        spread = _("It lies somewhere between %(low)s and %(high)s out of 100.") % {"low": low, "high": high}
    return Band(f"{low}%", f"{max(high - low, 1)}%", f"{point}%", sentence, spread, bool(chance.enough))


def _clamp(value) -> int:
    return min(max(int(value), 0), 100)


def _sentence(point: int, who: str, outcome: str) -> str:
    """A chance as a number of people; never 0 or 10 out of 10, for nothing is certain."""
    if point < 8:
        count, of = max(point, 1), 100
    else:
        count, of = min(max(_half_up(Decimal(point) / 10), 1), 9), 10
    if outcome == "job":
        text = ngettext(
            "About %(count)s in %(of)s people like you gets the job.",
            "About %(count)s in %(of)s people like you get the job.",
            count,
        )
    elif who == "you":
        text = ngettext(
            "About %(count)s in %(of)s people like you gets an interview.",
            "About %(count)s in %(of)s people like you get an interview.",
            count,
        )
    else:
        text = ngettext(
            "About %(count)s in %(of)s people with a CV like this gets an interview.",
            "About %(count)s in %(of)s people with a CV like this get an interview.",
            count,
        )
    return text % {"count": count, "of": of}


# Small helpers.


@register.simple_tag
def share(step, of) -> str:
    """How far `step` is of `of`, as "37%" for a width attribute."""
    whole = float(of or 0)
    return f"{min(max(float(step) / whole, 0), 1) * 100:.0f}%" if whole else "0%"


@register.filter
def page_numbers(page) -> list:
    """The numbers to show under a list, with an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag(takes_context=True)
def page_url(context, number: int, param: str = "page") -> str:
    """The address of another page of the same list, with the same filters."""
    query = context["request"].GET.copy()
    query[param] = number
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def current(context, url: str) -> SafeString:
    """`aria-current` when the visitor is on (or below) this address."""
    request = context.get("request")
    if not request or not url:
        return mark_safe("")
    if request.path == url:
        return mark_safe(' aria-current="page"')
    below = url != "/" and request.path.startswith(url)
    return format_html(' aria-current="{}"', "true") if below else mark_safe("")
