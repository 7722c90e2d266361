"""The Location Skills Audit: sector by sector what people can do, what of it is used and unused, why, what work is expected, and
what would bring the reserve into motion; for the whole region or any set of municipalities.

Numbers for a set of municipalities are sums of published data points, so the report tells nothing that they do not tell: where
a part is hidden, the sum is of the parts that are shown and says so (`hidden` counts the parts that are left out).
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import get_language

from cockpit.dimensions import UNKNOWN, label, words_of
from cockpit.prospects import Prospect, prospects
from cockpit.queries import Category, last_computed, values

KEPT_SECONDS = 24 * 3600
TOP = 12  # skill groups and skills that are named


@dataclass(frozen=True)
class Total:
    """A sum of published values; None when nothing of it is shown."""

    value: float | None
    hidden: int = 0

    @property
    def is_whole(self) -> bool:
        return self.hidden == 0


@dataclass(frozen=True)
class SkillUse:
    """How many people have, use and do not use a (group of) skill(s), and how many vacancies ask it."""

    category: Category
    offered: Total
    used: Total
    unused: Total
    asked: Total


@dataclass(frozen=True)
class Reason:
    category: Category
    people: Total


@dataclass(frozen=True)
class SectorAudit:
    """One branch. Skills and reasons are those of the whole region; people and work are of the chosen places."""

    category: Category
    people: Total
    openings: Total
    tightness: float | None  # None when either is not known whole
    unused_share: float | None
    skills: tuple[SkillUse, ...]
    reasons: tuple[Reason, ...]
    outlook: Prospect | None
    mobilise: str  # the reason that most people gave, as a code of UnusedReason; "" when unknown


@dataclass(frozen=True)
class SkillsAudit:
    municipalities: tuple[str, ...]  # () is the whole region
    people: Total
    in_work: Total
    openings: Total
    skills: tuple[SkillUse, ...]
    reasons: tuple[Reason, ...]
    sectors: tuple[SectorAudit, ...]
    unused_skills: tuple[SkillUse, ...]  # single skills, whole region


PEOPLE_TABLES = ("jobseekers", "in_work", "openings")
SKILL_TABLES = ("skills_offered", "used_skills", "unused_skills", "skills_asked")
Found = dict[tuple[str, str, str, str], tuple[float | None, int | None, bool]]


def skills_audit(municipalities: Iterable[str] = ()) -> SkillsAudit:
    """The report for these municipalities (names; unknown ones count for nothing), or for the whole region.

    It is made anew after every refresh, and kept until the next one.
    """
    places = tuple(dict.fromkeys(municipalities))
    print_ = hashlib.sha256("|".join([get_language() or "", str(last_computed()), *places]).encode()).hexdigest()
    return cache.get_or_set(f"cockpit:audit:{print_}", lambda: _made(places), KEPT_SECONDS)


def _made(places: tuple[str, ...]) -> SkillsAudit:
    found = values(_tables())
    sbi, groups, reasons = words_of("sbi"), words_of("skill_group"), words_of("unused_reason")
    growth = {one.category.code: one for one in prospects("sbi")}
    branches = sorted({first for key, of, first, _second in found if of == "sbi" and key in PEOPLE_TABLES} - {UNKNOWN})
    skill_uses = _uses(found, groups, "skill_group", places)
    return SkillsAudit(
        municipalities=places,
        people=_sum(found, "jobseekers", "", places), in_work=_sum(found, "in_work", "", places),
        openings=_sum(found, "openings", "", places), skills=skill_uses,
        reasons=_reasons(found, reasons, places), unused_skills=_single_skills(found),
        sectors=tuple(_sector(found, code, label(sbi, code), groups, reasons, growth.get(code), places) for code in branches),
    )  # fmt: skip


def _tables() -> list[tuple[str, str]]:
    tables = [(key, breakdown) for key in PEOPLE_TABLES for breakdown in ("", "municipality", "sbi")]
    tables += [("jobseekers", "municipality,sbi"), ("openings", "municipality,sbi"), ("unused_share", "sbi")]
    tables += [
        (key, of) for key in SKILL_TABLES for of in ("skill_group", "sbi,skill_group", "municipality,skill_group")
    ]
    tables += [(key, "skill") for key in SKILL_TABLES]
    tables += [("unused_reasons", of) for of in ("unused_reason", "sbi,unused_reason", "municipality,unused_reason")]
    return tables


def _add(parts: Collection[tuple[float | None, int | None, bool]]) -> Total:
    shown = [value for value, _n, suppressed in parts if not suppressed and value is not None]
    hidden = sum(suppressed for _value, _n, suppressed in parts)
    return Total(sum(shown) if shown or not hidden else None, hidden)


def _sum(found: Found, key: str, code: str, places: tuple[str, ...]) -> Total:
    """Of the whole region or of places; `code` "" is everything together."""
    if not places:
        one = found.get((key, "sbi", code, "") if code else (key, "", "", ""))
        return _add([one] if one else [])
    if not code:
        return _add([found[at] for place in places if (at := (key, "municipality", place, "")) in found])
    return _add([found[at] for place in places if (at := (key, "municipality,sbi", place, code)) in found])


def _uses(
    found: Found, words: dict[str, str], dimension: str, places: tuple[str, ...], branch: str = ""
) -> tuple[SkillUse, ...]:
    prefix = "municipality," if places else "sbi," if branch else ""
    breakdown = f"{prefix}{dimension}"
    codes: dict[str, dict[str, list]] = {}
    for (key, of, first, second), shown in found.items():
        if of != breakdown or key not in SKILL_TABLES:
            continue
        if (places and first not in places) or (branch and first != branch):
            continue
        code = second if prefix else first
        codes.setdefault(code, {}).setdefault(key, []).append(shown)
    rows = [
        SkillUse(Category(code, label(words, code)), *(_add(tables.get(key, [])) for key in SKILL_TABLES))
        for code, tables in codes.items()
        if code != UNKNOWN
    ]
    rows = [row for row in rows if row.unused.value or row.used.value or row.offered.value]
    return tuple(sorted(rows, key=lambda row: (-(row.unused.value or 0), row.category.label))[:TOP])


def _single_skills(found: Found) -> tuple[SkillUse, ...]:
    return _uses(found, words_of("skill"), "skill", ())


def _reasons(found: Found, words: dict[str, str], places: tuple[str, ...], branch: str = "") -> tuple[Reason, ...]:
    prefix = "municipality," if places else "sbi," if branch else ""
    codes: dict[str, list] = {}
    for (key, of, first, second), shown in found.items():
        if key == "unused_reasons" and of == f"{prefix}unused_reason":
            if (places and first not in places) or (branch and first != branch):
                continue
            codes.setdefault(second if prefix else first, []).append(shown)
    rows = [Reason(Category(code, label(words, code)), _add(parts)) for code, parts in codes.items()]
    return tuple(sorted(rows, key=lambda row: (-(row.people.value or 0), row.category.label)))


def _sector(
    found: Found, code: str, name: str, groups: dict[str, str], reasons: dict[str, str], growth: Prospect | None,
    places: tuple[str, ...],
) -> SectorAudit:  # fmt: skip
    people, openings = _sum(found, "jobseekers", code, places), _sum(found, "openings", code, places)
    whole = people.is_whole and openings.is_whole and people.value and openings.value is not None
    said = _reasons(found, reasons, (), code)
    most = next((row.category.code for row in said if row.people.value), "")
    unused = found.get(("unused_share", "sbi", code, ""))
    return SectorAudit(
        Category(code, name), people, openings, round(openings.value / people.value, 2) if whole else None,
        unused[0] if unused else None, _uses(found, groups, "skill_group", (), code), said, growth, most,
    )  # fmt: skip
