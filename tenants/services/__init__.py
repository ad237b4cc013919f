"""The acts of letting. Every door (page, API, import, command) calls these."""

from tenants.services.endings import hand_over_lease, hand_over_leases, terminate_lease, void_lease
from tenants.services.holds import hold_unit, release_hold
from tenants.services.leases import (
    LeaseDraft,
    LineTerms,
    amend_lease,
    draft_lease,
    draft_leases,
    redraft_lease,
    reject_lease,
    renew_lease,
    sign_lease,
    sign_leases,
    submit_lease,
)
from tenants.services.moves import Step, cancel_moves, plan_moves, preview_moves
from tenants.services.tenants import correct_tenant, create_tenant, create_tenants

__all__ = [
    "LeaseDraft",
    "LineTerms",
    "Step",
    "amend_lease",
    "cancel_moves",
    "correct_tenant",
    "create_tenant",
    "create_tenants",
    "draft_lease",
    "draft_leases",
    "hand_over_lease",
    "hand_over_leases",
    "hold_unit",
    "plan_moves",
    "preview_moves",
    "redraft_lease",
    "reject_lease",
    "release_hold",
    "renew_lease",
    "sign_lease",
    "sign_leases",
    "submit_lease",
    "terminate_lease",
    "void_lease",
]
