"""The bureau reads a rule, changes a threshold and sees both versions side by side."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from incubation.services import load_rule_sets
from tests.journeys.test_roles import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def serious(page):
    found = Axe().run(page).response["violations"]
    return [v["id"] for v in found if v["impact"] in ("serious", "critical")]


def test_the_bureau_makes_a_new_version(page, bureau):
    load_rule_sets(read_files(shipped(), METRICS), by=None, at=datetime(2026, 1, 1, tzinfo=UTC))
    log_in(page, "bureau")
    page.goto("/rules/")
    page.get_by_role("link", name="毕业企业").click()
    expect(page.get_by_role("row", name="连续2年营业收入累计超过1000万元")).to_contain_text(
        "> 1,000 万元"
    )
    assert serious(page) == []
    page.get_by_role("link", name="修订为新版本").click()
    page.get_by_label("施行日期").fill("2027-01-01")
    page.get_by_label("修订理由").fill("新办法施行")
    row = page.locator(".rule-row", has_text="连续2年营业收入累计超过1000万元")
    row.locator("summary").click()
    row.get_by_label("标准数值").fill("12000000")
    page.get_by_role("button", name="增加条件", exact=True).click()
    new = page.locator(".rule-row[open]")
    expect(new).to_have_count(1)
    new.get_by_label("条文（中文）").fill("拥有有效知识产权")
    new.get_by_label("条文（英文）").fill("Holds intellectual property")
    new.get_by_label("指标").select_option("ip_held")
    new.get_by_label("标准数值").fill("1")
    assert serious(page) == []
    page.get_by_role("button", name="保存为新版本").last.click()
    expect(page.get_by_text("新版本已保存")).to_be_visible()
    comparison = page.locator("#comparison")
    expect(comparison).to_contain_text("> 1,000 万元")
    expect(comparison).to_contain_text("> 1,200 万元")
    expect(comparison).to_contain_text("拥有有效知识产权")
    assert serious(page) == []
    for address in ("/rules/graduate/?version=2", "/rules/graduate/new/", "/rules/metrics/"):
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert serious(page) == []
