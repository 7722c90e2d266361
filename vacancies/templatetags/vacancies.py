"""How the text of a vacancy is shown."""

from itertools import groupby

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
DASHES = ("- ", "• ", "* ", "– ")


@register.filter
def paragraphs(text: str) -> SafeString:
    """Plain text as paragraphs; lines that begin with a dash become a list. Everything in it is escaped."""
    lines = [line.strip() for line in text.splitlines()]
    parts = []
    for kind, group in groupby(lines, key=lambda line: "item" if line.startswith(DASHES) else "text" if line else ""):
        rows = list(group)
        if kind == "item":
            items = format_html_join("", "<li>{}</li>", ((row[2:],) for row in rows))
            parts.append(format_html("<ul>{}</ul>", items))
        elif kind == "text":
            parts.append(format_html("<p>{}</p>", format_html_join(mark_safe("<br>"), "{}", ((row,) for row in rows))))
    return mark_safe("".join(parts))
