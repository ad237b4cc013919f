"""What the rules of letting refuse, with a stable code each."""

from parks.errors import RuleViolation
from tenants.uscc import CheckDigitFails, InvalidCode


class LeaseOverlap(RuleViolation):
    code = "lease_overlap"


class HoldOverlap(RuleViolation):
    code = "hold_overlap"


class UnitHeld(RuleViolation):
    """Someone else holds the unit on these days."""

    code = "unit_held"


class UnitClosed(RuleViolation):
    code = "unit_closed"


class LeaseState(RuleViolation):
    """The lease is not in a state for this act."""

    code = "lease_state"


class LeaseEmpty(RuleViolation):
    code = "lease_empty"


class TermTooLong(RuleViolation):
    """More than twenty years (民法典 705)."""

    code = "term_too_long"


class WrongPark(RuleViolation):
    """All units of a lease lie in the lease's park."""

    code = "wrong_park"


class FiguresConfirmed(RuleViolation):
    """The figures of the year are confirmed; only the park's staff correct them."""

    code = "figures_confirmed"


class FiguresChanged(RuleViolation):
    """The firm handed in other figures than the ones shown."""

    code = "figures_changed"


class TriedTooOften(RuleViolation):
    code = "tried_too_often"


class CodeTaken(RuleViolation):
    code = "uscc_taken"


class StepOutOfOrder(RuleViolation):
    """A step of a move-out before those it needs, or twice."""

    code = "step_out_of_order"


class DepositKept(RuleViolation):
    """More kept of a deposit than there is, or without saying what for."""

    code = "deposit_kept"


class RenewalRefused(RuleViolation):
    """One of many leases cannot be renewed, so none is."""

    code = "renewal_refused"


class MovesRefused(RuleViolation):
    """Several things stand against a plan of moves; each has its message."""

    code = "moves_refused"


class TenantMerged(RuleViolation):
    """The tenant was merged into another one, which goes on in its place."""

    code = "tenant_merged"


class FactTaken(RuleViolation):
    """A qualification of that day or figures of that year are recorded already."""

    code = "already_recorded"


class EvidenceMissing(RuleViolation):
    """A fact that needs a number or a file has neither."""

    code = "evidence_missing"


class DocumentInUse(RuleViolation):
    """The file proves something."""

    code = "document_in_use"


class MergeRefused(RuleViolation):
    """What both records hold cannot belong to one tenant."""

    code = "merge_refused"


class LeaseNumberTaken(RuleViolation):
    code = "lease_number_taken"


class LinkUsed(RuleViolation):
    """A link that works once was used before."""

    code = "link_used"


class AccountNotYours(RuleViolation):
    """Only who registered itself closes its account."""

    code = "account_not_yours"


class EraseRefused(RuleViolation):
    """Somebody must still answer for what runs; each has its message."""

    code = "erase_refused"


class ClaimOpen(RuleViolation):
    """The person belongs to the tenant already, or waits to be confirmed."""

    code = "claim_open"


class ClaimDecided(RuleViolation):
    code = "claim_decided"


__all__ = [
    "AccountNotYours",
    "CheckDigitFails",
    "ClaimDecided",
    "ClaimOpen",
    "CodeTaken",
    "DepositKept",
    "DocumentInUse",
    "EraseRefused",
    "EvidenceMissing",
    "FactTaken",
    "HoldOverlap",
    "InvalidCode",
    "LeaseEmpty",
    "LeaseNumberTaken",
    "LeaseOverlap",
    "LeaseState",
    "LinkUsed",
    "MergeRefused",
    "MovesRefused",
    "RenewalRefused",
    "RuleViolation",
    "StepOutOfOrder",
    "TenantMerged",
    "TermTooLong",
    "UnitClosed",
    "UnitHeld",
    "WrongPark",
]
