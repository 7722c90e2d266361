"""What may stand in logs of an address: the route, never its keys, references or what people typed."""

import logging

from django.http import HttpRequest
from django.urls import Resolver404, resolve


def route_of(request: HttpRequest) -> str:
    """The address with its variable parts as they stand in `urls.py`."""
    try:
        return f"/{resolve(request.path_info).route}"
    except Resolver404:
        return "(no page)"


class RoutesOnly(logging.Filter):
    """Puts the route where Django itself would log the path of a request, as with "Not Found"."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(route_of(request) if arg == request.path else arg for arg in record.args)
        return True
