"""Real processes on the real database: a tenant enters one carrier, whoever asks at once."""

from collections import Counter

import pytest

from incubation.models import Residency
from parks import audit
from tests.at_once import at_once
from tests.factories import make_tenant
from tests.factories.incubation import make_carrier

ASKING, PROCESSES = 12, 4


@pytest.mark.django_db(transaction=True)
def test_12_carriers_admit_one_tenant_once():
    tenant = make_tenant()
    carriers = [make_carrier().pk for _n in range(ASKING)]
    shares = at_once(
        "tests.incubation.admitter",
        [[tenant.pk, carriers[i::PROCESSES]] for i in range(PROCESSES)],
    )
    outcomes = Counter(outcome for share in shares for outcome in share)
    assert outcomes == {"admitted": 1, "already_resident": ASKING - 1}
    assert Residency.objects.count() == 1
    assert list(audit.broken_links()) == []
