"""What somebody does for the next step, and whether employers may find them."""

from django.utils.translation import gettext_lazy as _

from profiles import operations, queries
from profiles.forms import DriveForm, FindableForm, InitiativeForm
from profiles.models import CV
from profiles.views.base import ListPage, StepPage


class Drive(StepPage):
    name = "drive"
    title = _("Your next step")
    form_class = DriveForm

    def initial(self) -> dict:
        return {name: getattr(self.cv, name) for name in self.form_class.base_fields}

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
