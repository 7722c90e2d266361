"""`manage.py build_nearness`: which skills and occupations lie close, after the taxonomy changed."""

import time

from django.core.management.base import BaseCommand

from taxonomy.meaning import save_meanings
from taxonomy.models import Occupation, Skill
from taxonomy.nearness import compute_nearness, save_nearness


class Command(BaseCommand):
    help = "Compare all skills and all occupations (labels, relations, company) and store which lie close."

    def handle(self, *, verbosity=1, **options) -> None:
        for model, name in ((Skill, "skills"), (Occupation, "occupations")):
            started = time.monotonic()
            near = compute_nearness(model)
            rows = save_nearness(near=near, model=model)
            if verbosity:
                with_any = len(set(near.one.tolist()))
                taken = time.monotonic() - started
                mean = rows / max(with_any, 1)
                self.stdout.write(f"{rows} near {name} for {with_any}, {mean:.1f} on average, in {taken:.1f} s")
        meanings = save_meanings()
        if verbosity:
            self.stdout.write(f"{meanings} concepts without Dutch can be found by meaning")
