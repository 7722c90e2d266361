"""What is written down of every request."""

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

from core.logs import route_of


class RequestLog(RequestMiddleware):
    """Logs method, route and status; never what stands in the address: keys, references and what people typed."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {route_of(request)}"
