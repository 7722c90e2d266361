"""The tables of the first page, read from the data points."""

from dataclasses import dataclass
from datetime import datetime

from cockpit.dimensions import words_of
from cockpit.queries import last_computed, values

TOP = 10
LEAST_ASKED = 5


@dataclass(frozen=True)
class SectorRow:
    """One sector: people who work or last worked there, and people that open vacancies ask for."""

    sector: str
    supply: int | None
    demand: int
    tightness: float | None


@dataclass(frozen=True)
class SkillRow:
    label: str
    asked: int
    offered: int | None
    taught: int


@dataclass(frozen=True)
class ReasonRow:
    reason: str
    count: int | None


@dataclass(frozen=True)
class Figures:
    """The state of the region; None stands for hidden or unknown."""

    computed_at: datetime | None
    jobseekers: int | None
    vacancies: int
    places_of_work: int
    functions: int
    employers: int
    programmes: int
    tightness: float | None
    sectors: tuple[SectorRow, ...]
    scarce_skills: tuple[SkillRow, ...]
    unused_skills: tuple[SkillRow, ...]
    people_with_unused_skills: int | None
    applications: int | None
    invited: int | None
    hired: int | None
    hires: int | None
    median_chance: int | None
    chance_spread: int | None
    days_to_decision: int | None
    days_to_fill: int | None
    reasons: tuple[ReasonRow, ...]
    gained_by_training: int


WHOLE = ("jobseekers", "vacancies", "openings", "functions", "firms", "programmes", "tightness", "unused", "applications",
         "invited", "hired", "hires", "chance_median", "chance_spread", "days_to_decision", "time_to_fill",
         "skills_untaught")  # fmt: skip
SECTORS = ("jobseekers", "openings", "tightness")
SKILLS = ("skills_asked", "skills_offered", "unused_skills", "skills_taught", "skill_scarcity")


def figures() -> Figures:
    """What was last computed."""
    asked = [(key, "") for key in WHOLE] + [(key, "sector") for key in SECTORS] + [(key, "skill") for key in SKILLS]
    found = values([*asked, ("rejection_reasons", "reason")])

    def shown(key: str, breakdown: str = "", code: str = "") -> float | None:
        return found.get((key, breakdown, code, ""), (None, None, False))[0]

    def whole(key: str) -> int | None:
        value = shown(key)
        return None if value is None else round(value)

    def codes(key: str, breakdown: str) -> list[str]:
        return [first for one, of, first, _second in found if (one, of) == (key, breakdown)]

    def skill_row(code: str, people: str) -> SkillRow:
        offered = shown(people, "skill", code)
        return SkillRow(
            skills.get(code, code), round(shown("skills_asked", "skill", code) or 0),
            None if offered is None else round(offered), round(shown("skills_taught", "skill", code) or 0),
        )  # fmt: skip

    skills, sectors, reasons = words_of("skill"), words_of("sector"), words_of("reason")
    rows = [
        SectorRow(
            sectors[code], _whole(shown("jobseekers", "sector", code)), round(shown("openings", "sector", code) or 0),
            shown("tightness", "sector", code),
        )
        for code in {*codes("jobseekers", "sector"), *codes("openings", "sector")} - {"?"}
    ]  # fmt: skip
    scarce = [
        code for code in codes("skills_asked", "skill") if (shown("skills_asked", "skill", code) or 0) >= LEAST_ASKED
    ]
    scarce.sort(key=lambda code: (-(shown("skill_scarcity", "skill", code) or 0), code))
    unused = [code for code in codes("unused_skills", "skill") if shown("unused_skills", "skill", code)]
    unused.sort(key=lambda code: (-(shown("unused_skills", "skill", code) or 0), code))
    said = [
        ReasonRow(reasons[code], _whole(shown("rejection_reasons", "reason", code)))
        for code in codes("rejection_reasons", "reason")
        if code != "-"
    ]
    return Figures(
        computed_at=last_computed(),
        jobseekers=whole("jobseekers"), vacancies=whole("vacancies") or 0, places_of_work=whole("openings") or 0,
        functions=whole("functions") or 0, employers=whole("firms") or 0, programmes=whole("programmes") or 0,
        tightness=shown("tightness"), sectors=tuple(sorted(rows, key=lambda row: (-row.demand, row.sector))),
        scarce_skills=tuple(skill_row(code, "skills_offered") for code in scarce[:TOP]),
        unused_skills=tuple(skill_row(code, "unused_skills") for code in unused[:TOP]),
        people_with_unused_skills=whole("unused"), applications=whole("applications"), invited=whole("invited"),
        hired=whole("hired"), hires=whole("hires"), median_chance=whole("chance_median"),
        chance_spread=whole("chance_spread"), days_to_decision=whole("days_to_decision"),
        days_to_fill=whole("time_to_fill"), reasons=tuple(sorted(said, key=lambda row: (-(row.count or 0), row.reason))),
        gained_by_training=whole("skills_untaught") or 0,
    )  # fmt: skip


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
