"""What people love to do, against the work there is."""

from django.utils.translation import gettext_lazy as _

from cockpit.catalogue.formula import Formula, count, difference, mean, share
from cockpit.catalogue.indicator import Indicator, Subject, Unit
from cockpit.catalogue.tables import PEOPLE_SHORT

INDICATORS = (
    Indicator(
        "interest_people",
        Subject.PASSION,
        _("Interests of people"),
        _("What do people in this region like to do?"),
        _("Average score from 0 to 100 on the six kinds of interest (RIASEC)."),
        Unit.SCORE,
        "interests",
        mean("score", "side = 'supply'"),
        (("letter",), ("province", "letter"), ("municipality", "letter"), ("sbi", "letter"), ("education", "letter")),
    ),
    Indicator(
        "interest_work",
        Subject.PASSION,
        _("Interests of the work"),
        _("Which interests does the work here suit?"),
        _("Average score of the occupations of open vacancies, by places of work."),
        Unit.SCORE,
        "work_interests",
        Formula("sum(weight * score)::float / nullif(sum(weight), 0)"),
        (("letter",), ("province", "letter"), ("municipality", "letter"), ("sbi", "letter")),
    ),
    Indicator(
        "interest_gap",
        Subject.PASSION,
        _("Interests: people minus work"),
        _("Where do the passions of people and the work lie apart?"),
        _("Score of people minus score of the work; above 0 people want more of it than there is."),
        Unit.SCORE,
        "interests",
        difference(
            "avg(score) FILTER (WHERE side = 'supply')",
            "sum(weight * score) FILTER (WHERE side = 'demand')::float / nullif(sum(weight) FILTER (WHERE side = 'demand'), 0)",
            "side = 'supply'",
        ),
        (("letter",), ("province", "letter"), ("municipality", "letter"), ("sbi", "letter")),
    ),
    Indicator(
        "strongest_interest",
        Subject.PASSION,
        _("Strongest interest"),
        _("Which interest is strongest in most people?"),
        _("People by the highest of their six scores."),
        Unit.PEOPLE,
        "people",
        count(),
        (("interest",), ("province", "interest"), ("sbi", "interest")),
        history="people_by_month",
    ),
    Indicator(
        "values_people",
        Subject.PASSION,
        _("What people find important"),
        _("What matters to people in work?"),
        _("Average answer from 0 to 100."),
        Unit.SCORE,
        "values",
        mean("score"),
        (("work_value",), ("province", "work_value"), ("sbi", "work_value"), ("education", "work_value")),
    ),
    Indicator(
        "loved",
        Subject.PASSION,
        _("People who love a part of what they can do"),
        _("Which part has a heart at one or more skills?"),
        _("Per hundred jobseekers."),
        Unit.PERCENT,
        "people",
        share("loved > 0"),
        PEOPLE_SHORT,
        history="people_by_month",
    ),
    Indicator(
        "love_idle",
        Subject.PASSION,
        _("Loved skills that lie idle"),
        _("How often does work not use what somebody loves to do?"),
        _("Of the skills with a heart of people with a job, those that it does not use, per hundred."),
        Unit.PERCENT,
        "person_skills",
        share("unused_at_work", "joy = 2 AND situation = 'work'"),
        ((), ("sbi",), ("sector",), ("isco1",)),
        higher_is="worse",
    ),
)
