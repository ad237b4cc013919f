"""An operator's whole day in a real browser, from the board to the settings; then once in English."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect
from shapely.geometry import box

from parks.models import Subscription, UnitChange
from parks.notices import unread
from tenants import services as letting
from tenants.models import Lease
from tests.factories import (
    NOBODY,
    make_building,
    make_draft,
    make_floor,
    make_lease,
    make_tenant,
    make_unit,
)
from tests.journeys.test_roles import log_in, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def morning(jr, operator):
    """101 let and ending in 80 days, 102 held until tomorrow, 103 about to be let, 104 vacant."""
    today = timezone.localdate()
    floor = make_floor(building=make_building(park=jr, code="1", name="1栋"), ordinal=1, name="1F")
    units = [
        make_unit(floor=floor, number=f"10{n}", area=100, geometry_source="indicative",
                  exists_from=today - timedelta(days=500 if n == 1 else 20),
                  outline=box(112.88 + n * 1e-4, 28.30, 112.88 + (n + 1) * 1e-4, 28.3001))
        for n in (1, 2, 3, 4)
    ]  # fmt: skip
    firm = make_tenant(name="长沙湘芯科技有限公司", home_park=jr)
    make_lease(units=units[:1], tenant=firm, start=today - timedelta(days=400),
               end=today + timedelta(days=80))  # fmt: skip
    letting.hold_unit(unit=units[1], applicant="路过的客户", start=today - timedelta(days=2),
                      end=today + timedelta(days=2), by=NOBODY)  # fmt: skip
    make_draft(units=units[2:3], tenant=make_tenant(name="望城新租科技有限公司", home_park=jr),
               start=today, start_by=today + timedelta(days=30), end=today + timedelta(days=700))  # fmt: skip
    call_command("daily")
    return units


def count_of(page, task):
    page.goto("/")
    return page.locator(f"a[href^='/tasks/{task}/'] b").first.inner_text()


def confirm(page):
    """Give the form of an act its reason, and press its button."""
    page.locator("form.sheet .actions button").wait_for()  # count() does not wait
    reason = page.locator("form.sheet [name=reason]")
    if reason.count():
        reason.fill("当日办理")
    page.click("form.sheet .actions button")
    page.locator("p.notice.success").wait_for()


def cell(page, number):
    return page.locator(".line a", has_text=number)


def test_a_whole_day(page, morning):
    today = timezone.localdate()
    operator = get_user_model().objects.get(username="operator")
    log_in(page, "operator")
    assert count_of(page, "ending-first") == count_of(page, "hold-lapsing") == "1"
    shot(page, "day-board")

    field = page.get_by_role("combobox", name="搜索")
    field.press_sequentially("csxx", delay=20)
    page.locator("#finds a[role=option]").first.wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/tenants/*/**")
    shot(page, "day-tenant")

    page.goto("/parks/JR/stacking/")
    assert "held" in cell(page, "102").get_attribute("class")
    for days in (1, 2):
        page.locator("h1").click()
        page.keyboard.press("ArrowRight")
        page.wait_for_url(f"**on={today + timedelta(days=days)}**")
    assert "vacant" in cell(page, "102").get_attribute("class")
    shot(page, "day-plan")

    assert unread(operator, today) == 2
    page.goto("/tasks/hold-lapsing/")
    shot(page, "day-holds")
    page.locator("tbody a", has_text="102").click()
    page.click("a[href$='/release/']")
    shot(page, "day-release")
    confirm(page)
    assert count_of(page, "hold-lapsing") == "0"
    assert unread(operator, today) == 1

    lease = Lease.objects.get(signed_on=None)
    page.goto(f"/leases/{lease.pk}/")
    page.click(".acts a[href$='/sign/']")
    shot(page, "day-sign")
    confirm(page)
    assert count_of(page, "not-handed-over") == "1"
    page.goto(f"/leases/{lease.pk}/")
    page.click(".acts a[href$='/hand-over/']")
    shot(page, "day-hand-over")
    confirm(page)
    shot(page, "day-lease")
    assert count_of(page, "not-handed-over") == "0"
    page.goto("/parks/JR/stacking/")
    assert "let" in cell(page, "103").get_attribute("class").split()

    page.goto(f"/units/{morning[3].pk}/split/")
    page.fill("[name=effective_on]", str(today + timedelta(days=10)))
    page.fill("[name=parts]", "104A 40\n104B 60")
    page.locator("[data-preview]", has_text="没有阻碍").wait_for()
    page.click("form.cutting button.main")
    page.wait_for_url(f"**/units/{morning[3].pk}/**")
    assert count_of(page, "changes") == "1"
    page.goto("/changes/?planned=1")
    shot(page, "day-changes")
    page.click("tbody a[href$='/cancel/']")
    shot(page, "day-cancel")
    confirm(page)
    assert count_of(page, "changes") == "0"
    assert not UnitChange.objects.standing().exists()

    page.goto("/ledger/")
    shot(page, "day-ledger")
    with page.expect_download() as coming:
        page.click("form[action$='/ledger/export/'] button")
    book = load_workbook(BytesIO(coming.value.path().read_bytes()))
    assert book.sheetnames[:4] == ["房源", "企业", "合同", "合同明细"]
    numbers = {str(value) for row in book["房源"].iter_rows(values_only=True) for value in row}
    assert {"101", "102", "103", "104"} <= numbers
    assert "104A" not in numbers

    page.goto("/inbox/")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("湘芯")
    page.get_by_role("button", name="标为已读", exact=True).click()
    page.get_by_role("button", name="标为未读").wait_for()
    shot(page, "day-inbox")
    assert unread(operator, today) == 0

    page.goto("/me/notices/")
    old = Subscription.objects.get(user=operator).token
    assert page.request.get(f"/calendar/{old}.ics").status == 200
    page.click("button[name=renew]")
    page.locator("p.notice.success").wait_for()
    shot(page, "day-calendar")
    assert page.request.get(f"/calendar/{old}.ics").status == 404

    page.goto("/")
    page.click("a[href='/parks/JR/settings/']")
    page.fill("[name=first_warning_days]", "79")
    shot(page, "day-settings")
    confirm(page)
    assert count_of(page, "ending-first") == "0"


def test_the_same_pages_in_english(page, morning):
    log_in(page, "operator")
    page.click("button[name=language][value=en]")
    page.wait_for_load_state()
    lease = Lease.objects.get(signed_on=None)
    pages = {
        "board": "/", "plan": "/parks/JR/stacking/", "holds": "/tasks/hold-lapsing/",
        "lease": f"/leases/{lease.pk}/", "split": f"/units/{morning[3].pk}/split/",
        "ledger": "/ledger/", "inbox": "/inbox/", "calendar": "/me/notices/",
        "settings": "/parks/JR/settings/", "problems": "/problems/",
    }  # fmt: skip
    for name, address in pages.items():
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == "en"
        shot(page, f"day-english-{name}")
