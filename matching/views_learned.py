"""What schools say that somebody finished, and the code to give to a school."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from core.exceptions import Refused
from education import completions, queries
from education.learners import shown_code
from matching import operations


class Learned(LoginRequiredMixin, View):
    """What waits for an answer; POST makes the code."""

    def get(self, request: HttpRequest) -> HttpResponse:
        code = queries.learner_code_of(request.user)
        context = {"waiting": queries.completions_for(request.user), "code": shown_code(code) if code else ""}
        return render(request, "matching/learned.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        completions.learner_code(user=request.user)
        return redirect("matching:learned")


class AnswerSchool(LoginRequiredMixin, View):
    """Yes: onto the smart CV. No: away with it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, ref) -> HttpResponse:
        completion = queries.completions_for(request.user).filter(ref=ref).first()
        answer = request.POST.get("answer", "")
        if completion is None:
            raise Http404
        if answer not in ("yes", "no"):
            return redirect("matching:learned")
        title = {"title": completion.programme.title}
        try:
            if answer == "yes":
                operations.accept_completion(completion=completion, user=request.user, now=timezone.now())
                messages.success(request, _("“%(title)s” is on your smart CV, with what you learned.") % title)
            else:
                operations.decline_completion(completion=completion, user=request.user)
                messages.success(request, _("“%(title)s” does not come on your smart CV.") % title)
        except Refused as refusal:
            messages.warning(request, refusal.message)
        return redirect("matching:learned")
