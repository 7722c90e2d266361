"""`manage.py cockpit_benchmark`: how long a refresh takes over a million events, in a transaction that is rolled back."""

import time

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone

from cockpit.benchmark import fill
from cockpit.computing import refresh


class Command(BaseCommand):
    help = (
        "Generate applications, answers and people beside the real tables, compute everything, and take all of it back."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--applications", type=int, default=1_000_000)
        parser.add_argument("--people", type=int, default=50_000)

    def handle(self, *, applications: int, people: int, **options) -> None:
        now = timezone.now()
        with transaction.atomic():
            started = time.monotonic()
            counts = fill(people=people, applications=applications, now=now)
            filled = time.monotonic() - started
            done = refresh(now=now, force=True)
            transaction.set_rollback(True)  # nothing of this stays
        for name, n in counts.items():
            self.stdout.write(f"{name:<14}{n:>12,}")
        self.stdout.write(f"data points   {done.points:>12,}  suppressed {done.suppressed:,}")
        self.stdout.write(f"generating    {filled:>12.1f} s")
        self.stdout.write(f"refresh       {done.seconds:>12.1f} s")
        for key, seconds in done.slowest:
            self.stdout.write(f"  {seconds:8.2f} s  {key}")
        with connection.cursor() as cursor:
            cursor.execute("SELECT version()")
            self.stdout.write(cursor.fetchone()[0].partition(",")[0])
