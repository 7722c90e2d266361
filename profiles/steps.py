"""The steps of the smart CV in their order, and the words of the questions that have no table of their own."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VALUES = ("achievement", "independence", "recognition", "relationships", "support", "conditions")
VALUE_ANSWERS = ((100, _("Very important")), (60, _("Nice")), (20, _("Not so important")))

READY = {
    0: _("not now"),
    1: _("a day or two"),
    2: _("a short course"),
    3: _("a few months, beside work"),
    4: _("a whole training"),
}
START_WEEKS = {0: _("At once"), 2: _("In two weeks"), 4: _("In a month"), 8: _("In two months"), 13: _("Later")}


@dataclass(frozen=True)
class Step:
    key: str  # also the name of its address
    title: str | Promise
    brings: str | Promise
    part: str  # which stroke of the sign it feeds: "can", "want" or "do"


STEPS = (
    Step("jobs", _("Your jobs"), _("With one job the first matches appear."), "can"),
    Step("skills", _("What you can do"), _("The more you name, the better the match."), "can"),
    Step("educations", _("Education"), _("Some work asks for a level."), "can"),
    Step("languages", _("Languages"), _("Every language counts."), "can"),
    Step("certificates", _("Certificates and licences"), _("Sometimes the law asks for them."), "can"),
    Step("interests", _("What you like"), _("Thirty quick choices: work that suits you comes first."), "want"),
    Step("choices", _("Choose between jobs"), _("A few choices between two jobs show what draws you."), "want"),
    Step("values", _("What matters to you"), _("Six choices about a nice workplace."), "want"),
    Step("wishes", _("What you are looking for"), _("Hours, days and how far you want to travel."), "want"),
    Step("drive", _("Your next step"), _("Show what you already do yourself."), "do"),
)
KEYS = [step.key for step in STEPS]
