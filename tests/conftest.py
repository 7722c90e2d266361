"""What all tests share."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils.translation.reloader import translation_file_changed

from core.management.commands.prepare import compile_texts


def pytest_sessionstart() -> None:
    """A fresh checkout has only the readable catalogues: compile them, and let Django read them anew."""
    compile_texts()
    translation_file_changed(None, Path("django.mo"))


@pytest.fixture(autouse=True)
def _settings_for_tests(settings, tmp_path):
    """No test reads another's mail, files or cache."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
