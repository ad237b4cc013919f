from datetime import date
from decimal import Decimal

import pytest

from maps.frames import (
    buildings_frame,
    floors_frame,
    parks_frame,
    units_frame,
    vacancies_frame,
)
from maps.scope import MapScope
from parks import services as space
from parks.models import Park
from tenants.selectors import occupancy, vacancies
from tests.factories import NOBODY, make_building, make_floor, make_lease, make_park, make_unit
from tests.maps.conftest import square

ON = date(2026, 6, 30)


def scope(**fields):
    return MapScope(**{"on": ON, "parks": Park.objects.all()} | fields)


def test_parks_frame_gives_the_ratio_with_its_parts(plan):
    make_park(code="ZZ", name="空园区")

    frame = parks_frame(scope()).set_index("code")

    assert frame.crs == "EPSG:4326"
    assert frame.loc["JR", "value"] == pytest.approx(1 / 3)
    assert (frame.loc["JR", "numerator"], frame.loc["JR", "denominator"]) == (100, 300)
    assert frame.loc["JR", "units"] == 4
    assert frame.loc["JR", "geometry"].equals(plan.park.boundary)
    assert frame.loc["ZZ", "geometry"] is None
    assert frame.loc["ZZ", "value"] != frame.loc["ZZ", "value"]  # nothing lettable: no number


def test_parks_frame_agrees_with_the_selector(plan):
    row = parks_frame(scope()).iloc[0]
    ratio = occupancy(plan.let._meta.model.objects.all(), ON)
    assert (row["numerator"], row["denominator"]) == (ratio.numerator, ratio.denominator)


def test_parks_frame_shows_only_the_parks_of_its_scope(plan, ld):
    frame = parks_frame(scope(parks=Park.objects.filter(pk=ld.pk)))
    assert list(frame["code"]) == ["LD"]


def test_comparison_gives_the_change_in_shares(plan):
    row = parks_frame(scope(compare=date(2025, 6, 30))).iloc[0]
    # A year before 103 was still lettable and 101 not yet let.
    assert (row["before_numerator"], row["before_denominator"]) == (0, 350)
    assert row["change"] == pytest.approx(1 / 3)


def test_buildings_frame_keeps_buildings_without_units(plan):
    frame = buildings_frame(scope(park=plan.park)).set_index("code")
    assert list(frame.index) == ["A1", "A2"]
    assert frame.loc["A2", "units"] == 0
    assert frame.loc["A2", "denominator"] == Decimal(0)


def test_units_frame_states_of_the_day(plan):
    found = units_frame(scope(floor=plan.floor, names=True)).set_index("label")
    assert dict(found["state"]) == {
        "101": "let", "102": "vacant", "103": "out_of_use", "走廊": "own_use",
    }  # fmt: skip
    assert found.loc["101", "tenant"] == plan.tenant.name
    assert found.loc["101", "lease_end"] == date(2027, 7, 1)
    before = units_frame(scope(floor=plan.floor, on=date(2025, 6, 30))).set_index("label")
    assert before.loc["101", "state"] == "vacant"
    assert before.loc["103", "state"] == "vacant"


def test_units_frame_names_nobody_unless_told(plan):
    found = units_frame(scope(floor=plan.floor))
    assert found[["tenant", "tenant_id", "lease", "lease_id", "lease_end"]].isna().all(axis=None)


def test_units_frame_bears_the_number_of_the_day(plan):
    space.renumber_unit(unit=plan.vacant, number="102-新", on=date(2026, 6, 1), by=NOBODY)
    numbers = {
        on: set(units_frame(scope(floor=plan.floor, on=on))["label"])
        for on in (date(2026, 5, 31), date(2026, 6, 1))
    }
    assert "102" in numbers[date(2026, 5, 31)]
    assert "102-新" in numbers[date(2026, 6, 1)]


def test_floors_frame_has_top_floor_first(plan):
    frame = floors_frame(scope(building=plan.one, floor=plan.floor))
    assert list(frame["ordinal"]) == [2, 1]
    assert frame.set_index("ordinal").loc[1, "value"] == pytest.approx(1 / 3)


def test_vacancies_frame_counts_what_is_free(plan):
    make_unit(floor=plan.floor, number="104", area=10, listed=False)
    by_park = vacancies_frame(vacancies(ON))
    assert [tuple(row) for row in by_park[["code", "free", "area"]].to_numpy()] == [("JR", 1, 200)]
    by_building = vacancies_frame(vacancies(ON), park=plan.park).set_index("code")
    assert dict(by_building["free"]) == {"A1": 1, "A2": 0}


@pytest.mark.parametrize("count", [1, 3])
def test_parks_frame_takes_two_queries(db, count, django_assert_num_queries):
    for _i in range(count):
        make_unit(park=make_park())
    with django_assert_num_queries(2):
        assert len(parks_frame(scope())) == count


@pytest.mark.parametrize("count", [1, 3])
def test_comparison_takes_one_query_more(db, count, django_assert_num_queries):
    for _i in range(count):
        make_unit(park=make_park())
    with django_assert_num_queries(3):
        parks_frame(scope(compare=date(2025, 1, 1)))


@pytest.mark.parametrize("count", [1, 3])
def test_buildings_frame_takes_two_queries(jr, count, django_assert_num_queries):
    for i in range(count):
        make_unit(floor=make_floor(building=make_building(park=jr, footprint=square(i))))
    with django_assert_num_queries(2):
        assert len(buildings_frame(scope(park=jr))) == count


@pytest.mark.parametrize("count", [1, 3])
def test_units_frame_takes_one_query(jr, count, django_assert_num_queries):
    floor = make_floor(park=jr)
    for i in range(count):
        make_lease(
            units=[make_unit(floor=floor, outline=square(i))],
            start=date(2026, 1, 1), end=date(2027, 1, 1),
        )  # fmt: skip
    with django_assert_num_queries(1):
        assert len(units_frame(scope(floor=floor, names=True))) == count


@pytest.mark.parametrize("count", [0, 1, 3])
def test_vacancies_frame_takes_two_queries(db, count, django_assert_num_queries):
    for _i in range(count):
        make_unit(park=make_park())
    with django_assert_num_queries(2):
        assert len(vacancies_frame(vacancies(ON))) == count
