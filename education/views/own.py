"""A school's own programmes, and confirming what they teach."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from accounts.permissions import SchoolRequired
from core.choices import Level
from core.exceptions import Conflict, Refused
from education import operations, queries
from education.choosing import found_choices, paper_choices, skill_choices
from education.forms import MineFilter, ProgrammeForm, SkillsForm
from education.models import Programme
from education.uploads import files
from education.views.downloads import table


class Mine(SchoolRequired, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        form = MineFilter(request.GET)
        wanted = form.cleaned_data if form.is_valid() else {}
        found = queries.search_own(self.organisation, wanted.get("q", ""), wanted.get("status", ""))
        return render(
            request,
            "education/mine.html",
            {
                "school": self.organisation,
                "form": form,
                "counts": queries.counts_of(self.organisation),
                "page_obj": Paginator(found, 25).get_page(request.GET.get("page")),
                "narrowed": any(wanted.values()),
            },
        )


class OwnProgramme(SchoolRequired):
    """Puts the school's programme on the view; another school's does not exist here."""

    def programme(self, pk: int) -> Programme:
        programme = queries.programme_for_school(self.organisation, pk)
        if programme is None:
            raise Http404
        return programme


class Edit(OwnProgramme, View):
    """Make a programme (without pk) or change one."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        programme = self.programme(pk) if pk else None
        initial = queries.as_data(programme) | {"code": programme.code} if programme else {
            "kind": Programme.Kind.COURSE, "mode": Programme.Mode.DAY, "language": "nl",
            "place": self.organisation.place,
        }  # fmt: skip
        form = ProgrammeForm(school=self.organisation, programme=programme, initial=initial)
        return self.show(programme, form, programme.version if programme else 1)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        programme = self.programme(pk) if pk else None
        form = ProgrammeForm(request.POST, school=self.organisation, programme=programme)
        version = request.POST.get("version", "")
        version = int(version) if version.isdecimal() else 0
        if not form.is_valid():
            return self.show(programme, form, version)
        try:
            saved = operations.save_programme(
                school=self.organisation, actor=request.user, programme=programme,
                data=form.cleaned_data, version=version if programme else None,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("code", refusal.message)
            return self.show(programme, form, version)
        except Conflict:
            return self.show(programme, form, programme.version, theirs=_theirs(programme, form))
        messages.success(request, _("Saved."))
        return redirect("education:edit" if saved.skills_proposed and pk else "education:programme-skills", saved.pk)

    def show(self, programme, form, version: int, theirs=None) -> HttpResponse:
        context = {"programme": programme, "form": form, "version": version, "theirs": theirs}
        status = 409 if theirs is not None else 422 if form.errors else 200
        return render(self.request, "education/edit.html", context, status=status)


def _theirs(programme: Programme, form: ProgrammeForm) -> list[tuple[str, object]]:
    """The values that somebody else saved and that differ from what is in the form."""
    other = queries.as_data(programme)
    fields = queries.differences(queries.as_plain(other), queries.as_plain(form.cleaned_data))
    shown = {"kind": programme.get_kind_display(), "mode": programme.get_mode_display()}
    shown |= {"level": programme.get_level_display(), "entry_level": programme.get_entry_level_display()}
    return [(form.fields[field].label, shown.get(field, other[field])) for field in fields]


class Publish(OwnProgramme, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        programme = self.programme(pk)
        try:
            operations.publish_programme(programme=programme, actor=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("education:programme-skills", pk)
        messages.success(request, _("“%(title)s” is on the site now.") % {"title": programme.title})
        return redirect("education:edit", pk)


class Withdraw(OwnProgramme, View):
    """Ask first, then take it off the site."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return render(request, "education/withdraw.html", {"programme": self.programme(pk)})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        programme = operations.withdraw_programme(programme=self.programme(pk), actor=request.user)
        messages.success(
            request, _("“%(title)s” is off the site. You can publish it again.") % {"title": programme.title}
        )
        return redirect("education:edit", pk)


class SkillQueue(SchoolRequired, View):
    """Programmes that wait for a look at their skills; all proposals of some of them can be confirmed at once."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(queries.to_confirm(self.organisation), 10).get_page(request.GET.get("page"))
        operations.propose_skills_of([programme for programme in page if not programme.skills_proposed])
        taught = queries.skills_by_programme([programme.pk for programme in page])
        rows = [(programme, taught.get(programme.pk, [])) for programme in page]
        return render(request, "education/queue.html", {"page_obj": page, "rows": rows})

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = [int(pk) for pk in request.POST.getlist("programme") if pk.isdecimal() and len(pk) < 16]
        if not chosen:
            messages.error(request, _("Tick at least one programme."))
            return redirect("education:skills")
        done, skipped = operations.confirm_proposals(school=self.organisation, programmes=chosen, actor=request.user)
        if done:
            messages.success(
                request,
                ngettext("%(count)s programme is on the site now.", "%(count)s programmes are on the site now.", done)
                % {"count": done},
            )
        if skipped:
            messages.warning(request, _("Programmes without skills were left out. Open them to add skills."))
        return redirect("education:skills")


class ProgrammeSkills(OwnProgramme, View):
    """Confirm what one programme teaches, then go on to the next."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        programme = self.programme(pk)
        if not programme.skills_proposed:
            operations.propose_skills(programme=programme)
        return self.show(programme, SkillsForm(initial={"version": programme.version}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        programme = self.programme(pk)
        form = SkillsForm(request.POST)
        action = request.POST.get("action")
        if not form.is_valid() or action not in ("save", "publish"):
            return self.show(programme, form, searched=True)
        publish = action == "publish"
        try:
            operations.confirm_skills(
                programme=programme, actor=request.user, version=form.cleaned_data["version"], publish=publish,
                skills=form.cleaned_data["skills"], certificates=form.cleaned_data["certificates"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.show(programme, form)
        except Conflict:
            form.add_error(None, _("Somebody changed this programme meanwhile. Look again, then confirm once more."))
            return self.show(programme, form)
        text = _("“%(title)s” is on the site now.") if publish else _("What “%(title)s” teaches is saved.")
        messages.success(request, text % {"title": programme.title})
        following = queries.next_to_confirm(self.organisation, programme.pk)
        return redirect("education:programme-skills", following.pk) if following else redirect("education:mine")

    def show(self, programme: Programme, form: SkillsForm, searched: bool = False) -> HttpResponse:
        posted = form.cleaned_data if form.is_bound and hasattr(form, "cleaned_data") else {}
        skills = skill_choices(programme, posted.get("skills"), posted.get("levels", {}))
        context = {
            "programme": programme,
            "form": form if form.errors else SkillsForm(initial={"q": posted.get("q", "")}, searching=searched),
            "skills": skills,
            "found": found_choices(posted.get("q", ""), {choice.id for choice in skills}) if posted.get("q") else [],
            "searched": searched and bool(posted.get("q")),
            "certificates": paper_choices(programme, posted.get("certificates")),
            "levels": Level.choices,
            "waiting": queries.to_confirm(self.organisation).count(),
            "next": queries.next_to_confirm(self.organisation, programme.pk),
            "version": programme.version if not form.is_bound or form.non_field_errors() else posted.get("version"),
        }
        return render(self.request, "education/skills.html", context, status=422 if form.errors else 200)


class Export(SchoolRequired, View):
    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        return table(kind, files.programme_rows(queries.programmes_of(self.organisation)), "opleidingen")
