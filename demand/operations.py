"""Counting demand every night, keeping proposals, and passing on what people ask."""

from collections import Counter
from datetime import datetime

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.operations import audit
from core.choices import Sector
from core.events import enqueue
from core.exceptions import Refused
from core.limits import DAY, spend
from demand import counting, openings
from demand.models import InformationRequest, ProgrammeDemand, Proposal, ProposalFirm, ProposalSkill, SkillGap
from demand.queries import Draft
from education.models import Programme
from matching import loading
from matching.open_market import open_market

MOST_REQUESTS = 10  # that one person sends a day
MOST_PROPOSALS = 20  # that one school makes a day
MOST_FIRMS_TOLD = 40  # firms that get a letter about one proposal


@transaction.atomic
def refresh_demand(*, now: datetime) -> int:
    """Count the demand for every published programme and every skill that is asked. Returns how many rows were written."""
    market, taught, people = open_market(), loading.programmes(), loading.all_candidates()
    places = dict(Programme.objects.filter(id__in=taught.ids.tolist()).values_list("id", "place__latitude"))
    longitudes = dict(Programme.objects.filter(id__in=taught.ids.tolist()).values_list("id", "place__longitude"))
    online = set(
        Programme.objects.filter(id__in=taught.ids.tolist(), mode=Programme.Mode.ONLINE).values_list("id", flat=True)
    )
    latitude = np.array([np.nan if pk in online or places[pk] is None else places[pk] for pk in taught.ids.tolist()])
    longitude = np.array([np.nan if longitudes[pk] is None else longitudes[pk] for pk in taught.ids.tolist()])
    helps = counting.helps(market, taught) & counting.in_reach(market, latitude, longitude)
    opened = openings.per_programme(market, people, taught, now)
    rows = [
        ProgrammeDemand(
            programme_id=pk, computed_at=now, vacancies=int(helps[row].sum()),
            people_over=int(opened.people_over[row]), people_top=int(opened.people_top[row]),
        )
        for row, pk in enumerate(taught.ids.tolist())
    ]  # fmt: skip
    ProgrammeDemand.objects.all().delete()
    ProgrammeDemand.objects.bulk_create(rows)
    gaps = _gaps(market, people, taught, now, opened.somebody)
    SkillGap.objects.all().delete()
    SkillGap.objects.bulk_create(gaps)
    return len(rows) + len(gaps)


def _gaps(market, people, taught, now: datetime, somebody) -> list[SkillGap]:
    index = market.index
    counts = counting.count_skills(market, people, taught)
    fills = openings.filled_by_one_skill(market, people, now, somebody)
    names = {bit: code for code, bit in loading.SECTORS.items()}
    owner = np.repeat(np.arange(len(index.vacancies.ids)), np.diff(index.vacancies.indptr))
    sectors: dict[int, Counter] = {}
    for skill, vacancy in zip(index.vacancies.skill.tolist(), owner.tolist(), strict=True):
        sector = names.get(int(index.vacancies.sector[vacancy]))
        if sector is not None and not market.is_function[vacancy]:
            sectors.setdefault(skill, Counter())[str(Sector(sector).value)] += 1
    return [
        SkillGap(
            skill_id=int(index.space.ids[row]), computed_at=now, vacancies=int(counts.vacancies[row]),
            openings=int(counts.openings[row]), people=int(counts.people[row]),
            programmes=int(counts.programmes[row]), fills=int(fills[row]), sectors=dict(sectors.get(row, {})),
        )
        for row in np.flatnonzero(counts.vacancies).tolist()
    ]  # fmt: skip


@transaction.atomic
def keep_proposal(
    *, school: Organisation, draft: Draft, title: str, text: str, sector: str, actor: User, now: datetime
) -> Proposal:
    """Keep a set with the firms that ask for it. Raises Refused for an empty set."""
    spend("keep proposal", who=school.pk, most=MOST_PROPOSALS, seconds=DAY)
    if not draft.skills:
        raise Refused(_("There is nothing to propose here: no skill is short in this field."))
    proposal = Proposal.objects.create(
        school=school, title=title, text=text, sector=sector, computed_at=now, n_vacancies=draft.n_vacancies,
        demand=draft.demand,
    )  # fmt: skip
    ProposalSkill.objects.bulk_create(
        [
            ProposalSkill(proposal=proposal, skill=one.skill, position=n, gain=one.gain, vacancies=one.vacancies)
            for n, one in enumerate(draft.skills, start=1)
        ]
    )
    ProposalFirm.objects.bulk_create(
        [ProposalFirm(proposal=proposal, firm=firm, vacancies=n) for firm, n in draft.firms]
    )
    audit(actor=actor, verb="keep proposal", subject=proposal)
    return proposal


@transaction.atomic
def share_proposal(*, proposal: Proposal, actor: User, now: datetime) -> int:
    """Let the firms that ask for it read it; the ones that ask most get a letter. Returns how many letters go out.

    Sharing twice changes nothing.
    """
    current = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if current.shared_at is not None:
        return 0
    current.shared_at = now
    current.save(update_fields=["shared_at", "updated_at"])
    audit(actor=actor, verb="share proposal", subject=current)
    told = list(current.firms.order_by("-vacancies", "id").values_list("id", flat=True)[:MOST_FIRMS_TOLD])
    for pk in told:
        enqueue("demand.tell_firm", pk)
    return len(told)


@transaction.atomic
def answer_proposal(*, row: ProposalFirm, answer: str, comment: str, actor: User) -> None:
    """What a firm says of a proposal; it may say something else later."""
    row.answer, row.comment = answer, comment
    row.save(update_fields=["answer", "comment"])
    audit(actor=actor, verb="answer proposal", subject=row.proposal)


@transaction.atomic
def delete_proposal(*, proposal: Proposal, actor: User) -> None:
    audit(actor=actor, verb="delete proposal", subject=proposal)
    proposal.delete()


@transaction.atomic
def ask_information(
    *, person: User, programme: Programme, name: str, email: str, phone: str, message: str
) -> InformationRequest:
    """Send a question to the school. Raises Refused while an earlier one is open."""
    spend("ask information", who=person.pk, most=MOST_REQUESTS, seconds=DAY)
    if InformationRequest.objects.filter(person=person, programme=programme, answered_at=None).exists():
        raise Refused(_("You already asked. The school still has to answer."))
    request = InformationRequest.objects.create(
        programme=programme, person=person, name=name, email=email, phone=phone, message=message
    )
    audit(actor=person, verb="ask information", subject=request)
    enqueue("demand.tell_school", request.pk)
    return request


@transaction.atomic
def take_back(*, request: InformationRequest, actor: User) -> None:
    """The person takes the question back: the school no longer sees it."""
    audit(actor=actor, verb="take back question", subject=request)
    request.delete()


@transaction.atomic
def mark_answered(*, request: InformationRequest, actor: User, now: datetime) -> None:
    """The school answered, by mail or phone. Doing it twice changes nothing."""
    if InformationRequest.objects.filter(pk=request.pk, answered_at=None).update(answered_at=now, updated_at=now):
        audit(actor=actor, verb="answer question", subject=request)


def erase_answered(*, before: datetime) -> int:
    """Questions that were answered before this moment are erased. Returns how many."""
    return InformationRequest.objects.filter(answered_at__lt=before).delete()[0]
