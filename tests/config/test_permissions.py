"""Every address × every role. An address that is not in the table fails the test."""

from datetime import date

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from parks import services as space
from tenants import services as letting
from tests.factories import NOBODY, make_draft, make_floor, make_lease, make_tenant, make_unit

PEOPLE = (
    "anonymous",
    "stranger",
    "reviewer",
    "startup",
    "operator2",
    "operator",
    "bureau",
    "admin",
)
#: Answers in the order of PEOPLE: 200, 302 to the log-in, 403 wrong role, 404 not yours.
EVERYBODY = (200,) * 8
LOGGED_IN = (302,) + (200,) * 7
PARK_STAFF = (302, 403, 403, 403, 200, 200, 200, 200)
ONE_PARK = (302, 403, 403, 403, 404, 200, 200, 200)
OPERATORS = (302, 403, 403, 403, 200, 200, 403, 200)
OWN_OPERATOR = (302, 403, 403, 403, 404, 200, 403, 200)
#: Acts on a tenant, and on what is known of it.
FACTS = (
    "tenant-rename", "tenant-person", "tenant-qualification", "tenant-figures", "tenant-visit",
    "tenant-merge", "person-edit", "person-remove", "qualification-edit", "qualification-remove",
    "figure-edit", "figure-confirm", "visit-edit", "visit-problem", "problem-edit",
)  # fmt: skip
TABLE = {
    "home": LOGGED_IN, "search": LOGGED_IN, "healthz": EVERYBODY, "login": EVERYBODY,
    "password_change": LOGGED_IN, "password_change_done": LOGGED_IN,
    "logout": (405,) * 8, "set_language": (302,) * 8,
    "tenants:park-list": PARK_STAFF, "tenants:park-detail": ONE_PARK,
    "tenants:park-edit": OWN_OPERATOR, "tenants:building-edit": OWN_OPERATOR,
    "tenants:building-detail": ONE_PARK, "tenants:unit-list": PARK_STAFF,
    "tenants:unit-detail": ONE_PARK,
    **{f"tenants:unit-{act}": OWN_OPERATOR for act in
       ("split", "merge", "close", "renumber", "correct", "hold")},
    "tenants:closure-end": OWN_OPERATOR, "tenants:change-list": PARK_STAFF,
    "tenants:change-cancel": OWN_OPERATOR, "tenants:lease-list": PARK_STAFF,
    "tenants:lease-new": OPERATORS, "tenants:lease-conflicts": (302, 403, 403, 403, 405, 405, 403, 405),
    "tenants:lease-detail": (302, 403, 403, 200, 404, 200, 200, 200),
    "tenants:lease-edit": OWN_OPERATOR,
    **{f"tenants:lease-{act}": OWN_OPERATOR for act in
       ("submit", "reject", "sign", "hand-over", "terminate", "void", "renew", "amend")},
    "tenants:hold-list": PARK_STAFF, "tenants:hold-release": OWN_OPERATOR,
    "tenants:my-space": (302, 403, 403, 200, 200, 200, 200, 200),
    "tenants:tenant-list": PARK_STAFF, "tenants:tenant-new": OPERATORS,
    "tenants:tenant-detail": (302, 403, 403, 200, 404, 200, 200, 200),
    "tenants:tenant-edit": OWN_OPERATOR,
    **{f"tenants:{act}": OWN_OPERATOR for act in FACTS},
    "tenants:tenant-duplicates": OPERATORS, "tenants:visit-list": PARK_STAFF,
    "tenants:tenant-personal": (302, 403, 403, 403, 405, 405, 405, 405),
    "tenants:audit-list": PARK_STAFF,
    **{f"maps:district{part}": PARK_STAFF for part in ("", "-page", "-document", "-data")},
    **{f"maps:park{part}": ONE_PARK for part in ("", "-page", "-document", "-data")},
    **{f"maps:building{part}": ONE_PARK for part in ("", "-page", "-document", "-data")},
    "maps:unit-panel": ONE_PARK, "maps:imdf": OPERATORS,
    **{f"maps:floor-check{part}": OWN_OPERATOR for part in ("", "-document", "-data")},
    **{f"maps:vacancies{part}": EVERYBODY for part in ("", "-document", "-data")},
    "api:schema": (401, 200, 200, 200, 200, 200, 200, 200),
    "api:docs": (401, 200, 200, 200, 200, 200, 200, 200),
    "api:token": (405,) * 8,
    "api:park-list": (401, 403, 403, 403, 200, 200, 200, 200),
    "api:park-detail": (401, 403, 403, 403, 404, 200, 200, 200),
    "api:building-list": (401, 403, 403, 403, 200, 200, 200, 200),
    "api:building-detail": (401, 403, 403, 403, 404, 200, 200, 200),
    "api:floor-list": (401, 403, 403, 403, 200, 200, 200, 200),
    "api:floor-detail": (401, 403, 403, 403, 404, 200, 200, 200),
    "api:unit-list": (401, 200, 200, 200, 200, 200, 200, 200),
    "api:unit-detail": (401, 404, 404, 200, 404, 200, 200, 200),
    "api:tenant-list": (401, 403, 403, 200, 200, 200, 200, 200),
    "api:tenant-detail": (401, 403, 403, 200, 404, 200, 200, 200),
    "api:qualification-list": (401, 403, 403, 200, 200, 200, 200, 200),
    "api:qualification-detail": (401, 403, 403, 200, 404, 200, 200, 200),
    "api:year-figure-list": (401, 403, 403, 200, 200, 200, 200, 200),
    "api:year-figure-detail": (401, 403, 403, 200, 404, 200, 200, 200),
    "api:visit-list": (401, 403, 403, 403, 200, 200, 200, 200),
    "api:visit-detail": (401, 403, 403, 403, 404, 200, 200, 200),
    "api:lease-list": (401, 403, 403, 200, 200, 200, 200, 200),
    "api:lease-detail": (401, 403, 403, 200, 404, 200, 200, 200),
    "api:hold-list": (401, 403, 403, 200, 200, 200, 200, 200),
    "api:hold-detail": (401, 403, 403, 404, 404, 200, 200, 200),
    "api:indicator-list": (401, 403, 403, 403, 200, 200, 200, 200),
    "api:indicator-series": (401, 403, 403, 403, 200, 200, 200, 200),
}  # fmt: skip
#: Acts of the API answer POST only; their permissions are tested where the acts are.
POST_ONLY = {
    "api:unit-split", "api:unit-merge", "api:unit-close", "api:lease-sign", "api:lease-submit",
    "api:lease-reject", "api:lease-hand-over", "api:lease-terminate", "api:lease-void",
    "api:lease-renew", "api:lease-amend", "api:hold-release",
    "api:tenant-rename", "api:tenant-merge",
}  # fmt: skip


def names(patterns=None, prefix=""):
    """Names of every address of ours; the admin site guards itself."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name == "admin":
                continue
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield prefix + pattern.name


def test_the_table_holds_every_address():
    assert set(names()) == set(TABLE) | POST_ONLY


@pytest.fixture
def world(jr, ld, startup, operator, operator2, bureau, reviewer, stranger, admin):
    """In JR: a let unit of the startup's firm, and one of everything that has an address."""
    floor = make_floor(park=jr, ordinal=1)
    let = make_unit(floor=floor, number="501")
    firm = startup.tenants.get()
    days = {"start": date(2020, 1, 1), "end": date(2039, 1, 1)}
    lease = make_lease(units=[let], tenant=firm, **days)
    draft = make_draft(units=[let], tenant=make_tenant(home_park=jr), **days)
    other = make_unit(floor=floor, number="502")
    hold = letting.hold_unit(unit=other, applicant="甲", by=NOBODY, **days)
    closed = make_unit(floor=floor, number="503")
    closure = space.close_unit(unit=closed, reason="own_use", start=date(2020, 1, 1), by=NOBODY)
    cut = make_unit(floor=floor, number="504")
    parts = [{"number": f"504{c}", "gross_area_m2": 50} for c in "AB"]
    change = space.split_unit(unit=cut, into=parts, effective_on=date(2039, 1, 1),
                              on=date(2026, 1, 1), by=NOBODY)  # fmt: skip
    facts = {
        "person": letting.add_person(tenant=firm, name="甲", by=NOBODY),
        "qualification": letting.record_qualification(
            tenant=firm, kind="high_tech", start=date(2025, 1, 1), by=NOBODY),
        "year": letting.record_figure(tenant=firm, year=2025, by=NOBODY),
        "visit": letting.record_visit(tenant=firm, on=date(2025, 1, 1), visitor="甲",
                                      subject="走访", problems=[{"text": "乙"}], by=NOBODY),
    }  # fmt: skip
    return {name: row.pk for name, row in facts.items()} | {
        "figure": facts["year"].pk, "problem": facts["visit"].problems.get().pk,
        "park": jr.code, "building": floor.building_id, "floor": floor.pk, "unit": let.pk,
        "lease": lease.pk, "draft": draft.pk, "hold": hold.pk, "closure": closure.pk,
        "change": change.pk, "tenant": firm.pk,
    }  # fmt: skip


def arguments(name, world):
    app, _, rest = name.rpartition(":")
    if (
        name in ("api:park-detail", "tenants:park-detail", "tenants:park-edit")
        or rest.startswith("park")
        and app == "maps"
    ):
        return {"code": world["park"]}
    if name == "api:indicator-series":
        return {"pk": "occupancy"}
    if name == "tenants:lease-edit":
        return {"pk": world["draft"]}
    kind = rest.split("-")[0]
    if rest in FACTS or rest == "tenant-personal":
        return {"pk": world[kind]}
    single = rest.endswith(("-detail", "-edit")) or rest in (
        "hold-release", "closure-end", "change-cancel", "unit-panel",
    )  # fmt: skip
    acts = {"split", "merge", "close", "renumber", "correct", "hold", "submit", "reject", "sign",
            "hand-over", "terminate", "void", "renew", "amend"}  # fmt: skip
    if single or (app == "tenants" and kind in ("unit", "lease") and rest[len(kind) + 1 :] in acts):
        return {"pk": world[kind]}
    if app == "maps" and kind in ("building", "floor"):
        return {"pk": world[kind]}
    return {}


@pytest.mark.parametrize("person", PEOPLE)
def test_every_address_answers_every_role(world, request, client, person):
    if person != "anonymous":
        client.force_login(request.getfixturevalue(person))
    wrong = {}
    for name, answers in TABLE.items():
        expected = answers[PEOPLE.index(person)]
        got = client.get(reverse(name, kwargs=arguments(name, world))).status_code
        if got != expected:
            wrong[name] = (got, expected)
    assert not wrong
