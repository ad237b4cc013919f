"""An operator finds adjoining space and lets it, and plans a chain of moves by typing."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tenants.models import LeaseLine, MovePlan
from tests.factories import make_building, make_floor, make_lease, make_tenant, make_unit
from tests.journeys.test_roles import log_in, shot
from tests.tenants.test_find import outline

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = timezone.localdate
SOON = timedelta(days=60)


@pytest.fixture
def floor(jr, operator):
    """301 and 302 let to 甲 and 乙, 303 to 戊 for a month yet, 304 and 305 vacant, a desk 306."""
    floor = make_floor(
        building=make_building(park=jr, code="3", name="3栋"), ordinal=3, name="3F"
    )  # fmt: skip
    rooms = [
        make_unit(floor=floor, number=f"30{n}", area=100 if n < 6 else 5,
                  kind="office" if n < 6 else "desk",
                  outline=outline(n * 10, 0, n * 10 + 10, 10), geometry_source="indicative")
        for n in range(1, 7)
    ]  # fmt: skip
    far = TODAY() + timedelta(days=700)
    for room, name, end in (
        (rooms[0], "甲科技有限公司", far),
        (rooms[1], "乙智能有限公司", far),
        (rooms[2], "戊材料有限公司", TODAY() + timedelta(days=30)),
    ):
        make_lease(units=[room], tenant=make_tenant(name=name), end=end,
                   start=TODAY() - timedelta(days=200))  # fmt: skip
    make_tenant(name="丙设计有限公司", home_park=jr)
    return floor


def type_in(page, name, text, choose):
    """Type as a person does and take the suggestion that starts with ``choose``."""
    field = page.locator(f"[name=steps-{name}]")
    field.press_sequentially(text, delay=20)
    option = page.locator(f"#pick-list option[value^='{choose}']").first
    option.wait_for(state="attached")
    field.fill(option.get_attribute("value"))


def test_adjoining_space_is_found_and_let(page, floor):
    log_in(page, "operator")
    page.goto("/find/")
    expect(page.locator(".free-by")).to_contain_text("以页面顶部的日期")
    by = (TODAY() + SOON).isoformat()
    page.fill(".filters [name=free_by]", by)
    page.click(".filters button.main")
    expect(page.locator("tbody tr")).to_have_count(4)
    shot(page, "find-space")
    page.locator("form.day [data-step='1']").click()
    page.wait_for_url("**on=**")
    expect(page.locator(".filters [name=free_by]")).to_have_value(by)
    expect(page.locator(".free-by")).to_contain_text(by)
    page.locator("a.button.main", has_text="相邻").click()
    expect(page.locator(".filters [name=free_by]")).to_have_value(by)
    page.fill(".filters [name=area]", "300")
    page.click(".filters button.main")
    answer = page.locator("section.card")
    expect(answer.locator("tbody tr")).to_have_count(3)
    expect(answer.locator("svg .chosen")).to_have_count(3)
    shot(page, "find-adjoining")
    answer.locator("a.button.main").click()
    page.wait_for_url("**/leases/new/**")
    expect(page.locator("#id_start")).to_have_value(by)
    chosen = [page.locator(f"[name=lines-{n}-unit]").input_value() for n in range(3)]
    units = floor.units.filter(number__in=["303", "304", "305"])
    assert sorted(chosen) == sorted(str(pk) for pk in units.values_list("pk", flat=True))


def test_a_chain_of_moves_is_typed_previewed_planned_shown_and_cancelled(page, floor):
    log_in(page, "operator")
    day = TODAY() + SOON
    page.goto("/moves/")
    page.locator("a.button.main").first.click()
    page.fill("[name=effective_on]", day.isoformat())
    page.fill("[name=reason]", "三层调整")
    numbers = {
        line.unit.number: line.lease.number
        for line in LeaseLine.objects.select_related("lease", "unit")
    }
    type_in(page, "0-lease", "甲科技", numbers["301"])
    type_in(page, "1-lease", "乙智能", numbers["302"])
    type_in(page, "1-units", "301", "3/301")
    type_in(page, "2-tenant", "丙设计", "丙设计有限公司")
    page.fill("[name=steps-2-units]", "3/303, 3/301")
    page.fill("[name=steps-2-rent]", "600")
    page.locator("[name=steps-2-rent_unit]").select_option("month")
    page.click("button[name=preview]")
    errors = page.locator(".errors")
    expect(errors).to_contain_text("301")
    assert page.locator("[name=steps-0-lease]").input_value() == numbers["301"]
    page.fill("[name=steps-2-units]", "3/306")
    page.click("button[name=preview]")
    rows = page.locator("#preview tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("3栋 301")
    shot(page, "moves-preview")
    assert not MovePlan.objects.exists()
    page.click("button[name=plan]")
    page.wait_for_url("**/moves/*/")
    shot(page, "moves-plan")
    address = page.url
    page.goto("/moves/")
    expect(page.locator("tbody tr")).to_contain_text("乙智能有限公司")
    expect(page.locator("tbody tr")).to_contain_text("3栋 302 → 3栋 301")
    shot(page, "moves-list")

    def who(on, number):
        page.goto(f"/parks/JR/stacking/?on={on}")
        return page.locator(".line a", has_text=number).first.evaluate(
            "cell => cell.outerHTML"
        )  # fmt: skip

    assert "乙智能" in who(day, "301")
    assert "甲科技" in who(day - timedelta(days=1), "301")
    page.goto(address)
    page.locator("a.button.danger").click()
    page.fill("[name=reason]", "不搬了")
    page.locator("form button.danger, form button.main").last.click()
    page.wait_for_url(address)
    assert "甲科技" in who(day, "301")
    page.goto("/moves/")
    expect(page.locator("tbody tr")).to_contain_text("已取消")
