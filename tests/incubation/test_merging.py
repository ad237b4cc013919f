"""Two records of one tenant become one: its way through the chain goes along, or the merge waits."""

from datetime import date

import pytest

from incubation.models import (
    Carrier,
    EventAttendance,
    Mentor,
    MentorPairing,
    MentorSession,
    Residency,
    ServiceEvent,
)
from parks.errors import RuleViolation
from parks.invariants import CHECKS
from tenants import services as letting
from tests.factories import NOBODY, make_tenant
from tests.factories.applications import make_application, take

DAY = date(2024, 1, 1)


@pytest.fixture
def carrier(jr):
    return Carrier.objects.create(park=jr, name="甲孵化器", stage="incubator", opened_on=DAY)


@pytest.fixture
def pair(jr):
    return make_tenant(name="甲公司", home_park=jr), make_tenant(name="甲", home_park=jr)


def reside(tenant, carrier, since, until=None):
    left = {"left_on": until, "outcome": "withdrew", "destination": "unknown"} if until else {}
    return Residency.objects.create(
        tenant=tenant, carrier=carrier, agreement_number=f"{tenant.pk}-{since}", entered_on=since,
        due_on=date(2030, 1, 1), **left,
    )  # fmt: skip


def merge(keep, other):
    return letting.merge_tenants(
        keep=keep, other=other, on=date(2026, 1, 1), by=NOBODY, reason="同一家"
    )


def test_residencies_one_after_the_other_move(pair, carrier):
    reside(pair[0], carrier, DAY, date(2025, 1, 1))
    reside(pair[1], carrier, date(2025, 1, 1))
    keep = merge(*pair)
    assert keep.residencies.count() == 2
    assert [str(one) for check in CHECKS.values() for one in check()] == []


@pytest.mark.parametrize("until", [None, date(2025, 1, 2)])
def test_residencies_on_the_same_days_keep_two_records_apart(pair, carrier, until):
    reside(pair[0], carrier, DAY, until)
    reside(pair[1], carrier, date(2025, 1, 1))
    with pytest.raises(RuleViolation) as refusal:
        merge(*pair)
    assert refusal.value.code == "merge_refused"
    assert "甲孵化器" in str(refusal.value)


def test_attendance_pairings_and_sessions_move_and_are_not_counted_twice(pair, carrier):
    event = ServiceEvent.objects.create(carrier=carrier, on=DAY, title="路演")
    for tenant, people in zip(pair, (2, 3), strict=True):
        EventAttendance.objects.create(event=event, tenant=tenant, people=people)
    mentor = Mentor.objects.create(carrier=carrier, name="张三", start=DAY)
    spans = [(0, 1, 3), (0, 5, 7), (1, 2, 6), (1, 8, None)]
    for who, start, end in spans:
        MentorPairing.objects.create(
            mentor=mentor, tenant=pair[who], start=date(2024, start, 1),
            end=end and date(2024, end, 1),
        )  # fmt: skip
    MentorSession.objects.create(mentor=mentor, tenant=pair[1], on=DAY, minutes=60, subject="融资")
    keep = merge(*pair)
    assert keep.attendance.get().people == 3
    assert list(keep.mentor_pairings.order_by("start").values_list("start", "end")) == [
        (date(2024, 1, 1), date(2024, 7, 1)), (date(2024, 8, 1), None),
    ]  # fmt: skip
    assert keep.mentor_sessions.count() == 1
    assert [str(one) for check in CHECKS.values() for one in check()] == []


def test_two_open_applications_to_a_carrier_wait_and_others_move(pair, carrier):
    theirs = [make_application(tenant=one, carrier=carrier) for one in pair][1]
    with pytest.raises(RuleViolation, match=theirs.number):
        merge(*pair)
    take(theirs, "withdraw")
    merge(*pair)
    theirs.refresh_from_db()
    assert theirs.tenant == pair[0]
