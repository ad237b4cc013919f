"""The whole way of a tenant: what is drawn is what stands in the table."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubation import services as incubation
from incubation.ways import WIDTH, _short, way_of
from tenants import services as letting
from tests.factories import NOBODY, make_lease, make_tenant, make_unit
from tests.factories.incubation import make_carrier, make_residency

ON = date(2026, 6, 30)


@pytest.fixture
def tenant(jr):
    """A team that became a firm, went on, was extended, transferred, and lets a unit."""
    tenant = make_tenant(kind="team", home_park=jr, name="起点团队")
    first = make_residency(
        carrier=make_carrier(park=jr, stage="makerspace", name="众创空间"), tenant=tenant,
        entered_on=date(2020, 3, 31),
    )  # fmt: skip
    tenant = letting.correct_tenant(
        tenant=tenant, by=NOBODY, kind="firm", founded_on=date(2020, 11, 1)
    )
    letting.record_qualification(
        tenant=tenant, kind="high_tech", start=date(2022, 1, 1), number="GR1", by=NOBODY
    )
    second = incubation.advance_residency(
        residency=first, carrier=make_carrier(park=jr, name="孵化器"), on_day=date(2021, 6, 1),
        agreement_number="I", by=NOBODY,
    )  # fmt: skip
    incubation.extend_residency(
        residency=second, due_on=date(2026, 6, 1), decided_on=date(2025, 1, 1), reason="延期",
        by=NOBODY,
    )  # fmt: skip
    make_lease(
        units=[make_unit(park=jr, number="501")], tenant=tenant, start=date(2021, 6, 1),
        end=date(2027, 1, 1),
    )  # fmt: skip
    return tenant


def test_stage_by_stage_above_space_by_space(tenant, operator):
    way = way_of(tenant, operator, ON)
    names = [lane.name for lane in way.lanes]
    assert len(names) == 5
    assert names[-1].endswith("501")
    assert "over" in way.lanes[1].bars[-1].css
    assert [mark.css for mark in way.lanes[1].marks] == ["due", "extension"]
    assert [mark.css for mark in way.lanes[2].marks] == ["firm"]
    assert [line.day for line in way.lines] == sorted(line.day for line in way.lines)
    assert len(way.lines) == 6
    assert all(bar.x + bar.width <= WIDTH for lane in way.lanes for bar in lane.bars)


def test_on_an_earlier_day_the_extension_is_not_decided(tenant, operator):
    way = way_of(tenant, operator, date(2024, 6, 30))
    assert "ahead" in way.lanes[1].bars[-1].css
    assert [mark.css for mark in way.lanes[1].marks] == ["due"]


def test_graduation_stands_on_the_line(tenant, operator):
    residency = tenant.residencies.get(left_on=None)
    incubation.leave_carrier(
        residency=residency, left_on=date(2026, 5, 1), outcome="graduated",
        destination="own_site", by=NOBODY,
    )  # fmt: skip
    way = way_of(tenant, operator, ON)
    assert [mark.css for mark in way.lanes[2].marks] == ["firm", "graduated"]


def test_the_page_of_the_tenant_shows_it_to_whoever_may_see(tenant, operator, operator2, client):
    client.force_login(operator)
    body = client.get(f"/tenants/{tenant.pk}/").content.decode()
    assert 'class="way-chart"' in body
    assert "众创空间" in body
    assert way_of(tenant, operator2, ON) is None
    plain = make_tenant(home_park=tenant.home_park)
    assert "way-chart" not in client.get(f"/tenants/{plain.pk}/").content.decode()


@given(st.text("望a ", max_size=40), st.floats(0, 400))
def test_labels_end_before_the_next_one(text, room):
    short = _short(text, room)
    assert short == text or short in ("", f"{short[:-1]}…")
    assert sum(12 if ord(c) > 0x2E7F else 6.5 for c in short) <= max(room, 0)
