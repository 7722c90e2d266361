"""How many people are waiting to be asked, beside a firm's vacancies."""

from collections.abc import Iterable

from django import template

from matching.queries import Waiting, waiting_for
from vacancies.models import Vacancy

register = template.Library()


@register.simple_tag
def with_waiting(vacancies: Iterable[Vacancy]) -> list[tuple[Vacancy, Waiting | None]]:
    """Each vacancy with who could be asked for it; None where no list stands (a draft, or one that is closed)."""
    rows = list(vacancies)
    found = waiting_for([vacancy.pk for vacancy in rows if vacancy.is_open])
    return [(vacancy, found.get(vacancy.pk)) for vacancy in rows]
