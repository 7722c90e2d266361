"""Small, valid rows for tests. Every function makes what it needs; keyword arguments overrule."""

import itertools

from django.utils import timezone

from accounts.models import Membership, Organisation, User
from core.models import Place
from education.models import Programme, ProgrammeSkill
from profiles.models import CV, CVSkill
from taxonomy.models import Occupation, OccupationSkill, Skill, SkillGroup
from vacancies.models import Requirement, Vacancy

PASSWORD = "bijna-altijd-wind-tegen"
_number = itertools.count(1)


def make_place(postcode: str = "9711", **fields) -> Place:
    defaults = {
        "name": "Groningen", "municipality": "Groningen", "province": "Groningen",
        "latitude": 53.2194, "longitude": 6.5665, "source": "test",
    }  # fmt: skip
    return Place.objects.get_or_create(postcode=postcode, defaults=defaults | fields)[0]


def make_user(email: str = "", **fields) -> User:
    return User.objects.create_user(email or f"person{next(_number)}@example.org", None, **fields)


def make_organisation(kind: str = "employer", member: User | None = None, **fields) -> Organisation:
    number = next(_number)
    defaults = {"name": f"Firm {number}", "kvk": f"{number:08d}", "sector": "construction", "place": make_place()}
    organisation = Organisation.objects.create(kind=kind, **(defaults | fields))
    if member is not None:
        Membership.objects.create(organisation=organisation, user=member)
    return organisation


def make_skill(label: str = "", **fields) -> Skill:
    number = next(_number)
    label = label or f"vaardigheid {number}"
    return Skill.objects.create(uri=f"urn:test:skill:{number}", label_nl=label, label_en=f"{label} (en)", **fields)


def make_skill_group(label: str = "groep") -> SkillGroup:
    return SkillGroup.objects.create(uri=f"urn:test:group:{next(_number)}", label_nl=label, label_en=label)


def make_occupation(label: str = "", essential: tuple[Skill, ...] = (), **fields) -> Occupation:
    number = next(_number)
    label = label or f"beroep {number}"
    defaults = {"isco": "7126", "sector": "construction", "education_level": 3, "pay_min": 2500, "pay_max": 3300}
    occupation = Occupation.objects.create(
        uri=f"urn:test:occupation:{number}", label_nl=label, label_en=f"{label} (en)", **(defaults | fields)
    )
    OccupationSkill.objects.bulk_create(
        [OccupationSkill(occupation=occupation, skill=skill, essential=True, source="core") for skill in essential]
    )
    return occupation


def make_cv(owner: User | None = None, skills: dict[Skill, int] | None = None, **fields) -> CV:
    """A CV; `skills` maps a skill to a level 1-5."""
    defaults = {"place": make_place(), "hours_min": 24, "hours_max": 40, "travel_minutes": 45, "education_level": 3}
    cv = CV.objects.create(owner=owner, **(defaults | fields))
    CVSkill.objects.bulk_create([CVSkill(cv=cv, skill=skill, level=level) for skill, level in (skills or {}).items()])
    return cv


def make_vacancy(organisation: Organisation | None = None, skills: dict[Skill, int] | None = None, **fields) -> Vacancy:
    """An open vacancy; `skills` maps a required skill to its least level 1-5."""
    defaults = {
        "title": "Monteur", "hours_min": 32, "hours_max": 40, "pay_min": 2500, "pay_max": 3200, "place": make_place(),
        "status": Vacancy.Status.OPEN, "published_at": timezone.now(),
    }  # fmt: skip
    if "occupation" not in fields:
        defaults["occupation"] = make_occupation()
    vacancy = Vacancy.objects.create(organisation=organisation or make_organisation(), **(defaults | fields))
    Requirement.objects.bulk_create(
        [Requirement(vacancy=vacancy, skill=skill, min_level=level) for skill, level in (skills or {}).items()]
    )
    return vacancy


def make_programme(school: Organisation | None = None, skills: dict[Skill, int] | None = None, **fields) -> Programme:
    """A published programme; `skills` maps a skill it teaches to the level it reaches."""
    number = next(_number)
    defaults = {
        "code": f"P{number}", "title": f"Cursus {number}", "weeks": 10, "hours_per_week": 8, "price": 450,
        "place": make_place(), "status": Programme.Status.PUBLISHED,
    }  # fmt: skip
    programme = Programme.objects.create(
        school=school or make_organisation("school", sector="education"), **(defaults | fields)
    )
    ProgrammeSkill.objects.bulk_create(
        [
            ProgrammeSkill(programme=programme, skill=skill, level=level, confirmed=True)
            for skill, level in (skills or {}).items()
        ]
    )
    return programme
