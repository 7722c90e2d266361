"""Public pages of vacancies, and what an employer does with their own."""

import re

from django.contrib import messages
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views import View

from accounts.models import Organisation
from accounts.permissions import EmployerRequired
from accounts.queries import organisation_of
from core.choices import EducationLevel, Importance, Language, LanguageLevel, Level
from core.exceptions import Conflict, Refused
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
    SearchForm,
    TitleForm,
    VacancyForm,
    as_posted,
    as_querydict,
    as_text,
    is_offered,
)
from vacancies.models import Vacancy
from vacancies.structured import job_posting
from vacancies.wording import remarks

DRAFT = "vacancy_draft"  # session key: what was filled in before there is an account
PER_PAGE = 20
MOST_KEPT = 100  # values of one field that the session keeps
MOST_FIELDS = 500
LONGEST_KEPT = 10_000  # characters of one value: a text that is too long comes back to be shortened
FIELDS = {*VacancyForm.base_fields, "skill", "language", "paper"}
OF_A_ROW = re.compile(r"(?:importance|level|hard|paper_hard)_\d{1,18}|language_(?:level|hard)_[a-z]{2,3}")


def vacancy_list(request: HttpRequest) -> HttpResponse:
    """Open vacancies for everybody, with filters."""
    form = SearchForm(request.GET or None)
    page = Paginator(queries.search(**form.criteria()), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "vacancies/list.html", {"form": form, "page_obj": page, "filtered": bool(request.GET)})


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One vacancy: open to all; drafts and closed ones only to the firm itself."""
    vacancy = get_object_or_404(queries.with_requirements(), pk=pk)
    firm = organisation_of(request.user, Organisation.Kind.EMPLOYER)
    own = firm is not None and firm.pk == vacancy.organisation_id
    if not vacancy.is_open and not own:
        raise Http404
    context = {
        "vacancy": vacancy,
        "own": own,
        "offers": [str(words) for name, words in OFFERS.items() if is_offered(getattr(vacancy, name))],
        "json_ld": job_posting(vacancy, request.build_absolute_uri()) if vacancy.kind == "vacancy" else "",
    }
    return render(request, "vacancies/detail.html", context)


class NewVacancies(Feed):
    """The newest vacancies as an Atom feed."""

    feed_type = Atom1Feed
    title = "Zelf aan het Werk"
    subtitle = _lazy("New vacancies")

    def link(self) -> str:
        return reverse("vacancies:list")

    def feed_url(self) -> str:
        return reverse("vacancies:feed")

    def items(self) -> QuerySet[Vacancy]:
        return queries.open_vacancies().filter(kind=Vacancy.Kind.VACANCY)[:30]

    def item_title(self, item: Vacancy) -> str:
        return f"{item.title} – {item.organisation.name}, {item.place.name}"

    def item_description(self, item: Vacancy) -> str:
        return item.text[:500]

    def item_link(self, item: Vacancy) -> str:
        return reverse("vacancies:detail", args=[item.pk])

    def item_pubdate(self, item: Vacancy):
        return item.published_at

    def item_updateddate(self, item: Vacancy):
        return item.updated_at


class VacancySitemap(Sitemap):
    """Open vacancies for search engines."""

    def items(self) -> QuerySet[Vacancy]:
        return Vacancy.objects.open().order_by("id")

    def location(self, item: Vacancy) -> str:
        return reverse("vacancies:detail", args=[item.pk])

    def lastmod(self, item: Vacancy):
        return item.updated_at


# Making one: title, one page to correct, a look, publish. No account needed until then.


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


# An employer's own vacancies.


class Mine(EmployerRequired, View):
    """All vacancies of the firm, dense and in order."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(queries.vacancies_of(self.organisation), 50).get_page(request.GET.get("page"))
        today = timezone.localdate()
        for vacancy in page:
            vacancy.days_open = vacancy.days_open_on(today)
        return render(
            request,
            "vacancies/mine.html",
            {"page_obj": page, "firm": self.organisation, "draft": DRAFT in request.session},
        )


class Own(EmployerRequired):
    """Finds the firm's own vacancy; somebody else's does not exist."""

    def vacancy(self, pk: int) -> Vacancy:
        vacancy = queries.vacancy_of(self.organisation, pk)
        if vacancy is None:
            raise Http404
        return vacancy


class Edit(Own, DetailsPage):
    """Change a vacancy. What two people change at once is never lost silently."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.before = self.vacancy(pk)
        data = as_posted(self.before)
        return self.show_unchecked(request, data, Asked(data))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.before = self.vacancy(pk)
        again = self.changed_rows(request)
        if again is not None:
            return again
        form, asked = self.forms(request.POST)
        if form.errors:
            return self.show(request, form, asked, request.POST)
        try:
            operations.update_vacancy(
                vacancy=self.before, version=form.cleaned_data["version"] or 0, actor=request.user,
                values=form.values() | asked.values(),
            )  # fmt: skip
        except Conflict:
            data = request.POST.copy()
            data["version"] = str(self.before.version)
            return self.show_unchecked(
                request, data, asked, conflict=differences(as_posted(self.before), data, form), status=409
            )
        messages.success(request, _("Saved."))
        return redirect("vacancies:mine")


def differences(now: QueryDict, mine: QueryDict, form: VacancyForm) -> list[tuple[str, str]]:
    """What a colleague's version says otherwise than mine, as (label, their value)."""
    return [
        (str(field.label), ", ".join(now.getlist(field.name)) or "–")
        for field in form.visible_fields()
        if [value.split() for value in now.getlist(field.name) if value]
        != [value.split() for value in mine.getlist(field.name) if value]
    ]


class ChangeStatus(Own, View):
    """Publish, close, or copy."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        vacancy = self.vacancy(pk)
        wish = request.POST.get("wish")
        try:
            if wish == "publish":
                operations.publish_vacancy(vacancy=vacancy, actor=request.user, now=timezone.now())
                messages.success(request, _("Published. These are the people who fit best."))
                return redirect("matching:candidates", pk)
            if wish == "close":
                operations.close_vacancy(vacancy=vacancy, actor=request.user, now=timezone.now())
                messages.success(request, _("Closed. Give everybody who applied an answer: that is all they ask."))
            elif wish == "delete":
                operations.delete_draft(vacancy=vacancy, actor=request.user)
                messages.success(request, _("The draft is gone."))
            elif wish == "copy":
                copy = operations.copy_vacancy(vacancy=vacancy, actor=request.user)
                messages.success(request, _("Copied. Look at it and publish."))
                return redirect("vacancies:edit", copy.pk)
            else:
                raise Http404
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("vacancies:edit", pk)
        return redirect("vacancies:mine")
