"""Filters of units as of a day, tenants, leases and holds; shared by pages and the API."""

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parks.days import day_of
from parks.filters import KeyFilter
from parks.models import AuditEntry, Unit
from parks.models.space import UnitKind
from parks.periods import active_q
from parks.states import UnitState
from tenants.models import (
    CorporateEvent,
    Funding,
    Hold,
    IntellectualProperty,
    Lease,
    Qualification,
    Tenant,
    Visit,
    YearFigure,
)
from tenants.trail import ACTIONS, DOORS


class _OfStates(filters.FilterSet):
    """``state`` is annotated for the day; several are alternatives."""

    def in_states(self, rows, name, value: list[str]):
        return rows.filter(state__in=value) if value else rows


class UnitFilter(_OfStates):
    """Over units annotated by ``annotate_state``."""

    q = filters.CharFilter(label=_("number, old or new"), method="by_number")
    park = filters.CharFilter("floor__building__park__code", label=_("park"))
    building = KeyFilter("floor__building_id", label=_("building"))
    floor = KeyFilter("floor_id", label=_("floor"))
    kind = filters.ChoiceFilter(label=_("kind"), choices=UnitKind)
    state = filters.MultipleChoiceFilter(label=_("state"), choices=UnitState, method="in_states")
    gross_area_m2__gte = filters.NumberFilter("gross_area_m2", "gte", label=_("area from (m²)"))
    gross_area_m2__lte = filters.NumberFilter("gross_area_m2", "lte", label=_("area to (m²)"))
    floor_load_kn_m2__gte = filters.NumberFilter(
        "floor_load_kn_m2", "gte", label=_("load from (kN/m²)")
    )
    clear_height_m__gte = filters.NumberFilter("clear_height_m", "gte", label=_("height from (m)"))
    power_kva__gte = filters.NumberFilter("power_kva", "gte", label=_("power from (kVA)"))

    class Meta:
        model = Unit
        fields = []

    def by_number(self, units, name, value):
        return units.matching(value)


class TenantFilter(filters.FilterSet):
    """Over tenants with ``area`` of the day (``with_area``)."""

    q = filters.CharFilter(label=_("name, former name, code or initials"), method="by_text")
    uscc = filters.CharFilter("uscc", label=_("unified social credit code"))
    kind = filters.ChoiceFilter(label=_("kind"), choices=Tenant.Kind)
    chain = filters.ChoiceFilter(label=_("chain"), choices=Tenant.Chain)
    field = filters.CharFilter("field", "icontains", label=_("field"))
    park = filters.CharFilter(label=_("park"), method="in_park")
    leased = filters.BooleanFilter("area", "isnull", exclude=True, label=_("lets on the day"))
    holds = filters.ChoiceFilter(
        label=_("qualification held on the day"), choices=Qualification.Kind, method="by_held"
    )
    area__gte = filters.NumberFilter("area", "gte", label=_("area from (m²)"))
    area__lte = filters.NumberFilter("area", "lte", label=_("area to (m²)"))

    class Meta:
        model = Tenant
        fields = []

    def by_text(self, tenants, name, value):
        return tenants.matching(value)

    def in_park(self, tenants, name, value):
        return tenants.in_park(value)

    def by_held(self, tenants, name, value):
        return tenants.holding(value, day_of(self.request))


class VisitFilter(filters.FilterSet):
    """Over visits with ``open_problems`` (``with_problems``)."""

    q = filters.CharFilter(label=_("tenant, subject or visitor"), method="by_text")
    park = filters.CharFilter(label=_("park"), method="in_park")
    tenant = KeyFilter("tenant_id", label=_("tenant"))
    on__gte = filters.DateFilter("on", "gte", label=_("from day"))
    on__lte = filters.DateFilter("on", "lte", label=_("to day"))
    open = filters.BooleanFilter(label=_("open problems"), method="by_open")

    class Meta:
        model = Visit
        fields = []

    def by_text(self, visits, name, value):
        return visits.filter(
            Q(tenant__in=Tenant.objects.matching(value).values("pk"))
            | Q(subject__icontains=value)
            | Q(visitor__icontains=value)
        )

    def in_park(self, visits, name, value):
        return visits.filter(tenant__in=Tenant.objects.in_park(value).values("pk"))

    def by_open(self, visits, name, value):
        return visits.filter(open_problems__gt=0) if value else visits.filter(open_problems=0)


class QualificationFilter(filters.FilterSet):
    tenant = KeyFilter("tenant_id", label=_("tenant"))
    held = filters.BooleanFilter(label=_("held on the day"), method="by_day")

    class Meta:
        model = Qualification
        fields = {"kind": ["exact"], "end": ["gte", "lte"]}

    def by_day(self, rows, name, value):
        held = active_q(day_of(self.request))
        return rows.filter(held if value else ~held)


class _OfTenants(filters.FilterSet):
    """Rows of tenants; ``words``: their columns of text that ``q`` searches beside the tenant."""

    words = ()

    q = filters.CharFilter(label=_("tenant, number or words"), method="by_text")
    park = filters.CharFilter(label=_("park"), method="in_park")
    tenant = KeyFilter("tenant_id", label=_("tenant"))

    def by_text(self, rows, name, value):
        found = Q(tenant__in=Tenant.objects.matching(value).values("pk"))
        for word in self.words:
            found |= Q(**{f"{word}__icontains": value})
        return rows.filter(found)

    def in_park(self, rows, name, value):
        return rows.filter(tenant__in=Tenant.objects.in_park(value).values("pk"))


class FundingFilter(_OfTenants):
    words = ("number", "investor")

    kind = filters.ChoiceFilter(label=_("kind"), choices=Funding.Kind)
    source = filters.ChoiceFilter(label=_("source of the money"), choices=Funding.Source)
    on__gte = filters.DateFilter("on", "gte", label=_("from day"))
    on__lte = filters.DateFilter("on", "lte", label=_("to day"))
    amount__gte = filters.NumberFilter("amount", "gte", label=_("amount from (yuan)"))
    amount__lte = filters.NumberFilter("amount", "lte", label=_("amount to (yuan)"))

    class Meta:
        model = Funding
        fields = []


class IntellectualPropertyFilter(_OfTenants):
    words = ("number", "title")

    kind = filters.ChoiceFilter(label=_("kind"), choices=IntellectualProperty.Kind)
    valid = filters.BooleanFilter(label=_("valid on the day"), method="by_day")
    applied_on__gte = filters.DateFilter("applied_on", "gte", label=_("applied for from"))
    applied_on__lte = filters.DateFilter("applied_on", "lte", label=_("applied for to"))
    granted_on__gte = filters.DateFilter("granted_on", "gte", label=_("granted from"))
    granted_on__lte = filters.DateFilter("granted_on", "lte", label=_("granted to"))

    class Meta:
        model = IntellectualProperty
        fields = []

    def by_day(self, rows, name, value):
        valid = IntellectualProperty.objects.valid_on(day_of(self.request)).values("pk")
        return rows.filter(pk__in=valid) if value else rows.exclude(pk__in=valid)


class CorporateEventFilter(_OfTenants):
    words = ("number", "partner")

    kind = filters.ChoiceFilter(label=_("kind"), choices=CorporateEvent.Kind)
    on__gte = filters.DateFilter("on", "gte", label=_("from day"))
    on__lte = filters.DateFilter("on", "lte", label=_("to day"))

    class Meta:
        model = CorporateEvent
        fields = []


class FigureFilter(filters.FilterSet):
    tenant = KeyFilter("tenant_id", label=_("tenant"))
    confirmed = filters.BooleanFilter("confirmed_on", "isnull", exclude=True)

    class Meta:
        model = YearFigure
        fields = {"year": ["exact", "gte", "lte"]}


class LeaseFilter(_OfStates):
    """Over leases with ``with_state``."""

    q = filters.CharFilter(label=_("number or tenant"), method="by_number")
    park = filters.CharFilter("park__code", label=_("park"))
    tenant = KeyFilter("tenant_id", label=_("tenant"))
    unit = KeyFilter(label=_("unit"), method="by_unit")
    kind = filters.ChoiceFilter(label=_("kind"), choices=Lease.Kind)
    state = filters.MultipleChoiceFilter(label=_("state"), choices=Lease.State, method="in_states")
    ends_on__gte = filters.DateFilter("ends_on", "gte", label=_("ends from"))
    ends_on__lte = filters.DateFilter("ends_on", "lte", label=_("ends to"))
    start__gte = filters.DateFilter("start", "gte", label=_("starts from"))
    start__lte = filters.DateFilter("start", "lte", label=_("starts to"))

    class Meta:
        model = Lease
        fields = []

    def by_number(self, leases, name, value):
        return leases.filter(Q(number__icontains=value) | Q(tenant__name__icontains=value))

    def by_unit(self, leases, name, value):
        return leases.filter(pk__in=leases.model.lines.rel.related_model.objects.filter(
            unit=value).values("lease"))  # fmt: skip


class HoldFilter(filters.FilterSet):
    park = filters.CharFilter("unit__floor__building__park__code", label=_("park"))
    unit = KeyFilter("unit_id", label=_("unit"))
    tenant = KeyFilter("tenant_id", label=_("tenant"))
    end__lte = filters.DateFilter("end", "lte", label=_("ends to"))
    binding = filters.BooleanFilter(label=_("standing"))

    class Meta:
        model = Hold
        fields = []


class AuditFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("object or person"), method="by_text")
    action = filters.ChoiceFilter(label=_("act"), choices=ACTIONS.items)
    door = filters.ChoiceFilter(label=_("door"), choices=DOORS.items)
    at__gte = filters.DateFilter("at", "date__gte", label=_("from day"))
    at__lte = filters.DateFilter("at", "date__lte", label=_("to day"))

    class Meta:
        model = AuditEntry
        fields = []

    def by_text(self, entries, name, value):
        return entries.filter(Q(object_name__icontains=value) | Q(actor_name__icontains=value))
