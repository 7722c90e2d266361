"""`manage.py build_skill_vectors`: what the labels of skills mean, for reading texts, after the taxonomy changed."""

import time

from django.core.management.base import BaseCommand

from taxonomy.skill_vectors import build_file


class Command(BaseCommand):
    help = "Encode the labels of all skills, so that texts are understood by meaning too."

    def handle(self, *, verbosity=1, **options) -> None:
        started = time.monotonic()
        labels = build_file()
        if verbosity:
            self.stdout.write(f"{labels} labels encoded in {time.monotonic() - started:.1f} s")
