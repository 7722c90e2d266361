"""People who log in, the organisations they act for, and the audit trail of what they did."""

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.choices import Sector
from core.models import Located, Referenced, Timestamped


class UserManager(BaseUserManager):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """Logs in with an e-mail address. What someone may do follows from what they own or belong to, not from a role."""

    username = None
    first_name = None
    last_name = None
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=2, default="nl")
    is_analyst = models.BooleanField(_("reads CockpitWerk"), default=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email


class Organisation(Timestamped, Referenced, Located):
    """A firm or a school."""

    class Kind(models.TextChoices):
        EMPLOYER = "employer", _("employer")
        SCHOOL = "school", _("school")

    class StaffingProblem(models.TextChoices):
        NONE = "none", _("no trouble now")
        FEW = "few", _("too few people apply")
        SKILLS = "skills", _("people lack the skills")
        PAY = "pay", _("we cannot pay what others pay")
        LEAVING = "leaving", _("people leave")
        ILLNESS = "illness", _("many people are ill")
        TIME = "time", _("no time to find and train people")

    class Size(models.IntegerChoices):
        MICRO = 1, _("1 to 9 people")
        SMALL = 2, _("10 to 49 people")
        MEDIUM = 3, _("50 to 249 people")
        LARGE = 4, _("250 people or more")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    kvk = models.CharField(_("KVK number"), max_length=8, blank=True)
    brin = models.CharField("BRIN", max_length=6, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, blank=True)
    size = models.PositiveSmallIntegerField(_("size"), choices=Size, null=True, blank=True)
    about = models.TextField(_("about us"), blank=True, max_length=2000)
    website = models.URLField(_("website"), blank=True)
    street = models.CharField(_("street and number"), max_length=120, blank=True)
    staffing_problems = models.JSONField(default=list, blank=True)  # codes of StaffingProblem; only ever counted
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "kvk"], condition=~models.Q(kvk=""), name="organisation_kvk_once_a_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(kvk="") | models.Q(kvk__regex=r"^\d{8}$"), name="organisation_kvk_form"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(Timestamped):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "user"], name="member_once")]


class AuditEntry(models.Model):
    """Who did what to which row, without personal data: ids and a verb. Only added to, never changed."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        indexes = [models.Index(fields=["subject_type", "subject_id"])]
