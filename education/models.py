"""Programmes of schools, what they teach, and the uploads that bring them in."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation
from core.choices import EducationLevel, Language, LanguageLevel, Level
from core.models import Located, Referenced, Timestamped
from taxonomy.models import Certificate, Skill


class Programme(Timestamped, Located):
    class Kind(models.TextChoices):
        DEGREE = "degree", _("full programme")
        CERTIFICATE = "certificate", _("certificate")
        ELECTIVE = "elective", _("elective (keuzedeel)")
        COURSE = "course", _("course")
        BBL = "bbl", _("working and learning (BBL)")
        LANGUAGE = "language", _("language course")
        EVC = "evc", _("recognition of experience (EVC)")

    class Mode(models.TextChoices):
        DAY = "day", _("daytime")
        EVENING = "evening", _("evening")
        WEEKEND = "weekend", _("at the weekend")
        ONLINE = "online", _("online")
        BLENDED = "blended", _("partly online")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", pgettext_lazy("programme", "withdrawn")

    class Subsidy(models.TextChoices):
        """Who may pay (a part of) the price."""

        UWV = "uwv", _("training budget of UWV")
        MUNICIPALITY = "municipality", _("the municipality")
        SLIM = "slim", _("SLIM, for small firms")
        PRACTICE = "practice", _("subsidy for practical learning, for firms")
        SECTOR = "sector", _("training fund of the sector")
        FINANCE = "finance", _("student finance (DUO)")
        LOAN = "loan", _("lifelong learning loan (DUO)")
        OTHER = "other", _("something else")

    class Origin(models.TextChoices):
        HAND = "hand", _("typed in")
        FILE = "file", _("from a file")
        FEED = "feed", _("from your own system")

    school = models.ForeignKey(Organisation, models.CASCADE, related_name="programmes")
    code = models.CharField(_("code"), max_length=80)  # the school's own: unique within the school
    crebo = models.CharField(_("crebo code"), max_length=6, blank=True, db_index=True)  # MBO, also K… and C…
    rio = models.CharField(_("RIO or CROHO code"), max_length=12, blank=True, db_index=True)
    title = models.CharField(_("title"), max_length=160)
    description = models.TextField(_("description"), max_length=8000, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.COURSE)
    mode = models.CharField(_("when"), max_length=8, choices=Mode, default=Mode.DAY)
    level = models.PositiveSmallIntegerField(_("level"), choices=EducationLevel, null=True, blank=True)
    entry_level = models.PositiveSmallIntegerField(_("entry level"), choices=EducationLevel, null=True, blank=True)
    entry_requirements = models.TextField(_("what else is needed to start"), max_length=1000, blank=True)
    entry_language_level = models.PositiveSmallIntegerField(  # of the language of the lessons
        _("language needed to start"), choices=LanguageLevel, null=True, blank=True
    )
    weeks = models.PositiveSmallIntegerField(_("length in weeks"))
    hours_per_week = models.PositiveSmallIntegerField(pgettext_lazy("label", "hours a week"))
    price = models.DecimalField(_("price"), max_digits=8, decimal_places=2)  # EUR, all in
    price_with_subsidy = models.DecimalField(
        _("price with a subsidy"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    subsidies = ArrayField(
        models.CharField(max_length=12, choices=Subsidy), verbose_name=_("subsidy"), default=list, blank=True
    )
    language = models.CharField(_("language"), max_length=3, choices=Language, default=Language.NL)
    taught_language = models.CharField(_("language that is learned"), max_length=3, choices=Language, blank=True)
    taught_language_level = models.PositiveSmallIntegerField(
        _("up to level"), choices=LanguageLevel, null=True, blank=True
    )
    start_dates = ArrayField(
        models.DateField(), verbose_name=_("first days"), default=list, blank=True
    )  # []: any moment
    url = models.URLField(_("web page"), blank=True)
    grants_level = models.BooleanField(_("gives a diploma of this level"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, db_index=True)
    origin = models.CharField(_("came in"), max_length=4, choices=Origin, default=Origin.HAND)
    # The status that it had when a whole offer no longer had it: it comes back with the offer. "": not left out.
    left_out = models.CharField(max_length=10, blank=True)
    skills_proposed = models.BooleanField(default=False)  # its text was read for skills; False again when that changes
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.UniqueConstraint(fields=["school", "code"], name="programme_code_once_a_school"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="programme_price_not_negative"),
            models.CheckConstraint(
                condition=models.Q(price_with_subsidy=None)
                | models.Q(price_with_subsidy__gte=0, price_with_subsidy__lte=models.F("price")),
                name="programme_subsidy_lowers_price",
            ),
            models.CheckConstraint(
                condition=models.Q(left_out="") | models.Q(status="withdrawn"),
                name="programme_left_out_is_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def next_start(self, today: date) -> date | None:
        """The first start from today on; None when there is none (`start_dates` is empty: any moment)."""
        return min((day for day in self.start_dates if day >= today), default=None)

    def can_start(self, today: date) -> bool:
        """True when somebody can still begin: at any moment, or on a day to come."""
        return not self.start_dates or self.next_start(today) is not None

    @property
    def least_price(self) -> Decimal:
        """EUR that somebody pays who gets the subsidy."""
        return self.price if self.price_with_subsidy is None else self.price_with_subsidy

    @property
    def hours(self) -> int:
        """The whole load in hours."""
        return self.weeks * self.hours_per_week


class ProgrammeSkill(models.Model):
    """A skill that a programme teaches, up to a level. Counts only once the school confirmed it."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="programme_skills")
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, default=Level.INDEPENDENT)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    passage = models.CharField(_("found in"), max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "skill"], name="programme_skill_once")]


class ProgrammeCertificate(models.Model):
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="programme_certificates")
    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "certificate"], name="programme_certificate_once")]


class ProgrammeUpload(Timestamped, Referenced):
    """A file with programmes, checked first (dry run), then imported whole or not at all.

    What a school's own system gives at night is one too: together they are the log that a school reads.
    """

    class Status(models.TextChoices):
        MAPPING = "mapping", _("columns to choose")
        WAITING = "waiting", _("being checked")
        CHECKED = "checked", _("checked")
        REFUSED = "refused", _("has errors")
        IMPORTING = "importing", _("being put in")
        IMPORTED = "imported", _("imported")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    school = models.ForeignKey(Organisation, models.CASCADE, related_name="uploads")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    origin = models.CharField(max_length=4, choices=Programme.Origin, default=Programme.Origin.FILE)
    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    complete = models.BooleanField(default=False)  # what is not in it goes off the site
    status = models.CharField(max_length=10, choices=Status)
    content = models.BinaryField(null=True)  # the file itself, kept until it is put in
    header = models.JSONField(default=list)  # the names of its columns
    mapping = models.JSONField(default=dict)  # {"columns": {field: [positions]}, "defaults": {field: text}}
    ignored = models.JSONField(default=list)  # names of columns that are not used
    errors = models.JSONField(default=list)  # [{"row": 3, "column": "prijs", "message": "…"}]
    n_rows = models.PositiveIntegerField(default=0)
    n_new = models.PositiveIntegerField(default=0)
    n_changed = models.PositiveIntegerField(default=0)
    n_unchanged = models.PositiveIntegerField(default=0)
    n_withdrawn = models.PositiveIntegerField(default=0)
    imported_at = models.DateTimeField(null=True)
    kept = models.JSONField(default=list)  # titles that undoing left, because somebody changed them afterwards

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")

    def __str__(self) -> str:
        return self.filename


class UploadRow(models.Model):
    """A checked row and what it does; after the import what it did, so that it can be undone."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        WITHDRAWN = "withdrawn", pgettext_lazy("programme", "withdrawn")

    upload = models.ForeignKey(ProgrammeUpload, models.CASCADE, related_name="upload_rows")
    programme = models.ForeignKey(Programme, models.SET_NULL, null=True, related_name="+")
    number = models.PositiveIntegerField(null=True)  # in the file; null for what is not in it
    code = models.CharField(max_length=80)
    title = models.CharField(max_length=160)
    state = models.CharField(max_length=10, choices=State)
    data = models.JSONField(default=dict)  # the values of the row, as `queries.as_plain` makes them
    changes = models.JSONField(default=dict)  # {field: [before, after]}, also "status"

    class Meta:
        indexes = [models.Index(fields=["upload", "state", "id"], name="upload_row_by_state")]


class ProgrammeFeed(Timestamped):
    """The address of a school's own catalogue (OOAPI), read every night."""

    school = models.OneToOneField(Organisation, models.CASCADE, related_name="feed")
    address = models.URLField(_("address"), max_length=300)
    is_on = models.BooleanField(_("read every night"), default=True)
    defaults = models.JSONField(default=dict)  # what empty values mean, {field: text}
    language = models.CharField(max_length=5, default="nl")  # of the messages in the log

    class Meta:
        verbose_name = _("feed of programmes")
        verbose_name_plural = _("feeds of programmes")


class LearnerCode(models.Model):
    """A code that a learner gives to a school instead of an e-mail address."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="learner_code")
    code = models.CharField(max_length=12, unique=True)


class Completion(Timestamped, Referenced):
    """A school says that somebody finished a programme; that person decides what happens with it.

    The school sees what it sent, never whether there is an account or an answer.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting for an answer")
        ACCEPTED = "accepted", _("on the smart CV")
        DECLINED = "declined", _("not wanted")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="completions")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    address = models.EmailField(blank=True)  # lower case; either this or a code
    code = models.CharField(max_length=12, blank=True)
    finished_on = models.DateField(_("finished on"))
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)

    class Meta:
        verbose_name = _("finished programme")
        verbose_name_plural = _("finished programmes")
        constraints = [
            models.UniqueConstraint(fields=["programme", "address", "code"], name="completion_once"),
            models.CheckConstraint(
                condition=models.Q(address="", code__gt="") | models.Q(code="", address__gt=""),
                name="completion_by_address_or_code",
            ),
        ]
