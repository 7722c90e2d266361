"""`manage.py import_esco DIR_OR_ZIP …`: the official ESCO classification."""

import time
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from taxonomy.esco import save_download
from taxonomy.esco_files import BadEsco, read_download


class Command(BaseCommand):
    help = "Import the official ESCO CSV download (folders or zips, any languages); harmless to repeat."

    def add_arguments(self, parser) -> None:
        parser.add_argument("sources", nargs="+", type=Path, help="folders or zip files with occupations_nl.csv …")
        parser.add_argument("--languages", nargs="+", default=[], help="only these, such as: nl en")
        parser.add_argument("--no-nearness", action="store_true", help="leave the nearness of skills as it is")

    def handle(self, *, sources, languages=(), no_nearness=False, verbosity=1, **options) -> None:
        started = time.monotonic()
        try:
            counts = save_download(download=read_download(sources, languages))
        except (BadEsco, OSError) as error:
            raise CommandError(f"Nothing was imported. {error}")
        if verbosity:
            said = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items())
            self.stdout.write(f"{said} in {time.monotonic() - started:.1f} s")
        if not no_nearness:
            call_command("build_nearness", verbosity=verbosity)
            call_command("build_skill_vectors", verbosity=verbosity)
