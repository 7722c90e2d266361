"""`manage.py load_places`: all four-digit postcodes of the country, from packages."""

from django.core.management.base import BaseCommand

from core.places.packaged import packaged_places
from core.places.saving import save_packaged


class Command(BaseCommand):
    help = "Load postcode -> place, municipality (Groningen and Drenthe), province and approximate coordinates."

    def handle(self, *, verbosity=1, **options) -> None:
        rows = packaged_places()
        written = save_packaged(rows=rows)
        if verbosity:
            estimated = sum(row.source == "neighbours" for row in rows)
            self.stdout.write(f"{len(rows)} postcodes, {written} written; {estimated} lie between their neighbours")
