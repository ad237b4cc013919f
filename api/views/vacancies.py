"""What is free, for everybody: no tenants, no leases, the rents that are asked in public."""

import django_filters as filters
from django.db.models import OuterRef, Subquery
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from api.base import ON, Resource
from incubation.models import CarrierSpace, Stage
from incubation.vacancy_filters import VacancyFilter
from parks.models import Unit
from parks.services.space import OUTLINES
from tenants.models import RentUnit
from tenants.selectors import vacancies
from tenants.selectors.asking import with_asking_rent


class VacantSerializer(serializers.ModelSerializer):
    """``asked_rent`` in ``asked_unit`` as asked, and in yuan a m² and month, and for the unit a
    month; null: on request. ``carrier``: whose space it is on the day."""

    park = serializers.CharField(source="floor.building.park.code")
    building = serializers.IntegerField(source="floor.building_id")
    number = serializers.CharField(source="number_on")
    carrier = serializers.IntegerField(allow_null=True)
    stage = serializers.ChoiceField(Stage.choices, allow_null=True)
    asked_rent = serializers.DecimalField(max_digits=14, decimal_places=4, allow_null=True)
    asked_unit = serializers.ChoiceField(RentUnit.choices, allow_null=True)
    asked_m2 = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)
    asked_month = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)

    class Meta:
        model = Unit
        fields = [
            "id", "park", "building", "floor", "number", "kind", "gross_area_m2", "seats",
            "floor_load_kn_m2", "clear_height_m", "power_kva", "goods_lift", "drainage",
            "geometry_source", "carrier", "stage", "asked_rent", "asked_unit", "asked_m2",
            "asked_month",
        ]  # fmt: skip


class VacantFilter(VacancyFilter):
    """As on the page; the order is asked for as in every list."""

    goods_lift = filters.BooleanFilter()
    drainage = filters.BooleanFilter()
    order = None


@extend_schema(parameters=[ON])
class VacancyResource(Resource):
    """Units that are vacant on the day and shown to everybody; nobody need log in."""

    queryset = Unit.objects.none()
    serializer_class = VacantSerializer
    filterset_class = VacantFilter
    permission_classes = ()
    search_fields = ("number", "former_numbers__number")
    ordering_fields = ("number", "gross_area_m2", "kind", "asked_m2", "asked_month")

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        units = with_asking_rent(vacancies(self.on), self.on)
        spaces = CarrierSpace.objects.active_on(self.on).filter(
            unit=OuterRef("pk"), purpose=CarrierSpace.Purpose.TENANTS
        )
        units = units.annotate(
            carrier=Subquery(spaces.values("carrier")[:1]),
            stage=Subquery(spaces.values("carrier__stage")[:1]),
        )
        return units.with_number_on(self.on).with_place().defer(*OUTLINES).order_by("pk")
