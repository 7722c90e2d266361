"""`manage.py build_titles`: learn what job titles mean, after the taxonomy changed."""

import time

from django.core.management.base import BaseCommand, CommandError

from taxonomy.titles.encoder import Training
from taxonomy.titles.model import BadModel, build_model, is_stale, path_of_model, save_model


class Command(BaseCommand):
    help = "Train the model behind job title → occupation on the imported labels; minutes for all of ESCO."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--if-stale", action="store_true", help="do nothing when the model is of this edition")
        parser.add_argument("--seed", type=int, default=Training.seed)

    def handle(self, *, if_stale=False, seed=Training.seed, verbosity=1, **options) -> None:
        if if_stale and not is_stale():
            return
        started = time.monotonic()
        try:
            model = build_model(seed=seed)
        except BadModel as error:
            raise CommandError(f"Nothing was built. {error}")
        path = path_of_model()
        save_model(model, path)
        if verbosity:
            made, megabytes = model.made, path.stat().st_size / 1e6
            self.stdout.write(
                f"{made['dutch_labels']} Dutch labels and {made['english_texts']} English texts of "
                f"{made['occupations']} occupations, {made['steps']} steps, seed {seed}, version {made['version']}: "
                f"{megabytes:.1f} MB in {time.monotonic() - started:.0f} s"
            )
