"""Suggestions while typing: public, without personal data, as JSON or (for htmx and the combobox) as HTML."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from core.limits import address_of, within
from taxonomy.models import Occupation
from taxonomy.queries import Hit, search_occupations, search_skills, skills_of_occupation

PER_MINUTE = 900  # a whole classroom behind one address may type at once
MOST = 25


def throttled(view: Callable) -> Callable:
    """Refuse an address that asks more than `PER_MINUTE` times a minute."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not within(f"suggest:{address_of(request)}", most=PER_MINUTE, seconds=60):
            return HttpResponse(status=429, headers={"Retry-After": "60"})
        return view(request, *args, **kwargs)

    return wrapper


def suggestions(view: Callable) -> Callable:
    """What the three addresses share."""
    return require_safe(
        throttled(cache_control(private=True, max_age=60)(vary_on_headers("HX-Request", "Cookie")(view)))
    )


@suggestions
def occupations(request: HttpRequest) -> HttpResponse:
    return _answer(request, search_occupations)


@suggestions
def skills(request: HttpRequest) -> HttpResponse:
    return _answer(request, search_skills)


@suggestions
def occupation_skills(request: HttpRequest, pk: int) -> HttpResponse:
    """What an occupation needs, essential first; as HTML a list of checkboxes named `skill`."""
    occupation = get_object_or_404(Occupation, pk=pk)
    rows = skills_of_occupation(occupation)
    if request.htmx:
        return render(request, "taxonomy/_skills.html", {"occupation": occupation, "rows": rows})
    results = [
        {
            "id": row.skill_id, "label": row.skill.label, "foreign": row.skill.label_is_foreign, "kind": row.skill.kind,
            "essential": row.essential,
        }
        for row in rows
    ]  # fmt: skip
    return JsonResponse({"occupation": {"id": occupation.pk, "label": occupation.label}, "results": results})


def _answer(request: HttpRequest, search: Callable[..., list[Hit]]) -> HttpResponse:
    limit = request.GET.get("limit", "")
    hits = search(request.GET.get("q", ""), limit=min(int(limit), MOST) if limit.isdecimal() and limit != "0" else 8)
    if request.htmx:
        return render(request, "taxonomy/_options.html", {"hits": hits})
    results = [
        {"id": hit.id, "label": hit.label, "matched": hit.matched, "foreign": hit.foreign, "kind": hit.kind}
        for hit in hits
    ]
    return JsonResponse({"results": results})
