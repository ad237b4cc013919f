"""Real processes on the real database: a tenant enters one carrier, whoever asks at once."""

import json
import os
import subprocess
import sys
import time
from collections import Counter

import pytest

from incubation.models import Residency
from parks import audit
from tests.factories import make_tenant
from tests.factories.incubation import make_carrier
from tests.tenants.test_concurrency import database_url

ASKING, PROCESSES = 12, 4


@pytest.mark.django_db(transaction=True)
def test_12_carriers_admit_one_tenant_once():
    tenant = make_tenant()
    carriers = [make_carrier().pk for _n in range(ASKING)]
    start_at = str(time.time() + 6)
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.incubation.admitter", str(tenant.pk),
             json.dumps(carriers[i::PROCESSES]), start_at],
            env=os.environ | {"DATABASE_URL": database_url()}, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )
        for i in range(PROCESSES)
    ]  # fmt: skip
    outcomes = Counter()
    for process in running:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        outcomes.update(json.loads(out))
    assert outcomes == {"admitted": 1, "already_resident": ASKING - 1}
    assert Residency.objects.count() == 1
    assert list(audit.broken_links()) == []
