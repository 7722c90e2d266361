"""Whose smart CV a request is about."""

from django.http import HttpRequest

from accounts.models import User
from profiles.models import CV
from profiles.queries.pages import completeness, counted_words, counts

SESSION_KEY = "cv_ref"
ASIDE_KEY = "cv_aside"  # {"ref", "next"}: a draft of which we ask whose it is, and where the visitor was going


def cv_of(request: HttpRequest) -> CV | None:
    """The smart CV of this visitor: the account's, or the draft of this browser session. None before anything is saved.

    A draft becomes the account's through `profiles.middleware.ClaimDraft`, before any view runs.
    """
    if request.user.is_authenticated:
        cv = CV.objects.filter(owner=request.user).select_related("place").first()
        if cv is not None:
            cv.owner = request.user
        return cv
    ref = request.session.get(SESSION_KEY)
    return CV.objects.filter(ref=ref, owner=None).select_related("place").first() if ref else None


def is_perhaps_of_another(ref: str, user: User) -> bool:
    """Whether a draft in this browser may be somebody else's: there is something in it, and the account has its own."""
    draft = CV.objects.filter(ref=ref, owner=None).first()
    own = CV.objects.filter(owner=user).first()
    return draft is not None and own is not None and is_begun(draft) and is_begun(own)


def draft_aside(request: HttpRequest) -> CV | None:
    """The draft that was put aside in this browser, until somebody says whose it is."""
    ref = request.session.get(ASIDE_KEY, {}).get("ref")
    return CV.objects.filter(ref=ref, owner=None).first() if ref else None


def is_begun(cv: CV) -> bool:
    """Whether anything was filled in."""
    return any(state.status != "todo" for state in completeness(cv))


def counted(cv: CV) -> list[str]:
    """How much a CV holds, without what: "1 job", "4 skills"."""
    have = counts(cv)
    return [
        counted_words(key, have[key])
        for key in ("jobs", "skills", "educations", "languages", "certificates")
        if have[key]
    ]
