"""Real processes on the real database: who begins at the same moment gets a number of its own."""

import pytest

from tests.at_once import at_once
from tests.factories import make_tenant
from tests.factories.incubation import make_carrier

TENANTS, PROCESSES = 12, 3


@pytest.mark.django_db(transaction=True)
def test_applications_begun_at_once_are_numbered_one_after_the_other():
    carrier, keys = make_carrier(), [make_tenant().pk for _n in range(TENANTS)]
    shares = at_once(
        "tests.incubation.starter", [[carrier.pk, keys[i::PROCESSES]] for i in range(PROCESSES)]
    )
    numbers = sorted(number for share in shares for number in share)
    assert numbers == [f"A2026-{n:04d}" for n in range(1, TENANTS + 1)]
