"""The stacking plan in Chromium: keys, panel, selection, marking, paper, and a split by drawing."""

from datetime import timedelta
from io import BytesIO
from unicodedata import normalize

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader
from shapely.geometry import box

from parks.geometry import area_m2
from parks.models import Unit
from tests.factories import make_building, make_floor, make_lease, make_tenant, make_unit
from tests.journeys.test_roles import log_in, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = timezone.localdate


def outline(west, east):
    return box(112.88 + west * 1e-4, 28.30, 112.88 + east * 1e-4, 28.3001)


@pytest.fixture
def tower(jr):
    """Two storeys: 101 let, 102 and 103 vacant, 201 the whole of the upper one."""
    building = make_building(park=jr, code="1", name="1栋")
    lower, upper = (make_floor(building=building, ordinal=n, name=f"{n}F") for n in (1, 2))
    units = [
        make_unit(floor=lower, number=f"10{n}", area=100, outline=outline(n, n + 1),
                  geometry_source="indicative")
        for n in (1, 2, 3)
    ]  # fmt: skip
    units.append(make_unit(floor=upper, number="201", area=300))
    make_lease(units=units[:1], tenant=make_tenant(name="甲公司"),
               start=TODAY() - timedelta(days=400), end=TODAY() + timedelta(days=400))  # fmt: skip
    return units


@pytest.fixture
def plan(page, operator, tower):
    log_in(page, "operator")
    page.goto("/parks/JR/stacking/")
    return page


def at(page):
    return page.evaluate("document.activeElement.pathname")


def test_a_click_opens_the_panel_at_its_own_address(plan, tower):
    plan.locator(".line a", has_text="101").click()
    panel = plan.locator("#panel")
    expect(panel).to_contain_text("甲公司")
    assert f"unit={tower[0].pk}" in plan.url
    plan.reload()
    expect(panel).to_contain_text("甲公司")
    shot(plan, "stacking")
    plan.keyboard.press("Escape")
    expect(panel).to_be_empty()
    assert "unit=" not in plan.url


def test_keys_walk_the_plan_and_the_day_outside_it(plan, tower):
    address = plan.url
    assert plan.locator(".line a[tabindex='0']").count() == 1
    plan.locator(".line a[tabindex='0']").focus()
    assert at(plan) == f"/units/{tower[3].pk}/"
    plan.keyboard.press("ArrowDown")
    assert at(plan) == f"/units/{tower[1].pk}/"
    plan.keyboard.press("ArrowRight")
    plan.keyboard.press("Space")
    plan.keyboard.press("ArrowLeft")
    plan.keyboard.press("Space")
    assert plan.url == address
    expect(plan.locator("[data-count]")).to_have_text("2 间已选 · 200.00 ㎡")
    chosen = f"{tower[2].pk}&{{}}={tower[1].pk}"
    letting, merge = plan.locator("[data-let]"), plan.locator("[data-merge]")
    expect(letting).to_have_attribute("href", f"/leases/new/?unit={chosen.format('unit')}")
    expect(merge).to_have_attribute(
        "href", f"/units/{tower[2].pk}/merge/?with={tower[1].pk}"
    )  # fmt: skip
    plan.locator(".line a", has_text="201").click(modifiers=["Control"])
    expect(merge).to_be_hidden()
    plan.keyboard.press("Enter")
    expect(plan.locator("#panel")).to_contain_text("201")
    plan.locator("h1").click()
    plan.keyboard.press("ArrowRight")
    plan.wait_for_url(f"**on={TODAY() + timedelta(days=1)}**")


def test_taps_pick_several_and_words_mark(plan):
    plan.click("[data-picking]")
    plan.locator(".line a", has_text="102").click()
    plan.locator(".line a", has_text="103").click()
    expect(plan.locator("[data-count]")).to_contain_text("200.00 ㎡")
    plan.fill("[data-mark]", "甲公")
    expect(plan.locator(".line a.hit")).to_have_count(1)
    expect(plan.locator("[data-marked]")).to_have_text("1")


def test_the_paper_is_a3_landscape(plan):
    sheet = PdfReader(BytesIO(plan.pdf(prefer_css_page_size=True))).pages[0]
    width, height = float(sheet.mediabox.width), float(sheet.mediabox.height)
    assert (width, height) == (pytest.approx(1191, abs=2), pytest.approx(842, abs=2))
    words = normalize("NFKC", sheet.extract_text())
    assert "金荣科技园" in words
    assert str(TODAY()) in words


def test_a_unit_is_split_by_drawing(plan, tower):
    plan.goto(f"/units/{tower[1].pk}/split/")
    sheet = plan.locator("[data-sheet]")
    expect(plan.locator("[data-preview]")).to_contain_text("没有阻碍")
    spot = sheet.bounding_box()
    for share in (0.2, 0.8):  # top and bottom, a quarter from the left
        plan.mouse.click(
            spot["x"] + spot["width"] * 0.42, spot["y"] + spot["height"] * (share - 0.12)
        )
    expect(sheet.locator("path.part")).to_have_count(2)
    plan.click("[data-undo]")
    expect(sheet.locator("path.part")).to_have_count(0)
    plan.click("[data-halve] >> nth=0")
    expect(sheet.locator("path.part")).to_have_count(2)
    expect(plan.locator("[name=parts]")).to_have_value("102A 50.00\n102B 50.00")
    shot(plan, "split")
    plan.wait_for_load_state("networkidle")
    plan.click("form.cutting button.main")
    plan.wait_for_url(f"**/units/{tower[1].pk}/")
    parts = list(Unit.objects.filter(number__startswith="102").exclude(pk=tower[1].pk))
    assert [part.number for part in parts] == ["102A", "102B"]
    whole = area_m2(outline(2, 3))
    assert [area_m2(part.outline) for part in parts] == pytest.approx([whole / 2] * 2, rel=0.01)
    plan.goto(f"/parks/JR/stacking/?on={TODAY() + timedelta(days=1)}")
    expect(plan.locator(".line a", has_text="102A")).to_be_visible()


def test_a_merge_is_shown_before_it_is_made(plan, tower):
    plan.goto(f"/units/{tower[1].pk}/merge/?with={tower[2].pk}")
    expect(plan.locator("form.cutting tfoot")).to_contain_text("200.00")
    assert plan.locator("form.cutting svg path").count() == 3
    shot(plan, "merge")
