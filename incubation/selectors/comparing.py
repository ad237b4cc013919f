"""The carriers one may apply to, side by side: doors, free space, rents, queues."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, Sum

from incubation.models import Carrier, CarrierSpace, WaitingEntry
from incubation.selectors.calls import Taking, taking_of
from parks.periods import active_q
from tenants.models import RentUnit
from tenants.selectors.state import vacancies


@dataclass(frozen=True, slots=True)
class Offered:
    """``free``: published vacant units of the day; rents in yuan/m²·month, None where none is
    asked; ``waiting``: applications in its queues."""

    carrier: Carrier
    taking: Taking
    free: int
    free_m2: Decimal
    rent_least: Decimal | None
    rent_most: Decimal | None
    waiting: int


def carriers_to_apply(on):
    """Every carrier that is not closed; public, as everybody may apply."""
    rows = Carrier.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))
    return rows.select_related("park").defer("park__boundary").order_by("park", "stage", "name")


def offered(carriers, on) -> list[Offered]:
    """A bounded number of queries, whatever the number of carriers."""
    carriers = list(carriers)
    doors = taking_of(carriers, on)
    spaces = CarrierSpace.objects.active_on(on).filter(
        carrier__in=[one.pk for one in carriers], purpose=CarrierSpace.Purpose.TENANTS,
        unit__in=vacancies(on).values("pk"),
    ).order_by()  # fmt: skip
    free = {
        row["carrier"]: row
        for row in spaces.values("carrier").annotate(n=Count("pk"), m2=Sum("unit__gross_area_m2"))
    }
    asked = active_q(on, start="unit__asking_rents__start", end="unit__asking_rents__end")
    rents = {
        row["carrier"]: row
        for row in spaces.filter(asked, unit__asking_rents__rent_unit=RentUnit.M2_MONTH)
        .values("carrier")
        .annotate(least=Min("unit__asking_rents__rent"), most=Max("unit__asking_rents__rent"))
    }
    waiting = dict(
        WaitingEntry.objects.waiting_on(on).filter(carrier__in=list(doors)).order_by()
        .values_list("carrier").annotate(Count("pk"))
    )  # fmt: skip
    nothing = {"n": 0, "m2": Decimal(0), "least": None, "most": None}
    return [
        Offered(
            one, doors[one.pk], free.get(one.pk, nothing)["n"], free.get(one.pk, nothing)["m2"],
            rents.get(one.pk, nothing)["least"], rents.get(one.pk, nothing)["most"],
            waiting.get(one.pk, 0),
        )
        for one in carriers
    ]  # fmt: skip
