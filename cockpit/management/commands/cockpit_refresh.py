"""`manage.py cockpit_refresh`: compute the data points of CockpitWerk."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cockpit.catalogue import INDICATORS
from cockpit.operations import refresh_all


class Command(BaseCommand):
    help = "Compute the data points of indicators whose sources changed; with --stats say how many there are."

    def add_arguments(self, parser) -> None:
        parser.add_argument("indicators", nargs="*", help="keys of indicators; without any: all")
        parser.add_argument("--force", action="store_true", help="compute everything, changed or not")
        parser.add_argument("--stats", action="store_true", help="print indicators, data points, suppressed, seconds")

    def handle(self, *, indicators, force, stats, verbosity=1, **options) -> None:
        unknown = [key for key in indicators if key not in INDICATORS]
        if unknown:
            raise CommandError(f"No such indicator: {', '.join(unknown)}")
        done = refresh_all(now=timezone.now(), only=indicators or None, force=force)
        if stats:
            self.stdout.write(f"indicators   {done.indicators:8,} ({done.computed:,} computed)")
            self.stdout.write(f"data points  {done.points:8,}")
            self.stdout.write(f"suppressed   {done.suppressed:8,}")
            self.stdout.write(f"seconds      {done.seconds:8.1f}")
            for key, seconds in done.slowest:
                self.stdout.write(f"  {seconds:6.2f} s  {key}")
        elif verbosity:
            self.stdout.write(f"{done.computed} of {done.indicators} indicators computed in {done.seconds:.1f} s")
