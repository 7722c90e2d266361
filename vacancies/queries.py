"""What is known about vacancies."""

from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from core.geo import distance_km
from core.models import Place
from taxonomy.models import Occupation
from taxonomy.queries import search_occupations, skills_of_occupation
from vacancies.models import CertificateRequirement, LanguageRequirement, Requirement, Vacancy

PROPOSED_ESSENTIAL, PROPOSED_OPTIONAL = 9, 3
CORE_REQUIREMENTS = 3
KM_PER_DEGREE = 111.0


@dataclass(frozen=True)
class Proposal:
    """What a vacancy for an occupation usually asks, to be corrected by the employer."""

    title: str
    occupation: Occupation
    requirements: list[dict]  # {"skill": id, "importance": 1-3, "level": 1-5, "hard": False}
    education_level: int | None
    pay_min: int | None
    pay_max: int | None
    text: str


def open_vacancies() -> QuerySet[Vacancy]:
    """Open vacancies and functions with what lists show of them, newest first."""
    return Vacancy.objects.open().select_related("organisation", "place", "occupation").order_by("-published_at", "-id")


def search(
    *, text: str = "", sector: str = "", kind: str = "", hours: int | None = None, min_pay: int | None = None,
    place: Place | None = None, max_km: int | None = None,
) -> QuerySet[Vacancy]:  # fmt: skip
    """Open vacancies that fit what a visitor is looking for; words also find occupations by their synonyms."""
    found = open_vacancies()
    if text:
        occupations = [hit.id for hit in search_occupations(text, limit=8) if hit.score >= 0.6]
        found = found.filter(
            Q(title__icontains=text) | Q(organisation__name__icontains=text) | Q(occupation_id__in=occupations)
        )
    if sector:
        found = found.filter(occupation__sector=sector)
    if kind:
        found = found.filter(kind=kind)
    if hours is not None:
        found = found.filter(hours_min__lte=hours, hours_max__gte=hours)
    if min_pay is not None:
        found = found.filter(pay_max__gte=min_pay)
    if place is not None and max_km:
        found = found.filter(place__in=_places_near(place, max_km))
    return found


def _places_near(place: Place, km: int) -> list[str]:
    span = km / KM_PER_DEGREE
    box = Place.objects.filter(
        latitude__range=(place.latitude - span, place.latitude + span),
        longitude__range=(place.longitude - 2 * span, place.longitude + 2 * span),
    )
    return [row.pk for row in box if distance_km(place.latitude, place.longitude, row.latitude, row.longitude) <= km]


def vacancies_of(organisation: Organisation) -> QuerySet[Vacancy]:
    """A firm's vacancies, open ones first, with the number of applications and of new ones."""
    return (
        Vacancy.objects.filter(organisation=organisation)
        .select_related("organisation", "place", "occupation")
        .annotate(
            n_applied=Count("applications", filter=Q(applications__applied_at__isnull=False)),
            n_new=Count("applications", filter=Q(applications__status="sent")),
        )
        .order_by(F("closed_at").desc(nulls_first=True), "-published_at", "-id")
    )


def export_of(user: User) -> list[dict]:
    """The vacancies of the firms that a person acts for, as plain values."""
    fields = ("organisation__name", "title", "kind", "status", "text", "published_at", "closed_at")
    return list(Vacancy.objects.filter(organisation__memberships__user=user).order_by("id").values(*fields))


def vacancy_of(organisation: Organisation, pk: int) -> Vacancy | None:
    """This firm's vacancy; None when it does not exist or belongs to somebody else."""
    return (
        Vacancy.objects.filter(organisation=organisation, pk=pk)
        .select_related("place", "occupation", "organisation")
        .first()
    )


def with_requirements() -> QuerySet[Vacancy]:
    """Vacancies with all that they ask, for pages that show one."""
    return Vacancy.objects.select_related("organisation__place", "place", "occupation").prefetch_related(
        Prefetch("requirements", Requirement.objects.select_related("skill").order_by("-importance", "-is_hard", "id")),
        Prefetch("language_requirements", LanguageRequirement.objects.order_by("language")),
        Prefetch("certificate_requirements", CertificateRequirement.objects.select_related("certificate")),
    )


def draft_from_occupation(occupation: Occupation, *, title: str = "", firm: str = "") -> Proposal:
    """A proposal for a vacancy: the skills of the occupation, its usual level and pay, and a text."""
    links = skills_of_occupation(occupation)
    essential = [link.skill for link in links if link.essential][:PROPOSED_ESSENTIAL]
    optional = [link.skill for link in links if not link.essential][:PROPOSED_OPTIONAL]
    requirements = [
        {"skill": skill.pk, "importance": 3 if number < CORE_REQUIREMENTS else 2, "level": 3, "hard": False}
        for number, skill in enumerate(essential)
    ] + [{"skill": skill.pk, "importance": 1, "level": 2, "hard": False} for skill in optional]
    if title.lower() in occupation.label.lower():  # a beginning was typed and the whole was chosen
        title = occupation.label
    return Proposal(
        title=title[:1].upper() + title[1:],
        occupation=occupation,
        requirements=requirements,
        education_level=occupation.education_level,
        pay_min=occupation.pay_min,
        pay_max=occupation.pay_max,
        text=proposed_text(title=title, firm=firm, skills=[skill.label for skill in essential[:5]]),
    )


def proposed_text(*, title: str, firm: str, skills: list[str]) -> str:
    """A short text to begin with: who asks, what you do, what happens next."""
    what = title.lower()
    asks = (
        _("%(firm)s is looking for a colleague: %(what)s.") if firm else _("We are looking for a colleague: %(what)s.")
    )
    lines = [asks % {"firm": firm, "what": what}]
    if skills:
        lines.append("\n".join([_("This is what you will do:"), *(f"- {skill}" for skill in skills)]))
    lines.append(_("Is there something you cannot do yet? Apply all the same. We look together at what you can learn."))
    lines.append(_("After you applied you hear from us within a week."))
    return "\n\n".join(lines)
