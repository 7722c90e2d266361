"""Train a new version of the chance model from all outcomes so far."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from matching.operations import backfill_snapshots, check_drift, train_chance_model


class Command(BaseCommand):
    help = "Train both chance models; a new version goes live only when it is better than the live one."

    def handle(self, *args, **options) -> None:
        filled = backfill_snapshots()
        if filled:
            self.stdout.write(f"Worked out the features of {filled} applications.")
        check_drift(now=timezone.now())
        for target in ("invited", "hired"):
            model = train_chance_model(now=timezone.now(), target=target)
            outcome = f"not live: {model.refused_because}" if model.refused_because else "live"
            self.stdout.write(f"{target}: version {model.version}, {model.n_outcomes} outcomes, {outcome}.")
            for name in ("brier", "brier_live", "brier_base_rate", "brier_logistic", "ece", "auc"):
                if model.metrics.get(name) is not None:
                    self.stdout.write(f"  {name} {model.metrics[name]:.4f}")
