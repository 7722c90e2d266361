"""What changes accounts and organisations."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import IntegrityError, models, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override
from rest_framework.authtoken.models import Token

from accounts.models import AuditEntry, Membership, Organisation, User
from core.exceptions import Refused
from core.hooks import hooked
from core.limits import DAY, spend
from core.models import Place

INVITATION = "accounts.invitation"
INVITATION_AGE = 7 * 24 * 3600  # seconds
MOST_ORGANISATIONS = 5  # that one account registers a day
MOST_INVITATIONS = 20  # that one account sends a day


@dataclass(frozen=True)
class Invitation:
    organisation: Organisation
    to: str  # print of the address


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
    """Create a firm or school with this user as its first member.

    Raises Refused when the KVK number is taken, or when the user already belongs to one of this kind.
    """
    if Membership.objects.filter(user=user, organisation__kind=kind).exists():
        raise Refused(_("You already belong to one. Leave it first."))
    spend("register organisation", who=user.pk, most=MOST_ORGANISATIONS, seconds=DAY)
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


def invitation_for(organisation: Organisation, email: str) -> str:
    """A code that lets the owner of this address join within a week. It holds no address, only a print of it."""
    return signing.dumps({"organisation": str(organisation.ref), "to": _print(email)}, salt=INVITATION)


def read_invitation(code: str) -> Invitation | None:
    """What a code stands for; None when it is no code of ours or older than a week."""
    try:
        said = signing.loads(code, salt=INVITATION, max_age=INVITATION_AGE)
    except signing.BadSignature:
        return None
    organisation = Organisation.objects.filter(ref=said["organisation"]).first()
    return Invitation(organisation, said["to"]) if organisation else None


def _print(email: str) -> str:
    return salted_hmac(INVITATION, email.strip().lower()).hexdigest()[:32]


@transaction.atomic
def invite_colleague(*, organisation: Organisation, email: str, link: str, actor: User) -> None:
    """Mail somebody a link to join a firm or school. Raises TooOften: nobody sends mail to many strangers through us."""
    spend("invite colleague", who=actor.pk, most=MOST_INVITATIONS, seconds=DAY)
    audit(actor=actor, verb="invite colleague", subject=organisation)
    subject = _("Work together for %(name)s") % {"name": organisation.name}
    text = _(
        "Hello,\n\n%(name)s asks you to work together on Zelf aan het Werk. Open this link within a week:\n\n%(link)s\n\n"
        "Did you not expect this? Then you need not do anything.\n"
    ) % {"name": organisation.name, "link": link}
    transaction.on_commit(lambda: send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [email]))


@transaction.atomic
def join_organisation(*, invitation: Invitation, user: User) -> None:
    """Become a member. Raises Refused when the invitation went to another address, or the user already has a firm."""
    if not hmac.compare_digest(invitation.to, _print(user.email)):
        raise Refused(_("This invitation went to another e-mail address. Log in with that address."))
    organisation = invitation.organisation
    others = Membership.objects.filter(user=user, organisation__kind=organisation.kind)
    if others.exclude(organisation=organisation).exists():
        raise Refused(_("You already belong to another organisation. Leave that one first."))
    _membership, created = Membership.objects.get_or_create(organisation=organisation, user=user)
    if created:
        audit(actor=user, verb="join organisation", subject=organisation)


@transaction.atomic
def remove_member(*, organisation: Organisation, member: User, actor: User) -> None:
    """End somebody's membership. Raises Refused for the last one: a firm or school always has somebody."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # two who leave at once wait for each other
    memberships = Membership.objects.filter(organisation=organisation)
    if memberships.count() < 2:
        raise Refused(_("You are the only one left. Invite a colleague first, or erase your account."))
    memberships.filter(user=member).delete()
    audit(actor=actor, verb="remove colleague", subject=organisation, member=member.pk)


@transaction.atomic
def change_organisation(*, organisation: Organisation, actor: User) -> None:
    """Keep what a member changed about their firm or school."""
    organisation.save()
    audit(actor=actor, verb="change organisation", subject=organisation)


@transaction.atomic
def change_settings(*, user: User) -> None:
    """Keep a person's name, phone number and language."""
    user.save(update_fields=["name", "phone", "language"])
    audit(actor=user, verb="change settings", subject=user)


@transaction.atomic
def prove_address(*, user: User) -> bool:
    """Trust who can read the account's mail more than who made the account; True when an old password ended by it.

    Somebody may have signed up with another's address. The first time that its owner logs in by mail, the password and the
    key for the API of before stop working.
    """
    addresses = EmailAddress.objects.filter(user=user)
    if not addresses.exists() or addresses.filter(verified=True).exists() or not user.has_usable_password():
        return False
    user.set_unusable_password()  # also ends every session that was opened with it
    user.save(update_fields=["password"])
    Token.objects.filter(user=user).delete()
    audit(actor=user, verb="prove address", subject=user)
    return True


def export_user(*, user: User) -> dict[str, Any]:
    """Everything the platform holds about a person, room by room, as plain values."""
    account = {
        "email": user.email, "name": user.name, "phone": user.phone, "language": user.language,
        "date_joined": user.date_joined, "last_login": user.last_login,
        "organisations": list(user.memberships.values_list("organisation__name", flat=True)),
        "audit": list(AuditEntry.objects.filter(actor=user).values("at", "verb", "subject_type", "subject_id")),
    }  # fmt: skip
    return {"account": account} | {room: read(user) for room, read in sorted(hooked("export").items())}


@transaction.atomic
def erase_user(*, user: User, now: datetime) -> None:
    """Erase a person: account, smart CV, applications. The audit trail keeps what happened, without who.

    A school goes along when nobody else belongs to it. A firm then only loses its name and all that tells who it was: what
    other people sent there stays theirs.
    """
    own = Organisation.objects.select_for_update(of=("self",)).filter(memberships__user=user).order_by("id")
    for organisation in own:
        if organisation.memberships.count() > 1:
            continue
        if organisation.kind == Organisation.Kind.EMPLOYER:
            _end_firm(organisation, user, now)
        else:
            organisation.delete()
    audit(actor=None, verb="erase account", subject=user)
    user.delete()


def _end_firm(firm: Organisation, last: User, now: datetime) -> None:
    for leave in hooked("farewell").values():
        leave(firm=firm, actor=last, now=now)
    with override(settings.LANGUAGE_CODE):
        firm.name = _("A firm that left")
    firm.kvk = firm.brin = firm.about = firm.website = firm.street = ""
    firm.ref = uuid4()  # invitations that are still on their way open nothing any more
    firm.save()
    audit(actor=None, verb="end organisation", subject=firm)
