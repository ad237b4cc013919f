"""Acts that would drop a carrier under a line say so before they are done."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incubation.guard import watch_carriers
from incubation.models import Carrier, Residency
from incubation.services import leave_carrier, load_rule_sets
from parks.consequences import compare, foresee
from parks.models import AuditEntry, Unit, UnitChange
from tenants.models import Lease
from tenants.services import terminate_lease
from tests.factories import NOBODY, make_unit
from tests.incubation.metrics.world import bodies, firm, let, space_of, stay

ON = date(2026, 6, 30)


@pytest.fixture
def rules(db):
    return load_rule_sets(
        bodies(), by=None, at=datetime(2026, 1, 1, tzinfo=UTC), reason="随系统提供"
    )


@pytest.fixture
def carrier(jr, rules):
    """75.00 % exactly: 750 of 1,000 m² are let to incubated firms."""
    one = Carrier.objects.create(
        park=jr, name="金荣孵化器", stage="incubator", kind="general", opened_on=date(2019, 1, 1)
    )
    space_of(one, 250)
    for area in (650, 100):
        tenant = firm()
        stay(one, tenant)
        let(space_of(one, area).unit, tenant)
    return one


@pytest.fixture
def small(carrier):
    """The lease of the 100 m²."""
    return Lease.objects.get(lines__area_m2=100)


def ending(lease, day=ON):
    return lambda: terminate_lease(lease=lease, on=day, by=NOBODY, reason="试")


def units_of(lease):
    return Unit.objects.filter(lease_lines__lease=lease)


def test_ending_a_lease_tells_the_line_the_day_and_the_gap(small):
    (told,) = foresee(ending(small), units=units_of(small), on=ON)
    assert told.startswith("金荣孵化器 在 2026-06-30 将不再满足“")
    assert "65%" in told
    assert "75%" in told
    assert "100 ㎡" in told
    assert "300号" in told


def test_foreseeing_leaves_nothing_behind(small):
    entries = AuditEntry.objects.count()
    foresee(ending(small), units=units_of(small), on=ON)
    small.refresh_from_db()
    assert small.terminated_on is None
    assert AuditEntry.objects.count() == entries


def test_nothing_is_told_where_no_line_is_crossed(carrier, small):
    space_of(carrier, 1000, "public_service")
    assert foresee(ending(small), units=units_of(small), on=ON) == []


def test_nothing_is_told_twice_of_a_line_missed_anyway(carrier, small):
    space_of(carrier, 10)
    assert foresee(ending(small), units=units_of(small), on=ON) == []


def test_an_act_that_is_refused_costs_nothing(small):
    past = ending(small, date(2020, 1, 1))
    assert foresee(past, units=units_of(small), on=ON) == []


def test_units_outside_carriers_concern_nobody(jr, rules):
    unit = make_unit(park=jr)
    with CaptureQueriesContext(connection) as queries:
        assert foresee(lambda: None, units=Unit.objects.filter(pk=unit.pk), on=ON) == []
    assert len(queries) == 1


def test_a_firm_that_leaves_takes_its_area_out_of_the_share(carrier, small):
    residency = Residency.objects.get(tenant=small.tenant)

    def leaving():
        leave_carrier(
            residency=residency, left_on=ON, outcome="withdrew", destination="outside", by=NOBODY
        )

    (told,) = compare(leaving, [watch_carriers([carrier.pk], ON)])
    assert "65%" in told


@pytest.mark.parametrize("count", [1, 3])
def test_looking_takes_the_same_queries_for_any_number_of_carriers(jr, rules, count):
    for number in range(count):
        Carrier.objects.create(
            park=jr, name=f"载体{number}", stage="incubator", opened_on=date(2019, 1, 1)
        )
    watch = watch_carriers(list(Carrier.objects.values_list("pk", flat=True)), ON)
    with CaptureQueriesContext(connection) as queries:
        watch.look()
    assert len(queries) <= 16


def test_the_page_asks_again_before_it_ends_the_lease(client, operator, small):
    client.force_login(operator)
    address = f"/leases/{small.pk}/terminate/"
    form = {"day": "2026-12-01", "reason": "企业搬迁"}
    asked = client.post(address, form)
    assert asked.status_code == 200
    assert "将不再满足" in asked.content.decode()
    assert Lease.objects.get(pk=small.pk).terminated_on is None
    other = client.post(address, form | {"day": "2026-12-02", "seen": asked.context["seen"]})
    assert other.status_code == 200, "another day, another sentence: it is shown first"
    done = client.post(address, form | {"seen": asked.context["seen"]})
    assert done.status_code == 302
    assert Lease.objects.get(pk=small.pk).terminated_on == date(2026, 12, 1)


def test_splitting_a_unit_of_a_carrier_costs_nothing_while_its_space_follows(
    client, operator, carrier
):
    client.force_login(operator)
    unit = carrier.spaces.get(unit__gross_area_m2=250).unit
    done = client.post(
        f"/units/{unit.pk}/split/",
        {"effective_on": "2026-12-01", "parts": "A 100\nB 150", "reason": "拆", "cuts": ""},
    )
    assert done.status_code == 302, done.content.decode()
    assert UnitChange.objects.count() == 1
