"""An operator keeps the register of tenants in a real browser."""

from datetime import date
from decimal import Decimal

import pytest

from parks.models import AuditEntry
from tenants import services as letting
from tenants.models import SavedFilter, Tenant, YearFigure
from tests.factories import NOBODY, make_lease, make_tenant, make_unit
from tests.journeys.test_roles import TODAY, log_in, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TWIN = "长沙湘芯科技（有限公司）"
PHONE, MAIL = "13800001234", "z3@example.cn"


@pytest.fixture
def firm(jr, operator):
    """The firm of the journey, a team beside it, and a record of the firm made twice."""
    made = make_tenant(name="长沙湘芯科技有限公司", home_park=jr, field="集成电路",
                       contact_name="李四", contact_phone=PHONE)  # fmt: skip
    make_tenant(name="启明创业团队", home_park=jr, kind="team")
    letting.add_person(tenant=made, name="张三", phone="13900005678", email=MAIL, by=NOBODY)
    twin = make_tenant(name=TWIN, home_park=jr, field="芯片", contact_phone=PHONE)
    make_lease(units=[make_unit(park=jr, number="301")], tenant=twin, start=date(2025, 1, 1),
               end=date(2030, 1, 1))  # fmt: skip
    return made


@pytest.fixture
def desk(page, firm):
    log_in(page, "operator")
    return page


def table(page):
    """The cells of the list as the screen shows them, headings first."""
    return page.locator(".table-wrap table").evaluate(
        """table => [...table.querySelectorAll('thead tr, tbody tr')].map(
            row => [...row.cells].map(cell => cell.innerText.trim()))"""
    )


def save(page):
    page.click("form.sheet button.main")
    page.wait_for_url(lambda url: "/tenants/" in url and url.rstrip("/")[-1].isdigit())


def test_the_list_remembers_and_exports_what_it_shows(desk, firm, tmp_path):
    desk.goto("/tenants/")
    desk.select_option(".filters [name=kind]", "firm")
    desk.click(".filters button.main")
    desk.wait_for_url("**kind=firm**")
    memory = desk.locator(".list-memory > details")
    memory.nth(0).locator("summary").first.click()
    desk.fill(".row.save [name=name]", "企业")
    desk.click(".row.save button.main")
    desk.locator(".message, [role=status]", has_text="已保存").first.wait_for()
    assert "kind=firm" in SavedFilter.objects.get(name="企业").query

    memory.nth(1).locator("summary").click()
    desk.check("[name=column][value=field]")
    desk.uncheck("[name=column][value=get_chain_display]")
    desk.click("details.menu button[value=columns].main")
    desk.wait_for_load_state()

    desk.goto("/tenants/")
    memory.nth(0).locator("summary").first.click()
    desk.click(".list-memory a >> text=企业")
    desk.wait_for_url("**kind=firm**")
    shown = table(desk)
    assert len(shown) == 3
    assert "领域" in shown[0]
    assert "产业链" not in shown[0]
    with desk.expect_download() as coming:
        desk.click(".filters a[href*='format=csv']")
    file = tmp_path / "list.csv"
    coming.value.save_as(file)
    lines = file.read_text("utf-8-sig").splitlines()
    told = [[cell or "—" for cell in line.split(",")] for line in lines]
    assert told == shown
    assert PHONE not in file.read_text("utf-8-sig")
    shot(desk, "tenant-list")


def test_telephones_are_shown_after_a_click_that_is_logged(desk, firm):
    desk.goto(f"/tenants/{firm.pk}/")
    assert not any(text in desk.content() for text in (PHONE, MAIL, "13900005678"))
    shot(desk, "tenant")
    desk.click("#people form button")
    desk.locator("#people", has_text=PHONE).wait_for()
    assert MAIL in desk.locator("#people").inner_text()
    assert AuditEntry.objects.get(action="view_personal").actor_name == "operator"
    desk.reload()
    assert PHONE not in desk.content()


def test_a_new_name_and_figures_in_ten_thousands(desk, firm):
    desk.goto(f"/tenants/{firm.pk}/rename/")
    desk.fill("[name=name]", "望城智云有限公司")
    desk.fill("[name=effective_on]", str(TODAY()))
    save(desk)
    for text in ("湘芯科技有限", "csxx", "wczy"):
        desk.goto(f"/tenants/?q={text}")
        assert desk.locator("tbody a", has_text="望城智云有限公司").count() == 1, text
    desk.goto(f"/tenants/{firm.pk}/")
    assert "长沙湘芯科技有限公司" in desk.locator("dl.facts").first.inner_text()
    desk.click("main a[href$='/figures/']")
    desk.fill("[name=year]", "2025")
    desk.select_option("[name=unit]", "10000")
    desk.fill("[name=revenue]", "123.45")
    desk.fill("[name=staff]", "12")
    shot(desk, "tenant-figures")
    save(desk)
    assert "1,234,500.00" in desk.content()
    assert YearFigure.objects.get().revenue == Decimal("1234500.00")


def test_a_duplicate_is_merged_and_its_address_leads_on(desk, firm):
    twin = Tenant.objects.get(name=TWIN)
    desk.goto("/tenants/duplicates/")
    assert TWIN in desk.locator("main").inner_text()
    shot(desk, "tenant-duplicates")
    desk.goto(f"/tenants/{firm.pk}/merge/")
    desk.type("[name=other-words]", "湘芯")
    desk.locator("[role=option]", has_text=TWIN).click()
    shot(desk, "tenant-merge-which")
    desk.click("form.sheet button.main")
    desk.wait_for_url("**other=**")
    desk.check("[name=field][value=other]")
    desk.fill("[name=reason]", "同一家，重复建档")
    shot(desk, "tenant-merge")
    desk.click("form.sheet button.danger")
    desk.wait_for_url(f"**/tenants/{firm.pk}/")
    assert "芯片" in desk.locator("dl.facts").first.inner_text()
    assert "301" in desk.locator("main").inner_text()
    desk.goto(f"/tenants/{twin.pk}/")
    assert desk.url.endswith(f"/tenants/{firm.pk}/")
    desk.goto(f"/tenants/?q={TWIN}")
    assert desk.locator("tbody a").all_inner_texts() == [firm.name]


def test_a_visit_is_recorded_and_its_problem_solved_in_english(desk, firm):
    desk.goto("/")
    desk.click("button[name=language][value=en]")
    desk.wait_for_load_state()
    desk.goto(f"/tenants/{firm.pk}/visit/")
    desk.fill("[name=visitor]", "区工信局")
    desk.fill("[name=subject]", "走访")
    desk.fill("[name=problems]", "用电增容\n招工难")
    save(desk)
    desk.locator("a", has_text="Handle").first.click()
    desk.fill("[name=solved_on]", str(TODAY()))
    desk.fill("[name=solution]", "已增容")
    save(desk)
    shot(desk, "tenant-english")
    desk.goto(f"/visits/?on__gte={TODAY().replace(month=1, day=1)}")
    assert desk.locator(".tile b").all_inner_texts() == ["1", "1", "2", "1"]
    assert str(TODAY()) in desk.locator("main").inner_text()
    shot(desk, "visits-english")
