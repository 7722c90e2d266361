"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest

from core.choices import Theme

THEME_COOKIE = "theme"


def site(request: HttpRequest) -> dict:
    """Whether this is a demo, and the theme somebody chose ("system" while nobody did)."""
    theme = request.COOKIES.get(THEME_COOKIE, Theme.SYSTEM)
    return {"demo": settings.DEMO, "theme": theme if theme in Theme.values else Theme.SYSTEM, "themes": Theme}
