"""What the region asks of schools: nightly numbers, proposals for new parts of a programme, and questions of people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.choices import Sector
from core.models import Referenced, Timestamped
from education.models import Programme
from taxonomy.models import Skill


class ProgrammeDemand(models.Model):
    """What was counted for a programme last night. Numbers of people are hidden when few: see `queries`."""

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="demand")
    computed_at = models.DateTimeField()
    vacancies = models.PositiveIntegerField()  # open vacancies in reach that ask something it teaches
    people_over = models.PositiveIntegerField()  # people whom it brings over even odds for at least one vacancy
    people_top = models.PositiveIntegerField()  # people for whom it is one of the three best suggestions


class SkillGap(models.Model):
    """What was counted for a skill that open vacancies ask."""

    skill = models.OneToOneField(Skill, models.CASCADE, related_name="gap")
    computed_at = models.DateTimeField()
    vacancies = models.PositiveIntegerField()  # open vacancies that ask it
    openings = models.PositiveIntegerField()  # people that those vacancies need
    people = models.PositiveIntegerField()  # people who can do it on their own
    programmes = models.PositiveIntegerField()  # published programmes that teach it, or something next to it
    fills = models.PositiveIntegerField()  # vacancies with nobody over even odds that get somebody with just this skill
    sectors = models.JSONField(default=dict)  # {sector: vacancies}


class Proposal(Timestamped, Referenced):
    """A set of skills that together close most demand, worked out for a school, to talk about with firms."""

    school = models.ForeignKey(Organisation, models.CASCADE, related_name="proposals")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("what do you have in mind?"), max_length=2000, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, blank=True)
    computed_at = models.DateTimeField()
    n_vacancies = models.PositiveIntegerField()  # open vacancies in the field and in reach
    demand = models.PositiveIntegerField()  # what they lack together, in hundredths of a vacancy
    shared_at = models.DateTimeField(null=True, blank=True)  # from then on the firms that ask for it read it

    class Meta:
        verbose_name = _("proposal for an elective")
        verbose_name_plural = _("proposals for electives")

    def __str__(self) -> str:
        return self.title


class ProposalSkill(models.Model):
    """One skill of the set, in the order of choosing."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    gain = models.PositiveIntegerField()  # what it adds to the ones before it, in hundredths of a vacancy
    vacancies = models.PositiveIntegerField()  # vacancies in the field that ask exactly this

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "skill"], name="proposal_skill_once")]

    @property
    def worth(self) -> float:
        """What it adds, in vacancies."""
        return self.gain / 100


class ProposalFirm(models.Model):
    """A firm whose vacancies ask for the set, and what it says of the proposal."""

    class Answer(models.TextChoices):
        YES = "yes", _("we would like people who learned this")
        HELP = "help", _("we would like it, and help to make it")
        NO = "no", _("not for us")

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="firms")
    firm = models.ForeignKey(Organisation, models.CASCADE, related_name="proposals_read")
    vacancies = models.PositiveIntegerField()
    answer = models.CharField(_("answer"), max_length=4, choices=Answer, blank=True)
    comment = models.TextField(_("what would make it better?"), max_length=1000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "firm"], name="proposal_firm_once")]


class InformationRequest(Timestamped, Referenced):
    """A jobseeker asks a school about a programme, with what they chose to send."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="requests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="information_requests")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    message = models.TextField(_("question"), max_length=1500)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("request for information")
        verbose_name_plural = _("requests for information")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person"], condition=models.Q(answered_at=None), name="request_open_once"
            )
        ]
