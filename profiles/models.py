"""The smart CV: what a person can do, wants, and does for the next step."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.choices import WEEKDAYS, EducationLevel, Language, LanguageLevel, Level, TravelMode
from core.models import Located, Referenced, SixInterests, SixValues, Timestamped
from taxonomy.models import Certificate, Occupation, Skill


class UnusedReason(models.TextChoices):
    """Why somebody does not use in their work all that they can do."""

    GROWTH = "growth", _("there is no room to grow where I work")
    NEAR = "near", _("there is no work that fits near me")
    HOURS = "hours", _("the hours or days do not fit")
    TRAVEL = "travel", _("I cannot travel further")
    CARE = "care", _("I take care of children or somebody else")
    PAY = "pay", _("other work pays less")
    DISCRIMINATION = "discrimination", _("I feel left out: discrimination")
    OTHER = "other", _("something else is in the way")


class CVQuerySet(models.QuerySet):
    def matchable(self) -> "CVQuerySet":
        """CVs that employers may be shown, anonymously: saved under an account, and open to being found."""
        return self.filter(owner__isnull=False, findable=True)


class CV(Timestamped, Referenced, Located, SixInterests, SixValues):
    """One smart CV. Without an owner it is a draft, known only to the browser session that holds its `ref`."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="cv", verbose_name=_("owner")
    )
    findable = models.BooleanField(_("employers may see this CV without my name"), default=True)
    interest_answers = models.JSONField(default=dict, blank=True)  # {item key: 0, 1 or 2}
    education_level = models.PositiveSmallIntegerField(
        _("highest level"), choices=EducationLevel, null=True, blank=True
    )
    hours_min = models.PositiveSmallIntegerField(_("hours a week from"), null=True, blank=True)
    hours_max = models.PositiveSmallIntegerField(_("hours a week to"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("days"), default=WEEKDAYS)
    travel_mode = models.CharField(_("travel"), max_length=8, choices=TravelMode, default=TravelMode.BIKE)
    travel_minutes = models.PositiveSmallIntegerField(_("minutes one way"), null=True, blank=True)
    wished_sectors = models.JSONField(default=list, blank=True)
    ready_to_learn = models.PositiveSmallIntegerField(
        _("ready to learn"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(4)]
    )
    start_within_weeks = models.PositiveSmallIntegerField(_("can start in (weeks)"), null=True, blank=True)
    choice_answers = models.JSONField(default=list, blank=True)  # [[code of a pair, "a", "b" or "skip"]], as asked
    choice_result = models.JSONField(
        default=dict, blank=True
    )  # what followed from them; see matching/queries/choices.py
    unused_because = models.JSONField(default=list, blank=True)  # codes of UnusedReason; only ever counted, never shown
    version = models.PositiveIntegerField(default=1)  # raised by every change: two tabs cannot overwrite each other
    is_demo = models.BooleanField(default=False)

    objects = CVQuerySet.as_manager()

    class Meta:
        verbose_name = _("smart CV")
        verbose_name_plural = _("smart CVs")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hours_min__isnull=True)
                | models.Q(hours_max__isnull=True)
                | models.Q(hours_min__lte=models.F("hours_max")),
                name="cv_hours_in_order",
            )
        ]


class Job(models.Model):
    """A job that somebody has or had."""

    cv = models.ForeignKey(CV, models.CASCADE, related_name="jobs")
    title = models.CharField(_("job title"), max_length=120)
    occupation = models.ForeignKey(Occupation, models.SET_NULL, null=True, blank=True, related_name="+")
    employer = models.CharField(_("employer"), max_length=120, blank=True)
    start_year = models.PositiveSmallIntegerField(_("from"), null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(_("until"), null=True, blank=True)  # null: still there
    is_current = models.BooleanField(_("I still work here"), default=False)


class FinishedProgramme(models.Model):
    """A programme that somebody finished, with what it changed, so that it can be taken back.

    Title and school are kept as they were: the programme itself may change or go.
    """

    class ConfirmedBy(models.TextChoices):
        LEARNER = "learner", _("told by the learner")
        SCHOOL = "school", _("confirmed by the school")

    cv = models.ForeignKey(CV, models.CASCADE, related_name="finished_programmes")
    programme = models.PositiveBigIntegerField()  # id in the room of the schools
    title = models.CharField(_("programme"), max_length=160)
    school = models.CharField(_("school"), max_length=120)
    year = models.PositiveSmallIntegerField(_("year finished"))
    confirmed_by = models.CharField(max_length=8, choices=ConfirmedBy)
    changed = models.JSONField(default=dict)  # {skill id: [level, last used] before, or null for a new skill}
    certificates = models.JSONField(default=dict)  # {certificate id: last day before, or null for a new one}
    languages = models.JSONField(default=dict)  # {code: level before, or null for a new one}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cv", "programme"], name="cv_programme_finished_once")]


class CVSkill(models.Model):
    """Something a person can do. `joy`: None is unanswered, 0 rather not, 1 fine, 2 loves it (the heart)."""

    cv = models.ForeignKey(CV, models.CASCADE, related_name="cv_skills")
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, default=Level.INDEPENDENT)
    joy = models.PositiveSmallIntegerField(_("joy"), null=True, blank=True)
    last_used_year = models.PositiveSmallIntegerField(_("last used"), null=True, blank=True)
    unused_at_work = models.BooleanField(_("my work does not use this"), default=False)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="cv_skills")
    learned_in = models.ForeignKey(
        FinishedProgramme, models.SET_NULL, null=True, blank=True, related_name="cv_skills"
    )  # where the level comes from, when a programme gave it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cv", "skill"], name="cv_skill_once"),
            models.CheckConstraint(condition=models.Q(level__range=(1, 5)), name="cv_skill_level_range"),
            models.CheckConstraint(
                condition=models.Q(joy__isnull=True) | models.Q(joy__lte=2), name="cv_skill_joy_range"
            ),
        ]


class CVLanguage(models.Model):
    cv = models.ForeignKey(CV, models.CASCADE, related_name="languages")
    language = models.CharField(_("language"), max_length=3, choices=Language)
    level = models.PositiveSmallIntegerField(_("level"), choices=LanguageLevel)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cv", "language"], name="cv_language_once")]


class CVCertificate(models.Model):
    cv = models.ForeignKey(CV, models.CASCADE, related_name="cv_certificates")
    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="+")
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cv", "certificate"], name="cv_certificate_once")]


class Education(models.Model):
    cv = models.ForeignKey(CV, models.CASCADE, related_name="educations")
    title = models.CharField(_("education"), max_length=160)
    level = models.PositiveSmallIntegerField(_("level"), choices=EducationLevel)
    year = models.PositiveSmallIntegerField(_("year finished"), null=True, blank=True)
    finished = models.BooleanField(_("finished"), default=True)


class WishedOccupation(models.Model):
    cv = models.ForeignKey(CV, models.CASCADE, related_name="wishes")
    occupation = models.ForeignKey(Occupation, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cv", "occupation"], name="cv_wish_once")]


class Initiative(models.Model):
    """Something a person did of their own accord for the next step: visible, editable, never inferred."""

    class Kind(models.TextChoices):
        COURSE = "course", _("a course")
        VOLUNTEERING = "volunteering", _("voluntary work")
        PROJECT = "project", _("an own project")
        TRIAL = "trial", _("a day along, a trial placement")
        OTHER = "other", _("something else")

    cv = models.ForeignKey(CV, models.CASCADE, related_name="initiatives")
    kind = models.CharField(_("what"), max_length=14, choices=Kind)
    text = models.CharField(_("in one sentence"), max_length=300)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
