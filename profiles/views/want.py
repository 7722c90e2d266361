"""What somebody wants: interests, values, wishes, hours, travel."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.choices import Day
from profiles import flow, operations, queries
from profiles.forms import HoursForm, InterestsForm, TravelForm, ValuesForm, WishesForm
from profiles.interests import PAGES as INTEREST_PAGES
from profiles.interests import items_of_page
from profiles.models import CV
from profiles.steps import VALUE_ANSWERS, VALUES
from profiles.views.base import NONE_OF_THESE, CVPage, StepPage, picked
from taxonomy.queries import resolve_occupation


def interests(request: HttpRequest) -> HttpResponse:
    """The first page of the thirty choices with something unanswered; the result when all are made."""
    cv = queries.cv_of(request)
    answers = cv.interest_answers if cv else {}
    for page in range(1, INTEREST_PAGES + 1):
        if any(key not in answers for key in items_of_page(page)):
            return redirect("profiles:interests-page", page)
    return redirect("profiles:interests-result")


class Interests(StepPage):
    name = "interests-page"
    title = _("Do you like doing this?")
    lead = _("Choose quickly: your first feeling is right. It does not matter whether you can do it.")
    template_name = "profiles/interests.html"

    def number(self) -> int:
        return self.kwargs["page"]

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not 1 <= kwargs["page"] <= INTEREST_PAGES:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def make_form(self, data=None) -> InterestsForm:
        return InterestsForm(data, page=self.number(), initial=self.cv.interest_answers if self.cv else None)

    def details(self, form) -> dict:
        return {"page": self.number(), "pages": INTEREST_PAGES}

    def store(self, cv: CV, version: int, form) -> None:
        operations.save_interests(cv=cv, version=version, answers=form.cleaned_data)


class InterestsResult(CVPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "cv": self.cv,
            "bars": queries.bars(self.cv) if self.cv else [],
            "place": flow.place_of("interests-result"),
        }
        return render(request, "profiles/interests_result.html", context)


class Values(StepPage):
    name = "values"
    title = _("What matters to you in work?")
    form_class = ValuesForm
    template_name = "profiles/values.html"

    def initial(self) -> dict:
        """The answer that lies nearest to each stored value."""
        answers = [value for value, _label in VALUE_ANSWERS]
        stored = {name: getattr(self.cv, name) for name in VALUES}
        return {name: min(answers, key=lambda a: abs(a - v)) for name, v in stored.items() if v is not None}

    def store(self, cv: CV, version: int, form) -> None:
        operations.save_values(cv=cv, version=version, values=form.cleaned_data)


class WishStep(StepPage):
    """A page that changes a part of the wishes and leaves the rest as it is."""

    def keep(self, cv: CV, version: int, **changes) -> None:
        operations.save_wishes(cv=cv, version=version, **(queries.wishes_of(cv) | changes))


class Wishes(WishStep):
    """Which occupations and sectors somebody would like."""

    name = "wishes"
    title = _("What work are you looking for?")
    form_class = WishesForm
    template_name = "profiles/wishes.html"

    def initial(self) -> dict:
        return {"sectors": self.cv.wished_sectors}

    def details(self, form) -> dict:
        held = queries.wished_occupations(self.cv)
        kept = form.cleaned_data.get("keep", []) if form.is_bound else [occupation.pk for occupation in held]
        room = len(held) < operations.MOST_WISHES
        other = queries.other_work(self.cv, [occupation.pk for occupation in held]) if room else []
        return {name: [(one, one.pk in kept) for one in found] for name, found in (("held", held), ("other", other))}

    def try_saving(self, form) -> HttpResponse:
        text = form.cleaned_data["occupation"]
        chosen = picked(self.request, "occupation", text)
        form.added = None
        if text and chosen != NONE_OF_THESE:
            found = resolve_occupation(text, chosen)
            if found.id is None:
                return self.ask(form, "occupation", text, found.choices)
            form.added = found.id
        return super().try_saving(form)

    def store(self, cv: CV, version: int, form) -> int | None:
        added = [form.added] if form.added else []
        wanted = form.cleaned_data["keep"] + added
        self.keep(cv, version, occupations=wanted, sectors=form.cleaned_data["sectors"])
        return form.added

    def after(self, result: object) -> str:
        return reverse("profiles:wishes") if result else self.place().next


class Hours(WishStep):
    name = "hours"
    title = _("How much do you want to work?")
    form_class = HoursForm
    template_name = "profiles/hours.html"

    def make_form(self, data=None) -> HoursForm:
        cv = self.cv or CV()
        days = [day.value for day in Day if cv.days & day]
        return HoursForm(data, initial={"hours_min": cv.hours_min, "hours_max": cv.hours_max, "days": days})

    def store(self, cv: CV, version: int, form) -> None:
        self.keep(cv, version, **(form.cleaned_data | {"days": sum(form.cleaned_data["days"])}))


class Travel(WishStep):
    name = "travel"
    title = _("From where do you travel?")
    lead = _("We only use it for the travel time.")
    form_class = TravelForm

    def make_form(self, data=None) -> TravelForm:
        cv = self.cv or CV()
        initial = {"place": cv.place, "travel_mode": cv.travel_mode, "travel_minutes": cv.travel_minutes}
        return TravelForm(data, initial=initial)

    def store(self, cv: CV, version: int, form) -> None:
        self.keep(cv, version, **form.cleaned_data)
