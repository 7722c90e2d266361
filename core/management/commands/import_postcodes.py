"""`manage.py import_postcodes FILE`: exact coordinates of four-digit postcodes."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.places.exact import read_postcodes, repair
from core.places.packaged import packaged_places
from core.places.rows import BadFile
from core.places.saving import save_exact


class Command(BaseCommand):
    help = (
        "Import postcodes from JSON ({postcode: {city, c: [lat, lon]}}) or CSV (postcode, place, latitude, longitude)."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--skip-bad-rows", action="store_true", help="import the good rows, name the others")

    def handle(self, *, file: Path, skip_bad_rows=False, verbosity=1, **options) -> None:
        try:
            rows, problems = read_postcodes(file)
        except (BadFile, OSError) as error:
            raise CommandError(f"{file.name}: {error}")
        if problems and not skip_bad_rows:
            listed = "\n".join(problems[:50])
            raise CommandError(f"Nothing was imported, {len(problems)} rows are wrong (--skip-bad-rows):\n{listed}")
        for problem in problems:
            self.stderr.write(problem)
        known = {
            row.postcode: (row.latitude, row.longitude)
            for row in packaged_places()
            if row.latitude is not None and row.longitude is not None
        }
        rows, moved = repair(rows, known)
        written = save_exact(rows=rows)
        if verbosity:
            self.stdout.write(f"{len(rows)} postcodes, {written} written")
            if moved:
                self.stdout.write(f"{len(moved)} moved to the centre of their place: {', '.join(moved)}")
