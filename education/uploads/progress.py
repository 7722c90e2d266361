"""How far the check of a file is: a fleeting figure, kept in the cache for the progress page."""

from django.core.cache import cache

HOUR = 3600


def remember(pk: int, done: int, of: int) -> None:
    cache.set(f"education:upload:{pk}", (done, of), HOUR)


def recall(pk: int) -> tuple[int, int] | None:
    """(rows done, rows in the file); None while nobody began."""
    return cache.get(f"education:upload:{pk}")
