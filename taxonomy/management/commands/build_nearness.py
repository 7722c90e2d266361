"""`manage.py build_nearness`: how much one skill counts for another, after the taxonomy changed."""

import time

from django.core.management.base import BaseCommand

from taxonomy.nearness import compute_nearness, save_nearness


class Command(BaseCommand):
    help = "Compare all skills (labels, ESCO relations, occupations) and store which lie close."

    def handle(self, *, verbosity=1, **options) -> None:
        started = time.monotonic()
        near = compute_nearness()
        rows = save_nearness(near=near)
        if verbosity:
            skills = len(set(near.skill.tolist()))
            mean = rows / max(skills, 1)
            taken = time.monotonic() - started
            self.stdout.write(f"{rows} near skills for {skills} skills, {mean:.1f} on average, in {taken:.1f} s")
