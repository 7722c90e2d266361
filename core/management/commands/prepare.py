"""`manage.py prepare`: everything between an empty database and a platform that can be used."""

import hashlib
import os
import time
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation.reloader import translation_file_changed

from core.models import Place


class Command(BaseCommand):
    help = "Texts, migrations, taxonomy, places and (with DEMO=1) the demo region; skips what is done."

    def handle(self, *args, **options) -> None:
        self.step("texts", compile_texts)
        self.step("database", lambda: call_command("migrate", verbosity=0, interactive=False))
        self.step("assets", collect_assets)
        self.step("taxonomy", lambda: call_command("load_taxonomy", verbosity=0, if_changed=True))
        if not Place.objects.exists():
            self.step("places", lambda: call_command("load_places", verbosity=0))
        if settings.DEMO:
            self.step("demo region", lambda: call_command("load_demo", verbosity=0, if_empty=True))

    def step(self, name: str, work) -> None:
        started = time.monotonic()
        work()
        self.stdout.write(f"  {name:<12} {time.monotonic() - started:5.1f} s")


def collect_assets() -> None:
    """Collect and compress the static files, unless they are as they were the last time."""
    storage = settings.STORAGES["staticfiles"]["BACKEND"]
    digest = hashlib.sha256(storage.encode() + (settings.BASE_DIR / "requirements.lock").read_bytes())
    for path in sorted((settings.BASE_DIR / "static").rglob("*")):
        if path.is_file():
            digest.update(str(path).encode() + path.read_bytes())
    stamp = settings.STATIC_ROOT / "digest"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())


def compile_texts() -> None:
    """Compile every catalogue under locale/ whose text is newer than its compiled form, and let Django read them anew.

    It looked for them before this process, or another one beside it, had made them.
    """
    for path in settings.BASE_DIR.glob("locale/*/*/LC_MESSAGES/*.po"):
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            unfinished = compiled.with_suffix(f".{os.getpid()}")  # nobody reads half a file
            with path.open("rb") as source, unfinished.open("wb") as target:
                write_mo(target, read_po(source))
            unfinished.replace(compiled)
    translation_file_changed(None, Path("django.mo"))
