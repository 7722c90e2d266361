"""What an indicator is: one declaration that says all there is to know about a number."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cockpit.catalogue.formula import Formula
from cockpit.dimensions import DIMENSIONS
from cockpit.facts import FACTS, Facts, in_order, sources_of

Breakdown = tuple[str, ...]  # dimensions; () is the whole region


class Unit(StrEnum):
    PEOPLE = "people"
    NUMBER = "number"
    PERCENT = "percent"
    POINTS = "points"  # difference of percentages
    DAYS = "days"
    KM = "km"
    MINUTES = "minutes"
    HOURS = "hours"
    WEEKS = "weeks"
    EURO = "euro"
    RATIO = "ratio"
    SCORE = "score"  # 0 to 100

    @property
    def decimals(self) -> int:
        return {"ratio": 2, "percent": 1, "points": 1, "km": 1, "score": 1, "days": 1}.get(self.value, 0)


class Subject(TextChoices):
    SUPPLY = "supply", _("People")
    DEMAND = "demand", _("Work")
    MARKET = "market", _("How people and work meet")
    SKILLS = "skills", _("Skills")
    MOBILITY = "mobility", _("Moving: between jobs and to work")
    LEARNING = "learning", _("Learning")
    PASSION = "passion", _("What people love to do")
    FIRMS = "firms", _("Firms")
    TRUST = "trust", _("Fairness of the chance")


OWNERS = {
    Subject.SUPPLY: _("labour market analysis"), Subject.DEMAND: _("labour market analysis"),
    Subject.MARKET: _("labour market analysis"), Subject.SKILLS: _("labour market analysis"),
    Subject.MOBILITY: _("labour market analysis"), Subject.LEARNING: _("schools"), Subject.PASSION: _("matching"),
    Subject.FIRMS: _("employer services"), Subject.TRUST: _("matching"),
}  # fmt: skip


@dataclass(frozen=True)
class Indicator:
    """One number with its meaning. `breakdowns` are the tables that are published of it.

    `history` names the facts from which its months come; by default what is dated has months, and what is not keeps the
    value of the whole region of every month in which it was computed. `higher_is`: "better", "worse" or "" where neither.
    """

    key: str
    subject: Subject
    name: str | Promise
    question: str | Promise
    definition: str | Promise
    unit: Unit
    facts_key: str
    formula: Formula
    breakdowns: tuple[Breakdown, ...]
    history: str = ""
    history_breakdowns: tuple[Breakdown, ...] = ((),)
    higher_is: str = ""
    version: int = 1

    def __post_init__(self) -> None:
        for breakdown in (*self.breakdowns, *self.history_breakdowns):
            in_order_of_all = tuple(name for name in DIMENSIONS if name in breakdown)
            if breakdown != in_order_of_all or len(breakdown) > 2:
                raise ValueError(f"{self.key}: cannot be broken down by {breakdown}")

    @property
    def facts(self) -> Facts:
        return FACTS[self.facts_key]

    @property
    def history_facts(self) -> Facts | None:
        """Where its months come from; None when they have to be kept one by one."""
        if self.history:
            return FACTS[self.history]
        return self.facts if self.facts.dated else None

    @property
    def owner(self) -> str:
        return str(OWNERS[self.subject])

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(key for breakdown in self.breakdowns for key in breakdown))

    @property
    def sources(self) -> frozenset[str]:
        """Tables of the platform that it comes from."""
        return sources_of(self.facts_key) | (sources_of(self.history) if self.history else frozenset())

    @property
    def is_protected(self) -> bool:
        """Whether it speaks of people or firms, so that small groups are hidden."""
        return bool(self.facts.unit)

    @property
    def sql(self) -> str:
        """The formula for the whole region, as one query over the tables of the platform."""
        tables = ",\n".join(f"{facts.table} AS ({facts.sql.strip()})" for facts in in_order([self.facts_key]))
        within = " WHERE recent" if self.facts.dated else ""
        value = f"{self.formula.value} AS value, {self.formula.count} AS n"
        return f"WITH {tables}\nSELECT {value} FROM {self.facts.table}{within}"
