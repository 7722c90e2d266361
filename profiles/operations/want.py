"""What a person wants, and does for the next step."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from core.exceptions import Refused
from core.models import Place
from profiles.answers import InitiativeAnswer
from profiles.interests import ITEMS, TYPES, score
from profiles.models import CV, Initiative, WishedOccupation
from profiles.operations.base import MOST_INITIATIVES, MOST_WISHES, set_fields, take
from profiles.steps import VALUES
from taxonomy.models import Occupation


@transaction.atomic
def save_interests(*, cv: CV, version: int, answers: Mapping[str, int | None]) -> None:
    """Add answers to the interest questions (None takes one back) and compute the six scores anew."""
    held = CV.objects.values_list("interest_answers", flat=True).get(pk=cv.pk)
    merged = {key: value for key, value in (held | dict(answers)).items() if key in ITEMS and value is not None}
    scores: Sequence[int | None] = score(merged)
    if scores[0] is None:  # too few answers: what the choices between jobs said stays
        filled = CV.objects.values_list("choice_result", flat=True).get(pk=cv.pk).get("filled", {})
        scores = [filled.get(name) for name in TYPES]
    set_fields(cv, version, "save interests", {"interest_answers": merged, **dict(zip(TYPES, scores, strict=True))})


@transaction.atomic
def save_values(*, cv: CV, version: int, values: Mapping[str, int | None]) -> None:
    """What somebody finds important in work: {one of VALUES: 0-100, or None}."""
    set_fields(cv, version, "save values", {name: values.get(name) for name in VALUES})


@transaction.atomic
def save_choices(
    *,
    cv: CV,
    version: int,
    answers: Sequence[Sequence[str]],
    result: Mapping[str, object],
    fields: Mapping[str, object],
) -> None:
    """Keep the choices between jobs, what follows from them, and the answers of the CV that they fill in."""
    wanted = {"choice_answers": [list(answer) for answer in answers], "choice_result": dict(result), **fields}
    set_fields(cv, version, "save choices", wanted)


@transaction.atomic
def save_wishes(
    *,
    cv: CV,
    version: int,
    occupations: Sequence[int],
    sectors: Sequence[str],
    hours_min: int | None,
    hours_max: int | None,
    days: int,
    travel_mode: str,
    travel_minutes: int | None,
    place: Place | None,
) -> None:
    """What somebody is looking for: occupations (ids, at most five), sectors, hours, days and the journey."""
    wanted = list(dict.fromkeys(occupations))
    if len(wanted) > MOST_WISHES:
        raise Refused(_("Choose at most %(most)s occupations.") % {"most": MOST_WISHES})
    if Occupation.objects.filter(pk__in=wanted).count() != len(wanted):
        raise Refused(_("One of these occupations does not exist. Search for it again."))
    changed = set_fields(
        cv,
        version,
        "save wishes",
        {
            "wished_sectors": list(sectors),
            "hours_min": hours_min,
            "hours_max": hours_max,
            "days": days,
            "travel_mode": travel_mode,
            "travel_minutes": travel_minutes,
            "place_id": place.pk if place else None,
        },
    )
    rows = WishedOccupation.objects.filter(cv=cv).order_by("id")
    if list(rows.values_list("occupation_id", flat=True)) == wanted:
        return
    if not changed:
        take(cv, version, "save wishes", fields=["occupations"])
    rows.delete()
    WishedOccupation.objects.bulk_create([WishedOccupation(cv=cv, occupation_id=pk) for pk in wanted])


@transaction.atomic
def save_drive(
    *,
    cv: CV,
    version: int,
    ready_to_learn: int | None,
    start_within_weeks: int | None,
    unused_because: Sequence[str] | None = None,
) -> None:
    """How ready somebody is for the next step, and what keeps them from using all they can do (None: as it was)."""
    wanted: dict[str, object] = {"ready_to_learn": ready_to_learn, "start_within_weeks": start_within_weeks}
    if unused_because is not None:
        wanted["unused_because"] = list(unused_because)
    set_fields(cv, version, "save drive", wanted)


@transaction.atomic
def save_initiatives(*, cv: CV, version: int, initiatives: Sequence[InitiativeAnswer]) -> None:
    """Replace the list of what somebody did of their own accord."""
    wanted = list(dict.fromkeys(initiatives))
    if len(wanted) > MOST_INITIATIVES:
        raise Refused(_("You can keep at most %(most)s of these.") % {"most": MOST_INITIATIVES})
    rows = Initiative.objects.filter(cv=cv).order_by("id")
    if [InitiativeAnswer(*row) for row in rows.values_list("kind", "text", "year")] == wanted:
        return
    take(cv, version, "save initiatives", count=len(wanted))
    rows.delete()
    Initiative.objects.bulk_create([Initiative(cv=cv, kind=i.kind, text=i.text, year=i.year) for i in wanted])


@transaction.atomic
def set_findable(*, cv: CV, version: int, findable: bool) -> None:
    """Let employers see this CV, without the name, or stop that."""
    set_fields(cv, version, "set findable", {"findable": findable})
