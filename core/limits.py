"""How often somebody may do something, counted in the cache."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.exceptions import Refused

HOUR, DAY = 3600, 24 * 3600  # seconds


class TooOften(Refused):
    """Refused because it was done very often lately."""


def spend(what: str, *, who: int | str, most: int, seconds: int = HOUR) -> None:
    """Count one more of `what`. Raises TooOften when `who` did it more than `most` times in this stretch of time."""
    if not within(f"limit:{what.replace(' ', '-')}:{who}", most=most, seconds=seconds):
        words = _("You did this very often today. Try again tomorrow.")
        if seconds <= HOUR:
            words = _("You did this very often in a short time. Try again in an hour.")
        raise TooOften(words)


def within(key: str, *, most: int, seconds: int) -> bool:
    """Count one more under this key; False from the moment that there are more than `most` in `seconds`."""
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:  # expired in between
        return True


def address_of(request: HttpRequest) -> str:
    """The visitor's address: what the nearest proxy that is ours says, never what the visitor says."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if 0 < settings.TRUSTED_PROXIES <= len(forwarded):
        return forwarded[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR", "")
