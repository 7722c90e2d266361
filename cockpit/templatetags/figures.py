"""Numbers of CockpitWerk on pages."""

from django import template

from cockpit.charts.svg import number

register = template.Library()


@register.filter
def shown(value: float | None, decimals: int = 0) -> str:
    """As people read it, with so many decimals; an en dash for unknown."""
    return number(value, int(decimals))


@register.filter
def signed(value: float | None, decimals: int = 0) -> str:
    """A change, with its sign."""
    return number(value, int(decimals)) if value is None or value < 0 else f"+{number(value, int(decimals))}"
