"""Watching the live chance model: have applications, or what comes of them, moved away from what it learned?"""

from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from matching import queries
from matching.engine import ENGINE_VERSION, predict
from matching.engine.drift import LOUD, stability
from matching.models import Application, ChanceModel, DriftCheck
from matching.operations.outcomes import known_outcomes

RECENT = timedelta(days=60)
LEAST_APPLICATIONS = 100  # the index is noise with fewer
LEAST_OUTCOMES = 50
SURE = 2.58  # standard errors between said and happened: one false alarm in a hundred checks
LEAST_GAP = 0.03  # a smaller gap is nothing to act on, however sure


@transaction.atomic
def check_drift(*, now: datetime) -> DriftCheck | None:
    """Compare the newest applications and outcomes with the live model; None when none is live or it has no reference."""
    live = ChanceModel.objects.filter(target="invited", is_live=True).first()
    parameters = queries.parameters_of(live) if live is not None else None
    if live is None or parameters is None or "reference" not in live.metrics:
        return None
    recent = Application.objects.filter(
        applied_at__gt=now - RECENT, applied_at__lte=now, snapshot__has_key="features", engine_version=ENGINE_VERSION
    )
    x = np.array(list(recent.values_list("snapshot__features", flat=True)), dtype=np.float64)
    shift = stability(live.metrics["reference"], x) if len(x) >= LEAST_APPLICATIONS else {}
    alarms = [{"code": "shift", "feature": name, "value": psi} for name, psi in shift.items() if psi > LOUD]
    new = [row for row in known_outcomes(now) if live.window_to is None or row.known_at > live.window_to]
    said = happened = None
    if len(new) >= LEAST_OUTCOMES:
        p = predict(parameters, np.array([row.features for row in new]), np.array([row.isco for row in new])).p
        said, happened = float(p.mean()), float(np.mean([row.happened for row in new]))
        error = float(np.sqrt(np.sum(p * (1 - p)))) / len(new)
        gap = said - happened
        if abs(gap) > max(SURE * error, LEAST_GAP):
            alarms.append({"code": "calibration", "feature": "", "value": round(gap, 4)})
    return DriftCheck.objects.create(
        model=live, at=now, n_applications=len(x), n_outcomes=len(new), shift=shift, said=said, happened=happened,
        alarms=alarms,
    )  # fmt: skip
