"""Hands a draft over to the account as soon as somebody is logged in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from profiles.operations import claim_draft
from profiles.queries import ASIDE_KEY, SESSION_KEY, is_perhaps_of_another


class ClaimDraft:
    """What was filled in before signing up belongs to the account from the first request after it.

    Who has a smart CV already is asked first: on a shared computer the draft may be somebody else's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and request.user.is_authenticated:
            ref = request.session.pop(SESSION_KEY)
            if not is_perhaps_of_another(ref, request.user):
                claim_draft(ref=ref, user=request.user)
            else:
                request.session[ASIDE_KEY] = {"ref": ref, "next": request.get_full_path()}
                if request.method == "GET" and "HX-Request" not in request.headers and "/api/" not in request.path:
                    return redirect("profiles:found-draft")
        return self.get_response(request)
