"""Occupations and skills: the project's own core, enriched by imports of ESCO and O*NET.

A concept is one row whatever its source: a core concept that has an ESCO URI is the row that the ESCO import finds.
Labels keep their source, so a new import replaces its own labels and nobody else's.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.choices import EducationLevel, Sector
from core.models import SixInterests, SixValues


class Source(models.TextChoices):
    CORE = "core", _("own taxonomy")
    ESCO = "esco", "ESCO"
    OPERATOR = "operator", _("operator")


class Concept(models.Model):
    """A named thing in the taxonomy. `label_nl` is empty where no Dutch label is known: English is shown then."""

    uri = models.CharField(max_length=200, unique=True)  # ESCO URI, or urn:zelf:<kind>:<key> for our own
    key = models.SlugField(max_length=80, null=True, blank=True, unique=True)  # only concepts of the core have one
    label_nl = models.CharField(_("Dutch label"), max_length=300, blank=True)
    label_en = models.CharField(_("English label"), max_length=300, blank=True)
    description_nl = models.TextField(_("Dutch description"), blank=True)
    description_en = models.TextField(_("English description"), blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The label in the language of the page, or in the other language where that one is missing."""
        first, second = (self.label_en, self.label_nl) if get_language() == "en" else (self.label_nl, self.label_en)
        return first or second

    @property
    def label_is_foreign(self) -> bool:
        """True when a Dutch page has to show the English label."""
        return get_language() != "en" and not self.label_nl

    @property
    def description(self) -> str:
        return (self.description_en if get_language() == "en" else self.description_nl) or self.description_en


class SkillGroup(Concept):
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name = _("skill group")
        verbose_name_plural = _("skill groups")


class Skill(Concept):
    class Kind(models.TextChoices):
        SKILL = "skill", _("skill")
        KNOWLEDGE = "knowledge", _("knowledge")
        ATTITUDE = "attitude", _("attitude")
        LANGUAGE = "language", _("language")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SKILL)
    group = models.ForeignKey(SkillGroup, models.SET_NULL, null=True, blank=True, related_name="skills")
    related = models.ManyToManyField("self", through="SkillRelation", symmetrical=False)
    idf = models.FloatField(default=1.0)  # rarity over occupations, refreshed by the imports; > 0

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")


class Occupation(Concept, SixInterests, SixValues):
    """Work one can do. Interests come from O*NET through the crosswalk (OI scale 1-7 mapped to 0-100)."""

    isco = models.CharField("ISCO", max_length=4, db_index=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, blank=True, db_index=True)
    education_level = models.PositiveSmallIntegerField(_("usual level"), choices=EducationLevel, null=True, blank=True)
    onet_codes = models.CharField("O*NET", max_length=120, blank=True)
    demand = models.PositiveSmallIntegerField(default=0)  # 0-10: how common in the region; orders search
    pay_min = models.PositiveIntegerField(null=True, blank=True)  # EUR gross a month, full-time
    pay_max = models.PositiveIntegerField(null=True, blank=True)
    skills = models.ManyToManyField(Skill, through="OccupationSkill", related_name="occupations")

    class Meta:
        verbose_name = _("occupation")
        verbose_name_plural = _("occupations")


class OccupationSkill(models.Model):
    occupation = models.ForeignKey(Occupation, models.CASCADE, related_name="occupation_skills")
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="skill_occupations")
    essential = models.BooleanField(_("essential"))
    source = models.CharField(max_length=10, choices=Source)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["occupation", "skill"], name="occupation_skill_once")]


class SkillRelation(models.Model):
    class Kind(models.TextChoices):
        BROADER = "broader", _("broader")
        RELATED = "related", _("related")

    origin = models.ForeignKey(Skill, models.CASCADE, related_name="relations_out")
    target = models.ForeignKey(Skill, models.CASCADE, related_name="relations_in")
    kind = models.CharField(max_length=8, choices=Kind)
    source = models.CharField(max_length=10, choices=Source)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "target", "kind"], name="skill_relation_once")]


class Label(models.Model):
    """One way to say a concept; `normalized` is what search compares (lower case, no accents, single spaces)."""

    class Kind(models.TextChoices):
        PREFERRED = "preferred", _("preferred")
        ALTERNATIVE = "alternative", _("alternative")
        HIDDEN = "hidden", _("hidden")

    language = models.CharField(max_length=3)
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(max_length=300)
    normalized = models.CharField(max_length=300)
    source = models.CharField(max_length=10, choices=Source)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text


class OccupationLabel(Label):
    occupation = models.ForeignKey(Occupation, models.CASCADE, related_name="labels")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occupation", "language", "text", "source"], name="occupation_label_once")
        ]
        indexes = [
            GinIndex(fields=["normalized"], opclasses=["gin_trgm_ops"], name="occupation_label_trgm"),
            models.Index(fields=["normalized"], opclasses=["varchar_pattern_ops"], name="occupation_label_prefix"),
        ]


class SkillLabel(Label):
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="labels")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["skill", "language", "text", "source"], name="skill_label_once")]
        indexes = [
            GinIndex(fields=["normalized"], opclasses=["gin_trgm_ops"], name="skill_label_trgm"),
            models.Index(fields=["normalized"], opclasses=["varchar_pattern_ops"], name="skill_label_prefix"),
        ]


class Certificate(Concept):
    """A licence, certificate or registration that work may ask for (VCA, driving licence CE, BIG …)."""

    class Kind(models.TextChoices):
        LICENCE = "licence", _("licence")
        CERTIFICATE = "certificate", _("certificate")
        REGISTRATION = "registration", _("registration")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    alternatives = models.CharField(max_length=400, blank=True)  # other ways to write it, separated by |

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")


class SkillNearness(models.Model):
    """How much `other` counts for `skill`, in steps of 1/15; stored both ways, never for a skill and itself."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="near")
    other = models.ForeignKey(Skill, models.CASCADE, related_name="+")
    similarity = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["skill", "other"], name="skill_nearness_once"),
            models.CheckConstraint(condition=models.Q(similarity__range=(1, 14)), name="skill_nearness_range"),
        ]


class OccupationNearness(models.Model):
    """How near `other` is to `occupation`, in steps of 1/15; stored both ways, never for an occupation and itself."""

    occupation = models.ForeignKey(Occupation, models.CASCADE, related_name="near")
    other = models.ForeignKey(Occupation, models.CASCADE, related_name="+")
    similarity = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occupation", "other"], name="occupation_nearness_once"),
            models.CheckConstraint(condition=models.Q(similarity__range=(1, 14)), name="occupation_nearness_range"),
        ]


class MeaningVectors(models.Model):
    """What labels without Dutch mean, one row a kind of concept, so that a Dutch query finds them by meaning.

    Built with the nearness and thrown away with it: what is missing is only found by its words.
    """

    find = models.CharField(max_length=10, primary_key=True)  # "occupation" or "skill"
    ids = models.BinaryField()  # int64, ascending
    vectors = models.BinaryField()  # int8 (n, 512): unit vectors times 127


class Edition(models.Model):
    """The one row that says which taxonomy this is; `number` is raised by every change of concepts or labels."""

    number = models.PositiveIntegerField(default=0)
    core_digest = models.CharField(max_length=64, blank=True)  # of the shipped files that were loaded
    nearness_of = models.PositiveIntegerField(default=0)  # the edition for which nearness was built

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="edition_is_one_row")]
