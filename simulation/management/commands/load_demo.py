"""`manage.py load_demo`: fill an empty database with a generated region."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Organisation
from cockpit.operations import refresh_all
from core.events import send
from matching.operations import backfill_snapshots, refresh_market_prices, state_chances, train_chance_model
from simulation.load import Counts, generate, save
from simulation.showcase import show_demand


class Command(BaseCommand):
    help = "Generate the demo region (seeded), let the chance model learn from its outcomes, and show who can log in."

    def add_arguments(self, parser) -> None:
        defaults = Counts()
        parser.add_argument("--seed", type=int, default=20260101)
        parser.add_argument("--employers", type=int, default=defaults.employers)
        parser.add_argument("--jobseekers", type=int, default=defaults.jobseekers)
        parser.add_argument("--programmes", type=int, default=defaults.programmes)
        parser.add_argument("--open-vacancies", type=int, default=defaults.open_vacancies)
        parser.add_argument("--past-vacancies", type=int, default=defaults.past_vacancies)
        parser.add_argument("--functions", type=int, default=defaults.functions)
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are organisations already")

    def handle(self, *args, **options) -> None:
        if Organisation.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There are organisations already; load the demo region into an empty database.")
        now = timezone.now()
        counts = Counts(**{name: options[name] for name in Counts.__dataclass_fields__})
        try:
            region = generate(options["seed"], counts, timezone.localdate(now))
        except RuntimeError as error:
            raise CommandError(str(error))
        save(region)
        backfill_snapshots()
        for target in ("invited", "hired"):
            train_chance_model(now=now, target=target)
        state_chances()
        refresh_market_prices(now=now)
        show_demand(now=now)
        for task in ("demand.refresh", "matching.refresh_all"):
            send(task)  # takes a minute or two: the worker does it as soon as it runs
        refresh_all(now=now)
        if options["verbosity"]:
            self.stdout.write(
                f"{len(region.people)} jobseekers, {len(region.firms)} employers, {len(region.posts)} vacancies, "
                f"{len(region.courses)} programmes, {len(region.outcomes)} applications"
            )
