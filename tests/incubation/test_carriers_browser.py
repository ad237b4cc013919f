"""An operator gives a carrier space and reports what changed; the bureau reads what it costs."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from incubation import services
from tests.factories import NOBODY, make_building, make_floor, make_lease, make_unit
from tests.factories.incubation import make_carrier, make_residency
from tests.journeys.test_roles import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ON = "?on=2026-06-30"


@pytest.fixture
def carrier(jr):
    floor = make_floor(building=make_building(park=jr, code="A", name="A栋"), ordinal=5)
    units = [make_unit(floor=floor, number=f"50{n}", area=100) for n in range(1, 5)]
    carrier = make_carrier(park=jr, name="金荣孵化器", operator="甲公司")
    services.record_recognition(
        carrier=carrier, level="provincial", start=date(2022, 1, 1), by=NOBODY
    )
    services.assign_spaces(
        carrier=carrier, units=units[:1], purpose="tenants", start=date(2022, 1, 1), by=NOBODY
    )
    residency = make_residency(carrier=carrier, entered_on=date(2025, 1, 1))
    make_lease(units=units[:1], tenant=residency.tenant, start=date(2025, 1, 1),
               end=date(2027, 1, 1))  # fmt: skip
    return carrier


def serious(page):
    found = Axe().run(page).response["violations"]
    return [v["id"] for v in found if v["impact"] in ("serious", "critical")]


def test_a_day_with_a_carrier(page, operator, bureau, carrier):
    log_in(page, "operator")
    page.goto(f"/carriers/{ON}")
    page.get_by_role("link", name="金荣孵化器").click()
    assert serious(page) == []
    page.get_by_role("link", name="划入房源").click()
    page.get_by_label("502").check()
    page.get_by_label("或填写房号").fill("503")
    page.get_by_label("用途").select_option("public_service")
    assert serious(page) == []
    page.get_by_role("button", name="划入").click()
    expect(page.get_by_text("已划入 2 套房源，共 200.00 ㎡")).to_be_visible()
    row = page.locator("#changes").get_by_role("row", name="2026-06-30")
    expect(row).to_contain_text("100.00 ㎡")
    expect(row).to_contain_text("300.00 ㎡")
    row.get_by_role("link", name="登记报告").click()
    page.get_by_label("报告文号").fill("望孵〔2026〕1号")
    page.get_by_role("button").filter(has_text="变更报告").click()
    expect(page.locator("#changes")).to_contain_text("望孵〔2026〕1号")
    page.goto(f"/tax-months/{ON}")
    assert serious(page) == []
    page.get_by_role("row", name="2026-06").get_by_role("link", name="100.00").first.click()
    expect(page.get_by_role("heading", name="租给在孵企业")).to_be_visible()
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    addresses = [f"/carriers/{carrier.pk}/{tail}" for tail in ("", "assign/", "release/", "year/")]
    for address in (*addresses, "/carriers/", "/mentors/", "/events/", "/tax-months/"):
        page.goto(address + ON)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        assert serious(page) == [], address
