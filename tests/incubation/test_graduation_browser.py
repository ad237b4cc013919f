"""From the list of who could graduate to a decision and its revocation, in a real browser."""

from datetime import date

import pytest

from incubation import services as incubation
from tests.factories import NOBODY
from tests.factories.incubation import make_carrier, make_residency
from tests.incubation.graduates import graduate_rules, resident
from tests.journeys.test_roles import log_in, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_firm_graduates(page, jr, operator):
    graduate_rules()
    carrier = make_carrier(park=jr, name="金荣孵化器")
    resident(carrier=carrier, name="湘芯科技", high_tech=True, area=90)
    resident(carrier=carrier, name="望城起步")
    make_carrier(park=jr, stage="accelerator", name="金荣加速器")
    log_in(page, "operator")
    page.goto("/graduation/")
    shot(page, "graduation")
    page.get_by_role("link", name="可毕业").click()
    page.get_by_role("checkbox", name="湘芯科技").check()
    page.get_by_role("button", name="为勾选企业启动评审").click()
    shot(page, "review-open")
    page.get_by_role("button", name="封存证据并启动").click()
    page.wait_for_url("**/reviews/*/")
    page.locator(".findings summary").first.click()
    shot(page, "review")
    page.get_by_label("同意毕业").check()
    page.get_by_label("意见").fill("符合毕业条件，同意毕业")
    page.get_by_label("同时入驻").select_option(label="金荣加速器")
    page.get_by_label("新孵化协议编号").fill("JS-1")
    page.get_by_role("button", name="预览").click()
    page.locator("#preview").get_by_text("2 → 1").wait_for()
    shot(page, "review-preview")
    page.locator("button[name=decide]").click()
    page.get_by_text("决定已登记").wait_for()
    shot(page, "review-decided")
    page.get_by_role("link", name="撤销决定").click()
    page.get_by_text("金荣加速器").first.wait_for()
    shot(page, "review-revoke")


def test_graduates_are_followed(page, jr, operator):
    residency = make_residency(carrier=make_carrier(park=jr), entered_on=date(2022, 1, 10))
    incubation.leave_carrier(
        residency=residency, left_on=date(2024, 3, 1), outcome="graduated",
        destination="own_site", by=NOBODY,
    )  # fmt: skip
    log_in(page, "operator")
    page.goto("/follow-ups/")
    shot(page, "follow-ups")
    page.get_by_role("link", name="缺报").first.click()
    page.get_by_label("从业人数").fill("12")
    shot(page, "follow-up")
    page.get_by_role("button", name="登记").click()
    page.get_by_text("已登记").first.wait_for()
    page.get_by_role("link", name="仅汇总").click()
    page.get_by_role("button", name="登记同意").click()
    page.get_by_text("12 人").wait_for()
