"""Pages that belong to no room: home, explanations, settings of the visitor, health, the gallery and the demo."""

from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.generic import TemplateView
from django_prometheus.exports import ExportToDjangoView
from redis.exceptions import RedisError

from core import gallery as examples
from core import mail
from core.choices import Theme
from core.context import THEME_COOKIE

DEMO_DOMAIN = "demo.nl"


@dataclass(frozen=True)
class DemoPerson:
    name: str
    label: str | Promise
    does: str | Promise

    @property
    def email(self) -> str:
        return f"{self.name}@{DEMO_DOMAIN}"


DEMO_PEOPLE = (
    DemoPerson("werkzoekende", _("jobseeker"), _("Has a smart CV, sees matches and chances, and applies.")),
    DemoPerson("werkgever", _("employer"), _("Posts vacancies, sees who fits and answers.")),
    DemoPerson("school", _("school"), _("Puts courses online and sees what the region asks.")),
    DemoPerson("analist", _("analyst"), _("Reads the labour market in CockpitWerk.")),
    DemoPerson("beheerder", _("operator"), _("Watches over data, models and quality.")),
)


class Home(TemplateView):
    template_name = "core/home.html"
    extra_context = {"example": examples.EXAMPLE}


def page(name: str):
    """The view of a page that only has words."""
    extra = {"example": examples.EXAMPLE, "contact": parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}
    return TemplateView.as_view(template_name=f"core/{name}.html", extra_context=extra)


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme for a year and go back to where the visitor was."""
    theme = request.POST.get("theme")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("home")
    response = redirect(target)
    if theme in Theme.values:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=timedelta(days=365), samesite="Lax", secure=request.is_secure(), httponly=True
        )
    return response


@never_cache
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Whether the database and the cache answer: 200 when both do, 503 otherwise."""
    checks = {"database": _database_answers(), "cache": _cache_answers()}
    ok = all(checks.values())
    return JsonResponse({"ok": ok, **checks}, status=200 if ok else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except Exception:  # whatever is wrong, the answer is that it does not work
        return False


def _cache_answers() -> bool:
    try:
        cache.set("health", "1", 5)
        return cache.get("health") == "1"
    except (RedisError, OSError):
        return False


@never_cache
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures about the running site for Prometheus: for operators, and for who shows the token."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = bool(settings.METRICS_TOKEN) and constant_time_compare(shown, settings.METRICS_TOKEN)
    if not (known or request.user.is_staff):
        raise Http404
    return ExportToDjangoView(request)


@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may visit: in a demo nothing, for its data are made up."""
    lines = ["User-agent: *"]
    private = ("/account/", "/auth/", "/admin/", "/cv/", "/api/", "/demo/")
    lines += ["Disallow: /"] if settings.DEMO else [f"Disallow: {path}" for path in private]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for who builds or tests the pages."""
    if not (settings.DEBUG or settings.DEMO or request.user.is_staff):
        raise Http404
    return render(request, "core/gallery.html", examples.context(request.GET.get("page")))


@require_http_methods(["GET", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """The demo people; one click logs in as one of them. Only exists with DEMO=1."""
    if not settings.DEMO:
        raise Http404
    users = get_user_model().objects.filter(email__in=[person.email for person in DEMO_PEOPLE], is_active=True)
    if settings.PRODUCTION:  # out on the internet nobody becomes an operator by a click
        users = users.filter(is_staff=False, is_superuser=False)
    known = {user.email: user for user in users}
    people = [person for person in DEMO_PEOPLE if person.email in known]
    if request.method == "POST":
        chosen = next((person for person in people if person.name == request.POST.get("person")), None)
        if chosen is None:
            raise Http404
        login(request, known[chosen.email], backend="django.contrib.auth.backends.ModelBackend")
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "core/demo.html", {"people": people})


@never_cache
@require_GET
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The mail that the demo sent, newest first. Only exists with DEMO=1."""
    if not settings.DEMO:
        raise Http404
    letters = mail.sent(settings.EMAIL_FILE_PATH, limit=30)
    if settings.PRODUCTION:  # visitors may have left their own address; a code to log in as an operator is not for them
        operators = set(get_user_model().objects.filter(is_staff=True).values_list("email", flat=True))
        letters = [
            letter for letter in letters
            if (to := parseaddr(letter.to)[1].lower()).endswith(f"@{DEMO_DOMAIN}") and to not in operators
        ]  # fmt: skip
    return render(request, "core/demo_mail.html", {"letters": letters})
