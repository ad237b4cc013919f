"""The operator's day in a real browser: board, list, search as one types, inbox."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from parks import notices
from tests.factories import make_lease, make_tenant, make_unit
from tests.journeys.test_roles import log_in, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_board_to_what_waits(page, jr, operator):
    today = timezone.localdate()
    lease = make_lease(
        units=[make_unit(park=jr, number="501")], start=date(2024, 1, 1),
        end=today + timedelta(days=20), tenant=make_tenant(name="长沙湘芯科技有限公司", home_park=jr),
    )  # fmt: skip
    notices.settle(today)
    log_in(page, "operator")
    shot(page, "waiting-board")
    page.click("a[href^='/tasks/ending-last/']")
    page.get_by_role("link", name=lease.number).wait_for()
    shot(page, "waiting-list")

    field = page.get_by_role("combobox", name="搜索")
    field.press_sequentially("csxx", delay=20)
    page.locator("#finds a[role=option]").first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    shot(page, "waiting-search")
    field.press("Escape")
    assert page.locator("#finds").is_hidden()
    field.press("ArrowDown")
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant")
    field.press("Enter")
    page.wait_for_url("**/tenants/*/**")

    page.goto("/inbox/")
    shot(page, "waiting-inbox")
    page.get_by_role("button", name="标为已读", exact=True).click()
    page.get_by_role("button", name="标为未读").wait_for()
    page.goto("/me/notices/")
    shot(page, "waiting-subscription")
    page.goto("/parks/JR/settings/")
    shot(page, "waiting-settings")
    page.goto("/problems/")
    shot(page, "waiting-problems")
