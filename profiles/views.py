"""The pages of the smart CV. No account is needed; a draft comes into being when the first answer is saved."""

from collections.abc import Callable
from dataclasses import replace

from django import forms as django_forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from core.choices import Day, Level
from core.exceptions import Conflict, Refused
from profiles import flow, operations, queries
from profiles.answers import SkillAnswer
from profiles.forms import (
    CertificatesForm,
    DriveForm,
    EducationForm,
    EraseForm,
    FindableForm,
    HoursForm,
    InitiativeForm,
    InterestsForm,
    JobForm,
    JobTitleForm,
    LanguagesForm,
    RemoveJobForm,
    SkillsForm,
    TravelForm,
    ValuesForm,
    WishesForm,
)
from profiles.interests import PAGES as INTEREST_PAGES
from profiles.interests import items_of_page
from profiles.models import CV, Job
from profiles.pdf import cv_pdf
from profiles.steps import VALUE_ANSWERS, VALUES
from taxonomy.models import Occupation, Skill
from taxonomy.queries import Hit, resolve_occupation, resolve_skill

NONE_OF_THESE = "none"


def today():
    return timezone.localdate()


def number(text: str | None) -> int:
    """A posted number; 0 for what is none."""
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0


def picked(request: HttpRequest, name: str, text: str) -> str:
    """The id chosen for a typed text: from the radios when they were about this text, else from the suggestions."""
    ids = request.POST.getlist(f"{name}_id") or [""]
    return ids[-1] if request.POST.get("asked") == text else ids[0]


class CVPage(View):
    """What all pages share: the CV of the visitor, pages that are never cached, saving with a version."""

    cv: CV | None

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        self.cv = queries.cv_of(request)
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def needed(self) -> CV:
        """The CV, where a page makes no sense without one."""
        if self.cv is None:
            raise Http404
        return self.cv

    def save(self, change: Callable[[CV, int], object]) -> object:
        """Run an operation on the CV (a new one, when this is the first answer) with the version that was seen."""
        with transaction.atomic():
            cv = self.cv or operations.start_cv(user=self.request.user)
            version = number(self.request.POST.get("version")) if self.cv else cv.version
            result = change(cv, version)
        if self.cv is None:
            self.cv = cv
            if cv.owner_id is None:
                self.request.session[queries.SESSION_KEY] = str(cv.ref)
        return result


class StepPage(CVPage):
    """One question: a form, saved by `store`. A change in another tab keeps what was typed, to be looked at again."""

    name: str
    form_class: type[django_forms.Form]
    template_name = "profiles/step.html"
    title: str | Promise = ""
    lead: str | Promise = ""

    def number(self) -> int | None:
        """Which page of several this is; None when there is one."""
        return None

    def place(self) -> flow.Place:
        return flow.place_of(self.name, self.number())

    def make_form(self, data=None) -> django_forms.Form:
        return self.form_class(data, initial=self.initial() if self.cv else None)

    def initial(self) -> dict:
        return {}

    def store(self, cv: CV, version: int, form) -> object:
        raise NotImplementedError

    def details(self, form) -> dict:
        return {}

    def after(self, result: object) -> str:
        return self.place().next

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self.show(self.make_form())

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        return self.try_saving(form)

    def try_saving(self, form) -> HttpResponse:
        try:
            result = self.save(lambda cv, version: self.store(cv, version, form))
        except Conflict:
            return self.show(form, conflict=True, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.show(form, status=422)
        if self.request.POST.get("then") == "overview":
            messages.success(self.request, gettext("Saved. You can go on whenever you like."))
            return redirect("profiles:overview")
        return redirect(self.after(result))

    def ask(self, form, name: str, text: str, choices: list[Hit]) -> HttpResponse:
        """Put before the person what a typed text may mean."""
        if self.request.POST.get("asked") == text:
            form.add_error(name, gettext("Choose what comes closest, or “none of these”."))
        return self.show(form, choices=choices, asked=text)

    def show(self, form, *, conflict: bool = False, status: int = 200, **more) -> HttpResponse:
        if conflict:
            self.cv = queries.cv_of(self.request)
        fresh = self.request.method != "POST" or conflict
        version = (self.cv.version if self.cv else 0) if fresh else number(self.request.POST.get("version"))
        context = {
            "form": form,
            "cv": self.cv,
            "version": str(version),
            "conflict": conflict,
            "place": self.place(),
            "title": self.title,
            "lead": self.lead,
        }
        return render(self.request, self.template_name, context | self.details(form) | more, status=status)


# Beginning and looking over.


class Start(CVPage):
    """The first question at once; who has a CV already goes on where they were."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.cv is not None:
            return redirect("profiles:overview")
        return render(request, "profiles/start.html", {"form": JobTitleForm(), "version": "0"})


class Overview(CVPage):
    """The steps with what is done and what each brings."""

    def get(self, request: HttpRequest) -> HttpResponse:
        states = queries.completeness(self.cv)
        context = {
            "cv": self.cv,
            "states": states,
            "total": len(states),
            "done": sum(state.status == "done" for state in states),
            "next": next((state for state in states if state.status != "done"), None),
        }
        return render(request, "profiles/overview.html", context)


class Check(CVPage):
    """The whole CV with a way to change every part."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.cv is None:
            return redirect("profiles:start")
        context = {
            "cv": self.cv,
            "shown": queries.cv_for_display(self.cv, anonymous=False),
            "states": queries.completeness(self.cv),
        }
        return render(request, "profiles/check.html", context)


class Print(CVPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        shown = queries.cv_for_display(self.needed(), anonymous=False)
        return render(request, "profiles/print.html", {"cv": shown, "name": queries.name_on(self.cv)})


class Pdf(CVPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        shown = queries.cv_for_display(self.needed(), anonymous=False)
        pdf = cv_pdf(shown, name=queries.name_on(self.cv), today=today())
        headers = {"Content-Disposition": f'attachment; filename="{gettext("smart-cv")}.pdf"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)


class Erase(CVPage):
    """Take the whole CV away, after one more question."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(EraseForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EraseForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        operations.erase_cv(cv=self.needed())
        request.session.pop(queries.SESSION_KEY, None)
        messages.success(request, gettext("Your smart CV is erased."))
        return redirect("home")

    def show(self, form: EraseForm, status: int = 200) -> HttpResponse:
        return render(self.request, "profiles/erase.html", {"form": form, "cv": self.needed()}, status=status)


# Jobs.


class Jobs(CVPage):
    """The list of jobs; without one the first question."""

    def get(self, request: HttpRequest) -> HttpResponse:
        jobs = queries.jobs_of(self.cv)
        if not jobs:
            return redirect("profiles:job-add")
        context = {"cv": self.cv, "jobs": [(job, queries.years(job)) for job in jobs], "place": flow.place_of("jobs")}
        return render(request, "profiles/jobs.html", context)


class JobTitle(StepPage):
    """What somebody does or did. Words that may mean several occupations lead to a choice on the same page."""

    name = "jobs"
    title = _("Your work")
    lead = _("Begin with what you do now, or did last.")
    form_class = JobTitleForm
    template_name = "profiles/job_title.html"
    job: Job | None = None

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if "pk" in kwargs:
            self.job = own_job(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def initial(self) -> dict:
        return {"title": self.job.title} if self.job else {}

    def try_saving(self, form) -> HttpResponse:
        """Save when it is clear which occupation is meant, or that none is; otherwise ask."""
        title = form.cleaned_data["title"]
        chosen = picked(self.request, "title", title)
        if chosen == NONE_OF_THESE:
            form.occupation = None
            return super().try_saving(form)
        found = resolve_occupation(title, chosen)
        if found.id is None:
            return self.ask(form, "title", title, found.choices)
        form.occupation = Occupation.objects.get(pk=found.id)
        return super().try_saving(form)

    def store(self, cv: CV, version: int, form) -> Job:
        known = self.job
        return operations.save_job(
            cv=cv,
            version=version,
            title=form.cleaned_data["title"],
            occupation=form.occupation,
            employer=known.employer if known else "",
            start_year=known.start_year if known else None,
            end_year=known.end_year if known else None,
            is_current=known.is_current if known else False,
            job=known,
        )

    def after(self, result: object) -> str:
        return reverse("profiles:job", args=[result.pk])


def own_job(request: HttpRequest, pk: int) -> Job:
    """A job of the visitor's own CV; 404 for anybody else's."""
    return get_object_or_404(Job.objects.select_related("occupation"), pk=pk, cv=queries.cv_of(request) or 0)


class JobDetails(StepPage):
    """When and where somebody had this job."""

    name = "jobs"
    title = _("When was this?")
    form_class = JobForm
    template_name = "profiles/job.html"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        self.job = own_job(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def make_form(self, data=None) -> JobForm:
        return JobForm(data, initial=self.initial(), today=today())

    def initial(self) -> dict:
        job = self.job
        said = job.is_current or job.start_year or job.end_year
        return {
            "is_current": job.is_current if said else None,
            "start_year": job.start_year,
            "end_year": job.end_year,
            "employer": job.employer,
        }

    def details(self, form) -> dict:
        return {"job": self.job, "skip": self.after(None)}

    def store(self, cv: CV, version: int, form) -> Job:
        job = self.job
        return operations.save_job(
            cv=cv, version=version, title=job.title, occupation=job.occupation, job=job, **form.cleaned_data
        )

    def after(self, result: object) -> str:
        return reverse("profiles:skills")


class JobRemove(StepPage):
    name = "jobs"
    title = _("Take away this job?")
    form_class = RemoveJobForm
    template_name = "profiles/job_remove.html"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        self.job = own_job(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def details(self, form) -> dict:
        return {"job": self.job}

    def store(self, cv: CV, version: int, form) -> None:
        operations.remove_job(cv=cv, version=version, job=self.job, **form.cleaned_data)

    def after(self, result: object) -> str:
        return reverse("profiles:jobs")


# Skills.


class Skills(StepPage):
    """Cards to keep or drop, with a level and a heart, and a field to search for more."""

    name = "skills"
    title = _("What can you do?")
    lead = _("These skills often go with your work. Keep what is right, drop the rest.")
    form_class = SkillsForm
    template_name = "profiles/skills.html"

    def make_form(self, data=None) -> SkillsForm:
        return SkillsForm(data)

    def details(self, form) -> dict:
        choices = queries.skill_choices(self.cv)
        if form.is_bound:
            choices = [as_posted(group, form) for group in choices]
        return {
            "groups": choices,
            "levels": Level.choices,
            "employed": any(job.is_current for job in queries.jobs_of(self.cv)),
        }

    def try_saving(self, form) -> HttpResponse:
        """The cards are saved in any case; a text in the search field adds a skill and brings the person back."""
        text = form.cleaned_data["skill"]
        chosen = picked(self.request, "skill", text)
        form.added = None
        if text and chosen != NONE_OF_THESE:
            found = resolve_skill(text, chosen)
            if found.id is None:
                return self.ask(form, "skill", text, found.choices)
            form.added = Skill.objects.get(pk=found.id)
        return super().try_saving(form)

    def store(self, cv: CV, version: int, form) -> Skill | None:
        kept = form.answers()
        added = form.added
        if added and added.pk not in form.cleaned_data["keep"]:
            kept.append(SkillAnswer(added.pk))
        operations.save_skills(cv=cv, version=version, kept=kept, shown=form.cleaned_data["shown"])
        return added

    def after(self, result: object) -> str:
        if result is None:
            return self.place().next
        messages.success(self.request, gettext("“%(skill)s” is in your smart CV.") % {"skill": result.label})
        return reverse("profiles:skills") + "#more"


def as_posted(group: queries.SkillChoices, form: SkillsForm) -> queries.SkillChoices:
    """The cards as the person left them, for when the page has to come back."""
    kept, shown = form.posted("keep"), form.posted("shown")

    def card(choice: queries.SkillChoice) -> queries.SkillChoice:
        if choice.skill_id not in shown:
            return choice
        answer = form.answer(choice.skill_id)
        return replace(
            choice, held=choice.skill_id in kept, level=answer.level, joy=answer.joy, unused=answer.unused_at_work
        )

    return replace(group, held=[card(c) for c in group.held], offered=[card(c) for c in group.offered])


# Education, languages, certificates.


class ListPage(StepPage):
    """A list to which one thing at a time is added; `remove` takes one away by its place in the list."""

    def rows(self) -> list:
        raise NotImplementedError

    def keep(self, cv: CV, version: int, rows: list) -> None:
        raise NotImplementedError

    def make_form(self, data=None):
        return self.form_class(data, today=today())

    def details(self, form) -> dict:
        return {"rows": self.rows()}

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        place = request.POST.get("remove")
        if place is None:
            return super().post(request, **kwargs)
        rows = self.rows()
        left = [row for index, row in enumerate(rows) if index != number(place)] if place.isdecimal() else rows
        try:
            self.save(lambda cv, version: self.keep(cv, version, left))
        except Conflict:
            return self.show(self.make_form(), conflict=True, status=409)
        return redirect(request.path)

    def store(self, cv: CV, version: int, form) -> None:
        self.keep(cv, version, [*self.rows(), form.answer()])

    def after(self, result: object) -> str:
        return self.request.path


class Educations(ListPage):
    name = "educations"
    title = _("Which education did you have?")
    form_class = EducationForm
    template_name = "profiles/educations.html"

    def rows(self) -> list:
        return queries.educations_of(self.cv)

    def keep(self, cv: CV, version: int, rows: list) -> None:
        operations.save_educations(cv=cv, version=version, educations=rows)


class Languages(StepPage):
    name = "languages"
    title = _("Which languages do you speak?")
    template_name = "profiles/languages.html"

    def make_form(self, data=None) -> LanguagesForm:
        held = queries.languages_of(self.cv)
        return LanguagesForm(data, held=held, initial=held)

    def store(self, cv: CV, version: int, form) -> None:
        operations.save_languages(cv=cv, version=version, languages=form.answers())


class Certificates(StepPage):
    name = "certificates"
    title = _("Which certificates and licences do you have?")
    lead = _("Tick what you have. Some work asks for it by law.")
    template_name = "profiles/certificates.html"

    def make_form(self, data=None) -> CertificatesForm:
        held = queries.certificates_of(self.cv)
        ticked = [number(pk) for pk in data.getlist("keep")] if data else []
        search = data.get("search", "") if data else ""
        shown = queries.certificate_choices([*held, *ticked], search)
        initial = {"keep": list(held)} | {f"until-{pk}": until for pk, until in held.items()}
        return CertificatesForm(data, certificates=shown, today=today(), initial=initial)

    def try_saving(self, form) -> HttpResponse:
        text = form.cleaned_data["search"]
        if text:
            return self.show(form, searched=text, found=queries.certificates_found(text))
        return super().try_saving(form)

    def store(self, cv: CV, version: int, form) -> None:
        operations.save_certificates(cv=cv, version=version, certificates=form.answers())


# What somebody wants.


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
        return {"held": [(occupation, occupation.pk in kept) for occupation in held]}

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


# What somebody does.


class Drive(StepPage):
    name = "drive"
    title = _("Your next step")
    form_class = DriveForm

    def initial(self) -> dict:
        return {"ready_to_learn": self.cv.ready_to_learn, "start_within_weeks": self.cv.start_within_weeks}

    def store(self, cv: CV, version: int, form) -> None:
        operations.save_drive(cv=cv, version=version, **form.cleaned_data)


class Initiatives(ListPage):
    name = "initiatives"
    title = _("What did you already do yourself?")
    lead = _("A course, voluntary work, a day along: it shows that you mean it. Nothing yet? Skip it.")
    form_class = InitiativeForm
    template_name = "profiles/initiatives.html"

    def rows(self) -> list:
        return queries.initiatives_of(self.cv)

    def keep(self, cv: CV, version: int, rows: list) -> None:
        operations.save_initiatives(cv=cv, version=version, initiatives=rows)


class Findable(StepPage):
    name = "findable"
    title = _("May employers find you?")
    form_class = FindableForm

    def initial(self) -> dict:
        return {"findable": self.cv.findable}

    def store(self, cv: CV, version: int, form) -> None:
        operations.set_findable(cv=cv, version=version, findable=form.cleaned_data["findable"])
