"""`manage.py evaluate_search`: how often search puts what was meant on top, over judged queries."""

import json
from collections import defaultdict

from django.core.management.base import BaseCommand, CommandError

from taxonomy.judged import JudgedSearch, judged_searches
from taxonomy.queries import search_occupations, search_skills

SEARCH = {"occupation": search_occupations, "skill": search_skills}


def rank_of(judged: JudgedSearch, limit: int = 10) -> int | None:
    """The place (1 is first) of the first right concept; None when it is not among the first `limit`."""
    hits = SEARCH[judged.find](judged.query, limit=limit, language="nl")
    return next((place for place, hit in enumerate(hits, 1) if hit.id in judged.means), None)


def measures(ranks: list[int | None]) -> dict[str, float]:
    """Mean reciprocal rank, and how often a right concept is first or among the first five.

    >>> measures([1, 2, None, 6])
    {'n': 4, 'mrr': 0.417, 'first': 0.25, 'among 5': 0.5}
    """
    n = len(ranks)
    return {
        "n": n,
        "mrr": round(sum(1 / rank for rank in ranks if rank) / n, 3),
        "first": round(sum(rank == 1 for rank in ranks) / n, 3),
        "among 5": round(sum(rank is not None and rank <= 5 for rank in ranks) / n, 3),
    }


class Command(BaseCommand):
    help = "Print MRR, success@1 and success@5 of search over the judged queries, by kind."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--part", choices=["all", "tuned", "held-out"], default="all")
        parser.add_argument("--missed", action="store_true", help="list the queries of the tuned half without a first")
        parser.add_argument("--least-mrr", type=float, help="fail when the mean reciprocal rank is lower")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, part="all", missed=False, least_mrr=None, **options) -> None:
        ranks: dict[str, list[int | None]] = defaultdict(list)
        judged = [one for one in judged_searches() if part == "all" or one.held_out == (part == "held-out")]
        if not judged:
            raise CommandError("No judged query can be answered: load the taxonomy first.")
        for one in judged:
            rank = rank_of(one)
            half = "held out" if one.held_out else "tuned"
            for name in ("all", f"all, {half}", f"{one.find}s", f"{one.find}, {one.kind}"):
                ranks[name].append(rank)
            if missed and rank != 1 and not one.held_out:
                hits = [hit.label for hit in SEARCH[one.find](one.query, limit=4, language="nl")]
                self.stdout.write(f"{one.find} {one.kind} {one.query!r}: place {rank}; {hits}")
        report = {name: measures(found) for name, found in sorted(ranks.items())}
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=2))
        else:
            self.stdout.write(f"{'':28}{'n':>5}{'MRR':>8}{'first':>8}{'among 5':>9}")
            for name, row in report.items():
                self.stdout.write(f"{name:28}{row['n']:5}{row['mrr']:8.3f}{row['first']:8.3f}{row['among 5']:9.3f}")
        if least_mrr and report["all"]["mrr"] < least_mrr:
            raise CommandError(f"MRR {report['all']['mrr']} is below {least_mrr}")
