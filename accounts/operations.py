"""What changes accounts and organisations."""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Membership, Organisation, User
from core.exceptions import Refused
from core.models import Place

_exports: dict[str, Callable[[User], Any]] = {}


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
    """Create a firm or school with this user as its first member. Raises Refused when the KVK number is taken."""
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                kind=kind, name=name, kvk=kvk, sector=sector, size=size, place=place, brin=brin, about=about
            )
    except IntegrityError as error:  # registered twice at the same moment
        raise Refused(_("A firm with this number is already here.")) from error
    Membership.objects.create(organisation=organisation, user=user)
    audit(actor=user, verb="register organisation", subject=organisation)
    return organisation


def register_export(name: str, read: Callable[[User], Any]) -> None:
    """Let a room say what it holds about a person; called once, from the room's `AppConfig.ready`."""
    _exports[name] = read


def export_user(*, user: User) -> dict[str, Any]:
    """Everything the platform holds about a person, room by room, as plain values."""
    account = {
        "email": user.email, "name": user.name, "phone": user.phone, "language": user.language,
        "date_joined": user.date_joined, "last_login": user.last_login,
        "organisations": list(user.memberships.values_list("organisation__name", flat=True)),
        "audit": list(AuditEntry.objects.filter(actor=user).values("at", "verb", "subject_type", "subject_id")),
    }  # fmt: skip
    return {"account": account} | {name: read(user) for name, read in sorted(_exports.items())}


@transaction.atomic
def erase_user(*, user: User) -> None:
    """Erase a person: account, smart CV, applications. A firm or school goes along when nobody else belongs to it.

    The audit trail keeps what happened, without who.
    """
    for membership in user.memberships.select_related("organisation"):
        if membership.organisation.memberships.count() == 1:
            membership.organisation.delete()
    audit(actor=None, verb="erase account", subject=user)
    user.delete()
