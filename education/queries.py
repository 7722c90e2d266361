"""What is known about programmes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import Organisation, User
from education.models import (
    Completion,
    LearnerCode,
    Programme,
    ProgrammeCertificate,
    ProgrammeFeed,
    ProgrammeSkill,
    ProgrammeUpload,
    UploadRow,
)

SIMILAR_ENOUGH = 0.45  # word similarity of pg_trgm from which a typo still counts as a hit
Status = Programme.Status


def published_programmes() -> QuerySet[Programme]:
    """What everybody may see, with school and place."""
    return Programme.objects.filter(status=Status.PUBLISHED).select_related("school", "place").order_by("title", "id")


@dataclass(frozen=True)
class Filters:
    """What somebody looks for; None and "" do not narrow."""

    q: str = ""
    kind: str = ""
    mode: str = ""
    level: int | None = None  # what the person has: programmes that one can enter with it
    weeks: int | None = None
    price: int | None = None


def find_programmes(filters: Filters) -> QuerySet[Programme]:
    """Published programmes that fit the filters; words with typos are tried when nothing has the exact words."""
    found = published_programmes()
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.mode:
        found = found.filter(mode=filters.mode)
    if filters.level is not None:
        found = found.filter(Q(entry_level=None) | Q(entry_level__lte=filters.level))
    if filters.weeks is not None:
        found = found.filter(weeks__lte=filters.weeks)
    if filters.price is not None:
        found = found.filter(price__lte=Decimal(filters.price))
    words = filters.q.split()[:8]
    if not words:
        return found
    exact = found
    for word in words:
        exact = exact.filter(
            Q(title__icontains=word)
            | Q(description__icontains=word)
            | Q(school__name__icontains=word)
            | Q(place__name__icontains=word)
        )
    if exact.exists():
        return exact
    return (
        found.annotate(similarity=TrigramWordSimilarity(" ".join(words), "title"))
        .filter(similarity__gte=SIMILAR_ENOUGH)
        .order_by("-similarity", "title", "id")
    )


def visible_programme(user: User, pk: int) -> Programme | None:
    """A published programme, or one of the user's own school in any state; None for everything else."""
    visible = Q(status=Status.PUBLISHED)
    if user.is_authenticated:
        visible |= Q(school__memberships__user=user)
    return Programme.objects.filter(visible, pk=pk).select_related("school", "place").distinct().first()


@dataclass(frozen=True)
class Taught:
    """A skill that a programme teaches, for display."""

    skill_id: int
    label: str
    level: int
    level_label: str
    foreign: bool  # named in English on a Dutch page


def taught_by(programme: Programme) -> list[Taught]:
    """The confirmed skills of a programme, highest level first."""
    rows = programme.programme_skills.filter(confirmed=True).select_related("skill").order_by("-level", "id")
    return [
        Taught(row.skill_id, row.skill.label, row.level, row.get_level_display(), row.skill.label_is_foreign)
        for row in rows
    ]


def certificates_of(programme: Programme) -> list[ProgrammeCertificate]:
    return list(programme.programme_certificates.select_related("certificate").order_by("id"))


def programmes_of(school: Organisation) -> QuerySet[Programme]:
    """A school's own programmes in every state, with counts: `n_skills` confirmed, `n_proposed` not yet."""
    return (
        Programme.objects.filter(school=school)
        .select_related("place")
        .annotate(
            n_skills=Count("programme_skills", filter=Q(programme_skills__confirmed=True)),
            n_proposed=Count("programme_skills", filter=Q(programme_skills__confirmed=False)),
        )
        .order_by("title", "id")
    )


def search_own(school: Organisation, q: str, status: str) -> QuerySet[Programme]:
    found = programmes_of(school)
    if status:
        found = found.filter(status=status)
    for word in q.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(code__icontains=word))
    return found


def programme_for_school(school: Organisation, pk: int) -> Programme | None:
    """A programme of this school; None when it is another's or does not exist."""
    return Programme.objects.filter(school=school, pk=pk).select_related("school", "place").first()


@dataclass(frozen=True)
class Counts:
    total: int
    published: int
    draft: int
    withdrawn: int
    to_confirm: int


def counts_of(school: Organisation) -> Counts:
    """How many programmes a school has in each state, in two queries."""
    rows = dict(Programme.objects.filter(school=school).values_list("status").annotate(n=Count("id")))
    return Counts(
        sum(rows.values()),
        rows.get(Status.PUBLISHED, 0),
        rows.get(Status.DRAFT, 0),
        rows.get(Status.WITHDRAWN, 0),
        to_confirm(school).count(),
    )


def to_confirm(school: Organisation) -> QuerySet[Programme]:
    """Drafts, and published programmes with proposals that nobody looked at yet, in the order they came in."""
    proposed = ProgrammeSkill.objects.filter(programme=OuterRef("pk"), confirmed=False)
    return (
        Programme.objects.filter(school=school)
        .filter(Q(status=Status.DRAFT) | Q(status=Status.PUBLISHED) & (Exists(proposed)))
        .select_related("place")
        .order_by("id")
    )


def next_to_confirm(school: Organisation, after: int) -> Programme | None:
    """The next programme in the queue, starting again at the front; None when no other is left."""
    queue = to_confirm(school).exclude(pk=after)
    return queue.filter(pk__gt=after).first() or queue.first()


def skills_of(programme: Programme) -> list[ProgrammeSkill]:
    """Proposed and confirmed skills with their labels: confirmed first, then in the order of finding."""
    return list(programme.programme_skills.select_related("skill").order_by("-confirmed", "id"))


def skills_by_programme(pks: list[int]) -> dict[int, list[ProgrammeSkill]]:
    """Skills of several programmes with their labels, in one query."""
    found: dict[int, list[ProgrammeSkill]] = {}
    rows = ProgrammeSkill.objects.filter(programme_id__in=pks).select_related("skill").order_by("-confirmed", "id")
    for row in rows:
        found.setdefault(row.programme_id, []).append(row)
    return found


def uploads_of(school: Organisation) -> QuerySet[ProgrammeUpload]:
    """Newest first, without what is large."""
    return (
        ProgrammeUpload.objects.filter(school=school)
        .defer("errors", "content", "mapping", "header")
        .order_by("-created_at", "-id")
    )


def upload_for_school(school: Organisation, ref) -> ProgrammeUpload | None:
    """An upload of this school; None when it is another's or does not exist."""
    return ProgrammeUpload.objects.filter(school=school, ref=ref).defer("content").first()


def last_import(school: Organisation) -> ProgrammeUpload | None:
    """The upload that was put in last and was not undone, while it can be undone; None when there is none."""
    held = (ProgrammeUpload.Status.IMPORTED, ProgrammeUpload.Status.UNDOING)
    done = ProgrammeUpload.objects.filter(school=school, status__in=held)
    return done.defer("content").order_by("-imported_at", "-id").first()


def fed_programmes(school: Organisation) -> QuerySet[Programme]:
    """What came from the school's own system and was not withdrawn."""
    return Programme.objects.filter(school=school, origin=Programme.Origin.FEED).exclude(status=Status.WITHDRAWN)


def feed_of(school: Organisation) -> ProgrammeFeed | None:
    return ProgrammeFeed.objects.filter(school=school).select_related("school").first()


def log_of(school: Organisation) -> QuerySet[ProgrammeUpload]:
    """What the school's own system gave, night by night, newest first."""
    return uploads_of(school).filter(origin=Programme.Origin.FEED)


def rows_of(upload: ProgrammeUpload, state: str = "") -> QuerySet[UploadRow]:
    """The rows of a checked or imported upload in the order of the file; without a state all that do something."""
    rows = upload.upload_rows.order_by("id")
    return rows.filter(state=state) if state else rows.exclude(state=UploadRow.State.UNCHANGED)


def completions_of(programme: Programme) -> QuerySet[Completion]:
    """What the school wrote down about a programme, newest first. Never whether anybody answered."""
    return programme.completions.defer("status").order_by("-id")


def completion_of_school(school: Organisation, ref) -> Completion | None:
    return Completion.objects.filter(programme__school=school, ref=ref).select_related("programme").first()


def completions_for(user: User) -> QuerySet[Completion]:
    """What schools say that this person finished and what waits for an answer, newest first.

    It is theirs when it was sent to an address that they proved, or to their code.
    """
    proved = EmailAddress.objects.filter(user=user, verified=True).annotate(low=Lower("email")).values("low")
    code = LearnerCode.objects.filter(user=user).values("code")
    return (
        Completion.objects.filter(Q(address__in=proved) | Q(code__in=code), status=Completion.Status.WAITING)
        .select_related("programme__school")
        .order_by("-id")
    )


def learner_code_of(user: User) -> str:
    """The code that this person gives to schools; empty when there is none."""
    return LearnerCode.objects.filter(user=user).values_list("code", flat=True).first() or ""


def export_of(user: User) -> dict | None:
    """What this room holds about a person as a learner; None without anything."""
    code = learner_code_of(user)
    waiting = [
        {"programme": row.programme.title, "school": row.programme.school.name,
         "finished_on": row.finished_on.isoformat()}
        for row in completions_for(user)
    ]  # fmt: skip
    return {"learner_code": code, "waiting": waiting} if code or waiting else None


FIELDS = (
    "title", "description", "kind", "crebo", "rio", "level", "entry_level", "entry_requirements", "entry_language_level",
    "grants_level", "weeks", "hours_per_week", "price", "price_with_subsidy", "subsidies", "mode", "language",
    "taught_language", "taught_language_level", "place", "start_dates", "url",
)  # fmt: skip
CENT = Decimal("0.01")


def as_data(programme: Programme) -> dict:
    """The values of a programme in the shape that the form cleans to (without the code)."""
    return {field: getattr(programme, field) for field in FIELDS}


def as_plain(data: dict) -> dict:
    """Cleaned values as JSON: numbers, texts, lists and ids that can be compared."""
    plain = {field: data[field] for field in FIELDS}
    for field in ("price", "price_with_subsidy"):
        plain[field] = str(Decimal(data[field]).quantize(CENT)) if data[field] is not None else None
    plain["place"] = data["place"].pk if data["place"] is not None else None
    plain["start_dates"] = [day.isoformat() for day in data["start_dates"]]
    plain["subsidies"] = list(data["subsidies"])
    return plain


def from_plain(plain: dict) -> dict:
    """The model's values for what `as_plain` made, or for some of its fields."""
    values = dict(plain)
    if "place" in values:
        values["place_id"] = values.pop("place")
    for field in ("price", "price_with_subsidy"):
        if values.get(field) is not None:
            values[field] = Decimal(values[field])
    if "start_dates" in values:
        values["start_dates"] = [date.fromisoformat(day) for day in values["start_dates"]]
    return values


def differences(before: dict, after: dict) -> list[str]:
    """The fields of two plain programmes that differ."""
    return [field for field in FIELDS if before[field] != after[field]]
