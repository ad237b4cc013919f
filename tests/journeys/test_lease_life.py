"""A lease in Chromium from two cells of the stacking plan to the last step of its move-out."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from shapely.geometry import box

from tenants.models import Document, Lease, MoveOut, Tenant
from tests.factories import make_building, make_floor, make_lease, make_tenant, make_unit
from tests.journeys.test_roles import log_in, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = timezone.localdate


def ago(days):
    return str(TODAY() - timedelta(days=days))


@pytest.fixture
def floor(jr, media):
    floor = make_floor(building=make_building(park=jr, code="1", name="1栋"), ordinal=1, name="1F")
    units = [
        make_unit(floor=floor, number=f"10{n}", area=100, geometry_source="indicative",
                  outline=box(112.88 + n * 1e-4, 28.30, 112.88 + (n + 1) * 1e-4, 28.3001))
        for n in (1, 2, 3)
    ]  # fmt: skip
    make_lease(units=units[:1], tenant=make_tenant(name="甲公司", home_park=jr),
               start=TODAY() - timedelta(days=400), end=TODAY() + timedelta(days=60))  # fmt: skip
    return floor


@pytest.fixture
def desk(page, operator, floor):
    log_in(page, "operator")
    page.set_default_timeout(15000)
    return page


def act(page, name, **fields):
    """Open the act of the lease shown, fill it in and do it."""
    page.click(f".acts a[href$='/{name}/']")
    send(page, **fields)


def send(page, **fields):
    for field, value in fields.items():
        page.fill(f"form.sheet [name={field}]", value)
    page.click("form.sheet .actions button.button")
    page.wait_for_url("**/leases/*/")


def test_a_lease_from_the_plan_to_the_keys_handed_back(desk, floor, tmp_path):
    page = desk
    page.goto("/parks/JR/stacking/")
    expect(page.locator("nav.side [aria-current]")).to_have_text("租控图")
    for number in ("102", "103"):
        page.locator(".line a", has_text=number).click(modifiers=["Control"])
    page.click("[data-let]")
    page.locator("summary", has_text="新建企业").click()
    page.fill("[name=new_name]", "湘江微电子有限公司")
    page.fill("[name=new_contact]", "李工")
    for row in (0, 1):
        page.fill(f"[name=lines-{row}-rent]", "30")
    page.fill("[name=start]", ago(30))
    page.fill("[name=last_day]", str(TODAY() + timedelta(days=700)))
    page.fill("[name=deposit_months]", "2")
    sums = page.locator("#conflicts")
    expect(sums).to_contain_text("6,000.00")
    expect(sums).to_contain_text("12,000.00")
    expect(sums.locator(".notice.success")).to_be_visible()
    shot(page, "lease-form")
    paper = tmp_path / "意向书.pdf"
    paper.write_bytes(b"%PDF-1.7\n1 0 obj")
    page.set_input_files("[name=papers]", paper)
    page.click("form.sheet .actions button.main")
    page.wait_for_url("**/leases/*/")
    lease = Lease.objects.latest("pk")
    assert lease.tenant == Tenant.objects.get(name="湘江微电子有限公司")
    assert (lease.deposit, lease.lines.count()) == (Decimal(12000), 2)
    assert Document.objects.get().name == "意向书.pdf"

    act(page, "submit")
    act(page, "reject", reason="租金低于底价")
    expect(page.locator("#approval")).to_contain_text("租金低于底价")
    shot(page, "lease-rejected")
    page.click(".acts a[href$='/edit/']")
    for row in (0, 1):
        page.fill(f"[name=lines-{row}-rent]", "33")
    page.click("form.sheet .actions button.main")
    page.wait_for_url(f"**/leases/{lease.pk}/")
    act(page, "submit")
    act(page, "sign", day=ago(31))
    act(page, "hand-over", day=ago(30))
    expect(page.locator("#schedule")).to_contain_text("全期")
    with page.expect_download() as book:
        page.click("#schedule a >> text=xlsx")
    assert book.value.suggested_filename.endswith(".xlsx")
    sheet = page.request.get(page.locator(".acts a[href$='/sheet/']").get_attribute("href"))
    assert sheet.body().startswith(b"%PDF")
    shot(page, "lease-running")

    page.click(".acts a[href$='/amend/']")
    page.fill("[name=effective_on]", ago(10))
    page.click("form.sheet .actions button.main")
    page.wait_for_url("**/edit/")
    page.fill("[name=lines-0-rent]", "35")
    page.click("form.sheet .actions button.main")
    page.wait_for_url("**/leases/*/")
    act(page, "sign")
    amended = Lease.objects.get(previous=lease)
    assert amended.signed_on == TODAY()

    page.goto("/leases/?state=active")
    for one in page.locator("tbody input[name=lease]").all():
        one.check()
    page.locator("form[action$='/renew/'] button").click()
    page.fill("[name=percent]", "5")
    page.click("[name=preview]")
    expect(page.locator("tbody")).to_contain_text("36.75")
    shot(page, "lease-bulk-renew")
    page.click("[name=apply]")
    page.wait_for_url(lambda url: "/renew/" not in url)
    assert Lease.objects.filter(kind="renewal", signed_on=None).count() == 2

    page.goto(f"/leases/{amended.pk}/")
    page.click(".acts a[href$='/ask-surrender/']")
    page.fill("[name=leaves_on]", ago(0))
    page.click("form.sheet .actions button.main")
    page.wait_for_url("**/terminate/?day=*")
    send(page, reason="迁入自有厂房")
    steps = page.locator("#move-out")
    for _step in range(5):
        steps.get_by_role("link").first.click()
        page.click("form.sheet .actions button.button")
        page.wait_for_url("**/leases/*/")
    assert steps.get_by_role("link").count() == 0
    shot(page, "lease-moved-out")
    assert not MoveOut.objects.open().exists()
    assert not Lease.objects.deposit_open(TODAY()).exists()
    page.goto("/parks/JR/stacking/")
    assert page.locator(".line a.state-vacant, .line a[class*=vacant]").count() == 2


def test_what_was_typed_comes_back_with_its_tenant_and_units(desk):
    page = desk
    page.goto("/leases/new/")
    tenant = page.locator("#id_tenant")
    tenant.press_sequentially("jgs")
    expect(page.locator("#id_tenant-found [role=option]")).to_have_count(1)
    tenant.press("Enter")
    expect(tenant).to_have_value("甲公司")
    page.click("[data-add-row]")
    unit = page.locator("#id_lines-1-unit")
    unit.press_sequentially("1栋 10")
    expect(page.locator("#id_lines-1-unit-found [role=option]")).to_have_count(3)
    unit.press("ArrowDown")
    unit.press("Enter")
    page.select_option("[name=lines-1-rent_unit]", "month")
    chosen = [page.locator(f"[name={name}]").input_value() for name in ("tenant", "lines-1-unit")]
    page.goto("/leases/")
    page.goto("/leases/new/")
    again = [page.locator(f"[name={name}]").input_value() for name in ("tenant", "lines-1-unit")]
    assert again == chosen
    assert "102" in unit.input_value()
    assert page.locator("[name=lines-1-rent_unit]").input_value() == "month"
    page.set_viewport_size({"width": 390, "height": 900})
    cells = [page.locator("#id_lines-1-unit"), page.locator("[name=lines-1-rent]")]
    top, below = (cell.bounding_box() for cell in cells)
    assert below["y"] > top["y"] + top["height"]
