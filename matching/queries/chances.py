"""The live chance model: reading it, and its quality."""

import structlog
from django.utils.translation import gettext as _

from matching import loading
from matching.engine import (
    ChanceParameters,
    Chances,
    prior,
)
from matching.models import ChanceModel
from matching.queries.shown import Chance, ModelQuality, ReliabilityRow

log = structlog.get_logger(__name__)


def live_parameters() -> tuple[ChanceParameters, int]:
    """The live chance model and its version; the written-down prior with version 0 where none is live."""
    live = ChanceModel.objects.filter(target="invited", is_live=True).values_list("id", "version").first()
    if live is None:
        return prior(), 0
    pk, version = live

    def read() -> ChanceParameters | None:
        return parameters_of(ChanceModel.objects.only("parameters", "version").get(pk=pk))

    held = loading.shared("chance", pk, read)
    return (prior(), 0) if held is None else (held, version)


def parameters_of(model: ChanceModel) -> ChanceParameters | None:
    """What the model says, or None when this version of the platform counts otherwise: then the prior speaks."""
    try:
        return ChanceParameters.from_json(model.parameters)
    except (ValueError, TypeError) as error:
        log.warning("chance_model_not_usable", version=model.version, reason=str(error))
        return None


def model_quality() -> ModelQuality:
    """The live model with its numbers on outcomes it had not seen, and all versions, newest first."""
    versions = list(ChanceModel.objects.filter(target="invited").defer("parameters").order_by("-version")[:20])
    live = next((model for model in versions if model.is_live), None)
    metrics = live.metrics if live else {}
    names = [("Brier", "brier"), (_("Brier of the base rate"), "brier_base_rate"), ("ECE", "ece"), ("AUC", "auc"),
             (_("Brier of logistic regression"), "brier_logistic")]  # fmt: skip
    return ModelQuality(
        live=live,
        headline=[(label, metrics[key]) for label, key in names if metrics.get(key) is not None],
        reliability=[ReliabilityRow(*row) for row in metrics.get("reliability", [])],
        versions=versions,
    )


def shown_chance(chances: Chances, version: int, row: int = 0) -> Chance:
    p, low, high = (round(100 * float(x[row])) for x in (chances.p, chances.low, chances.high))
    return Chance(p=p, low=low, high=high, enough=bool(chances.enough[row]), model_version=version)
