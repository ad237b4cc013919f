"""What each role finds at the left, in order."""

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parks.notices import unread


@dataclass(frozen=True)
class Entry:
    label: str
    url_name: str
    icon: str
    permission: str = ""
    #: Addresses elsewhere that belong here too, as a pattern.
    also: str = ""
    #: Shown below this entry once one is in its part of the product.
    below: str = ""


ENTRIES = [
    Entry(_("Overview"), "home", "home"),
    Entry(_("Inbox"), "parks:inbox", "inbox", "incubation.view_application"),
    Entry(
        _("Stacking plan"),
        "tenants:stacking-home",
        "stack",
        "parks.view_park",
        also=r"/parks/[^/]+/stacking/",
    ),
    Entry(_("Map"), "maps:district", "map", "maps.view_maps"),
    Entry(_("Parks"), "tenants:park-list", "park", "parks.view_park"),
    Entry(_("Units"), "tenants:unit-list", "unit", "parks.view_park"),
    Entry(
        _("Splits and merges"),
        "tenants:change-list",
        "split",
        "parks.view_park",
        below="tenants:unit-list",
    ),
    Entry(
        _("Asking rents"),
        "tenants:asking-list",
        "tax",
        "tenants.set_asking_rent",
        below="tenants:unit-list",
    ),
    Entry(_("Find space"), "tenants:find-space", "find", "parks.view_park"),
    Entry(_("Leases"), "tenants:lease-list", "lease", "parks.view_park"),
    Entry(_("Holds"), "tenants:hold-list", "hold", "parks.view_park", below="tenants:lease-list"),
    Entry(_("Moves"), "tenants:move-list", "move", "parks.view_park", below="tenants:lease-list"),
    Entry(
        _("Move-outs"),
        "tenants:move-out-list",
        "leave",
        "parks.view_park",
        below="tenants:lease-list",
    ),
    Entry(_("Tenants"), "tenants:tenant-list", "tenant", "parks.view_park"),
    Entry(
        _("Visits"), "tenants:visit-list", "visit", "parks.view_park", below="tenants:tenant-list"
    ),
    Entry(
        _("Claims of firms"),
        "tenants:claim-list",
        "tenant",
        "tenants.confirm_claim",
        below="tenants:tenant-list",
    ),
    Entry(
        _("Fundings"),
        "tenants:funding-list",
        "tax",
        "parks.view_park",
        below="tenants:tenant-list",
    ),
    Entry(
        _("Intellectual property"),
        "tenants:ip-list",
        "rules",
        "parks.view_park",
        below="tenants:tenant-list",
    ),
    Entry(
        _("Mergers and listings"),
        "tenants:corporate-list",
        "graduate",
        "parks.view_park",
        below="tenants:tenant-list",
    ),
    Entry(
        _("Yearly figures"),
        "incubation:figure-list",
        "rules",
        "incubation.view_chain",
        below="tenants:tenant-list",
    ),
    Entry(_("Incubation chain"), "incubation:chain", "chain", "incubation.view_chain"),
    Entry(_("Carriers"), "incubation:carrier-list", "carrier", "incubation.view_chain"),
    Entry(
        _("Readiness"),
        "incubation:readiness",
        "carrier",
        "incubation.view_chain",
        below="incubation:carrier-list",
        also=r"/carriers/\d+/readiness/",
    ),
    Entry(
        _("Mentors"),
        "incubation:mentor-list",
        "mentor",
        "incubation.view_chain",
        below="incubation:carrier-list",
    ),
    Entry(
        _("Events"),
        "incubation:event-list",
        "event",
        "incubation.view_chain",
        below="incubation:carrier-list",
    ),
    Entry(
        _("Tax months"),
        "incubation:tax-months",
        "tax",
        "incubation.view_chain",
        below="incubation:carrier-list",
    ),
    Entry(_("Waiting list"), "incubation:waiting-list", "queue", "incubation.view_chain"),
    Entry(
        _("Allocations"),
        "incubation:allocation-list",
        "queue",
        "incubation.view_chain",
        below="incubation:waiting-list",
    ),
    Entry(
        _("Log of offers"),
        "incubation:offer-log",
        "audit",
        "incubation.view_chain",
        below="incubation:waiting-list",
    ),
    Entry(_("Applications"), "incubation:application-list", "inbox", "incubation.view_application"),
    Entry(
        _("Reviewers"),
        "incubation:reviewer-list",
        "mentor",
        "incubation.change_reviewers",
        below="incubation:application-list",
    ),
    Entry(
        _("Scoring sheets"),
        "incubation:sheet-list",
        "rules",
        "incubation.change_reviewers",
        below="incubation:application-list",
    ),
    Entry(
        _("Calls"),
        "incubation:call-list",
        "event",
        "incubation.view_application",
        below="incubation:application-list",
        also=r"/carriers/\d+/(intake|call)/",
    ),
    Entry(
        _("Public notices"),
        "incubation:announcements",
        "search",
        below="incubation:application-list",
    ),
    Entry(_("My reviews"), "incubation:reviewing", "rules", "incubation.review_application"),
    Entry(_("Residencies"), "incubation:residency-list", "residency", "incubation.view_chain"),
    Entry(
        _("Due and over-stay"),
        "incubation:residency-due",
        "due",
        "incubation.view_chain",
        below="incubation:residency-list",
    ),
    Entry(
        _("Graduation"),
        "incubation:graduation",
        "graduate",
        "incubation.view_chain",
        below="incubation:residency-list",
    ),
    Entry(
        _("Reviews"),
        "incubation:review-list",
        "graduate",
        "incubation.view_chain",
        below="incubation:residency-list",
    ),
    Entry(
        _("Follow-ups"),
        "incubation:follow-up-list",
        "visit",
        "incubation.view_chain",
        below="incubation:residency-list",
    ),
    Entry(_("Rules"), "incubation:rule-list", "rules", "incubation.view_chain"),
    Entry(
        _("Metrics"),
        "incubation:metric-list",
        "rules",
        "incubation.view_chain",
        below="incubation:rule-list",
    ),
    Entry(_("Import and export"), "maps:files", "upload", "maps.export_geo"),
    Entry(_("Apply for space"), "incubation:apply", "apply", "incubation.apply"),
    Entry(_("My space"), "tenants:my-space", "unit", "tenants.view_lease"),
    Entry(_("Yearly figures"), "incubation:my-figures", "rules", "tenants.hand_in_figures"),
    Entry(_("Problems I reported"), "tenants:my-problems", "visit", "tenants.report_problem"),
    Entry(_("Vacant space"), "maps:vacancies", "search"),
    Entry(_("Audit trail"), "tenants:audit-list", "audit", "parks.view_audit"),
]


#: For those who stand outside the parks; an administrator, who may all, has no firm.
OWN = {"tenants:my-space", "tenants:my-problems", "incubation:my-figures"}


def navigation(user, path, today) -> list[dict]:
    """The entries ``user`` may open, each with ``label``, ``url``, ``icon``, ``current`` and ``count``.

    ``below``: it stands under the entry before it, and only while one is in that part.
    """
    allowed = [(entry, url) for entry in ENTRIES if (url := _address(entry, user))]
    fits = [
        (len(url), entry.url_name) for entry, url in allowed
        if path == url or (url != "/" and path.startswith(url))
    ]  # fmt: skip
    fits += [(len(path), e.url_name) for e, _url in allowed if e.also and re.match(e.also, path)]
    current = max(fits, default=(0, ""))[1]
    part = next((e.below for e, _url in allowed if e.url_name == current and e.below), current)
    return [
        {"label": entry.label, "url": url, "icon": entry.icon, "below": bool(entry.below),
         "current": entry.url_name == current}
        | ({"count": unread(user, today)} if entry.url_name == "parks:inbox" else {})
        for entry, url in allowed
        if not entry.below or entry.below == part
    ]  # fmt: skip


def _address(entry, user) -> str:
    """An empty text where ``user`` has no business."""
    if entry.permission and not user.has_perm(entry.permission):
        return ""
    if entry.url_name in OWN and user.has_perm("parks.view_park"):
        return ""
    if entry.url_name == "incubation:application-list" and _only_reviews(user):
        return ""
    return reverse(entry.url_name)


def _only_reviews(user) -> bool:
    """Such a person finds what it is asked about among its reviews, and no application elsewhere."""
    return user.has_perm("incubation.review_application") and not (
        user.has_perm("parks.view_park") or user.has_perm("incubation.apply")
    )
