"""Choose between jobs: one pair a page, and at the end what it says, to be changed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.exceptions import Conflict
from matching import operations
from matching.queries import choices
from profiles import flow
from profiles.models import CV
from profiles.views.base import CVPage


class Begin(CVPage):
    """To the first pair without an answer; to the result when all is asked."""

    def get(self, request: HttpRequest) -> HttpResponse:
        talk = choices.conversation_of(self.cv)
        if talk.is_done:
            return redirect("matching:choices-result")
        return redirect("matching:choice", len(talk.answers) + 1)


class Choice(CVPage):
    """One pair. An earlier answer may be changed; the pairs after it keep theirs."""

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.place = flow.place_of("choices")

    def get(self, request: HttpRequest, at: int) -> HttpResponse:
        talk = choices.conversation_of(self.cv)
        pair = choices.pair_at(talk, at)
        if pair is None:
            return redirect("matching:choices")
        return self.show(talk, at, pair)

    def post(self, request: HttpRequest, at: int) -> HttpResponse:
        said = request.POST.get("choice", "")
        talk = choices.conversation_of(self.cv)
        pair = choices.pair_at(talk, at)
        if pair is None or said not in (choices.FIRST, choices.SECOND, choices.SKIP):
            raise Http404
        if request.POST.get("pair", pair.code) != pair.code:  # answered in another tab meanwhile
            return self.show(talk, at, pair, conflict=True, status=409)
        answers = choices.with_answer(talk, at, pair, said)
        try:
            self.save(lambda cv, version: operations.save_choices(cv=cv, version=version, answers=answers))
        except Conflict:
            self.cv = CV.objects.get(pk=self.cv.pk)
            talk = choices.conversation_of(self.cv)
            return self.show(talk, at, choices.pair_at(talk, at) or pair, conflict=True, status=409)
        return redirect("matching:choice", at + 1)

    def show(self, talk, at: int, pair, *, conflict: bool = False, status: int = 200) -> HttpResponse:
        first, second = pair.cards()
        context = {
            "cv": self.cv,
            "version": str(self.cv.version if self.cv else 0),
            "place": self.place,
            "at": at,
            "pair": pair,
            "cards": [(choices.FIRST, first), (choices.SECOND, second)],
            "said": talk.answers[at - 1].said if at <= len(talk.answers) else "",
            "conflict": conflict,
        }
        return render(self.request, "matching/choice.html", context, status=status)


class Result(CVPage):
    """What the choices say, how sure that is, and where it can be changed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.cv is None or not self.cv.choice_result:
            return redirect("matching:choices")
        context = {
            "cv": self.cv,
            "version": str(self.cv.version),
            "place": flow.place_of("choices"),
            "result": self.cv.choice_result,
            "lines": choices.summary(self.cv),
            "tenths": round(self.cv.choice_result["sure"] / 10),
            "last": len(self.cv.choice_answers),
        }
        return render(request, "matching/choices_result.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin anew: the answers and what they filled in go."""
        try:
            self.save(lambda cv, version: operations.save_choices(cv=cv, version=version, answers=[]))
        except Conflict:
            messages.error(request, _("You changed something in another tab. Look again, then begin anew."))
            return redirect("matching:choices-result")
        return redirect("matching:choices")
