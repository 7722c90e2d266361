"""The live chance model: reading it, and its quality."""

import structlog
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching import loading
from matching.engine import (
    HIRED,
    INVITED,
    ChanceParameters,
    Chances,
    prior,
)
from matching.models import ChanceModel, DriftCheck
from matching.queries.shown import Chance, ModelQuality, ReliabilityRow

SHOWN_SHIFTS = 5
FEATURE_LABELS = {
    "competence": gettext_lazy("feature: what is asked, covered"),
    "core": gettext_lazy("feature: the core of the work"),
    "mastery": gettext_lazy("feature: levels beside what is asked"),
    "passion": gettext_lazy("feature: passion"),
    "drive": gettext_lazy("feature: drive"),
    "failures": gettext_lazy("feature: hard requirements that fail"),
    "papers_missing": gettext_lazy("feature: papers missing"),
    "papers_hard": gettext_lazy("feature: indispensable papers missing"),
    "education_short": gettext_lazy("feature: education short"),
    "language_short": gettext_lazy("feature: language short"),
    "hours_short": gettext_lazy("feature: hours beside the wish"),
    "minutes_over": gettext_lazy("feature: journey over the wish"),
    "competition": gettext_lazy("feature: applicants so far"),
    "expected": gettext_lazy("feature: applicants expected"),
    "age": gettext_lazy("feature: weeks open"),
    "motivation": gettext_lazy("feature: told with the application"),
}

log = structlog.get_logger(__name__)


def live_parameters(target: str = "invited") -> tuple[ChanceParameters, int]:
    """The live chance model and its version; the written-down prior with version 0 where none is live."""
    guess = HIRED if target == "hired" else INVITED
    live = ChanceModel.objects.filter(target=target, is_live=True).values_list("id", "version").first()
    if live is None:
        return prior(guess), 0
    pk, version = live

    def read() -> ChanceParameters | None:
        return parameters_of(ChanceModel.objects.only("parameters", "version").get(pk=pk))

    held = loading.shared(f"chance {target}", pk, read)
    return (prior(guess), 0) if held is None else (held, version)


def parameters_of(model: ChanceModel) -> ChanceParameters | None:
    """What the model says, or None when this version of the platform counts otherwise: then the prior speaks."""
    try:
        return ChanceParameters.from_json(model.parameters)
    except (ValueError, TypeError) as error:
        log.warning("chance_model_not_usable", version=model.version, reason=str(error))
        return None


def model_quality(target: str = "invited") -> ModelQuality:
    """The live model with its numbers on outcomes it had not seen, its last check for drift, and all versions, newest first."""
    versions = list(ChanceModel.objects.filter(target=target).defer("parameters").order_by("-version")[:20])
    live = next((model for model in versions if model.is_live), None)
    metrics = live.metrics if live else {}
    names = [("Brier", "brier"), (_("Brier of the base rate"), "brier_base_rate"), ("ECE", "ece"), ("AUC", "auc"),
             (_("Brier of logistic regression"), "brier_logistic")]  # fmt: skip
    drift = DriftCheck.objects.filter(model=live).order_by("-at", "-id").first() if live else None
    largest = sorted(drift.shift.items(), key=lambda item: -item[1])[:SHOWN_SHIFTS] if drift else []
    return ModelQuality(
        target=target,
        live=live,
        usable=live is not None and live_parameters(target)[1] == live.version,
        headline=[(label, metrics[key]) for label, key in names if metrics.get(key) is not None],
        reliability=[ReliabilityRow(*row) for row in metrics.get("reliability", [])],
        versions=versions,
        drift=drift,
        shift=[(_label(name), value) for name, value in largest],
        alarms=[alarm | {"label": _label(alarm["feature"])} for alarm in drift.alarms] if drift else [],
    )


def _label(feature: str) -> str:
    """A feature in words, without the mark that keeps its message apart from others."""
    return str(FEATURE_LABELS.get(feature, feature)).removeprefix("feature: ")


def shown_chance(chances: Chances, version: int, row: int = 0) -> Chance:
    p, low, high = (round(100 * float(x[row])) for x in (chances.p, chances.low, chances.high))
    return Chance(p=p, low=low, high=high, enough=bool(chances.enough[row]), model_version=version)
