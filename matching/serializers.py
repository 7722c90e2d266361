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


class FitSerializer(serializers.Serializer):
    """Why a pair stands where it stands; the contributions add up to `fit` exactly."""

    fit = PerMille()
    can = PerMille()
    want = PerMille()
    do = PerMille()
    contributions = ContributionSerializer(many=True)
    reasons = serializers.ListField(child=serializers.CharField())
    covered = AskedSerializer(many=True)
    missing = AskedSerializer(many=True)
    hard_failures = serializers.ListField(child=serializers.CharField())
    minutes = serializers.IntegerField(allow_null=True)
    chance = ChanceSerializer()
    status = serializers.CharField()


class MatchSerializer(FitSerializer):
    vacancy = VacancyLineSerializer()
    distance_km = serializers.FloatField(allow_null=True)
    saved = serializers.BooleanField()
    hire = ChanceSerializer(allow_null=True, help_text="the chance to be hired, an invitation included")


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


class SuggestionSerializer(serializers.Serializer):
    """A programme with the chance before and after it; `opens` counts vacancies that go over even odds."""

    programme = serializers.IntegerField(source="programme.pk")
    title = serializers.CharField(source="programme.title")
    school = serializers.CharField(source="programme.school.name")
    place = serializers.CharField(source="programme.place.name", default=None, allow_null=True)
    weeks = serializers.IntegerField(source="programme.weeks")
    hours_per_week = serializers.IntegerField(source="programme.hours_per_week")
    price = serializers.DecimalField(source="programme.price", max_digits=8, decimal_places=2)
    starts_on = serializers.DateField(allow_null=True)
    chance_before = ChanceSerializer()
    chance_after = ChanceSerializer()
    opens = serializers.IntegerField()
    skills = serializers.ListField(child=serializers.CharField())


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
