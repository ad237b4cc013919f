from datetime import date
from decimal import Decimal

import pytest

from parks.errors import RuleViolation
from parks.models import AuditEntry
from tenants import services as letting
from tenants.models import Lease, MoveOut
from tests.factories import NOBODY, make_floor, make_lease, make_unit

TODAY = date(2026, 6, 30)


def refused(code, act, **kwargs):
    with pytest.raises(RuleViolation) as refusal:
        act(**kwargs)
    assert refusal.value.code == code


@pytest.fixture
def lease(jr):
    unit = make_unit(floor=make_floor(park=jr), number="501")
    return make_lease(
        units=[unit], start=date(2024, 1, 1), end=date(2026, 6, 1), deposit=Decimal(9000)
    )


def ask(lease, on=date(2026, 5, 1), **fields):
    return letting.ask_surrender(lease=lease, on=on, today=TODAY, by=NOBODY, **fields)


def step(move_out, name, day, **values):
    return letting.take_step(move_out=move_out, step=name, on=day, today=TODAY, by=NOBODY, **values)


def test_the_whole_way_out(lease):
    out = ask(lease, leaves_on=date(2026, 6, 1), reason="搬到自有厂房")
    step(out, "inspect", date(2026, 6, 1), inspection="墙面有孔")
    step(out, "settle", date(2026, 6, 2))
    assert list(Lease.objects.deposit_open(TODAY)) == [lease]
    step(out, "return_deposit", date(2026, 6, 3), deposit_kept=500, deposit_kept_for="修墙")
    assert list(Lease.objects.deposit_open(TODAY)) == []
    assert list(Lease.objects.deposit_open(date(2026, 6, 2))) == [lease]
    step(out, "vacate", date(2026, 6, 4))
    assert MoveOut.objects.open().count() == 1
    step(out, "move_address", date(2026, 6, 20))
    assert MoveOut.objects.open().count() == 0
    acts = AuditEntry.objects.filter(object_type="tenants.moveout").order_by("sequence")
    assert [entry.action for entry in acts] == [
        "ask_surrender", "inspect", "settle", "return_deposit", "vacate", "move_address",
    ]  # fmt: skip


def test_each_step_waits_for_those_it_needs(lease):
    out = ask(lease)
    for name in ("return_deposit", "vacate"):
        refused("step_out_of_order", step, move_out=out, name=name, day=TODAY)
    refused("dates_out_of_order", step, move_out=out, name="inspect", day=date(2026, 4, 30))
    refused("dates_out_of_order", step, move_out=out, name="inspect", day=date(2026, 7, 1))
    step(out, "inspect", TODAY)
    refused("step_out_of_order", step, move_out=out, name="inspect", day=TODAY)


def test_no_more_is_kept_than_the_deposit_and_never_without_a_word(lease):
    out = ask(lease)
    step(out, "inspect", TODAY)
    step(out, "settle", TODAY)
    back = {"move_out": out, "name": "return_deposit", "day": TODAY}
    refused("deposit_kept", step, **back, deposit_kept=9001, deposit_kept_for="罚")
    refused("deposit_kept", step, **back, deposit_kept=1)


def test_a_running_lease_is_not_vacant(jr):
    unit = make_unit(floor=make_floor(park=jr))
    running = make_lease(units=[unit], start=date(2026, 1, 1), end=date(2027, 1, 1))
    out = ask(running)
    step(out, "inspect", TODAY)
    refused("lease_state", step, move_out=out, name="vacate", day=TODAY)


def test_surrender_is_asked_once_of_a_signed_lease(lease):
    ask(lease)
    refused("lease_state", ask, lease=lease)


def test_a_renewal_hands_the_deposit_on(lease):
    new = letting.renew_lease(lease=lease, end=date(2028, 6, 1), by=NOBODY)
    assert list(Lease.objects.deposit_open(TODAY)) == [lease]
    letting.sign_lease(lease=new, signed_on=date(2026, 5, 20), signed_by=NOBODY)
    assert list(Lease.objects.deposit_open(TODAY)) == []


def test_many_are_recorded_at_once_under_the_same_rules(jr, django_assert_max_num_queries):
    floor = make_floor(park=jr)
    leases = [
        make_lease(units=[make_unit(floor=floor)], start=date(2024, 1, 1), end=date(2026, 6, 1),
                   deposit=Decimal(100))
        for _n in range(4)
    ]  # fmt: skip
    steps = (("inspect", date(2026, 6, 1), {"inspection": "完好"}), ("settle", TODAY, {}),
             ("return_deposit", TODAY, {}))  # fmt: skip
    told = [letting.Leaving(lease=one, asked_on=date(2026, 5, 1), steps=steps) for one in leases]
    wrong = letting.Leaving(lease=leases[3], asked_on=date(2026, 5, 1), steps=steps[2:])
    refused("step_out_of_order", letting.record_move_outs, leavings=[*told[:3], wrong],
            today=TODAY, by=NOBODY)  # fmt: skip
    assert not MoveOut.objects.exists()
    with django_assert_max_num_queries(12):
        letting.record_move_outs(told, today=TODAY, by=NOBODY)
    assert not Lease.objects.deposit_open(TODAY).exists()
    assert AuditEntry.objects.filter(action="record_move_out").count() == 4
    refused("lease_state", letting.record_move_outs, leavings=told[:1], today=TODAY, by=NOBODY)
