"""`manage.py evaluate_matching`: simulate a region, and print how good the matcher is beside simpler ways and the truth."""

import json

from django.core.management.base import BaseCommand, CommandError

from simulation.evaluation.report import DRAWS, PARTS, evaluate, lines, summary_lines
from simulation.evaluation.setting import make_setting, read_scene
from simulation.processes import PROCESSES


class Command(BaseCommand):
    help = (
        "Simulate a region in memory and measure chances, orders, courses and the market order on it. Needs the taxonomy and the "
        "places (manage.py prepare), no demo region; writes nothing."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="of the region; 1 to 9 were used while building")
        parser.add_argument("--process", choices=[*PROCESSES, "all"], default="all", help="how employers decide")
        parser.add_argument(
            "--people", type=int, default=1500, help="jobseekers; firms and vacancies follow (default 1500)"
        )
        parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="parts to measure (default all)")
        parser.add_argument(
            "--repeat", type=int, default=1, help="this seed and the next ones: so many regions (default 1)"
        )
        parser.add_argument(
            "--draws", type=int, default=DRAWS, help=f"how often the twelve months are lived (default {DRAWS})"
        )
        parser.add_argument("--json", action="store_true", help="all numbers, for machines")

    def handle(
        self, *args, seed: int, process: str, people: int, only: list[str], repeat: int, draws: int, **options
    ) -> None:
        if people < 200:
            raise CommandError("--people must be 200 or more: with fewer nothing can be judged.")
        try:
            world, space = read_scene()
        except RuntimeError as error:
            raise CommandError(str(error))
        chosen = PROCESSES.values() if process == "all" else [PROCESSES[process]]
        results = []
        for number in range(seed, seed + max(1, repeat)):
            setting = make_setting(number, people, world, space)
            for one in chosen:
                results.append(evaluate(setting, one, tuple(only), max(1, draws)))
                if not options["json"]:
                    self.stdout.write("\n".join(lines(results[-1])) + "\n")
        if repeat > 1 and not options["json"]:
            self.stdout.write("\n".join(summary_lines(results)))
        if options["json"]:
            self.stdout.write(json.dumps(results, indent=1))
