"""`manage.py evaluate_nearness`: does nearness agree with judged pairs, and does the formula beat its ingredients?"""

import json

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from taxonomy.judged import judged_pairs
from taxonomy.likeness import PARTS, ingredients_of
from taxonomy.nearness import FORMULAS


def agreement(scores, grades) -> dict[str, float]:
    """Spearman's rank correlation with the grades (0 not, 1 somewhat, 2 near), and two areas under the ROC curve.

    >>> agreement(np.array([0.1, 0.2, 0.5, 0.9]), np.array([0, 0, 1, 2]))
    {'spearman': 0.949, 'auc any': 1.0, 'auc near': 1.0}
    """
    sure = grades != 1
    return {
        "spearman": round(float(spearmanr(scores, grades)[0]), 3),
        "auc any": round(float(roc_auc_score(grades > 0, scores)), 3),
        "auc near": round(float(roc_auc_score(grades[sure] == 2, scores[sure])), 3),
    }


class Command(BaseCommand):
    help = "Print how well nearness and each ingredient alone agree with the judged pairs, tuned and held out."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--least-spearman", type=float, help="fail when the formula is lower on a held-out half")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, least_spearman=None, **options) -> None:
        report: dict[str, dict] = {}
        for model, formula in FORMULAS.items():
            name = model._meta.model_name
            pairs, found = judged_pairs(name), ingredients_of(model)
            if found is None or len(pairs) < 20:
                raise CommandError("Too few judged pairs are known here: load the taxonomy first.")
            one, other, grades = (
                np.array([getattr(pair, part) for pair in pairs]) for part in ("one", "other", "near")
            )
            held = np.array([pair.held_out for pair in pairs])
            parts = found.pairs(one, other)
            columns = {"formula": formula(parts), "plain mean": sum(parts.values()) / len(PARTS), **parts}
            for half, mask in (("tuned", ~held), ("held out", held)):
                for column, scores in columns.items():
                    report[f"{name}, {half} ({mask.sum()}): {column}"] = agreement(scores[mask], grades[mask])
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=2))
        else:
            self.stdout.write(f"{'':44}{'Spearman':>10}{'AUC any':>10}{'AUC near':>10}")
            for name, row in report.items():
                self.stdout.write(f"{name:44}{row['spearman']:10.3f}{row['auc any']:10.3f}{row['auc near']:10.3f}")
        lowest = min(row["spearman"] for name, row in report.items() if "held out" in name and name.endswith("formula"))
        if least_spearman and lowest < least_spearman:
            raise CommandError(f"Spearman of {lowest} is below {least_spearman}")
