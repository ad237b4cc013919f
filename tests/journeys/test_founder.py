"""A founder on a phone, from a vacant unit to having moved in; operator, reviewers, bureau at work."""

import re
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect
from shapely.geometry import box

from incubation import services as incubation
from incubation.models import Application
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from parks.models import Unit
from tenants.models import RentUnit
from tenants.services import set_asking_rents
from tests.conftest import person
from tests.factories import NOBODY, make_building, make_floor, make_unit
from tests.factories.applications import CONTENT, give_space
from tests.factories.incubation import make_carrier
from tests.journeys.test_roles import LAT, LON, STEP, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS, PASSWORD = "founder@example.cn", "wangcheng-2026"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@pytest.fixture
def carrier(jr, operator, bureau):
    """A maker space with two vacant offices; nobody reviews yet."""
    incubation.load_rule_sets(
        read_files(shipped(), METRICS), by=None, at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    incubation.load_score_sheets()
    cache.clear()  # it counts the letters asked for
    jr.boundary = box(LON - STEP, LAT - STEP, LON + 9 * STEP, LAT + 9 * STEP)
    jr.geometry_source = "indicative"
    jr.save()
    building = make_building(
        park=jr, code="5", name="5栋", footprint=box(LON, LAT, LON + 6 * STEP, LAT + 3 * STEP)
    )
    floor = make_floor(building=building, ordinal=3, name="3F",
                       outline=box(LON, LAT, LON + 6 * STEP, LAT + 3 * STEP))  # fmt: skip
    units = [
        make_unit(floor=floor, number=f"30{n}", kind="office", area=60 * n,
                  outline=box(LON + 2 * n * STEP, LAT, LON + (2 * n + 2) * STEP, LAT + 3 * STEP),
                  geometry_source="indicative")
        for n in (1, 2)
    ]  # fmt: skip
    carrier = make_carrier(park=jr, stage="makerspace", name="金荣众创空间")
    give_space(carrier, *units)
    return carrier


def enter(page, name, *, password="demo", size=DESK, to="/accounts/login/"):
    page.context.clear_cookies()
    page.set_viewport_size(size)
    page.goto(to)
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.click("button.main")
    page.wait_for_url("**/")


def link_in_mail(to, word):
    letter = next(one for one in reversed(mail.outbox) if one.to == [to] and word in one.body)
    return re.search(rf"https?://[^/\s]+({word}\S*)", letter.body)[1]


def state_of(application):
    return Application.objects.with_state(timezone.localdate()).get(pk=application.pk).state


def choose_password(page):
    for name in ("new_password1", "new_password2"):
        page.fill(f"[name={name}]", PASSWORD)
    page.click("main form button.main")


def register(page):
    page.locator("main").get_by_role("link", name="注册").click()
    page.fill("[name=name]", "李创")
    page.fill("[name=email]", ADDRESS)
    page.check("[name=terms]")
    page.click("main form button.main")
    page.goto(link_in_mail(ADDRESS, "/accounts/confirm/"))
    choose_password(page)
    page.select_option("[name=kind]", "team")
    page.fill("[name=name]", "晨光柔性储能团队")
    page.click("main form button.main")


def write(page):
    page.get_by_role("button", name="申请入驻").first.click()
    for name in ("title", "summary", "technology", "team", "market", "finance", "safety"):
        page.fill(f"#id_{name}", CONTENT[name])
    today = timezone.localdate()
    for name, value in (("people", "5"), ("area_min_m2", "50"), ("area_max_m2", "80"),
                        ("move_in_on", today.isoformat()), ("months", "12"),
                        ("rent_most", "30")):  # fmt: skip
        page.fill(f"#id_{name}", value)
    expect(page.get_by_role("checkbox", name="301")).to_be_checked()
    page.wait_for_load_state()
    for box_ in page.locator("#commitments input").all():
        box_.check()
    page.select_option("#id_kind", "plan")
    page.set_input_files("#id_file", {"name": "商业计划书.pdf", "mimeType": "application/pdf",
                                      "buffer": b"%PDF-1.7 plan"})  # fmt: skip
    page.get_by_role("button", name="添加附件").click()
    expect(page.locator("#lacking")).to_contain_text("已齐全")
    expect(page.locator("form[data-unsaved]")).to_have_count(0)
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url("**/applications/*/")


def score(page, name, password, lost):
    """A reviewer reads the application that waits; each criterion loses ``lost`` points."""
    enter(page, name, password=password)
    page.goto("/reviewing/")
    page.get_by_role("link", name="阅读并评分").click()
    page.wait_for_url("**/reviewing/*/")  # what is listed by all() does not wait for the page
    for field in page.locator("form.scores input[type=number]").all():
        field.fill(str(int(field.get_attribute("max")) - lost))
    page.fill("form.scores [name=opinion]", "方向对，团队完整。")
    page.select_option("form.scores [name=recommends]", "yes")
    page.get_by_role("button", name="提交评审").click()
    expect(page.locator("main")).to_contain_text("我的评分")


def test_from_a_vacant_unit_to_having_moved_in(page, jr, carrier, media):
    page.set_default_timeout(15000)
    today = timezone.localdate()
    set_asking_rents(
        units=list(Unit.objects.all()), rent=28, rent_unit=RentUnit.M2_MONTH, start=today, by=NOBODY
    )

    # The bureau names who reviews: somebody new, who gets a letter, and somebody with an account.
    person("reviewer2")
    enter(page, "bureau")
    for name, called in (("reviewer", "周评"), ("reviewer2", "吴审")):
        page.goto("/reviewers/")
        page.get_by_role("link", name="增加专家").click()
        page.fill("[name=username]", name)
        page.fill("[name=name]", called)
        page.fill("[name=email]", f"{name}@example.cn")
        page.click("main form button.main")
        page.wait_for_url("**/reviewers/*/")
    page.context.clear_cookies()
    page.goto(link_in_mail("reviewer@example.cn", "/accounts/"))
    choose_password(page)

    # The founder, who has no account, finds a unit on a phone.
    page.context.clear_cookies()
    page.set_viewport_size(PHONE)
    page.goto("/vacancies/?kind=office")
    page.get_by_role("link", name="5栋 301").click()
    shot(page, "founder-unit")
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="申请").click()
    register(page)
    write(page)
    application = Application.objects.get()
    assert state_of(application) == "submitted"
    shot(page, "founder-sent")

    # The operator checks the form and asks two reviewers, who score without seeing each other.
    enter(page, "operator")
    page.goto(f"/applications/{application.pk}/")
    page.get_by_role("link", name="形式审查").click()
    page.get_by_role("radio", name="受理，进入评审").check()
    page.click("main form button.main")
    page.get_by_role("link", name="邀请专家评审").click()
    page.click("main form button.main")
    score(page, "reviewer", PASSWORD, 2)
    score(page, "reviewer2", "demo", 4)

    # The operator decides and offers the unit wished for.
    enter(page, "operator")
    page.goto(f"/applications/{application.pk}/")
    page.get_by_role("link", name="作出决定").click()
    shot(page, "founder-decide")
    page.get_by_role("radio", name="拟同意").check()
    page.fill("[name=opinion]", "符合众创空间方向，同意入驻。")
    page.click("main form button.main")
    page.get_by_role("link", name="预留房源").click()
    page.get_by_role("checkbox", name="301").check()
    page.get_by_role("button", name="预留并通知申请方").click()
    page.wait_for_url(f"**/applications/{application.pk}/")
    assert state_of(application) == "held"

    # The founder follows the letter and accepts on the phone.
    letter = link_in_mail(ADDRESS, f"/applications/{application.pk}/")
    enter(page, ADDRESS, password=PASSWORD, size=PHONE, to=letter)
    page.get_by_role("link", name="接受").click()
    page.get_by_role("button", name="接受").click()
    page.wait_for_url(f"**/applications/{application.pk}/")
    assert state_of(application) == "accepted"

    # Agreement and lease come from what is known, and are signed.
    enter(page, "operator")
    page.goto(f"/applications/{application.pk}/")
    page.get_by_role("link", name="起草协议和合同").click()
    page.fill("[name=agreement_number]", "FH-2026-001")
    shot(page, "founder-convert")
    page.click("main form button.main")
    page.get_by_role("link", name="登记入驻").click()
    page.click("main form button.main")
    page.wait_for_url(f"**/applications/{application.pk}/")
    assert state_of(application) == "moved_in"

    # The bureau counts one firm more in the chain, and nobody finds the unit vacant.
    enter(page, "bureau")
    page.goto("/chain/")
    page.goto("/residencies/")
    expect(page.locator("main")).to_contain_text("晨光柔性储能团队")
    page.goto("/vacancies/?kind=office")
    expect(page.get_by_role("link", name="5栋 302")).to_be_visible()
    expect(page.get_by_role("link", name="5栋 301")).to_have_count(0)

    # On its board the founder finds the space, the lease and the residency.
    enter(page, ADDRESS, password=PASSWORD, size=PHONE)
    expect(page.locator("main")).to_contain_text("301")
    shot(page, "founder-home")
