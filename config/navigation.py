"""What each role finds at the left, in order."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from parks.notices import unread


@dataclass(frozen=True)
class Entry:
    label: str
    url_name: str
    icon: str
    permission: str = ""


ENTRIES = [
    Entry(_("Overview"), "home", "home"),
    Entry(_("Inbox"), "parks:inbox", "inbox", "tenants.view_lease"),
    Entry(_("Stacking plan"), "tenants:stacking-home", "stack", "parks.view_park"),
    Entry(_("Map"), "maps:district", "map", "maps.view_maps"),
    Entry(_("Parks"), "tenants:park-list", "park", "parks.view_park"),
    Entry(_("Units"), "tenants:unit-list", "unit", "parks.view_park"),
    Entry(_("Find space"), "tenants:find-space", "find", "parks.view_park"),
    Entry(_("Leases"), "tenants:lease-list", "lease", "parks.view_park"),
    Entry(_("Tenants"), "tenants:tenant-list", "tenant", "parks.view_park"),
    Entry(_("Holds"), "tenants:hold-list", "hold", "parks.view_park"),
    Entry(_("Splits and merges"), "tenants:change-list", "split", "parks.view_park"),
    Entry(_("Moves"), "tenants:move-list", "move", "parks.view_park"),
    Entry(_("Import and export"), "maps:files", "upload", "maps.export_geo"),
    Entry(_("My space"), "tenants:my-space", "unit", "tenants.view_lease"),
    Entry(_("Vacant space"), "maps:vacancies", "search"),
    Entry(_("Audit trail"), "tenants:audit-list", "audit", "parks.view_audit"),
]


def navigation(user, path, today) -> list[dict]:
    """The entries ``user`` may open, each with ``label``, ``url``, ``icon``, ``current`` and ``count``."""
    shown = []
    for entry in ENTRIES:
        if entry.permission and not user.has_perm(entry.permission):
            continue
        if entry.url_name == "tenants:my-space" and user.has_perm("parks.view_park"):
            continue
        try:
            url = reverse(entry.url_name)
        except NoReverseMatch:
            continue
        current = path == url or (url != "/" and path.startswith(url))
        shown.append(
            {"label": entry.label, "url": url, "icon": entry.icon, "current": current}
            | ({"count": unread(user, today)} if entry.url_name == "parks:inbox" else {})
        )
    return shown
