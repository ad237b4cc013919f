"""Ratios with their parts, on a day and over time."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from api import serializers as shapes
from api.base import ON, RolePermission
from parks.days import parse_day
from parks.models import Park, Unit
from tenants.selectors import (
    occupancy_series,
    shares,
)
from tenants.selectors.series import STEPS

DEFINITIONS = {
    "occupancy": gettext_lazy("Area let on the day ÷ lettable area (domain notes §7)."),
    "signed": gettext_lazy("Area under a binding lease, begun or not ÷ lettable area (§7)."),
    "vacancy": gettext_lazy("1 − signed (§7)."),
}


def indicator(ratio) -> dict:
    return {
        "code": ratio.code, "scope": ratio.scope, "on": ratio.on, "numerator": ratio.numerator,
        "denominator": ratio.denominator, "value": ratio.value, "unit": ratio.unit,
        "definition": DEFINITIONS[ratio.code],
    }  # fmt: skip


PARK = OpenApiParameter(
    "park", str, description="Code of one park; all visible ones when left out."
)


class Indicators(viewsets.GenericViewSet):
    """Ratios with numerator, denominator, day and scope; a series of them over time."""

    permission_classes = [RolePermission]
    view_permission = "parks.view_park"
    act_permissions = {}
    serializer_class = shapes.IndicatorSerializer
    queryset = Park.objects.none()
    lookup_value_regex = "[a-z]+"
    pagination_class = None
    filter_backends = ()

    def known(self, *names):
        if unknown := set(self.request.query_params) - {*names, "format"}:
            raise exceptions.ValidationError({name: ["Unknown filter."] for name in unknown})

    def day(self, name, default):
        try:
            return parse_day(self.request.query_params.get(name, ""), today=default)
        except ValidationError as error:
            raise exceptions.ValidationError({name: error.messages}) from None

    def units(self):
        """``(scope, units)``: those of ``?park=``, else of every park one may see."""
        units, code = (
            Unit.objects.visible_to(self.request.user),
            self.request.query_params.get("park"),
        )
        if not code:
            return "", units
        park = get_object_or_404(Park.objects.visible_to(self.request.user), code=code)
        return park.code, units.of_park(park)

    @extend_schema(parameters=[PARK, ON], responses=shapes.IndicatorSerializer(many=True))
    def list(self, request):
        self.known("park", "on")
        scope, units = self.units()
        found = shares(units, self.day("on", timezone.localdate()), scope=scope)
        rows = [indicator(found.ratio(code)) for code in DEFINITIONS]
        return Response(shapes.IndicatorSerializer(rows, many=True).data)

    @extend_schema(
        parameters=[
            PARK,
            OpenApiParameter("from", OpenApiTypes.DATE), OpenApiParameter("to", OpenApiTypes.DATE),
            OpenApiParameter("step", str, enum=[*STEPS]),
            OpenApiParameter("by", str, enum=["park"]),
        ],
        responses=shapes.IndicatorSerializer(many=True),
    )  # fmt: skip
    @action(detail=True, url_path="series")
    def series(self, request, pk=None):
        """At most 3,700 sample days; ``by=park`` gives one series a park."""
        self.known("park", "from", "to", "step", "by")
        if pk not in DEFINITIONS:
            raise exceptions.NotFound
        query = request.query_params
        step, by = query.get("step") or "month", query.get("by", "")
        wrong = {}
        if step not in STEPS:
            wrong["step"] = [f"One of {', '.join(STEPS)}."]
        if by not in ("", "park"):
            wrong["by"] = ["park, or leave it out."]
        if pk != "occupancy":
            wrong["code"] = [_("Only occupancy is known over time.")]
        end = self.day("to", timezone.localdate())
        start = self.day("from", end.replace(month=1, day=1))
        if start > end:
            wrong["from"] = [_("The first day must not lie after the last.")]
        if wrong:
            raise exceptions.ValidationError(wrong)
        scope, units = self.units()
        scopes = [(scope, units)]
        if by == "park":
            parks = Park.objects.visible_to(request.user).defer("boundary").order_by("code")
            parks = parks.filter(code=scope) if scope else parks
            scopes = [(park.code, units.of_park(park)) for park in parks]
        rows = [
            indicator(ratio)
            for name, chosen in scopes
            for ratio in occupancy_series(chosen, start, end, step, scope=name)
        ]
        return Response(shapes.IndicatorSerializer(rows, many=True).data)
