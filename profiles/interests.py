"""Thirty quick choices about work, in our own words, and the six RIASEC scores that follow from them.

The six types are Holland's (realistic, investigative, artistic, social, enterprising, conventional). Five items a type;
every page holds one of each, so that a person who stops halfway still has a profile.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

TYPES = ("realistic", "investigative", "artistic", "social", "enterprising", "conventional")
LEAST_ANSWERS = 2  # of five: fewer say too little about a type

ITEMS = {
    "realistic_repair": _("Repair a bicycle or a machine"),
    "investigative_why": _("Find out why something does not work"),
    "artistic_design": _("Design a poster or a website"),
    "social_care": _("Help somebody who needs care"),
    "enterprising_sell": _("Convince a customer"),
    "conventional_file": _("Keep papers and files in order"),
    "realistic_build": _("Build something out of wood, stone or steel"),
    "investigative_measure": _("Measure something precisely and compare it"),
    "artistic_write": _("Write a story or make music"),
    "social_explain": _("Explain something until the other understands it"),
    "enterprising_lead": _("Lead a group"),
    "conventional_numbers": _("Check whether the figures are right"),
    "realistic_outside": _("Work outside, in any weather"),
    "investigative_read": _("Look up how something really is"),
    "artistic_decorate": _("Make a room or a table look beautiful"),
    "social_listen": _("Listen to somebody with a problem"),
    "enterprising_start": _("Start something of your own"),
    "conventional_plan": _("Make a schedule and keep to it"),
    "realistic_drive": _("Drive a lorry, tractor or crane"),
    "investigative_puzzle": _("Solve a hard puzzle with logic or code"),
    "artistic_invent": _("Think up something that does not exist yet"),
    "social_together": _("Do something together with children or older people"),
    "enterprising_bargain": _("Negotiate a good price"),
    "conventional_steps": _("Work by fixed steps, without mistakes"),
    "realistic_hands": _("Make something with your hands, precisely"),
    "investigative_test": _("Test an idea with an experiment"),
    "artistic_film": _("Take photographs or make a film"),
    "social_welcome": _("Make people feel welcome"),
    "enterprising_organise": _("Set up an event from start to finish"),
    "conventional_computer": _("Put data into a system neatly"),
}
ANSWERS = ((2, _("I like it")), (1, _("It is all right")), (0, _("Not for me")))
PER_PAGE = 6
PAGES = len(ITEMS) // PER_PAGE

LABELS = {
    "realistic": _("Doing and making"),
    "investigative": _("Finding out"),
    "artistic": _("Creating"),
    "social": _("Helping people"),
    "enterprising": _("Setting things going"),
    "conventional": _("Putting in order"),
}


def items_of_page(page: int) -> dict[str, str]:
    """The items of page 1 to PAGES: one of each type."""
    return dict(list(ITEMS.items())[(page - 1) * PER_PAGE : page * PER_PAGE])


def score(answers: Mapping[str, int]) -> tuple[int | None, ...]:
    """Six scores from 0 to 100 in the order of `TYPES`; all None while a type has too few answers.

    >>> score({key: 2 if key.startswith("social") else 0 for key in ITEMS})
    (0, 0, 0, 100, 0, 0)
    >>> score({"social_care": 2})
    (None, None, None, None, None, None)
    """
    given: dict[str, list[int]] = {name: [] for name in TYPES}
    for key, value in answers.items():
        if key in ITEMS:
            given[key.partition("_")[0]].append(value)
    if any(len(values) < LEAST_ANSWERS for values in given.values()):
        return (None,) * len(TYPES)
    return tuple((100 * sum(values) + len(values)) // (2 * len(values)) for values in given.values())
