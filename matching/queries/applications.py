"""Applications of a person."""

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.queries import Subjects
from matching.models import Application, ApplicationEvent, Bookmark
from profiles.models import CV

NEXT_STEPS: dict[str, Promise] = {
    "skills": gettext_lazy(
        "On the page of your application you see which skills were missing, and which course helps."
    ),
    "experience": gettext_lazy(
        "A trial placement or voluntary work gives experience quickly. Tell about it in your CV."
    ),
    "certificate": gettext_lazy("Many papers take only a day or a few weeks. Your application shows where you get it."),
    "education": gettext_lazy("You can often learn while you work. Look at the programmes with BBL."),
    "language": gettext_lazy("A language course helps with many vacancies. Look at the courses near you."),
    "hours": gettext_lazy("Set your hours in your CV, then you see vacancies that do fit."),
    "distance": gettext_lazy("Look at vacancies closer to home, or at work that can be done from home."),
    "motivation": gettext_lazy("Next time write in two sentences why you want exactly this work."),
    "filled": gettext_lazy("It was not about you. Look at the vacancies that are like this one."),
    "vacancy_withdrawn": gettext_lazy("It was not about you. Look at the vacancies that are like this one."),
}


def next_step(application: Application) -> str:
    """What somebody who was turned down can do now; empty when the firm's message says it already."""
    step = str(NEXT_STEPS.get(application.reason, ""))
    return "" if step in application.message else step


def applications_of(cv: CV) -> QuerySet[Application]:
    """A person's applications, newest first."""
    return (
        Application.objects.filter(cv=cv)
        .select_related("vacancy__organisation", "vacancy__place")
        .order_by("-created_at", "-id")
    )


def application_for(user: User, ref) -> Application | None:
    """The application if this person sent it; None for anybody else."""
    if not user.is_authenticated:
        return None
    return (
        Application.objects.filter(cv__owner=user, ref=ref)
        .select_related("vacancy__organisation", "vacancy__place", "vacancy__occupation", "cv__owner", "cv__place")
        .first()
    )


def subjects_of(user: User) -> list[Subjects]:
    """The rows that are about a person and that others look at, for the account page "who saw my data"."""
    return [
        Subjects("matching.application", list(Application.objects.filter(cv__owner=user).values_list("pk", flat=True))),
        Subjects("profiles.cv", list(CV.objects.filter(owner=user).values_list("pk", flat=True))),
    ]


def export_of(user: User) -> dict:
    """What a person sent, saved and hid, and what came of it, as plain values."""
    sent = Application.objects.filter(cv__owner=user).select_related("vacancy__organisation").order_by("id")
    sent = sent.prefetch_related(Prefetch("events", ApplicationEvent.objects.order_by("at", "id")))
    marks = Bookmark.objects.filter(cv__owner=user).order_by("id")
    return {
        "applications": [
            {
                "vacancy": row.vacancy_id, "title": row.vacancy.title, "organisation": row.vacancy.organisation.name,
                "status": row.status, "why": row.why, "did": row.did, "applied_at": row.applied_at,
                "decided_at": row.decided_at, "reason": row.reason, "message": row.message, "promised": row.snapshot,
                "events": [{"at": event.at, "status": event.status} for event in row.events.all()],
            }
            for row in sent
        ],
        "bookmarks": list(marks.values("vacancy_id", "hidden", "created_at")),
    }  # fmt: skip


def events_of(application: Application) -> QuerySet[ApplicationEvent]:
    """What happened, oldest first."""
    return application.events.order_by("at", "id")
