"""A founder asks on a phone, the operator answers and returns the form, the founder reads what to do."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.applications import make_application, take
from tests.factories.incubation import make_carrier
from tests.journeys.test_roles import log_in, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_asked_answered_and_returned(page, jr, operator, startup):
    today = timezone.localdate()
    application = make_application(
        carrier=make_carrier(park=jr), tenant=startup.tenants.get(), on=today,
        move_in_on=today + timedelta(days=40),
    )  # fmt: skip
    take(application, "submit", on=today)
    address = f"/applications/{application.pk}/"
    log_in(page, "startup")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    page.get_by_label("留言").fill("何时能看场地？")
    page.get_by_role("button", name="发送留言").click()
    expect(page.locator(".talk")).to_contain_text("何时能看场地？")
    expect(page.get_by_label("留言")).to_have_value("")
    page.context.clear_cookies()
    log_in(page, "operator")
    page.goto(address)
    shot(page, "application-to-check")
    page.get_by_role("link", name="形式审查").click()
    page.get_by_label("团队").fill("写明全职人数")
    page.get_by_label("受理，进入评审").check()
    page.get_by_role("button", name="保存审查结果").click()
    expect(page.get_by_role("alert")).to_contain_text("退回补正")
    shot(page, "application-check")
    page.get_by_label("退回补正").check()
    page.get_by_role("button", name="保存审查结果").click()
    page.wait_for_url(f"**{address}")
    page.context.clear_cookies()
    log_in(page, "startup")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    expect(page.locator("#next")).to_contain_text("写明全职人数")
    page.get_by_role("link", name="现在补正").click()
    page.wait_for_url(f"**/apply/{application.pk}/")
