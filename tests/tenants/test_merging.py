"""Two records of one tenant become one, and nothing is lost, counted twice or rewritten."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parks.errors import RuleViolation
from parks.invariants import CHECKS
from parks.models import AuditEntry
from tenants import services as letting
from tenants.models import Hold, Lease, LeaseLine, Tenant
from tenants.selectors.duplicates import suggestions
from tests.factories import NOBODY, make_draft, make_lease, make_tenant, make_unit

START, END, ON = date(2025, 1, 1), date(2028, 1, 1), date(2026, 6, 30)


def merge(keep, other, **options):
    return letting.merge_tenants(
        keep=keep, other=other, on=ON, reason="同一家", by=NOBODY, **options
    )


def numbers(tenants):
    lines = LeaseLine.objects.filter(lease__tenant__in=tenants)
    return {
        "leases": Lease.objects.filter(tenant__in=tenants).count(),
        "holds": Hold.objects.filter(tenant__in=tenants).count(),
        "let": [
            lines.binding().active_on(day).aggregate(a=Sum("area_m2"))["a"]
            for day in (date(2025, 6, 1), ON, date(2027, 6, 1))
        ],
    }


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_survivor_has_what_both_had(jr, data):
    pair = make_tenant(home_park=jr), make_tenant(home_park=jr)
    for tenant in pair:
        for years in data.draw(st.lists(st.integers(1, 4), max_size=3)):
            unit = make_unit(park=jr, area=data.draw(st.integers(10, 90)))
            make = data.draw(st.sampled_from([make_lease, make_draft]))
            make(units=[unit], tenant=tenant, start=START, end=date(2025 + years, 1, 1))
    if data.draw(st.booleans()):
        letting.hold_unit(unit=make_unit(park=jr), tenant=pair[1], start=START, end=END, by=NOBODY)
    before, trail = numbers(pair), dict(AuditEntry.objects.values_list("sequence", "digest"))
    keep = merge(*pair)
    assert numbers([keep]) == numbers(pair) == before
    after = dict(AuditEntry.objects.values_list("sequence", "digest"))
    assert trail.items() <= after.items()
    assert [str(v) for one in CHECKS.values() for v in one()] == []


def test_everything_of_the_other_becomes_the_survivors(jr, startup):
    keep = make_tenant(name="湘芯科技", home_park=jr)
    other = make_tenant(name="湘芯科技公司", home_park=jr, contact_phone="13800001234",
                        uscc="91430112MA4L16JQ9B", uscc_override_reason="老照")  # fmt: skip
    other.users.add(startup)
    for tenant in (keep, other):
        letting.record_visit(tenant=tenant, on=ON, visitor="甲", subject="走访", by=NOBODY)
        letting.add_person(tenant=tenant, name="张三", phone="1380", by=NOBODY)
        letting.record_qualification(tenant=tenant, kind="high_tech", start=START, by=NOBODY)
    letting.record_figure(tenant=keep, year=2025, revenue=Decimal(5), by=NOBODY)
    letting.record_figure(tenant=other, year=2025, revenue=Decimal(7), staff=3, by=NOBODY)
    letting.record_figure(tenant=other, year=2024, revenue=Decimal(9), by=NOBODY)
    keep = merge(keep, other)
    other.refresh_from_db()
    assert (keep.contact_phone, keep.uscc, other.uscc) == (
        "13800001234", "91430112MA4L16JQ9B", None,
    )  # fmt: skip
    assert (other.merged_into, other.merged_on, other.initials) == (keep, ON, "")
    assert (keep.visits.count(), keep.people.count(), keep.qualifications.count()) == (2, 1, 1)
    assert list(keep.year_figures.values_list("year", "revenue", "staff")) == [
        (2025, 5, 3), (2024, 9, None),
    ]  # fmt: skip
    assert keep.users.get() == startup
    assert list(Tenant.objects.standing().matching("科技公司")) == [keep]
    removed = AuditEntry.objects.filter(action="remove", object_type="tenants.yearfigure").get()
    assert Decimal(removed.before["revenue"]) == 7


def test_choices_are_taken_from_the_other(jr):
    keep, other = make_tenant(name="甲", field="软件"), make_tenant(name="乙", field="食品")
    keep = merge(keep, other, take=["name", "field"])
    assert (keep.name, keep.field) == ("乙", "食品")
    assert [one.name for one in keep.former_names.all()] == ["甲"]


def test_nothing_comes_to_a_merged_tenant_and_it_is_not_merged_again(jr):
    keep, other, third = (make_tenant(home_park=jr) for _ in range(3))
    merge(keep, other)
    unit = make_unit(park=jr)
    acts = [
        lambda: make_draft(units=[unit], tenant=other, start=START, end=END),
        lambda: letting.hold_unit(unit=unit, tenant=other, start=START, end=END, by=NOBODY),
        lambda: letting.correct_tenant(tenant=other, name="丙", by=NOBODY),
        lambda: letting.record_visit(tenant=other, on=ON, visitor="甲", subject="乙", by=NOBODY),
        lambda: merge(third, other),
    ]
    for act in acts:
        with pytest.raises(RuleViolation) as refusal:
            act()
        assert refusal.value.code == "tenant_merged"
    merge(third, keep)
    other.refresh_from_db()
    assert other.merged_into == third
    with pytest.raises(RuleViolation):
        merge(third, third)


def test_likely_duplicates_are_suggested(jr, bureau):
    a = make_tenant(name="长沙湘芯科技有限公司")
    b = make_tenant(name="长沙湘芯 科技（有限公司）")
    c = make_tenant(name="望城起点", contact_phone="13800001234")
    d = make_tenant(name="旺城起点", contact_phone="138 0000 1234")
    make_tenant(name="别的企业")
    found = [{one.pk for one in group.tenants} for group in suggestions(Tenant.objects.all())]
    assert found == [{a.pk, b.pk}, {c.pk, d.pk}]
