"""One line for any row that waits: what it is, where it leads, who and when."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from parks.models import Building, Unit, UnitChange
from tenants.models import Hold, Lease, LeaseLine, MoveOut, MovePlan, Tenant

#: What a row of each model needs to be told in one query.
RELATED = {
    Lease: ("park", "tenant"),
    Hold: ("unit__floor__building__park", "tenant"),
    Unit: ("floor__building__park",),
    MoveOut: ("lease__park", "lease__tenant"),
    UnitChange: ("park",),
    MovePlan: ("park",),
    LeaseLine: ("lease__park", "lease__tenant", "unit"),
    Building: ("park",),
    Tenant: ("home_park",),
}


@dataclass(frozen=True)
class Item:
    title: str
    url: str
    park: str
    who: str = ""
    due: date | None = None


def with_related(rows):
    names = RELATED[rows.model]
    parks = [n for n in names if n.endswith("park")]
    rows = rows.select_related(*names).defer(*(f"{name}__boundary" for name in parks))
    return rows.defer("outline", "floor__outline", "floor__building__footprint",
                      "floor__building__park__boundary") if rows.model is Unit else rows  # fmt: skip


def item(task, row) -> Item:
    due = getattr(row, task.due) if task.due else None
    match row:
        case Lease():
            url = reverse("tenants:lease-detail", args=[row.pk])
            return Item(row.number, url, row.park.name, row.tenant.name, due)
        case Hold():
            url = reverse("tenants:unit-detail", args=[row.unit_id])
            who = row.tenant.name if row.tenant else row.applicant
            return Item(row.unit.number, url, row.unit.floor.building.park.name, who, due)
        case Unit():
            url = reverse("tenants:unit-detail", args=[row.pk])
            building = row.floor.building
            title = f"{building.name} {row.number}"
            return Item(title, url, building.park.name, row.floor.name, due)
        case MoveOut() | LeaseLine():
            lease = row.lease
            url = reverse("tenants:lease-detail", args=[lease.pk])
            title = (
                f"{lease.number} · {row.unit.number}"
                if isinstance(row, LeaseLine)
                else lease.number
            )
            return Item(title, url, lease.park.name, lease.tenant.name, due)
        case UnitChange():
            url = f"{reverse('tenants:change-list')}?planned=1"
            return Item(str(row.get_kind_display()), url, row.park.name, row.reason, due)
        case MovePlan():
            return Item(str(row.effective_on), "/moves/", row.park.name, row.reason, due)
        case Building():
            url = reverse("tenants:building-detail", args=[row.pk])
            return Item(row.name, url, row.park.name)
        case Tenant():
            url = reverse("tenants:tenant-detail", args=[row.pk])
            return Item(row.name, url, row.home_park.name if row.home_park else "")
