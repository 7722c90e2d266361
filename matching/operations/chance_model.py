"""Teaching the chance model, and filling in what older applications lack."""

from datetime import datetime
from itertools import pairwise

import numpy as np
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from accounts.models import User
from accounts.operations import audit
from core.exceptions import Refused
from matching import loading, queries
from matching.engine import ENGINE_VERSION, features, index_candidates, predict, score_vacancies
from matching.learning import card, challenge
from matching.models import Application, ChanceModel
from matching.operations.outcomes import known_outcomes, outcomes_of
from matching.queries.building import WEEK
from vacancies.models import Vacancy


def backfill_snapshots() -> int:
    """Work out the features for applications that have none, or have those of another version of the engine.

    What was said to the person at the time stays as it was. Competition and the vacancy's age are those of the day of
    applying; the CV is the one there is now, so what somebody learned since counts too. Without a live model there is no
    chance in them. Returns how many were filled.
    """
    rows = list(
        Application.objects.filter(applied_at__isnull=False)
        .exclude(snapshot__has_key="features", engine_version=ENGINE_VERSION)
        .order_by("cv_id", "id")
        .values_list("id", "cv_id", "vacancy_id", "applied_at", "why", "did", "snapshot")
    )
    if not rows:
        return 0
    vacancy_ids = sorted({row[2] for row in rows})
    index = loading.index_of(vacancy_ids)
    pool = loading.project(loading.load_candidates(sorted({row[1] for row in rows})), index.space)
    candidates = index_candidates(pool, index.space)
    place = {int(pk): row for row, pk in enumerate(pool.ids)}
    column = {int(pk): row for row, pk in enumerate(index.vacancies.ids)}
    facts = {
        pk: (openings, published)
        for pk, openings, published in Vacancy.objects.filter(id__in=vacancy_ids).values_list(
            "id", "openings", "published_at"
        )
    }
    earlier = _earlier_applicants(vacancy_ids)
    filled = []
    for start, end in _runs([row[1] for row in rows]):
        mine = rows[start:end]
        asked = np.array([column[row[2]] for row in mine])
        told = np.array([queries.answered(row[4], row[5]) for row in mine])
        scores = score_vacancies(candidates, place[mine[0][1]], index, asked, told)
        competition = np.array([earlier.get(row[0], 0) / max(1, facts[row[2]][0]) for row in mine])
        ages = np.array([max(0.0, (row[3] - (facts[row[2]][1] or row[3])).total_seconds() / WEEK) for row in mine])
        x = features(scores, competition, ages)
        filled += [
            (
                row[0],
                {"fit": queries.to_per_mille(int(fit))} | row[6] | {"features": [round(float(x), 6) for x in line]},
            )
            for row, fit, line in zip(mine, scores.fit, x, strict=True)
        ]
    _write_snapshots(filled)
    return len(filled)


@transaction.atomic
def state_chances() -> int:
    """Give snapshots without a chance the chance of the live model. Returns how many."""
    parameters, version = queries.live_parameters()
    rows = list(
        Application.objects.filter(snapshot__has_key="features")
        .exclude(snapshot__has_key="chance")
        .values_list("id", "snapshot", "vacancy__occupation__isco")
    )
    if not rows:
        return 0
    kinds = np.array([int(row[2] or -1) for row in rows])
    said = predict(parameters, np.array([row[1]["features"] for row in rows]), kinds)
    percents = [(np.asarray(x) * 100).round().astype(int).tolist() for x in (said.p, said.low, said.high)]
    _write_snapshots(
        [
            (pk, values | {"chance": {"p": p, "low": low, "high": high}, "model": version})
            for (pk, values, _isco), p, low, high in zip(rows, *percents, strict=True)
        ]
    )
    return len(rows)


def _write_snapshots(rows: list[tuple[int, dict]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE matching_application AS a SET snapshot = new.snapshot, engine_version = %s
               FROM unnest(%s::bigint[], %s::jsonb[]) AS new (id, snapshot) WHERE a.id = new.id""",
            [ENGINE_VERSION, [pk for pk, _values in rows], [Jsonb(values) for _pk, values in rows]],
        )


def _earlier_applicants(vacancy_ids: list[int]) -> dict[int, int]:
    """Per application how many others had applied to the same vacancy before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, row_number() OVER (PARTITION BY vacancy_id ORDER BY applied_at, id) - 1
               FROM matching_application WHERE vacancy_id = ANY(%s) AND applied_at IS NOT NULL""",
            [vacancy_ids],
        )
        return dict(cursor.fetchall())


def _runs(keys: list[int]) -> list[tuple[int, int]]:
    """(start, end) of stretches of equal keys."""
    edges = [0, *(i for i in range(1, len(keys)) if keys[i] != keys[i - 1]), len(keys)]
    return list(pairwise(edges))


@transaction.atomic
def train_chance_model(*, now: datetime, target: str = "invited") -> ChanceModel:
    """Train a new version on all outcomes; it goes live only when better than the live one (see `learning`).

    `target`: "invited", or "hired" for what comes of an invitation.
    """
    _one_at_a_time()
    rows = known_outcomes(now, target)
    live = ChanceModel.objects.select_for_update().filter(target=target, is_live=True).first()
    champion = queries.parameters_of(live) if live is not None else None
    seen = 0 if live is None or live.window_to is None else sum(row.known_at <= live.window_to for row in rows)
    result = challenge(outcomes_of(rows, target), champion, seen)
    last = ChanceModel.objects.filter(target=target).aggregate(last=Max("version"))["last"] or 0
    window = (rows[0].known_at, rows[-1].known_at) if rows else (None, None)
    model = ChanceModel.objects.create(
        target=target, version=last + 1, window_from=window[0], window_to=window[1], n_outcomes=len(rows),
        parameters=result.parameters.to_json(), metrics=result.metrics, refused_because=result.refused_because,
        card=card(result.metrics, len(rows), *(moment and timezone.localdate(moment) for moment in window), target),
    )  # fmt: skip
    if not result.refused_because:
        make_live(model=model, actor=None)
    return model


@transaction.atomic
def make_live(*, model: ChanceModel, actor: User | None) -> None:
    """Use this version from now on; the way back is the same call with an older one.

    Waits for a training that is going on. Raises Refused for a version that this code cannot read.
    """
    _one_at_a_time()
    if queries.parameters_of(model) is None:
        raise Refused(
            _("Version %(version)s was made for an older way of counting. It cannot be used any more.")
            % {"version": model.version}
        )
    ChanceModel.objects.filter(target=model.target, is_live=True).update(is_live=False)
    ChanceModel.objects.filter(pk=model.pk).update(is_live=True)
    model.is_live = True
    audit(actor=actor, verb="make chance model live", subject=model, version=model.version)


def _one_at_a_time() -> None:
    """Until the end of the transaction nobody else trains or chooses a version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('train chance model'))")
