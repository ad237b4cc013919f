"""Small worlds of graduations: rule sets from their files, and firms that meet them or do not."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from incubation import services as incubation
from incubation.models import RuleSet
from incubation.rules.bodies import RuleSetBody
from incubation.rules.files import read_files, shipped
from tenants import services as letting
from tests.factories import NOBODY, make_lease, make_tenant, make_unit
from tests.factories.incubation import make_carrier, make_residency

ON = date(2026, 6, 30)
AT = datetime(2026, 6, 30, 9, tzinfo=UTC)


def keep_rule_set(body: RuleSetBody, **columns) -> RuleSet:
    names = ("code", "version", "subject", "purpose", "stage", "kind", "level",
             "effective_from", "effective_to")  # fmt: skip
    values = {name: getattr(body, name) for name in names} | columns
    return RuleSet.objects.create(body=body.to_mapping(), digest=body.digest, made_at=AT, **values)


def shipped_body(code) -> RuleSetBody:
    (body,) = read_files([path for path in shipped() if path.name == f"{code}.v1.toml"], None)
    return body


def graduate_rules() -> RuleSet:
    return keep_rule_set(shipped_body("graduate"))


def harder(body: RuleSetBody, *, effective_from, million=20) -> RuleSetBody:
    """The next version: only revenue counts, and more of it."""
    mapping = replace(body, version=body.version + 1, effective_from=effective_from).to_mapping()
    (group,) = mapping["criteria"]
    group["any"] = [one for one in group["any"] if one["code"] == "revenue"]
    group["any"][0]["threshold"] = str(million * 1_000_000)
    return RuleSetBody.from_mapping(mapping)


def make_high_tech(tenant, *, start=date(2025, 1, 1), end=date(2028, 1, 1)):
    return letting.record_qualification(
        tenant=tenant, kind="high_tech", number="GR2025", start=start, end=end, by=NOBODY
    )


def make_revenue(tenant, **millions):
    """Confirmed figures: ``y2024=4`` is 4 million yuan."""
    for name, million in millions.items():
        figure = letting.record_figure(
            tenant=tenant, year=int(name[1:]), revenue=Decimal(million) * 1_000_000, by=NOBODY
        )
        letting.confirm_figure(figure=figure, on=date(int(name[1:]) + 1, 3, 1), by=NOBODY)


def resident(*, park=None, carrier=None, name=None, high_tech=False, area=None, **fields):
    """A firm in an incubator since 2024-01-10, with ``area`` m² of the carrier's space if given."""
    carrier = carrier or make_carrier(park=park)
    tenant = make_tenant(name=name, home_park=carrier.park, founded_on=date(2023, 1, 1))
    if high_tech:
        make_high_tech(tenant)
    residency = make_residency(carrier=carrier, tenant=tenant, **fields)
    if area:
        unit = make_unit(park=carrier.park, area=area)
        incubation.assign_spaces(
            carrier=carrier, units=[unit], purpose="tenants", start=date(2020, 1, 1), by=NOBODY
        )
        make_lease(units=[unit], tenant=tenant, start=date(2024, 1, 10), end=date(2028, 1, 10))
    return residency
