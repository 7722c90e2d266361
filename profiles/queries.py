"""What is known about smart CVs."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core.choices import Day, Sector
from profiles.answers import EducationAnswer, InitiativeAnswer
from profiles.interests import ITEMS, LABELS, TYPES
from profiles.models import (
    CV,
    CVCertificate,
    CVLanguage,
    CVSkill,
    Education,
    FinishedProgramme,
    Initiative,
    Job,
    WishedOccupation,
)
from profiles.steps import READY, STEPS, VALUES, Step
from taxonomy.models import Certificate, Occupation, OccupationSkill
from taxonomy.queries import certificates, find_certificates, near_occupations

SESSION_KEY = "cv_ref"
ASIDE_KEY = "cv_aside"  # {"ref", "next"}: a draft of which we ask whose it is, and where the visitor was going
CONTACT = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|\+?(?:\d[\s()-]*){9,}")  # tells who somebody is
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
BETWEEN = {"van", "de", "der", "den", "het", "te", "ten", "ter", "en", "in", "op", "el", "al"}  # words, not names
ENOUGH_SKILLS = 5
FEW_GROUPS = 3
LONG_YEARS = 10
COMMON_CERTIFICATES = (
    "rijbewijs_b", "vca_basis", "bhv", "ehbo", "heftruckcertificaat", "rijbewijs_be", "rijbewijs_c", "code_95", "haccp",
    "nen3140", "big_registratie", "vog",
)  # fmt: skip
MOST_OTHER_WORK = 6  # that is put before somebody to wish for
OFFERED = 24  # skills that an occupation offers at once, besides those already kept
MOST_OFFERED = 120  # on one page, so that its form stays within the number of fields that the site accepts


def cv_of(request: HttpRequest) -> CV | None:
    """The smart CV of this visitor: the account's, or the draft of this browser session. None before anything is saved.

    A draft becomes the account's through `profiles.middleware.ClaimDraft`, before any view runs.
    """
    if request.user.is_authenticated:
        cv = CV.objects.filter(owner=request.user).select_related("place").first()
        if cv is not None:
            cv.owner = request.user
        return cv
    ref = request.session.get(SESSION_KEY)
    return CV.objects.filter(ref=ref, owner=None).select_related("place").first() if ref else None


def is_perhaps_of_another(ref: str, user: User) -> bool:
    """Whether a draft in this browser may be somebody else's: there is something in it, and the account has its own."""
    draft = CV.objects.filter(ref=ref, owner=None).first()
    own = CV.objects.filter(owner=user).first()
    return draft is not None and own is not None and is_begun(draft) and is_begun(own)


def draft_aside(request: HttpRequest) -> CV | None:
    """The draft that was put aside in this browser, until somebody says whose it is."""
    ref = request.session.get(ASIDE_KEY, {}).get("ref")
    return CV.objects.filter(ref=ref, owner=None).first() if ref else None


def is_begun(cv: CV) -> bool:
    """Whether anything was filled in."""
    return any(state.status != "todo" for state in completeness(cv))


def counted(cv: CV) -> list[str]:
    """How much a CV holds, without what: "1 job", "4 skills"."""
    have = counts(cv)
    return [
        _counted(key, have[key]) for key in ("jobs", "skills", "educations", "languages", "certificates") if have[key]
    ]


# The CV as people read it.


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


# What the pages of the CV need.


def jobs_of(cv: CV | None) -> list[Job]:
    return list(Job.objects.filter(cv=cv).select_related("occupation").order_by("id")) if cv else []


@dataclass(frozen=True)
class SkillChoice:
    """A skill on the page of skills: held already, or offered because it goes with a job."""

    skill_id: int
    label: str
    foreign: bool
    held: bool
    level: int
    joy: int | None
    unused: bool


@dataclass(frozen=True)
class SkillChoices:
    title: str  # the job it goes with; empty for the other skills
    held: list[SkillChoice]
    offered: list[SkillChoice]


def skill_choices(cv: CV | None) -> list[SkillChoices]:
    """All skills of a CV and those that go with its jobs, a list a job; every skill once."""
    if cv is None:
        return []
    held = {row.skill_id: row for row in CVSkill.objects.filter(cv=cv).select_related("skill").order_by("id")}
    jobs = [job for job in jobs_of(cv) if job.occupation_id]
    needed = _needed_by(list(dict.fromkeys(job.occupation_id for job in jobs)))
    seen: set[int] = set()
    room = MOST_OFFERED
    result = []
    for job in jobs:
        rows = [row for row in needed.get(job.occupation_id, []) if row.skill_id not in seen]
        mine = [_held(held[row.skill_id]) for row in rows if row.skill_id in held]
        came_along = [row for row in held.values() if row.job_id == job.pk and row.skill_id not in seen]
        listed = {choice.skill_id for choice in mine}
        mine += [_held(row) for row in came_along if row.skill_id not in listed]
        offered = [
            SkillChoice(row.skill_id, row.skill.label, row.skill.label_is_foreign, False, 3, None, False)
            for row in rows
            if row.skill_id not in held
        ][: min(OFFERED, room)]
        room -= len(offered)
        seen |= {choice.skill_id for choice in mine + offered}
        if mine or offered:
            result.append(SkillChoices(job.title, mine, offered))
    rest = [_held(row) for pk, row in held.items() if pk not in seen]
    return result + ([SkillChoices("", rest, [])] if rest else [])


def _held(row: CVSkill) -> SkillChoice:
    return SkillChoice(
        row.skill_id, row.skill.label, row.skill.label_is_foreign, True, row.level, row.joy, row.unused_at_work
    )


def _needed_by(occupation_ids: list[int]) -> dict[int, list[OccupationSkill]]:
    """What each occupation needs, essential and telling skills first; one query for all of them."""
    needed: dict[int, list[OccupationSkill]] = {}
    rows = OccupationSkill.objects.filter(occupation_id__in=occupation_ids).select_related("skill")
    for row in sorted(rows, key=lambda r: (not r.essential, r.source != "core", -r.skill.idf, r.skill_id)):
        needed.setdefault(row.occupation_id, []).append(row)
    return needed


def counts(cv: CV | None) -> dict[str, int]:
    """How many answers each step holds, in one query."""
    if cv is None:
        return {}
    tables = {
        "jobs": Job, "skills": CVSkill, "educations": Education, "languages": CVLanguage,
        "certificates": CVCertificate, "occupations": WishedOccupation, "initiatives": Initiative,
    }  # fmt: skip
    made = {
        name: Subquery(
            model.objects.filter(cv=OuterRef("pk")).order_by().values("cv").annotate(n=Count("pk")).values("n")
        )
        for name, model in tables.items()
    }
    row = CV.objects.filter(pk=cv.pk).annotate(**{f"n_{name}": query for name, query in made.items()})
    values = row.values(*(f"n_{name}" for name in made)).get()
    return {name: values[f"n_{name}"] or 0 for name in made}


@dataclass(frozen=True)
class StepState:
    """One step of the CV: "done", "busy" (something is there, more helps) or "todo"."""

    step: Step
    status: str
    hint: str


def completeness(cv: CV | None) -> list[StepState]:
    """How far each step is, with what it brings or holds."""
    have = counts(cv)
    states = []
    for step in STEPS:
        status, hint = _state(step.key, cv, have)
        states.append(StepState(step, status, hint or str(step.brings)))
    return states


def _state(key: str, cv: CV | None, have: dict[str, int]) -> tuple[str, str]:
    if cv is None:
        return "todo", ""
    if key in {"jobs", "skills", "educations", "languages", "certificates"}:
        n = have[key]
        few = key == "skills" and n < ENOUGH_SKILLS
        return ("todo", "") if not n else ("busy" if few else "done", _counted(key, n))
    if key == "interests":
        n = len(cv.interest_answers)
        hint = _("%(n)s of %(of)s choices made") % {"n": n, "of": len(ITEMS)} if 0 < n < len(ITEMS) else ""
        return ("done" if n == len(ITEMS) else "busy" if n else "todo"), hint
    if key == "choices":
        n = len(cv.choice_answers)
        hint = "" if cv.choice_result or not n else _counted("choices", n)
        return ("done" if cv.choice_result else "busy" if n else "todo"), hint
    if key == "values":
        n = sum(value is not None for value in cv.work_values)
        return ("done" if n == len(VALUES) else "busy" if n else "todo"), ""
    if key == "wishes":
        parts = [cv.place_id, cv.hours_max or cv.hours_min, have["occupations"] or cv.wished_sectors]
        n = sum(bool(part) for part in parts)
        return ("done" if n == len(parts) else "busy" if n else "todo"), ""
    n = (cv.ready_to_learn is not None) + (cv.start_within_weeks is not None)
    return ("done" if n == 2 else "busy" if n or have["initiatives"] else "todo"), ""


def _counted(key: str, n: int) -> str:
    words = {
        "jobs": ngettext("%(n)s job", "%(n)s jobs", n),
        "skills": ngettext("%(n)s skill", "%(n)s skills", n),
        "educations": ngettext("%(n)s education", "%(n)s educations", n),
        "languages": ngettext("%(n)s language", "%(n)s languages", n),
        "choices": ngettext("%(n)s choice made", "%(n)s choices made", n),
        "certificates": ngettext("%(n)s certificate", "%(n)s certificates", n),
    }
    return words[key] % {"n": n}


# Answers as the operations take them.


def educations_of(cv: CV | None) -> list[EducationAnswer]:
    rows = Education.objects.filter(cv=cv).order_by("id") if cv else []
    return [EducationAnswer(row.title, row.level, row.year, row.finished) for row in rows]


def initiatives_of(cv: CV | None) -> list[InitiativeAnswer]:
    rows = Initiative.objects.filter(cv=cv).order_by("id") if cv else []
    return [InitiativeAnswer(row.kind, row.text, row.year) for row in rows]


def finished_of(cv: CV | None) -> list[FinishedProgramme]:
    """Programmes that somebody finished, newest first."""
    return list(FinishedProgramme.objects.filter(cv=cv).order_by("-year", "-id")) if cv else []


def languages_of(cv: CV | None) -> dict[str, int]:
    """{language code: level}, best first."""
    rows = CVLanguage.objects.filter(cv=cv).order_by("-level", "language") if cv else []
    return {row.language: row.level for row in rows}


def certificates_of(cv: CV | None) -> dict[int, date | None]:
    """{certificate id: valid until}."""
    rows = CVCertificate.objects.filter(cv=cv).order_by("id") if cv else []
    return {row.certificate_id: row.valid_until for row in rows}


def certificate_choices(held: Sequence[int], search: str = "") -> list[Certificate]:
    """What the page of certificates offers: found by the search, held, then common ones."""
    found = certificates_found(search)
    everything = {each.pk: each for each in certificates()}
    common = sorted(
        (each for each in everything.values() if each.key in COMMON_CERTIFICATES),
        key=lambda each: COMMON_CERTIFICATES.index(each.key),
    )
    chosen = found + [everything[pk] for pk in held if pk in everything] + common
    return list({each.pk: each for each in chosen}.values())


def certificates_found(search: str) -> list[Certificate]:
    return find_certificates(search, limit=6) if search else []


def wished_occupations(cv: CV | None) -> list[Occupation]:
    rows = WishedOccupation.objects.filter(cv=cv).select_related("occupation").order_by("id") if cv else []
    return [row.occupation for row in rows]


def other_work(cv: CV | None, held: Collection[int]) -> list[Occupation]:
    """Work to wish for besides `held` (ids): what somebody did, then what is near to it or to their wishes."""
    did = (
        [job.occupation for job in cv.jobs.order_by("-id").select_related("occupation") if job.occupation] if cv else []
    )
    own = {one.pk: one for one in did if one.pk not in held}
    near = near_occupations({*held, *own}, limit=MOST_OTHER_WORK)
    return [*own.values(), *near][:MOST_OTHER_WORK]


def wishes_of(cv: CV) -> dict:
    """All wishes as `operations.save_wishes` takes them."""
    return {
        "occupations": list(
            WishedOccupation.objects.filter(cv=cv).order_by("id").values_list("occupation_id", flat=True)
        ),
        "sectors": cv.wished_sectors,
        "hours_min": cv.hours_min,
        "hours_max": cv.hours_max,
        "days": cv.days,
        "travel_mode": cv.travel_mode,
        "travel_minutes": cv.travel_minutes,
        "place": cv.place,
    }


def everything_of(cv: CV) -> dict:
    """All answers of a CV as plain values, named as the API and the export name them."""
    skills = CVSkill.objects.filter(cv=cv).select_related("skill").order_by("id")
    held = CVCertificate.objects.filter(cv=cv).select_related("certificate").order_by("id")
    wishes = wishes_of(cv)
    place = wishes.pop("place")
    return {
        "version": cv.version,
        "updated_at": cv.updated_at,
        "findable": cv.findable,
        "jobs": [
            {
                "title": job.title,
                "occupation": job.occupation_id,
                "occupation_label": job.occupation.label if job.occupation else "",
                "employer": job.employer,
                "start_year": job.start_year,
                "end_year": job.end_year,
                "is_current": job.is_current,
            }
            for job in jobs_of(cv)
        ],
        "skills": [
            {
                "skill": row.skill_id,
                "label": row.skill.label,
                "level": row.level,
                "joy": row.joy,
                "unused_at_work": row.unused_at_work,
            }
            for row in skills
        ],
        "educations": [asdict(row) for row in educations_of(cv)],
        "education_level": cv.education_level,
        "languages": [{"language": code, "level": level} for code, level in languages_of(cv).items()],
        "certificates": [
            {"certificate": row.certificate_id, "label": row.certificate.label, "valid_until": row.valid_until}
            for row in held
        ],
        "interest_answers": cv.interest_answers,
        "interests": dict(zip(TYPES, cv.interests, strict=True)) if cv.interests else None,
        "values": dict(zip(VALUES, cv.work_values, strict=True)),
        "wishes": wishes | {"postcode": place.pk if place else None},
        "ready_to_learn": cv.ready_to_learn,
        "start_within_weeks": cv.start_within_weeks,
        "unused_because": cv.unused_because,
        "initiatives": [asdict(row) for row in initiatives_of(cv)],
        "choices": [{"pair": code, "answer": answer} for code, answer in cv.choice_answers],
        "choice_result": cv.choice_result,
        "finished_programmes": [
            {
                "programme": row.programme,
                "title": row.title,
                "school": row.school,
                "year": row.year,
                "confirmed_by": row.confirmed_by,
            }
            for row in finished_of(cv)
        ],
    }


def export_of(user: User) -> dict | None:
    """What this room holds about a person; None without a smart CV."""
    cv = CV.objects.filter(owner=user).select_related("place").first()
    return everything_of(cv) if cv else None


def name_on(cv: CV) -> str:
    """The name on the printed CV; empty for a draft."""
    return cv.owner.name if cv.owner_id else ""
