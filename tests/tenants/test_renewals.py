from datetime import date
from decimal import Decimal

import pytest

from parks.errors import RuleViolation
from tenants import services as letting
from tenants.models import Lease
from tests.factories import NOBODY, make_floor, make_lease, make_unit


@pytest.fixture
def leases(jr):
    floor = make_floor(park=jr)
    days = {"start": date(2024, 1, 1), "end": date(2026, 7, 1)}
    return [make_lease(units=[make_unit(floor=floor)], rent=rent, **days) for rent in (30, 33)]


def renew(leases, **changes):
    values = {"months": 12, "percent": Decimal("5.5"), "by": NOBODY, "on": date(2026, 6, 1)}
    return letting.renew_leases(leases=leases, **values | changes)


def test_all_are_renewed_with_the_rent_raised(leases):
    made = renew(leases, submit=True)
    assert [(lease.start, lease.end) for lease in made] == [
        (date(2026, 7, 1), date(2027, 7, 1))
    ] * 2
    assert [lease.lines.get().rent for lease in made] == [Decimal("31.65"), Decimal("34.82")]
    assert all(lease.submitted_on for lease in made)


def test_one_refusal_and_none_is_renewed(leases):
    unit = leases[1].lines.get().unit
    make_lease(units=[unit], start=date(2026, 8, 1), end=date(2026, 9, 1))
    first, second = letting.preview_renewals(leases=leases, by=NOBODY, months=12)
    assert [bool(one.refusal) for one in (first, second)] == [False, True]
    before = Lease.objects.count()
    with pytest.raises(RuleViolation) as refusal:
        renew(leases)
    assert refusal.value.code == "renewal_refused"
    assert Lease.objects.count() == before


def test_a_renewal_is_not_drafted_twice(leases):
    renew(leases)
    assert all(one.refusal for one in letting.preview_renewals(leases=leases, by=NOBODY, months=1))
