"""CockpitWerk in the API."""

from dataclasses import asdict

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import IsAnalyst
from cockpit.figures import figures


class FiguresView(APIView):
    """The figures of the start page; null stands for a group that is too small to show."""

    permission_classes = [IsAnalyst]

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request) -> Response:
        return Response(asdict(figures()))


urlpatterns = [path("cockpit/figures/", FiguresView.as_view(), name="cockpit-figures")]
