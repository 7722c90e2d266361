"""What is known by now of what came of applications: what the chance model learns from and is watched by."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db.models import BooleanField, DateTimeField, ExpressionWrapper, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from matching.engine import ENGINE_VERSION, HIRED, INVITED
from matching.learning import Outcomes
from matching.models import Application
from matching.operations.steps import Status
from profiles.models import CVLanguage

B2 = 4
SILENCE = timedelta(days=60)  # so long without an answer is an answer: not invited, or not hired
NOT_ABOUT_THE_PERSON = (Application.Reason.FILLED, Application.Reason.WITHDRAWN_VACANCY)
GUESSES = {"invited": INVITED, "hired": HIRED}


@dataclass(frozen=True)
class Known:
    """One application of which the outcome is known."""

    features: list[float]
    happened: bool
    cv_id: int
    firm_id: int
    isco: int  # four digits, -1 unknown
    filled: bool  # a no because the vacancy was filled or withdrawn, not because of who applied
    known_at: datetime


def known_outcomes(now: datetime, target: str = "invited") -> list[Known]:
    """What is known by now, in order of the moment at which it became known; only features of this engine version.

    Invited: of everybody who applied; silence counts as no after `SILENCE`, and who withdrew before an answer tells nothing.
    Hired: of everybody who was invited; who withdrew after that tells nothing.
    """
    rows = Application.objects.filter(
        applied_at__isnull=False, snapshot__has_key="features", engine_version=ENGINE_VERSION
    )
    chosen = _invited(rows) if target == "invited" else _hired(rows)
    return [
        Known(features, happened, cv, firm, int(isco or -1), not happened and reason in NOT_ABOUT_THE_PERSON, at)
        for features, happened, cv, firm, isco, reason, at in chosen.filter(known_at__lte=now)
        .order_by("known_at", "id")
        .values_list(
            "snapshot__features",
            "happened",
            "cv_id",
            "vacancy__organisation_id",
            "vacancy__occupation__isco",
            "reason",
            "known_at",
        )
    ]


def _invited(rows: QuerySet[Application]) -> QuerySet[Application]:
    return (
        rows.exclude(status__in=[Status.DECLINED, Status.APPROACHED])
        .exclude(status=Status.WITHDRAWN, decided_at=None)
        .annotate(happened=F("was_invited"), known_at=Coalesce("decided_at", _after_silence("applied_at")))
    )


def _hired(rows: QuerySet[Application]) -> QuerySet[Application]:
    ends = Q(events__status__in=[Status.HIRED, Status.REJECTED])
    return (
        rows.filter(was_invited=True)
        .exclude(status=Status.WITHDRAWN)
        .annotate(
            happened=ExpressionWrapper(Q(status=Status.HIRED), output_field=BooleanField()),
            known_at=Coalesce(
                Max("events__at", filter=ends), _after_silence("decided_at"), _after_silence("applied_at")
            ),
        )
    )


def _after_silence(moment: str) -> ExpressionWrapper:
    return ExpressionWrapper(F(moment) + SILENCE, output_field=DateTimeField())


def outcomes_of(rows: list[Known], target: str = "invited") -> Outcomes:
    """As arrays, with the groups to be fair to."""
    width = len(rows[0].features) if rows else 0
    strong = set(CVLanguage.objects.filter(language="nl", level__gte=B2).values_list("cv_id", flat=True))
    dutch = np.array([row.cv_id in strong for row in rows], dtype=bool)
    return Outcomes(
        x=np.array([row.features for row in rows], dtype=np.float64).reshape(-1, width or 1),
        y=np.array([row.happened for row in rows], dtype=np.float64),
        groups={"Nederlands B2 of hoger": dutch, "Nederlands onder B2": ~dutch},
        people=np.array([row.cv_id for row in rows], dtype=np.int64),
        firms=np.array([row.firm_id for row in rows], dtype=np.int64),
        kinds=np.array([row.isco for row in rows], dtype=np.int64),
        filled=np.array([row.filled for row in rows], dtype=bool),
        guess=GUESSES[target],
    )
