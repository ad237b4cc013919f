"""The acts of incubation. Every door (page, API, import, command) calls these."""

# residencies
from incubation.services.entering import (
    Entry,
    Move,
    admit_tenant,
    admit_tenants,
    advance_residencies,
    advance_residency,
    transfer_residencies,
    transfer_residency,
)
from incubation.services.residencies import (
    Departure,
    Extension,
    correct_residency,
    extend_residencies,
    extend_residency,
    leave_carrier,
    leave_carriers,
    reopen_residency,
)

__all__ = [
    "Departure",
    "Entry",
    "Extension",
    "Move",
    "admit_tenant",
    "admit_tenants",
    "advance_residencies",
    "advance_residency",
    "correct_residency",
    "extend_residencies",
    "extend_residency",
    "leave_carrier",
    "leave_carriers",
    "reopen_residency",
    "transfer_residencies",
    "transfer_residency",
]
