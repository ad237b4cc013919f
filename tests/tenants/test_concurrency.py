"""Real processes on the real database: whoever asks at the same moment, one gets the unit."""

from collections import Counter
from datetime import date, timedelta

import pytest

from parks import audit
from parks.models import Notice
from parks.notices import settle
from tenants.models import LeaseLine
from tests.at_once import at_once
from tests.factories import make_draft, make_lease, make_park, make_unit

SIGNERS, PROCESSES = 64, 8


@pytest.mark.django_db(transaction=True)
def test_64_signers_of_one_unit_make_one_lease():
    unit = make_unit()
    leases = [
        make_draft(units=[unit], start=date(2026, 1, 1), end=date(2027, 1, 1))
        for _ in range(SIGNERS)
    ]
    keys = [lease.pk for lease in leases]
    shares = at_once("tests.tenants.signer", [keys[i::PROCESSES] for i in range(PROCESSES)])
    outcomes = Counter(outcome for share in shares for outcome in share)
    assert outcomes == {"signed": 1, "lease_overlap": SIGNERS - 1}
    assert LeaseLine.objects.binding().count() == 1
    assert list(audit.broken_links()) == []


@pytest.mark.django_db(transaction=True)
def test_days_run_at_once_raise_each_notice_once():
    on, runners = date(2026, 6, 30), 4
    park = make_park(code="JR")
    for days in range(1, 21):
        unit = make_unit(park=park, exists_from=date(2024, 1, 1))
        make_lease(units=[unit], start=date(2024, 1, 1), end=on + timedelta(days=days))
    at_once("tests.tenants.daily_runner", [[str(on)]] * runners)
    keys = list(Notice.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys)) == 20
    assert settle(on) == (0, 0)
