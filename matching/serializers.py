"""Matches, candidates and applications as plain values, the same for the API and for commands."""

from rest_framework import serializers

from matching.models import Application, ApplicationEvent, ChanceModel
from matching.queries import JOURNEYS, events_of


class PerMille(serializers.IntegerField):
    """Parts per thousand; null where nothing is known."""

    def __init__(self, **kwargs) -> None:
        super().__init__(allow_null=True, min_value=0, max_value=1000, **kwargs)

    def to_representation(self, value: int) -> int | None:
        return None if value < 0 else super().to_representation(value)


class ChanceSerializer(serializers.Serializer):
    """Whole percents with an 80 % interval; `enough` is false when there are too few data to say."""

    p = serializers.IntegerField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()
    enough = serializers.BooleanField()
    model_version = serializers.IntegerField()


class AskedSerializer(serializers.Serializer):
    """Something that the vacancy asks, with the level asked and the level there is, on the scale of its kind."""

    kind = serializers.CharField()
    label = serializers.CharField()
    skill = serializers.IntegerField(source="skill_id", allow_null=True)
    asked_level = serializers.IntegerField()
    has_level = serializers.IntegerField()
    is_hard = serializers.BooleanField()


class ContributionSerializer(serializers.Serializer):
    """A line of the sum, from a pair of label and number."""

    label = serializers.CharField()
    adds = serializers.IntegerField()

    def to_representation(self, instance: tuple[str, int]) -> dict:
        label, adds = instance
        return {"label": label, "adds": adds}


class VacancyLineSerializer(serializers.Serializer):
    """What a list shows of a vacancy."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    kind = serializers.CharField()
    status = serializers.CharField()
    organisation = serializers.CharField(source="organisation.name")
    place = serializers.CharField(source="place.name", default=None, allow_null=True)
    hours_min = serializers.IntegerField()
    hours_max = serializers.IntegerField()
    pay_min = serializers.IntegerField()
    pay_max = serializers.IntegerField()
    remote = serializers.BooleanField()


class AskableSerializer(serializers.Serializer):
    """People who fit well and could be asked, from a pair of a vacancy's id and what is known; `more` when there are others."""

    vacancy = serializers.IntegerField()
    people = serializers.IntegerField()
    new = serializers.IntegerField()
    more = serializers.BooleanField()

    def to_representation(self, instance) -> dict:
        vacancy, waiting = instance
        return {"vacancy": vacancy, "people": waiting.n, "new": waiting.new, "more": waiting.more}


class BreakdownLineSerializer(serializers.Serializer):
    """What one requirement or part adds, per mille; `score` of 100 is how well it fits by itself."""

    label = serializers.CharField()
    adds = serializers.IntegerField()
    score = serializers.IntegerField()
    known = serializers.BooleanField()


class BreakdownPartSerializer(serializers.Serializer):
    key = serializers.ChoiceField(["competence", "passion", "drive"])
    weight = serializers.IntegerField(help_text="percent of the fit")
    adds = serializers.IntegerField()
    lines = BreakdownLineSerializer(many=True)


class NearSerializer(serializers.Serializer):
    """A pair with one thing in the way: which, and the fit per mille with it and without it."""

    kind = serializers.CharField(help_text="skill, language, certificate, education, hours or journey")
    words = serializers.CharField()
    fit = serializers.IntegerField()
    fit_then = serializers.IntegerField()


class FitSerializer(serializers.Serializer):
    """Why a pair stands where it stands; the contributions add up to `fit` exactly."""

    fit = PerMille()
    can = PerMille()
    want = PerMille()
    do = PerMille()
    contributions = ContributionSerializer(many=True)
    breakdown = BreakdownPartSerializer(many=True, help_text="adds up to `fit` exactly, to the last requirement")
    reasons = serializers.ListField(child=serializers.CharField())
    covered = AskedSerializer(many=True)
    missing = AskedSerializer(many=True)
    hard_failures = serializers.ListField(child=serializers.CharField())
    minutes = serializers.IntegerField(allow_null=True)
    chance = ChanceSerializer()
    status = serializers.CharField()


class MatchSerializer(FitSerializer):
    vacancy = VacancyLineSerializer()
    applicants = serializers.IntegerField(help_text="others who applied so far, counted in the chance")
    distance_km = serializers.FloatField(allow_null=True)
    saved = serializers.BooleanField()
    hire = ChanceSerializer(allow_null=True, help_text="the chance to be hired, an invitation included")
    if_told = ChanceSerializer(
        allow_null=True, help_text="of one match before applying: the chance with why and what was done told"
    )


class NearVacancySerializer(NearSerializer):
    vacancy = VacancyLineSerializer()


class NearCandidateSerializer(NearSerializer):
    """By the `ref` that holds for this vacancy only."""

    ref = serializers.UUIDField()


class PersonSerializer(serializers.Serializer):
    name = serializers.CharField()
    email = serializers.EmailField()
    phone = serializers.CharField()


class CandidateSerializer(FitSerializer):
    """A candidate by a `ref` that holds for this vacancy only.

    `person` and `minutes` are null until they applied or said yes; `journey` says roughly how far.
    """

    ref = serializers.UUIDField()
    journey = serializers.ChoiceField(choices=list(JOURNEYS), allow_blank=True)
    person = serializers.SerializerMethodField()

    def get_person(self, match) -> PersonSerializer(allow_null=True):
        return PersonSerializer(match.cv.owner).data if match.name_is_known else None


class CourseSerializer(serializers.Serializer):
    """A programme that this person can begin; `minutes` one way, null for online or unknown."""

    programme = serializers.IntegerField(source="programme.pk")
    title = serializers.CharField(source="programme.title")
    school = serializers.CharField(source="programme.school.name")
    place = serializers.CharField(source="programme.place.name", default=None, allow_null=True)
    weeks = serializers.IntegerField(source="programme.weeks")
    hours_per_week = serializers.IntegerField(source="programme.hours_per_week")
    price = serializers.DecimalField(source="programme.price", max_digits=8, decimal_places=2)
    price_with_subsidy = serializers.DecimalField(
        source="programme.price_with_subsidy", max_digits=8, decimal_places=2, allow_null=True
    )
    starts_on = serializers.DateField(allow_null=True)
    minutes = serializers.IntegerField(allow_null=True)


class SuggestionSerializer(serializers.Serializer):
    """One course, or two together, with the chance before and after; gains in percent points with an 80 % interval."""

    courses = CourseSerializer(many=True)
    chance_before = ChanceSerializer()
    chance_after = ChanceSerializer()
    gain = serializers.IntegerField()
    gain_low = serializers.IntegerField()
    gain_high = serializers.IntegerField()
    per_month = serializers.FloatField(help_text="percent points a month")
    per_thousand = serializers.FloatField(
        allow_null=True, help_text="percent points for every 1,000 euros; null when free"
    )
    opens = serializers.IntegerField(help_text="vacancies that go from under to over even odds")
    skills = serializers.ListField(child=serializers.CharField())


class ExampleSerializer(serializers.Serializer):
    """A vacancy with the chance now and after, whole percents, from a tuple."""

    vacancy = serializers.IntegerField()
    title = serializers.CharField()
    now = serializers.IntegerField()
    after = serializers.IntegerField()

    def to_representation(self, instance: tuple[int, str, int, int]) -> dict:
        return dict(zip(("vacancy", "title", "now", "after"), instance, strict=True))


class AdviceSerializer(serializers.Serializer):
    courses = CourseSerializer(many=True)
    opens = serializers.IntegerField(help_text="vacancies that go from under to over even odds")
    gain = serializers.FloatField(help_text="points of mean chance over the vacancies looked at")
    per_month = serializers.FloatField(
        help_text="of what they are chosen for: vacancies opened, or gain for an occupation"
    )
    per_thousand = serializers.FloatField(
        allow_null=True, help_text="the same for every 1,000 euros; null for what is free"
    )
    examples = ExampleSerializer(many=True)


class MarketAdviceSerializer(serializers.Serializer):
    """Courses that bring somebody on, and what that is measured from."""

    occupation = serializers.IntegerField(source="occupation.pk", default=None, allow_null=True)
    vacancies = serializers.IntegerField(help_text="how many open vacancies were looked at")
    likely_now = serializers.IntegerField(help_text="open vacancies over even odds today")
    chance_now = serializers.IntegerField(allow_null=True, help_text="mean chance for the occupation today, percent")
    results = AdviceSerializer(source="advice", many=True)


class SkillGainSerializer(serializers.Serializer):
    """One skill, done independently, and what that would do over the open vacancies in reach."""

    skill = serializers.IntegerField(source="skill_id")
    label = serializers.CharField()
    foreign = serializers.BooleanField(help_text="the label is in English, for want of a Dutch one")
    held = serializers.BooleanField(help_text="on the smart CV already, at a lower level")
    asked = serializers.IntegerField(help_text="vacancies in reach that ask this very skill")
    rises = serializers.IntegerField(help_text="vacancies in reach where the chance rises by a point or more")
    points = serializers.FloatField(help_text="mean rise over those, of 100")
    gain = serializers.FloatField(help_text="rise of the chances in sum over all in reach")
    course = CourseSerializer(allow_null=True, help_text="one that teaches it, asks least, and can still be begun")


class SkillAdviceSerializer(serializers.Serializer):
    """Skills that raise somebody's chances most, and what that is counted over."""

    vacancies = serializers.IntegerField(help_text="open vacancies in reach")
    max_minutes = serializers.IntegerField(
        allow_null=True, help_text="how far reach goes, one way; null: all open vacancies"
    )
    model_version = serializers.IntegerField(help_text="of the chances; 0: nothing was learned from outcomes yet")
    results = SkillGainSerializer(source="skills", many=True)


class EventSerializer(serializers.ModelSerializer):
    class Meta:
        model = ApplicationEvent
        fields = ("at", "status")
        read_only_fields = fields


class PromiseSerializer(serializers.Serializer):
    """The chance that was said at the moment of applying, in whole percents."""

    p = serializers.IntegerField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()


class ApplicationSerializer(serializers.ModelSerializer):
    vacancy = VacancyLineSerializer(read_only=True)
    promised = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = (
            "ref", "vacancy", "status", "why", "did", "applied_at", "decided_at", "reason", "message", "promised",
        )  # fmt: skip
        read_only_fields = fields

    def get_promised(self, application: Application) -> PromiseSerializer(allow_null=True):
        chance = application.snapshot.get("chance")
        return PromiseSerializer(chance).data if chance else None


class ApplicationDetailSerializer(ApplicationSerializer):
    events = serializers.SerializerMethodField()

    class Meta(ApplicationSerializer.Meta):
        fields = (*ApplicationSerializer.Meta.fields, "events")
        read_only_fields = fields

    def get_events(self, application: Application) -> EventSerializer(many=True):
        return EventSerializer(events_of(application), many=True).data


class ModelVersionSerializer(serializers.ModelSerializer):
    class Meta:
        model = ChanceModel
        fields = (
            "version", "is_live", "created_at", "window_from", "window_to", "n_outcomes", "metrics", "card",
            "refused_because",
        )  # fmt: skip
        read_only_fields = fields
