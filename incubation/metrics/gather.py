"""Gathering of facts: a fixed number of queries for any number of subjects.

A gathering holds the dated records themselves; ``on(day)`` looks at them as of a day without
another query, so that a course over months costs no more queries than a day.
"""

from functools import cached_property

import numpy as np
from django.db.models import TextField, Value

from incubation.metrics.carrier_world import CarriersOn
from incubation.metrics.firm import FirmsOn
from incubation.metrics.frames import Day, Frame, Hundredths, Name, Number, Text, read
from incubation.metrics.records import TenantRecords
from incubation.models import (
    Carrier,
    CarrierSpace,
    CarrierYear,
    Mentor,
    Residency,
    ServiceEvent,
)
from parks.models import UnitClosure
from tenants.models import LeaseLine
from tenants.querysets import let_from


def keys_of(subjects):
    """A subquery of the keys of ``subjects``; a slice keeps its order, which chooses its rows."""
    if not subjects.query.is_sliced:
        subjects = subjects.order_by()
    return subjects.values("pk")


class Firms:
    """The firms of residencies."""

    def __init__(self, residencies):
        self.rows = Residency.objects.filter(pk__in=keys_of(residencies))
        self.records = TenantRecords(self.rows.values("tenant"))

    @cached_property
    def subjects(self) -> Frame:
        found = read(
            self.rows, id=Number("pk"), tenant=Number("tenant_id"), entered=Day("entered_on"),
            left=Day("left_on"), special=Text("special_field"), registered=Day("registered_on"),
        )  # fmt: skip
        found = found[np.argsort(found.id)]
        every = self.records.residencies
        begun = every.begun[np.searchsorted(every.id, found.id)]
        return found.with_(at=self.records.position(found.tenant), begun=begun)

    def on(self, day) -> FirmsOn:
        return FirmsOn(self.subjects, self.records, day)


class Carriers:
    """Carriers with their space, firms, figures and services; ``days`` are those asked about."""

    def __init__(self, carriers, days):
        self.rows = Carrier.objects.filter(pk__in=keys_of(carriers))
        self.keys = self.rows.values("pk")
        self.days = sorted(set(days))
        self.records = TenantRecords(
            Residency.objects.filter(carrier__in=self.keys).values("tenant")
        )

    def on(self, day) -> CarriersOn:
        if day not in self.days:
            raise KeyError(f"{day} was not gathered")
        return CarriersOn(self, day)

    def _of_carrier(self, model, **kinds):
        rows = model.objects.filter(carrier__in=self.keys)
        found = read(rows, id=Number("pk"), carrier=Number("carrier_id"), **kinds)
        return found.with_(at=self.position(found.carrier))

    def position(self, carriers):
        return np.searchsorted(self.carriers.id, carriers)

    @cached_property
    def carriers(self) -> Frame:
        found = read(
            self.rows, id=Number("pk"), field=Text("field"), name=Name("name"),
            own_legal_person=Number("own_legal_person"), opened=Day("opened_on"),
        )  # fmt: skip
        return found[np.argsort(found.id)]

    @cached_property
    def spaces(self) -> Frame:
        return self._of_carrier(
            CarrierSpace, unit=Number("unit_id"), purpose=Text("purpose"), start=Day("start"),
            end=Day("end"), area=Hundredths("unit__gross_area_m2"), seats=Number("unit__seats"),
            kind=Text("unit__kind"), begins=Day("unit__exists_from"), ends=Day("unit__exists_to"),
        )  # fmt: skip

    @cached_property
    def sales(self) -> Frame:
        """Days on which a unit of a carrier is sold."""
        units = CarrierSpace.objects.filter(carrier__in=self.keys).values("unit")
        sold = UnitClosure.objects.filter(unit__in=units, reason=UnitClosure.Reason.SOLD)
        return read(sold, unit=Number("unit_id"), start=Day("start"), end=Day("end"))

    @cached_property
    def lines(self) -> Frame:
        """Binding lines of the carriers' units, each with the days on which it is let."""
        units = CarrierSpace.objects.filter(carrier__in=self.keys).values("unit")
        rows = LeaseLine.objects.binding().filter(
            unit__in=units, lease__tenant__in=self.records.keys
        )
        begins = let_from("lease__")
        return read(
            rows, id=Number("pk"), unit=Number("unit_id"), tenant=Number("lease__tenant_id"),
            start=Day(begins), end=Day("end"), area=Hundredths("area_m2"),
        )  # fmt: skip

    @cached_property
    def residencies(self) -> Frame:
        found = self._of_carrier(
            Residency, tenant=Number("tenant_id"), entered=Day("entered_on"), left=Day("left_on"),
            outcome=Text("outcome"),
        )  # fmt: skip
        return found.with_(tenant_at=self.records.position(found.tenant))

    @cached_property
    def incubated(self) -> Frame:
        """Incubated firms of every day asked about (``ResidencyQuerySet.incubated_on``)."""
        mine = Residency.objects.filter(carrier__in=self.keys).order_by()
        first, *others = (
            mine.incubated_on(day).values_list(
                "pk", "carrier_id", "tenant_id", Value(str(day), TextField())
            )
            for day in self.days
        )
        found = list(first.union(*others, all=True) if others else first)
        columns = zip(*found, strict=True) if found else ([], [], [], [])
        kinds = {"id": Number, "carrier": Number, "tenant": Number, "on": Day}
        frame = Frame(
            {name: kind.array(list(values))
             for (name, kind), values in zip(kinds.items(), columns, strict=True)}, Residency,
        )  # fmt: skip
        return frame.with_(
            at=self.position(frame.carrier), tenant_at=self.records.position(frame.tenant)
        )

    @cached_property
    def years(self) -> Frame:
        money = (
            "fund", "income_rent", "income_services", "income_investment", "income_grants",
            "income_other",
        )  # fmt: skip
        numbers = (
            "staff", "full_time_staff", "professional_staff", "fund_cases", "typical_cases",
            "technical_platform", "service_income_separate", "statistics_complete",
        )  # fmt: skip
        return self._of_carrier(
            CarrierYear, year=Number("year"), **{name: Hundredths(name) for name in money},
            **{name: Number(name) for name in numbers},
        )  # fmt: skip

    @cached_property
    def mentors(self) -> Frame:
        return self._of_carrier(Mentor, start=Day("start"), end=Day("end"))

    @cached_property
    def events(self) -> Frame:
        return self._of_carrier(ServiceEvent, on=Day("on"))
