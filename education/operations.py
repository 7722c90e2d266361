"""What schools do with their programmes."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.operations import audit
from core.choices import Level
from core.events import changed
from core.exceptions import Conflict, Refused
from education.models import Programme, ProgrammeCertificate, ProgrammeSkill
from education.proposing import propose
from education.queries import FIELDS, as_data, as_plain, differences
from taxonomy.models import Certificate, Skill

MAX_SKILLS = 60  # a programme that teaches more teaches nothing in particular
Status = Programme.Status


def set_values(programme: Programme, values: dict, changes: Iterable[str]) -> None:
    """Put new values in, not saved yet; a text that changed is to be read for skills again."""
    for field, value in values.items():
        setattr(programme, field, value)
    programme.version += 1
    if {"title", "description"} & set(changes):
        programme.skills_proposed = False


@transaction.atomic
def save_programme(
    *, school: Organisation, actor: User, data: dict, programme: Programme | None = None, version: int | None = None
) -> Programme:
    """Create or change a programme with the form's cleaned data.

    Raises `Conflict` when somebody saved after `version`, `Refused` when the code is taken. Creating the very same
    programme twice (a double click) gives the first one back.
    """
    if programme is None:
        return _create(school, actor, data)
    programme = Programme.objects.select_for_update(of=("self",)).select_related("place").get(pk=programme.pk)
    if version is not None and version != programme.version:
        raise Conflict
    changes = differences(as_plain(as_data(programme)), as_plain(data))
    recoded = programme.code != data["code"]
    if not changes and not recoded:
        return programme
    programme.code = data["code"]
    set_values(programme, {field: data[field] for field in FIELDS}, changes)
    try:
        with transaction.atomic():
            programme.save()
    except IntegrityError:
        raise Refused(_("You already have a programme with this code."))
    audit(actor=actor, verb="change programme", subject=programme, fields=changes)
    if not programme.skills_proposed:
        propose_skills(programme=programme)
    if programme.status == Status.PUBLISHED:
        changed("programme", programme.pk)
    return programme


def _create(school: Organisation, actor: User, data: dict) -> Programme:
    Organisation.objects.select_for_update().get(pk=school.pk)
    same = Programme.objects.filter(school=school, code=data["code"]).select_related("place").first()
    if same is not None:
        if same.version == 1 and not differences(as_plain(as_data(same)), as_plain(data)):
            return same
        raise Refused(_("You already have a programme with this code."))
    programme = Programme.objects.create(school=school, code=data["code"], **{field: data[field] for field in FIELDS})
    audit(actor=actor, verb="create programme", subject=programme)
    propose_skills(programme=programme)
    return programme


@transaction.atomic
def publish_programme(*, programme: Programme, actor: User) -> Programme:
    """Show a programme to everybody; raises `Refused` while no skill or certificate is confirmed."""
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    teaches = programme.programme_skills.filter(confirmed=True).exists() or programme.programme_certificates.exists()
    if not teaches:
        raise Refused(_("Confirm at least one skill or certificate first. Without it nobody can find this programme."))
    if programme.status != Status.PUBLISHED:
        programme.status, programme.left_out = Status.PUBLISHED, ""
        programme.version += 1
        programme.save(update_fields=["status", "left_out", "version", "updated_at"])
        audit(actor=actor, verb="publish programme", subject=programme)
    changed("programme", programme.pk)
    return programme


@transaction.atomic
def withdraw_programme(*, programme: Programme, actor: User) -> Programme:
    """Take a programme off the site; it stays with the school and can be published again."""
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    if programme.status == Status.WITHDRAWN and not programme.left_out:
        return programme
    programme.status, programme.left_out = Status.WITHDRAWN, ""  # by hand: no upload brings it back
    programme.version += 1
    programme.save(update_fields=["status", "left_out", "version", "updated_at"])
    audit(actor=actor, verb="withdraw programme", subject=programme)
    changed("programme", programme.pk)
    return programme


def propose_skills(*, programme: Programme) -> int:
    """Read a programme's text for skills and keep them as proposals; returns how many. Confirmed ones stay as they are.

    Old proposals that the text no longer gives disappear. Safe to call twice.
    """
    propose_skills_of([programme])
    return programme.programme_skills.filter(confirmed=False).count()


@transaction.atomic
def propose_skills_of(programmes: Iterable[Programme]) -> None:
    """`propose_skills` for several programmes with few queries."""
    pks = [programme.pk for programme in programmes]
    rows = {}
    for programme in Programme.objects.select_for_update().filter(pk__in=pks).order_by("id"):
        for each in propose(programme):
            rows[programme.pk, each.skill_id] = ProgrammeSkill(
                programme=programme, skill_id=each.skill_id, level=each.level, passage=each.passage
            )
    proposed = ProgrammeSkill.objects.filter(programme__in=pks, confirmed=False)
    gone = [row.pk for row in proposed if (row.programme_id, row.skill_id) not in rows]
    ProgrammeSkill.objects.filter(pk__in=gone).delete()
    ProgrammeSkill.objects.bulk_create(rows.values(), ignore_conflicts=True)
    Programme.objects.filter(pk__in=pks).update(skills_proposed=True)


@transaction.atomic
def confirm_skills(
    *,
    programme: Programme,
    actor: User,
    skills: dict[int, int],
    certificates: Iterable[int] = (),
    version: int | None = None,
    publish: bool = False,
) -> Programme:
    """Say what a programme teaches: `skills` maps a skill's id to the level it reaches. What is left out is dropped.

    Raises `Conflict` when somebody saved after `version`, `Refused` when it may not be published yet.
    """
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    if version is not None and version != programme.version:
        raise Conflict
    if len(skills) > MAX_SKILLS:
        raise Refused(_("Choose at most %(count)s skills: the ones it is really about.") % {"count": MAX_SKILLS})
    if any(level not in Level.values for level in skills.values()):
        raise Refused(_("Choose a level from 1 to 5 for each skill."))
    papers = set(certificates)
    known = set(Skill.objects.filter(pk__in=skills).values_list("pk", flat=True))
    known_papers = set(Certificate.objects.filter(pk__in=papers).values_list("pk", flat=True))
    if known != set(skills) or known_papers != papers:
        raise Refused(_("One of the skills or certificates no longer exists. Choose again."))
    passages = dict(programme.programme_skills.values_list("skill_id", "passage"))
    programme.programme_skills.all().delete()
    ProgrammeSkill.objects.bulk_create(
        ProgrammeSkill(
            programme=programme, skill_id=skill, level=level, confirmed=True, passage=passages.get(skill, "")
        )
        for skill, level in skills.items()
    )
    programme.programme_certificates.exclude(certificate_id__in=papers).delete()
    ProgrammeCertificate.objects.bulk_create(
        (ProgrammeCertificate(programme=programme, certificate_id=paper) for paper in papers), ignore_conflicts=True
    )
    programme.skills_proposed = True
    programme.version += 1
    programme.save(update_fields=["skills_proposed", "version", "updated_at"])
    audit(actor=actor, verb="confirm skills", subject=programme, skills=sorted(skills), certificates=sorted(papers))
    if publish:
        return publish_programme(programme=programme, actor=actor)
    if programme.status == Status.PUBLISHED:
        if not skills and not papers:
            raise Refused(_("A published programme teaches at least one thing. Withdraw it first."))
        changed("programme", programme.pk)
    return programme


@transaction.atomic
def confirm_proposals(*, school: Organisation, programmes: Iterable[int], actor: User) -> tuple[int, int]:
    """Confirm all proposals of several programmes and publish them; returns (published, skipped for lack of any).

    What was withdrawn meanwhile stays off the site.
    """
    own = Programme.objects.filter(school=school, pk__in=programmes).exclude(status=Status.WITHDRAWN)
    chosen = list(own.select_for_update().order_by("id"))
    pks = [programme.pk for programme in chosen]
    taught: dict[int, list[int]] = defaultdict(list)
    for pk, skill in ProgrammeSkill.objects.filter(programme__in=pks).values_list("programme_id", "skill_id"):
        taught[pk].append(skill)
    for pk in ProgrammeCertificate.objects.filter(programme__in=pks).values_list("programme_id", flat=True):
        taught[pk] += ()
    ready = [programme for programme in chosen if programme.pk in taught]
    ProgrammeSkill.objects.filter(programme__in=ready, confirmed=False).update(confirmed=True)
    for programme in ready:
        audit(actor=actor, verb="confirm skills", subject=programme, skills=sorted(taught[programme.pk]))
        if programme.status != Status.PUBLISHED:
            audit(actor=actor, verb="publish programme", subject=programme)
        changed("programme", programme.pk)
    Programme.objects.filter(pk__in=[programme.pk for programme in ready]).update(
        status=Status.PUBLISHED, skills_proposed=True, version=F("version") + 1, updated_at=Now()
    )
    return len(ready), len(chosen) - len(ready)
