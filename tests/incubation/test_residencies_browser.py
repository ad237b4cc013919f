"""The operator admits, extends many and sees the way of a tenant, by keyboard, in Chromium."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from incubation import services as incubation
from incubation.models import Residency
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from tests.factories import NOBODY, make_lease, make_tenant, make_unit
from tests.factories.incubation import make_carrier, make_residency
from tests.journeys.test_roles import log_in, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def carrier(jr, operator):
    incubation.load_rule_sets(
        read_files(shipped(), METRICS), by=None, at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    make_carrier(park=jr, name="金荣众创空间", stage="makerspace")
    return make_carrier(park=jr, name="金荣孵化器")


def test_conditions_are_seen_before_and_an_exemption_is_named(page, carrier, jr):
    make_tenant(name="长沙湘芯科技有限公司", home_park=jr, founded_on=date(2022, 1, 10))
    log_in(page, "operator")
    page.goto("/residencies/")
    page.get_by_role("link", name="准予入孵").click()
    tenant = page.get_by_role("combobox", name="企业")
    tenant.press_sequentially("csxx", delay=20)
    page.get_by_role("option", name="长沙湘芯").wait_for()
    tenant.press("Enter")
    where = page.get_by_role("combobox", name="载体")
    where.press_sequentially("金荣孵化器", delay=20)
    page.get_by_role("option", name="金荣孵化器").wait_for()
    where.press("Enter")
    page.fill("[name=agreement_number]", "FH-001")
    page.fill("[name=entered_on]", "2024-01-10")
    page.press("[name=entered_on]", "Tab")
    live = page.locator(".entry-preview")
    expect(live).to_contain_text("2028-01-10")
    expect(page.get_by_text("有条件不符合")).to_be_hidden()
    page.fill("[name=entered_on]", "2024-01-11")
    page.press("[name=entered_on]", "Tab")
    expect(live).to_contain_text("24 个月 1 天")
    expect(page.get_by_text("有条件不符合")).to_be_visible()
    shot(page, "residency-new")
    assert not Residency.objects.exists()
    page.locator("main button.main").click()
    expect(page.locator(".errors")).to_contain_text("24")
    page.fill("[name=exemption_reason]", "重点产业链缺环")
    page.locator("main button.main").click()
    expect(page.get_by_text("重点产业链缺环").first).to_be_visible()
    assert Residency.objects.get().exempted_by.username == "operator"


def test_from_the_due_list_to_an_extension_of_all(page, carrier):
    today = timezone.localdate()
    for days in (-20, 30, 100, 200):
        row = make_residency(
            carrier=carrier, entered_on=date(2019, 1, 1),
            special_field="chips" if days < 0 else "",
        )  # fmt: skip
        Residency.objects.filter(pk=row.pk).update(due_on=today + timedelta(days=days))
    log_in(page, "operator")
    page.goto("/residencies/due/")
    shot(page, "residency-due")
    for box in page.locator("#over [name=residency], #last [name=residency]").all():
        box.check()
    page.get_by_role("button", name="延期所选").click()
    page.get_by_label("理由").or_(page.get_by_label("原因")).first.fill("统一延期")
    page.get_by_role("button", name="预览结果").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    shot(page, "residency-bulk")
    page.get_by_role("button", name="延期", exact=True).click()
    expect(page.get_by_text("已延期 2 条")).to_be_visible()
    expect(page.locator("#last tbody [name=residency]")).to_have_count(0)


def test_the_way_leads_from_stage_to_stage(page, carrier, jr, startup):
    tenant = startup.tenants.get()
    first = make_residency(
        carrier=make_carrier(park=jr, name="青年众创空间", stage="makerspace"), tenant=tenant,
        entered_on=date(2022, 3, 31),
    )  # fmt: skip
    incubation.advance_residency(
        residency=first, carrier=carrier, on_day=date(2023, 6, 1), agreement_number="FH-9",
        by=NOBODY,
    )  # fmt: skip
    make_lease(
        units=[make_unit(park=jr, number="501")], tenant=tenant, start=date(2023, 6, 1),
        end=date(2039, 1, 1),
    )  # fmt: skip
    log_in(page, "startup")
    page.get_by_role("link", name="FH-9").click()
    shot(page, "residency-way")
    page.locator(".way-chart a", has_text="青年众创空间").first.click()
    expect(page.locator("h1")).to_contain_text("青年众创空间")
    assert page.locator(".acts a").count() == 1
