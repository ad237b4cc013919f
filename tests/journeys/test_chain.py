"""The chain in Chromium: a carrier is made, filled, a firm admitted, graduated, and seen by all."""

from datetime import UTC, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import timezone
from playwright.sync_api import expect

from incubation.models import Carrier, GraduationReview, Residency
from incubation.services import load_rule_sets
from tests.factories import make_building, make_floor, make_lease, make_tenant, make_unit
from tests.incubation.metrics.world import bodies
from tests.journeys.test_roles import log_in, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = timezone.localdate


def day(**before):
    return (TODAY() - relativedelta(**before)).isoformat()


@pytest.fixture
def firm(jr, operator, bureau, startup):
    """The startup's firm, three years old, lets one of three rooms."""
    load_rule_sets(bodies(), by=None, at=datetime(2026, 1, 1, tzinfo=UTC))
    floor = make_floor(building=make_building(park=jr, code="5", name="5栋"), ordinal=3, name="3F")
    rooms = [make_unit(floor=floor, number=f"30{n}", area=100 * n) for n in (1, 2, 3)]
    tenant = startup.tenants.get()
    tenant.founded_on, tenant.home_park = TODAY() - relativedelta(years=3), jr
    tenant.save()
    make_lease(units=rooms[:1], tenant=tenant, start=TODAY() - timedelta(days=300),
               end=TODAY() + timedelta(days=400))  # fmt: skip
    make_tenant(name="望城终点科技有限公司", home_park=jr)
    return tenant


def send(page, **fields):
    for name, value in fields.items():
        field = page.locator(f"main form [name={name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.click("main form .actions button.main, main form .actions button.danger")


def pick(page, label, text, starts):
    """Type as a person does and take the suggestion that starts so."""
    page.get_by_role("combobox", name=label, exact=True).press_sequentially(text, delay=20)
    page.get_by_role("option", name=starts).first.click()


def test_a_firm_from_its_admission_to_the_chain_of_the_district(page, firm):
    page.set_default_timeout(15000)
    log_in(page, "operator")
    page.goto("/carriers/")
    page.click(".acts a.main")
    send(page, stage="incubator", name="金荣孵化器", opened_on=day(years=4))
    page.wait_for_url("**/carriers/*/")
    carrier = Carrier.objects.get()
    page.goto(f"/carriers/{carrier.pk}/assign/")
    send(page, numbers="301 302", start=day(years=4))
    page.wait_for_url(f"**/carriers/{carrier.pk}/*")
    expect(page.locator("main")).to_contain_text("300.00")
    shot(page, "carrier")

    page.goto("/residencies/new/")
    pick(page, "企业", "起点", "望城起点")
    pick(page, "载体", "金荣", "金荣孵化器")
    page.fill("[name=entered_on]", day(months=6))
    page.fill("[name=agreement_number]", "FH-001")
    page.fill("[name=registered_on]", day(months=6))
    send(page, consent_on=day(months=6))
    expect(page.locator("main .errors")).to_contain_text("豁免")
    shot(page, "admission-refused")
    expect(page.locator("[name=agreement_number]")).to_have_value("FH-001")
    send(page, exemption_reason="高层次人才项目，经园区办公会同意")
    page.wait_for_url("**/residencies/*/")
    residency = Residency.objects.get()
    assert residency.exempted_by.username == "operator"
    assert residency.due_on == residency.entered_on + relativedelta(months=48)
    shot(page, "residency")

    page.goto("/graduation/")
    expect(page.locator("main")).to_contain_text("望城起点")
    page.goto(f"/tenants/{firm.pk}/qualification/")
    send(page, kind="high_tech", start=day(months=1), number="GR202643000001")
    page.wait_for_url(f"**/tenants/{firm.pk}/")
    page.goto("/graduation/")
    row = page.locator("tbody tr", has_text="望城起点")
    expect(row).to_contain_text("可毕业")
    row.locator("input[type=checkbox]").check()
    shot(page, "graduation")
    page.get_by_role("button", name="为勾选企业启动评审").click()
    page.wait_for_url("**/reviews/**")
    if "/reviews/open/" in page.url:
        page.click("main form .actions button.main")
    page.wait_for_url("**/reviews/*/")
    page.check("[name=decision][value=graduate]")
    page.fill("[name=opinion]", "已取得高新技术企业证书，同意毕业")
    page.fill("[name=graduates_on]", TODAY().isoformat())
    page.select_option("[name=destination]", "own_site")
    page.click("button[name=preview]")
    expect(page.locator("#preview")).to_be_visible()
    shot(page, "review")
    page.click("button[name=decide]")
    expect(page.locator("#decision")).to_contain_text("同意毕业")
    review = GraduationReview.objects.get()
    assert (review.verdict, review.decision) == ("met", "graduate")
    assert Residency.objects.get().outcome == "graduated"

    page.goto(f"/tenants/{firm.pk}/")
    expect(page.locator("main")).to_contain_text("金荣孵化器")
    shot(page, "tenant-way")
    page.context.clear_cookies()
    log_in(page, "bureau")
    page.goto("/chain/")
    expect(page.locator(".stage-graduated b")).to_have_text("1")
    shot(page, "chain")
    page.click(".stage-graduated b a")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator(".way")).to_contain_text("毕业")
    page.goto(f"/carriers/{carrier.pk}/")
    page.context.clear_cookies()
    log_in(page, "startup")
    page.goto(f"/residencies/{residency.pk}/")
    expect(page.locator("main")).to_contain_text("金荣孵化器")
    shot(page, "startup-residency")
    assert page.goto("/chain/").status == 403


def test_the_chain_speaks_english_too(page, firm):
    log_in(page, "bureau")
    page.click("button[name=language][value=en]")
    for address, words in (
        ("/chain/", "Incubation chain"), ("/carriers/", "Carriers"),
        ("/residencies/", "Residencies"), ("/residencies/due/", "over-stay"),
        ("/graduation/", "Who could graduate"), ("/rules/", "Rules"),
        ("/follow-ups/", "Graduates"), ("/tax-months/", "Tax"),
    ):  # fmt: skip
        page.goto(address)
        expect(page.locator("main")).to_contain_text(words, ignore_case=True)
        shot(page, f"en{address.replace('/', '-')}")
