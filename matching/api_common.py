"""What the faces of the matcher's REST API share."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

LIMIT = 25
MOST = 200

LIMIT_PARAMETER = OpenApiParameter("limit", int, description=f"how many at most: 1-{MOST}, {LIMIT} unless told")


def limit_of(request: Request) -> int:
    """The asked number of results. Raises ValidationError outside 1-200."""
    field = serializers.IntegerField(min_value=1, max_value=MOST)
    try:
        return field.run_validation(request.query_params.get("limit", LIMIT))
    except ValidationError as error:
        raise ValidationError({"limit": error.detail}) from None
