"""`manage.py import_figures FILE`: figures from elsewhere, to hold ours against."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cockpit.outside import import_figures
from core.exceptions import Refused


class Command(BaseCommand):
    help = "Import a table as CBS open data give it: JSON, or CSV with a JSON file of the same name that describes it."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, verbosity=1, **options) -> None:
        described = file.with_suffix(".json")
        try:
            data = json.loads(described.read_text(encoding="utf-8-sig"))
            rows = file.read_text(encoding="utf-8-sig") if file.suffix.lower() == ".csv" else None
            done = import_figures(data=data, rows_csv=rows, now=timezone.now())
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except ValueError as error:
            raise CommandError(f"{described} is not JSON: {error}") from error
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        if verbosity:
            self.stdout.write(f"{done.table}: {done.figures} figures")
