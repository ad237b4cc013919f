"""The maps in Chromium: drawn by Folium's Leaflet, opened by mouse and key, safe with bad names."""

import pytest
from playwright.sync_api import expect

from tests.maps.conftest import EVIL

ON = "2026-06-30"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_home(page, operator):
    page.goto("/accounts/login/")
    page.fill("input[name=username]", "operator")
    page.fill("input[name=password]", "demo")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)
    return page


def drawn(page, count):
    """The map's document, once it has drawn ``count`` shapes."""
    frame = page.frame_locator("iframe.map-frame")
    expect(frame.locator("body")).to_have_attribute("data-drawn", str(count))
    return frame


def test_district_leads_into_the_park(at_home, plan):
    at_home.goto(f"/maps/?on={ON}")
    label = drawn(at_home, 1).locator(".label.floating")
    expect(label).to_contain_text("金荣科技园 33.3%")
    label.click()
    at_home.wait_for_url(f"**/maps/parks/JR/?on={ON}")
    frame = drawn(at_home, 2)
    frame.locator("path[role=link]").first.focus()
    at_home.keyboard.press("Enter")
    at_home.wait_for_url(f"**/maps/buildings/{plan.one.pk}/?on={ON}")


def test_floor_plan_opens_the_unit_at_the_right(at_home, plan):
    at_home.goto(f"/maps/buildings/{plan.one.pk}/?on={ON}")
    frame = drawn(at_home, 4)
    expect(frame.locator(".label b")).to_have_text(["租", "空", "停"])
    frame.locator("path[aria-label^='101']").click(position={"x": 12, "y": 12})
    expect(at_home.locator("#panel")).to_contain_text(plan.lease.number)
    assert f"unit={plan.let.pk}" in at_home.url
    at_home.reload()
    expect(at_home.locator("#panel")).to_contain_text(plan.lease.number)


def test_layer_of_the_chain_keeps_on_from_the_district_to_the_unit(at_home, plan, chain):
    at_home.goto(f"/maps/?on={ON}")
    at_home.locator(".layers a").nth(1).click()
    drawn(at_home, 1).locator(".label.floating").click()
    at_home.wait_for_url(f"**/maps/parks/JR/?on={ON}&layer=stage")
    at_home.locator("#table tbody th a").first.click()
    at_home.wait_for_url(f"**/maps/buildings/{plan.one.pk}/?on={ON}&layer=stage")
    frame = drawn(at_home, 4)
    expect(frame.locator(".label b")).to_have_text(["孵", "孵", "—", "—"])
    expect(frame.locator("path[aria-label^='102']")).to_have_attribute("fill", "url(#hatch2E86AB)")
    frame.locator("path[aria-label^='101']").click(position={"x": 12, "y": 12})
    expect(at_home.locator("#panel")).to_contain_text(chain.incubator.name)
    assert at_home.evaluate("document.documentElement.scrollWidth") <= 1440
    at_home.locator("#panel .close").click()
    at_home.wait_for_url("**layer=stage")


def test_names_are_text_and_never_run(at_home, plan):
    at_home.goto(f"/maps/buildings/{plan.one.pk}/?on={ON}")
    frame = drawn(at_home, 4)
    frame.locator("path[aria-label^='101']").hover(position={"x": 12, "y": 12})
    expect(frame.locator(".leaflet-tooltip")).to_contain_text(f"甲公司{EVIL}")
    for one in at_home.frames:
        assert one.evaluate("window.hit") is None


def test_page_stands_before_the_shapes_have_come(at_home, plan):
    held = []
    at_home.route("**/data/**", lambda route: held.append(route))
    at_home.goto("/maps/parks/JR/", wait_until="load")
    frame = at_home.frame_locator("iframe.map-frame")
    expect(frame.locator(".say")).to_be_visible()
    expect(at_home.locator("#table")).to_contain_text("1栋")
    held[0].fulfill(status=404)
    expect(frame.locator(".say")).to_contain_text("读取失败")


def test_vacancies_on_a_phone_without_login(page, plan):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/vacancies/?on={ON}")
    expect(drawn(page, 1).locator(".label.floating")).to_contain_text("金荣科技园 1")
    box = page.locator("iframe.map-frame").bounding_box()
    assert box["width"] <= 390
    assert box["height"] > 844 * 0.6
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="1栋 102").click()
    expect(page.locator(".floor-plan .chosen")).to_have_count(1)
    expect(page.locator(".go-apply a")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".go-apply a").click()
    assert "/accounts/login/" in page.url
    assert f"unit%3D{plan.vacant.pk}" in page.url
