"""A day of each role in a real browser, in both widths and languages, with the axe scan."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect
from shapely.geometry import box

from parks import services as space
from tenants.models import Lease, LeaseLine
from tests.factories import NOBODY, make_building, make_floor, make_lease, make_tenant, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = Path(settings.BASE_DIR) / "var" / "screenshots"
LON, LAT, STEP = 112.88, 28.30, 0.0001
TODAY = timezone.localdate
#: Two frames later the page stands as the new width wants it.
LAID_OUT = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture
def district(jr, ld, bureau, operator, startup):
    """Two parks with a floor each: let to the startup's firm, vacant, out of use."""
    for i, park in enumerate((jr, ld)):
        west = LON + i * 0.02

        def at(a, b, west=west):
            return box(west + a * STEP, LAT, west + b * STEP, LAT + 3 * STEP)

        park.boundary, park.geometry_source = at(-2, 8).buffer(STEP), "indicative"
        park.save()
        building = make_building(park=park, code="1", name="1栋", footprint=at(0, 6))
        floor = make_floor(building=building, ordinal=1, name="1F", outline=at(0, 6))
        units = [
            make_unit(floor=floor, number=f"10{n}", area=100, outline=at(2 * n - 2, 2 * n),
                      geometry_source="indicative")
            for n in (1, 2, 3)
        ]  # fmt: skip
        tenant = startup.tenants.get() if park == jr else make_tenant(name="联东企业")
        make_lease(units=units[:1], tenant=tenant, start=date(2024, 1, 1),
                   end=TODAY() + timedelta(days=40))  # fmt: skip
        space.close_unit(unit=units[2], reason="out_of_use", start=date(2023, 1, 1), by=NOBODY)
    return jr


def log_in(page, name):
    page.goto("/accounts/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", "demo")
    page.click("button.main")
    page.wait_for_url("**/")


def shot(page, name):
    """Scan the page for serious barriers and keep a picture at both widths.

    What htmx is still fetching is pale until it comes: the scan waits for it.
    """
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state()
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(LAID_OUT)
        page.screenshot(path=str(SHOTS / f"{name}-{width}.png"), full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 1, f"{name} scrolls sideways at {width} px by {wide}"
    page.set_viewport_size({"width": 1440, "height": 900})
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [v["id"] for v in found if v["impact"] in ("serious", "critical")]
    assert not serious, {
        v["id"]: [n["html"][:160] for n in v["nodes"]] for v in found if v["id"] in serious
    }


def drawn(page):
    """The map's own document, once its shapes are there."""
    frame = page.frame_locator("iframe.map-frame")
    frame.locator("path.leaflet-interactive").first.wait_for(state="attached")
    return frame


def test_bureau_from_district_to_unit(page, district):
    log_in(page, "bureau")
    shot(page, "bureau-home")
    page.click("nav.side a[href^='/maps/']")
    drawn(page)
    assert page.locator("table tbody tr").count() >= 2
    shot(page, "bureau-district")
    page.locator("table tbody tr a", has_text="金荣科技园").first.click()
    drawn(page)
    shot(page, "bureau-park")
    page.locator("table tbody tr a", has_text="1栋").first.click()
    frame = drawn(page)
    assert frame.locator("path.leaflet-interactive").count() == 3
    page.locator("table tbody tr a", has_text="101").first.click()
    page.locator("#panel", has_text="望城起点科技有限公司").wait_for()
    shot(page, "bureau-floor")
    page.goto(page.url.split("?")[0] + "?on=2023-06-30")
    drawn(page)
    assert "在租" not in page.locator("ul.legend").first.inner_text()


def test_the_day_is_one_control_with_keys(page, district):
    log_in(page, "bureau")
    page.goto("/units/?on=2024-03-31")
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**on=2024-04-01**")
    page.keyboard.press("Shift+ArrowLeft")
    page.wait_for_url("**on=2024-03-01**")
    assert "on=2024-03-01" in page.locator("nav.side a[href^='/maps/']").get_attribute("href")
    page.keyboard.press("t")
    page.wait_for_url(lambda url: "on=" not in url)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


def test_operator_lets_and_splits(page, district):
    make_tenant(name="新客户有限公司", home_park=district)
    log_in(page, "operator")
    shot(page, "operator-board")
    page.goto("/units/?state=vacant")
    shot(page, "operator-units")
    page.locator("tbody a", has_text="102").click()
    shot(page, "operator-unit")
    page.locator(".acts a[href*='/leases/new/']").click()
    page.fill("[name=tenant-words]", "新客户有限公司")
    page.fill("[name=start]", str(TODAY() + timedelta(days=1)))
    page.fill("[name=last_day]", str(TODAY() + timedelta(days=365)))
    page.fill("[name=lines-0-rent]", "35")
    page.locator("#conflicts .notice.success").wait_for()
    shot(page, "operator-lease-form")
    page.click("form.sheet button.main")
    page.wait_for_url("**/leases/*/")
    page.click(".acts a[href$='/sign/']")
    shot(page, "operator-sign")
    page.click("form.sheet button.main")
    page.wait_for_url("**/leases/*/")
    assert LeaseLine.objects.binding().filter(unit__number="102", lease__park=district).count() == 1
    shot(page, "operator-lease")
    unit = LeaseLine.objects.get(lease=Lease.objects.latest("pk")).unit
    page.goto(f"/units/{unit.pk}/split/")
    page.fill("[name=effective_on]", str(TODAY() + timedelta(days=100)))
    page.click("form[data-cutting] .actions button.main")
    refusal = page.locator(".errors")
    refusal.wait_for()
    assert "新客户有限公司" in refusal.inner_text()
    assert "102A" in page.locator("[name=parts]").input_value()


def test_startup_sees_vacancies_and_its_own_space(page, district):
    page.goto("/vacancies/")
    assert page.locator("table tbody tr").count() == 2
    assert "望城起点" not in page.content()
    shot(page, "public-vacancies")
    log_in(page, "startup")
    shot(page, "startup-home")
    assert page.locator("nav.side a[href^='/maps/']").count() == 0
    page.goto("/my/space/")
    page.locator("tbody a").first.click()
    shot(page, "startup-lease")
    assert page.locator(".acts a:not([href$='/sheet/'])").count() == 0


def test_english_is_one_click_away(page, district):
    log_in(page, "bureau")
    page.click("button[name=language][value=en]")
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "en"
    shot(page, "bureau-home-english")
