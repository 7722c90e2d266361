"""Answers on their way between pages, the API and the database."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.choices import EducationLevel, Level
from profiles.models import Initiative


@dataclass(frozen=True)
class JobAnswer:
    title: str
    occupation_id: int | None = None
    employer: str = ""
    start_year: int | None = None
    end_year: int | None = None
    is_current: bool = False


@dataclass(frozen=True)
class SkillAnswer:
    skill_id: int
    level: int = Level.INDEPENDENT
    joy: int | None = None
    unused_at_work: bool = False


@dataclass(frozen=True)
class EducationAnswer:
    title: str
    level: int
    year: int | None = None
    finished: bool = True

    @property
    def words(self) -> str:
        """The level, the year and whether it was finished, to be read."""
        parts = [EducationLevel(self.level).label, self.year, "" if self.finished else _("not finished")]
        return ", ".join(str(part) for part in parts if part)


@dataclass(frozen=True)
class InitiativeAnswer:
    kind: str
    text: str
    year: int | None = None

    @property
    def words(self) -> str:
        """The kind and the year, to be read."""
        return ", ".join(str(part) for part in (Initiative.Kind(self.kind).label, self.year) if part)


@dataclass(frozen=True)
class FinishedAnswer:
    """A programme that somebody finished, with what it teaches as it was then."""

    programme: int
    title: str
    school: str
    year: int
    skills: tuple[tuple[int, int], ...] = ()  # (skill id, level reached)
    certificates: tuple[int, ...] = ()
    grants_level: int | None = None  # of the diploma, when it gives one
    languages: tuple[tuple[str, int], ...] = ()  # (code, level reached)
