"""Moves: chains and swaps hold together, or nothing happens; a plan can be taken back."""

from datetime import date
from decimal import Decimal

import pytest

from parks import services as space
from parks.errors import TooLate
from tenants import services as letting
from tenants.errors import LeaseOverlap, LeaseState, MovesRefused, UnitHeld
from tenants.models import Hold, Lease, LeaseLine, MovePlan
from tenants.services.moves import Step, cancel_moves, plan_moves, preview_moves
from tests.factories import NOBODY, make_floor, make_lease, make_tenant, make_unit

pytestmark = pytest.mark.django_db
DAY, TODAY = date(2026, 9, 1), date(2026, 6, 30)
TERM = {"start": date(2025, 1, 1), "end": date(2028, 1, 1)}


@pytest.fixture
def floor(jr):
    return make_floor(park=jr, ordinal=3)


@pytest.fixture
def leases(floor):
    """甲 in 301, 乙 in 302, 丙 in 303."""
    return [
        make_lease(units=[make_unit(floor=floor, number=f"30{i}", area=100 * i)],
                   tenant=make_tenant(name=name), **TERM)
        for i, name in enumerate("甲乙丙", 1)
    ]  # fmt: skip


def unit_of(lease):
    return lease.lines.get().unit


def plan(jr, *steps, call=plan_moves, day=DAY):
    return call(park=jr, steps=steps, effective_on=day, on=TODAY, by=NOBODY, reason="调整")


def standing():
    """Who sits where from the day on."""
    lines = LeaseLine.objects.binding().filter(start__lte=DAY, end__gt=DAY)
    return {line.unit.number: line.lease.tenant.name for line in lines}


def everything():
    return (
        list(Lease.objects.order_by("pk").values("pk", "terminated_on", "voided_on")),
        list(LeaseLine.objects.order_by("pk").values("pk", "end", "binding")),
    )


def test_a_chain_is_one_act(jr, leases):
    first, second, _third = leases
    came = make_tenant(name="丁")
    plan(
        jr,
        Step(before=first),
        Step(before=second, units=(unit_of(first),)),
        Step(tenant=came, units=(unit_of(second),), rent=Decimal(40)),
    )
    assert standing() == {"301": "乙", "302": "丁", "303": "丙"}
    first.refresh_from_db()
    assert first.terminated_on == DAY
    moved = Lease.objects.get(previous=second)
    assert (moved.kind, moved.start, moved.end) == ("amendment", DAY, TERM["end"])
    assert moved.lines.get().rent == 30


def test_two_tenants_swap(jr, leases):
    first, second, _third = leases
    plan(
        jr,
        Step(before=first, units=(unit_of(second),)),
        Step(before=second, units=(unit_of(first),)),
    )
    assert standing() == {"301": "乙", "302": "甲", "303": "丙"}


def test_nothing_happens_when_one_step_fails(jr, leases):
    first, second, third = leases
    was = everything()
    with pytest.raises(LeaseOverlap, match="303"):
        plan(jr, Step(before=first), Step(before=second, units=(unit_of(third),)))
    assert everything() == was
    assert not MovePlan.objects.exists()


def test_a_preview_shows_all_and_keeps_nothing(jr, leases):
    first, second, _third = leases
    was = everything()
    rows = plan(
        jr, Step(before=first), Step(before=second, units=(unit_of(first),)), call=preview_moves
    )
    assert [(row.area_before, row.area_after) for row in rows] == [(100, None), (200, 100)]
    assert rows[1].rent_before[0] == rows[1].rent_after[0] == 30
    assert everything() == was


def test_a_unit_held_for_somebody_else_refuses(jr, floor, leases):
    free = make_unit(floor=floor, number="304")
    letting.hold_unit(
        unit=free, applicant="戊", start=date(2026, 8, 1), end=date(2026, 12, 1), by=NOBODY
    )
    with pytest.raises(UnitHeld, match="304"):
        plan(jr, Step(before=leases[0], units=(free,)))


def test_a_unit_cannot_go_to_two(jr, floor, leases):
    free = make_unit(floor=floor, number="304")
    with pytest.raises(LeaseOverlap, match="304"):
        plan(jr, *(Step(before=lease, units=(free,)) for lease in leases[:2]))


@pytest.mark.parametrize("day", [date(2028, 1, 1), date(2030, 1, 1)])
def test_a_lease_that_ends_anyway_is_not_moved(jr, leases, day):
    with pytest.raises(LeaseState, match=leases[0].number):
        plan(jr, Step(before=leases[0]), day=day)


def test_a_past_day_is_refused(jr, leases):
    with pytest.raises(TooLate):
        plan(jr, Step(before=leases[0]), day=date(2026, 6, 29))


def test_cancelling_gives_everything_back(jr, floor, leases):
    free = make_unit(floor=floor, number="304")
    hold = letting.hold_unit(
        unit=free, tenant=leases[2].tenant, start=date(2026, 8, 1), end=date(2026, 12, 1), by=NOBODY
    )
    who, was = standing(), everything()
    made = plan(
        jr,
        Step(before=leases[0], units=(unit_of(leases[1]),)),
        Step(before=leases[1], units=(unit_of(leases[0]),)),
        Step(before=leases[2], units=(free,)),
    )
    cancel_moves(plan=made, on=date(2026, 8, 31), by=NOBODY)
    assert standing() == who
    assert everything()[0][:3] == was[0]
    assert everything()[1][:3] == was[1]
    assert Hold.objects.get() == hold
    assert (Hold.objects.get().end, Hold.objects.get().binding) == (date(2026, 12, 1), True)


def test_a_plan_of_today_is_not_cancelled(jr, leases):
    made = plan(jr, Step(before=leases[0]))
    with pytest.raises(TooLate):
        cancel_moves(plan=made, on=DAY, by=NOBODY)


def test_what_was_let_again_stops_the_cancelling(jr, leases):
    made = plan(jr, Step(before=leases[0]))
    unit = unit_of(leases[0])
    make_lease(units=[unit], start=date(2026, 10, 1), end=date(2027, 1, 1))
    with pytest.raises(LeaseOverlap, match="301"):
        cancel_moves(plan=made, on=TODAY, by=NOBODY)
    assert MovePlan.objects.get().cancelled_on is None


def test_what_builds_on_a_plan_stops_the_cancelling(jr, leases):
    made = plan(jr, Step(before=leases[0], units=(unit_of(leases[0]),)))
    after = made.moves.get().after
    letting.renew_lease(lease=after, end=date(2029, 1, 1), by=NOBODY)
    with pytest.raises(LeaseState, match=after.number):
        cancel_moves(plan=made, on=TODAY, by=NOBODY)


def test_every_problem_is_named(jr, floor, leases):
    held = make_unit(floor=floor, number="304")
    letting.hold_unit(
        unit=held, applicant="戊", start=date(2026, 8, 1), end=date(2026, 12, 1), by=NOBODY
    )
    closed = make_unit(floor=floor, number="305")
    space.close_unit(unit=closed, reason="own_use", start=date(2026, 12, 1), by=NOBODY)
    gone = make_lease(units=[make_unit(floor=floor, number="306")], start=date(2024, 1, 1),
                      end=date(2025, 1, 1))  # fmt: skip
    first, second, third = leases
    was = everything()
    with pytest.raises(MovesRefused) as refused:
        plan(
            jr,
            Step(before=first, units=(held, unit_of(third))),
            Step(before=second, units=(closed,)),
            Step(before=gone),
            call=preview_moves,
        )
    told = refused.value.messages
    assert len(told) == 4
    for name in ("304", "303", "305", gone.number):
        assert any(name in text for text in told)
    assert everything() == was


def test_rent_steps_and_rent_free_days_move_along(jr, floor):
    rooms = [make_unit(floor=floor, number=n, area=a) for n, a in (("1", 100), ("2", 300))]
    steps = ((date(2026, 1, 1), Decimal(32)), (date(2027, 1, 1), Decimal(34)))
    lease = letting.draft_lease(
        tenant=make_tenant(), by=NOBODY, **TERM,
        lines=[letting.LineTerms(unit=rooms[0], rent=Decimal(30), steps=steps)],
        rent_free=[(date(2026, 8, 1), date(2026, 10, 1)), (date(2027, 12, 1), TERM["end"])],
    )  # fmt: skip
    lease = letting.sign_lease(lease=lease, signed_on=TERM["start"], signed_by=NOBODY)
    (row,) = plan(jr, Step(before=lease, units=(rooms[1],)), call=preview_moves)
    assert "2027-01-01 34.00" in row.remarks[0]
    after = plan(jr, Step(before=lease, units=(rooms[1],))).moves.get().after
    line = after.lines.get()
    assert line.rent == 32
    assert [(s.start, s.rent) for s in line.steps.all()] == [(date(2027, 1, 1), 34)]
    assert [(f.start, f.end) for f in after.rent_free.all()] == [
        (DAY, date(2026, 10, 1)), (date(2027, 12, 1), TERM["end"]),
    ]  # fmt: skip


def test_a_typed_rent_ends_the_steps_and_says_so(jr, floor):
    rooms = [make_unit(floor=floor, number=n) for n in "12"]
    line = letting.LineTerms(unit=rooms[0], rent=Decimal(30),
                             steps=((date(2027, 1, 1), Decimal(34)),))  # fmt: skip
    lease = letting.draft_lease(tenant=make_tenant(), by=NOBODY, lines=[line], **TERM)
    lease = letting.sign_lease(lease=lease, signed_on=TERM["start"], signed_by=NOBODY)
    step = Step(before=lease, units=(rooms[1],), rent=Decimal(50))
    (row,) = plan(jr, step, call=preview_moves)
    assert lease.number in row.remarks[0]
    assert not plan(jr, step).moves.get().after.lines.get().steps.exists()


def test_steps_by_the_month_are_shared_out(jr, floor):
    rooms = [
        make_unit(floor=floor, number=n, area=a) for n, a in (("1", 50), ("2", 100), ("3", 50))
    ]
    line = letting.LineTerms(unit=rooms[0], rent=Decimal(3000), rent_unit="month",
                             steps=((date(2027, 1, 1), Decimal(3300)),))  # fmt: skip
    lease = letting.draft_lease(tenant=make_tenant(), by=NOBODY, lines=[line], **TERM)
    lease = letting.sign_lease(lease=lease, signed_on=TERM["start"], signed_by=NOBODY)
    after = plan(jr, Step(before=lease, units=tuple(rooms[1:]))).moves.get().after
    rents = [(one.rent, one.steps.get().rent) for one in after.lines.order_by("unit__number")]
    assert rents == [(2000, 2200), (1000, 1100)]
