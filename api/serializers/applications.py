"""Applications as they are shown, with what belongs to them."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.carriers import Day
from api.serializers.fields import Text
from incubation.blind import nameless, names_of, veiled
from incubation.dossier import COLUMNS, TEXTS
from incubation.models import (
    Application,
    ApplicationDocument,
    ApplicationMessage,
    ApplicationStep,
    Call,
    ReviewAssignment,
)
from incubation.next_steps import next_step
from incubation.selectors.reviewing import seen_by
from incubation.selectors.scores import score_over
from incubation.workflow import APPLICANT, OPERATOR, State

#: What an act tells besides; points are the staff's.
HIDDEN_DETAILS = {"points", "against_points"}


@extend_schema_field({"type": "object", "additionalProperties": True})
class DetailsColumn(serializers.JSONField):
    pass


class ApplicationStepSerializer(serializers.ModelSerializer):
    """``until``: the day on which ``target`` ends by itself. Reviewers see neither names nor words."""

    by = serializers.SlugRelatedField("username", read_only=True)
    act = serializers.CharField()
    source = serializers.CharField()
    target = serializers.CharField()
    details = DetailsColumn()

    class Meta:
        model = ApplicationStep
        fields = ["sequence", "act", "source", "target", "on", "until", "at", "by", "opinion",
                  "details"]  # fmt: skip


class ScoreLineSerializer(serializers.Serializer):
    criterion = serializers.IntegerField(source="criterion_id")
    points = serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True)
    remark = serializers.CharField()


class ReviewOfApplicationSerializer(serializers.ModelSerializer):
    """``scores``: empty until they are handed in, but for the reviewer's own."""

    reviewer = serializers.CharField(source="reviewer.name")
    sheet = serializers.CharField(source="sheet.code")
    total = serializers.SerializerMethodField()
    scores = serializers.SerializerMethodField()

    class Meta:
        model = ReviewAssignment
        fields = ["id", "reviewer", "round", "sheet", "blind", "due_on", "submitted_at",
                  "recommends", "opinion", "total", "scores"]  # fmt: skip

    def written(self, review) -> bool:
        """It is in, or one's own."""
        return bool(
            review.submitted_at or review.reviewer.user_id == self.context["request"].user.pk
        )

    def to_representation(self, review):
        data = super().to_representation(review)
        return data if self.written(review) else data | {"recommends": None, "opinion": ""}

    @extend_schema_field(ScoreLineSerializer(many=True))
    def get_scores(self, review):
        return ScoreLineSerializer(
            review.scores.all() if self.written(review) else [], many=True
        ).data

    @extend_schema_field(serializers.DecimalField(max_digits=5, decimal_places=1, allow_null=True))
    def get_total(self, review):
        return str(review.points) if review.submitted_at else None


class ScoreSerializer(serializers.Serializer):
    """Over the reviews of the present round that are in; points out of 100."""

    count = serializers.IntegerField()
    mean = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    spread = serializers.DecimalField(max_digits=5, decimal_places=1, allow_null=True)
    pass_points = serializers.IntegerField()


class ApplicationSerializer(serializers.ModelSerializer):
    """``state`` as of the day. Reviewers who see no names get none, and applicants no points.

    ``applicant``: its name, ``tenant``: its id; ``next_step``: in words for the one who asks;
    ``promised_by``: the last day promised for what the carrier does now; ``hidden_reviews``: those handed in that one may not
    see (yet), ``score`` is null as long as there are any.
    """

    applicant = serializers.CharField(source="tenant.name", allow_null=True)
    written_by = serializers.CharField(source="applicant.username", default=None, allow_null=True)
    park = serializers.CharField(source="carrier.park.code")
    state = serializers.ChoiceField(State.choices)
    state_since = serializers.DateField()
    state_until = serializers.DateField(allow_null=True)
    next_step = serializers.SerializerMethodField()
    promised_by = serializers.DateField(source="promised", allow_null=True)
    preferred_units = serializers.SerializerMethodField()
    commitments = serializers.ListField(child=serializers.CharField())
    reviews = serializers.SerializerMethodField()
    hidden_reviews = serializers.SerializerMethodField()
    score = serializers.SerializerMethodField()
    history = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = [
            "id", "number", "state", "state_since", "state_until", "next_step", "promised_by", "applicant", "tenant",
            "written_by", "carrier", "park", "call", "previous", *COLUMNS, "preferred_units",
            "saved_at", "residency", "lease", "reviews", "hidden_reviews", "score", "history",
        ]  # fmt: skip

    def to_representation(self, application):
        data = super().to_representation(application)
        sight = self.context["view"].sight(application)
        if not sight.named:
            names = names_of(application.tenant)
            data |= dict.fromkeys(["applicant", "tenant"])
            data |= {name: veiled(data[name], names) for name in TEXTS}
        if not sight.party:
            data |= dict.fromkeys(["residency", "lease", "rent_most", "written_by", "previous"])
        return data

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_preferred_units(self, application):
        return [unit.pk for unit in application.preferred_units.all()]

    def get_next_step(self, application) -> str | None:
        sight = self.context["view"].sight(application)
        if not sight.party:
            return None
        return str(next_step(application.state, OPERATOR if sight.staff else APPLICANT))

    @extend_schema_field(ReviewOfApplicationSerializer(many=True))
    def get_reviews(self, application):
        user, rounds = self.context["request"].user, {}
        for one in application.standing_reviews:
            rounds.setdefault(one.round, []).append(one)
        seen = [one for rows in rounds.values() for one in seen_by(user, rows)]
        return ReviewOfApplicationSerializer(seen, many=True, context=self.context).data

    def handed_in(self, application):
        """``(seen, hidden)``: of the reviews of the present round that are in."""
        present = 1 + sum(one.act == "object" for one in application.steps_by_day)
        rows = [one for one in application.standing_reviews if one.round == present]
        seen = seen_by(self.context["request"].user, rows)
        return (
            [one for one in seen if one.submitted_at],
            sum(1 for one in rows if one.submitted_at and one not in seen),
        )

    def get_hidden_reviews(self, application) -> int:
        return self.handed_in(application)[1]

    @extend_schema_field(ScoreSerializer(allow_null=True))
    def get_score(self, application):
        rows, hidden = self.handed_in(application)
        if hidden or not rows:
            return None
        over = score_over(rows)
        return ScoreSerializer({"count": over.count, "mean": round(over.mean, 2),
                                "spread": over.spread, "pass_points": over.pass_points}).data  # fmt: skip

    @extend_schema_field(ApplicationStepSerializer(many=True))
    def get_history(self, application):
        rows = ApplicationStepSerializer(application.steps_by_day, many=True).data
        sight = self.context["view"].sight(application)
        for row in rows:
            if not sight.party:
                row |= {"by": None, "opinion": "", "details": {}}
            elif not sight.staff:
                row["details"] = {
                    name: value for name, value in row["details"].items()
                    if name not in HIDDEN_DETAILS
                }  # fmt: skip
        return rows


class PaperSerializer(serializers.ModelSerializer):
    """``sha256``: of the file handed in; empty for who gets a copy without names."""

    class Meta:
        model = ApplicationDocument
        fields = ["id", "kind", "name", "media_type", "size", "sha256", "names_applicant",
                  "added_at"]  # fmt: skip

    def to_representation(self, paper):
        data = super().to_representation(paper)
        return data if self.context["named"] else data | {"name": nameless(paper), "sha256": ""}


class MessageSerializer(serializers.ModelSerializer):
    by = serializers.SlugRelatedField("username", read_only=True)
    text = Text(max_length=2000, min_length=1)

    class Meta:
        model = ApplicationMessage
        fields = ["id", "by", "from_applicant", "at", "text"]
        read_only_fields = ["from_applicant", "at"]


class CallSerializer(serializers.ModelSerializer):
    """Open on ``[opens_on, closes_on)``."""

    opens_on = Day()
    closes_on = Day()

    class Meta:
        model = Call
        fields = ["id", "carrier", "name", "opens_on", "closes_on", "places", "note"]
        validators = []
