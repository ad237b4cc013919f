"""Real processes on the real database: whoever asks at the same moment, one gets the unit."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection

from parks import audit
from parks.models import Notice
from parks.notices import settle
from tenants.models import LeaseLine
from tests.factories import make_draft, make_lease, make_park, make_unit

SIGNERS, PROCESSES = 64, 8


def database_url():
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    host = settings["HOST"] or settings["OPTIONS"].get("host", "")
    user, password = settings["USER"], settings["PASSWORD"]
    place = f"?host={host}" if host.startswith("/") else ""
    server = "" if place else f"{host}:{settings['PORT'] or 5432}"
    login = f"{user}:{password}@" if password else f"{user}@"
    return f"postgresql://{login}{server}/{settings['NAME']}{place}"


@pytest.mark.django_db(transaction=True)
def test_64_signers_of_one_unit_make_one_lease():
    unit = make_unit()
    leases = [
        make_draft(units=[unit], start=date(2026, 1, 1), end=date(2027, 1, 1))
        for _ in range(SIGNERS)
    ]
    keys = [lease.pk for lease in leases]
    environment = os.environ | {"DATABASE_URL": database_url()}
    start_at = str(time.time() + 6)
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.tenants.signer",
             json.dumps(keys[i::PROCESSES]), start_at],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for i in range(PROCESSES)
    ]  # fmt: skip
    outcomes = Counter()
    for process in running:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        outcomes.update(json.loads(out))
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
    start_at = str(time.time() + 5)
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.tenants.daily_runner", str(on), start_at],
            env=os.environ | {"DATABASE_URL": database_url()},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(runners)
    ]  # fmt: skip
    for process in running:
        _out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    keys = list(Notice.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys)) == 20
    assert settle(on) == (0, 0)
