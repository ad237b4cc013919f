"""The acts of letting. Every door (page, API, import, command) calls these."""

from tenants.services.documents import add_document, remove_document
from tenants.services.endings import hand_over_lease, terminate_lease, void_lease
from tenants.services.holds import hold_unit, release_hold
from tenants.services.leases import (
    LineTerms,
    amend_lease,
    draft_lease,
    redraft_lease,
    reject_lease,
    renew_lease,
    sign_lease,
    submit_lease,
)
from tenants.services.move_out import ask_surrender, take_step
from tenants.services.renewals import preview_renewals, renew_leases
from tenants.services.tenants import correct_tenant, create_tenant

__all__ = [
    "LineTerms",
    "add_document",
    "amend_lease",
    "ask_surrender",
    "correct_tenant",
    "create_tenant",
    "draft_lease",
    "hand_over_lease",
    "hold_unit",
    "preview_renewals",
    "redraft_lease",
    "reject_lease",
    "release_hold",
    "remove_document",
    "renew_lease",
    "renew_leases",
    "sign_lease",
    "submit_lease",
    "take_step",
    "terminate_lease",
    "void_lease",
]
