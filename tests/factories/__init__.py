"""Small worlds for the tests, made through the services like everything else."""

from datetime import date
from decimal import Decimal
from itertools import count

from django.contrib.auth.models import AnonymousUser

from parks import services as space
from tenants import services as letting
from tenants.services import LineTerms

_serial = count(1)
NOBODY = AnonymousUser()


def make_park(*, code=None, name=None, **fields):
    code = code or f"P{next(_serial)}"
    return space.create_park(code=code, name=name or f"园区{code}", by=NOBODY, **fields)


def make_building(*, park=None, code=None, name=None, **fields):
    code = code or f"B{next(_serial)}"
    return space.create_building(
        park=park or make_park(), code=code, name=name or f"{code}栋", by=NOBODY, **fields
    )


def make_floor(*, building=None, ordinal=None, name=None, park=None, **fields):
    ordinal = ordinal if ordinal is not None else next(_serial) % 30000
    return space.create_floor(
        building=building or make_building(park=park), ordinal=ordinal,
        name=name or f"{ordinal}F", by=NOBODY, **fields,
    )  # fmt: skip


def make_unit(
    *, floor=None, park=None, number=None, area=100, exists_from=date(2019, 1, 1), **fields
):
    return space.create_unit(
        floor=floor or make_floor(park=park), number=number or f"9{next(_serial):04d}",
        exists_from=exists_from, gross_area_m2=Decimal(area), by=NOBODY, **fields,
    )  # fmt: skip


def make_tenant(*, name=None, **fields):
    return letting.create_tenant(name=name or f"企业{next(_serial)}", by=NOBODY, **fields)


def make_draft(*, units, tenant=None, start, end, rent=30, **fields):
    return letting.draft_lease(
        tenant=tenant or make_tenant(),
        lines=[LineTerms(unit=unit, rent=Decimal(rent)) for unit in units],
        start=start, end=end, by=NOBODY, **fields,
    )  # fmt: skip


def make_lease(*, signed_on=None, start, **fields):
    """A signed lease; signed on its first day unless told."""
    lease = make_draft(start=start, **fields)
    return letting.sign_lease(lease=lease, signed_on=signed_on or start, signed_by=NOBODY)
