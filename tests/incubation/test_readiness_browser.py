"""The bureau finds a carrier short of its rule set, sees why, and prints it on one sheet."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pypdf import PdfReader

from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from incubation.services import load_rule_sets
from tests.factories.incubation import make_carrier
from tests.incubation.metrics.world import ON, let, space_of, stay
from tests.journeys.test_roles import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def serious(page):
    found = Axe().run(page).response["violations"]
    return [
        (v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")
    ]


def test_a_carrier_is_read_from_the_list_to_the_record(page, bureau, jr, tmp_path):
    load_rule_sets(read_files(shipped(), METRICS), by=None, at=datetime(2026, 1, 1, tzinfo=UTC))
    carrier = make_carrier(park=jr, name="金荣孵化器")
    space = space_of(carrier, 1000)
    residency = stay(carrier)
    let(space.unit, residency.tenant, area=740)
    log_in(page, "bureau")
    page.goto(f"/carriers/readiness/?on={ON}")
    assert serious(page) == []
    page.get_by_role("link", name="金荣孵化器").click()
    row = page.get_by_role("row", name="75%以上")
    expect(row).to_contain_text("74%")
    expect(row).to_contain_text("10 ㎡")
    row.locator("summary").click()
    expect(row).to_contain_text("740 ㎡ ÷ 1,000 ㎡")
    expect(row.get_by_role("link", name=space.unit.number)).to_be_visible()
    page.locator(".course summary").click()
    expect(page.locator(".months tbody tr")).to_have_count(15)
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious(page) == []
    page.reload()
    sheet = tmp_path / "sheet.pdf"
    page.pdf(path=sheet, format="A4")
    assert len(PdfReader(sheet).pages) == 1
