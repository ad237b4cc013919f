"""The entries at the left: which is current, and which stand below it."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.navigation import navigation
from tests.factories import make_lease, make_unit


def shown(user, path):
    entries = navigation(user, path, date(2026, 6, 30))
    current = [one["url"] for one in entries if one["current"]]
    return current, [one["url"] for one in entries if one["below"]]


def test_the_plan_of_a_park_is_the_plans_entry(operator):
    assert shown(operator, "/parks/JR/stacking/") == (["/stacking/"], [])
    assert shown(operator, "/parks/JR/")[0] == ["/parks/"]
    assert shown(operator, "/")[0] == ["/"]


def test_the_parts_of_letting_stand_below_the_leases(operator):
    facts = ["/visits/", "/accounts/claims/", "/fundings/", "/intellectual-property/"]
    facts += ["/corporate-events/", "/figures/"]
    below = ["/holds/", "/moves/", "/move-outs/"]
    assert shown(operator, "/leases/7/") == (["/leases/"], below)
    assert shown(operator, "/move-outs/") == (["/move-outs/"], below)
    assert shown(operator, "/tenants/") == (["/tenants/"], facts)
    assert shown(operator, "/visits/") == (["/visits/"], facts)


def test_a_startup_finds_nothing_of_the_staff(startup):
    assert {one["url"] for one in navigation(startup, "/", date(2026, 6, 30))} == {
        "/", "/applications/", "/inbox/", "/apply/", "/my/space/", "/vacancies/",
        "/my/figures/", "/my/problems/",
    }  # fmt: skip


def test_a_page_of_parts_asks_once_for_its_frame(client, jr, operator):
    lease = make_lease(units=[make_unit(park=jr)], start=date(2026, 6, 1), end=date(2027, 6, 1))
    client.force_login(operator)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/leases/{lease.pk}/")
    assert page.status_code == 200
    inbox = [one for one in asked.captured_queries if 'FROM "parks_notice"' in one["sql"]]
    assert len(inbox) == 1
