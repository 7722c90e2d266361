"""What happens to applications, bookmarks and the chance model. Every step is checked, written down and told."""

from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
from django.db import IntegrityError, connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Max
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from psycopg.types.json import Jsonb

from accounts.models import AuditEntry, Organisation, User
from accounts.operations import audit
from core.events import enqueue
from core.exceptions import Refused
from core.limits import DAY, spend
from matching import loading, queries
from matching.engine import ENGINE_VERSION, features, index_candidates, predict, score_vacancies
from matching.learning import Outcomes, card, challenge
from matching.models import Application, ApplicationEvent, Bookmark, ChanceModel
from profiles.models import CV, CVLanguage
from vacancies.models import Vacancy

Status = Application.Status
OPEN = (Status.SENT, Status.SEEN, Status.SHORTLISTED, Status.INVITED)
B2 = 4
MOST_APPROACHES = 100  # people that one colleague asks a day
SILENCE = timedelta(days=60)  # without an answer so long after applying, somebody was not invited

NEXT_STEPS: dict[str, Promise] = {
    "skills": gettext_lazy(
        "On the page of your application you see which skills were missing, and which course helps."
    ),
    "experience": gettext_lazy(
        "A trial placement or voluntary work gives experience quickly. Tell about it in your CV."
    ),
    "certificate": gettext_lazy("Many papers take only a day or a few weeks. Your application shows where you get it."),
    "education": gettext_lazy("You can often learn while you work. Look at the programmes with BBL."),
    "language": gettext_lazy("A language course helps with many vacancies. Look at the courses near you."),
    "hours": gettext_lazy("Set your hours in your CV, then you see vacancies that do fit."),
    "distance": gettext_lazy("Look at vacancies closer to home, or at work that can be done from home."),
    "motivation": gettext_lazy("Next time write in two sentences why you want exactly this work."),
    "filled": gettext_lazy("It was not about you. Look at the vacancies that are like this one."),
    "vacancy_withdrawn": gettext_lazy("It was not about you. Look at the vacancies that are like this one."),
}

NOT_AGAIN: dict[str, Promise] = {  # why somebody is not asked to apply
    Status.DECLINED: gettext_lazy("You asked this person before, and they said no."),
    Status.WITHDRAWN: gettext_lazy("This person applied here and took it back. You cannot ask them again."),
    Status.REJECTED: gettext_lazy("This person applied here and you turned them down. You cannot ask them again."),
    Status.SENT: gettext_lazy("This person applied already. Open their application."),
}


def rejection_text(application: Application, reason: str) -> str:
    """The kind text that goes out when an employer writes none: thanks, the reason, a next step."""
    with override(application.cv.owner.language if application.cv.owner else None):
        return _(
            "Thank you for your interest in %(title)s. We choose somebody else this time: %(reason)s.\n\n%(step)s\n\n"
            "We wish you well in your search."
        ) % {
            "title": application.vacancy.title,
            "reason": Application.Reason(reason).label,
            "step": NEXT_STEPS[reason],
        }


# Steps of a person.


@transaction.atomic
def apply(*, cv: CV, vacancy: Vacancy, why: str, did: str, actor: User, now: datetime) -> Application:
    """Send an application with the chance that goes with it.

    Raises Refused when the vacancy closed, the CV has no owner or belongs to somebody else, or this person applied already.
    """
    if cv.owner_id is None or cv.owner_id != actor.pk:
        raise Refused(_("Make an account first, then you send your application."))
    vacancy = Vacancy.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=vacancy.pk)
    if not vacancy.is_open:
        raise Refused(_("This vacancy closed while you were writing. Nothing was sent."))
    application = Application.objects.select_for_update().filter(cv=cv, vacancy=vacancy).first()
    if application is not None and application.status not in (Status.APPROACHED, Status.DECLINED):
        raise Refused(_("You already applied here. You find it under your applications."))
    if application is None:
        application = Application(cv=cv, vacancy=vacancy)
    application.why, application.did = why.strip(), did.strip()
    _send(application, actor, now)
    return application


def _send(application: Application, actor: User, now: datetime) -> None:
    """Put an application in the hands of the employer, with a snapshot of what was promised."""
    application.status = Status.SENT
    application.applied_at = now
    application.engine_version = ENGINE_VERSION
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError as error:  # the other tab was quicker
        raise Refused(_("You already applied here. You find it under your applications.")) from error
    told = bool(application.why) + bool(application.did)
    application.snapshot = snapshot(queries.match_for(application.cv, application.vacancy, motivation=told))
    application.save(update_fields=["snapshot"])
    _record(application, actor, now, "apply")


def snapshot(match: queries.Match) -> dict:
    """What was promised, and the features that it came from: the chance model learns from these."""
    chance = match.chance
    return {
        "fit": match.fit, "can": match.can, "want": match.want, "do": match.do, "features": list(match.features),
        "chance": {"p": chance.p, "low": chance.low, "high": chance.high}, "model": chance.model_version,
    }  # fmt: skip


@transaction.atomic
def withdraw(*, application: Application, actor: User, now: datetime) -> None:
    """The applicant takes it back. Raises Refused when it was already decided."""
    _move(application, actor, now, Status.WITHDRAWN, OPEN, "withdraw")


@transaction.atomic
def accept_approach(*, application: Application, actor: User, now: datetime) -> None:
    """Yes to an employer who asked: from now on it is an application, and the employer knows who it is."""
    vacancy = Vacancy.objects.select_for_update(of=("self",)).get(pk=application.vacancy_id)
    application = _locked(application, (Status.APPROACHED,))
    if not vacancy.is_open:
        raise Refused(_("This vacancy is closed by now."))
    _send(application, actor, now)


@transaction.atomic
def decline_approach(*, application: Application, actor: User, now: datetime) -> None:
    """No to an employer who asked; they do not learn who it is."""
    _move(application, actor, now, Status.DECLINED, (Status.APPROACHED,), "decline approach")


@transaction.atomic
def bookmark(*, cv: CV, vacancy: Vacancy, hidden: bool) -> None:
    """Save a vacancy, or hide it."""
    Bookmark.objects.update_or_create(cv=cv, vacancy=vacancy, defaults={"hidden": hidden})


@transaction.atomic
def remove_bookmark(*, cv: CV, vacancy: Vacancy) -> None:
    """Neither saved nor hidden any more."""
    Bookmark.objects.filter(cv=cv, vacancy=vacancy).delete()


@transaction.atomic
def take_bookmarks(*, draft: CV, own: CV) -> None:
    """What somebody saved or hid before logging in, as far as they had not decided about it before."""
    held = Bookmark.objects.filter(cv=own).values("vacancy_id")
    Bookmark.objects.filter(cv=draft).exclude(vacancy_id__in=held).update(cv=own)


# Steps of an employer.


@transaction.atomic
def approach(*, cv: CV, vacancy: Vacancy, actor: User, now: datetime) -> Application:
    """Ask somebody, still without a name, to apply. Asking twice changes nothing.

    Raises Refused when the vacancy is not open, or the person cannot be found any more, applied, or gave an answer before.
    """
    if not Vacancy.objects.select_for_update().get(pk=vacancy.pk).is_open:
        raise Refused(_("This vacancy is closed. Open it again to ask people."))
    if not CV.objects.matchable().filter(pk=cv.pk).exists():
        raise Refused(_("This person can no longer be asked."))
    application, created = Application.objects.get_or_create(
        cv=cv, vacancy=vacancy, defaults={"status": Status.APPROACHED}
    )
    if created:
        _record(application, actor, now, "approach")
        spend("approach", who=actor.pk, most=MOST_APPROACHES, seconds=DAY)
    elif application.status != Status.APPROACHED:
        raise Refused(str(NOT_AGAIN.get(application.status, NOT_AGAIN[Status.SENT])))
    return application


@transaction.atomic
def open_anonymous(*, cv: CV, vacancy: Vacancy, actor: User) -> None:
    """Write down that a firm opened somebody's CV without a name; only the first time for one vacancy."""
    CV.objects.select_for_update(of=("self",), no_key=True).get(pk=cv.pk)  # two tabs at once are one time
    seen = {"verb": "see anonymous cv", "subject_type": CV._meta.label_lower, "subject_id": cv.pk}
    if not AuditEntry.objects.filter(**seen, details__vacancy=vacancy.pk).exists():
        audit(actor=actor, verb="see anonymous cv", subject=cv, vacancy=vacancy.pk)


@transaction.atomic
def mark_seen(*, application: Application, actor: User, now: datetime) -> None:
    """The employer opened it; only the first time counts."""
    if Application.objects.filter(pk=application.pk, status=Status.SENT).update(status=Status.SEEN, updated_at=now):
        application.status = Status.SEEN
        _record(application, actor, now, "see application", tell=False)


@transaction.atomic
def shortlist(*, application: Application, actor: User, now: datetime) -> None:
    _move(application, actor, now, Status.SHORTLISTED, (Status.SENT, Status.SEEN), "shortlist", tell=False)


@transaction.atomic
def invite(*, application: Application, actor: User, now: datetime, message: str = "") -> None:
    """Invite for an interview; the message goes along."""
    _move(
        application, actor, now, Status.INVITED, (Status.SENT, Status.SEEN, Status.SHORTLISTED), "invite",
        was_invited=True, message=message, decided_at=now,
    )  # fmt: skip


@transaction.atomic
def reject(*, application: Application, reason: str, message: str, actor: User, now: datetime) -> None:
    """Say no with a reason; without a message a kind one is sent. A person always decides this, never the system."""
    if reason not in Application.Reason.values:
        raise Refused(_("Choose a reason."))
    changes = {"reason": reason, "message": message.strip() or rejection_text(application, reason)}
    _move(application, actor, now, Status.REJECTED, OPEN, "reject", decided_at_if_new=now, **changes)


@transaction.atomic
def hire(*, application: Application, actor: User, now: datetime) -> None:
    """Hire after an invitation."""
    _move(application, actor, now, Status.HIRED, (Status.INVITED,), "hire", was_invited=True, decided_at_if_new=now)


@transaction.atomic
def answer_for_leaving_firm(*, firm: Organisation, actor: User, now: datetime) -> None:
    """Tell everybody who still waits for this firm that it is gone, so that nobody waits for ever."""
    waiting = Application.objects.filter(vacancy__organisation=firm, status__in=OPEN).order_by("id")
    for application in waiting.select_related("cv__owner", "vacancy"):
        with override(application.cv.owner.language if application.cv.owner else None):
            message = _(
                "The firm behind %(title)s left Zelf aan het Werk, so this vacancy is closed. It was not about you. Look at "
                "the vacancies that are like this one."
            ) % {"title": application.vacancy.title}
        _move(
            application, actor, now, Status.REJECTED, OPEN, "reject", reason=Application.Reason.WITHDRAWN_VACANCY,
            message=message,
        )  # fmt: skip


def _locked(application: Application, allowed: tuple) -> Application:
    """The row as it is now, locked. Raises Refused when its status has moved on."""
    current = (
        Application.objects.select_for_update(of=("self",))
        .select_related("cv__owner", "vacancy__organisation")
        .get(pk=application.pk)
    )
    if current.status not in allowed:
        raise Refused(
            _("That is no longer possible: this application is now “%(status)s”.")
            % {"status": current.get_status_display()}
        )
    return current


def _move(
    application: Application, actor: User, now: datetime, to: str, allowed: tuple, verb: str, *, tell: bool = True,
    decided_at_if_new: datetime | None = None, **changes,
) -> None:  # fmt: skip
    current = _locked(application, allowed)
    if decided_at_if_new is not None and current.decided_at is None:
        changes["decided_at"] = decided_at_if_new
    for name, value in {"status": to, **changes}.items():
        setattr(current, name, value)
        setattr(application, name, value)
    current.save()
    _record(current, actor, now, verb, tell=tell)


def _record(application: Application, actor: User, now: datetime, verb: str, *, tell: bool = True) -> None:
    ApplicationEvent.objects.create(application=application, at=now, status=application.status, actor=actor)
    audit(actor=actor, verb=verb, subject=application)
    if tell:
        enqueue("matching.notify", application.pk, application.status)


# The chance model.


def backfill_snapshots() -> int:
    """Work out the features for applications without a snapshot: only imported and generated histories have none.

    Competition and the vacancy's age are those of the day of applying; the CV is the one there is now, so what somebody
    learned since counts too. Without a live model there is no chance in them. Returns how many were filled.
    """
    rows = list(
        Application.objects.filter(snapshot={}, applied_at__isnull=False)
        .order_by("cv_id", "id")
        .values_list("id", "cv_id", "vacancy_id", "applied_at", "why", "did")
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
        ages = np.array(
            [max(0.0, (row[3] - (facts[row[2]][1] or row[3])).total_seconds() / queries.WEEK) for row in mine]
        )
        x = features(scores, competition, ages)
        filled += [
            (row[0], {"fit": queries.to_per_mille(int(fit)), "features": [round(float(value), 6) for value in line]})
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
        .values_list("id", "snapshot")
    )
    if not rows:
        return 0
    said = predict(parameters, np.array([values["features"] for _pk, values in rows]))
    percents = [(np.asarray(x) * 100).round().astype(int).tolist() for x in (said.p, said.low, said.high)]
    _write_snapshots(
        [
            (pk, values | {"chance": {"p": p, "low": low, "high": high}, "model": version})
            for (pk, values), p, low, high in zip(rows, *percents, strict=True)
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
def train_chance_model(*, now: datetime) -> ChanceModel:
    """Train a new version on all outcomes; it goes live only when better than the live one (see `learning`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('train chance model'))")  # one at a time
    rows = _known(now)
    live = ChanceModel.objects.select_for_update().filter(target="invited", is_live=True).first()
    champion = queries.parameters_of(live) if live is not None else None
    seen = 0 if live is None or live.window_to is None else sum(row[5] <= live.window_to for row in rows)
    result = challenge(_outcomes(rows), champion, seen)
    last = ChanceModel.objects.filter(target="invited").aggregate(last=Max("version"))["last"] or 0
    window = (rows[0][5], rows[-1][5]) if rows else (None, None)
    model = ChanceModel.objects.create(
        target="invited", version=last + 1, window_from=window[0], window_to=window[1], n_outcomes=len(rows),
        parameters=result.parameters.to_json(), metrics=result.metrics, refused_because=result.refused_because,
        card=card(result.metrics, len(rows), *(moment and timezone.localdate(moment) for moment in window)),
    )  # fmt: skip
    if not result.refused_because:
        make_live(model=model, actor=None)
    return model


def _known(now: datetime) -> list[tuple]:
    """(features, invited, CV, firm, application, moment) of what is known by now, in order of that moment.

    Silence is an answer too: after `SILENCE` without one, somebody was not invited. Who withdrew before an answer tells
    nothing.
    """
    silent_from = ExpressionWrapper(F("applied_at") + SILENCE, output_field=DateTimeField())
    return list(
        Application.objects.filter(applied_at__isnull=False, snapshot__has_key="features")
        .exclude(status__in=[Status.DECLINED, Status.APPROACHED])
        .exclude(status=Status.WITHDRAWN, decided_at=None)
        .annotate(known_at=Coalesce("decided_at", silent_from))
        .filter(known_at__lte=now)
        .order_by("known_at", "id")
        .values_list("snapshot__features", "was_invited", "cv_id", "vacancy__organisation_id", "id", "known_at")
    )


def _outcomes(rows: list[tuple]) -> Outcomes:
    width = len(rows[0][0]) if rows else 0
    strong = set(CVLanguage.objects.filter(language="nl", level__gte=B2).values_list("cv_id", flat=True))
    dutch = np.array([row[2] in strong for row in rows], dtype=bool)
    return Outcomes(
        x=np.array([row[0] for row in rows], dtype=np.float64).reshape(-1, width or 1),
        y=np.array([row[1] for row in rows], dtype=np.float64),
        groups={"Nederlands B2 of hoger": dutch, "Nederlands onder B2": ~dutch},
        people=np.array([row[2] for row in rows], dtype=np.int64),
        firms=np.array([row[3] for row in rows], dtype=np.int64),
    )


@transaction.atomic
def make_live(*, model: ChanceModel, actor: User | None) -> None:
    """Use this version from now on; the way back is the same call with an older one."""
    ChanceModel.objects.filter(target=model.target, is_live=True).update(is_live=False)
    ChanceModel.objects.filter(pk=model.pk).update(is_live=True)
    model.is_live = True
    audit(actor=actor, verb="make chance model live", subject=model, version=model.version)


# Recommendations.

KEPT = 50
RECOMMENDATIONS_LOCK = 20_001


@transaction.atomic
def refresh_recommendations(*, cv_id: int, now: datetime) -> int:
    """Compute the best vacancies of one CV anew. Returns how many there are; nothing for a CV that is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [RECOMMENDATIONS_LOCK])
    return _refresh(cv_id, now)


def _refresh(cv_id: int, now: datetime) -> int:
    cv = CV.objects.select_for_update(of=("self",)).filter(pk=cv_id).first()
    if cv is None:
        return 0
    best = queries.ranking_for_cv(cv, KEPT)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM matching_recommendation WHERE cv_id = %s", [cv_id])
        cursor.execute(
            """INSERT INTO matching_recommendation (cv_id, vacancy_id, rank, fit, engine_version, computed_at)
               SELECT %s, v.id, new.rank, new.fit, %s, %s
               FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS new (vacancy_id, rank, fit)
               JOIN vacancies_vacancy v ON v.id = new.vacancy_id""",
            [
                cv_id, ENGINE_VERSION, now, [pk for pk, _fit in best], list(range(1, len(best) + 1)),
                [fit for _pk, fit in best],
            ],
        )  # fmt: skip
    return len(best)


@transaction.atomic
def refresh_recommendations_of_vacancy(*, vacancy_id: int, now: datetime) -> int:
    """Put one new, changed or closed vacancy in its place in everybody's recommendations.

    Afterwards everybody's rows are as if computed anew: only people in whose best fifty it belongs or belonged are touched,
    and who loses a place to it gets the next best. Returns how many people that were.
    """
    with connection.cursor() as cursor:
        # One vacancy at a time, and no single CV meanwhile: both write the same rows.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RECOMMENDATIONS_LOCK])
        cursor.execute(
            """SELECT own.cv_id, own.fit, count(*) FROM matching_recommendation own
               JOIN matching_recommendation every USING (cv_id) WHERE own.vacancy_id = %s GROUP BY own.cv_id, own.fit""",
            [vacancy_id],
        )
        before = {cv_id: (fit, held) for cv_id, fit, held in cursor.fetchall()}
        cursor.execute("DELETE FROM matching_recommendation WHERE vacancy_id = %s", [vacancy_id])
        scored = dict(queries.everybody_for_vacancy(vacancy_id))
        # A full list from which it sinks may make room for a vacancy that was not kept.
        sunk = {pk for pk, (fit, held) in before.items() if held >= KEPT and scored.get(pk, -1) < fit}
        touched = set(before) - sunk
        chosen = [(pk, fit) for pk, fit in scored.items() if pk not in sunk]
        cursor.execute(
            """INSERT INTO matching_recommendation (cv_id, vacancy_id, rank, fit, engine_version, computed_at)
               SELECT new.cv_id, %s, 32000, new.fit, %s, %s
               FROM unnest(%s::bigint[], %s::int[]) AS new (cv_id, fit)
               JOIN profiles_cv ON profiles_cv.id = new.cv_id
               LEFT JOIN LATERAL (SELECT count(*) AS n, min(r.fit) AS least FROM matching_recommendation r
                                  WHERE r.cv_id = new.cv_id) AS held ON true
               WHERE held.n < %s OR new.fit >= held.least RETURNING cv_id""",
            [vacancy_id, ENGINE_VERSION, now, [pk for pk, _fit in chosen], [fit for _pk, fit in chosen], KEPT],
        )
        touched |= {row[0] for row in cursor.fetchall()}
        cursor.execute(
            """WITH ordered AS (
                   SELECT id, row_number() OVER (PARTITION BY cv_id ORDER BY fit DESC, vacancy_id) AS place
                   FROM matching_recommendation WHERE cv_id = ANY(%s))
               UPDATE matching_recommendation r SET rank = place FROM ordered
               WHERE ordered.id = r.id AND r.rank <> place""",
            [list(touched)],
        )
        cursor.execute("DELETE FROM matching_recommendation WHERE rank > %s AND cv_id = ANY(%s)", [KEPT, list(touched)])
    for cv_id in sorted(sunk):
        _refresh(cv_id, now)
    return len(touched | sunk)


def close_expired_vacancies(*, now: datetime) -> int:
    """Close open vacancies past their closing date. Returns how many."""
    expired = Vacancy.objects.open().filter(closes_on__lt=timezone.localdate(now))
    ids = list(expired.values_list("id", flat=True))
    Vacancy.objects.filter(id__in=ids).update(
        status=Vacancy.Status.CLOSED, closed_at=now, version=F("version") + 1, updated_at=now
    )
    for pk in ids:
        enqueue("matching.vacancy_changed", pk)
    return len(ids)
