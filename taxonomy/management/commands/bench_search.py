"""`manage.py bench_search`: how fast search answers over what is loaded now."""

import statistics
import time

from django.core.management.base import BaseCommand, CommandError

from taxonomy.models import OccupationLabel, SkillLabel
from taxonomy.queries import search_occupations, search_skills

TYPED = (
    "v", "ve", "ver", "verp", "verpleegkundige", "verpleegkunidge", "chauffeur", "vrachtwagenchaufeur", "lasser",
    "lassen", "timmerman", "juf groep 3", "medewerker bediening m/v (32 uur)", "software developer", "truck driver",
    "manage", "klanten adviseren", "klanten adviseeren", "project managment", "excel", "schoonmaken", "c", "c++",
    "iets dat niet bestaat xyzzy", "werken met mensen in een team op kantoor", "medewerker", "heftruck rijden",
)  # fmt: skip


class Command(BaseCommand):
    help = "Print the median and 95th percentile of search over typical input."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--rounds", type=int, default=5)
        parser.add_argument("--limit-ms", type=float, help="fail when the 95th percentile is higher")

    def handle(self, *, rounds=5, limit_ms=None, **options) -> None:
        worst = 0.0
        for search, labels in ((search_occupations, OccupationLabel), (search_skills, SkillLabel)):
            search("warm")
            taken = []
            for text in TYPED * rounds:
                started = time.perf_counter()
                search(text)
                taken.append((1000 * (time.perf_counter() - started), text))
            times = sorted(ms for ms, _ in taken)
            p95 = times[int(0.95 * len(times))]
            worst = max(worst, p95)
            self.stdout.write(
                f"{search.__name__}: {labels.objects.count()} labels, {len(times)} searches, "
                f"median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms, slowest {max(taken)}"
            )
        if limit_ms and worst > limit_ms:
            raise CommandError(f"p95 of {worst:.1f} ms is over {limit_ms} ms")
