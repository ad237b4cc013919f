"""One line for any row that waits: what it is, where it leads, who and when.

Apps above say how their models are told with ``tells``, when they are ready.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from parks.models import Building, Unit, UnitChange
from tenants.models import (
    Hold,
    Lease,
    LeaseLine,
    MoveOut,
    MovePlan,
    Tenant,
    TenantClaim,
    Visit,
    YearFigure,
)


@dataclass(frozen=True)
class Item:
    title: str
    url: str
    park: str
    who: str = ""
    due: date | None = None


@dataclass(frozen=True)
class _Teller:
    related: tuple
    tell: Callable


_tellers: dict[type, _Teller] = {}


def tells(model, *related):
    """``tell(row, due)`` gives the ``Item`` of a row; ``related``: what it needs in one query."""

    def keep(tell):
        _tellers[model] = _Teller(related, tell)
        return tell

    return keep


def with_related(rows):
    names = _tellers[rows.model].related
    parks = [n for n in names if n.endswith("park")]
    rows = rows.select_related(*names).defer(*(f"{name}__boundary" for name in parks))
    return rows.defer("outline", "floor__outline", "floor__building__footprint",
                      "floor__building__park__boundary") if rows.model is Unit else rows  # fmt: skip


def item(task, row) -> Item:
    return _tellers[type(row)].tell(row, getattr(row, task.due) if task.due else None)


@tells(Lease, "park", "tenant")
def _lease(row, due):
    url = reverse("tenants:lease-detail", args=[row.pk])
    return Item(row.number, url, row.park.name, row.tenant.name, due)


@tells(Hold, "unit__floor__building__park", "tenant")
def _hold(row, due):
    url = reverse("tenants:unit-detail", args=[row.unit_id])
    who = row.tenant.name if row.tenant else row.applicant
    return Item(row.unit.number, url, row.unit.floor.building.park.name, who, due)


@tells(Unit, "floor__building__park")
def _unit(row, due):
    url = reverse("tenants:unit-detail", args=[row.pk])
    building = row.floor.building
    return Item(f"{building.name} {row.number}", url, building.park.name, row.floor.name, due)


@tells(MoveOut, "lease__park", "lease__tenant")
def _move_out(row, due):
    return _of_lease(row.lease, row.lease.number, due)


@tells(LeaseLine, "lease__park", "lease__tenant", "unit")
def _line(row, due):
    return _of_lease(row.lease, f"{row.lease.number} · {row.unit.number}", due)


def _of_lease(lease, title, due):
    url = reverse("tenants:lease-detail", args=[lease.pk])
    return Item(title, url, lease.park.name, lease.tenant.name, due)


@tells(UnitChange, "park")
def _change(row, due):
    url = f"{reverse('tenants:change-list')}?planned=1"
    return Item(str(row.get_kind_display()), url, row.park.name, row.reason, due)


@tells(MovePlan, "park")
def _moves(row, due):
    return Item(str(row.effective_on), "/moves/", row.park.name, row.reason, due)


@tells(Building, "park")
def _building(row, due):
    return Item(row.name, reverse("tenants:building-detail", args=[row.pk]), row.park.name)


@tells(Tenant, "home_park")
def _tenant(row, due):
    url = reverse("tenants:tenant-detail", args=[row.pk])
    return Item(row.name, url, row.home_park.name if row.home_park else "")


@tells(Visit, "tenant__home_park")
def _visit(row, due):
    return _of_tenant(row, row.subject, "#visits", due)


@tells(YearFigure, "tenant__home_park")
def _figures(row, due):
    return _of_tenant(row, str(row.year), "#figures", due)


def _of_tenant(row, what, part, due):
    told = _tenant(row.tenant, None)
    return Item(told.title, told.url + part, told.park, what, due)


@tells(TenantClaim, "user", "tenant__home_park")
def _claim(row, due):
    told = _tenant(row.tenant, None)
    who = row.user.get_full_name() or row.user.username
    return Item(told.title, reverse("tenants:claim-accept", args=[row.pk]), told.park, who, due)
