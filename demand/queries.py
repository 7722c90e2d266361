"""What schools read of the demand for what they teach. Numbers of people under `SMALLEST_GROUP` are hidden: None."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from accounts.models import Organisation, User
from core.choices import Sector
from demand import counting
from demand.models import InformationRequest, ProgrammeDemand, Proposal, ProposalFirm, SkillGap
from education.models import Programme
from matching import loading
from matching.models import Application
from matching.open_market import Market, open_market
from profiles.models import FinishedProgramme
from taxonomy.models import Skill, SkillNearness
from vacancies.models import Vacancy

MONTHS = 12
TOP = 12
Status = Programme.Status


def visible(people: int) -> int | None:
    """A number of people, or None when it speaks of too few; nobody at all is few too."""
    return people if people >= settings.SMALLEST_GROUP else None


@dataclass(frozen=True)
class ProgrammeRow:
    """A programme of the school with last night's numbers; all None before the first night."""

    programme: Programme
    vacancies: int | None
    people_over: int | None
    people_top: int | None
    open_requests: int
    counted: bool


def programmes_of(school: Organisation) -> list[ProgrammeRow]:
    """Published programmes, most wanted first, ties by title."""
    rows = (
        Programme.objects.filter(school=school, status=Status.PUBLISHED)
        .select_related("place")
        .annotate(n_requests=Count("requests", filter=Q(requests__answered_at=None)))
        .order_by("title", "id")
    )
    counted = {row.programme_id: row for row in ProgrammeDemand.objects.filter(programme__school=school)}
    found = []
    for programme in rows:
        number = counted.get(programme.pk)
        found.append(
            ProgrammeRow(
                programme,
                number.vacancies if number else None,
                visible(number.people_over) if number else None,
                visible(number.people_top) if number else None,
                programme.n_requests,
                number is not None,
            )
        )
    return sorted(found, key=lambda row: -(row.vacancies or 0))


def counted_at() -> datetime | None:
    """When the numbers were last counted; None before the first night."""
    return ProgrammeDemand.objects.order_by("-computed_at").values_list("computed_at", flat=True).first()


@dataclass(frozen=True)
class Month:
    first: date
    vacancies: int


@dataclass(frozen=True)
class Asked:
    """A skill in the vacancies that a programme helps: how many ask it, and whether the programme teaches it."""

    label: str
    foreign: bool
    vacancies: int
    taught: bool


@dataclass(frozen=True)
class Hired:
    """Where leavers found work; None: too few to say."""

    label: str
    people: int | None


@dataclass(frozen=True)
class ProgrammeDetail:
    programme: Programme
    vacancies: int
    firms: int
    months: list[Month]
    asked: list[Asked]
    people_over: int | None
    people_top: int | None
    counted: bool
    leavers: int | None
    hired: list[Hired]

    @property
    def most(self) -> int:
        """The highest month, at least one: the scale of the picture."""
        return max(1, *(month.vacancies for month in self.months))


def programme_detail(programme: Programme, today: date) -> ProgrammeDetail:
    """Everything about the demand for one published programme."""
    market, taught = open_market(), loading.programmes()
    row = int(np.searchsorted(taught.ids, programme.pk))
    if row == len(taught.ids) or taught.ids[row] != programme.pk:
        mask = np.zeros(len(market.index.vacancies.ids), dtype=bool)
    else:
        mask = counting.helps(market, taught)[row] & reach_of(market, programme.place, programme.mode)
    ids = market.index.vacancies.ids[mask].tolist()
    number = ProgrammeDemand.objects.filter(programme=programme).first()
    leavers = FinishedProgramme.objects.filter(programme=programme.pk)
    return ProgrammeDetail(
        programme=programme,
        vacancies=len(ids),
        firms=Vacancy.objects.filter(id__in=ids).values("organisation_id").distinct().count(),
        months=trend(programme, today),
        asked=_asked(market, mask, programme),
        people_over=visible(number.people_over) if number else None,
        people_top=visible(number.people_top) if number else None,
        counted=number is not None,
        leavers=visible(leavers.count()),
        hired=_hired(leavers),
    )


def reach_of(market: Market, place, mode: str = ""):
    """(n_vacancies,) mask of what is in reach of a place; everything for a programme that is online, or without a place."""
    if mode == Programme.Mode.ONLINE or place is None:
        return np.ones(len(market.index.vacancies.ids), dtype=bool)
    return counting.in_reach(market, place.latitude, place.longitude)[0]


def trend(programme: Programme, today: date) -> list[Month]:
    """Vacancies published in each of the last twelve months, in reach, that ask what the programme teaches."""
    first = [
        date(today.year + (today.month - 1 - back) // 12, (today.month - 1 - back) % 12 + 1, 1)
        for back in reversed(range(MONTHS))
    ]
    skills = set(programme.programme_skills.filter(confirmed=True).values_list("skill_id", flat=True))
    near = SkillNearness.objects.filter(other_id__in=skills, similarity__gte=counting.NEARLY_THE_SAME)
    skills |= set(near.values_list("skill_id", flat=True))
    papers = programme.programme_certificates.values("certificate_id")
    asking = (
        Vacancy.objects.filter(kind=Vacancy.Kind.VACANCY, published_at__date__gte=first[0])
        .exclude(status=Vacancy.Status.DRAFT)
        .filter(Q(requirements__skill_id__in=skills) | Q(certificate_requirements__certificate_id__in=papers))
        .annotate(month=TruncMonth("published_at"))
        .values_list("id", "month", "place__latitude", "place__longitude", "remote")
        .distinct()
    )
    rows = list(asking)
    if rows and programme.mode != Programme.Mode.ONLINE and programme.place is not None:
        near_enough = counting.near(
            programme.place.latitude, programme.place.longitude,
            np.array([row[2] for row in rows]), np.array([row[3] for row in rows]),
        )  # fmt: skip
        rows = [row for row, close in zip(rows, near_enough, strict=True) if close or row[4]]
    counts = Counter(row[1].date().replace(day=1) for row in rows)
    return [Month(month, counts[month]) for month in first]


def _asked(market: Market, mask, programme: Programme) -> list[Asked]:
    """What the vacancies that it helps ask most, taught or not."""
    index = market.index
    owner = np.repeat(np.arange(len(index.vacancies.ids)), np.diff(index.vacancies.indptr))
    counts = Counter(index.space.ids[index.vacancies.skill[mask[owner]]].tolist())
    teaches = set(programme.programme_skills.filter(confirmed=True).values_list("skill_id", flat=True))
    top = [skill for skill, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP]]
    labels = Skill.objects.in_bulk({*top, *(skill for skill in teaches if counts[skill])})
    shown = sorted(labels, key=lambda skill: (-counts[skill], skill))
    return [Asked(labels[s].label, labels[s].label_is_foreign, counts[s], s in teaches) for s in shown]


def _hired(leavers: QuerySet[FinishedProgramme]) -> list[Hired]:
    """Sectors in which people were hired in or after the year in which they finished; small ones hidden together."""
    rows = (
        Application.objects.filter(
            cv__finished_programmes__in=leavers, status=Application.Status.HIRED,
            decided_at__year__gte=F("cv__finished_programmes__year"),
        )
        .values_list("vacancy__organisation__sector")
        .annotate(people=Count("cv", distinct=True))
        .order_by("-people")
    )  # fmt: skip
    found = [(str(Sector(sector).label) if sector else "", people) for sector, people in rows]
    return [Hired(label, people) for label, people in found if visible(people) is not None]


# Gaps.


def gaps(sector: str = "", everything: bool = False) -> QuerySet[SkillGap]:
    """Skills that vacancies ask, by the vacancies that they would fill.

    Without `everything` only those that no programme teaches and that fewer people can do than are needed.
    """
    found = SkillGap.objects.select_related("skill").filter(vacancies__gt=0)
    if not everything:
        found = found.filter(programmes=0, people__lt=F("openings"))
    if sector:
        found = found.filter(sectors__has_key=sector)
    return found.order_by("-fills", "-vacancies", "skill_id")


# Proposals.


@dataclass(frozen=True)
class DraftSkill:
    skill: Skill
    gain: int  # hundredths of a vacancy
    vacancies: int

    @property
    def worth(self) -> float:
        """What it adds, in vacancies."""
        return self.gain / 100


@dataclass(frozen=True)
class Draft:
    """A set worked out for a field, not saved yet."""

    skills: list[DraftSkill]
    n_vacancies: int
    demand: int  # hundredths of a vacancy
    firms: list[tuple[Organisation, int]]  # with how many of their vacancies ask for a skill of the set

    @property
    def closes(self) -> int:
        """Percent of the demand that the set closes."""
        return round(100 * sum(one.gain for one in self.skills) / self.demand) if self.demand else 0


def draft(school: Organisation, sector: str, without: set[int], untaught_only: bool) -> Draft:
    """The set of skills that closes most of what vacancies of a sector in reach of the school lack."""
    market = open_market()
    asked = market.index.vacancies
    mask = reach_of(market, school.place)
    if sector:
        mask = mask & (asked.sector == loading.SECTORS[sector])
    counts = counting.count_skills(market, loading.all_candidates(), loading.programmes())
    ids = market.index.space.ids
    leave_out = {int(row) for row in np.flatnonzero(np.isin(ids, list(without)))}
    found = counting.propose(market, counts, mask, leave_out, untaught_only)
    skills = Skill.objects.in_bulk([int(ids[one.skill]) for one in found.skills])
    chosen = [DraftSkill(skills[int(ids[one.skill])], one.gain, one.vacancies) for one in found.skills]
    return Draft(
        chosen, len(found.vacancies), found.demand,
        firms_asking([one.skill.pk for one in chosen], asked.ids[found.vacancies].tolist()),
    )  # fmt: skip


def firms_asking(skills: list[int], vacancies: list[int]) -> list[tuple[Organisation, int]]:
    """Firms with a vacancy among these that asks one of these skills, most vacancies first."""
    counts = dict(
        Vacancy.objects.filter(id__in=vacancies, requirements__skill_id__in=skills)
        .order_by()
        .values_list("organisation_id")
        .annotate(n=Count("id", distinct=True))
    )
    firms = Organisation.objects.in_bulk(counts)
    return [(firms[pk], counts[pk]) for pk in sorted(counts, key=lambda pk: (-counts[pk], pk))]


def proposals_of(school: Organisation) -> QuerySet[Proposal]:
    answered = ~Q(firms__answer="")
    return (
        Proposal.objects.filter(school=school)
        .annotate(n_firms=Count("firms"), n_answers=Count("firms", filter=answered))
        .order_by("-created_at", "-id")
    )


def proposals_for(firm: Organisation) -> QuerySet[ProposalFirm]:
    """Proposals that schools shared with a firm, what it did not answer first."""
    return (
        ProposalFirm.objects.filter(firm=firm, proposal__shared_at__isnull=False)
        .select_related("proposal__school")
        .order_by("answer", "-proposal__shared_at", "id")
    )


def proposal_for(user: User, ref) -> tuple[Proposal, ProposalFirm | None] | None:
    """A proposal for who may read it: the school itself, or a member of a firm that it was shared with; else None."""
    proposal = Proposal.objects.filter(ref=ref).select_related("school").first()
    if proposal is None or not user.is_authenticated:
        return None
    if proposal.school.memberships.filter(user=user).exists():
        return proposal, None
    if proposal.shared_at is None:
        return None
    row = ProposalFirm.objects.filter(proposal=proposal, firm__memberships__user=user).select_related("firm").first()
    return (proposal, row) if row else None


def skills_of(proposal: Proposal):
    return list(proposal.skills.select_related("skill").order_by("position"))


def firms_of(proposal: Proposal):
    """Who answered first, then who asks most."""
    rows = proposal.firms.select_related("firm__place").order_by("-vacancies", "id")
    return sorted(rows, key=lambda row: not row.answer)


# Questions of people.


def requests_of(school: Organisation) -> QuerySet[InformationRequest]:
    """What people asked the school, open ones first, oldest first."""
    return (
        InformationRequest.objects.filter(programme__school=school)
        .select_related("programme")
        .order_by(F("answered_at").asc(nulls_first=True), "created_at", "id")
    )


def request_for(school: Organisation, ref) -> InformationRequest | None:
    """A question to this school; None when it is another's or does not exist."""
    return InformationRequest.objects.filter(programme__school=school, ref=ref).select_related("programme").first()


def own_request(user: User, programme: Programme) -> InformationRequest | None:
    """What this person asked about a programme and is still open."""
    return InformationRequest.objects.filter(person=user, programme=programme, answered_at=None).first()


def export_of(user: User) -> list[dict]:
    """What a person asked schools, as plain values."""
    fields = ("programme__title", "programme__school__name", "name", "email", "phone", "message", "created_at",
              "answered_at")  # fmt: skip
    return list(InformationRequest.objects.filter(person=user).order_by("id").values(*fields))
