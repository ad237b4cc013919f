"""The database as a ledger: the rows of the six sheets as of a day, in a fixed order.

An export of a day holds the units that exist that day; the leases not ended by then, drafts and
those signed ahead included and void ones left out, with their lines; the units those lines name;
the tenants of those leases and those whose record the park keeps, with their former names,
qualifications and figures. Buildings and floors are told by their units. A lease before that has
ended is not in the file, so nobody refers to it.
"""

from collections import defaultdict

from django.db.models import Prefetch, Q

from parks.audit import Act, record_all
from parks.models import Building, Unit, UnitClosure, UnitFormerNumber
from parks.periods import Period
from tenants.ledger.check_space import UNIT_COLUMNS, last_of
from tenants.ledger.check_tenants import FIGURE_COLUMNS, TENANT_COLUMNS
from tenants.ledger.rows import FIGURES, LEASES, LINES, QUALIFICATIONS, TENANTS, UNITS
from tenants.ledger.texts import steps_of, write_free, write_names, write_steps
from tenants.ledger.world import same
from tenants.models import AskingRent, Lease, LeaseLine, Qualification, Tenant, YearFigure

LEASE_COLUMNS = (
    "kind", "submitted_on", "rejected_on", "signed_on", "start", "start_by", "handed_over_on",
    "deposit", "property_fee_m2_month", "note",
)  # fmt: skip


def exported(parks, *, on, by) -> dict:
    """``rows_of``, with the export written in the trail of each park: telephones leave in full."""
    parks = list(parks)
    after = {"on": str(on)}
    record_all([Act("export_ledger", park, park, after=after) for park in parks], by=by)
    return rows_of(parks, on=on)


def rows_of(parks, *, on) -> dict:
    """``{sheet: rows}`` for ``tenants.ledger.writer.write``; about a dozen queries in all."""
    parks = sorted(parks, key=lambda park: park.code)
    leases = list(
        Lease.objects.filter(park__in=parks, voided_on=None)
        .filter(Q(terminated_on=None) | Q(terminated_on__gt=on), Q(end__gt=on) | Q(signed_on=None))
        .select_related("park", "tenant", "previous")
        .defer("park__boundary")
        .prefetch_related(
            "rent_free", Prefetch("lines", LeaseLine.objects.prefetch_related("steps"))
        )
        .order_by("park__code", "number")
    )  # fmt: skip
    places = Places(parks, on, {line.unit_id for x in leases for line in x.lines.all()})
    parks_of = {lease.tenant_id: lease.park.code for lease in reversed(leases)}
    tenants = list(
        Tenant.objects.standing()
        .filter(Q(pk__in={lease.tenant_id for lease in leases}) | Q(home_park__in=parks))
        .prefetch_related("former_names")
        .select_related("home_park")
        .defer("home_park__boundary")
    )
    tenants.sort(key=lambda t: (t.name, t.uscc or "", t.pk))
    kept = {park.pk: park.code for park in parks}
    return {
        UNITS: [places.row(unit) for unit in places.units],
        TENANTS: [
            _tenant(t, kept.get(t.home_park_id) or parks_of.get(t.pk) or parks[0].code)
            for t in tenants
        ],
        LEASES: [_lease(lease, {row.pk for row in leases}) for lease in leases],
        LINES: [row for lease in leases for row in _lines(lease, places)],
        QUALIFICATIONS: _facts(
            Qualification, tenants, ("kind", "number", "start", "note"), ("start", "kind")
        ),
        FIGURES: _facts(YearFigure, tenants, ("year", *FIGURE_COLUMNS), ("year",)),
    }  # fmt: skip


class Places:
    """The units of a file and what a file calls them."""

    def __init__(self, parks, on, named):
        buildings = list(Building.objects.filter(park__in=parks).defer("footprint"))
        names, codes = defaultdict(list), {}
        for building in buildings:
            names[building.park_id, same(building.name)].append(building.pk)
            codes[building.park_id, same(building.code)] = building.pk
        self.names = {}
        for building in buildings:
            key = (building.park_id, same(building.name))
            alone = len(names[key]) == 1 and codes.get(key, building.pk) == building.pk
            self.names[building.pk] = building.name if alone else building.code
        inside = Unit.objects.filter(floor__building__park__in=parks)
        units = (
            inside.with_place()
            .defer("outline", "floor__outline", "floor__building__footprint",
                   "floor__building__park__boundary")
            .in_plan_order()
        )  # fmt: skip
        everything = list(units)
        self.former, self.closures = defaultdict(list), defaultdict(list)
        place = {"unit__floor__building__park__in": parks}
        for old in UnitFormerNumber.objects.filter(**place).order_by("start"):
            self.former[old.unit_id].append(old)
        for closure in UnitClosure.objects.filter(**place).order_by("start"):
            if closure.end is None or closure.end > on:
                self.closures[closure.unit_id].append(closure)
        self.asked = {}
        for asked in AskingRent.objects.filter(**place).exclude(end__lte=on).order_by("start"):
            self.asked.setdefault(asked.unit_id, asked)
        self.alike = defaultdict(list)
        for unit in everything:
            self.alike[unit.floor_id, same(unit.number)].append(unit)
        self.units = [
            u for u in everything
            if u.pk in named or on in Period(u.exists_from, u.exists_to)
        ]  # fmt: skip
        self.order = {unit.pk: place for place, unit in enumerate(self.units)}
        self.by_key = {unit.pk: unit for unit in self.units}

    def row(self, unit):
        former = self.former[unit.pk]
        closure = next(iter(self.closures[unit.pk]), None)
        asked = self.asked.get(unit.pk)
        floor, building = unit.floor, unit.floor.building
        return {
            "park": building.park.code, "building": self.names[building.pk],
            "building_use": building.use, "fire_class": building.fire_class,
            "floor": floor.name, "ordinal": floor.ordinal, "number": unit.number,
            "old_number": former[-1].number if former else None,
            **{name: getattr(unit, name) for name in UNIT_COLUMNS},
            "exists_from": unit.exists_from, "last_day": last_of(unit.exists_to),
            "numbered_from": unit.numbered_from,
            "closed_for": closure.reason if closure else None,
            "closed_from": closure.start if closure else None,
            "closed_last_day": last_of(closure.end) if closure else None,
            "asked_rent": asked.rent if asked else None,
            "asked_unit": asked.rent_unit if asked else None,
            "asked_from": asked.start if asked else None,
            "asked_last_day": last_of(asked.end) if asked else None,
            "note": closure.note if closure else None,
        }  # fmt: skip

    def number(self, unit, day):
        """The number that finds ``unit`` on ``day``: its own, or the one it bore then."""
        alike = self.alike[unit.floor_id, same(unit.number)]
        if len(alike) > 1:
            for old in self.former[unit.pk]:
                if old.start <= day < old.end:
                    return old.number
        return unit.number


def _tenant(tenant, park):
    names = [(old.name, old.until) for old in tenant.former_names.all()]
    return {
        "park": park, **{name: getattr(tenant, name) for name in TENANT_COLUMNS},
        "former_names": write_names(names),
    }  # fmt: skip


def _lease(lease, exported):
    return {
        "park": lease.park.code, "number": lease.number, "tenant": lease.tenant.name,
        "uscc": lease.tenant.uscc,
        "previous": lease.previous.number if lease.previous_id in exported else None,
        **{name: getattr(lease, name) for name in LEASE_COLUMNS},
        "last_day": last_of(lease.end), "terminated_on": last_of(lease.terminated_on),
        "voided_on": lease.voided_on,
        "rent_free": write_free([(free.start, free.end) for free in lease.rent_free.all()]),
    }  # fmt: skip


def _lines(lease, places):
    lines = [(places.by_key[line.unit_id], line) for line in lease.lines.all()]
    lines.sort(key=lambda pair: (pair[1].start, places.order[pair[0].pk]))
    for unit, line in lines:
        yield {
            "park": lease.park.code, "lease": lease.number,
            "building": places.names[unit.floor.building_id], "floor": unit.floor.name,
            "unit": places.number(unit, line.start), "start": line.start,
            "last_day": last_of(line.end), "area_m2": line.area_m2, "rent": line.rent,
            "rent_unit": line.rent_unit,
            "steps": write_steps(steps_of(line)),
        }  # fmt: skip


def _facts(model, tenants, columns, order):
    place = {tenant.pk: number for number, tenant in enumerate(tenants)}
    rows = [row for row in model.objects.filter(tenant__in=place) if row.tenant_id in place]
    rows.sort(key=lambda row: (place[row.tenant_id], *(getattr(row, name) for name in order)))
    return [
        {
            "tenant": tenants[place[row.tenant_id]].name, "uscc": tenants[place[row.tenant_id]].uscc,
            **({"last_day": last_of(row.end)} if hasattr(row, "end") else {}),
            **{name: getattr(row, name) for name in columns},
        }
        for row in rows
    ]  # fmt: skip
