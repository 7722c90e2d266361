"""`manage.py evaluate_titles DIR [--json]`: how well job titles are understood, on judged titles."""

import json
import time
from dataclasses import asdict
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from taxonomy.titles.evaluation import evaluate
from taxonomy.titles.judging import BadJudgements, read_judged
from taxonomy.titles.model import current_model, is_stale, version_now

SHOWN = ("mrr", "map", "accuracy_1", "accuracy_5", "accuracy_10")


class Command(BaseCommand):
    help = "Rank the corpus of a folder in MELO's format with what the product uses, beside three baselines."

    def add_arguments(self, parser) -> None:
        parser.add_argument("dir", type=Path, help="with queries.tsv, corpus_elements.tsv and annotations.tsv")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, dir: Path, json: bool = False, **options) -> None:
        started = time.monotonic()
        try:
            judged = read_judged(dir)
        except BadJudgements as error:
            raise CommandError(str(error))
        if is_stale():
            self.stderr.write(f"There is no model of this taxonomy (version {version_now()}): building it first.")
            call_command("build_titles", verbosity=0)
        model = current_model()
        if model is None:
            raise CommandError("The model that was built cannot be read; the log says why.")
        results = evaluate(judged, model, lambda text: self.stderr.write(f"ranking: {text}"))
        about = {
            "folder": str(dir), "queries": len(judged.queries), "not_literal": int((~judged.literal).sum()),
            "elements": len(judged.corpus), "skipped_without_judgement": judged.skipped, "model": model.made,
            "seconds": round(time.monotonic() - started, 1),
        }  # fmt: skip
        if json:
            plain = {name: {part: asdict(found) for part, found in parts.items()} for name, parts in results.items()}
            self.stdout.write(_dump(about | {"results": plain}))
            return
        self.stdout.write(
            f"{about['queries']} queries ({about['not_literal']} not literally an element), {about['elements']} elements; "
            f"model {model.made['version']}, seed {model.made['seed']}; {about['seconds']} s"
        )
        for part in ("all", "not literal"):
            self.stdout.write(f"\n{part:<28}{'MRR':>7}{'MAP':>7}{'acc@1':>7}{'acc@5':>7}{'acc@10':>8}")
            for name, parts in results.items():
                numbers = [getattr(parts[part], measure) for measure in SHOWN]
                self.stdout.write(f"{name:<28}{''.join(f'{number:7.3f}' for number in numbers)}")


def _dump(value: dict) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
