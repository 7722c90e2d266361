"""What is known about accounts."""

from django.db.models import QuerySet

from accounts.models import AuditEntry, Membership, Organisation, User


def organisation_of(user: User, kind: str) -> Organisation | None:
    """The user's employer or school; None when they have none of this kind."""
    if not user.is_authenticated:
        return None
    return Organisation.objects.filter(kind=kind, memberships__user=user).select_related("place").order_by("id").first()


def is_member(user: User, organisation: Organisation) -> bool:
    return user.is_authenticated and Membership.objects.filter(organisation=organisation, user=user).exists()


def audit_of(user: User) -> QuerySet[AuditEntry]:
    """What this person did, newest first."""
    return AuditEntry.objects.filter(actor=user).order_by("-at", "-id")
