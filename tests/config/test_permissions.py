"""Every address × every role. An address that is not in the table fails the test."""

import json
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from incubation import services as incubation
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from incubation.services import load_rule_sets
from maps.geo.uploads import receive
from parks import services as space
from tenants import services as letting
from tenants.ledger import jobs
from tests.factories import NOBODY, make_draft, make_floor, make_lease, make_tenant, make_unit
from tests.factories.applications import make_application, make_reviewer, take
from tests.factories.incubation import make_carrier, make_residency
from tests.tenants.ledger.handmade import ledger_workbook

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
#: Acts of the bureau on what its operator may not decide.
BUREAU = (302, 403, 403, 403, 403, 403, 200, 200)
#: Acts of an applicant on its own application.
APPLICANT = (302, 403, 403, 200, 403, 403, 403, 200)
#: What a firm does itself; an administrator belongs to none.
STARTUPS = (302, 403, 403, 200, 403, 403, 403, 200)
OWN_FIRM = (302, 403, 403, 200, 403, 403, 403, 404)
ADMIN = (302, 403, 403, 403, 403, 403, 403, 200)
#: Acts on a tenant, and on what is known of it.
FACTS = (
    "tenant-rename", "tenant-person", "tenant-qualification", "tenant-figures", "tenant-visit",
    "tenant-merge", "person-edit", "person-remove", "qualification-edit", "qualification-remove",
    "figure-edit", "figure-confirm", "figure-ask", "visit-edit", "visit-problem", "problem-edit",
    "tenant-funding", "tenant-ip", "tenant-corporate", "funding-edit", "funding-remove",
    "ip-edit", "ip-remove", "corporate-edit", "corporate-remove",
)  # fmt: skip
#: Acts on one residency.
RESIDENCY_ACTS = ("extend", "transfer", "advance", "leave", "reopen", "correct", "withdraw")
TABLE = {
    "home": (302, 200, 302, 200, 200, 200, 200, 200), "search": LOGGED_IN,
    "healthz": EVERYBODY, "login": EVERYBODY,
    "password_change": LOGGED_IN, "password_change_done": LOGGED_IN,
    "logout": (405,) * 8, "set_language": (302,) * 8,
    "parks:inbox": LOGGED_IN, "parks:inbox-mark": (302,) + (405,) * 7,
    "parks:notice-settings": LOGGED_IN, "tenants:calendar": (404,) * 8,
    "tenants:task-list": PARK_STAFF, "tenants:problem-list": PARK_STAFF,
    "tenants:park-settings": OWN_OPERATOR,
    "api:task-list": (401, 403, 403, 403, 200, 200, 200, 200),
    "api:notice-list": (401,) + (200,) * 7, "api:search-list": (401,) + (200,) * 7,
    "incubation:rule-list": PARK_STAFF, "incubation:metric-list": PARK_STAFF,
    "incubation:rule-detail": PARK_STAFF,
    "api:rule-set-list": (401, 403, 403, 403, 200, 200, 200, 200),
    "api:rule-set-detail": (401, 403, 403, 403, 200, 200, 200, 200),
    "incubation:rule-edit": (302, 403, 403, 403, 403, 403, 200, 200),
    "incubation:readiness": PARK_STAFF, "incubation:carrier-readiness": ONE_PARK,
    "api:carrier-readiness": (401, 403, 403, 403, 404, 200, 200, 200),
    "incubation:chain": PARK_STAFF, "incubation:chain-rows": PARK_STAFF,
    **dict.fromkeys(
        [f"incubation:{name}" for name in ("carrier-list", "mentor-list", "event-list", "tax-months")],
        PARK_STAFF,
    ),
    "incubation:tax-month-rows": (302, 403, 403, 403, 404, 404, 404, 404),
    "incubation:carrier-new": OPERATORS,
    **dict.fromkeys(
        [f"incubation:{name}-detail" for name in ("carrier", "mentor", "event")], ONE_PARK
    ),
    **{f"incubation:carrier-{act}": OWN_OPERATOR for act in
       ("edit", "change", "close", "assign", "release", "year", "mentor", "event", "year-edit",
        "change-report")},
    **{f"incubation:{act}": BUREAU for act in
       ("carrier-recognise", "carrier-grade", "recognition-end", "grade-edit")},
    **{f"incubation:mentor-{act}": OWN_OPERATOR for act in ("edit", "end", "pair", "session")},
    **{f"incubation:event-{act}": OWN_OPERATOR for act in ("edit", "attendance", "remove")},
    "incubation:pairing-end": OWN_OPERATOR, "incubation:session-remove": OWN_OPERATOR,
    "api:residency-list": (401, 403, 403, 200, 200, 200, 200, 200),
    "api:residency-detail": (401, 403, 403, 200, 404, 200, 200, 200),
    "incubation:residency-list": PARK_STAFF, "incubation:residency-due": PARK_STAFF,
    "incubation:carrier-search": PARK_STAFF,
    **{f"incubation:residency-{act}": OPERATORS for act in ("new", "bulk-extend", "bulk-leave")},
    "incubation:residency-detail": (302, 403, 403, 200, 404, 200, 200, 200),
    **{f"incubation:residency-{act}": OWN_OPERATOR for act in RESIDENCY_ACTS},
    "tenants:park-list": PARK_STAFF, "tenants:park-detail": ONE_PARK,
    "tenants:stacking-home": (302, 403, 403, 403, 302, 302, 302, 302),
    "tenants:stacking": ONE_PARK, "tenants:stacking-panel": ONE_PARK,
    "api:park-stacking": (401, 403, 403, 403, 404, 200, 200, 200),
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
    **{f"tenants:lease-{act}": (302, 403, 403, 200, 404, 200, 200, 200)
       for act in ("schedule", "sheet")},
    **{f"tenants:lease-{act}": OWN_OPERATOR for act in ("add-document", "ask-surrender")},
    **dict.fromkeys(
        ["tenants:lease-tenants", "tenants:lease-units", "tenants:lease-bulk-renew"], OPERATORS
    ),
    "tenants:move-out-list": PARK_STAFF,
    **{f"tenants:move-out-{step}": OWN_OPERATOR for step in
       ("inspect", "settle", "return-deposit", "move-address", "vacate")},
    "tenants:document-file": (302, 403, 403, 200, 404, 200, 200, 200),
    "tenants:document-remove": OWN_OPERATOR, "tenants:tenant-add-document": OWN_OPERATOR,
    "tenants:hold-list": PARK_STAFF, "tenants:hold-release": OWN_OPERATOR,
    "tenants:my-problems": STARTUPS, "tenants:my-problem-new": OWN_FIRM,
    "incubation:my-figures": STARTUPS, "incubation:figures-hand-in": OWN_FIRM,
    "incubation:figure-list": PARK_STAFF, "incubation:figures-confirm": OPERATORS,
    "tenants:my-space": (302, 403, 403, 200, 200, 200, 200, 200),
    "tenants:tenant-list": PARK_STAFF, "tenants:tenant-new": OPERATORS,
    "tenants:tenant-detail": (302, 403, 403, 200, 404, 200, 200, 200),
    "tenants:tenant-edit": OWN_OPERATOR,
    **{f"tenants:{act}": OWN_OPERATOR for act in FACTS},
    "tenants:tenant-duplicates": OPERATORS, "tenants:visit-list": PARK_STAFF,
    **{f"tenants:{name}-list": PARK_STAFF for name in ("funding", "ip", "corporate")},
    "tenants:tenant-personal": (302, 403, 403, 403, 405, 405, 405, 405),
    "tenants:audit-list": PARK_STAFF,
    **{f"incubation:{name}": PARK_STAFF for name in
       ("graduation", "review-list", "follow-up-list")},
    "incubation:review-open": OPERATORS,
    **{f"incubation:{name}": (302, 403, 403, 200, 404, 200, 200, 200)
       for name in ("review-detail", "residency-evidence")},
    **{f"incubation:{name}": OWN_OPERATOR for name in ("review-revoke", "follow-up", "consent")},
    **{f"api:{name}-list": (401, 403, 403, 403, 200, 200, 200, 200)
       for name in ("carrier", "mentor", "service-event")},
    **{f"api:{name}": (401, 403, 403, 403, 404, 200, 200, 200) for name in
       ("carrier-detail", "carrier-recognitions", "carrier-grades", "carrier-years",
        "carrier-changes", "carrier-spaces", "mentor-detail", "mentor-sessions",
        "service-event-detail")},
    "api:review-list": (401, 403, 403, 200, 200, 200, 200, 200),
    **{f"api:{name}": (401, 403, 403, 200, 404, 200, 200, 200)
       for name in ("review-detail", "residency-evidence")},
    **{f"api:follow-up-{part}": (401, 403, 403, 403, 200, 200, 200, 200)
       for part in ("list", "years")},
    "api:follow-up-detail": (401, 403, 403, 403, 404, 200, 200, 200),
    # accounts
    **{f"tenants:{name}": EVERYBODY for name in
       ("registered", "terms", "terms-version", "forgotten", "forgotten-sent", "new-password")},
    "tenants:register": (200,) + (302,) * 7, "tenants:confirm": (410,) * 8,
    **{f"tenants:{name}": LOGGED_IN for name in
       ("my-account", "my-name", "my-data", "my-data-json", "my-data-zip", "my-account-erase")},
    "tenants:join": (302, 302, 302, 200, 302, 302, 302, 200),
    "tenants:claim-list": PARK_STAFF,
    **{f"tenants:{name}": ONE_PARK for name in ("claim-accept", "claim-refuse", "member-remove")},
    # writing
    "incubation:apply": APPLICANT, "incubation:apply-compare": APPLICANT,
    **{f"incubation:{name}": (302, 403, 403, 200, 403, 403, 403, 404) for name in
       ("apply-form", "apply-units", "application-withdraw", "application-copy",
        "application-objection")},
    **{f"incubation:application-{name}": (302, 403, 404, 200, 404, 200, 200, 200)
       for name in ("document", "eligibility")},
    # reviewing
    **{f"incubation:{name}": (302, 403, 200, 403, 403, 403, 403, 200)
       for name in ("reviewing", "reviewing-interest-new")},
    **{f"incubation:{name}": (302, 403, 200, 403, 403, 403, 403, 404)
       for name in ("reviewing-review", "reviewing-interest")},
    **{f"incubation:{name}": OWN_OPERATOR
       for name in ("application-assign", "application-review-off")},
    **{f"incubation:{name}": PARK_STAFF for name in (
        "reviewer-list", "reviewer-new", "reviewer-detail", "reviewer-edit", "reviewer-interest",
        "interest-end", "sheet-list", "sheet-new", "sheet-retire",
    )},
    # placing
    **{f"incubation:{name}": (302, 403) + (200,) * 6 for name in ("waiting-list", "offer-log")},
    "incubation:allocation-list": PARK_STAFF, "incubation:allocation-detail": ONE_PARK,
    "incubation:allocation-accept": OWN_OPERATOR,
    "incubation:application-list": (302, 403) + (200,) * 6,
    "incubation:application-detail": (302, 403, 404, 200, 404, 200, 200, 200),
    **{f"incubation:application-{act}": OWN_OPERATOR for act in
       ("check", "decide", "object", "queue")},
    "incubation:carrier-intake": OWN_OPERATOR, "incubation:carrier-call": OWN_OPERATOR,
    "incubation:call-list": (302, 403) + (200,) * 6, "incubation:call-edit": OWN_OPERATOR,
    "incubation:announcements": EVERYBODY,
    "incubation:application-message": (302, 403, 403, 200, 404, 200, 403, 200),
    **{f"incubation:application-{act}": OWN_OPERATOR for act in
       ("offer", "retract", "convert", "move-in", "abandon")},
    **{f"incubation:application-{act}": APPLICANT for act in ("accept", "decline")},
    "tenants:ledger-list": PARK_STAFF, "tenants:ledger-template": PARK_STAFF,
    "tenants:ledger-export": PARK_STAFF,
    **{f"tenants:ledger-{part}": OWN_OPERATOR for part in ("detail", "progress", "marked")},
    "tenants:asking-list": OPERATORS, "tenants:asking-set": (302, 403, 403, 403, 302, 302, 403, 302),
    "tenants:find-space": PARK_STAFF, "tenants:find-contiguous": PARK_STAFF,
    "tenants:move-list": PARK_STAFF, "tenants:move-new": OPERATORS, "tenants:move-pick": OPERATORS,
    "tenants:move-detail": ONE_PARK, "tenants:move-cancel": OWN_OPERATOR,
    "api:unit-contiguous": (401, 403, 403, 403, 400, 400, 400, 400),
    "api:space-list": (401, 403, 403, 403, 200, 200, 200, 200),
    "api:space-detail": (401, 403, 403, 403, 404, 200, 200, 200),
    "api:move-list": (401, 403, 403, 403, 200, 200, 200, 200),
    "api:move-detail": (401, 403, 403, 403, 404, 200, 200, 200),
    **{f"maps:district{part}": PARK_STAFF for part in ("", "-page", "-document", "-data")},
    **{f"maps:park{part}": ONE_PARK for part in ("", "-page", "-document", "-data")},
    **{f"maps:building{part}": ONE_PARK for part in ("", "-page", "-document", "-data")},
    "maps:unit-panel": ONE_PARK, "maps:imdf": OPERATORS,
    **{f"maps:floor-check{part}": OWN_OPERATOR for part in ("", "-document", "-data")},
    "maps:vacant-unit": EVERYBODY,
    **{f"maps:vacancies{part}": EVERYBODY for part in ("", "-document", "-data")},
    "tenants:park-new": ADMIN, "tenants:park-staff": ADMIN,
    "tenants:building-new": OWN_OPERATOR, "tenants:floor-new": OWN_OPERATOR,
    "tenants:floor-edit": OWN_OPERATOR, "tenants:unit-new": OWN_OPERATOR,
    "tenants:outline-set": OWN_OPERATOR,
    "geo-api:geo-file-list": (401, 403, 403, 403, 200, 200, 403, 200),
    "geo-api:geo-file-detail": (401, 403, 403, 403, 404, 200, 403, 200),
    "geo-api:geo-file-export": (401, 403, 403, 403, 200, 200, 200, 200),
    "maps:files": PARK_STAFF, "maps:geo-files": OPERATORS, "maps:geo-export": PARK_STAFF,
    **{f"maps:geo-file{part}": OWN_OPERATOR for part in ("", "-document", "-data")},
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
    "api:year-figure-list": (401, 403, 403, 200, 200, 200, 200, 200),
    **{f"api:{name}-list": (401, 403, 403, 200, 200, 200, 200, 200)
       for name in ("funding", "intellectual-property", "corporate-event")},
    **{f"api:{name}-{part}": (401, 403, 403, 200, 404, 200, 200, 200)
       for name in ("qualification", "year-figure", "funding", "intellectual-property",
                    "corporate-event")
       for part in ("detail", "history")},
    "api:visit-list": (401, 403, 403, 403, 200, 200, 200, 200),
    "api:visit-detail": (401, 403, 403, 403, 404, 200, 200, 200),
    "api:lease-list": (401, 403, 403, 200, 200, 200, 200, 200),
    "api:lease-detail": (401, 403, 403, 200, 404, 200, 200, 200),
    **{f"api:lease-{part}": (401, 403, 403, 200, 404, 200, 200, 200)
       for part in ("schedule", "documents", "move-out")},
    "api:hold-list": (401, 403, 403, 200, 200, 200, 200, 200),
    "api:hold-detail": (401, 403, 403, 404, 404, 200, 200, 200),
    "api:upload-list": (401, 403, 403, 403, 200, 200, 403, 200),
    "api:upload-detail": (401, 403, 403, 403, 404, 200, 403, 200),
    "api:upload-marked": (401, 403, 403, 403, 404, 200, 403, 200),
    "api:upload-export": (401, 403, 403, 403, 200, 200, 200, 200),
    "api:upload-template": (401, 403, 403, 403, 200, 200, 200, 200),
    **{f"api:application-{part}": (401, 403) + (200,) * 6 for part in ("list", "carriers")},
    **{f"api:application-{part}": (401, 403, 404, 200, 404, 200, 200, 200)
       for part in ("detail", "documents", "document", "messages", "eligibility", "waiting",
                    "offers", "road")},
    "api:carrier-intake": (401, 403) + (200,) * 6,
    "api:application-carrier-eligibility": (401, 403, 403, 200, 403, 403, 403, 400),
    "api:announcement-list": EVERYBODY,
    **{f"api:{name}": (401,) + (200,) * 7 for name in ("account", "account-data")},
    **{f"api:vacancy-{part}": (200,) * 8 for part in ("list", "detail")},
    "api:application-units": (401, 403, 404, 200, 404, 200, 200, 200),
    "api:application-sheet": (401, 403) + (404,) * 6,
    "api:application-reviewers": (401, 403, 403, 403, 404, 200, 403, 200),
    **{f"api:{name}": (401, 403, 403) + (200,) * 5 for name in ("problem-list", "year-figure-owed")},
    "api:problem-detail": (401, 403, 403, 404, 404, 200, 200, 200),
    **{f"api:call-{part}": (401, 403) + (200,) * 6 for part in ("list", "detail")},
    "api:indicator-list": (401, 403, 403, 403, 200, 200, 200, 200),
    "api:indicator-series": (401, 403, 403, 403, 200, 200, 200, 200),
}  # fmt: skip
#: Acts of the API answer POST only; their permissions are tested where the acts are.
POST_ONLY = {
    *(f"api:residency-{act}" for act in
      ("extend", "transfer", "advance", "leave", "reopen", "withdraw")),
    "tenants:paper-discard",
    "incubation:allocation-again",
    "incubation:apply-start", "incubation:apply-paper-add", "incubation:apply-paper-remove",
    "tenants:ledger-act", "api:upload-apply", "api:upload-undo", "api:upload-discard",
    "maps:geo-file-apply", "maps:geo-file-discard", "geo-api:geo-file-apply",
    "geo-api:geo-file-discard",
    "api:unit-split", "api:unit-merge", "api:unit-close", "api:lease-sign", "api:lease-submit",
    "api:lease-reject", "api:lease-hand-over", "api:lease-terminate", "api:lease-void",
    "api:lease-renew", "api:lease-amend", "api:hold-release", "api:notice-read",
    "api:account-join", "api:account-erase",
    "api:move-preview", "api:move-cancel",
    "api:lease-bulk-renew",
    "api:tenant-rename", "api:tenant-merge",
    "api:qualification-remove", "api:funding-remove", "api:intellectual-property-remove",
    "api:corporate-event-remove",
    "api:carrier-end-recognition", "api:carrier-report", "api:carrier-close", "api:carrier-release",
    "api:mentor-end", "api:mentor-pair", "api:service-event-remove",
    "api:review-decide", "api:review-revoke", "api:residency-graduate",
    *(f"api:year-figure-{act}" for act in ("hand-in", "confirm", "ask-again")),
    *(f"api:application-{act}" for act in
      ("submit", "withdraw", "copy", "accept", "decline", "objection", "return", "accept-form", "refuse-form",
       "assign", "decide", "object", "queue", "hold", "retract", "convert", "move-in", "abandon",
       "score", "declare-interest")),
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
def world(media, jr, ld, startup, operator, operator2, bureau, reviewer, stranger, admin):
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
    move_out = letting.ask_surrender(
        lease=lease, on=date(2026, 1, 1), today=date(2026, 1, 1), by=NOBODY
    )
    paper = letting.add_document(
        lease=lease, file=SimpleUploadedFile("a.txt", b"a"), at=timezone.now(), by=NOBODY
    )
    rules = load_rule_sets(read_files(shipped(), METRICS), by=None, at=timezone.now())
    made = ledger_workbook([jr], on=date(2026, 1, 1))
    ledger = jobs.hand_in(made, name="台账.xlsx", park=jr, on=date(2026, 1, 1), by=None,
                          at=timezone.now())  # fmt: skip
    moving = make_lease(units=[make_unit(floor=floor, number="505")], **days)
    plan = letting.plan_moves(park=jr, steps=[letting.Step(before=moving)], on=date(2026, 1, 1),
                              effective_on=date(2038, 1, 1), by=NOBODY)  # fmt: skip
    free = make_unit(floor=floor, number="506")
    facts = {
        "person": letting.add_person(tenant=firm, name="甲", by=NOBODY),
        "qualification": letting.record_qualification(
            tenant=firm, kind="high_tech", start=date(2025, 1, 1), by=NOBODY),
        "year": letting.record_figure(tenant=firm, year=2025, by=NOBODY),
        "visit": letting.record_visit(tenant=firm, on=date(2025, 1, 1), visitor="甲",
                                      subject="走访", problems=[{"text": "乙"}], by=NOBODY),
        "funding": letting.record_funding(tenant=firm, kind="angel", on=date(2025, 1, 1), amount=1,
                                          number="1", by=NOBODY),
        "ip": letting.record_intellectual_property(
            tenant=firm, kind="software", title="甲", number="1", applied_on=date(2025, 1, 1),
            by=NOBODY),
        "corporate": letting.record_corporate_event(
            tenant=firm, kind="listed", on=date(2025, 1, 1), number="1", by=NOBODY),
    }  # fmt: skip
    facts["intellectual"] = facts["ip"]
    residency = make_residency(carrier=make_carrier(park=jr), tenant=firm)
    application = make_application(tenant=firm, carrier=make_carrier(park=jr))
    application_paper = incubation.add_paper(
        application=application, file=SimpleUploadedFile("a.pdf", b"%PDF-1.7"), by=NOBODY,
        at=timezone.now(), on=date(2026, 6, 1),
    )  # fmt: skip
    take(application, "submit")
    call = incubation.open_call(carrier=application.carrier, name="批次", by=NOBODY,
                                opens_on=date(2026, 1, 1), closes_on=date(2026, 2, 1))  # fmt: skip
    draft_application = make_application(tenant=firm, carrier=make_carrier(park=jr))
    return {name: row.pk for name, row in facts.items()} | {
        "residency": residency.pk, "application": application.pk,
        "call": call.pk, "apply": draft_application.pk, "application_paper": application_paper.pk,
        "move_out": move_out.pk, "move": plan.pk, "space": free.pk, "vacancy": free.pk, "document": paper.pk,
        "figure": facts["year"].pk, "problem": facts["visit"].problems.get().pk,
        "park": jr.code, "building": floor.building_id, "floor": floor.pk, "unit": let.pk,
        "vacant": make_unit(floor=floor, number="507").pk,
        "lease": lease.pk, "draft": draft.pk, "hold": hold.pk, "closure": closure.pk,
        "change": change.pk, "tenant": firm.pk, "ledger": ledger.pk, "upload": ledger.pk,
        "claim": letting.claim_tenant(user=stranger, tenant=firm, note="", at=timezone.now()).pk,
        "member": startup.pk, "geo": geo_file(jr).pk, "chain": chain_rows(jr, firm), "rule": rules[0].pk,
    } | graduations(residency) | reviewed(firm, jr, reviewer)  # fmt: skip


def reviewed(firm, park, user):
    """An application in review that ``user`` is asked to score."""
    incubation.load_score_sheets()
    today = timezone.localdate()
    application = make_application(tenant=firm, carrier=make_carrier(park=park), on=today)
    take(application, "submit", "accept_form", on=today)
    (row,) = incubation.assign_reviewers(
        application=application, reviewers=[make_reviewer("丙", user=user)], by=NOBODY,
        at=timezone.now(), on=today,
    )  # fmt: skip
    interest = incubation.declare_interest(
        reviewer=row.reviewer, organisation="丁", kind="other", source="known", start=today, by=NOBODY,
        at=timezone.now(),
    )  # fmt: skip
    return {"in_review": application.pk, "review_asked": row.pk, "reviewer": row.reviewer_id,
            "interest": interest.pk, "sheet": row.sheet_id}  # fmt: skip


def graduations(open_):
    """``open_`` under review, and beside it a graduate with a follow-up."""
    graduate = incubation.leave_carrier(
        residency=make_residency(carrier=open_.carrier), left_on=date(2025, 1, 1), outcome="graduated",
        destination="own_site", by=NOBODY,
    )  # fmt: skip
    review = incubation.open_review(
        residency=open_, on=date(2026, 1, 1), at=datetime(2026, 1, 1, tzinfo=UTC), by=NOBODY
    )
    follow_up = incubation.record_follow_up(
        residency=graduate, year=1, recorded_on=date(2026, 1, 1), by=NOBODY, in_existence=True
    )
    return {"under_review": open_.pk, "review": review.pk, "graduate": graduate.pk,
            "follow_up": follow_up.pk}  # fmt: skip


def chain_rows(park, firm):
    """A carrier of the park with a row of everything, by the first words of their addresses."""
    made = {"carrier": make_carrier(park=park)}
    carrier = made["carrier"]
    incubation.assign_spaces(carrier=carrier, units=[make_unit(park=park)], purpose="tenants",
                        start=date(2020, 1, 1), by=NOBODY)  # fmt: skip
    fields = {"carrier": carrier, "by": NOBODY}
    mentor = incubation.add_mentor(name="甲", start=date(2020, 1, 1), **fields)
    of_mentor = {"mentor": mentor, "tenant": firm, "by": NOBODY}
    made |= {
        "recognition": incubation.record_recognition(level="city", start=date(2020, 1, 1), **fields),
        "grade": incubation.record_grade(level="city", year=2024, grade="B", **fields),
        "carrier-year": incubation.record_carrier_year(year=2024, **fields),
        "carrier-change": incubation.change_carrier(
            what="name", after="乙", effective_on=date(2021, 1, 1), on=date(2026, 1, 1), **fields),
        "mentor": mentor,
        "pairing": incubation.pair_mentor(start=date(2020, 1, 1), **of_mentor),
        "session": incubation.record_session(on=date(2020, 1, 1), minutes=60, subject="甲", **of_mentor),
        "event": incubation.record_event(on=date(2020, 1, 1), title="路演", **fields),
    }  # fmt: skip
    made["allocation"] = incubation.propose_allocation(
        park=park, by=NOBODY, at=datetime(2026, 6, 1, tzinfo=UTC), on=date(2026, 6, 1)
    )
    made["service-event"] = made["event"]
    return {name: row.pk for name, row in made.items()}


def of_chain(rest, rows):
    """The key of the row an address of the chain is about; the longest of the words that fits."""
    fits = [name for name in rows if rest.startswith(f"{name}-")]
    lists = rest.endswith(("-list", "-new", "-search"))
    return {"pk": rows[max(fits, key=len)]} if fits and not lists else {}


def geo_file(park):
    """A file of outlines handed in for ``park``, not decided on."""
    text = {"type": "FeatureCollection", "features": []}
    file = SimpleUploadedFile("buildings.geojson", json.dumps(text).encode())
    days = {"at": datetime(2026, 1, 1, tzinfo=UTC), "on": date(2026, 1, 1)}
    return receive(file, park=park, layer="buildings", by=None, **days)


#: Which key of the world the making of something below it takes.
BELOW = {
    "maps:vacant-unit": "vacant",
    "tenants:floor-new": "building",
    "tenants:unit-new": "floor",
    "tenants:floor-edit": "floor",
}


#: What the addresses of graduation are about.
GRADUATION = {
    "incubation:review-detail": "review", "incubation:review-revoke": "review",
    "incubation:residency-evidence": "under_review", "api:residency-evidence": "under_review",
    "incubation:follow-up": "graduate", "incubation:consent": "graduate",
    "api:review-detail": "review", "api:follow-up-detail": "follow_up",
}  # fmt: skip


def arguments(name, world):
    app, _, rest = name.rpartition(":")
    if name in ("tenants:park-staff", "tenants:building-new"):
        return {"code": world["park"]}
    if app in ("incubation", "api") and (found := of_chain(rest, world["chain"])):
        return found
    if name in BELOW:
        return {"pk": world[BELOW[name]]}
    if name == "tenants:outline-set":
        return {"kind": "floors", "pk": world["floor"]}
    if rest in ("geo-file", "geo-file-document", "geo-file-data") or name.endswith(
        "geo-file-detail"
    ):
        return {"pk": world["geo"]}
    if (
        name
        in ("api:park-detail", "tenants:park-detail", "tenants:park-edit", "tenants:park-settings")
        or rest.startswith("park")
        and app == "maps"
    ):
        return {"code": world["park"]}
    if rest == "application-carrier-eligibility":
        return {"carrier": world["chain"]["carrier"]}
    if rest == "carrier-readiness":
        return {"pk": world["chain"]["carrier"]}
    if name.startswith("incubation:rule-") and name != "incubation:rule-list":
        return {"code": "graduate"}
    if name == "tenants:terms-version":
        return {"version": "2026-11"}
    if name == "tenants:confirm":
        return {"pk": 1, "token": "a-b"}
    if name == "tenants:new-password":
        return {"uidb64": "MQ", "token": "a-b"}
    if name in ("tenants:claim-accept", "tenants:claim-refuse"):
        return {"pk": world["claim"]}
    if name == "tenants:member-remove":
        return {"pk": world["tenant"], "user": world["member"]}
    if name == "tenants:task-list":
        return {"key": "ending-last"}
    if name == "tenants:calendar":
        return {"token": "nobodys"}
    if name == "api:indicator-series":
        return {"pk": "occupancy"}
    if rest.startswith(("stacking", "park-stacking")) and rest != "stacking-home":
        unit = {"pk": world["unit"]} if rest == "stacking-panel" else {}
        return {"code": world["park"]} | unit
    if name in GRADUATION:
        return {"pk": world[GRADUATION[name]]} | ({"year": 1} if rest == "follow-up" else {})
    if rest == "application-document":
        return {"pk": world["application"], "document": world["application_paper"]}
    if rest in ("reviewing-review", "reviewing-interest"):
        return {"pk": world["review_asked"]}
    if rest in ("reviewer-detail", "reviewer-edit", "reviewer-interest", "interest-end",
                "sheet-retire"):  # fmt: skip
        return {"pk": world[rest.partition("-")[0]]}
    if rest == "application-review-off":
        return {"pk": world["in_review"], "review": world["review_asked"]}
    if rest in ("apply-form", "apply-units"):
        return {"pk": world["apply"]}
    if rest in ("application-list", "application-carriers"):
        return {}
    if rest == "figures-hand-in":
        return {"pk": world["tenant"], "year": 2025}
    if rest.startswith("application-"):
        return {"pk": world["application"]}
    if name == "tenants:lease-edit":
        return {"pk": world["draft"]}
    kind = rest.split("-")[0]
    if rest in {f"residency-{act}" for act in RESIDENCY_ACTS}:
        return {"pk": world["residency"]}
    if rest in FACTS or rest == "tenant-personal":
        return {"pk": world[kind]}
    single = rest.endswith(("-detail", "-edit", "-history")) or rest in (
        "hold-release", "closure-end", "change-cancel", "unit-panel", "move-cancel",
        "ledger-progress", "ledger-marked", "upload-marked",
        "document-file", "document-remove", "tenant-add-document",
    )  # fmt: skip
    acts = {"split", "merge", "close", "renumber", "correct", "hold", "submit", "reject", "sign",
            "hand-over", "terminate", "void", "renew", "amend"}  # fmt: skip
    if rest in ("lease-schedule", "lease-sheet", "lease-add-document", "lease-ask-surrender",
                "lease-documents", "lease-move-out"):  # fmt: skip
        return {"pk": world["lease"]}
    if rest.startswith("move-out-") and rest != "move-out-list":
        return {"pk": world["move_out"]}
    if single or (app == "tenants" and kind in ("unit", "lease") and rest[len(kind) + 1 :] in acts):
        return {"pk": world[kind]}
    if app == "maps" and kind in ("building", "floor"):
        return {"pk": world[kind]}
    return {}


#: Whose pages every engine must answer; who may see them does not depend on it.
ON_BOTH = {"startup", "operator", "bureau"}


@pytest.mark.parametrize(
    "person",
    [name if name in ON_BOTH else pytest.param(name, marks=pytest.mark.once) for name in PEOPLE],
)
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
