"""Fairness: does what we say come true, and for everybody alike?"""

from django.utils.translation import gettext_lazy as _

from cockpit.catalogue.formula import difference, gap, invited_gap, mean, median, share
from cockpit.catalogue.indicator import Indicator, Subject, Unit
from cockpit.catalogue.tables import TRUST

INDICATORS = (
    Indicator(
        "calibration_said",
        Subject.TRUST,
        _("Chance that was said"),
        _("What did we say?"),
        _("Average chance of an invitation that the platform said, of applications that were answered."),
        Unit.PERCENT,
        "decisions",
        mean("p"),
        TRUST,
        history_breakdowns=((),),
    ),
    Indicator(
        "calibration_happened",
        Subject.TRUST,
        _("Share that was invited"),
        _("What happened?"),
        _("Invitations, per hundred answered applications for which a chance was said."),
        Unit.PERCENT,
        "decisions",
        share("invited", "p IS NOT NULL"),
        TRUST,
        history_breakdowns=((),),
    ),
    Indicator(
        "calibration_gap",
        Subject.TRUST,
        _("Said minus happened"),
        _("Do we say too much or too little?"),
        _("Average chance said minus share invited, in percentage points; 0 is right."),
        Unit.POINTS,
        "decisions",
        difference("avg(p)", "100.0 * avg(invited::int) FILTER (WHERE p IS NOT NULL)", "p IS NOT NULL", "invited"),
        TRUST,
        history_breakdowns=((),),
    ),
    Indicator(
        "brier",
        Subject.TRUST,
        _("Error of the chance"),
        _("How far off are the chances?"),
        _("Mean squared difference between chance and outcome (Brier score), times hundred; lower is better."),
        Unit.SCORE,
        "decisions",
        mean("100.0 * power(p / 100.0 - invited::int, 2)"),
        ((), ("province",), ("sbi",)),
        history_breakdowns=((),),
        higher_is="worse",
    ),
    Indicator(
        "chance_width",
        Subject.TRUST,
        _("Width of the interval"),
        _("How sure are we of a chance?"),
        _("The middle width of the interval that was shown, in percentage points."),
        Unit.POINTS,
        "decisions",
        median("high - low"),
        ((), ("sbi",), ("isco1",)),
        higher_is="worse",
    ),
    Indicator(
        "fairness_language",
        Subject.TRUST,
        _("Fairness: Dutch below B2"),
        _("Are people with less Dutch told a chance that is as right?"),
        _(
            "Said minus happened for people with Dutch below B2, minus the same for others, in percentage "
            "points; 0 is fair."
        ),
        Unit.POINTS,
        "decisions",
        gap("dutch = 'below'", "dutch = 'b2'"),
        ((), ("province",)),
    ),
    Indicator(
        "fairness_work",
        Subject.TRUST,
        _("Fairness: without work"),
        _("Are people without work told a chance that is as right?"),
        _(
            "Said minus happened for people without work, minus the same for people in work, in percentage "
            "points; 0 is fair."
        ),
        Unit.POINTS,
        "decisions",
        gap("situation = 'looking'", "situation = 'work'"),
        ((), ("province",)),
    ),
    Indicator(
        "fairness_education",
        Subject.TRUST,
        _("Fairness: lower education"),
        _("Are people with MBO 2 or less told a chance that is as right?"),
        _(
            "Said minus happened for people with MBO 2 or less, minus the same for others, in percentage points; "
            "0 is fair."
        ),
        Unit.POINTS,
        "decisions",
        gap("own_education IN ('1', '2')", "own_education NOT IN ('1', '2', '?')"),
        ((), ("province",)),
    ),
    Indicator(
        "invited_gap_language",
        Subject.TRUST,
        _("Invitations: Dutch below B2 against others"),
        _("How much less often are people with less Dutch invited?"),
        _("Share invited with Dutch below B2 minus that of others, in percentage points."),
        Unit.POINTS,
        "decisions",
        invited_gap("dutch = 'below'", "dutch = 'b2'"),
        ((), ("province",), ("sbi",)),
    ),
)
