"""What the rooms' APIs share: refusals of operations as problem details."""

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import APIView

from core.exceptions import Conflict, Refused


class Clash(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("Somebody changed this meanwhile. Read it again and send your change once more.")
    default_code = "conflict"


class Errors(APIView):
    """Turns refusals and conflicts of operations into a 409 with the reason in words."""

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Conflict):
            exc = Clash()
        elif isinstance(exc, Refused):
            exc = Clash(detail=exc.message, code="refused")
        return super().handle_exception(exc)
