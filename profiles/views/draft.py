"""A draft that was on this computer before somebody with a smart CV logged in."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from profiles import operations, queries


class FoundDraft(LoginRequiredMixin, View):
    """Asks whose it is. Shows when it was made and how much is in it, not what: it may be somebody else's."""

    def get(self, request: HttpRequest) -> HttpResponse:
        draft = queries.draft_aside(request)
        if draft is None:
            return redirect("profiles:overview")
        return render(request, "profiles/found_draft.html", {"draft": draft, "holds": queries.counted(draft)})

    def post(self, request: HttpRequest) -> HttpResponse:
        draft, answer = queries.draft_aside(request), request.POST.get("answer")
        if answer not in {"add", "drop"}:
            raise Http404
        aside = request.session.pop(queries.ASIDE_KEY, {})
        if draft is not None and answer == "add":
            operations.claim_draft(ref=draft.ref, user=request.user)
            messages.success(request, _("Added. What you had filled in yourself stays as it was."))
        elif draft is not None:
            operations.erase_cv(cv=draft)
            messages.success(request, _("Thrown away. Your own smart CV stays as it was."))
        return redirect(aside.get("next", "profiles:overview"))
