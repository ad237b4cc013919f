"""Carriers and residencies for the tests."""

from datetime import date
from itertools import count

from incubation import services as incubation
from tests.factories import NOBODY, make_park, make_tenant

_serial = count(1)


def make_carrier(*, park=None, name=None, stage="incubator", opened_on=date(2015, 1, 1), **fields):
    return incubation.create_carrier(
        park=park or make_park(), name=name or f"载体{next(_serial)}", stage=stage,
        opened_on=opened_on, by=NOBODY, **fields,
    )  # fmt: skip


def make_residency(
    *, carrier=None, tenant=None, entered_on=date(2024, 1, 10), agreement_number=None,
    by=NOBODY, on=date(2026, 6, 30), stage="incubator", **fields,
):  # fmt: skip
    carrier = carrier or make_carrier(stage=stage)
    return incubation.admit_tenant(
        tenant=tenant or make_tenant(home_park=carrier.park), carrier=carrier,
        agreement_number=agreement_number or f"FH-{next(_serial)}", entered_on=entered_on,
        by=by, on=on, **fields,
    )  # fmt: skip
