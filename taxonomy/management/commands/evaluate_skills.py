"""`manage.py evaluate_skills DIR`: how well texts are read for skills, next to simpler ways, on judged passages."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from taxonomy.judged_passages import JUDGED, SEED, BadJudged
from taxonomy.models import Skill
from taxonomy.skill_evaluation import Report, evaluate


class Command(BaseCommand):
    help = "Precision, recall and F1 of text -> skills on judged passages, with the baselines in the same run."

    def add_arguments(self, parser) -> None:
        parser.add_argument("dir", type=Path, nargs="?", default=JUDGED, help="see taxonomy/judged/skills/README.md")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *, dir: Path = JUDGED, json: bool = False, **options) -> None:
        try:
            report = evaluate(dir)
        except BadJudged as error:
            raise CommandError(str(error))
        self.stdout.write(_as_json(report) if json else _as_table(report))


def _as_json(report: Report) -> str:
    return json.dumps(asdict(report), indent=1)


def _as_table(report: Report) -> str:
    lines = [
        f"{report.passages} passages, {Skill.objects.count()} skills in the taxonomy, split by seed {SEED}: "
        f"{report.tuning} for tuning, {report.held_out} held out",
        "",
        f"{'half':9} {'way':30} {'P':>6} {'R':>6} {'F1':>6}   {'P':>6} {'R':>6} {'F1':>6}   threshold",
        f"{'':9} {'':30} {'same concept':^20}   {'or a neighbour':^20}",
    ]
    for row in report.rows:
        same, near = row.same, row.neighbouring
        lines.append(
            f"{row.half:9} {row.way:30} {same.precision:6.3f} {same.recall:6.3f} {same.f1:6.3f}   "
            f"{near.precision:6.3f} {near.recall:6.3f} {near.f1:6.3f}   {row.threshold:.2f}"
        )
    lines += [
        "",
        f"F1 on the held-out half against the better baseline ({report.better_baseline}): {report.ratio:.2f} times",
    ]
    return "\n".join(lines)
