"""The live chance model and its quality, for operators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from accounts.permissions import OperatorRequired
from core.exceptions import Refused
from matching import operations, queries
from matching.models import ChanceModel


class ModelQuality(OperatorRequired, View):
    """What the live model learned from, how good it is, and the versions before it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        target = "hired" if request.GET.get("of") == "hired" else "invited"
        return render(request, "matching/model.html", {"quality": queries.model_quality(target)})

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = request.POST.get("model", "")
        model = get_object_or_404(ChanceModel, pk=chosen if chosen.isdecimal() else None)
        try:
            operations.make_live(model=model, actor=request.user)
            messages.success(request, _("Version %(version)s is live now.") % {"version": model.version})
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect(f"{reverse('matching:model')}?of={model.target}")
