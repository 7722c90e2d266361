"""How the API reads what is sent."""

from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

TOO_MUCH = _("That is more than we accept at once. Nothing was saved.")


class BoundedJSONParser(JSONParser):
    """JSON up to the size that pages accept too; Django's own limit does not see a body that is read as a stream."""

    def parse(self, stream, media_type=None, parser_context=None):
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise ParseError(TOO_MUCH)
        return super().parse(BytesIO(body), media_type, parser_context)
