"""What is known about accounts."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import AuditEntry, Membership, Organisation, User
from core.hooks import hooked


@dataclass(frozen=True)
class Subjects:
    """Rows of one table that are about a person, as the audit trail names them."""

    type: str  # "matching.application"
    ids: list[int]


@dataclass(frozen=True)
class Sight:
    """Somebody else did something with a person's data."""

    at: datetime
    verb: str
    who: str  # the organisation that the other acted for


def organisation_of(user: User, kind: str) -> Organisation | None:
    """The user's employer or school; None when they have none of this kind."""
    if not user.is_authenticated:
        return None
    return Organisation.objects.filter(kind=kind, memberships__user=user).select_related("place").order_by("id").first()


def roles_of(user) -> frozenset[str]:
    """What somebody does here beyond looking for work: "employer", "school", "analyst"; nothing for a visitor."""
    if not user.is_authenticated:
        return frozenset()
    kinds = set(Membership.objects.filter(user=user).values_list("organisation__kind", flat=True))
    return frozenset(kinds | ({"analyst"} if user.is_analyst or user.is_staff else set()))


def organisations_of(user: User) -> list[Organisation]:
    """All firms and schools that the user acts for."""
    return list(Organisation.objects.filter(memberships__user=user).select_related("place").order_by("id"))


def audit_of(user: User) -> QuerySet[AuditEntry]:
    """What this person did, newest first."""
    return AuditEntry.objects.filter(actor=user).order_by("-at", "-id")


def members_of(organisation: Organisation) -> list[User]:
    """Who acts for a firm or school, longest member first."""
    return list(User.objects.filter(memberships__organisation=organisation).order_by("memberships__id"))


def sights_of(user: User, *, limit: int = 30) -> list[Sight]:
    """Who else saw or used this person's data, newest first."""
    about = Q(subject_type=User._meta.label_lower, subject_id=user.pk)
    for read in hooked("subjects").values():
        for subjects in read(user):
            about |= Q(subject_type=subjects.type, subject_id__in=subjects.ids)
    entries = list(
        AuditEntry.objects.filter(about, actor__isnull=False)
        .exclude(actor=user)
        .select_related("actor")
        .prefetch_related("actor__memberships__organisation")
        .order_by("-at", "-id")[:limit]
    )
    return [Sight(entry.at, entry.verb, _acted_for(entry.actor)) for entry in entries]


def _acted_for(actor: User) -> str:
    """The organisation, for a person's own name is nobody else's business; an operator is the platform."""
    return ", ".join(membership.organisation.name for membership in actor.memberships.all()) or "Zelf aan het Werk"
