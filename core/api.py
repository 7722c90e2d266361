"""What the rooms' APIs share: refusals of operations as problem details."""

from django.core.exceptions import SuspiciousOperation
from django.utils.translation import gettext_lazy as _
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, Throttled
from rest_framework.response import Response
from rest_framework.views import APIView

from core.exceptions import Conflict, Refused
from core.limits import TooOften
from core.parsers import TOO_MUCH


class Clash(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("Somebody changed this meanwhile. Read it again and send your change once more.")
    default_code = "conflict"


class Problems(ExceptionHandler):
    """Answers a request that Django itself refuses to read (too many fields, too large) with a 400, as on pages."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, SuspiciousOperation):
            return ParseError(TOO_MUCH)
        return super().convert_known_exceptions(exc)


class Errors(APIView):
    """Turns refusals and conflicts of operations into a 409 with the reason in words."""

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Conflict):
            exc = Clash()
        elif isinstance(exc, TooOften):
            exc = Throttled(detail=exc.message)
        elif isinstance(exc, Refused):
            exc = Clash(detail=exc.message, code="refused")
        return super().handle_exception(exc)
