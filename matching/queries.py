"""What pages, the API and commands read of the matcher: computed now, from the engine and the live chance model."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

import numpy as np
import structlog
from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from accounts.models import User
from accounts.queries import Subjects
from core.choices import EducationLevel, Language, LanguageLevel
from core.references import seal, unseal
from education.models import Programme
from matching import loading
from matching.engine import (
    CandidateIndex,
    ChanceParameters,
    Chances,
    Explanation,
    VacancyIndex,
    explain,
    features,
    gains,
    index_candidates,
    opens,
    predict,
    prior,
    rank,
    score_candidates,
    score_vacancies,
)
from matching.engine.scale import apportion
from matching.engine.training import Gain
from matching.engine.travel import distance_km, travel_minutes
from matching.models import Application, ApplicationEvent, Bookmark, ChanceModel
from profiles.models import CV
from taxonomy.models import Certificate, Skill
from vacancies.models import Vacancy

log = structlog.get_logger(__name__)
COVERED = 8_000  # of 10,000: counts as "can do this"
FITS_WELL = 7_000
WEEK = 7 * 24 * 3600.0
NOT_COMPETING = ("approached", "declined", "withdrawn")
LEAST_GAIN = 0.03  # less is lost in the margin of the estimate
SHORTEST_MOTIVATION = 20  # characters
JOURNEYS: dict[str, tuple[float, Promise]] = {  # {code: (under so many minutes, in words)}
    "under-15": (15, gettext_lazy("Less than 15 minutes away.")),
    "15-30": (30, gettext_lazy("15 to 30 minutes away.")),
    "30-45": (45, gettext_lazy("30 to 45 minutes away.")),
    "45-60": (60, gettext_lazy("45 to 60 minutes away.")),
    "over-60": (float("inf"), gettext_lazy("An hour or more away.")),
}
SUGGESTION_MINUTES = 75  # further than this a course in a classroom is no help


@dataclass(frozen=True)
class Chance:
    """A chance in whole percents with its 80 % interval; `enough` is False when there are too few data to say."""

    p: int
    low: int
    high: int
    enough: bool
    model_version: int


@dataclass(frozen=True)
class Missing:
    """Something asked that is not (fully) there. Levels are of the kind's own scale; has_level 0 is nothing."""

    kind: str
    label: str
    skill_id: int | None
    asked_level: int
    has_level: int
    is_hard: bool


@dataclass(frozen=True)
class Match:
    """One person and one vacancy. can, want, do and fit are per mille; -1 for a part of which nothing is known."""

    cv: CV | None
    vacancy: Vacancy
    fit: int
    can: int
    want: int
    do: int
    reasons: list[str]
    missing: list[Missing]
    covered: list[Missing]
    hard_failures: list[str]
    distance_km: float | None
    minutes: int | None
    chance: Chance
    contributions: list[tuple[str, int]]  # adds up to fit exactly
    saved: bool = False
    status: str = ""
    features: tuple[float, ...] = field(default=(), repr=False)
    journey: str = ""  # a code of JOURNEYS: all that is said of how far away somebody without a name lives

    @property
    def ref(self) -> UUID:
        """What the employer calls this person for this vacancy; for another vacancy it is something else."""
        return seal(self.vacancy.pk, self.cv.pk)

    @property
    def journey_words(self) -> str:
        """How far, roughly; empty when unknown."""
        return str(JOURNEYS[self.journey][1]) if self.journey else ""

    @property
    def name_is_known(self) -> bool:
        """Whether the employer may know who this is: after an application or a yes, until it is withdrawn."""
        return is_known(self.status)


@dataclass(frozen=True)
class Candidate:
    """Somebody as an employer may see them; without an application that was sent, without a name."""

    cv: CV
    application: Application | None

    @property
    def is_known(self) -> bool:
        return self.application is not None and is_known(self.application.status)


def is_known(status: str) -> bool:
    """Whether this status of an application lets the employer know who it is."""
    return bool(status) and status not in NOT_COMPETING


@dataclass(frozen=True)
class MatchFilters:
    """What narrows the list of matches; empty means no limit."""

    text: str = ""
    sector: str = ""
    max_minutes: int | None = None
    hours: int | None = None
    min_pay: int | None = None
    kind: str = ""
    saved: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Suggestion:
    """A programme that raises the chance; `opens` counts vacancies that go from under to over even odds."""

    programme: Programme
    chance_before: Chance
    chance_after: Chance
    opens: int
    skills: list[str]


@dataclass(frozen=True)
class ReliabilityRow:
    said: float
    happened: float
    n: int


@dataclass(frozen=True)
class ModelQuality:
    """The live chance model and its history, for operators."""

    live: ChanceModel | None
    headline: list[tuple[str, float]]
    reliability: list[ReliabilityRow]
    versions: list[ChanceModel]


# Matches of a person.


def matches_for_cv(cv: CV, *, filters: MatchFilters | None = None, limit: int = 50) -> list[Match]:
    """Open vacancies for this CV: who passes the hard requirements first, then by fit, ties by id."""
    filters = filters or MatchFilters()
    market = loading.market()
    asked = market.index.vacancies
    if not len(asked.ids):
        return []
    index = _candidate(cv, market.index)
    applications = {row.vacancy_id: row for row in Application.objects.filter(cv=cv, vacancy__status="open")}
    told = np.array([_told(applications.get(pk)) for pk in asked.ids.tolist()])
    scores = score_vacancies(index, 0, market.index, motivation=told)
    bookmarks = dict(Bookmark.objects.filter(cv=cv).values_list("vacancy_id", "hidden"))
    keep = _kept(market, scores.minutes, bookmarks, filters)
    order = rank(scores)
    order = order[keep[order]][:limit]
    chosen = asked.ids[order].tolist()
    vacancies = Vacancy.objects.select_related("organisation", "place", "occupation").in_bulk(chosen)
    words = _Words(market.index)
    applicants, model = _applicants(chosen, cv), live_parameters()
    return [
        _match(
            cv, vacancies[pk], index, 0, market.index, int(row), words, applicants.get(pk, 0), model,
            motivation=int(told[row]), saved=bookmarks.get(pk) is False,
            application=applications.get(pk),
        )
        for pk, row in zip(chosen, order.tolist(), strict=True)
        if pk in vacancies
    ]  # fmt: skip


def ranking_for_cv(cv: CV, limit: int) -> list[tuple[int, int]]:
    """(vacancy id, fit in parts of 10,000) in order, of what passes all that is indispensable, without words."""
    market = loading.market()
    if not len(market.index.vacancies.ids):
        return []
    scores = score_vacancies(_candidate(cv, market.index), 0, market.index)
    return [(int(scores.ids[row]), int(scores.fit[row])) for row in rank(scores, limit) if scores.passed[row]]


def everybody_for_vacancy(vacancy_id: int) -> list[tuple[int, int]]:
    """(CV id, fit in parts of 10,000) of everybody with an account who passes what is indispensable; [] when not open."""
    if not Vacancy.objects.open().filter(pk=vacancy_id).exists():
        return []
    vacancies = loading.index_of([vacancy_id])
    index = index_candidates(loading.project(loading.all_candidates(), vacancies.space), vacancies.space)
    scores = score_candidates(vacancies, 0, index)
    return [
        (int(pk), int(fit)) for pk, fit, passed in zip(scores.ids, scores.fit, scores.passed, strict=True) if passed
    ]


def quick_matches(cv: CV, limit: int = 3) -> list[Match]:
    """The first few matches, to show beside the form."""
    return matches_for_cv(cv, limit=limit)


def match_for(cv: CV, vacancy: Vacancy, *, who: str = "you", motivation: int | None = None) -> Match:
    """This person and this vacancy, whether it is open or not."""
    vacancies = loading.index_of([vacancy.pk])
    index = _candidate(cv, vacancies)
    application = Application.objects.filter(cv=cv, vacancy=vacancy).first()
    if motivation is None:
        motivation = _told(application)
    bookmark = Bookmark.objects.filter(cv=cv, vacancy=vacancy).first()
    applicants = _applicants([vacancy.pk], cv).get(vacancy.pk, 0)
    return _match(
        cv, vacancy, index, 0, vacancies, 0, _Words(vacancies), applicants, live_parameters(), who=who,
        motivation=motivation,
        saved=bookmark is not None and not bookmark.hidden, application=application,
    )  # fmt: skip


def _kept(market: loading.Market, minutes, bookmarks: dict[int, bool], filters: MatchFilters) -> NDArray[np.bool_]:
    """Which open vacancies pass the filters."""
    asked = market.index.vacancies
    marks = np.array([bookmarks.get(pk) for pk in asked.ids.tolist()], dtype=object)
    if filters.saved:
        keep = marks == False  # noqa: E712 - an array of True, False and None
    elif filters.hidden:
        keep = marks == True  # noqa: E712
    else:
        keep = marks != True  # noqa: E712
    keep = keep.astype(bool)
    if filters.text:
        words = filters.text.lower().split()
        keep &= np.array([all(word in title for word in words) for title in market.titles], dtype=bool)
    if filters.sector:
        keep &= asked.sector == loading.SECTORS.get(filters.sector, -2)
    if filters.max_minutes is not None:
        keep &= ((minutes >= 0) & (minutes <= filters.max_minutes)) | asked.remote
    if filters.hours is not None:
        keep &= (market.hours_min <= filters.hours) & (filters.hours <= market.hours_max)
    if filters.min_pay is not None:
        keep &= market.pay_max >= filters.min_pay
    if filters.kind:
        keep &= market.is_function == (filters.kind == "function")
    return keep


# Candidates of a vacancy.


def candidates_for_vacancy(vacancy: Vacancy, limit: int = 50, *, now: datetime | None = None) -> list[Match]:
    """People in order of fit: who applied and, while it is open, who may be found; who withdrew is left out.

    Of a vacancy that closed long ago only who was hired. Pages add names only where `name_is_known`.
    """
    vacancies = loading.index_of([vacancy.pk])
    pool = loading.project(loading.all_candidates(), vacancies.space)
    applications = {row.cv_id: row for row in Application.objects.filter(vacancy=vacancy)}
    sent = {pk for pk, row in applications.items() if is_known(row.status)}
    if vacancy.is_settled(now or timezone.now()):
        sent = {pk for pk in sent if applications[pk].status == Application.Status.HIRED}
    gone = {pk for pk, row in applications.items() if row.status == Application.Status.WITHDRAWN}
    others = set(CV.objects.matchable().values_list("id", flat=True)) if vacancy.is_open else set()
    allowed = (others | sent) - gone
    rows = np.flatnonzero(np.isin(pool.ids, list(allowed)))
    if not len(rows):
        return []
    index = index_candidates(pool, vacancies.space)
    motivation = np.array([_told(applications.get(pk)) for pk in pool.ids[rows].tolist()])
    scores = score_candidates(vacancies, 0, index, rows, motivation)
    order = rank(scores)
    applied = np.isin(scores.ids, list(sent))
    chosen = np.concatenate([order[applied[order]], order[~applied[order]][:limit]])
    chosen = order[np.isin(order, chosen)]
    cvs = CV.objects.select_related("owner").in_bulk(scores.ids[chosen].tolist())
    words = _Words(vacancies)
    queue = sorted((applications[pk].applied_at, applications[pk].pk) for pk in sent if applications[pk].applied_at)
    model = live_parameters()
    found = []
    for position in chosen.tolist():
        pk = int(scores.ids[position])
        application = applications.get(pk)
        applicants = _before(queue, application) if pk in sent else len(queue)
        found.append(
            _match(
                cvs[pk], vacancy, index, int(rows[position]), vacancies, 0, words, applicants, model, who="they",
                motivation=_told(application), application=application,
            )
        )  # fmt: skip
    return found


def candidate_for(vacancy: Vacancy, ref: UUID, *, now: datetime | None = None) -> Candidate | None:
    """Whom this vacancy's employer calls `ref`, as they may be seen; None when they may not, or withdrew.

    Without a name people are seen while the vacancy is open; with a name until it closed long ago, when hired for good.
    """
    cv_id = unseal(vacancy.pk, ref)
    if cv_id is None:
        return None
    cv = CV.objects.select_related("owner", "place").filter(pk=cv_id, owner__isnull=False).first()
    if cv is None:
        return None
    application = Application.objects.filter(vacancy=vacancy, cv=cv).first()
    if application is not None and application.status == Application.Status.WITHDRAWN:
        return None
    found = Candidate(cv, application)
    if not found.is_known:
        return found if cv.findable and vacancy.is_open else None
    hired = application is not None and application.status == Application.Status.HIRED
    return found if hired or not vacancy.is_settled(now or timezone.now()) else None


def count_applications(vacancy: Vacancy) -> int:
    """How many people ever applied, whatever came of it."""
    return Application.objects.filter(vacancy=vacancy, applied_at__isnull=False).count()


def count_hired(vacancy: Vacancy) -> int:
    return Application.objects.filter(vacancy=vacancy, status=Application.Status.HIRED).count()


# Training.


def suggestions_for(cv: CV, vacancy: Vacancy | None = None, limit: int = 3) -> list[Suggestion]:
    """Programmes that raise the chance most for what they ask in time and money.

    The gain is in the chance of this vacancy, or of the best match when none is given. What a programme costs is written
    as ``1 + months / 6 + euros / 2,000``; gain divided by that decides the order. Of programmes that teach the same, the
    best one.
    """
    if vacancy is None:
        best = matches_for_cv(cv, limit=1)
        return suggestions_for(cv, best[0].vacancy, limit) if best else []
    vacancies = loading.index_of([vacancy.pk])
    index = _candidate(cv, vacancies)
    programmes = loading.project(loading.programmes(), vacancies.space)
    parameters, version = live_parameters()
    application = Application.objects.filter(cv=cv, vacancy=vacancy).first()
    applicants = _applicants([vacancy.pk], cv).get(vacancy.pk, 0)
    found = gains(
        index, 0, vacancies, 0, programmes, parameters, applicants / max(1, vacancy.openings),
        _age(vacancy, application), _told(application),
    )  # fmt: skip
    found = [gain for gain in found if gain.gain >= LEAST_GAIN]
    rows = Programme.objects.select_related("school", "place").in_bulk(
        [int(programmes.ids[gain.programme_row]) for gain in found]
    )
    today = timezone.localdate()
    open_now = [
        gain for gain in found
        if (row := rows.get(int(programmes.ids[gain.programme_row]))) is not None and _reachable(cv, row)
        and (row.starts_on is None or row.starts_on >= today)
    ]  # fmt: skip
    worth = partial(_worth, programmes, rows)
    best_first = sorted(open_now, key=lambda gain: (-worth(gain), programmes.ids[gain.programme_row]))
    best = _without_doubles(best_first, programmes)[:limit]
    words = _Words(vacancies)
    opened = _opens(cv, best, programmes.ids, parameters)
    return [
        Suggestion(
            programme=rows[int(programmes.ids[gain.programme_row])],
            chance_before=_chance(gain.before, version),
            chance_after=_chance(gain.after, version),
            opens=number,
            skills=_taught(gain, programmes, vacancies, words),
        )
        for gain, number in zip(best, opened, strict=True)
    ]


def _worth(programmes, rows: dict[int, Programme], gain: Gain) -> float:
    programme = rows[int(programmes.ids[gain.programme_row])]
    return gain.gain / (1 + programme.weeks / 26 + float(programme.price) / 2000)


def _without_doubles(found: list[Gain], programmes) -> list[Gain]:
    """The first of each set of taught skills, papers and diploma that this vacancy has to do with."""
    kept: dict[tuple, Gain] = {}
    for gain in found:
        row = gain.programme_row
        taught = programmes.skill[programmes.indptr[row] : programmes.indptr[row + 1]]
        papers = programmes.certificates[row]
        kept.setdefault((*sorted(taught.tolist()), -1, *papers.tolist(), int(programmes.grants_education[row])), gain)
    return list(kept.values())


def _reachable(cv: CV, programme: Programme) -> bool:
    if programme.mode == Programme.Mode.ONLINE or programme.place is None or cv.place is None:
        return True
    here, there = cv.place, programme.place
    km = distance_km(here.latitude, here.longitude, there.latitude, there.longitude)
    mode = loading.TRAVEL_MODES[cv.travel_mode]
    return int(travel_minutes(np.array([km]), np.array([mode]))[0]) <= SUGGESTION_MINUTES


def _opens(cv: CV, best: Sequence[Gain], programme_ids, parameters: ChanceParameters) -> list[int]:
    if not best:
        return []
    market = loading.market()
    index = _candidate(cv, market.index)
    programmes = loading.project(loading.programmes(), market.index.space)
    position = {int(pk): row for row, pk in enumerate(programmes.ids)}
    applicants = _applicants(None, cv)
    asked = market.index.vacancies.ids
    competition = np.array([applicants.get(pk, 0) for pk in asked.tolist()]) / np.maximum(market.openings, 1)
    ages = np.maximum(timezone.now().timestamp() - market.published, 0) / WEEK
    chosen = np.array([position[int(programme_ids[gain.programme_row])] for gain in best])
    return opens(index, 0, market.index, programmes, chosen, parameters, competition, ages)


def _taught(gain: Gain, programmes, vacancies: VacancyIndex, words: "_Words") -> list[str]:
    """What the programme teaches of what this vacancy asks."""
    row = gain.programme_row
    entries = slice(programmes.indptr[row], programmes.indptr[row + 1])
    taught = [words.skill(int(skill)) for skill in programmes.skill[entries]]
    papers = [words.certificate(bit) for bit in words.bits(programmes.certificates[row])]
    return [*papers, *taught][:6]


# Applications.


def applications_of(cv: CV) -> QuerySet[Application]:
    """A person's applications, newest first."""
    return (
        Application.objects.filter(cv=cv)
        .select_related("vacancy__organisation", "vacancy__place")
        .order_by("-created_at", "-id")
    )


def applications_for(vacancy: Vacancy) -> QuerySet[Application]:
    """The applications for a vacancy with the people behind them, approaches not yet accepted left out."""
    return (
        Application.objects.filter(vacancy=vacancy)
        .exclude(status__in=["approached", "declined"])
        .select_related("cv__owner")
        .order_by("-applied_at", "-id")
    )


def application_for(user: User, ref) -> Application | None:
    """The application if this person sent it or belongs to the firm it went to; None for anybody else."""
    if not user.is_authenticated:
        return None
    mine = Q(cv__owner=user)
    ours = Q(vacancy__organisation__memberships__user=user) & ~Q(status__in=NOT_COMPETING)
    return (
        Application.objects.filter(mine | ours, ref=ref)
        .select_related("vacancy__organisation", "vacancy__place", "vacancy__occupation", "cv__owner", "cv__place")
        .distinct()
        .first()
    )


def subjects_of(user: User) -> list[Subjects]:
    """The rows that are about a person and that others look at, for the account page "who saw my data"."""
    return [
        Subjects("matching.application", list(Application.objects.filter(cv__owner=user).values_list("pk", flat=True))),
        Subjects("profiles.cv", list(CV.objects.filter(owner=user).values_list("pk", flat=True))),
    ]


def export_of(user: User) -> dict:
    """What a person sent, saved and hid, and what came of it, as plain values."""
    sent = Application.objects.filter(cv__owner=user).select_related("vacancy__organisation").order_by("id")
    sent = sent.prefetch_related(Prefetch("events", ApplicationEvent.objects.order_by("at", "id")))
    marks = Bookmark.objects.filter(cv__owner=user).order_by("id")
    return {
        "applications": [
            {
                "vacancy": row.vacancy_id, "title": row.vacancy.title, "organisation": row.vacancy.organisation.name,
                "status": row.status, "why": row.why, "did": row.did, "applied_at": row.applied_at,
                "decided_at": row.decided_at, "reason": row.reason, "message": row.message, "promised": row.snapshot,
                "events": [{"at": event.at, "status": event.status} for event in row.events.all()],
            }
            for row in sent
        ],
        "bookmarks": list(marks.values("vacancy_id", "hidden", "created_at")),
    }  # fmt: skip


def events_of(application: Application) -> QuerySet[ApplicationEvent]:
    """What happened, oldest first."""
    return application.events.order_by("at", "id")


# The chance model.


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


# Building a match.


class _Words:
    """Labels of what vacancies ask, read once for a list."""

    def __init__(self, vacancies: VacancyIndex) -> None:
        self._ids = vacancies.space.ids
        self._skills: dict[int, str] | None = None
        self._papers: list[str] | None = None

    def skill_id(self, row: int) -> int:
        return int(self._ids[row])

    def skill(self, row: int) -> str:
        if self._skills is None:
            language = get_language()
            self._skills = loading.shared(f"labels:{language}", loading.taxonomy_stamp(), _labels)
        return self._skills.get(int(self._ids[row]), "")

    def certificate(self, bit: int) -> str:
        if self._papers is None:
            self._papers = [paper.label for paper in Certificate.objects.order_by("id")]
        return self._papers[bit]

    @staticmethod
    def bits(words) -> list[int]:
        return [int(bit) for bit in np.flatnonzero(np.unpackbits(np.ascontiguousarray(words).view(np.uint8),
                                                                 bitorder="little"))]  # fmt: skip

    def requirement(self, cover) -> str:
        """What a requirement is called on a page."""
        if cover.kind == "skill":
            return self.skill(cover.item)
        if cover.kind == "language":
            name = str(Language(Language.values[cover.item]).label)
            return _("%(language)s at level %(level)s") % {
                "language": name, "level": LanguageLevel(cover.asked).label,
            }  # fmt: skip
        if cover.kind == "certificate":
            return self.certificate(cover.item)
        return _("education: %(level)s") % {"level": EducationLevel(cover.asked).label}


def _labels() -> dict[int, str]:
    return {skill.pk: skill.label for skill in Skill.objects.only("label_nl", "label_en")}


def _candidate(cv: CV, vacancies: VacancyIndex) -> CandidateIndex:
    pool = loading.project(loading.load_candidates([cv.pk]), vacancies.space)
    return index_candidates(pool, vacancies.space)


def _applicants(vacancy_ids: list[int] | None, cv: CV | None = None) -> dict[int, int]:
    """How many people applied so far; None for all open vacancies.

    With a CV: how many others, and for what this person applied to, how many before them.
    """
    rows = Application.objects.exclude(status__in=NOT_COMPETING)
    rows = rows.filter(vacancy__status="open") if vacancy_ids is None else rows.filter(vacancy_id__in=vacancy_ids)
    if cv is not None:
        mine = Application.objects.filter(cv=cv, vacancy_id=OuterRef("vacancy_id"))
        rows = rows.exclude(cv=cv).annotate(at=Subquery(mine.values("applied_at")), own=Subquery(mine.values("id")))
        earlier = Q(applied_at__lt=F("at")) | Q(applied_at=F("at"), id__lt=F("own"))
        rows = rows.filter(Q(at=None) | earlier)
    return dict(rows.order_by().values_list("vacancy_id").annotate(n=Count("id")))


def _before(queue: list[tuple[datetime, int]], application: Application) -> int:
    """How many in the sorted (moment of applying, id) stand before this application; all when it has no moment."""
    if application.applied_at is None:
        return len(queue)
    return bisect_left(queue, (application.applied_at, application.pk))


def _told(application: Application | None) -> int:
    """How many of the two questions of the motivation were answered."""
    return 0 if application is None else answered(application.why, application.did)


def answered(*texts: str) -> int:
    """How many of these are an answer: a sentence, not a dot."""
    return sum(len(text.strip()) >= SHORTEST_MOTIVATION for text in texts)


def to_per_mille(score: int) -> int:
    """Parts of 10,000 as pages show them."""
    return (score + 5) // 10


def _age(vacancy: Vacancy, application: Application | None) -> float:
    """Weeks from publication to the moment of applying, or to now."""
    if vacancy.published_at is None:
        return 0.0
    until = application.applied_at if application is not None and application.applied_at else timezone.now()
    return max(0.0, (until - vacancy.published_at).total_seconds() / WEEK)


def _chance(chances: Chances, version: int, row: int = 0) -> Chance:
    p, low, high = (round(100 * float(x[row])) for x in (chances.p, chances.low, chances.high))
    return Chance(p=p, low=low, high=high, enough=bool(chances.enough[row]), model_version=version)


def _match(
    cv: CV,
    vacancy: Vacancy,
    index: CandidateIndex,
    row: int,
    vacancies: VacancyIndex,
    vacancy_row: int,
    words: _Words,
    applicants: int,
    model: tuple[ChanceParameters, int],
    *,
    who: str = "you",
    motivation: int = 0,
    saved: bool = False,
    application: Application | None = None,
) -> Match:
    story = explain(index, row, vacancies, vacancy_row, motivation)
    status = application.status if application else ""
    exact = who == "you" or (application is not None and is_known(application.status))
    inputs = features(story.scores, applicants / max(1, vacancy.openings), _age(vacancy, application))
    parameters, version = model
    known = {part.key: part.known for part in story.parts}
    score = {part.key: to_per_mille(part.score) for part in story.parts}
    per_mille, contributions = _contributions(story, who)
    items = [
        (cover, Missing(
            cover.kind, words.requirement(cover), words.skill_id(cover.item) if cover.kind == "skill" else None,
            cover.asked, cover.has, cover.hard,
        ))
        for cover in story.requirements
    ]  # fmt: skip
    items.sort(key=lambda pair: -pair[0].weight)
    return Match(
        cv=cv,
        vacancy=vacancy,
        fit=per_mille,
        can=score["competence"] if known["competence"] else -1,
        want=score["passion"] if known["passion"] else -1,
        do=score["drive"] if known["drive"] else -1,
        reasons=_reasons(story, index, row, words, who, exact),
        missing=[item for cover, item in items if cover.coverage < COVERED],
        covered=[item for cover, item in items if cover.coverage >= COVERED],
        hard_failures=[item.label for cover, item in items if cover.fails],
        distance_km=round(story.km, 1) if exact and not np.isnan(story.km) else None,
        minutes=story.minutes if exact and story.minutes >= 0 else None,
        chance=_chance(predict(parameters, inputs), version),
        contributions=contributions,
        saved=saved,
        status=status,
        features=tuple(round(float(x), 6) for x in inputs[0]),
        journey=_journey(story.minutes),
    )


def _journey(minutes: int) -> str:
    """The code of JOURNEYS for so many minutes; empty when unknown."""
    return next((code for code, (under, _words) in JOURNEYS.items() if 0 <= minutes < under), "")


def _contributions(story: Explanation, who: str) -> tuple[int, list[tuple[str, int]]]:
    """(fit per mille, lines that add up to it): the engine's exact lines, rounded together."""
    you = who == "you"
    labels = {
        "interests": _("your interests") if you else _("interests"),
        "joy": _("what you love to do") if you else _("what they love to do"),
        "wishes": _("your wishes") if you else _("wishes"),
        "values": _("what matters to you") if you else _("what matters to them"),
        "ready_to_learn": _("ready to learn"),
        "initiatives": _("what you did yourself") if you else _("own steps"),
        "motivation": _("your motivation") if you else _("motivation"),
    }
    names = [_("what you can, of what is asked") if you else _("what they can, of what you ask")]
    adds = [story.parts[0].adds]
    for part in (*story.passion, *story.drive):
        names.append(labels[part.key] if part.known else _("%(part)s (not known yet)") % {"part": labels[part.key]})
        adds.append(part.adds)
    total = to_per_mille(story.fit)
    return total, list(zip(names, apportion(total, adds), strict=True))


def _reasons(story: Explanation, index: CandidateIndex, row: int, words: _Words, who: str, exact: bool) -> list[str]:
    """Short sentences for what speaks for this match, strongest first; the journey to the minute only when `exact`."""
    you = who == "you"
    reasons = []
    asked = [cover for cover in story.requirements if cover.kind == "skill"]
    if asked:
        can = sum(cover.coverage >= COVERED for cover in asked)
        if can:
            values = {"can": can, "asked": len(asked)}
            reasons.append(
                (_("You can do %(can)s of the %(asked)s things that are asked.") if you
                 else _("Can do %(can)s of the %(asked)s things you ask.")) % values
            )  # fmt: skip
    loved = [words.skill(cover.item) for cover in asked if index.joy[row, cover.item] == 2][:2]
    if loved:
        joined = _(" and ").join(loved)
        reasons.append(
            (_("You love to do this: %(skills)s.") if you else _("Loves to do this: %(skills)s.")) % {"skills": joined}
        )
    parts = {part.key: part for part in story.passion}
    if parts["interests"].known and parts["interests"].score >= FITS_WELL:
        reasons.append(
            _("This kind of work suits your interests.") if you else _("This kind of work suits their interests.")
        )
    if parts["wishes"].known and parts["wishes"].score >= FITS_WELL:
        reasons.append(_("It is what you wished for.") if you else _("It is what they wish for."))
    if parts["values"].known and parts["values"].score >= FITS_WELL:
        reasons.append(
            _("It offers what matters to you in work.") if you else _("You offer what matters to them in work.")
        )
    if story.minutes >= 0 and story.minutes_over == 0 and not exact:
        reasons.append(str(JOURNEYS[_journey(story.minutes)][1]))
    elif story.minutes >= 0 and story.minutes_over == 0:
        reasons.append(
            ngettext("%(minutes)s minute away.", "%(minutes)s minutes away.", story.minutes)
            % {"minutes": story.minutes}
        )
    drive = {part.key: part for part in story.drive}
    if drive["initiatives"].known:
        reasons.append(_("You already took a step yourself.") if you else _("Already took a step of their own."))
    return reasons
