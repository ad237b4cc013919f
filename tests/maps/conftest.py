"""A park drawn on paper: two buildings, a floor of four rooms, one of each interesting state."""

from datetime import date
from types import SimpleNamespace

import pytest
from shapely.geometry import box

from parks import services as space
from tests.factories import NOBODY, make_building, make_floor, make_lease, make_tenant, make_unit

LON, LAT, STEP = 112.80, 28.30, 0.0001
EVIL = '<img src=x onerror="window.hit=1">\'"</script>'


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
