"""Firms: who they are and what trouble they have with staff."""

from django.utils.translation import gettext_lazy as _

from cockpit.catalogue.formula import count, share
from cockpit.catalogue.indicator import Indicator, Subject, Unit

INDICATORS = (
    Indicator(
        "firms",
        Subject.FIRMS,
        _("Firms"),
        _("How many firms are on the platform?"),
        _("Registered employers."),
        Unit.NUMBER,
        "firms",
        count(),
        ((), ("province",), ("municipality",), ("sbi",), ("sector",), ("size",), ("sbi", "size"), ("province", "size")),
    ),
    Indicator(
        "small_firms",
        Subject.FIRMS,
        _("Small firms"),
        _("Which part has fewer than fifty people?"),
        _("Per hundred firms whose size is known."),
        Unit.PERCENT,
        "firms",
        share("size IN ('1', '2')", "size <> '?'"),
        ((), ("province",), ("municipality",), ("sbi",), ("sector",)),
    ),
    Indicator(
        "firms_hiring",
        Subject.FIRMS,
        _("Firms that look for people"),
        _("Which part has an open vacancy?"),
        _("Per hundred firms."),
        Unit.PERCENT,
        "firms",
        share("open > 0"),
        ((), ("province",), ("municipality",), ("sbi",), ("sector",), ("size",)),
    ),
    Indicator(
        "staffing_trouble",
        Subject.FIRMS,
        _("Small firms with trouble finding people"),
        _("Which part of the small firms has trouble with staff?"),
        _("Firms under fifty people that named a problem, per hundred that answered."),
        Unit.PERCENT,
        "firms",
        share("NOT no_problem", "size IN ('1', '2') AND answers > 0"),
        ((), ("province",), ("municipality",), ("sbi",), ("sector",)),
        higher_is="worse",
    ),
    Indicator(
        "staffing_problems",
        Subject.FIRMS,
        _("Staffing problems of small firms"),
        _("What is the trouble with staff?"),
        _("Firms under fifty people that named this; one firm may name several."),
        Unit.NUMBER,
        "firm_problems",
        count(),
        (("problem",), ("province", "problem"), ("sbi", "problem"), ("sector", "problem")),
    ),
    Indicator(
        "firms_waiting",
        Subject.FIRMS,
        _("Firms with a vacancy of 45 days or more"),
        _("How many firms wait long for somebody?"),
        _("Per hundred firms with an open vacancy."),
        Unit.PERCENT,
        "firms",
        share("long > 0", "open > 0"),
        ((), ("province",), ("sbi",), ("sector",), ("size",)),
        higher_is="worse",
    ),
)
