"""A school's own catalogue, read every night: what comes in goes the way of an uploaded file."""

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.operations import audit
from core.events import send
from core.exceptions import Refused
from core.limits import spend
from education.models import Programme, ProgrammeFeed, ProgrammeUpload
from education.queries import fed_programmes
from education.uploads import fetching
from education.uploads.checking import check_upload, receive_upload
from education.uploads.fetching import Budget, Unreachable
from education.uploads.importing import import_upload
from education.uploads.ooapi import has_items
from education.uploads.sources import MAX_ROWS

COLLECTIONS = (  # of an OOAPI endpoint: educations, with the offerings below each (v5, then v6)
    ("courses", ("offerings", "course-offerings")),
    ("programs", ("offerings", "programme-offerings")),
    ("programmes", ("programme-offerings", "offerings")),
)
MOST_OFFERING_PAGES = 2_000  # educations of which we ask the offerings
MOST_VISITS = 10  # that one account asks an hour
LARGE_LOSS = 0.5  # a night that takes more than this part off the site waits for the school
FEW = 5  # programmes; with so few a loss is never large


@transaction.atomic
def save_feed(*, school: Organisation, actor: User, address: str, is_on: bool, language: str) -> ProgrammeFeed:
    """Keep the address of a school's catalogue; raises `Refused` for one that we never read."""
    try:
        fetching.check_address(address)
    except Unreachable as error:
        raise Refused(error.message)
    feed, _created = ProgrammeFeed.objects.update_or_create(
        school=school,
        defaults={"address": address, "is_on": is_on, "language": language},
    )
    audit(actor=actor, verb="save feed", subject=feed)
    return feed


@transaction.atomic
def remove_feed(*, feed: ProgrammeFeed, actor: User) -> None:
    """Stop reading a catalogue. Its programmes stay; from now on they are the school's own to change."""
    audit(actor=actor, verb="remove feed", subject=feed)
    fed = Programme.objects.filter(school=feed.school, origin=Programme.Origin.FEED)
    fed.update(origin=Programme.Origin.HAND)
    feed.delete()


def begin_refresh(*, feed: ProgrammeFeed, actor: User) -> bool:
    """Have a catalogue read now; False when the queue is unreachable. Raises `Refused` when asked very often."""
    spend("read own catalogue", who=actor.pk, most=MOST_VISITS)
    return send("education.refresh_feed", feed.pk, actor.pk)


def refresh_feed(*, feed: ProgrammeFeed, actor: User | None, now: datetime) -> ProgrammeUpload:
    """Read the catalogue and put it in; the upload that comes back says what happened, also what went wrong.

    Rows with errors keep the whole night out, as in a file. What would take a large part off the site waits as a dry
    run: perhaps the other system is broken.
    """
    try:
        content = read_catalogue(feed.address)
    except Unreachable as error:
        return _failed(feed, error.message)
    if len(content) > fetching.MOST_BYTES:
        return _failed(feed, _("Your system sent more than %(size)s MB.") % {"size": fetching.MOST_BYTES // 1024**2})
    upload = receive_upload(
        school=feed.school, actor=actor, filename=_("your own system"), content=content, complete=True,
        origin=Programme.Origin.FEED, defaults=feed.defaults,
    )  # fmt: skip
    upload = check_upload(upload=upload, actor=actor)
    if upload.status != ProgrammeUpload.Status.CHECKED:
        return upload
    shown = fed_programmes(feed.school).count()
    if shown > FEW and upload.n_withdrawn > LARGE_LOSS * shown:
        return upload
    return import_upload(upload=upload, actor=actor, now=now)


def _failed(feed: ProgrammeFeed, message: str) -> ProgrammeUpload:
    return ProgrammeUpload.objects.create(
        school=feed.school, origin=Programme.Origin.FEED, filename=_("your own system"), complete=True, digest="",
        status=ProgrammeUpload.Status.REFUSED, errors=[{"row": None, "column": "", "message": message}],
    )  # fmt: skip


def read_catalogue(address: str) -> bytes:
    """The whole catalogue behind an address as one document.

    The address may be a document or collection itself (it gives items), or the root of an OOAPI endpoint, of which the
    courses and programmes are read with their offerings. Raises Unreachable.
    """
    budget = Budget.fresh()
    base = address.rstrip("/")
    first, reason = None, None
    try:
        first = fetching.fetch_json(address, budget)
    except fetching.NotThere as error:  # perhaps the root of an endpoint, which need not answer itself
        reason = error
    if first is not None and has_items(first):
        items = [first] if not _is_page(first) else _collect(address, budget)
        return json.dumps(items).encode()
    everything = []
    for collection, below in COLLECTIONS:
        if _try(f"{base}/{collection}?pageSize=1", budget) is None:
            continue
        for item in _collect(f"{base}/{collection}", budget):
            everything.append(item)
            if len(everything) > MAX_ROWS:
                raise Unreachable(_("Your system has more than %(count)s programmes.") % {"count": MAX_ROWS})
            if len(everything) <= MOST_OFFERING_PAGES and isinstance(item, dict):
                _add_offerings(item, f"{base}/{collection}", below, budget)
    if not everything:
        raise reason or Unreachable(
            _("We found no courses or programmes there. Give the address of your OOAPI endpoint.")
        )
    return json.dumps(everything).encode()


def _add_offerings(item: dict, collection: str, below: tuple[str, ...], budget: Budget) -> None:
    pk = item.get("courseId") or item.get("programId") or item.get("programmeId")
    if not isinstance(pk, str) or "/" in pk or item.get("offerings"):
        return
    for name in below:
        found = _try(f"{collection}/{pk}/{name}", budget)
        if found is not None:
            item["offerings"] = found.get("items", []) if isinstance(found, dict) else found
            return


def _collect(address: str, budget: Budget) -> list:
    items: list = []
    for page in fetching.pages(address, budget):
        items += page.get("items", []) if isinstance(page, dict) else page
        if len(items) > MAX_ROWS:
            raise Unreachable(_("Your system has more than %(count)s programmes.") % {"count": MAX_ROWS})
    return items


def _try(address: str, budget: Budget):
    """The document at an address; None where there is nothing. Raises Unreachable when nobody answers at all."""
    try:
        return fetching.fetch_json(address, budget)
    except fetching.NotThere:
        return None


def _is_page(document) -> bool:
    return isinstance(document, dict) and isinstance(document.get("items"), list)
