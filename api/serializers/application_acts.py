"""What the acts on applications ask for."""

from functools import partial

from rest_framework import serializers

from api.serializers.carriers import Day, Key, OpenDay
from api.serializers.fields import MOST_PARTS, Text
from incubation.dossier import COLUMNS
from incubation.models import (
    Application,
    ApplicationDocument,
    InterestKind,
)
from incubation.services.writing import MOST_UNITS
from tenants.models import RentUnit

Words = partial(Text, max_length=2000)
OpenWords = partial(Words, required=False, allow_blank=True, default="")
Amount = partial(
    serializers.DecimalField, max_digits=14, decimal_places=2, min_value=0, required=False,
    default=0,
)  # fmt: skip


class DossierSerializer(serializers.ModelSerializer):
    """What an applicant writes; what is left out stays as it is."""

    move_in_on = Day(required=False, allow_null=True)
    commitments = serializers.ListField(
        child=serializers.ChoiceField(Application.Commitment.choices), required=False,
        max_length=len(Application.Commitment),
    )  # fmt: skip
    preferred_units = serializers.ListField(child=Key(), required=False, max_length=MOST_UNITS)

    class Meta:
        model = Application
        fields = [*COLUMNS, "preferred_units"]
        validators = []


class StartSerializer(DossierSerializer):
    """``tenant`` may be left out by whoever belongs to one only."""

    carrier = Key()
    tenant = Key(required=False)

    class Meta(DossierSerializer.Meta):
        fields = ["carrier", "tenant", *DossierSerializer.Meta.fields]


class NothingSerializer(serializers.Serializer):
    pass


class OpinionSerializer(serializers.Serializer):
    opinion = OpenWords()


class NeededOpinionSerializer(serializers.Serializer):
    opinion = Words()


class CopySerializer(serializers.Serializer):
    """``carrier``: another one; left out, the same again."""

    carrier = Key(required=False)


class ReturnSerializer(serializers.Serializer):
    """``items``: what is to be amended, one thing each."""

    items = serializers.ListField(child=Text(), min_length=1, max_length=50)
    opinion = OpenWords()


class DecideApplicationSerializer(serializers.Serializer):
    """``against_points_reason``: needed to approve below the points to pass."""

    decision = serializers.ChoiceField(["approve", "refuse"])
    opinion = Words()
    against_points_reason = Text(max_length=1000, required=False, allow_blank=True, default="")


class AssignReviewersSerializer(serializers.Serializer):
    """``reviewers``: ids; left out, those proposed."""

    reviewers = serializers.ListField(child=Key(), required=False, min_length=1, max_length=9)


class GivenPointsSerializer(serializers.Serializer):
    criterion = Key()
    points = serializers.DecimalField(max_digits=4, decimal_places=1, min_value=0, max_value=100)
    remark = Text(max_length=300, required=False, allow_blank=True, default="")


class GiveScoreSerializer(serializers.Serializer):
    """Points for every criterion of the sheet; handed in, they stand."""

    scores = GivenPointsSerializer(many=True, min_length=1, max_length=50)
    recommends = serializers.BooleanField()
    opinion = Words()


class DeclareSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(InterestKind.choices)
    note = Text(max_length=200, required=False, allow_blank=True, default="")


class OfferUnitsSerializer(serializers.Serializer):
    """``until``: the first day on which it is too late; left out, the carrier's days to answer.

    ``reason``: needed where somebody before in the queue could use the units too.
    """

    units = serializers.ListField(child=Key(), min_length=1, max_length=MOST_PARTS)
    until = OpenDay()
    reason = Text(max_length=300, required=False, allow_blank=True, default="")


class AgreedRentSerializer(serializers.Serializer):
    unit = Key()
    rent = serializers.DecimalField(max_digits=14, decimal_places=4, min_value=0)
    rent_unit = serializers.ChoiceField(RentUnit.choices, default=RentUnit.M2_MONTH)


class ConvertSerializer(serializers.Serializer):
    """Residency and lease from ``start``; ``end``: the first day the lease does not cover.

    ``rents``: where they differ from what is asked in public, else from what the applicant would
    pay.
    """

    agreement_number = Text(max_length=60)
    start = Day()
    end = Day()
    rents = AgreedRentSerializer(many=True, required=False, max_length=MOST_PARTS)
    lease_number = Text(max_length=60, required=False, allow_blank=True, default="")
    deposit = Amount()
    property_fee_m2_month = Amount()
    registered_on = OpenDay()
    consent_on = OpenDay()
    exemption_reason = Text(max_length=300, required=False, allow_blank=True, default="")
    note = Text(required=False, allow_blank=True, default="")
    opinion = OpenWords()


class MoveInSerializer(serializers.Serializer):
    """``signed_on``: of a lease that is not signed yet; left out, today."""

    signed_on = OpenDay()
    opinion = OpenWords()


class AbandonSerializer(serializers.Serializer):
    """``approved``: it may get another offer; else it ends."""

    opinion = Words()
    approved = serializers.BooleanField(required=False, default=False)


class NewPaperSerializer(serializers.Serializer):
    file = serializers.FileField()
    kind = serializers.ChoiceField(
        ApplicationDocument.Kind.choices, default=ApplicationDocument.Kind.OTHER
    )
    names_applicant = serializers.BooleanField(default=True)
