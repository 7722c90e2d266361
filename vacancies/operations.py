"""What changes vacancies."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.operations import audit
from core.events import changed
from core.exceptions import Conflict, Refused
from vacancies.models import CertificateRequirement, LanguageRequirement, Requirement, Vacancy
from vacancies.queries import draft_from_occupation, proposed_text

__all__ = ["draft_from_occupation", "proposed_text"]  # part of this room's face

FIELDS = (
    "kind", "title", "occupation", "text", "hours_min", "hours_max", "days", "pay_min", "pay_max", "education_level",
    "education_is_hard", "remote", "openings", "starts_on", "closes_on", "place", "achievement", "independence",
    "recognition", "relationships", "support", "conditions",
)  # fmt: skip


@transaction.atomic
def create_vacancy(*, organisation: Organisation, values: Mapping[str, Any], actor: User) -> Vacancy:
    """A new draft. `values` holds the fields of the vacancy and `requirements`, `languages` and `certificates`.

    requirements: [{"skill", "importance", "level", "hard"}], languages: [{"language", "level", "hard"}],
    certificates: [{"certificate", "hard"}]; skills and certificates by id.
    """
    vacancy = Vacancy(organisation=organisation)
    _fill(vacancy, values)
    audit(actor=actor, verb="create vacancy", subject=vacancy)
    return vacancy


@transaction.atomic
def post_vacancy(
    *, organisation: Organisation, values: Mapping[str, Any], actor: User, now: datetime, publish: bool = True
) -> Vacancy:
    """Create a vacancy and publish it at once, or keep it as a draft. Raises Refused; nothing is saved then."""
    vacancy = create_vacancy(organisation=organisation, values=values, actor=actor)
    return publish_vacancy(vacancy=vacancy, actor=actor, now=now) if publish else vacancy


@transaction.atomic
def update_vacancy(*, vacancy: Vacancy, version: int, values: Mapping[str, Any], actor: User) -> Vacancy:
    """Change a vacancy. Raises Conflict when somebody else changed it since `version`; nothing is saved then."""
    current = Vacancy.objects.select_for_update().get(pk=vacancy.pk)
    if current.version != version:
        raise Conflict
    current.version += 1
    _fill(current, values)
    audit(actor=actor, verb="change vacancy", subject=current)
    changed("vacancy", current.pk)
    return current


def _fill(vacancy: Vacancy, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(vacancy, name, values[name])
    vacancy.save()
    if "requirements" in values:
        vacancy.requirements.all().delete()
        Requirement.objects.bulk_create(
            [
                Requirement(
                    vacancy=vacancy, skill_id=row["skill"], importance=row["importance"], min_level=row["level"],
                    is_hard=row["hard"],
                )
                for row in values["requirements"]
            ]
        )  # fmt: skip
    if "languages" in values:
        vacancy.language_requirements.all().delete()
        LanguageRequirement.objects.bulk_create(
            [
                LanguageRequirement(vacancy=vacancy, language=row["language"], level=row["level"], is_hard=row["hard"])
                for row in values["languages"]
            ]
        )
    if "certificates" in values:
        vacancy.certificate_requirements.all().delete()
        CertificateRequirement.objects.bulk_create(
            [
                CertificateRequirement(vacancy=vacancy, certificate_id=row["certificate"], is_hard=row["hard"])
                for row in values["certificates"]
            ]
        )


@transaction.atomic
def publish_vacancy(*, vacancy: Vacancy, actor: User, now: datetime) -> Vacancy:
    """Open a draft or a closed vacancy for applications. Publishing twice changes nothing.

    Raises Refused without a place or without anything asked, when the closing date has passed, or when it closed so long
    ago that who applied is no longer shown: opening it again would show them once more.
    """
    current = Vacancy.objects.select_for_update(of=("self",)).get(pk=vacancy.pk)
    if current.is_open:
        return current
    if current.is_settled(now):
        raise Refused(_("This closed more than four weeks ago. Make a copy and publish that."))
    if current.place_id is None:
        raise Refused(_("Fill in the postcode first: people want to know how far it is."))
    if not current.requirements.exists():
        raise Refused(_("Choose at least one skill that the work asks."))
    if current.closes_on is not None and current.closes_on < timezone.localtime(now).date():
        raise Refused(_("The closing date has passed. Choose a later one."))
    current.status = Vacancy.Status.OPEN
    current.published_at = current.published_at or now  # the first time counts: people applied since then
    current.closed_at = None
    current.version += 1
    current.save()
    audit(actor=actor, verb="publish vacancy", subject=current)
    changed("vacancy", current.pk)
    return current


@transaction.atomic
def close_vacancy(*, vacancy: Vacancy, actor: User, now: datetime) -> Vacancy:
    """Close a vacancy. Who applied keeps their place; nobody is turned down by this."""
    current = Vacancy.objects.select_for_update(of=("self",)).get(pk=vacancy.pk)
    if current.status != Vacancy.Status.CLOSED:
        current.status = Vacancy.Status.CLOSED
        current.closed_at = now
        current.version += 1
        current.save()
        audit(actor=actor, verb="close vacancy", subject=current)
        changed("vacancy", current.pk)
    return current


@transaction.atomic
def end_vacancies(*, firm: Organisation, actor: User, now: datetime) -> None:
    """A firm leaves: drafts go, open vacancies close, and texts go, for they may name people."""
    for vacancy in firm.vacancies.order_by("id"):
        if vacancy.published_at is None and vacancy.status == Vacancy.Status.DRAFT:
            vacancy.delete()
        else:
            close_vacancy(vacancy=vacancy, actor=actor, now=now)
    firm.vacancies.update(text="", updated_at=now)


@transaction.atomic
def delete_draft(*, vacancy: Vacancy, actor: User) -> None:
    """Throw a draft away. Raises Refused for what has been published: people may have applied."""
    current = Vacancy.objects.select_for_update(of=("self",)).get(pk=vacancy.pk)
    if current.published_at is not None or current.status != Vacancy.Status.DRAFT:
        raise Refused(_("This has been on the site: close it instead."))
    audit(actor=actor, verb="delete draft", subject=current)
    current.delete()


@transaction.atomic
def copy_vacancy(*, vacancy: Vacancy, actor: User) -> Vacancy:
    """A new draft with the same contents."""
    values = {name: getattr(vacancy, name) for name in FIELDS} | {"closes_on": None, "starts_on": None}
    values["requirements"] = [
        {"skill": row.skill_id, "importance": row.importance, "level": row.min_level, "hard": row.is_hard}
        for row in vacancy.requirements.all()
    ]
    values["languages"] = [
        {"language": row.language, "level": row.level, "hard": row.is_hard}
        for row in vacancy.language_requirements.all()
    ]
    values["certificates"] = [
        {"certificate": row.certificate_id, "hard": row.is_hard} for row in vacancy.certificate_requirements.all()
    ]
    return create_vacancy(organisation=vacancy.organisation, values=values, actor=actor)
