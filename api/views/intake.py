"""How carriers take applications: their settings, and their calls."""

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from api.base import ON, Resource, checked
from api.serializers import Text
from api.serializers.applications import CallSerializer
from api.views.graduation import seen
from incubation import services as incubation
from incubation.models import Call, Carrier, Intake
from incubation.selectors.comparing import carriers_to_apply
from incubation.selectors.intake import intake_of
from parks.filters import KeyFilter


class IntakeSerializer(serializers.ModelSerializer):
    """``notice_days`` 0: no public notice; ``sheet`` null: the one in use for everybody."""

    carrier = serializers.IntegerField(source="carrier_id", read_only=True)
    reason = Text(required=False, allow_blank=True, write_only=True)

    class Meta:
        model = Intake
        fields = [
            "carrier", "mode", "blind", "reviewer_count", "sheet", "notice_days", "check_days",
            "amend_days", "review_days", "offer_days", "sign_days", "welcome", "reason",
        ]  # fmt: skip


class IntakeResource(Resource):
    """``carriers/{id}/intake/``: read by everybody who may apply, set by the carrier's staff."""

    queryset = Carrier.objects.none()
    serializer_class = IntakeSerializer
    view_permission = "incubation.view_application"
    act_permissions = {"partial_update": "incubation.handle_application"}
    filter_backends = ()
    pagination_class = None

    def get_queryset(self):
        if self.action == "partial_update":
            return Carrier.objects.visible_to(self.request.user).select_related("park")
        return carriers_to_apply(self.on)

    def get_object(self):
        return intake_of(super().get_object())

    @extend_schema(operation_id="carriers_intake", parameters=[ON])
    def retrieve(self, request, *args, **kwargs):
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(operation_id="carriers_intake_set", parameters=[ON])
    def partial_update(self, request, *args, **kwargs):
        """What is named changes; with ``If-Match`` only what was read."""
        row = self.changing(self.get_object())
        serializer = IntakeSerializer(row, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        incubation.set_intake(
            carrier=row.carrier, by=request.user, **serializer.validated_data
        )  # fmt: skip
        return self.retrieve(request, *args, **kwargs)


class CallFilter(filters.FilterSet):
    carrier = KeyFilter("carrier_id")
    park = filters.CharFilter("carrier__park__code")
    open = filters.BooleanFilter(method="by_open", label="open on the day")

    class Meta:
        model = Call
        fields = {"opens_on": ["gte", "lte"], "closes_on": ["gte", "lte"]}

    def by_open(self, rows, name, value):
        on = self.request.parser_context["view"].on
        open_ones = Call.objects.open_on(on).values("pk")
        return rows.filter(pk__in=open_ones) if value else rows.exclude(pk__in=open_ones)


@extend_schema(parameters=[ON])
class CallResource(Resource):
    """When carriers take applications; everybody who may apply sees all of them."""

    queryset = Call.objects.none()
    serializer_class = CallSerializer
    filterset_class = CallFilter
    view_permission = "incubation.view_application"
    act_permissions = dict.fromkeys(["create", "partial_update"], "incubation.handle_application")
    search_fields = ("name", "carrier__name")
    ordering_fields = ("opens_on", "closes_on", "name")

    def get_queryset(self):
        rows = Call.objects.order_by("pk")
        if self.action == "partial_update":
            rows = rows.filter(
                carrier__in=Carrier.objects.visible_to(self.request.user).values("pk")
            )
        return rows

    def create(self, request):
        values = checked(CallSerializer, request)
        carrier = seen(Carrier.objects.visible_to(request.user), values["carrier"].pk, "carrier")
        call = incubation.open_call(by=request.user, **values | {"carrier": carrier})
        return self.fresh(call.pk, 201)

    def partial_update(self, request, pk=None):
        """The carrier of a call stays."""
        row = self.changing(self.get_object())
        serializer = CallSerializer(row, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        values.pop("carrier", None)
        incubation.correct_call(call=row, by=request.user, **values)
        return self.fresh(row.pk)
