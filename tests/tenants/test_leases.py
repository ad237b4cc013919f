from datetime import date, timedelta
from decimal import Decimal

import pytest

from parks import services as space
from parks.errors import RuleViolation
from tenants import services
from tenants.models import Hold, Lease
from tenants.services import LineTerms
from tests.factories import NOBODY, make_draft, make_lease, make_park, make_tenant, make_unit

START, END = date(2026, 1, 1), date(2027, 1, 1)


def refused(code, act, *args, **kwargs):
    with pytest.raises(RuleViolation) as refusal:
        act(*args, **kwargs)
    assert refusal.value.code == code
    return str(refusal.value)


def sign(lease, on=START, by=NOBODY):
    return services.sign_lease(lease=lease, signed_on=on, signed_by=by)


def state(lease, on):
    return Lease.objects.with_state(on).get(pk=lease.pk).state


def test_a_draft_binds_nobody(db):
    unit = make_unit()
    make_draft(units=[unit], start=START, end=END)
    sign(make_draft(units=[unit], start=START, end=END))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(date(2026, 12, 31), date(2028, 1, 1), id="last-covered-day"),
        pytest.param(date(2025, 6, 1), date(2026, 1, 2), id="first-covered-day"),
    ],
)
def test_sign_refuses_a_day_already_let(operator, jr, start, end):
    unit = make_unit(park=jr, number="501")
    standing = make_lease(units=[unit], start=START, end=END)
    message = refused(
        "lease_overlap", sign, make_draft(units=[unit], start=start, end=end), by=operator
    )
    for word in ("501", "2026-01-01 – 2026-12-31", standing.number, standing.tenant.name):
        assert word in message


def test_overlap_names_the_lease_only_to_those_who_may_see_it(operator2, jr):
    unit = make_unit(park=jr)
    standing = make_lease(units=[unit], start=START, end=END)
    message = refused(
        "lease_overlap", sign, make_draft(units=[unit], start=START, end=END), by=operator2
    )
    assert standing.number not in message
    assert standing.tenant.name not in message


def test_leases_may_follow_each_other(db):
    unit = make_unit()
    make_lease(units=[unit], start=START, end=END)
    make_lease(units=[unit], start=END, end=date(2028, 1, 1))
    make_lease(units=[unit], start=date(2025, 1, 1), end=START)


def test_sign_refuses_a_closed_unit_and_days_without_it(db):
    unit = make_unit(exists_from=date(2026, 2, 1))
    refused("unit_not_there", sign, make_draft(units=[unit], start=START, end=END))
    space.close_unit(unit=unit, reason="out_of_use", start=date(2026, 6, 1), by=NOBODY)
    refused("unit_closed", sign, make_draft(units=[unit], start=date(2026, 3, 1), end=END))


def test_a_hold_keeps_others_out_and_is_used_up_by_its_tenant(db):
    unit, tenant = make_unit(), make_tenant()
    services.hold_unit(unit=unit, start=date(2025, 12, 1), end=date(2026, 2, 1), tenant=tenant,
                       by=NOBODY)  # fmt: skip
    refused("unit_held", sign, make_draft(units=[unit], start=START, end=END))
    sign(make_draft(units=[unit], tenant=tenant, start=START, end=END))
    assert Hold.objects.get().end == START


def test_a_hold_in_words_keeps_everybody_out(db):
    unit = make_unit()
    hold = services.hold_unit(unit=unit, start=START, end=END, applicant="某企业", by=NOBODY)
    refused("unit_held", sign, make_draft(units=[unit], start=START, end=END))
    services.release_hold(hold=hold, on=START, by=NOBODY)
    sign(make_draft(units=[unit], start=START, end=END))
    refused("lease_state", services.release_hold, hold=hold, on=START, by=NOBODY)


def test_holds_do_not_overlap_each_other_or_leases(db):
    unit = make_unit()
    services.hold_unit(unit=unit, start=START, end=END, applicant="甲", by=NOBODY)
    refused("hold_overlap", services.hold_unit, unit=unit, start=date(2026, 12, 31),
            end=date(2027, 2, 1), applicant="乙", by=NOBODY)  # fmt: skip
    let = make_unit()
    make_lease(units=[let], start=START, end=END)
    refused("lease_overlap", services.hold_unit, unit=let, start=START, end=END, applicant="乙",
            by=NOBODY)  # fmt: skip


def test_states_follow_the_dates(db):
    unit = make_unit()
    lease = make_draft(units=[unit], start=START, end=END)
    assert state(lease, START) == "draft"
    services.submit_lease(lease=lease, on=START, by=NOBODY)
    assert state(lease, START) == "in_approval"
    services.reject_lease(lease=lease, on=START, by=NOBODY, reason="租金")
    assert state(lease, START) == "rejected"
    refused("lease_state", sign, lease)
    services.redraft_lease(lease=lease, lines=[LineTerms(unit=unit, rent=Decimal(40))], by=NOBODY)
    lease = sign(lease, on=date(2025, 12, 1))
    days = {
        date(2025, 12, 31): "signed", START: "active", date(2026, 12, 31): "active",
        END: "expired",
    }  # fmt: skip
    assert {day: state(lease, day) for day in days} == days
    services.terminate_lease(lease=lease, on=date(2026, 7, 1), by=NOBODY)
    assert [state(lease, d) for d in (date(2026, 6, 30), date(2026, 7, 1))] == [
        "active",
        "terminated",
    ]
    services.void_lease(lease=lease, on=date(2026, 8, 1), by=NOBODY, reason="错误")
    assert state(lease, START) == "void"


def test_an_early_end_frees_the_units_from_that_day(db):
    unit = make_unit()
    lease = make_lease(units=[unit], start=START, end=END)
    services.terminate_lease(lease=lease, on=date(2026, 7, 1), by=NOBODY)
    make_lease(units=[unit], start=date(2026, 7, 1), end=END)
    refused(
        "dates_out_of_order", services.terminate_lease, lease=lease, on=date(2026, 7, 1), by=NOBODY
    )


def test_a_void_lease_frees_all_its_days(db):
    unit = make_unit()
    lease = make_lease(units=[unit], start=START, end=END)
    services.void_lease(lease=lease, on=START, by=NOBODY, reason="错误")
    make_lease(units=[unit], start=START, end=END)
    refused("lease_state", services.void_lease, lease=lease, on=START, by=NOBODY, reason="再次")


def test_renewal_takes_over_units_and_rents(db):
    lease = make_lease(units=[make_unit(), make_unit(park=None)][:1], start=START, end=END, rent=33)
    new = services.renew_lease(lease=lease, end=date(2028, 1, 1), by=NOBODY)
    line = new.lines.get()
    assert (new.kind, new.previous, new.start, line.rent) == ("renewal", lease, END, Decimal(33))
    sign(new)


def test_amendment_ends_the_lease_it_amends(db):
    unit = make_unit()
    lease = make_lease(units=[unit], start=START, end=END)
    new = services.amend_lease(lease=lease, effective_on=date(2026, 5, 1), by=NOBODY)
    sign(new)
    lease.refresh_from_db()
    assert lease.terminated_on == date(2026, 5, 1)
    assert lease.lines.get().end == date(2026, 5, 1)


def test_open_start_blocks_from_the_earliest_day(db):
    unit = make_unit()
    lease = make_lease(units=[unit], start=START, end=END, start_by=date(2026, 3, 1))
    other = make_draft(units=[unit], start=date(2025, 12, 1), end=date(2026, 1, 2))
    refused("lease_overlap", sign, other)
    refused(
        "dates_out_of_order", services.hand_over_lease, lease=lease, on=date(2026, 3, 2), by=NOBODY
    )
    services.hand_over_lease(lease=lease, on=date(2026, 2, 1), by=NOBODY)
    assert [state(lease, date(2026, m, 1)) for m in (1, 2)] == ["signed", "active"]
    refused("lease_state", services.hand_over_lease, lease=lease, on=date(2026, 2, 1), by=NOBODY)


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (START, START, "dates_out_of_order"),
        (START, date(2046, 1, 2), "term_too_long"),
    ],
)
def test_draft_refuses_an_impossible_term(db, start, end, code):
    refused(code, make_draft, units=[make_unit()], start=start, end=end)


def test_twenty_years_are_allowed(db):
    make_lease(units=[make_unit()], start=START, end=date(2046, 1, 1))


def test_a_lease_stays_in_one_park_and_has_units(db):
    refused("wrong_park", make_draft, units=[make_unit(), make_unit()], start=START, end=END)
    refused("lease_empty", make_draft, units=[], start=START, end=END)


def test_numbers_count_up_and_are_unique_in_the_park(db):
    park = make_park(code="XX")
    unit = make_unit(park=park)
    numbers = [make_draft(units=[unit], start=START, end=END).number for _ in range(2)]
    assert numbers == ["XX-2026-0001", "XX-2026-0002"]
    refused("lease_number_taken", make_draft, units=[unit], start=START, end=END, number=numbers[0])


def test_steps_and_rent_free_days_lie_within_the_lease(db):
    unit = make_unit()
    day = timedelta(days=1)
    terms = LineTerms(unit=unit, steps=((END, Decimal(50)),))
    common = {"tenant": make_tenant(), "start": START, "end": END, "by": NOBODY}
    refused("dates_out_of_order", services.draft_lease, lines=[terms], **common)
    lines = [LineTerms(unit=unit)]
    refused("dates_out_of_order", services.draft_lease, lines=lines,
            rent_free=[(START - day, START + day)], **common)  # fmt: skip
    refused("dates_out_of_order", services.draft_lease, lines=lines,
            rent_free=[(START, START + 3 * day), (START + day, START + 5 * day)], **common)  # fmt: skip


def test_visible_to(operator, operator2, bureau, startup, stranger, jr):
    lease = make_lease(
        units=[make_unit(park=jr)], tenant=startup.tenants.get(), start=START, end=END
    )
    seen = {
        user.username: Lease.objects.visible_to(user).filter(pk=lease.pk).exists()
        for user in (operator, operator2, bureau, startup, stranger)
    }
    assert seen == {
        "operator": True, "operator2": False, "bureau": True, "startup": True, "stranger": False,
    }  # fmt: skip
