"""Read settings from the environment, loudly: a wrong value stops the start with its name."""

import os
from urllib.parse import unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """The variable, or the default; without either the start stops."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """A yes/no variable; anything but a plain yes or no stops the start."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.lower() in TRUE | FALSE:
        return raw.lower() in TRUE
    raise ImproperlyConfigured(f"{name}={raw!r}: write 1 or 0.")


def number(name: str, default: int) -> int:
    """A whole number; anything else stops the start."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.isdigit():
        return int(raw)
    raise ImproperlyConfigured(f"{name}={raw!r}: write a whole number.")


def items(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated list, blanks dropped."""
    raw = os.environ.get(name)
    return list(default) if raw is None else [part.strip() for part in raw.split(",") if part.strip()]


def next_database(url: str) -> str:
    """The address of the Redis database after this one: `…/0` gives `…/1`.

    >>> next_database("redis://:secret@localhost:6379/0")
    'redis://:secret@localhost:6379/1'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{int(parts.path.strip('/') or 0) + 1}"))


def database(url: str, pooled: bool) -> dict:
    """Django's settings for a `postgresql://user:password@host:port/name` address.

    `pooled` keeps a psycopg pool: right for the web server, wrong for Celery, which closes it after every task.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:port/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0 if pooled else None,
        "CONN_HEALTH_CHECKS": not pooled,
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 12, "timeout": 20}} if pooled else {},
    }
