"""The records behind a value, as people read them; one query for the records of one table."""

from fractions import Fraction
from functools import singledispatch

from django.utils.translation import gettext

from incubation.metrics.frames import Frame
from incubation.models import CarrierSpace, CarrierYear, Mentor, Residency, ServiceEvent
from incubation.rules import Evidence
from incubation.rules.units import printed
from parks.periods import Period
from tenants.models import (
    CorporateEvent,
    Funding,
    IntellectualProperty,
    LeaseLine,
    Qualification,
    YearFigure,
)

#: What a row of a table needs beside itself.
WITH = {
    Residency: ("tenant", "carrier"),
    CarrierSpace: ("unit",),
    LeaseLine: ("unit", "lease__tenant"),
}


def evidence_of(frame: Frame, *, within: Frame | None = None, kept=None) -> list[Evidence]:
    """One ``Evidence`` a record, in the order of the records' days, the same in every language.

    ``within``: the records of all subjects; they are read at once and kept in ``kept`` (by table
    and key), so that the evidence of many takes as many queries as that of one.
    """
    if not len(frame):
        return []
    known = (kept if kept is not None else {}).setdefault(frame.model, {})
    keys = frame.id.tolist()
    if any(key not in known for key in keys):
        rows = frame.model.objects.select_related(*WITH.get(frame.model, ()))
        known |= rows.in_bulk((frame if within is None else within).id.tolist())
    found = [(told(known[key]), key) for key in keys]
    return [one for one, _key in sorted(found, key=lambda pair: (str(pair[0].day or ""), pair[1]))]


@singledispatch
def told(row) -> Evidence:
    raise TypeError(f"No words for {type(row)}")


def _yuan(amount):
    return printed(Fraction(amount), "yuan")


def _of_tenant(row, label, value, day):
    return Evidence(label, value, day, "tenants:tenant-detail", row.tenant_id)


@told.register
def _(row: Qualification):
    value = f"{Period(row.start, row.end)} {row.number}".strip()
    return _of_tenant(row, row.get_kind_display(), value, row.start)


@told.register
def _(row: YearFigure):
    label = gettext("figures of %(year)s") % {"year": row.year}
    value = "—" if row.revenue is None else _yuan(row.revenue)
    return _of_tenant(row, label, gettext("revenue %(value)s") % {"value": value}, row.confirmed_on)


@told.register
def _(row: Funding):
    value = f"{_yuan(row.amount)} {row.investor}".strip()
    return _of_tenant(row, row.get_kind_display(), value, row.on)


@told.register
def _(row: IntellectualProperty):
    value = f"{row.get_kind_display()} {row.number}".strip()
    return _of_tenant(row, row.title, value, row.granted_on or row.applied_on)


@told.register
def _(row: CorporateEvent):
    return _of_tenant(row, row.get_kind_display(), f"{row.partner} {row.number}".strip(), row.on)


@told.register
def _(row: Residency):
    days = str(Period(row.entered_on, row.left_on))
    return Evidence(
        row.tenant.name, days, row.entered_on, "incubation:residency-detail", row.pk
    )  # fmt: skip


@told.register
def _(row: CarrierSpace):
    value = gettext("%(area)s m², %(purpose)s") % {
        "area": f"{row.unit.gross_area_m2:,.2f}", "purpose": row.get_purpose_display(),
    }  # fmt: skip
    return Evidence(row.unit.number, value, row.start, "tenants:unit-detail", row.unit_id)


@told.register
def _(row: LeaseLine):
    value = gettext("%(area)s m², %(tenant)s") % {
        "area": f"{row.area_m2:,.2f}", "tenant": row.lease.tenant,
    }  # fmt: skip
    return Evidence(row.unit.number, value, row.start, "tenants:lease-detail", row.lease_id)


@told.register
def _(row: CarrierYear):
    label = gettext("figures of %(year)s") % {"year": row.year}
    return Evidence(
        label, row.evidence or row.note, None, "incubation:carrier-detail", row.carrier_id
    )


@told.register
def _(row: Mentor):
    value = f"{row.organisation} {row.speciality}".strip() or str(Period(row.start, row.end))
    return Evidence(row.name, value, row.start, "incubation:mentor-detail", row.pk)


@told.register
def _(row: ServiceEvent):
    return Evidence(row.title, row.get_kind_display(), row.on, "incubation:event-detail", row.pk)
