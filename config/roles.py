"""THE table: what each role may do. Which rows, ``visible_to`` says; in which state, the service.

A user has a role by being in the group of that name. Source: domain notes §10.
"""

from django.contrib.auth.backends import ModelBackend
from django.utils.translation import gettext_lazy as _

from tenants.models import Account
from tenants.services.accounts import normalised

ROLES = {
    "bureau": {
        "parks.view_park",
        "parks.view_all_parks",
        "parks.view_audit",
        "tenants.view_tenant",
        "tenants.view_lease",
        "tenants.view_money",
        "tenants.view_personal",
        "tenants.export_ledger",
        "maps.view_maps",
        "maps.export_geo",
        "incubation.view_chain",
        "incubation.view_residency",
        "incubation.recognise_carrier",
        "incubation.view_application",
        "incubation.change_reviewers",
        "tenants.confirm_claim",
        "incubation.change_rules",
    },
    "operator": {
        "parks.view_park",
        "parks.change_park",
        "parks.change_unit",
        "parks.view_audit",
        "tenants.view_tenant",
        "tenants.change_tenant",
        "tenants.view_lease",
        "tenants.view_money",
        "tenants.draft_lease",
        "tenants.sign_lease",
        "tenants.terminate_lease",
        "tenants.hold_unit",
        "tenants.set_asking_rent",
        "tenants.view_personal",
        "tenants.merge_tenants",
        "tenants.import_ledger",
        "tenants.export_ledger",
        "maps.view_maps",
        "maps.import_geo",
        "maps.export_geo",
        "incubation.view_chain",
        "incubation.view_residency",
        "incubation.change_carrier",
        "incubation.change_residency",
        "incubation.graduate_tenant",
        "incubation.view_application",
        "incubation.handle_application",
        "incubation.change_reviewers",
        "tenants.confirm_claim",
    },
    "reviewer": {
        "incubation.view_application",
        "incubation.review_application",
    },
    "startup": {
        "tenants.view_lease",
        "tenants.view_tenant",
        "tenants.view_money",
        "incubation.view_residency",
        "incubation.view_application",
        "incubation.apply",
        "tenants.hand_in_figures",
        "tenants.report_problem",
    },
}

ROLE_NAMES = {
    "admin": _("administrator"),
    "bureau": _("bureau staff"),
    "operator": _("park operator"),
    "reviewer": _("reviewer"),
    "startup": _("startup"),
    "none": _("no role"),
}


def roles_of(user) -> list[str]:
    """The user's roles in the order of the table; asked once per request's user."""
    if not hasattr(user, "_roles"):
        names = set(user.groups.values_list("name", flat=True)) if user.pk else set()
        user._roles = [role for role in ROLES if role in names]
    return user._roles


def user_name(text) -> str:
    """The name of the user who logs in with ``text``: a name, or the address of an account."""
    known = (
        Account.objects.filter(address=normalised(text)) if "@" in text else Account.objects.none()
    )
    return known.values_list("user__username", flat=True).first() or text


def name_tried(request, credentials=None) -> str:
    """What failed log-ins are counted by: written otherwise it gives no further attempts."""
    given = credentials or getattr(request, "data", request.POST)
    return normalised(user_name(str(given.get("username") or "")))


class RoleBackend(ModelBackend):
    """Log-in by password; ``user.has_perm`` is answered from the table and from nowhere else."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        return super().authenticate(request, username and user_name(username), password, **kwargs)

    def has_perm(self, user_obj, perm, obj=None):
        return user_obj.is_active and any(perm in ROLES[role] for role in roles_of(user_obj))
