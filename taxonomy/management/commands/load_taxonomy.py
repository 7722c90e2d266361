"""`manage.py load_taxonomy`: the project's own occupations, skills and certificates."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from taxonomy.core_files import CORE_DIR, BadCore, digest, read_core
from taxonomy.models import Edition
from taxonomy.operations import load_core


class Command(BaseCommand):
    help = "Load the shipped core taxonomy; harmless to repeat."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dir", type=Path, default=CORE_DIR, help="folder with the CSV files")
        parser.add_argument("--if-changed", action="store_true", help="do nothing when these files are loaded already")
        parser.add_argument("--no-nearness", action="store_true", help="leave the nearness of skills as it is")

    def handle(self, *, dir: Path = CORE_DIR, if_changed=False, no_nearness=False, verbosity=1, **options) -> None:
        fingerprint = digest(dir)
        if if_changed and Edition.objects.filter(core_digest=fingerprint).exists():
            return
        try:
            counts = load_core(core=read_core(dir), digest=fingerprint)
        except BadCore as error:
            raise CommandError(f"Nothing was loaded.\n{error}")
        if not no_nearness:
            call_command("build_nearness", verbosity=0)
            call_command("build_skill_vectors", verbosity=0)
        if verbosity:
            self.stdout.write(", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items()))
