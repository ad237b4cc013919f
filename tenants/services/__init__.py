"""The acts of letting. Every door (page, API, import, command) calls these."""

from tenants.services.documents import add_document, remove_document
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
from tenants.services.move_out import ask_surrender, take_step
from tenants.services.moves import Step, cancel_moves, plan_moves, preview_moves
from tenants.services.renewals import preview_renewals, renew_leases
from tenants.services.tenants import correct_tenant, create_tenant, create_tenants

__all__ = [
    "LeaseDraft",
    "LineTerms",
    "Step",
    "add_document",
    "amend_lease",
    "ask_surrender",
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
    "preview_renewals",
    "redraft_lease",
    "reject_lease",
    "release_hold",
    "remove_document",
    "renew_lease",
    "renew_leases",
    "sign_lease",
    "sign_leases",
    "submit_lease",
    "take_step",
    "terminate_lease",
    "void_lease",
]
