"""The smart CV as people read it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.choices import Day, Sector
from profiles.interests import LABELS, TYPES
from profiles.models import (
    CV,
    CVCertificate,
    CVLanguage,
    CVSkill,
    Job,
    WishedOccupation,
)
from profiles.queries.answers import educations_of, finished_of, initiatives_of, jobs_of, name_on
from profiles.steps import READY, VALUES

CONTACT = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|\+?(?:\d[\s()-]*){9,}")  # tells who somebody is
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
BETWEEN = {"van", "de", "der", "den", "het", "te", "ten", "ter", "en", "in", "op", "el", "al"}  # words, not names
FEW_GROUPS = 3
LONG_YEARS = 10


@dataclass(frozen=True)
class ShownJob:
    title: str
    employer: str  # empty when shown to employers
    years: str
    is_current: bool


@dataclass(frozen=True)
class ShownSkill:
    label: str
    foreign: bool
    level: int
    level_words: str
    loved: bool
    unused: bool
    learned_in: str = ""  # the programme that gave this level


@dataclass(frozen=True)
class ShownGroup:
    label: str
    skills: list[ShownSkill]


@dataclass(frozen=True)
class ShownPair:
    """Something with a remark, such as a language with its level."""

    label: str
    words: str


@dataclass(frozen=True)
class Bar:
    key: str
    label: str
    score: int
    words: str


@dataclass(frozen=True)
class ShownCV:
    """A smart CV ready to be read. Shown to others it holds no name, age, address or names of employers."""

    jobs: list[ShownJob]
    skills: list[ShownGroup]
    languages: list[ShownPair]
    certificates: list[ShownPair]
    educations: list[ShownPair]
    finished: list[ShownPair]  # programmes, with who says so
    wishes: list[str]
    sectors: list[str]
    values: list[ShownPair]
    interests: list[Bar]
    hours: str
    days: list[str]
    travel: str  # empty when shown to employers
    initiatives: list[ShownPair]
    ready_to_learn: str
    start: str

    @property
    def is_empty(self) -> bool:
        return not any((self.jobs, self.skills, self.languages, self.certificates, self.educations, self.wishes))


def cv_for_display(cv: CV, *, anonymous: bool = True) -> ShownCV:
    """A CV as employers may see it; with `anonymous=False` as its owner sees it. Ten queries at most."""
    plain = _stripper(cv) if anonymous else str
    return ShownCV(
        jobs=_jobs(cv, anonymous, plain),
        skills=_skill_groups(cv),
        languages=[
            ShownPair(row.get_language_display(), row.get_level_display())
            for row in CVLanguage.objects.filter(cv=cv).order_by("-level", "language")
        ],
        certificates=[
            ShownPair(row.certificate.label, _until(row.valid_until))
            for row in CVCertificate.objects.filter(cv=cv).select_related("certificate").order_by("id")
        ],
        educations=[
            ShownPair(plain(row.title), replace(row, year=None).words if anonymous else row.words)
            for row in sorted(educations_of(cv), key=lambda row: (-row.level, -(row.year or 0)))
        ],
        finished=[
            ShownPair(row.title, _joined(row.school, "" if anonymous else row.year, row.get_confirmed_by_display()))
            for row in finished_of(cv)
        ],
        wishes=[
            row.occupation.label
            for row in WishedOccupation.objects.filter(cv=cv).select_related("occupation").order_by("id")
        ],
        sectors=[str(Sector(code).label) for code in cv.wished_sectors if code in Sector.values],
        values=_values(cv),
        interests=bars(cv),
        hours=_hours(cv),
        days=[str(day.label) for day in Day if cv.days & day],
        travel="" if anonymous else _travel(cv),
        initiatives=[
            ShownPair(plain(row.text), replace(row, year=None).words if anonymous else row.words)
            for row in initiatives_of(cv)
        ],
        ready_to_learn=ready_words(cv.ready_to_learn),
        start=_start_words(cv.start_within_weeks),
    )


def _stripper(cv: CV) -> Callable[[str], str]:
    """Takes out of free text what tells who or how old the owner is: addresses, numbers, years, the own name."""
    names = {part for part in re.findall(r"\w{2,}", name_on(cv)) if part.lower() not in BETWEEN}
    own = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE) if names else None

    def strip(text: str) -> str:
        text = YEAR.sub("…", CONTACT.sub("…", text))
        return own.sub("…", text) if own else text

    return strip


def _joined(*parts: object) -> str:
    return ", ".join(str(part) for part in parts if part)


def _jobs(cv: CV, anonymous: bool, plain: Callable[[str], str]) -> list[ShownJob]:
    rows = sorted(jobs_of(cv), key=lambda job: (not job.is_current, -(job.end_year or job.start_year or 0), job.pk))
    return [
        ShownJob(plain(job.title), "", _duration(job), job.is_current)
        if anonymous
        else ShownJob(job.title, job.employer, years(job), job.is_current)
        for job in rows
    ]


def _duration(job: Job) -> str:
    """How long somebody had a job: calendar years would give their age away."""
    if job.is_current:
        return _("now")
    if not job.start_year or not job.end_year:
        return ""
    n = job.end_year - job.start_year
    if n >= LONG_YEARS:
        return _("%(n)s years or longer") % {"n": LONG_YEARS}
    return ngettext("%(n)s year", "%(n)s years", n) % {"n": n} if n else _("less than a year")


def years(job: Job) -> str:
    """When somebody had a job, in words; empty when unknown."""
    if job.is_current:
        return _("since %(year)s") % {"year": job.start_year} if job.start_year else _("now")
    if job.start_year and job.end_year and job.start_year != job.end_year:
        return f"{job.start_year}–{job.end_year}"
    return str(job.start_year or job.end_year or "")


def _skill_groups(cv: CV) -> list[ShownGroup]:
    """Skills under the heading of their group, best level first; the fullest group first."""
    groups: dict[str, list[ShownSkill]] = {}
    rows = CVSkill.objects.filter(cv=cv).select_related("skill__group", "learned_in").order_by("-level", "-joy", "id")
    for row in rows:
        label = row.skill.group.label if row.skill.group else ""
        shown = ShownSkill(
            row.skill.label, row.skill.label_is_foreign, row.level, row.get_level_display(), row.joy == 2,
            row.unused_at_work, row.learned_in.title if row.learned_in else "",
        )  # fmt: skip
        groups.setdefault(label, []).append(shown)
    known = sorted(((label, skills) for label, skills in groups.items() if label), key=lambda g: (-len(g[1]), g[0]))
    rest = groups.get("", [])
    if len(known) > FEW_GROUPS:  # a heading for one skill helps nobody
        rest += [skill for _label, skills in known if len(skills) == 1 for skill in skills]
        known = [group for group in known if len(group[1]) > 1]
    named = [ShownGroup(label, skills) for label, skills in known]
    return named + ([ShownGroup(_("Other skills") if named else _("Skills"), rest)] if rest else [])


def _until(day) -> str:
    return _("valid until %(date)s") % {"date": formats.date_format(day)} if day else ""


def value_words(score: int) -> str:
    """A value from 0 to 100 in words."""
    return _("not so important") if score < 40 else _("nice") if score < 80 else _("very important")


def _values(cv: CV) -> list[ShownPair]:
    scored = [(name, getattr(cv, name)) for name in VALUES if getattr(cv, name) is not None]
    return [
        ShownPair(str(CV._meta.get_field(name).verbose_name), value_words(score))
        for name, score in sorted(scored, key=lambda pair: -pair[1])
    ]


def bars(cv: CV) -> list[Bar]:
    """The six interests with words, strongest first; empty while unknown."""
    if cv.interests is None:
        return []
    scored = sorted(zip(TYPES, cv.interests, strict=True), key=lambda pair: -pair[1])
    return [Bar(key, str(LABELS[key]), score, _interest_words(score)) for key, score in scored]


def _interest_words(score: int) -> str:
    if score >= 75:
        return _("suits very well")
    return _("suits well") if score >= 50 else _("suits a little") if score >= 25 else _("suits less")


def _hours(cv: CV) -> str:
    if cv.hours_min and cv.hours_max and cv.hours_min != cv.hours_max:
        return _("%(low)s to %(high)s hours a week") % {"low": cv.hours_min, "high": cv.hours_max}
    if cv.hours_min and not cv.hours_max:
        return _("at least %(low)s hours a week") % {"low": cv.hours_min}
    hours = cv.hours_max or cv.hours_min
    return _("%(hours)s hours a week") % {"hours": hours} if hours else ""


def _travel(cv: CV) -> str:
    if not cv.travel_minutes:
        return _joined(cv.place)
    words = _("at most %(minutes)s minutes by %(mode)s") % {
        "minutes": cv.travel_minutes, "mode": cv.get_travel_mode_display(),
    }  # fmt: skip
    return _("from %(place)s, %(words)s") % {"place": cv.place, "words": words} if cv.place else words


def ready_words(value: int | None) -> str:
    """How ready somebody is to learn, in words; empty when unanswered."""
    return "" if value is None else str(READY[value])


def _start_words(weeks: int | None) -> str:
    if weeks is None:
        return ""
    if weeks == 0:
        return _("can start at once")
    return ngettext("can start in %(weeks)s week", "can start in %(weeks)s weeks", weeks) % {"weeks": weeks}
