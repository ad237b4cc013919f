"""A founder writes on a phone: what is typed is kept, also by one who is logged out, and is sent."""

from datetime import UTC, date, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from incubation import services as incubation
from incubation.models import Application
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from tests.at_once import at_once
from tests.factories import make_unit
from tests.factories.applications import CONTENT, give_space, make_application
from tests.factories.incubation import make_carrier
from tests.incubation.test_writing import with_papers
from tests.journeys.test_roles import log_in, shot

TEXTS = ("title", "summary", "technology", "team", "market", "finance", "safety")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_written_on_a_phone_kept_and_sent(page, startup, jr, media):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    incubation.load_rule_sets(read_files(shipped(), METRICS), by=None, at=at)
    carrier = make_carrier(park=jr, name="金荣孵化器")
    give_space(carrier, make_unit(park=jr, number="501", kind="office", area=120))
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(page, "startup")
    page.goto("/apply/")
    # On a slow line one types before the script is there that saves.
    late = []
    page.route("**/dossier*.js", lambda route: late.append(route))
    page.get_by_role("button", name="申请入驻").click()
    page.fill("#id_title", CONTENT["title"])
    late[0].continue_()
    page.unroute("**/dossier*.js")
    expect(page.locator("#eligible")).to_contain_text("未知")
    for name in TEXTS[1:-1]:
        page.fill(f"#id_{name}", CONTENT[name])
    for name, value in (("people", "12"), ("area_min_m2", "80"), ("move_in_on", "2039-01-01"),
                        ("months", "24")):  # fmt: skip
        page.fill(f"#id_{name}", value)
    page.select_option("#id_unit_kind", "office")
    page.get_by_role("checkbox", name="501").check()
    expect(page.locator("form[data-unsaved]")).to_have_count(0)
    row = Application.objects.get()
    assert (row.title, row.months) == (CONTENT["title"], 24)
    assert row.preferred_units.get().number == "501"
    # What cannot be kept stays in the browser, and is sent as soon as it can be.
    page.context.clear_cookies(name="sessionid")
    page.fill("#id_safety", CONTENT["safety"])
    expect(page.locator("#saved")).to_contain_text("您已退出登录")
    log_in(page, "startup")
    page.goto(f"/apply/{row.pk}/")
    expect(page.locator("#id_safety")).to_have_value(CONTENT["safety"])
    expect(page.locator("form[data-unsaved]")).to_have_count(0)
    row.refresh_from_db()
    assert row.safety == CONTENT["safety"]
    for box in page.locator("#commitments input").all():
        box.check()
    for kind in ("licence", "plan"):
        page.select_option("#id_kind", kind)
        page.set_input_files(
            "#id_file", {"name": f"{kind}.pdf", "mimeType": "application/pdf",
                         "buffer": b"%PDF-1.7 " + kind.encode()},
        )  # fmt: skip
        page.get_by_role("button", name="添加附件").click()
        expect(page.locator(".papers")).to_contain_text(f"{kind}.pdf")
    expect(page.locator("#lacking")).to_contain_text("已齐全")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    shot(page, "application-form")
    # Typed while no answer says that it is kept: here until its page says that it was sent.
    page.route("**/apply/*/", lambda route: (
        route.fulfill(body="") if "hx-request" in route.request.headers else route.continue_()
    ))  # fmt: skip
    page.fill("#id_team", "五人，两人全职")
    expect(page.locator("#saved")).to_have_text("")
    kept = "Object.keys(localStorage).filter((key) => /^(draft|dossier):/.test(key))"
    assert page.evaluate(kept) == [f"dossier:/apply/{row.pk}/"]
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url("**/applications/*/")
    assert page.evaluate(kept) == []
    assert row.steps.order_by("-sequence").first().act == "submit"
    row.refresh_from_db()
    assert row.team == "五人，两人全职"
    # Who logs out on purpose leaves nothing for the next one at this computer.
    page.evaluate("localStorage.setItem('dossier:/apply/0/', '{}')")
    page.locator(".person summary").click()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/accounts/login/")
    assert page.evaluate(kept) == []


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_is_sent_once(media):
    application = with_papers(make_application(), on=date(2026, 6, 10))
    answers = sorted(at_once("tests.incubation.sender", [[application.pk]] * 2))
    assert answers in (["application_state", "sent"], ["conflict", "sent"])
    assert application.steps.filter(act="submit").count() == 1
