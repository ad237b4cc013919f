"""What must always be true of the chain; importing registers the checks (``parks.invariants``)."""

from incubation.invariants import (
    applications,
    carriers,
    placing,
    residencies,
    reviewing,
    rule_sets,
)

__all__ = ["applications", "carriers", "placing", "residencies", "reviewing", "rule_sets"]
