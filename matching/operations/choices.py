"""Choices between jobs: kept, and what follows from them written into the smart CV."""

from collections.abc import Sequence

from django.db import transaction

from matching.queries.choices import conversation, fills, outcome
from profiles import operations as cv_operations
from profiles.models import CV


@transaction.atomic
def save_choices(*, cv: CV, version: int, answers: Sequence[Sequence[str]]) -> None:
    """Keep all answers so far; [] begins anew. As soon as they are enough, what they say fills the gaps in the CV.

    What somebody said elsewhere stays as it is. Raises Conflict when the CV is not of this version any more.
    """
    talk = conversation(answers, cv.ref.int)
    found = outcome(talk) if talk.is_done else None
    fields = fills(cv, found)
    filled = {name: value for name, value in fields.items() if value is not None}
    cv_operations.save_choices(
        cv=cv,
        version=version,
        answers=[[answer.pair.code, answer.said] for answer in talk.answers],
        result=found.as_json() | {"filled": filled} if found else {},
        fields=fields,
    )
