"""What rooms above add to what happens in a room below, without that room knowing them.

A room names its functions in its `AppConfig`: `hooks = {"export": "profiles.queries.export_of"}`. They are looked up when
the moment is there, so that nothing is imported while Django still loads its models.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string


def hooked(moment: str) -> dict[str, Callable[..., Any]]:
    """The functions that rooms named for this moment, by room, in the order in which the rooms are installed."""
    named = {config.label: getattr(config, "hooks", {}).get(moment) for config in apps.get_app_configs()}
    return {room: import_string(path) for room, path in named.items() if path}
