"""`manage.py import_onet DIR`: RIASEC interests and work values from O*NET."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from taxonomy.onet import BadOnet, read_crosswalk, read_scores, save_onet


class Command(BaseCommand):
    help = "Import Interests.txt and Work Values.txt of O*NET through esco_onet_crosswalk.csv; harmless to repeat."

    def add_arguments(self, parser) -> None:
        parser.add_argument("dir", type=Path)

    def handle(self, *, dir: Path, verbosity=1, **options) -> None:
        try:
            counts = save_onet(scores=read_scores(dir), crosswalk=read_crosswalk(dir))
        except (BadOnet, OSError) as error:
            raise CommandError(f"Nothing was imported. {error}")
        if verbosity:
            self.stdout.write(
                f"{counts['crosswalk']} occupations through the crosswalk, {counts['group']} as their ISCO group, "
                f"{counts['unknown']} unknown"
            )
