"""Hands a draft over to the account as soon as somebody is logged in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from profiles.operations import claim_draft
from profiles.queries import SESSION_KEY


class ClaimDraft:
    """What was filled in before signing up belongs to the account from the first request after it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and request.user.is_authenticated:
            claim_draft(ref=request.session.pop(SESSION_KEY), user=request.user)
        return self.get_response(request)
