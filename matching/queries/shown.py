"""What pages, the API and commands are given: frozen values, ready to show."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from core.references import seal
from education.models import Programme
from matching.models import Application, ChanceModel, DriftCheck
from profiles.models import CV
from taxonomy.models import Occupation
from vacancies.models import Vacancy

NOT_COMPETING = ("approached", "declined", "withdrawn")
JOURNEYS: dict[str, tuple[float, Promise]] = {  # {code: (under so many minutes, in words)}
    "under-15": (15, gettext_lazy("Less than 15 minutes away.")),
    "15-30": (30, gettext_lazy("15 to 30 minutes away.")),
    "30-45": (45, gettext_lazy("30 to 45 minutes away.")),
    "45-60": (60, gettext_lazy("45 to 60 minutes away.")),
    "over-60": (float("inf"), gettext_lazy("An hour or more away.")),
}


def is_known(status: str) -> bool:
    """Whether this status of an application lets the employer know who it is."""
    return bool(status) and status not in NOT_COMPETING


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
    foreign: bool = False  # the label is in English, for want of a Dutch one


@dataclass(frozen=True)
class BreakdownLine:
    """What one requirement or part adds to the fit, per mille; `page` of the smart CV is where one can change it."""

    label: str
    adds: int
    score: int  # of 100: how well it fits by itself
    known: bool
    page: str = ""
    foreign: bool = False


@dataclass(frozen=True)
class BreakdownPart:
    """Can, want or do: its weight in percent and its lines, which add up to `adds`."""

    key: str
    label: str
    weight: int
    adds: int
    lines: list[BreakdownLine]


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
    failing: list[Missing]  # what is indispensable and fails
    distance_km: float | None
    minutes: int | None
    chance: Chance
    contributions: list[tuple[str, int]]  # adds up to fit exactly
    breakdown: list[BreakdownPart]  # the same to the last requirement; adds up to fit exactly
    saved: bool = False
    status: str = ""
    features: tuple[float, ...] = field(default=(), repr=False)
    hire: Chance | None = None  # to be hired, an invitation included; on the person's own pages only
    applicants: int = 0  # others who applied so far: counted in the chance
    if_told: Chance | None = None  # with why and what was done told; before applying, on the person's own pages only
    journey: str = ""  # a code of JOURNEYS: all that is said of how far away somebody without a name lives

    @property
    def ref(self) -> UUID:
        """What the employer calls this person for this vacancy; for another vacancy it is something else."""
        return seal(self.vacancy.pk, self.cv.pk)

    @property
    def telling_helps(self) -> bool:
        """Whether telling why and what was done would show in the chance."""
        return (
            self.if_told is not None and self.chance.enough and self.if_told.enough and self.if_told.p > self.chance.p
        )

    @property
    def hard_failures(self) -> list[str]:
        """What is indispensable and fails, in words."""
        return [item.label for item in self.failing]

    @property
    def journey_words(self) -> str:
        """How far, roughly; empty when unknown."""
        return str(JOURNEYS[self.journey][1]) if self.journey else ""

    @property
    def name_is_known(self) -> bool:
        """Whether the employer may know who this is: after an application or a yes, until it is withdrawn."""
        return is_known(self.status)


@dataclass(frozen=True)
class Near:
    """A pair that would fit if one thing changed: which, in words, and the fit with it and without it, per mille."""

    cv: CV | None
    vacancy: Vacancy
    words: str
    kind: str
    fit: int
    fit_then: int
    page: str  # of the smart CV, where that one thing is said
    ref: UUID | None = None  # what the employer calls this person
    name: str = ""  # where the employer may know it


@dataclass(frozen=True)
class Candidate:
    """Somebody as an employer may see them; without an application that was sent, without a name."""

    cv: CV
    application: Application | None

    @property
    def is_known(self) -> bool:
        return self.application is not None and is_known(self.application.status)


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
class Course:
    """A programme that this person can begin: when (None: at any moment) and how far, in minutes (None: online, unknown)."""

    programme: Programme
    starts_on: date | None
    minutes: int | None


@dataclass(frozen=True)
class Together:
    """One course, or two taken together."""

    courses: list[Course]

    @property
    def programmes(self) -> list[Programme]:
        return [course.programme for course in self.courses]

    @property
    def months(self) -> float:
        """How long they take one after the other."""
        return sum(programme.weeks for programme in self.programmes) * 12 / 52

    @property
    def price(self) -> float:
        """EUR, without any subsidy."""
        return sum(float(programme.price) for programme in self.programmes)

    @property
    def brings(self) -> float:
        """What they are chosen for."""
        raise NotImplementedError

    @property
    def per_month(self) -> float:
        """What they bring a month; a course of a few days counts as a quarter of a month."""
        return round(self.brings / max(self.months, 0.25), 1)

    @property
    def per_thousand(self) -> float | None:
        """What they bring for every 1,000 euros; None for what is free."""
        return round(1000 * self.brings / self.price, 1) if self.price else None


@dataclass(frozen=True)
class Suggestion(Together):
    """Courses that raise the chance for one vacancy; `opens` counts vacancies that go from under to over even odds.

    gain is in percent points, with its 80 % interval.
    """

    chance_before: Chance
    chance_after: Chance
    gain: int
    gain_low: int
    gain_high: int
    opens: int
    skills: list[str]

    @property
    def brings(self) -> float:
        return self.gain


@dataclass(frozen=True)
class Advice(Together):
    """Courses that bring somebody on in the whole market, or towards an occupation (gain: points of mean chance)."""

    opens: int
    gain: float
    examples: list[tuple[int, str, int, int]]  # (vacancy id, title, chance now, chance after)
    by_opening: bool  # whether they are chosen for what they open, or for their gain

    @property
    def brings(self) -> float:
        return self.opens if self.by_opening else self.gain


@dataclass(frozen=True)
class MarketAdvice:
    """Advice with what it is measured from."""

    occupation: Occupation | None
    vacancies: int  # looked at
    likely_now: int  # of all open vacancies, over even odds today
    chance_now: int | None  # mean over the vacancies of the occupation, percent
    advice: list[Advice]


@dataclass(frozen=True)
class ReliabilityRow:
    said: float
    happened: float
    n: int


@dataclass(frozen=True)
class ModelQuality:
    """The live chance model of a target ("invited" or "hired") and its history, for operators."""

    target: str

    live: ChanceModel | None
    usable: bool  # whether chances come from the live model; False for one of an older engine, and without any
    headline: list[tuple[str, float]]
    reliability: list[ReliabilityRow]
    versions: list[ChanceModel]
    drift: DriftCheck | None = None  # the last check; None when there was none of this model
    shift: list[tuple[str, float]] = field(default_factory=list)  # features with the largest index, largest first
    alarms: list[dict] = field(default_factory=list)  # code, value, and the feature in words
