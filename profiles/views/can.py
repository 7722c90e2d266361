"""What somebody can: skills, education, languages, certificates."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.choices import Level
from profiles import operations, queries
from profiles.answers import SkillAnswer
from profiles.forms import CertificatesForm, EducationForm, LanguagesForm, SkillsForm
from profiles.models import CV
from profiles.views.base import NONE_OF_THESE, ListPage, StepPage, number, picked, today
from taxonomy.models import Skill
from taxonomy.queries import resolve_skill


class Skills(StepPage):
    """Cards to keep or drop, with a level and a heart, and a field to search for more."""

    name = "skills"
    title = _("What can you do?")
    lead = _("These skills often go with your work. Keep what is right, drop the rest.")
    form_class = SkillsForm
    template_name = "profiles/skills.html"

    def make_form(self, data=None) -> SkillsForm:
        return SkillsForm(data, initial=self.initial())

    def initial(self) -> dict:
        """With `?skill=`, from a page that says what a skill would bring, its name stands in the field."""
        named = Skill.objects.filter(pk=number(self.request.GET.get("skill"))).first()
        return {"skill": named.label} if named else {}

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
