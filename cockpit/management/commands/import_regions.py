"""`manage.py import_regions FILE`: borders of municipalities for the maps of CockpitWerk."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cockpit.regions import import_regions
from core.exceptions import Refused


class Command(BaseCommand):
    help = "Import borders of municipalities from GeoJSON (WGS84); replaces those that were imported before."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="who published it; the file's name by default")

    def handle(self, *, file: Path, source: str, verbosity=1, **options) -> None:
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except ValueError as error:
            raise CommandError(f"{file} is not JSON: {error}") from error
        try:
            done = import_regions(data=data, source=source or file.name)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        if verbosity:
            self.stdout.write(f"{done.regions} municipalities; {done.places} postcodes got one")
