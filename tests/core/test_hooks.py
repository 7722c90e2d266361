"""What rooms name in their `AppConfig` is there to be called."""

import pytest
from django.apps import apps

from core.hooks import hooked

NAMED = {(moment, config.label) for config in apps.get_app_configs() for moment in getattr(config, "hooks", {})}


@pytest.mark.parametrize("moment, room", sorted(NAMED))
def test_every_hook_that_a_room_names_exists(moment, room):
    assert callable(hooked(moment)[room])


def test_a_moment_that_no_room_names_has_no_functions():
    assert hooked("full moon") == {}


def test_the_moments_that_rooms_wait_for_are_named():
    assert {moment for moment, _room in NAMED} == {"export", "subjects", "farewell", "merge"}
