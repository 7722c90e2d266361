"""What the menu knows of who is logged in."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.queries import roles_of


def roles(request: HttpRequest) -> dict:
    """`acts_for`: the roles of the visitor beyond looking for work; asked of the database when a page uses it."""
    return {"acts_for": SimpleLazyObject(lambda: roles_of(request.user))}
