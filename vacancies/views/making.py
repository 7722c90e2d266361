"""Making a vacancy: title, one page to correct, a look, publish. No account needed until then."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.models import Organisation
from accounts.queries import organisation_of
from core.choices import EducationLevel, Importance, Language, LanguageLevel, Level
from core.exceptions import Refused
from taxonomy.extract import find_certificates, find_education_level, find_languages, find_skills
from taxonomy.models import Occupation
from taxonomy.queries import Resolved, resolve_occupation, resolve_skill
from vacancies import operations, queries
from vacancies.forms import (
    LOWEST_MONTH,
    OFFERS,
    AddForm,
    Asked,
    PasteForm,
    TitleForm,
    VacancyForm,
    as_querydict,
    as_text,
    is_offered,
)
from vacancies.models import Vacancy
from vacancies.wording import remarks

DRAFT = "vacancy_draft"  # session key: what was filled in before there is an account
MOST_KEPT = 100  # values of one field that the session keeps
MOST_FIELDS = 500
LONGEST_KEPT = 10_000  # characters of one value: a text that is too long comes back to be shortened
FIELDS = {*VacancyForm.base_fields, "skill", "language", "paper"}
OF_A_ROW = re.compile(r"(?:importance|level|hard|paper_hard)_\d{1,18}|language_(?:level|hard)_[a-z]{2,3}")


class Start(View):
    """The title; the rest follows from the occupation behind it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = TitleForm(initial={"kind": request.GET.get("kind", "vacancy")})
        return render(
            request, "vacancies/start.html", {"form": form, "paste": PasteForm(), "draft": DRAFT in request.session}
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form, paste = TitleForm(request.POST), PasteForm(request.POST)
        context = {"form": form, "paste": paste}
        if form.is_valid() and paste.is_valid():
            found = self.occupation(form, request.POST)
            if found.id is not None:
                title, kind = form.cleaned_data["title"], form.cleaned_data["kind"]
                firm = organisation_of(request.user, Organisation.Kind.EMPLOYER)
                request.session[DRAFT] = _proposed(found.id, title, kind, paste.cleaned_data["pasted"], firm)
                return redirect("vacancies:details")
            context |= {"choices": found.choices, "ask_nearest": True}
            if not found.choices:
                form.add_error("nearest", _("We do not know this work yet. Name an occupation that looks like it."))
        failed = bool(form.errors or paste.errors)
        return render(request, "vacancies/start.html", context, status=422 if failed else 200)

    def occupation(self, form: TitleForm, data: QueryDict) -> Resolved:
        """What was chosen, or said to come closest, or is meant by the title."""
        nearest = form.cleaned_data["nearest"]
        if nearest:
            return resolve_occupation(nearest, data.get("nearest_id"))
        return resolve_occupation(form.cleaned_data["title"], data.get("occupation") or data.get("title_id"))


def _proposed(pk: int, title: str, kind: str, pasted: str, firm: Organisation | None) -> dict[str, list[str]]:
    """The details form as if somebody had filled in what the taxonomy and a pasted text say."""
    occupation = Occupation.objects.get(pk=pk)
    proposal = queries.draft_from_occupation(occupation, title=title, firm=firm.name if firm else "")
    rows = {row["skill"]: row for row in proposal.requirements}
    languages, papers, education = {Language.NL.value: int(LanguageLevel.B1)}, [], proposal.education_level
    if pasted:
        found = find_skills(pasted, limit=12)
        for skill in found:
            rows.setdefault(skill.skill_id, {"skill": skill.skill_id, "importance": 2, "level": skill.level or 3})
            rows[skill.skill_id] |= {"importance": max(2, rows[skill.skill_id]["importance"])}
        if len(found) >= 4:  # the text speaks for itself: what only the taxonomy says is nice to have
            named = {skill.skill_id for skill in found}
            for skill_id, row in rows.items():
                row["importance"] = row["importance"] if skill_id in named else 1
        languages |= {row.language: row.level or int(LanguageLevel.B1) for row in find_languages(pasted)}
        papers = [paper.certificate_id for paper in find_certificates(pasted)]
        education = find_education_level(pasted) or education
    data: dict[str, list[str]] = {
        "title": [proposal.title], "occupation": [str(pk)], "kind": [kind], "text": [pasted or proposal.text],
        "days": ["1", "2", "4", "8", "16"], "openings": ["1"], "hours_min": ["32"], "hours_max": ["40"],
        "pay_min": [as_text(proposal.pay_min)], "pay_max": [as_text(proposal.pay_max)],
        "education_level": [as_text(education)], "skill": [str(skill_id) for skill_id in rows],
        "language": list(languages), "paper": [str(paper) for paper in papers],
        "postcode": [firm.place_id or "" if firm else ""],
    }  # fmt: skip
    for skill_id, row in rows.items():
        data[f"importance_{skill_id}"], data[f"level_{skill_id}"] = [str(row["importance"])], [str(row["level"])]
    return data | {f"language_level_{code}": [str(level)] for code, level in languages.items()}


class DetailsPage(View):
    """One page to correct. Rows come and go without script too: the page comes back with everything kept."""

    before: Vacancy | None = None  # the vacancy that is changed

    def forms(self, data: QueryDict) -> tuple[VacancyForm, Asked]:
        """The page as posted, checked; what is wrong in the rows is an error of the form as well."""
        form, asked = VacancyForm(data, today=timezone.localdate(), before=self.before), Asked(data)
        form.full_clean()
        for error in asked.errors:
            form.add_error(None, error)
        return form, asked

    def show(
        self, request: HttpRequest, form: VacancyForm, asked: Asked, data: QueryDict, status: int = 200, **extra
    ) -> HttpResponse:
        context = {
            "form": form, "asked": asked, "add": AddForm(), "occupation": _occupation_label(data),
            "importances": Importance.choices, "levels": Level.choices, "language_levels": LanguageLevel.choices,
            "vacancy": self.before, **extra,
        }  # fmt: skip
        return render(request, "vacancies/details.html", context, status=422 if form.errors else status)

    def show_unchecked(self, request: HttpRequest, data: QueryDict, asked: Asked, **extra) -> HttpResponse:
        form = VacancyForm(initial=_initial(data), today=timezone.localdate(), before=self.before)
        return self.show(request, form, asked, data, **extra)

    def changed_rows(self, request: HttpRequest) -> HttpResponse | None:
        """The page again when the visitor only added or dropped a row; None otherwise."""
        data = request.POST.copy()
        adding = data.get("do") == "add"
        typed = data.get("add_skill", "").strip()
        picked = [pk for pk in data.getlist("add_skill_id") if pk]
        language, paper = data.get("add_language", ""), data.get("add_paper", "")
        if not (adding or typed or picked or language or paper or "drop" in data):
            return None
        data.setlist("language", [*data.getlist("language"), language])
        data.setlist("paper", [*data.getlist("paper"), paper])
        asked, extra = Asked(data), {}
        if typed or picked:
            found = resolve_skill(typed, picked[-1] if picked else None)
            if found.id is not None:
                asked.add_skill(found.id)
            else:
                extra = {"skill_choices": found.choices, "nothing_found": not found.choices, "typed": typed}
        rows = {key: values for key, values in data.lists() if not _is_row(key)} | asked.as_data()
        self.keep(request, as_querydict(rows))
        return self.show_unchecked(request, as_querydict(rows), asked, **extra)

    def keep(self, request: HttpRequest, data: QueryDict) -> None:
        """Remember what was filled in so far."""


def _is_row(key: str) -> bool:
    starts = ("skill", "importance_", "level_", "hard_", "language", "paper", "drop", "add_", "do", "csrf")
    return key.startswith(starts)


def _initial(data: QueryDict) -> dict:
    several = ("days", "offers")
    return {key: data.getlist(key) if key in several else data.get(key) for key in data}


def _occupation_label(data: QueryDict) -> str:
    pk = data.get("occupation", "")
    occupation = Occupation.objects.filter(pk=pk).first() if pk.isdecimal() else None
    return occupation.label if occupation else ""


class Details(DetailsPage):
    """Correct a new vacancy; it stays in the session until it is published."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if DRAFT not in request.session:
            return redirect("vacancies:start")
        data = as_querydict(request.session[DRAFT])
        return self.show_unchecked(request, data, Asked(data))

    def post(self, request: HttpRequest) -> HttpResponse:
        again = self.changed_rows(request)
        if again is not None:
            return again
        self.keep(request, request.POST)
        form, asked = self.forms(request.POST)
        if form.errors:
            return self.show(request, form, asked, request.POST)
        return redirect("vacancies:check")

    def keep(self, request: HttpRequest, data: QueryDict) -> None:
        request.session[DRAFT] = as_kept(data)


def as_kept(data: QueryDict) -> dict[str, list[str]]:
    """What a session keeps of a posted page: the fields of that page, each within bounds."""
    known = [key for key in data if key in FIELDS]
    known += [key for key in data if OF_A_ROW.fullmatch(key)]
    return {key: [value[:LONGEST_KEPT] for value in data.getlist(key)[:MOST_KEPT]] for key in known[:MOST_FIELDS]}


class Check(DetailsPage):
    """How it will look, and the button to publish. Asks for an account and a firm only now."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if DRAFT not in request.session:
            return redirect("vacancies:mine" if request.method == "POST" else "vacancies:start")
        self.form, self.asked = self.forms(as_querydict(request.session[DRAFT]))
        if self.form.errors:
            return redirect("vacancies:details")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        values = self.form.values()
        context = {
            "values": values, "asked": self.asked, "remarks": remarks(f"{values['title']} {values['text']}"),
            "low_pay": values["pay_min"] < LOWEST_MONTH, "form": None,
            "firm": organisation_of(request.user, Organisation.Kind.EMPLOYER),
            "offers": [str(words) for name, words in OFFERS.items() if is_offered(values[name])],
            "education": dict(EducationLevel.choices).get(values["education_level"]),
        }  # fmt: skip
        return render(request, "vacancies/check.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        here = reverse("vacancies:check")
        if not request.user.is_authenticated:
            messages.info(request, _("Make an account first. What you filled in stays."))
            return redirect(f"{reverse('account_signup')}?next={here}")
        firm = organisation_of(request.user, Organisation.Kind.EMPLOYER)
        if firm is None:
            return redirect(f"{reverse('accounts:register-employer')}?next={here}")
        values = self.form.values() | self.asked.values()
        try:
            vacancy = operations.post_vacancy(
                organisation=firm, values=values, actor=request.user, now=timezone.now(),
                publish=request.POST.get("do") != "keep",
            )  # fmt: skip
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("vacancies:details")
        del request.session[DRAFT]
        if not vacancy.is_open:
            messages.success(request, _("Kept as a draft. Nobody sees it yet."))
            return redirect("vacancies:mine")
        messages.success(request, _("Published. These are the people who fit best."))
        return redirect("matching:candidates", vacancy.pk)
