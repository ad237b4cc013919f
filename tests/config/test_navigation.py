"""The entries at the left: which is current, and which stand below it."""

from datetime import date

from config.navigation import navigation


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


def test_who_only_reviews_is_not_led_to_applications(reviewer):
    entries = {one["url"] for one in navigation(reviewer, "/reviewing/", date(2026, 6, 30))}
    assert "/reviewing/" in entries
    assert "/applications/" not in entries
