"""A park drawn on paper: two buildings, a floor of four rooms, one of each interesting state."""

from datetime import date
from types import SimpleNamespace

import pytest
from shapely.geometry import box

from incubation.models import CarrierSpace, Residency
from parks import services as space
from tests.factories import (
    NOBODY,
    make_building,
    make_floor,
    make_lease,
    make_park,
    make_tenant,
    make_unit,
)
from tests.factories.incubation import make_carrier

LON, LAT, STEP = 112.80, 28.30, 0.0001
EVIL = '<img src=x onerror="window.hit=1">\'"</script>'


#: The first due day of who over-stays.
PAST = date(2025, 3, 31)


def reside(carrier, tenant, due, *, entered_on=date(2024, 1, 10), **fields):
    return Residency.objects.create(
        carrier=carrier, tenant=tenant, due_on=due, entered_on=entered_on,
        agreement_number=f"FH-{Residency.objects.count() + 1}", **fields,
    )  # fmt: skip


def square(i, size=1):
    return box(LON + i * STEP, LAT, LON + (i + size) * STEP, LAT + STEP)


@pytest.fixture
def plan(jr):
    """Let 101 (100 m²), vacant 102 (200 m²), out of use 103 (50 m²), corridor (30 m²)."""
    jr.boundary, jr.geometry_source = square(-1, 9), "indicative"
    jr.save()
    one = make_building(park=jr, code="A1", name="1栋", footprint=square(0, 4))
    two = make_building(park=jr, code="A2", name="2栋", footprint=square(5, 2))
    floor = make_floor(building=one, ordinal=1, name="1F", outline=square(0, 4))
    upper = make_floor(building=one, ordinal=2, name="2F")
    let = make_unit(floor=floor, number="101", area=100, outline=square(0))
    vacant = make_unit(floor=floor, number="102", area=200, outline=square(1))
    repair = make_unit(floor=floor, number="103", area=50, outline=square(2))
    corridor = make_unit(floor=floor, number="走廊", area=30, outline=square(3))
    space.close_unit(unit=repair, reason="out_of_use", start=date(2026, 1, 1), by=NOBODY)
    space.close_unit(unit=corridor, reason="public_service", start=date(2020, 1, 1), by=NOBODY)
    tenant = make_tenant(name=f"甲公司{EVIL}", home_park=jr)
    lease = make_lease(
        units=[let], tenant=tenant, start=date(2025, 7, 1), end=date(2027, 7, 1), rent=35
    )
    return SimpleNamespace(
        park=jr, one=one, two=two, floor=floor, upper=upper, let=let, vacant=vacant,
        repair=repair, corridor=corridor, tenant=tenant, lease=lease,
    )  # fmt: skip


@pytest.fixture
def chain(plan):
    """In JR's incubator: 101's tenant over-stays, a second one without space is due in 90 days;
    102 is the incubator's without a resident. A makerspace has the third, due much later.
    """
    incubator = make_carrier(park=plan.park, name="金荣孵化器", stage="incubator")
    makerspace = make_carrier(park=plan.park, name="金荣众创", stage="makerspace")
    make_carrier(park=plan.park, name="已关闭", closed_on=date(2026, 6, 30))
    for unit in (plan.let, plan.vacant):
        CarrierSpace.objects.create(carrier=incubator, unit=unit, start=date(2020, 1, 1))
    virtual, team = make_tenant(name="无房公司"), make_tenant(name="在创团队")
    make_lease(
        units=[make_unit(park=make_park(code="QQ"))], tenant=team, start=date(2025, 1, 1),
        end=date(2027, 1, 1),
    )  # fmt: skip
    return SimpleNamespace(
        incubator=incubator, makerspace=makerspace,
        late=reside(incubator, plan.tenant, PAST),
        soon=reside(incubator, virtual, date(2026, 9, 28)),
        calm=reside(makerspace, team, date(2029, 1, 1)),
    )  # fmt: skip
