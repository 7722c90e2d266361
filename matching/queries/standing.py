"""Standing lists as employers see them: how many people could be asked, and who is new."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from matching.models import Application, Listed, Standing
from matching.queries.wording import FITS_WELL
from vacancies.models import Vacancy

SHOWN = 50


@dataclass(frozen=True)
class Waiting:
    """How many people who fit well could be asked for a vacancy, and how many of them came since the firm last looked.

    `more`: there are more than are counted.
    """

    n: int
    new: int
    more: bool = False


def waiting_for(vacancy_ids: Iterable[int]) -> dict[int, Waiting]:
    """Per open vacancy whose list stands: who fits well, may be found, and neither applied nor was asked."""
    rows = (
        _askable()
        .filter(vacancy_id__in=list(vacancy_ids), fit__gte=FITS_WELL)
        .order_by()
        .values("vacancy_id")
        .annotate(n=Count("id"), new=Count("id", filter=Q(since__gt=F("vacancy__standing__seen_at"))))
    )
    counted = {row["vacancy_id"]: row for row in rows}
    found = {}
    for vacancy_id, floor in Standing.objects.filter(vacancy_id__in=list(vacancy_ids)).values_list(
        "vacancy_id", "floor"
    ):
        row = counted.get(vacancy_id, {"n": 0, "new": 0})
        found[vacancy_id] = Waiting(min(row["n"], SHOWN), min(row["new"], SHOWN), floor > FITS_WELL or row["n"] > SHOWN)
    return found


def best_waiting(vacancy: Vacancy, k: int = SHOWN) -> list[tuple[int, int]]:
    """(CV id, fit) of the best k who could be asked, in order."""
    return list(_askable().filter(vacancy=vacancy).order_by("-fit", "cv_id").values_list("cv_id", "fit")[:k])


def new_for(vacancy: Vacancy) -> set[int]:
    """CV ids of who came into the list since somebody of the firm last looked; nobody when nobody ever looked."""
    came = Listed.objects.filter(vacancy=vacancy, since__gt=F("vacancy__standing__seen_at"))
    return set(came.values_list("cv_id", flat=True))


def _askable() -> QuerySet[Listed]:
    asked = Application.objects.filter(cv_id=OuterRef("cv_id"), vacancy_id=OuterRef("vacancy_id"))
    return Listed.objects.filter(~Exists(asked))
