"""Public pages of vacancies, and what an employer does with their own."""

from django.contrib import messages
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.models import Organisation
from accounts.permissions import EmployerRequired
from accounts.queries import organisation_of
from core.choices import Importance, Level
from core.exceptions import Conflict, Refused
from taxonomy.extract import find_certificates, find_skills
from taxonomy.models import Occupation, Skill
from taxonomy.queries import resolve_occupation, resolve_skill
from vacancies import operations, queries
from vacancies.forms import (
    OFFERS,
    AddSkillForm,
    PasteForm,
    RequirementRows,
    SearchForm,
    TitleForm,
    VacancyForm,
)
from vacancies.models import Vacancy
from vacancies.structured import job_posting
from vacancies.wording import remarks

DRAFT = "vacancy_draft"  # session key: what was filled in before there is an account
PER_PAGE = 20


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
        "offers": [str(words) for name, words in OFFERS.items() if (getattr(vacancy, name) or 0) >= 60],
        "json_ld": job_posting(vacancy, request.build_absolute_uri()) if vacancy.kind == "vacancy" else "",
    }
    return render(request, "vacancies/detail.html", context)


class NewVacancies(Feed):
    """The newest vacancies as a feed."""

    title = "Zelf aan het Werk"
    link = "/vacancies/"
    description = "Nieuwe vacatures"

    def items(self):
        return queries.open_vacancies().filter(kind=Vacancy.Kind.VACANCY)[:30]

    def item_title(self, item: Vacancy) -> str:
        return f"{item.title} – {item.organisation.name}, {item.place.name}"

    def item_description(self, item: Vacancy) -> str:
        return item.text[:500]

    def item_link(self, item: Vacancy) -> str:
        return reverse("vacancies:detail", args=[item.pk])

    def item_pubdate(self, item: Vacancy):
        return item.published_at


# Making one: title, one page to correct, a look, publish. No account needed until then.


class Start(View):
    """The title; the rest follows from the occupation behind it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = TitleForm(initial={"kind": request.GET.get("kind", "vacancy")})
        return render(request, "vacancies/start.html", {"form": form, "paste": PasteForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form, paste = TitleForm(request.POST), PasteForm(request.POST)
        context = {"form": form, "paste": paste}
        if form.is_valid() and paste.is_valid():
            title = form.cleaned_data["title"]
            found = resolve_occupation(title, request.POST.get("occupation") or request.POST.get("title_id"))
            if found.id is not None:
                firm = organisation_of(request.user, Organisation.Kind.EMPLOYER)
                request.session[DRAFT] = _proposed(
                    Occupation.objects.get(pk=found.id),
                    title,
                    form.cleaned_data["kind"],
                    paste.cleaned_data["pasted"],
                    firm,
                )
                return redirect("vacancies:details")
            context["choices"] = found.choices
            if not found.choices:
                form.add_error(
                    "title", _("We do not know this work. Try another word for it, for instance the occupation itself.")
                )
        return render(request, "vacancies/start.html", context, status=422 if form.errors else 200)


def _proposed(occupation, title: str, kind: str, pasted: str, firm: Organisation | None) -> dict[str, list[str]]:
    """The details form as if somebody had filled in what the taxonomy and a pasted text say."""
    proposal = queries.draft_from_occupation(occupation, title=title, firm=firm.name if firm else "")
    rows = {row["skill"]: row for row in proposal.requirements}
    certificates: list[int] = []
    if pasted:
        found = find_skills(pasted, limit=12)
        for skill in found:
            rows.setdefault(skill.skill_id, {"skill": skill.skill_id, "importance": 2, "level": skill.level or 3})
            rows[skill.skill_id] |= {"importance": max(2, rows[skill.skill_id]["importance"])}
        if len(found) >= 4:  # the text speaks for itself: what only the taxonomy says is nice to have
            named = {skill.skill_id for skill in found}
            for pk, row in rows.items():
                row["importance"] = row["importance"] if pk in named else 1
        certificates = [paper.certificate_id for paper in find_certificates(pasted)]
    data: dict[str, list[str]] = {
        "title": [proposal.title], "occupation": [str(occupation.pk)], "kind": [kind],
        "text": [pasted or proposal.text], "days": ["1", "2", "4", "8", "16"], "openings": ["1"],
        "hours_min": ["32"], "hours_max": ["40"], "dutch": ["3"], "certificates": [str(pk) for pk in certificates],
        "skill": [str(pk) for pk in rows],
    }  # fmt: skip
    for name in ("pay_min", "pay_max", "education_level"):
        value = getattr(proposal, name)
        data[name] = [str(value)] if value else [""]
    for pk, row in rows.items():
        data[f"importance_{pk}"], data[f"level_{pk}"] = [str(row["importance"])], [str(row["level"])]
    if firm is not None and firm.place_id:
        data["postcode"] = [firm.place_id]
    return data


def _querydict(data: dict[str, list[str]]) -> QueryDict:
    filled = QueryDict(mutable=True)
    for key, values in data.items():
        filled.setlist(key, values)
    return filled


class DetailsPage(View):
    """One page to correct. Adding and dropping skills works without script: the page comes back with everything kept."""

    template = "vacancies/details.html"

    def render(self, request: HttpRequest, data: QueryDict, *, check: bool, extra: dict | None = None) -> HttpResponse:
        form = VacancyForm(data, today=timezone.localdate())
        rows = RequirementRows(data)
        if not check:
            form = VacancyForm(initial=_initial(data), today=timezone.localdate())
            rows.error = ""
        context = {
            "form": form, "rows": rows, "add": AddSkillForm(), "occupation": _occupation_label(data),
            "importances": Importance.choices, "levels": Level.choices, **(extra or {}),
        }  # fmt: skip
        failed = check and (not form.is_valid() or bool(rows.error))
        return render(request, self.template, context, status=422 if failed else 200)

    def changed_rows(self, request: HttpRequest) -> HttpResponse | None:
        """The page again when the visitor only added or dropped a skill; None otherwise."""
        data = request.POST.copy()
        rows = RequirementRows(data)
        extra = {}
        typed = data.get("add_skill", "").strip()
        if data.get("do") == "add" or (typed and data.get("do") != "next"):
            found = resolve_skill(typed, data.get("add_skill_id"))
            if found.id is not None:
                rows.add(Skill.objects.get(pk=found.id))
            else:
                extra = {"skill_choices": found.choices, "nothing_found": not found.choices, "typed": typed}
        elif "drop" not in data:
            return None
        data.setlist("skill", [str(row["skill"]) for row in rows.rows])
        for row in rows.rows:
            data.setdefault(f"importance_{row['skill']}", str(row["importance"]))
            data.setdefault(f"level_{row['skill']}", str(row["level"]))
        data.setlist("drop", [])
        self.keep(request, data)
        return self.render(request, data, check=False, extra=extra)

    def keep(self, request: HttpRequest, data: QueryDict) -> None:
        """Remember what was filled in so far."""


def _initial(data: QueryDict) -> dict:
    several = ("days", "certificates", "offers")
    return {key: data.getlist(key) if key in several else data.get(key) for key in data}


def _occupation_label(data: QueryDict) -> str:
    pk = data.get("occupation", "")
    occupation = Occupation.objects.filter(pk=pk).first() if pk.isdigit() else None
    return occupation.label if occupation else ""


class Details(DetailsPage):
    """Correct a new vacancy; it stays in the session until it is published."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if DRAFT not in request.session:
            return redirect("vacancies:start")
        return self.render(request, _querydict(request.session[DRAFT]), check=False)

    def post(self, request: HttpRequest) -> HttpResponse:
        again = self.changed_rows(request)
        if again is not None:
            return again
        self.keep(request, request.POST)
        form, rows = VacancyForm(request.POST, today=timezone.localdate()), RequirementRows(request.POST)
        if not form.is_valid() or rows.error:
            return self.render(request, request.POST, check=True)
        return redirect("vacancies:check")

    def keep(self, request: HttpRequest, data: QueryDict) -> None:
        kept = {key: values for key, values in data.lists() if key not in {"csrfmiddlewaretoken", "do", "add_skill"}}
        request.session[DRAFT] = kept


class Check(View):
    """How it will look, and the button to publish. Asks for an account and a firm only now."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if DRAFT not in request.session:
            return redirect("vacancies:start")
        data = _querydict(request.session[DRAFT])
        form, rows = VacancyForm(data, today=timezone.localdate()), RequirementRows(data)
        if not form.is_valid() or rows.error:
            return redirect("vacancies:details")
        values = form.values()
        context = {
            "values": values, "rows": rows.rows, "remarks": remarks(f"{values['title']} {values['text']}"),
            "firm": organisation_of(request.user, Organisation.Kind.EMPLOYER),
            "offers": [str(OFFERS[name]) for name in OFFERS if values[name]],
            "papers": form.cleaned_data["certificates"],
        }  # fmt: skip
        return render(request, "vacancies/check.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        if DRAFT not in request.session:
            return redirect("vacancies:mine")
        here = reverse("vacancies:check")
        if not request.user.is_authenticated:
            messages.info(request, _("Make an account first. What you filled in stays."))
            return redirect(f"{reverse('account_signup')}?next={here}")
        firm = organisation_of(request.user, Organisation.Kind.EMPLOYER)
        if firm is None:
            return redirect(f"{reverse('accounts:register-employer')}?next={here}")
        data = _querydict(request.session[DRAFT])
        form, rows = VacancyForm(data, today=timezone.localdate()), RequirementRows(data)
        if not form.is_valid() or rows.error:
            return redirect("vacancies:details")
        vacancy = operations.create_vacancy(
            organisation=firm, values=form.values() | {"requirements": rows.rows}, actor=request.user
        )
        operations.publish_vacancy(vacancy=vacancy, actor=request.user, now=timezone.now())
        del request.session[DRAFT]
        messages.success(request, _("Published. These are the people who fit best."))
        return redirect("matching:candidates", vacancy.pk)


# An employer's own vacancies.


class Mine(EmployerRequired, View):
    """All vacancies of the firm, dense and in order."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(queries.vacancies_of(self.organisation), 50).get_page(request.GET.get("page"))
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
        vacancy = self.vacancy(pk)
        return self.render(request, _as_data(vacancy), check=False, extra={"vacancy": vacancy})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        vacancy = self.vacancy(pk)
        again = self.changed_rows(request)
        if again is not None:
            return again
        form, rows = VacancyForm(request.POST, today=timezone.localdate()), RequirementRows(request.POST)
        if not form.is_valid() or rows.error:
            return self.render(request, request.POST, check=True, extra={"vacancy": vacancy})
        try:
            operations.update_vacancy(
                vacancy=vacancy, version=form.cleaned_data["version"] or 0, actor=request.user,
                values=form.values() | {"requirements": rows.rows},
            )  # fmt: skip
        except Conflict:
            data = request.POST.copy()
            data["version"] = str(vacancy.version)
            return self.render(request, data, check=False, extra={"vacancy": vacancy, "conflict": True})
        messages.success(request, _("Saved."))
        return redirect("vacancies:mine")


def _as_data(vacancy: Vacancy) -> QueryDict:
    """A vacancy as the details form would have posted it."""
    data: dict[str, list[str]] = {
        name: ["" if getattr(vacancy, name) is None else str(getattr(vacancy, name))]
        for name in (
            "title", "kind", "text", "hours_min", "hours_max", "pay_min", "pay_max", "education_level", "openings",
            "starts_on", "closes_on", "version",
        )
    }  # fmt: skip
    data["occupation"] = [str(vacancy.occupation_id)]
    data["postcode"] = [vacancy.place_id or ""]
    data["days"] = [str(1 << bit) for bit in range(7) if vacancy.days & (1 << bit)]
    data["offers"] = [name for name in OFFERS if (getattr(vacancy, name) or 0) >= 60]
    for name in ("remote", "education_is_hard"):
        if getattr(vacancy, name):
            data[name] = ["on"]
    for row in vacancy.language_requirements.all():
        if row.language == "nl":
            data["dutch"] = [str(row.level)]
            if row.is_hard:
                data["dutch_hard"] = ["on"]
        else:
            data["other_language"], data["other_level"] = [row.language], [str(row.level)]
    papers = list(vacancy.certificate_requirements.all())
    data["certificates"] = [str(row.certificate_id) for row in papers]
    if any(row.is_hard for row in papers):
        data["certificates_hard"] = ["on"]
    rows = list(vacancy.requirements.order_by("-importance", "id"))
    data["skill"] = [str(row.skill_id) for row in rows]
    for row in rows:
        data[f"importance_{row.skill_id}"] = [str(row.importance)]
        data[f"level_{row.skill_id}"] = [str(row.min_level)]
        if row.is_hard:
            data[f"hard_{row.skill_id}"] = ["on"]
    return _querydict(data)


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
