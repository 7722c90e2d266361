"""What changes accounts and organisations."""

from django.db import models, transaction

from accounts.models import AuditEntry, Membership, Organisation, User
from core.models import Place


def audit(*, actor: User | None, verb: str, subject: models.Model | None = None, **details) -> AuditEntry:
    """Write down who did what to which row. Details hold ids and codes, never personal data."""
    return AuditEntry.objects.create(
        actor=actor if actor is not None and actor.is_authenticated else None,
        verb=verb,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        details=details,
    )


@transaction.atomic
def register_organisation(
    *,
    user: User,
    kind: str,
    name: str,
    kvk: str = "",
    sector: str = "",
    size: int | None = None,
    place: Place | None = None,
    brin: str = "",
    about: str = "",
) -> Organisation:
    """Create a firm or school with this user as its first member."""
    organisation = Organisation.objects.create(
        kind=kind, name=name, kvk=kvk, sector=sector, size=size, place=place, brin=brin, about=about
    )
    Membership.objects.create(organisation=organisation, user=user)
    audit(actor=user, verb="register organisation", subject=organisation)
    return organisation
