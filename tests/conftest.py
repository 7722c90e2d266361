"""What all tests share."""

import pytest
from django.core.cache import cache

from core.management.commands.prepare import compile_texts


@pytest.fixture(scope="session", autouse=True)
def _dutch_texts():
    """A fresh checkout has only the readable catalogues."""
    compile_texts()


@pytest.fixture(autouse=True)
def _settings_for_tests(settings, tmp_path):
    """No test reads another's mail, files or cache."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
