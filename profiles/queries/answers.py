"""Answers as the operations take them, and everything of a CV as plain values."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date

from accounts.models import User
from profiles.answers import EducationAnswer, InitiativeAnswer
from profiles.interests import TYPES
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
from profiles.steps import VALUES
from taxonomy.models import Certificate, Occupation
from taxonomy.queries import certificates, find_certificates, near_occupations

COMMON_CERTIFICATES = (
    "rijbewijs_b", "vca_basis", "bhv", "ehbo", "heftruckcertificaat", "rijbewijs_be", "rijbewijs_c", "code_95", "haccp",
    "nen3140", "big_registratie", "vog",
)  # fmt: skip
MOST_OTHER_WORK = 6  # that is put before somebody to wish for


def jobs_of(cv: CV | None) -> list[Job]:
    return list(Job.objects.filter(cv=cv).select_related("occupation").order_by("id")) if cv else []


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
